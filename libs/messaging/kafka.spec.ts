import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { messagingContract } from '#messaging/contract.js';
import { createKafkaMessaging } from '#messaging/kafka.js';
import { MessagingUnavailable, NoSuchTopic, type Messaging, type OutgoingMessage } from '#messaging/port.js';
import { describeKafka } from '../../test/support/kafka/available.js';
import { sharedBrokers, startBrokers, type Brokers } from '../../test/support/kafka/brokers.js';

describeKafka('messaging over Kafka', () => {
  messagingContract(async () => {
    const brokers = await sharedBrokers();
    const open: Messaging[] = [];
    const another = async (): Promise<Messaging> => {
      open.push(createKafkaMessaging({ brokers, clientId: `spec-${open.length}` }));
      return open.at(-1)!;
    };
    return {
      messaging: await another(),
      another,
      dispose: async () => void (await Promise.all(open.map((messaging) => messaging.close()))),
    };
  });
});

describeKafka('messaging over a Kafka that fails', () => {
  let brokers: Brokers;
  let messaging: Messaging;
  beforeEach(async () => {
    brokers = await startBrokers();
    messaging = createKafkaMessaging({ brokers: brokers.brokers, clientId: 'spec' });
  });
  afterEach(async () => {
    await messaging.close();
    await brokers.stop();
  });

  const text = (value: string): OutgoingMessage => ({
    partition: 0,
    key: null,
    headers: {},
    value: Buffer.from(value),
  });

  /** What the group was given, and what it was told. */
  async function listen(group: string) {
    const [seen, errors]: [string[], unknown[]] = [[], []];
    const consumer = await messaging.consume({
      topic: 'events',
      group,
      handler: async (batch) => void seen.push(...batch.messages.map(({ value }) => Buffer.from(value!).toString())),
      onError: (error) => errors.push(error),
    });
    return { seen, errors, consumer };
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** As a sender does who must not lose anything. */
  async function publishUntilTaken(value: string): Promise<void> {
    for (;;) {
      try {
        return void (await messaging.publish('events', [text(value)]));
      } catch (error) {
        if (!(error instanceof MessagingUnavailable)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  it('says that it is away, and goes on by itself when it is back', async () => {
    await messaging.createTopic('events', 1);
    const { seen, consumer } = await listen('group');
    await messaging.publish('events', [text('before')]);
    await until(() => seen.length === 1);
    await brokers.kill(0);
    await expect(messaging.publish('events', [text('during')])).rejects.toThrow(MessagingUnavailable);
    await expect(messaging.ends('events')).rejects.toThrow(MessagingUnavailable);
    await brokers.revive(0);
    await publishUntilTaken('after');
    await until(() => seen.includes('after'));
    // The first one perhaps again: the broker may have died before it was told how far the group is.
    expect([...new Set(seen)]).toEqual(['before', 'after']);
    await consumer.stop();
  });

  it('tells a lost topic from a lost broker, and reads the topic from its beginning once it is made again', async () => {
    await messaging.createTopic('events', 1);
    const { seen, errors, consumer } = await listen('group');
    for (const value of ['a', 'b', 'c']) await messaging.publish('events', [text(value)]);
    await until(() => seen.length === 3);
    await brokers.kill(0);
    await brokers.revive(0, { wipe: true });
    await expect(messaging.ends('events')).rejects.toThrow(NoSuchTopic);
    await expect(messaging.publish('events', [text('d')])).rejects.toThrow(NoSuchTopic);
    await until(() => errors.length > 0);
    await messaging.createTopic('events', 1);
    await publishUntilTaken('a');
    await publishUntilTaken('b');
    await until(() => seen.length >= 5);
    expect(seen.slice(3)).toEqual(['a', 'b']);
    await consumer.stop();
  });
});
