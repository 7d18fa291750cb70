/**
 * 100,000 events that arrive three times each, and in any order but that of each stream: the rows are those of the log
 * projected as a whole. Messages and projectors in this process, rows in PostgreSQL. Seed: see table-row.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { createMemoryLog, createMemoryStore, type MemoryLog } from '#event-store/memory.js';
import { decode, type StoredEvent } from '#event-store/serialise.js';
import { EVENTS_TOPIC, eventMessage, heartbeatMessages } from '#messaging/event-message.js';
import { createInProcessBroker, createInProcessMessaging, type InProcessBroker } from '#messaging/in-process.js';
import { createLogger } from '#platform/logging.js';
import { openReadModels } from '#read-model/data-source.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { allRows } from '#read-model/specification.js';
import { createProjectorProcess } from '../../../apps/projector/projector-process.js';
import { fillLog } from '../../bench/booked-log.js';
import { chanceOf, type Chance } from '../../support/chance.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { SEED, writeRow } from '../table-row.js';

const EVENTS = 100_000;
const UNITS = 40;
const TIMES = 3;
const TARGET = { partitions: 6, source: 'spec' } as const;
const AT_ONCE = 5_000;
const NEVER_MS = 300_000;

const log: MemoryLog = createMemoryLog();
const store = createMemoryStore({ log });
let delivered: TestDatabase;
let asAWhole: TestDatabase;

beforeAll(async () => {
  [delivered, asAWhole] = [await createDatabase(), await createDatabase()];
  await fillLog(store, EVENTS, UNITS);
}, NEVER_MS);
afterAll(async () => {
  await delivered.drop();
  await asAWhole.drop();
});

describe('a log of which every event arrives three times, its streams in any order beside each other', () => {
  it(
    'gives the rows of the log as a whole',
    async () => {
      let differing = 1;
      try {
        const broker = createInProcessBroker();
        await send(broker, disordered(log.events, chanceOf(SEED)));
        await projected(broker);
        const [rows, expected] = [await rowsOf(delivered), await rowsOf(asAWhole, (into) => rebuild(into, store))];
        expect(Object.keys(rows)).toEqual(Object.keys(expected));
        const other = Object.keys(expected).filter((table) => rows[table]!.join('\n') !== expected[table]!.join('\n'));
        for (const table of other) expect({ table, rows: unlike(rows[table]!, expected[table]!) }).toEqual({ table });
        expect(rows['journal']!.length).toBeGreaterThan(EVENTS * 0.9);
        differing = 0;
      } finally {
        writeRow({
          fault: `distributed: ${EVENTS.toLocaleString('en-US')} events three times, in another order`,
          rounds: 1,
          sent: log.events.length * TIMES,
          acknowledged: log.events.length,
          refused: 0,
          findings: { lost: 0, doubled: 0, order: 0, differing, sums: 0 },
          seed: SEED,
          result: differing === 0 ? 'held' : 'FAILED',
        });
      }
    },
    NEVER_MS,
  );
});

/** Each stream in the order of its revisions, and two more copies of each event some time after it. */
function disordered(events: readonly StoredEvent[], chance: Chance): StoredEvent[] {
  const streams = byStream(events);
  const copies: StoredEvent[] = [];
  const sent: StoredEvent[] = [];
  while (streams.length > 0) {
    const at = chance.below(streams.length);
    const { value, done } = streams[at]!.next();
    if (done === true) streams.splice(at, 1);
    else {
      sent.push(value);
      for (let again = 1; again < TIMES; again += 1) copies.push(value);
    }
    while (copies.length > 0 && chance.happens(0.6)) sent.push(takeAny(copies, chance));
  }
  while (copies.length > 0) sent.push(takeAny(copies, chance));
  return sent;
}

function byStream(events: readonly StoredEvent[]): Iterator<StoredEvent, undefined>[] {
  const streams = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const own = streams.get(event.stream);
    if (own === undefined) streams.set(event.stream, [event]);
    else own.push(event);
  }
  return [...streams.values()].map((own) => own.values());
}

function takeAny<Item>(items: Item[], chance: Chance): Item {
  const at = chance.below(items.length);
  const item = items[at]!;
  const last = items.pop()!;
  if (at < items.length) items[at] = last;
  return item;
}

/** As a relay would send them, and at the very end that each partition has brought all. */
async function send(broker: InProcessBroker, events: readonly StoredEvent[]): Promise<void> {
  const messaging = createInProcessMessaging(broker);
  await messaging.createTopic(EVENTS_TOPIC, TARGET.partitions);
  for (let from = 0; from < events.length; from += AT_ONCE) {
    const messages = events.slice(from, from + AT_ONCE).map((event) => {
      const envelope = decode(event);
      return eventMessage({ ...event, envelope, time: envelope.recordedAt }, TARGET);
    });
    await messaging.publish(EVENTS_TOPIC, messages);
  }
  await messaging.publish(
    EVENTS_TOPIC,
    heartbeatMessages({ position: end().position, time: end().recordedAt }, TARGET),
  );
  await messaging.close();
}

const end = () => decode(log.events.at(-1)!);

/** Until two projectors that share the topic have taken in all of it. */
async function projected(broker: InProcessBroker): Promise<void> {
  let failed: Error | undefined;
  const config = {
    databaseUrl: delivered.url,
    eventStoreUrl: '',
    kafkaBrokers: [],
    kafkaPartitions: TARGET.partitions,
    publicHosts: [],
  };
  const projectors = [1, 2].map(() =>
    createProjectorProcess(config, createLogger('silent'), {
      openLog: async () => createMemoryStore({ log }),
      openMessaging: () => createInProcessMessaging(broker),
      onFatal: (error) => (failed = new Error('a projector cannot go on', { cause: error })),
    }),
  );
  let dataSource: DataSource | undefined;
  try {
    for (const projector of projectors) await (await projector.start()).init();
    dataSource = await openReadModels(delivered.url);
    const deadline = performance.now() + NEVER_MS;
    for (;;) {
      if (failed !== undefined) throw failed;
      const rows: { position: string }[] = await dataSource.query('SELECT position FROM projection_position');
      if (rows.length === TARGET.partitions && rows.every(({ position }) => position === end().position)) return;
      if (performance.now() > deadline)
        throw new Error(`the projectors never come to the end: ${JSON.stringify(rows)}`);
      await pause(50);
    }
  } finally {
    await dataSource?.destroy();
    for (const projector of projectors) await projector.stop();
  }
}

/** All rows but the positions, of which each part has its own. */
async function rowsOf(
  { url }: TestDatabase,
  fill: (dataSource: DataSource) => Promise<unknown> = async () => undefined,
): Promise<Record<string, readonly string[]>> {
  const dataSource = await openReadModels(url);
  try {
    await fill(dataSource);
    const { projection_position: _positions, ...rows } = await allRows(dataSource);
    return rows;
  } finally {
    await dataSource.destroy();
  }
}

/** Some of the rows that are on one side only. */
function unlike(rows: readonly string[], expected: readonly string[]) {
  const only = (these: readonly string[], those: readonly string[]): string[] => {
    const there = new Set(those);
    return these.filter((row) => !there.has(row)).slice(0, 3);
  };
  return { tooMany: only(rows, expected), missing: only(expected, rows) };
}
