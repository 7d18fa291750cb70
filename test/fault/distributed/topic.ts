/** The topic of events as any other Kafka client sees it: who shares it, what is in it, and what does not belong there. */
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type Admin, type KafkaMessage } from 'kafkajs';
import { EVENTS_TOPIC } from '#messaging/event-message.js';
import { partitionOf } from '#messaging/partition.js';
import type { Brokers } from '../../support/kafka/brokers.js';
import { PARTITIONS } from './system.js';

const GROUP = 'budget.projections';
const NEVER_MS = 60_000;

const client = ({ brokers }: Brokers): Kafka => new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });

async function asAdmin<Result>(brokers: Brokers, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = client(brokers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Until so many projectors, and no others, share all partitions. */
export async function untilShared(brokers: Brokers, members: number): Promise<void> {
  await asAdmin(brokers, async (admin) => {
    const deadline = performance.now() + NEVER_MS;
    for (;;) {
      const { groups } = await admin.describeGroups([GROUP]);
      const group = groups[0];
      if (group?.state === 'Stable' && group.members.length === members) return;
      if (performance.now() > deadline) {
        throw new Error(`${members} projectors were to share the topic: ${group?.state}, ${group?.members.length}`);
      }
      await pause(50);
    }
  });
}

/** Every event of the topic by its header `ce_id`, once for each time it is there. */
export async function eventsIn(brokers: Brokers): Promise<string[]> {
  const ends = await asAdmin(brokers, (admin) => admin.fetchTopicOffsets(EVENTS_TOPIC));
  const left = new Map(ends.map(({ partition, low, high }) => [partition, BigInt(high) - BigInt(low)]));
  const ids: string[] = [];
  const consumer = client(brokers).consumer({ groupId: `fault-${process.pid}-${Date.now()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [EVENTS_TOPIC], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const take = async ({ partition, message }: { partition: number; message: KafkaMessage }): Promise<void> => {
        left.set(partition, (left.get(partition) ?? 0n) - 1n);
        if (message.key !== null) ids.push(String(message.headers?.['ce_id']));
        if ([...left.values()].every((count) => count <= 0n)) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage: take }).catch(reject);
    });
    return ids;
  } finally {
    await consumer.disconnect();
  }
}

/** Puts bytes that no relay sent into a stream's partition, under its key. */
export async function sendBytes(brokers: Brokers, stream: string, value: string): Promise<void> {
  const producer = client(brokers).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    const message = { key: stream, value: Buffer.from(value), partition: partitionOf(stream, PARTITIONS) };
    await producer.send({ topic: EVENTS_TOPIC, acks: -1, messages: [message] });
  } finally {
    await producer.disconnect();
  }
}
