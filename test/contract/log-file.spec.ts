/**
 * A log goes from store to store as a file: PostgreSQL, EventStoreDB and back. Ids, order, dates, recorded times and bytes
 * stay, and so do the read models that are built of it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt, randomUUID } from 'node:crypto';
import pg from 'pg';
import { civilDate } from '#domain/calendar.js';
import type { Envelope, Position } from '#domain/envelope.js';
import { sampleEvent } from '#event-store/contract/subject.js';
import { Connection } from '#event-store/eventstoredb/connection.js';
import { Reader } from '#event-store/eventstoredb/reader.js';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { streamRequest } from '#event-store/eventstoredb/wire.js';
import { exportLog, importLog, logFileHeader, logFileLine } from '#event-store/log-file.js';
import { LogFileRefused } from '#event-store/log-file.js';
import { openPostgresStore, type PostgresStore } from '#event-store/postgres/store.js';
import { openReadModels } from '#read-model/data-source.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { createProjector } from '#read-model/projections/projector.js';
import { allRows } from '#read-model/specification.js';
import { startStandIn, type StandIn } from '../support/eventstoredb/stand-in.js';
import { longHistory } from '../support/histories.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

const SEED = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));
const EVENTS = 400;

let databases: TestDatabase[];
let first: PostgresStore;
let second: PostgresStore;
let server: StandIn;
let between: EventStoreDb;

beforeAll(async () => {
  databases = [await createDatabase(), await createDatabase()];
  const open = (nth: 0 | 1) => openPostgresStore({ url: databases[nth]?.url ?? '' });
  [first, second] = await Promise.all([open(0), open(1)]);
  server = await startStandIn();
  between = await openEventStoreDb({ url: server.url });
});
afterAll(async () => {
  await Promise.all([first.close(), second.close(), between.close()]);
  await server.stop();
  await Promise.all(databases.map((database) => database.drop()));
});

async function file(log: Parameters<typeof exportLog>[0]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportLog(log, 150)) lines.push(line);
  return lines;
}

describe(`a history of ${EVENTS} events (FAULT_SEED=${SEED})`, () => {
  const history = inLogTime(longHistory(SEED, EVENTS).events);
  const files: string[][] = [];

  beforeAll(async () => {
    await importLog(first, () => [logFileHeader(), ...history.map(logFileLine)]);
    files.push(await file(first));
    await importLog(between, () => files[0] as string[]);
    files.push(await file(between));
    await importLog(second, () => files[1] as string[]);
    files.push(await file(second));
  });

  it('is the same file out of every store', () => {
    expect(files[0]).toHaveLength(history.length + 1);
    expect(files[1]).toEqual(files[0]);
    expect(files[2]).toEqual(files[0]);
  });

  it('keeps ids, streams, revisions, dates and times, in the order of the log', async () => {
    const kept = (events: readonly Envelope[]) => events.map(({ position: _, ...rest }) => rest);
    const [here, there, back] = await Promise.all(
      [first, between, second].map((store) => store.readAll('start', EVENTS * 2)),
    );
    expect(kept(there ?? [])).toEqual(kept(here ?? []));
    expect(kept(back ?? [])).toEqual(kept(here ?? []));
    const orders = (there ?? []).map(({ position }) => between.order(position));
    expect(orders.every((order, index) => index === 0 || order > (orders[index - 1] as bigint))).toBe(true);
  });

  it('keeps every byte of data and metadata', async () => {
    const rows = await Promise.all(databases.map(({ url }) => storedIn(url)));
    expect(rows[1]).toEqual(rows[0]);
    expect(await storedBetween(rows[0] ?? [])).toEqual(rows[0]);
  });

  it('makes the same read models', async () => {
    const rows = await Promise.all([first, numbered(between), second].map(readModelsOf));
    expect(Object.values(rows[0] ?? {}).flat().length).toBeGreaterThan(EVENTS);
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[2]).toEqual(rows[0]);
  });

  it('is filled up where its import was cut off, and refused where other events are', async () => {
    const elsewhere = await startStandIn();
    const store = await openEventStoreDb({ url: elsewhere.url });
    let appends = 0;
    const cutOff = {
      readAll: (...range: Parameters<EventStoreDb['readAll']>) => store.readAll(...range),
      append: async (...request: Parameters<EventStoreDb['append']>) => {
        if ((appends += 1) === 20) throw new Error('cut off');
        return store.append(...request);
      },
    };
    await expect(importLog(cutOff, () => files[0] as string[])).rejects.toThrow('cut off');
    expect(await importLog(store, () => files[0] as string[])).toEqual({ events: history.length });
    expect(await file(store)).toEqual(files[0]);
    await store.append('budget-X-2024', 'none', [sampleEvent()]);
    await expect(importLog(store, () => files[0] as string[])).rejects.toBeInstanceOf(LogFileRefused);
    await store.close();
    await elsewhere.stop();
  });
});

it('a file out of a log whose clock stepped back carries the time of the log, marks among it', async () => {
  const clock = { now: 1_000 };
  const stepping = await startStandIn({ clock });
  const store = await openEventStoreDb({ url: stepping.url, clock: () => clock.now });
  const record = (revision: number | 'none') => store.append('budget-A-2024', revision, [dated()]);
  await record('none');
  clock.now = 3_000;
  await store.settled(2_999);
  clock.now = 2_000;
  await record(0);
  clock.now = 4_000;
  await record(1);
  const lines = await file(store);
  const times = lines.slice(1).map((line) => Date.parse((JSON.parse(line) as { recordedAt: string }).recordedAt));
  expect(times).toEqual([1_000, 3_000, 4_000]);
  await store.close();
  await stepping.stop();
});

/** The clock of these histories steps back; what a store gives back has been stamped in order. */
function inLogTime(events: readonly Envelope[]): Envelope[] {
  let time = 0;
  return events.map((event) => ({ ...event, recordedAt: (time = Math.max(time, event.recordedAt)) }));
}

const dated = () => sampleEvent({ effectiveDate: civilDate('2024-06-28'), id: randomUUID() });

interface StoredRow {
  readonly stream: string;
  readonly revision: number;
  readonly data: string;
  readonly metadata: string;
}

async function storedIn(url: string): Promise<StoredRow[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<StoredRow>(
    `SELECT stream, revision::int, encode(data, 'hex') AS data, encode(metadata, 'hex') AS metadata
       FROM log.event ORDER BY position`,
  );
  await client.end();
  return rows;
}

/** What EventStoreDB holds at the same places. */
async function storedBetween(rows: readonly StoredRow[]): Promise<StoredRow[]> {
  const connection = new Connection(server.url, 5_000, () => undefined);
  const reader = new Reader(connection);
  const found = new Map<string, StoredRow>();
  for (const stream of new Set(rows.map((row) => row.stream))) {
    for (const record of await reader.page(streamRequest(stream, 0, { count: 10_000 }))) {
      const revision = Number(record.getStreamRevision());
      const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
      const data = hex(record.getData_asU8());
      found.set(`${stream} ${revision}`, { stream, revision, data, metadata: hex(record.getCustomMetadata_asU8()) });
    }
  }
  await connection.close();
  return rows.map(({ stream, revision }) => found.get(`${stream} ${revision}`) as StoredRow);
}

async function readModelsOf(log: LogReader): Promise<Record<string, readonly string[]>> {
  const database = await createDatabase();
  const dataSource = await openReadModels(database.url);
  const projector = await createProjector({ dataSource, log });
  await projector.handle(await log.readAll('start', EVENTS * 2));
  const rows = await allRows(dataSource);
  await dataSource.destroy();
  await database.drop();
  return rows;
}

/** The same log with its events numbered from 1, as PostgreSQL does: positions belong to one store. */
function numbered(log: EventStoreDb): LogReader {
  const number = async (events: readonly Envelope[]): Promise<Envelope[]> => {
    const all = await log.readAll('start', EVENTS * 2);
    const places = new Map(all.map(({ position }, index) => [position, String(index + 1) as Position]));
    return events.map((event) => ({ ...event, position: places.get(event.position) as Position }));
  };
  return {
    readAll: async (after, limit) => {
      const all = await number(await log.readAll('start', EVENTS * 2));
      return all.slice(after === 'start' ? 0 : Number(after)).slice(0, limit);
    },
    read: async function* (stream, range) {
      const events: Envelope[] = [];
      for await (const event of log.read(stream, range)) events.push(event);
      yield* await number(events);
    },
    settled: (instant) => log.settled(instant),
    order: (position) => BigInt(position === 'start' ? 0 : position),
  };
}
