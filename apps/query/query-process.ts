/**
 * The read side as a process of its own: any number of them on read models that projectors fill. It makes and changes no table;
 * until the read models are there in its own layout it answers every read with what it waits for.
 */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DIRECTORY_STREAM } from '#domain/directory/decide.js';
import { openEventStoreDb } from '#event-store/eventstoredb/store.js';
import type { EventStore } from '#event-store/port.js';
import type { ConfigWith } from '#platform/config.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import type { Logger } from '#platform/logging.js';
import { createMetrics } from '#platform/metrics.js';
import { wholeDocument } from '#platform/openapi.js';
import { startable, type Startable } from '#platform/parts.js';
import { attachReadModels, ReadModelsNotThere, type AttachedReadModels } from '#read-model/attached.js';
import { Progress } from '#read-model/projections/progress.js';
import { freshness } from '#read-model/queries/known.js';
import { snapshot } from '#read-model/queries/snapshot.js';
import { QueryModule } from './query.module.js';

export type QueryConfig = Pick<
  ConfigWith<'DATABASE_URL' | 'EVENTSTORE_URL'>,
  'databaseUrl' | 'eventStoreUrl' | 'publicHosts'
>;

export interface QueryOptions {
  /** What the process takes for now, UTC ms; the default is the computer's clock. */
  readonly clock?: () => number;
  /** Of the whole system, in place of the one that the build has written. */
  readonly document?: OpenAPIObject;
  /** The log in place of the one that the configuration names. */
  readonly openLog?: () => Promise<EventStore>;
  /** Between two signs of life on an idle live stream, ms. */
  readonly heartbeatMs?: number;
}

/** Starts to the application, which answers and may not be ready. */
export function createQueryProcess(
  config: QueryConfig,
  logger: Logger,
  options: QueryOptions = {},
): Startable<NestFastifyApplication> {
  const { databaseUrl, eventStoreUrl, publicHosts } = config;
  const { clock = Date.now, heartbeatMs } = options;
  const onError = (error: unknown): void => logger.error({ err: error }, 'event log');
  const openLog = options.openLog ?? (() => openEventStoreDb({ url: eventStoreUrl, clock, mayBeAway: true, onError }));

  return startable(async ({ started }) => {
    const store = await openLog();
    await started(store, () => store.close());
    const readModels = attachReadModels({
      url: databaseUrl,
      onChange: (why) => logger.info({ why: why?.message }, 'read models'),
    });
    await started(readModels, () => readModels.close());

    const health = new HealthChecks(logger);
    health.add('database', () => reachable(readModels));
    health.add('read-models', () => readModels.check());
    health.add('log', () => store.head(DIRECTORY_STREAM), { needed: false });
    health.add('projections', () => upToDate({ readModels, store, clock }), { needed: false });

    const { dataSource } = readModels;
    const parts = { dataSource, store, progress: new Progress(dataSource), clock };
    const { document = wholeDocument() } = options;
    const app = await createHttpApp(
      QueryModule.register({ ...parts, ...(heartbeatMs === undefined ? {} : { heartbeatMs }) }),
      {
        ...{ logger, health, metrics: createMetrics(), publicHosts, gate: () => readModels.require() },
        ...(document === undefined ? {} : { document }),
      },
    );
    return started(app, () => app.close());
  });
}

/** A database in which there are no read models yet is there. */
async function reachable(readModels: AttachedReadModels): Promise<void> {
  await readModels.check().catch((error: unknown) => {
    if (!(error instanceof ReadModelsNotThere)) throw error;
  });
}

/** An event that is not in the read models after this says that they are behind. */
const BEHIND_MS = 30_000;

interface Followed {
  readonly readModels: AttachedReadModels;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly clock: () => number;
}

async function upToDate({ readModels, store, clock }: Followed): Promise<void> {
  readModels.require();
  const { position } = await snapshot(readModels.dataSource, freshness);
  const [next] = await store.readAll(position, 1);
  if (next === undefined || clock() - next.recordedAt < BEHIND_MS) return;
  throw new Error(`event ${next.id} at ${next.position} is not in the read models, which are at ${position}`);
}
