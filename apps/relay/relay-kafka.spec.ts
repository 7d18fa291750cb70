/** The relay on a real broker that dies, comes back, and comes back empty. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { EVENTS_TOPIC } from '#messaging/event-message.js';
import { createKafkaMessaging } from '#messaging/kafka.js';
import type { IncomingMessage, Messaging } from '#messaging/port.js';
import { chanceOf } from '../../test/support/chance.js';
import { createWrittenLog, type WrittenLog } from '../../test/support/followed-log.js';
import { describeKafka } from '../../test/support/kafka/available.js';
import { startBrokers, type Brokers } from '../../test/support/kafka/brokers.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { factsOf, faultsOf } from '../../test/support/topic-facts.js';
import { startRelay, type Relay } from './relay.js';
import { TopicLost } from './sending.js';
import { ensureTopicsInTime, plannedTopics } from './topic-plan.js';

const PARTITIONS = 3;
const NOON = Date.UTC(2024, 5, 28, 12);

describeKafka('the relay on Kafka', () => {
  let brokers: Brokers;
  let database: TestDatabase;
  let messaging: Messaging;
  let log: WrittenLog;
  let relay: Relay;
  let errors: unknown[];
  let over = false;

  const makeTopics = () => ensureTopicsInTime(messaging, plannedTopics(PARTITIONS), 30_000);
  const start = (): Relay =>
    startRelay({
      log,
      messaging,
      databaseUrl: database.url,
      target: { topic: EVENTS_TOPIC, partitions: PARTITIONS, source: 'urn:budget-ledger:spec' },
      heartbeatMs: 200,
      onError: (error) => errors.push(error),
      onFatal: (error) => errors.push(error),
    });

  beforeEach(async () => {
    [brokers, database] = await Promise.all([startBrokers(), createDatabase()]);
    messaging = createKafkaMessaging({ brokers: brokers.brokers, clientId: 'spec' });
    await makeTopics();
    log = createWrittenLog(chanceOf(11));
    [errors, over] = [[], false];
    relay = start();
  });

  afterEach(async () => {
    over = true;
    await relay.stop();
    await messaging.close();
    await Promise.all([brokers.stop(), database.drop()]);
  });

  /** The runner's own time limit is the only clock; a test that it has ended waits no longer. */
  async function until(condition: () => boolean): Promise<void> {
    while (!over && !condition()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const write = (count: number): void => {
    for (let index = 0; index < count; index += 1) log.write(`budget-U${index % 7}-2024`, NOON + log.entries.length);
  };

  /** Waits until the whole topic holds all of the log, each partition in order. */
  async function untilComplete(group: string): Promise<readonly IncomingMessage[][]> {
    const topic = Array.from({ length: PARTITIONS }, () => [] as IncomingMessage[]);
    const consumer = await messaging.consume({
      topic: EVENTS_TOPIC,
      group,
      handler: async ({ partition, messages }) => void topic[partition]!.push(...messages),
    });
    await until(() => faultsOf(factsOf(topic), log.entries).length === 0);
    await consumer.stop();
    return topic;
  }

  it('goes on when the broker comes back, without losing anything or changing the order', async () => {
    write(2_000);
    await until(() => relay.sent.events >= 500);
    await brokers.kill(0);
    write(500);
    await until(() => errors.length > 0);
    await brokers.revive(0);
    await untilComplete('after-revival');
    expect(errors.filter((error) => error instanceof TopicLost)).toEqual([]);
  });

  it('fills the topic again when the broker comes back empty, once the topics are made again', async () => {
    write(1_500);
    await untilComplete('before');
    await brokers.kill(0);
    write(10);
    await until(() => errors.length > 0);
    await brokers.revive(0, { wipe: true });
    await makeTopics();
    const topic = await untilComplete('after');
    expect(errors).toContainEqual(expect.any(TopicLost));
    expect(topic.flat().length).toBeGreaterThanOrEqual(1_510);
  });

  it('fills it again too when it was emptied while no relay ran', async () => {
    write(800);
    await untilComplete('before');
    await until(() => relay.sent.completeAt !== undefined);
    await relay.stop();
    await brokers.kill(0);
    await brokers.revive(0, { wipe: true });
    await makeTopics();
    relay = start();
    await untilComplete('after');
    expect(errors).toContainEqual(expect.any(TopicLost));
  });
});
