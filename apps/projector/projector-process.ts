/**
 * The projections as a process of their own: as many of them as there are partitions may share the work. Each also serves the
 * maintenance of the read models, whichever is asked. What is not there yet, database, log or broker, is waited for.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DIRECTORY_STREAM } from '#domain/directory/decide.js';
import { openEventStoreDb } from '#event-store/eventstoredb/store.js';
import type { EventStore } from '#event-store/port.js';
import { EVENTS_TOPIC } from '#messaging/event-message.js';
import { SIDE_BY_SIDE } from '#messaging/kafka-consumer.js';
import { createKafkaMessaging } from '#messaging/kafka.js';
import { NoSuchTopic, type Messaging } from '#messaging/port.js';
import type { ConfigWith } from '#platform/config.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import type { Logger } from '#platform/logging.js';
import { LongWork } from '#platform/long-work.js';
import { createMetrics, parkedMetrics, projectorMetrics } from '#platform/metrics.js';
import { wholeDocument } from '#platform/openapi.js';
import { startable, type Startable } from '#platform/parts.js';
import { Problem } from '#platform/problem.js';
import { endFor } from '#platform/run.js';
import { createReadDataSource, prepareReadModels } from '#read-model/data-source.js';
import { NewerLayout } from '#read-model/layout.js';
import { loggedTime } from '#read-model/projections/logged-time.js';
import { OtherDelivery, partitionNamed, preparePartitions } from '#read-model/projections/partitions.js';
import { createProjector } from '#read-model/projections/projector.js';
import { OtherLog, requireSameLog } from '#read-model/projections/same-log.js';
import { logProjected } from '#read-model/projections/traced.js';
import { NoSuchPartition } from '#read-model/projections/transaction.js';
import { parkedStreams } from '#read-model/queries/parked.js';
import { storedClockSteps } from './clock-steps.js';
import { isPassing } from './failures.js';
import { MaintenanceModule } from './maintenance.module.js';
import { Member, PROJECTIONS_GROUP, topicPartitions } from './member.js';

export type ProjectorConfig = Pick<
  ConfigWith<'DATABASE_URL' | 'EVENTSTORE_URL' | 'KAFKA_BROKERS'>,
  'databaseUrl' | 'eventStoreUrl' | 'kafkaBrokers' | 'kafkaPartitions' | 'publicHosts'
>;

export interface ProjectorProcessOptions {
  /** What the process takes for now, UTC ms; the default is the computer's clock. */
  readonly clock?: () => number;
  /** The log in place of the one that the configuration names. */
  readonly openLog?: () => Promise<EventStore>;
  /** The broker in place of the ones that the configuration names. */
  readonly openMessaging?: () => Messaging;
  /** Where events arrive, and under which name the processes share them. */
  readonly topic?: string;
  readonly group?: string;
  /** The description of the whole system that is served in place of the one that is kept. */
  readonly document?: OpenAPIObject;
  /** In place of ending the process. */
  readonly onFatal?: (error: unknown) => void;
}

/** An event that is not in the read models after this says that they are behind. */
const BEHIND_MS = 30_000;
/** Connections beside those, at most as many as are handled side by side, on which partitions are written. */
const OTHERS = 6;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Starts to the application, which answers and may not be ready. */
export function createProjectorProcess(
  config: ProjectorConfig,
  logger: Logger,
  options: ProjectorProcessOptions = {},
): Startable<NestFastifyApplication> {
  const { databaseUrl: url, eventStoreUrl, kafkaBrokers, kafkaPartitions, publicHosts } = config;
  const { clock = Date.now, topic = EVENTS_TOPIC, group = PROJECTIONS_GROUP, onFatal: onEnd = end } = options;
  const telling = (what: string) => (error: unknown) => logger.error({ err: error }, what);
  const openLog =
    options.openLog ??
    (() => openEventStoreDb({ url: eventStoreUrl, clock, mayBeAway: true, onError: telling('event log') }));
  const openMessaging =
    options.openMessaging ??
    (() =>
      createKafkaMessaging({
        brokers: kafkaBrokers,
        clientId: 'budget-projector',
        log: (message, details) => logger.warn(details, message),
      }));

  return startable(async ({ started }) => {
    const stopping = new AbortController();
    const onFatal = (error: unknown): void => {
      if (stopping.signal.aborted) return;
      logger.fatal({ err: error }, 'the projections cannot go on; this process ends');
      onEnd(error);
    };
    const partitions = topicPartitions(kafkaPartitions);
    const store = await openLog();
    await started(store, () => store.close());
    const dataSource = createReadDataSource(url, { poolSize: Math.min(kafkaPartitions, SIDE_BY_SIDE) + OTHERS });
    await started(dataSource, async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
    });
    const log = loggedTime(store, storedClockSteps(dataSource));
    const messaging = openMessaging();
    await started(messaging, () => messaging.close());
    const member = new Member({
      ...{ messaging, topic, group, dataSource, log, partitions, clock, onFatal },
      onError: telling('projections'),
      onUnreadable: (error) => logger.error({ err: error }, 'a message cannot be read; the log is asked for the event'),
      onProjected: (events, partition) => logProjected(logger, events, { partition }),
    });

    let isPrepared = false;
    const requirePrepared = (): void => {
      if (!isPrepared) throw new Problem(503, 'STARTING', { detail: 'The read models are not there yet. Try again.' });
    };
    const prepare = async (): Promise<void> => {
      const onProgress = ({ phase }: { readonly phase: string }): void =>
        logger.debug({ phase }, 'the read models are filled anew for this version');
      if (!dataSource.isInitialized) await prepareReadModels(dataSource, url, { log, partitions, onProgress });
      await requireSameLog(dataSource, log);
      await preparePartitions(dataSource, partitions.names, log.order('start'));
      await requireTopic(messaging, topic, kafkaPartitions);
      isPrepared = true;
      await member.join();
    };
    const beginning = untilDone(prepare, { signal: stopping.signal, onError: telling('starting') }).catch(onFatal);
    await started(member, async () => {
      stopping.abort();
      await beginning;
      await member.leave();
    });

    const health = new HealthChecks(logger);
    health.add('database', () => dataSource.query('SELECT 1'));
    health.add('read-models', async () => requirePrepared());
    health.add('partitions', () => member.requireJoined());
    health.add('log', () => store.head(DIRECTORY_STREAM), { needed: false });
    health.add('broker', () => messaging.ends(topic), { needed: false });
    health.add('projections', () => member.requireFresh(BEHIND_MS), { needed: false });
    const metrics = createMetrics();
    const scraped = { registry: metrics, onError: telling('metrics') };
    projectorMetrics(scraped, () => member.progress());
    parkedMetrics(scraped, async () => (await parkedStreams(dataSource)).length);

    // Whoever moves the partition sees what becomes of the stream.
    const retryParked = async (stream: string): Promise<unknown> =>
      (
        await createProjector({ dataSource, log, partition: partitionNamed(partitions, partitions.of(stream)) })
      ).retryParked(stream);
    const document = options.document ?? wholeDocument();
    const app = await createHttpApp(
      MaintenanceModule.register({
        ...{ dataSource, log, partitions, clock, retrying: { retryParked } },
        work: new LongWork(),
      }),
      {
        ...{ logger, health, metrics, publicHosts, gate: requirePrepared },
        ...(document === undefined ? {} : { document }),
      },
    );
    return started(app, () => app.close());
  });
}

/** What stands in the database, the topic or the environment, operators can mend; each of these says how. */
const end = (error: unknown): void =>
  endFor([OtherPartitions, OtherLog, OtherDelivery, NewerLayout, NoSuchPartition])(error);

/** A topic that the streams are spread over otherwise than this process believes: it would write the streams of others. */
class OtherPartitions extends Error {
  override readonly name = 'OtherPartitions';
  constructor(topic: string, found: number, wanted: number) {
    super(
      `the topic ${topic} has ${found} partitions and KAFKA_PARTITIONS is ${wanted}: set it to the number that the ` +
        'topic was made with, for all processes',
    );
  }
}

async function requireTopic(messaging: Messaging, topic: string, wanted: number): Promise<void> {
  const found = await messaging.partitions(topic);
  if (found === undefined) throw new NoSuchTopic(topic);
  if (found !== wanted) throw new OtherPartitions(topic, found, wanted);
}

/** Again after a pause while it fails in a way that passes. Rejects with what does not. */
async function untilDone(
  work: () => Promise<void>,
  { signal, onError }: { readonly signal: AbortSignal; readonly onError: (error: unknown) => void },
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return;
      if (!isPassing(error)) throw error;
      onError(error);
      const ms = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      await pause(ms, undefined, { signal }).catch(() => undefined);
    }
  }
}
