/**
 * The relay as a process of its own: start two, one works. What is not there yet, database, log, broker or topic, is waited
 * for, and the process is not ready meanwhile; a topic with other partitions than configured ends it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DIRECTORY_STREAM } from '#domain/directory/decide.js';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { PositionBeyondEnd } from '#event-store/port.js';
import { EVENTS_TOPIC } from '#messaging/event-message.js';
import { createKafkaMessaging } from '#messaging/kafka.js';
import { NoSuchTopic, type Messaging } from '#messaging/port.js';
import type { ConfigWith } from '#platform/config.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import type { Logger } from '#platform/logging.js';
import { createMetrics, relayMetrics } from '#platform/metrics.js';
import { startable, type Startable } from '#platform/parts.js';
import { endFor } from '#platform/run.js';
import { startRelay, type Relay } from './relay.js';
import { EpochsRestarted, WrongPartitions } from './sending.js';

export type RelayConfig = Pick<
  ConfigWith<'DATABASE_URL' | 'EVENTSTORE_URL' | 'KAFKA_BROKERS'>,
  'databaseUrl' | 'eventStoreUrl' | 'kafkaBrokers' | 'kafkaPartitions' | 'publicHosts'
>;

export interface RelayProcessOptions {
  readonly openLog?: () => Promise<EventStoreDb>;
  readonly openMessaging?: () => Messaging;
  /** In place of ending the process. */
  readonly onFatal?: (error: unknown) => void;
}

/** CloudEvents wants a URI of where the events come from: there is one log in a system. */
const SOURCE = 'urn:budget-ledger:log';
const RETRY_MS = 1_000;

@Module({})
class NothingButHealth {}

/** Starts to the application, which answers and may not be ready. */
export function createRelayProcess(
  config: RelayConfig,
  logger: Logger,
  options: RelayProcessOptions = {},
): Startable<NestFastifyApplication> {
  const { databaseUrl, eventStoreUrl: url, kafkaBrokers: brokers, kafkaPartitions: partitions, publicHosts } = config;
  const telling = (what: string) => (error: unknown) => logger.error({ err: error }, what);
  const { onFatal = end } = options;
  const openLog = options.openLog ?? (() => openEventStoreDb({ url, mayBeAway: true, onError: telling('event log') }));
  // What it means is told as a failure of a call; the client tells each of its attempts.
  const log = (message: string, details: object): void => logger.debug(details, message);
  const openMessaging =
    options.openMessaging ?? (() => createKafkaMessaging({ brokers, clientId: 'budget-relay', log }));

  return startable(async ({ started }) => {
    const since = Date.now();
    const stopping = new AbortController();
    const store = await openLog();
    await started(store, () => store.close());
    const messaging = openMessaging();
    await started(messaging, () => messaging.close());

    let relay: Relay | undefined;
    const fatal = (error: unknown): void => {
      if (stopping.signal.aborted) return;
      logger.fatal({ err: error }, 'the relay cannot go on; this process ends');
      onFatal(error);
    };
    const begin = async (): Promise<void> => {
      await untilRightTopic(messaging, { partitions, signal: stopping.signal, onError: telling('starting') });
      if (stopping.signal.aborted) return;
      const target = { topic: EVENTS_TOPIC, partitions, source: SOURCE };
      relay = startRelay({ log: store, messaging, databaseUrl, target, onError: telling('relay'), onFatal: fatal });
    };
    // Not awaited: until broker and topic are right the process answers that it is not ready.
    const running = { beginning: begin().catch(fatal) };
    await started(running, async () => {
      stopping.abort();
      await running.beginning;
      await relay?.stop();
    });

    const health = new HealthChecks(logger);
    health.add('broker', async () => requirePartitions(await messaging.partitions(EVENTS_TOPIC), partitions));
    health.add('database', async () => {
      if (relay === undefined) throw new Error('the relay has not begun: it waits for the topic');
      await relay.check();
    });
    health.add('log', () => store.head(DIRECTORY_STREAM));
    const metrics = createMetrics();
    relayMetrics(
      { registry: metrics, onError: telling('metrics') },
      {
        active: async () => relay?.isActive === true,
        events: async () => relay?.sent.events ?? 0,
        // While it is never idle, the time of the last event sent says as much.
        ageSeconds: async () => {
          const { completeAt = since, time = since } = relay?.sent ?? {};
          return Math.max(0, Date.now() - Math.max(completeAt, time)) / 1_000;
        },
      },
    );
    const app = await createHttpApp(NothingButHealth, { logger, health, metrics, publicHosts });
    return started(app, () => app.close());
  });
}

/** Operators can mend what stands in the topic, the database or the environment: 2, as for a wrong configuration. */
const end = endFor([WrongPartitions, EpochsRestarted, PositionBeyondEnd]);

function requirePartitions(found: number | undefined, wanted: number): void {
  if (found === undefined) throw new NoSuchTopic(EVENTS_TOPIC);
  if (found !== wanted) throw new WrongPartitions(EVENTS_TOPIC, found, wanted);
}

/** Those who only stand by find out too. Rejects with `WrongPartitions`. */
async function untilRightTopic(
  messaging: Messaging,
  { partitions, signal, onError }: { partitions: number; signal: AbortSignal; onError: (error: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    try {
      return requirePartitions(await messaging.partitions(EVENTS_TOPIC), partitions);
    } catch (error) {
      if (error instanceof WrongPartitions) throw error;
      onError(error);
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
