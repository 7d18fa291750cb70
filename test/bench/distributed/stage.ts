/** What the measurements of the distributed form share: a broker, an event store, databases, and how to ask them. */
import { Kafka, logLevel, type Admin } from 'kafkajs';
import pg from 'pg';
import type { EventStoreDb } from '#event-store/eventstoredb/store.js';
import { EVENTS_TOPIC } from '#messaging/event-message.js';

export const PARTITIONS = 12;

export interface Stage {
  readonly brokers: readonly string[];
  readonly eventStoreUrl: string;
  readonly store: EventStoreDb;
  readonly admin: Admin;
  /** A new, empty database. */
  newDatabase(): Promise<string>;
}

/** What a process is told. */
export const environmentOf = ({ brokers, eventStoreUrl }: Stage, databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  EVENTSTORE_URL: eventStoreUrl,
  KAFKA_BROKERS: brokers.join(','),
  KAFKA_PARTITIONS: String(PARTITIONS),
});

export const kafka = (brokers: readonly string[]): Kafka =>
  new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });

/** Messages of a topic, of all partitions. */
export async function messagesIn(admin: Admin, topic = EVENTS_TOPIC): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

const UNDEFINED_TABLE = '42P01';

/** One connection that asks a database again and again. */
export async function asking(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    /** The number in the column `value`; 0 as long as there is no such table. */
    async one(statement: string): Promise<number> {
      try {
        const { rows } = await client.query<{ value: string }>(statement);
        return Number(rows[0]?.value ?? 0);
      } catch (error) {
        if ((error as { code?: unknown }).code === UNDEFINED_TABLE) return 0;
        throw error;
      }
    },
    rows: async <Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> =>
      (await client.query<Row>(statement)).rows,
    end: () => client.end(),
  };
}

export const thousands = (value: number): string => value.toLocaleString('en-US');
