/**
 * However a history is delivered, the rows are the same: batches that come twice, overlap, are split anew or torn in the
 * middle; projectors that start anew or lose to another; streams in other orders beside each other, in parts of the log that
 * have each a position of its own. In PostgreSQL and in memory.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { Envelope } from '#domain/envelope.js';
import { openReadModels } from '#read-model/data-source.js';
import { createMemoryProjector } from '#read-model/memory/projector.js';
import { MemoryReadModels } from '#read-model/memory/read-models.js';
import { rowsInMemory } from '#read-model/memory/rows.js';
import { partitionNamed, preparePartitions, type Partitions } from '#read-model/projections/partitions.js';
import { createProjector } from '#read-model/projections/projector.js';
import { AnotherOwner } from '#read-model/projections/transaction.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
import { chanceOf, type Chance } from '../support/chance.js';
import { longHistory } from '../support/histories.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { roundsOf, writeRow } from './table-row.js';

type Batch = readonly Envelope[];
type Rows = Record<string, readonly string[]>;

interface Projecting {
  handle(batch: Batch): Promise<void>;
}

/** Empty read models of one kind. */
interface Side {
  start(log: RecordedLog, part?: { readonly of: Partitions; readonly name: string }): Promise<Projecting>;
  rows(): Promise<Rows>;
}

// ---- Deliveries ---------------------------------------------------------------------------------------------------

interface Delivery {
  readonly log: RecordedLog;
  readonly chance: Chance;
  readonly side: Side;
}

function cutUp(events: Batch, chance: Chance, largest = 40): Batch[] {
  const batches: Batch[] = [];
  for (let from = 0; from < events.length;) {
    const to = from + 1 + chance.below(largest);
    batches.push(events.slice(from, to));
    from = to;
  }
  return batches;
}

const DELIVERIES: Readonly<Record<string, (delivery: Delivery) => Promise<void>>> = {
  async 'batches that come twice'({ log, chance, side }) {
    const projector = await side.start(log);
    for (const batch of cutUp(log.events, chance)) for (const again of [batch, batch]) await projector.handle(again);
  },

  async 'batches that overlap, the last ones with some from long before'({ log, chance, side }) {
    const projector = await side.start(log);
    let end = 0;
    for (const batch of cutUp(log.events, chance)) {
      const from = chance.below(end + 1);
      end += batch.length;
      await projector.handle(log.events.slice(from, end));
    }
  },

  async 'batches torn in the middle, which come again from their start to one who knows only what is stored'(delivery) {
    const { log, chance, side } = delivery;
    let projector = await side.start(log);
    for (const batch of cutUp(log.events, chance)) {
      await projector.handle(batch.slice(0, chance.below(batch.length + 1)));
      projector = await side.start(log);
      await projector.handle(batch);
    }
  },

  async 'batches that leave some out which later events of their streams bring'({ log, chance, side }) {
    const projector = await side.start(log);
    for (const batch of cutUp(log.events, chance)) await projector.handle(thinned(batch, chance));
  },

  async 'two projectors, of which one loses'({ log, chance, side }) {
    const both = [await side.start(log), await side.start(log)] as const;
    let lost = 0;
    for (const batch of cutUp(log.events, chance, 15)) {
      lost += await handled(chance.pick(both), batch);
    }
    expect(lost).toBeGreaterThan(0);
  },

  async 'parts of the log, each in its own order and to its own position'(delivery) {
    await inParts(delivery, (part) => [...part]);
  },

  async 'parts of the log in which only the events of each stream keep their order'(delivery) {
    await inParts(delivery, (part) => otherwiseMerged(part, delivery.chance));
  },

  async 'parts of the log that leave some out which later events of their streams bring'(delivery) {
    await inParts(delivery, (part) => thinned(part, delivery.chance));
  },
};

/** Without some of the events that another of the same stream follows. */
function thinned(events: Batch, chance: Chance): Batch {
  const last = new Map(events.map((event) => [event.stream, event]));
  return events.filter((event) => last.get(event.stream) === event || !chance.happens(0.2));
}

/** How often the projector had to be asked again because another had moved the position. */
async function handled(projector: Projecting, batch: Batch): Promise<number> {
  for (let lost = 0; ; lost += 1) {
    try {
      await projector.handle(batch);
      return lost;
    } catch (error) {
      if (!(error instanceof AnotherOwner) || lost > 0) throw error;
    }
  }
}

const PARTS = 3;

/** Parts by stream; each delivers batches twice, torn, and to projectors that start anew, in any order beside the others. */
async function inParts({ log, chance, side }: Delivery, ordered: (part: Batch) => Batch): Promise<void> {
  const stamped = withLogTime(log);
  const streams = [...new Set(log.events.map(({ stream }) => stream))];
  const partOf = (stream: string): number => streams.indexOf(stream) % PARTS;
  const waiting = Array.from({ length: PARTS }, (_, part) =>
    cutUp(ordered(stamped.events.filter(({ stream }) => partOf(stream) === part)), chance),
  );
  const names = waiting.map((_, part) => `part ${part}`);
  const of: Partitions = { names, of: (stream) => names[partOf(stream)]! };
  const start = (part: number) => side.start(stamped, { of, name: names[part]! });
  const projectors = await Promise.all(waiting.map((_, part) => start(part)));
  while (waiting.some((batches) => batches.length > 0)) {
    // Some at the same time, as processes of one group work.
    const working = waiting.map((_, part) => part).filter((part) => waiting[part]!.length > 0 && chance.happens(0.6));
    const plans = working.map((part) => ({ part, batch: waiting[part]!.shift()!, torn: chance.happens(0.3) }));
    await Promise.all(
      plans.map(async ({ part, batch, torn }) => {
        if (torn) {
          await projectors[part]!.handle(batch.slice(0, Math.ceil(batch.length / 2)));
          projectors[part] = await start(part);
        }
        await projectors[part]!.handle(batch);
        await projectors[part]!.handle(batch);
      }),
    );
  }
}

/** The log as whoever tails it in order passes it on: each event with the log's time. */
function withLogTime({ events }: RecordedLog): RecordedLog {
  const log = new RecordedLog();
  let recordedAt = 0;
  for (const event of events) {
    recordedAt = Math.max(recordedAt, event.recordedAt);
    log.events.push({ ...event, recordedAt });
  }
  return log;
}

/** Another order of the same events, in which those of each stream keep theirs. */
function otherwiseMerged(events: Batch, chance: Chance): Batch {
  const streams = new Map<string, Envelope[]>();
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  const merged: Envelope[] = [];
  while (merged.length < events.length) {
    const [first, ...rest] = chance.pick([...streams].filter(([, left]) => left.length > 0))![1];
    merged.push(first!);
    streams.set(first!.stream, rest);
  }
  return merged;
}

// ---- Sides --------------------------------------------------------------------------------------------------------

function inMemory(): Side {
  const models = new MemoryReadModels();
  const into = {
    source: models.source,
    storedPlace: async (partition: string, start: bigint) => models.storedPlace(partition, start),
    apply: async (...batch: Parameters<MemoryReadModels['apply']>) => models.apply(...batch),
  };
  return {
    start: (log, part) => createMemoryProjector({ into, log, ...(part === undefined ? {} : { partition: part.name }) }),
    rows: async () => rowsInMemory(models),
  };
}

/** Where each part has its own position, only the rest can be the same. */
function withoutPositions({ projection_position: _positions, ...rows }: Rows): Rows {
  return rows;
}

const IN_MEMORY = roundsOf({ few: 15, short: 15, full: 200 });
const STORED = roundsOf({ few: 3, short: 3, full: 30 });
const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_000);
/** Histories and events delivered, and how many of the former gave other rows. */
const played = { histories: 0, events: 0, differing: 0 };

afterAll(() =>
  writeRow({
    fault: 'delivery repeated, torn and reordered',
    rounds: played.histories,
    sent: played.events,
    acknowledged: played.events,
    refused: 0,
    findings: { lost: 0, doubled: 0, order: 0, differing: played.differing, sums: 0 },
    seed,
    result: played.differing === 0 && played.histories > 0 ? 'held' : 'FAILED',
  }),
);

async function checkDelivery(name: string, history: number, empty: () => Promise<Side>): Promise<void> {
  const log = longHistory(history, 150);
  played.histories += 1;
  played.events += log.events.length;
  played.differing += 1;
  const whole = inMemory();
  await (await whole.start(log)).handle(log.events);
  const side = await empty();
  await DELIVERIES[name]!({ log, chance: chanceOf(history), side });
  const [rows, expected] = [await side.rows(), await whole.rows()];
  if (name.startsWith('parts')) expect(withoutPositions(rows)).toEqual(withoutPositions(expected));
  else expect(rows).toEqual(expected);
  played.differing -= 1;
}

const names = Object.keys(DELIVERIES);

describe('in memory the rows are the same for', () => {
  it.each(names)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), (history) => checkDelivery(name, history, async () => inMemory())),
      { numRuns: IN_MEMORY, seed },
    );
  });
});

describe('in PostgreSQL the rows are the same for', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createDatabase();
    dataSource = await openReadModels(database.url);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function inDatabase(): Promise<Side> {
    for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
    return {
      async start(log, part) {
        if (part === undefined) return createProjector({ dataSource, log });
        await preparePartitions(dataSource, part.of.names, log.order('start'));
        return createProjector({ dataSource, log, partition: partitionNamed(part.of, part.name) });
      },
      rows: () => allRows(dataSource),
    };
  }

  it.each(names)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), (history) => checkDelivery(name, history, inDatabase)),
      { numRuns: STORED, seed },
    );
  });
});
