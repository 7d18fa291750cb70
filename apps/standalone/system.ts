/**
 * The whole system in one process: PostgreSQL, log, handler, projections, API. Parts start in the order in which they need
 * each other and stop in the reverse order.
 */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHandler } from '#event-store/handler.js';
import { openPostgresStore } from '#event-store/postgres/store.js';
import type { Config } from '#platform/config.js';
import { startPostgres } from '#platform/embedded-postgres.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import type { Logger } from '#platform/logging.js';
import { createMetrics } from '#platform/metrics.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { loadSample } from './load-sample.js';
import { StandaloneModule } from './standalone.module.js';

export interface System {
  readonly app: NestFastifyApplication;
  stop(): Promise<void>;
}

export interface SystemOptions {
  /** Loads the sample when the log is empty. */
  readonly sample: boolean;
}

export async function startSystem(config: Config, logger: Logger, { sample }: SystemOptions): Promise<System> {
  const stops: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopAll(stops));
  try {
    const url = await database(config, logger, stops);
    const store = await openPostgresStore({
      url,
      onFenced: () => {
        logger.fatal('another process has taken over the log; this one ends');
        process.exit(3);
      },
      onError: (error) => logger.error({ err: error }, 'event log'),
    });
    stops.push(() => store.close());
    if (sample) await loadSample(store, logger);
    const dataSource = await openReadModels(url);
    stops.push(() => dataSource.destroy());
    const projector = await createProjector({ dataSource, log: store });
    const projections = store.subscribe(projector.position, (batch) => projector.handle(batch), {
      batchSize: 1_000,
      onError: (error) => logger.error({ err: error }, 'projections'),
    });
    stops.push(() => projections.stop());
    const health = new HealthChecks(logger);
    health.add('database', () => dataSource.query('SELECT 1'));
    health.add('log', async () => {
      if (store.role !== 'owner') throw new Error(`the log is ${store.role}`);
    });
    const handler = createHandler({ store });
    const actor = { id: config.actor };
    const app = await createHttpApp(StandaloneModule.register({ store, handler, dataSource, projector, actor }), {
      logger,
      health,
      metrics: createMetrics(),
    });
    stops.push(() => app.close());
    return { app, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** URL of the database: the given one, or that of the embedded server, which is stopped last. */
async function database(config: Config, logger: Logger, stops: (() => Promise<void>)[]): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const postgres = await startPostgres({ dataDir: config.dataDir, log: (message) => logger.info(message) });
  stops.push(() => postgres.stop());
  return postgres.url;
}

/** In reverse order; every part is stopped even when one before it failed. Throws the first failure. */
async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of stops.reverse()) {
    await stop().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
