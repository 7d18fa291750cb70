/**
 * The write side as a process of its own: any number of them on one log, held together by nothing but the revisions that an
 * append expects. Without PostgreSQL it books all the same; trials, imports and what events cause wait for it.
 */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DIRECTORY_STREAM } from '#domain/directory/decide.js';
import { openEventStoreDb } from '#event-store/eventstoredb/store.js';
import { APPEND_OUTCOMES, createHandler } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import { createPostgresProcessStore } from '#event-store/postgres/process-store.js';
import { RETRIED } from '#event-store/process/port.js';
import { createKafkaMessaging } from '#messaging/kafka.js';
import type { ConfigWith } from '#platform/config.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import { createLease } from '#platform/lease.js';
import type { Logger } from '#platform/logging.js';
import { createMetrics, ledgerMetrics, processMetrics } from '#platform/metrics.js';
import { wholeDocument } from '#platform/openapi.js';
import { startable, type Startable } from '#platform/parts.js';
import { attachReadModels } from '#read-model/attached.js';
import { Progress } from '#read-model/projections/progress.js';
import { createAttachments } from './attachments.js';
import { dryRunEffect, type DryRunEffect } from './dry-run.js';
import { LedgerProcessModule } from './ledger-process.module.js';
import { ProcessDesk } from './process-desk.js';
import { SharedProcesses } from './shared-processes.js';
import { sharedUploads } from './shared-uploads.js';
import { startTreasury } from './treasury.js';

export type LedgerConfig = Pick<
  ConfigWith<'DATABASE_URL' | 'EVENTSTORE_URL'>,
  'databaseUrl' | 'eventStoreUrl' | 'publicHosts' | 'actor'
> & {
  /** Without brokers there is no treasury feed. */
  readonly kafkaBrokers?: readonly string[] | undefined;
};

export interface LedgerOptions {
  /** What the process takes for now, UTC ms; the default is the computer's clock. */
  readonly clock?: () => number;
  /** Of the whole system, in place of the one that the build has written. */
  readonly document?: OpenAPIObject;
  /** The log in place of the one that the configuration names. */
  readonly openLog?: () => Promise<EventStore>;
  /** How long a ledger that died keeps the processes from being answered by another, ms. */
  readonly leaseMs?: number;
}

/** Under which the ledgers agree on the one that runs the process manager. */
const LEASE = 'processes';
/** Processes are counted no further: whoever is told of a thousand has enough to do. */
const COUNTED = 1_000;

/** Starts to the application, which answers and may not be ready. */
export function createLedgerProcess(
  config: LedgerConfig,
  logger: Logger,
  options: LedgerOptions = {},
): Startable<NestFastifyApplication> {
  const { databaseUrl: url, eventStoreUrl, kafkaBrokers: brokers, publicHosts } = config;
  const actor = { id: config.actor };
  const { clock = Date.now, leaseMs } = options;
  const telling = (what: string) => (error: unknown) => logger.error({ err: error }, what);
  const openLog =
    options.openLog ??
    (() => openEventStoreDb({ url: eventStoreUrl, clock, mayBeAway: true, onError: telling('event log') }));

  return startable(async ({ started }) => {
    const store = await openLog();
    await started(store, () => store.close());
    const metrics = createMetrics();
    const handler = createHandler({ store, observer: ledgerMetrics(metrics, APPEND_OUTCOMES) });

    const { processes } = createPostgresProcessStore({ url, onError: telling('processes') });
    await started(processes, () => processes.close());
    const shared = new SharedProcesses({
      ...{ store, handler, processes, clock, onError: telling('processes') },
      lease: (duty) =>
        createLease({ url, name: LEASE, ...duty, ...(leaseMs ? { leaseMs } : {}), onError: telling('lease') }),
    });
    await started(shared, () => shared.stop());

    const readModels = attachReadModels({ url, onChange: (why) => logger.info({ why: why?.message }, 'read models') });
    await started(readModels, () => readModels.close());
    const progress = new Progress(readModels.dataSource);
    const effectOnRates = dryRunEffect({ dataSource: readModels.dataSource, handler, store, progress });
    const effect: DryRunEffect = async (...trial) => {
      readModels.require();
      return effectOnRates(...trial);
    };
    const uploads = sharedUploads({ url, onError: telling('uploads') });
    await started(uploads, () => uploads.close());
    const attachments = createAttachments({ url, onError: telling('attachments') });
    await started(attachments, () => attachments.close());

    const messaging = brokers && createKafkaMessaging({ brokers, clientId: 'budget-ledger' });
    if (messaging !== undefined) await started(messaging, () => messaging.close());
    const ending = (error: unknown): void => {
      logger.fatal({ err: error }, 'the broker refuses this process for good; it ends');
      process.exit(3);
    };
    const treasury = await startTreasury(
      { url, handler, actor, logger, registry: metrics, clock, onFatal: ending, ...(messaging && { messaging }) },
      { started },
    );

    const health = new HealthChecks(logger);
    health.add('log', () => store.head(DIRECTORY_STREAM));
    health.add('database', () => processes.place(), { needed: false });
    health.add('read-models', () => readModels.check(), { needed: false });
    health.add('processes', () => shared.check(), { needed: false });
    if (messaging !== undefined) health.add('treasury', () => treasury.check(), { needed: false });
    processMetrics(
      { registry: metrics, onError: telling('metrics') },
      async () => (await processes.list({ states: RETRIED }, { limit: COUNTED })).length,
    );

    const module = LedgerProcessModule.register({
      ledger: { handler, store, actor, effect, attachments, uploads },
      desk: new ProcessDesk(shared, processes, store),
      treasury: treasury.desk,
    });
    const { document = wholeDocument() } = options;
    const app = await createHttpApp(module, {
      ...{ logger, health, metrics, publicHosts },
      ...(document === undefined ? {} : { document }),
    });
    return started(app, () => app.close());
  });
}
