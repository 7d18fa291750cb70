/**
 * 100,000 events that arrive three times each, and in any order but that of each stream: the rows are those of the log
 * projected as a whole. Messages and projectors in this process, rows in PostgreSQL. Seed: see table-row.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Envelope } from '#domain/envelope.js';
import { createMemoryLog, createMemoryStore } from '#event-store/memory.js';
import type { StoredEvent } from '#event-store/serialise.js';
import { eventMessage, heartbeatMessages } from '#messaging/event-message.js';
import { createInProcessMessaging } from '#messaging/in-process.js';
import type { OutgoingMessage } from '#messaging/port.js';
import { openReadModels } from '#read-model/data-source.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { allRows } from '#read-model/specification.js';
import { fillLog } from '../../bench/booked-log.js';
import { chanceOf, type Chance } from '../../support/chance.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { SEED, writeRow } from '../table-row.js';

const EVENTS = 100_000;
const UNITS = 40;
const TIMES = 3;
const TOPIC = 'budget.events.v1';
const TARGET = { partitions: 6, source: 'spec' } as const;
const AT_ONCE = 500;

let database: TestDatabase;
let expected: TestDatabase;
const opened: DataSource[] = [];

beforeAll(async () => {
  [database, expected] = [await createDatabase(), await createDatabase()];
});
afterAll(async () => {
  for (const dataSource of opened) await dataSource.destroy();
  await database.drop();
  await expected.drop();
});

describe('a log of which every event arrives three times, its streams in any order beside each other', () => {
  it('gives the rows of the log as a whole', async () => {
    const log = createMemoryLog();
    const store = createMemoryStore({ log });
    await fillLog(store, EVENTS, UNITS);
    const row = { lost: 0, doubled: 0, order: 0, differing: 1, sums: 0 };
    try {
      const messages = disordered(log.events, chanceOf(SEED));
      await publish(messages);
    } finally {
      writeRow({
        fault: `distributed: ${EVENTS} events three times, in another order`,
        rounds: 1,
        sent: log.events.length * TIMES,
        acknowledged: log.events.length,
        refused: 0,
        findings: row,
        seed: SEED,
        result: row.differing === 0 ? 'held' : 'FAILED',
      });
    }
  });
});

/**
 * Every event of every stream in turn, and its copies some time after it. At the very end each partition says that it has
 * brought all.
 */
function disordered(events: readonly StoredEvent[], chance: Chance): StoredEvent[] {
  const streams = [...Map.groupBy(events, ({ stream }) => stream).values()].map((own) => own.values());
  const copies: StoredEvent[] = [];
  const sent: StoredEvent[] = [];
  const takeAny = <Item>(items: Item[]): Item => {
    const at = chance.below(items.length);
    const [item, last] = [items[at]!, items.pop()!];
    if (at < items.length) items[at] = last;
    return item;
  };
  while (streams.length > 0) {
    const at = chance.below(streams.length);
    const { value, done } = streams[at]!.next();
    if (done === true) streams.splice(at, 1);
    else {
      sent.push(value);
      for (let again = 1; again < TIMES; again += 1) copies.push(value);
    }
    while (copies.length > 0 && chance.happens(0.6)) sent.push(takeAny(copies));
  }
  while (copies.length > 0) sent.push(takeAny(copies));
  return sent;
}
