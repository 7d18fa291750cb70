/**
 * The whole system in one process: PostgreSQL, log, handler, projections, API. Parts start in the order in which they need
 * each other and stop in the reverse order.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Envelope } from '#domain/envelope.js';
import { APPEND_OUTCOMES, createHandler, type Handler } from '#event-store/handler.js';
import { openPostgresProcessStore } from '#event-store/postgres/process-store.js';
import { openPostgresStore, type PostgresStore } from '#event-store/postgres/store.js';
import { startProcesses } from '#event-store/process/runner.js';
import type { Config } from '#platform/config.js';
import { requireDiskSpace } from '#platform/disk.js';
import { startPostgres } from '#platform/embedded-postgres.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import type { Logger } from '#platform/logging.js';
import { createMetrics, ledgerMetrics } from '#platform/metrics.js';
import { startable, type Parts, type Startable } from '#platform/parts.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { logProjected } from '#read-model/projections/traced.js';
import type { RebuildStep } from '#read-model/projections/rebuild.js';
import { createAttachments } from '../ledger/attachments.js';
import { answeredHere, ProcessDesk } from '../ledger/process-desk.js';
import { loadSample } from './load-sample.js';
import { measureSystem } from './measured.js';
import { StandaloneModule } from './standalone.module.js';

/** Starts to the application, ready but not listening. */
export type System = Startable<NestFastifyApplication>;

export type SystemConfig = Pick<Config, 'dataDir' | 'databaseUrl' | 'actor'>;

export interface SystemOptions {
  /** Loads the sample when the log is empty. */
  readonly sample: boolean;
  /** What the whole system takes for now, UTC ms; the default is the computer's clock. */
  readonly clock?: () => number;
}

/** Between two batches, so that busy writers share a transaction of the projections; nobody sees a hundredth of a second. */
const GATHER_MS = 10;

/** How often a long catching-up is told of. */
const CATCH_UP_MS = 5_000;

/** How long the log may be another process's before that is said. */
const SAID_AFTER_MS = 1_500;

export function createSystem(config: SystemConfig, logger: Logger, options: SystemOptions): System {
  const { sample, clock = Date.now } = options;
  return startable(async (parts) => {
    const { started } = parts;
    const store = await openLog({ config, logger, clock }, parts);
    if (sample) await loadSample(store, logger);
    const dataSource = await openReadModels(store.url, { log: store, onProgress: telling(logger) });
    await started(dataSource, () => dataSource.destroy());
    const projector = await createProjector({ dataSource, log: store });
    let projected = 0;
    const project = async (batch: readonly Envelope[]) => {
      await projector.handle(batch);
      projected += batch.length;
      logProjected(logger, batch);
      await pause(GATHER_MS);
    };
    const projections = store.subscribe(projector.position, project, {
      batchSize: 1_000,
      onError: (error) => logger.error({ err: error }, 'projections'),
    });
    await started(projections, () => projections.stop());
    // Whoever asks first, the welcome included, must see what the log holds already.
    const end = store.order(await store.settled(clock() - 1));
    while (!(await projector.progress.waitFor(end, CATCH_UP_MS))) {
      logger.info({ position: String(projector.position), end: String(end) }, 'the projections are catching up');
    }
    const health = new HealthChecks(logger);
    health.add('database', () => dataSource.query('SELECT 1'));
    health.add('log', async () => {
      if (store.role !== 'owner') throw new Error(`the log is ${store.role}`);
    });
    if (config.databaseUrl === undefined) health.add('disk', () => requireDiskSpace(config.dataDir));
    const metrics = createMetrics();
    const handler = createHandler({ store, observer: ledgerMetrics(metrics, APPEND_OUTCOMES) });
    const processes = await startDesk({ store, handler, logger }, parts);
    health.add('processes', () => processes.runner.check());
    const attachments = createAttachments({
      url: store.url,
      onError: (error) => logger.error({ err: error }, 'attachments'),
    });
    await started(attachments, () => attachments.close());
    const { desk } = processes;
    const module = {
      ...{ store, handler, dataSource, projector, processes: desk, attachments },
      ...{ actor: { id: config.actor }, clock },
    };
    const onError = (error: unknown) => logger.warn({ err: error }, 'metrics');
    measureSystem({ registry: metrics, onError }, { ...module, projected: () => projected });
    const app = await createHttpApp(StandaloneModule.register(module), { logger, health, metrics });
    return started(app, () => app.close());
  });
}

type Log = PostgresStore & { readonly url: string };

interface DeskParts {
  readonly store: Log;
  readonly handler: Handler;
  readonly logger: Logger;
}

/** What a close causes in the next year goes on where it was when the system stopped. */
async function startDesk({ store, handler, logger }: DeskParts, { started }: Parts) {
  const onError = (error: unknown) => logger.error({ err: error }, 'processes');
  const processes = await openPostgresProcessStore({ url: store.url, onError });
  await started(processes, () => processes.close());
  const runner = await startProcesses({ store, handler, processes, onError });
  await started(runner, () => runner.stop());
  return { runner, desk: new ProcessDesk(answeredHere(runner), processes, store) };
}

interface LogParts {
  readonly config: SystemConfig;
  readonly logger: Logger;
  readonly clock: () => number;
}

/** The log, once this process owns it. Only its owner may stop the embedded server, which others may be using. */
async function openLog({ config, logger, clock }: LogParts, { started }: Parts): Promise<Log> {
  let owner = false;
  let url = config.databaseUrl;
  if (url === undefined) {
    const postgres = await startPostgres({ dataDir: config.dataDir, log: (message) => logger.info(message) });
    url = postgres.url;
    await started(postgres, async () => (owner ? postgres.stop() : postgres.leave()));
  }
  const store = await openPostgresStore({
    url,
    waitForLease: false,
    clock,
    onFenced: () => {
      logger.fatal('another process has taken over the log; this one ends');
      process.exit(3);
    },
    onError: (error) => logger.error({ err: error }, 'event log'),
  });
  await started(store, () => store.close());
  const waiting = setTimeout(
    () => logger.warn('another process uses this data; waiting until it stops. Ctrl-C gives up.'),
    SAID_AFTER_MS,
  );
  await store.owned().finally(() => clearTimeout(waiting));
  owner = true;
  return Object.assign(store, { url });
}

/** Says once for each phase that the read models are being filled for a new layout. */
function telling(logger: Logger): (step: RebuildStep) => void {
  let told: string | undefined;
  return ({ phase }) => {
    if (phase !== told) logger.info({ phase }, 'the read models are filled anew for this version');
    told = phase;
  };
}
