import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { approved, pay } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { openReadModels } from '#read-model/data-source.js';
import { figuresInMemory, freshnessInMemory, placeInMemory } from '#read-model/memory/figures.js';
import { createMemoryProjector, type ProjectedInto } from '#read-model/memory/projector.js';
import { MemoryReadModels } from '#read-model/memory/read-models.js';
import { rowsInMemory } from '#read-model/memory/rows.js';
import { Absorber } from '#read-model/projections/absorb.js';
import { createProjector } from '#read-model/projections/projector.js';
import { figures } from '#read-model/queries/figures.js';
import { freshness, placeAt } from '#read-model/queries/known.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
import { longHistory, shortHistory } from '../../../test/support/histories.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

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

const emptied = async (): Promise<void> => {
  for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
};

const behindPromises = (models: MemoryReadModels): ProjectedInto => ({
  source: models.source,
  storedPlace: async (partition, start) => models.storedPlace(partition, start),
  apply: async (partition, place, absorbed) => models.apply(partition, place, absorbed),
});

describe('read models in memory', () => {
  it('hold the rows of PostgreSQL, letter for letter, after any history in any batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          shortHistory,
          fc.nat().map((seed) => longHistory(seed, 200)),
        ),
        fc.integer({ min: 1, max: 40 }),
        async (log, size) => {
          await emptied();
          const stored = await createProjector({ dataSource, log });
          await stored.handle(log.events);
          const models = new MemoryReadModels();
          // A projector that knows nothing but what is stored, now and then.
          let projector = await createMemoryProjector({ into: behindPromises(models), log });
          for (let from = 0; from < log.events.length; from += size) {
            await projector.handle(log.events.slice(from, from + size));
            if (from % 3 === 0) projector = await createMemoryProjector({ into: behindPromises(models), log });
          }
          expect(rowsInMemory(models)).toEqual(await allRows(dataSource));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('answer as PostgreSQL does, by account, where the read models stand and what the clock says', async () => {
    await emptied();
    const log = longHistory(1, 200);
    await (await createProjector({ dataSource, log })).handle(log.events);
    const models = new MemoryReadModels();
    await (await createMemoryProjector({ into: behindPromises(models), log })).handle(log.events);
    expect(await freshness(dataSource)).toEqual({ ...freshnessInMemory(models), last: BigInt(log.events.length) });
    for (const { recordedAt } of log.events.filter((_event, nth) => nth % 20 === 0)) {
      expect(placeInMemory(models, recordedAt)).toEqual(await placeAt(dataSource, recordedAt));
      expect(placeInMemory(models, recordedAt - 1)).toEqual(await placeAt(dataSource, recordedAt - 1));
    }
    for (const knownAt of [undefined, 0n, 20n, 90n, 150n, 200n]) {
      const at = {
        unit: 'U1',
        year: 2024,
        asOf: civilDate('2024-06-30'),
        ...(knownAt === undefined ? {} : { knownAt }),
      };
      const answer = await figures(dataSource, at);
      expect(figuresInMemory(models, at)).toEqual(answer);
      // Both ways of summing for a past known-at, whichever the length of the journal would choose.
      expect(figuresInMemory(models, at, 'less-later')).toEqual(answer);
      expect(figuresInMemory(models, at, 'from-journal')).toEqual(answer);
    }
  });
});

describe('a batch', () => {
  let log: RecordedLog;
  let models: MemoryReadModels;
  beforeEach(async () => {
    log = new RecordedLog();
    log.book('U1', 2024, approved({ A: '1000.00' }), pay('V1', 'A', '1.00'));
    models = new MemoryReadModels();
    await (await createMemoryProjector({ into: behindPromises(models), log })).handle(log.events);
    log.book('U1', 2024, pay('V2', 'A', '2.00'));
  });

  const absorbed = async () => {
    const place = models.storedPlace('log', 0n);
    return { place, absorbed: await new Absorber(place, models.source, log).absorb(log.events) };
  };

  it('is written as a whole or not at all', async () => {
    const before = rowsInMemory(models);
    const batch = await absorbed();
    const [effect] = batch.absorbed.changes.effects;
    batch.absorbed.changes.effects.push(effect!);
    expect(() => models.apply('log', batch.place, batch.absorbed)).toThrow('journal has a row U1 2024 4 0 already');
    expect(rowsInMemory(models)).toEqual(before);
  });

  it('is refused when another has moved the position, and nothing of it is written', async () => {
    const batch = await absorbed();
    models.apply('log', batch.place, batch.absorbed);
    const after = rowsInMemory(models);
    expect(() => models.apply('log', batch.place, batch.absorbed)).toThrow('another projector has moved them');
    expect(rowsInMemory(models)).toEqual(after);
  });

  it('is copied: what its writer does with the rows afterwards stays its own', async () => {
    const batch = await absorbed();
    models.apply('log', batch.place, batch.absorbed);
    const after = rowsInMemory(models);
    for (const row of batch.absorbed.changes.booked.vouchers) row.purpose = 'changed';
    for (const { row } of batch.absorbed.changes.effects) row.account = 99;
    for (const row of models.tables.papers.vouchers.all()) row.purpose = 'changed';
    expect(rowsInMemory(models)).toEqual(after);
  });

  it('reaches a stream that is parked, which stops alone and goes on once it can', async () => {
    const [poison] = log.book('U1', 2024, pay('V3', 'A', '4.00'));
    log.events[log.events.indexOf(poison!)] = { ...poison!, version: 7 };
    log.book('U2', 2024, approved({ A: '10.00' }));
    await (await createMemoryProjector({ into: behindPromises(models), log })).handle(log.events);
    expect([...models.tables.parked.all()]).toMatchObject([{ stream: 'budget-U1-2024', revision: 4, heldRevision: 4 }]);
    expect(models.tables.budgetLine.find({ unit: 'U2', year: 2024, line: 'A' })?.originalFen).toBe(1000);
    expect(models.tables.budgetLine.find({ unit: 'U1', year: 2024, line: 'A' })?.paidFen).toBe(300);
  });
});
