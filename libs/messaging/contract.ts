/** What every messaging adapter must do, as one suite. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  MessagingUnavailable,
  NoSuchTopic,
  type Batch,
  type Consumer,
  type ConsumeOptions,
  type IncomingMessage,
  type Messaging,
  type OutgoingMessage,
} from './port.js';

export interface MessagingUnderTest {
  readonly messaging: Messaging;
  /** Another process on the same brokers. */
  another(): Promise<Messaging>;
  dispose(): Promise<void>;
}

/** To be called within a `describe`; each test has topics and groups of its own names. */
export function messagingContract(create: () => Promise<MessagingUnderTest>): void {
  let subject: MessagingUnderTest;
  let messaging: Messaging;
  let topic: string;
  let group: string;
  beforeEach(async () => {
    subject = await create();
    messaging = subject.messaging;
    [topic, group] = [`topic-${randomUUID()}`, `group-${randomUUID()}`];
  });
  afterEach(() => subject.dispose());

  const listen = (from: Messaging, options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'handler'>) =>
    from.consume({ topic, group, ...options });

  it('makes a topic once, with its number of partitions', async () => {
    expect(await messaging.partitions(topic)).toBeUndefined();
    expect(await messaging.createTopic(topic, 3)).toBe(true);
    expect(await messaging.createTopic(topic, 5)).toBe(false);
    expect(await messaging.partitions(topic)).toBe(3);
    expect(await messaging.ends(topic)).toEqual([0n, 0n, 0n]);
  });

  it('refuses a topic that is not there, and does not make it', async () => {
    await expect(messaging.publish(topic, [text(0, 'lost')])).rejects.toThrow(NoSuchTopic);
    await expect(messaging.ends(topic)).rejects.toThrow(NoSuchTopic);
    expect(await messaging.partitions(topic)).toBeUndefined();
  });

  it('answers with the last offset of each partition sent to, and the ends are one beyond', async () => {
    await messaging.createTopic(topic, 3);
    const sent = [text(2, 'a'), text(0, 'b'), text(2, 'c')];
    expect(await messaging.publish(topic, sent)).toEqual(new Map([[0, 0n], [2, 1n]])); // prettier-ignore
    expect(await messaging.publish(topic, [text(2, 'd')])).toEqual(new Map([[2, 2n]]));
    expect(await messaging.ends(topic)).toEqual([1n, 0n, 3n]);
  });

  it('delivers everything in the order of each partition, whoever sends at the same time', async () => {
    await messaging.createTopic(topic, 4);
    const seen = collector();
    const consumer = await listen(messaging, { handler: seen.handler });
    const calls = Array.from({ length: 20 }, (_, call) =>
      messaging.publish(
        topic,
        Array.from({ length: 50 }, (_, index) => text(index % 4, String(call * 50 + index))),
      ),
    );
    await Promise.all(calls);
    await seen.untilCount(1_000);
    for (const partition of [0, 1, 2, 3]) {
      const numbers = seen.texts(partition).map(Number);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(seen.of(partition).map(({ offset }) => Number(offset))).toEqual(numbers.map((_, index) => index));
    }
    await consumer.stop();
  });

  it('keeps every byte of headers, key and value, and tells nothing from empty', async () => {
    await messaging.createTopic(topic, 1);
    const sent: OutgoingMessage[] = [
      { partition: 0, key: null, headers: {}, value: null },
      { partition: 0, key: 'budget-U0001-2024', headers: { ce_type: '苏州', empty: '' }, value: Buffer.alloc(0) },
      { partition: 0, key: '预算', headers: { a: '1' }, value: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
    ];
    await messaging.publish(topic, sent);
    const seen = collector();
    const consumer = await listen(messaging, { handler: seen.handler });
    await seen.untilCount(3);
    const plain = ({ partition, key, headers, value }: OutgoingMessage) => ({
      partition,
      key,
      headers: { ...headers },
      value: value === null ? null : Buffer.from(value).toString('hex'),
    });
    expect(seen.of(0).map(plain)).toEqual(sent.map(plain));
    await consumer.stop();
  });

  it('takes messages of a million bytes, several in one call', async () => {
    await messaging.createTopic(topic, 2);
    const sent = [0, 1, 0, 0].map((partition, index): OutgoingMessage => {
      return { partition, key: null, headers: {}, value: Buffer.alloc(1_000_000, index) };
    });
    await messaging.publish(topic, sent);
    const seen = collector();
    const consumer = await listen(messaging, { handler: seen.handler });
    await seen.untilCount(4);
    expect(seen.of(0).map(({ value }) => [value?.length, value?.[0]])).toEqual([
      [1_000_000, 0],
      [1_000_000, 2],
      [1_000_000, 3],
    ]);
    await consumer.stop();
  });

  it('takes many messages with large headers in one call', async () => {
    await messaging.createTopic(topic, 1);
    const headers = { problems: '错'.repeat(10_000) };
    const sent = Array.from({ length: 200 }, (): OutgoingMessage => ({ partition: 0, key: 'k', headers, value: null }));
    await messaging.publish(topic, sent);
    expect(await messaging.ends(topic)).toEqual([200n]);
  });

  it('delivers again what a handler rejected, in order and nothing twice at once, and tells of it', async () => {
    await messaging.createTopic(topic, 1);
    const seen = collector();
    const errors: unknown[] = [];
    let left = 3;
    let inside = 0;
    const consumer = await listen(messaging, {
      handler: async (batch) => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise(setImmediate);
        inside -= 1;
        if (left-- > 0) throw new Error('the database is away');
        await seen.handler(batch);
      },
      onError: (error) => errors.push(error),
    });
    await messaging.publish(topic, [text(0, 'a'), text(0, 'b')]);
    await seen.untilCount(2);
    await messaging.publish(topic, [text(0, 'c')]);
    await seen.untilCount(3);
    expect(seen.texts(0)).toEqual(['a', 'b', 'c']);
    expect(errors).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ message: 'the database is away' })),
    );
    await consumer.stop();
  });

  it('goes on where the group stopped, and another group begins at the beginning', async () => {
    await messaging.createTopic(topic, 2);
    await messaging.publish(topic, [text(0, 'a'), text(1, 'b')]);
    const first = collector();
    await (await listen(messaging, { handler: first.handler }).then(untilSeen(first, 2))).stop();
    await messaging.publish(topic, [text(0, 'c')]);
    const restarted = await subject.another();
    const second = collector();
    const other = collector();
    const consumers = [
      await listen(restarted, { handler: second.handler }),
      await listen(restarted, { group: `${group}-other`, handler: other.handler }),
    ];
    await second.untilCount(1);
    await other.untilCount(3);
    expect(second.texts(0)).toEqual(['c']);
    expect([other.texts(0), other.texts(1)]).toEqual([['a', 'c'], ['b']]);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  });

  it('moves on only when the handler is done: what was in hand at a stop that gave up comes again', async () => {
    await messaging.createTopic(topic, 1);
    await messaging.publish(topic, [text(0, 'a')]);
    let attempts = 0;
    const consumer = await listen(messaging, {
      handler: async () => {
        attempts += 1;
        throw new Error('never');
      },
    });
    await until(() => attempts > 0);
    await consumer.stop();
    const seen = collector();
    await (await listen(messaging, { handler: seen.handler }).then(untilSeen(seen, 1))).stop();
    expect(seen.texts(0)).toEqual(['a']);
  });

  it('shares the partitions among two members, and gives all to the one that is left', async () => {
    await messaging.createTopic(topic, 4);
    const member = (from: Messaging) => {
      const [seen, shares] = [collector(), [] as (readonly number[])[]];
      const onAssigned = async (partitions: readonly number[]) => void shares.push([...partitions].sort());
      return { seen, shares, consumer: listen(from, { handler: seen.handler, onAssigned }) };
    };
    const one = member(messaging);
    await until(() => one.shares.at(-1)?.length === 4);
    const two = member(await subject.another());
    await until(() => one.shares.at(-1)?.length === 2 && two.shares.at(-1)?.length === 2);
    expect([...one.shares.at(-1)!, ...two.shares.at(-1)!].sort()).toEqual([0, 1, 2, 3]);
    await messaging.publish(
      topic,
      [0, 1, 2, 3].map((partition) => text(partition, `to ${partition}`)),
    );
    await until(() => one.seen.count() + two.seen.count() >= 4);
    await (await one.consumer).stop();
    await until(() => two.shares.at(-1)?.length === 4);
    await messaging.publish(
      topic,
      [0, 1, 2, 3].map((partition) => text(partition, `again to ${partition}`)),
    );
    const all = (partition: number) => [...one.seen.texts(partition), ...two.seen.texts(partition)];
    await until(() => [0, 1, 2, 3].every((partition) => all(partition).length >= 2));
    for (const partition of [0, 1, 2, 3]) expect(all(partition)).toEqual([`to ${partition}`, `again to ${partition}`]);
    await (await two.consumer).stop();
  });

  it('waits with the first batch until the member knows what it has', async () => {
    await messaging.createTopic(topic, 2);
    await messaging.publish(topic, [text(0, 'a'), text(1, 'b')]);
    const steps: string[] = [];
    let failures = 2;
    const consumer = await listen(messaging, {
      onAssigned: async (partitions) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (failures-- > 0) throw new Error('not yet');
        steps.push(`has ${[...partitions].sort().join()}`);
      },
      handler: async (batch) => void steps.push(...batch.messages.map(textOf)),
    });
    await until(() => steps.length === 3);
    expect([steps[0], ...steps.slice(1).sort()]).toEqual(['has 0,1', 'a', 'b']);
    await consumer.stop();
  });

  it('joins a topic that is not there yet as soon as it is', async () => {
    const errors: unknown[] = [];
    const seen = collector();
    const consumer = await listen(messaging, { handler: seen.handler, onError: (error) => errors.push(error) });
    await until(() => errors.length > 0);
    await messaging.createTopic(topic, 1);
    await messaging.publish(topic, [text(0, 'a')]);
    await seen.untilCount(1);
    await consumer.stop();
  });

  it('stops only when no handler runs', async () => {
    await messaging.createTopic(topic, 1);
    let [running, finish] = [false, (): void => undefined];
    const consumer = await listen(messaging, {
      handler: async () => {
        running = true;
        await new Promise<void>((resolve) => (finish = resolve));
        running = false;
      },
    });
    await messaging.publish(topic, [text(0, 'a')]);
    await until(() => running);
    const stopped = consumer.stop().then(() => running);
    finish();
    expect(await stopped).toBe(false);
  });

  it('is of no use after it was closed', async () => {
    await messaging.createTopic(topic, 1);
    await messaging.close();
    await expect(messaging.publish(topic, [text(0, 'a')])).rejects.toThrow(MessagingUnavailable);
  });
}

const text = (partition: number, value: string): OutgoingMessage => ({
  partition,
  key: null,
  headers: {},
  value: Buffer.from(value),
});
const textOf = (message: IncomingMessage): string => Buffer.from(message.value!).toString();

function collector() {
  const messages: IncomingMessage[] = [];
  return {
    handler: async (batch: Batch): Promise<void> => void messages.push(...batch.messages),
    count: () => messages.length,
    of: (partition: number) => messages.filter((message) => message.partition === partition),
    texts: (partition: number) => messages.filter((message) => message.partition === partition).map(textOf),
    untilCount: (count: number) => until(() => messages.length >= count),
  };
}

const untilSeen =
  (seen: { untilCount(count: number): Promise<void> }, count: number) =>
  async (consumer: Consumer): Promise<Consumer> => {
    await seen.untilCount(count);
    return consumer;
  };

/** The runner's own time limit is the only clock. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
