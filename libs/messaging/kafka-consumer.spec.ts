/** What a member makes of partitions that are given out anew while it works: the client does not wait for it. */
import { describe, expect, it } from '@jest/globals';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { KafkaConsumer } from '#messaging/kafka-consumer.js';
import type { ConsumeOptions } from '#messaging/port.js';

/** The client as far as a member uses it; who tests it says when it joins and what it fetches. */
class Client {
  readonly events = { CRASH: 'crash', GROUP_JOIN: 'join' };
  readonly #heard = new Map<string, (event: { payload: object }) => void>();
  readonly kept: string[] = [];
  eachBatch: (payload: EachBatchPayload) => Promise<void> = async () => undefined;

  on(name: string, listener: (event: { payload: object }) => void): void {
    this.#heard.set(name, listener);
  }
  async connect(): Promise<void> {}
  async disconnect(): Promise<void> {}
  async subscribe(): Promise<void> {}
  async run({ eachBatch }: { eachBatch: Client['eachBatch'] }): Promise<void> {
    this.eachBatch = eachBatch;
  }
  join(): void {
    this.#heard.get('join')?.({ payload: { memberAssignment: { events: [0] } } });
  }
  fetch(offset: string): Promise<void> {
    const payload = {
      batch: { topic: 'events', partition: 0, messages: [{ offset, key: null, headers: {}, value: null }] },
      heartbeat: async () => undefined,
      resolveOffset: (resolved: string) => this.kept.push(`resolved ${resolved}`),
      commitOffsetsIfNecessary: async () => void this.kept.push('committed'),
      pause: () => () => undefined,
    };
    return this.eachBatch(payload as unknown as EachBatchPayload);
  }
}

async function member(handler: ConsumeOptions['handler']) {
  const client = new Client();
  const kafka = { consumer: () => client } as unknown as Kafka;
  const consumer = new KafkaConsumer(kafka, { topic: 'events', group: 'group', handler }, {});
  await new Promise(setImmediate);
  client.join();
  return { client, consumer };
}

describe('the place of a partition', () => {
  it('moves past a batch that was handled', async () => {
    const { client, consumer } = await member(async () => undefined);
    await client.fetch('7');
    expect(client.kept).toEqual(['resolved 7', 'committed']);
    await consumer.stop();
  });

  it('stays where a batch was handled after the partitions had been given out anew', async () => {
    const { client, consumer } = await member(async () => client.join());
    await client.fetch('7');
    expect(client.kept).toEqual([]);
    await consumer.stop();
  });
});
