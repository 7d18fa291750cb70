/**
 * Any history that the rules allow: however it is delivered (in batches of any size, twice, by projectors that start anew in
 * between) the rows are the same, a rebuild gives them again, verification finds no fault with them, and questions about any
 * moment get what a fold of the log gives.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { civilDate } from '#domain/calendar.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import type { Envelope } from '#domain/envelope.js';
import type { Figure } from '#domain/metrics/quantities.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { verify } from '#read-model/projections/verify.js';
import type { At } from '#read-model/queries/at.js';
import { figures } from '#read-model/queries/figures.js';
import { journal, type JournalEntry, type JournalFilter } from '#read-model/queries/journal.js';
import { allRows, type RecordedLog } from '#read-model/specification.js';
import { shortHistory } from '../../../test/support/histories.js';
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

const history = fc.record({ log: shortHistory, batchSize: fc.integer({ min: 1, max: 40 }) });

// ---- Deliveries ---------------------------------------------------------------------------------------------------

async function emptied(): Promise<void> {
  for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
}

function* batches(events: readonly Envelope[], size: number): Generator<readonly Envelope[]> {
  for (let from = 0; from < events.length; from += size) yield events.slice(from, from + size);
}

async function deliveredAtOnce(log: RecordedLog): Promise<Record<string, readonly string[]>> {
  await emptied();
  const projector = await createProjector({ dataSource, log });
  await projector.handle(log.events);
  return allRows(dataSource);
}

/** Every batch twice, the second time to a projector that knows nothing but what is stored. */
async function deliveredTwice(log: RecordedLog, batchSize: number): Promise<Record<string, readonly string[]>> {
  await emptied();
  const first = await createProjector({ dataSource, log });
  for (const batch of batches(log.events, batchSize)) {
    await first.handle(batch);
    await first.handle(batch);
  }
  return allRows(dataSource);
}

/** Every batch to a projector that has just started, after the batch before came again with it. */
async function deliveredAnew(log: RecordedLog, batchSize: number): Promise<Record<string, readonly string[]>> {
  await emptied();
  await createProjector({ dataSource, log });
  for (let to = batchSize; to < log.events.length + batchSize; to += batchSize) {
    const projector = await createProjector({ dataSource, log });
    await projector.handle(log.events.slice(Math.max(0, to - 2 * batchSize), to));
  }
  return allRows(dataSource);
}

describe('the rows of any history', () => {
  it('are the same however it is delivered, come out of a rebuild again, and pass verification', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(history, async ({ log, batchSize }) => {
        for (const { type } of log.events) seen.add(type);
        const rows = await deliveredAtOnce(log);
        expect(await deliveredTwice(log, batchSize)).toEqual(rows);
        expect(await deliveredAnew(log, batchSize)).toEqual(rows);
        const verified = await verify(dataSource, log);
        expect(verified).toMatchObject({ equal: true, differences: [], events: log.events.length });
        await dataSource.query('UPDATE payment SET fen = 1');
        expect((await rebuild(dataSource, log)).events).toBe(log.events.length);
        expect(await allRows(dataSource)).toEqual(rows);
      }),
      { numRuns: 15 },
    );
    expect(seen.size).toBeGreaterThan(20);
  });
});

// ---- Reading back -------------------------------------------------------------------------------------------------

interface Recalled {
  readonly position: bigint;
  readonly seq: number;
  readonly on: string;
  readonly figure: Omit<Figure, 'fen'>;
  readonly fen: number;
}

/** Every effect of a budget's events, from a fold of the log alone. */
function recalled(log: RecordedLog): Recalled[] {
  const state = budgetDecider('U1', 2024).initialState();
  return log.events
    .filter(({ stream }) => stream === budgetStream('U1', 2024))
    .flatMap((envelope) =>
      apply(state, envelope as unknown as BudgetEvent).map(({ fen, counterLine: _end, ref: _ref, ...effect }, seq) => {
        const { fund, expenditure } = state.lines.get(effect.line)!;
        const position = BigInt(envelope.position);
        return { position, seq, on: envelope.effectiveDate, figure: { ...effect, fund, expenditure }, fen };
      }),
    );
}

const sorted = (figure: object): string => JSON.stringify(Object.entries(figure).sort());

function summed(effects: readonly Recalled[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { figure, fen } of effects) sums.set(sorted(figure), (sums.get(sorted(figure)) ?? 0) + fen);
  return new Map([...sums].filter(([, fen]) => fen !== 0).sort());
}

const moment = fc.record({
  asOf: fc.constantFrom('2024-01-01', '2024-03-01', '2024-06-30', '2024-12-31').map(civilDate),
  /** Share of the log that is known, in hundredths. */
  known: fc.integer({ min: 0, max: 100 }),
});

describe('a question about any moment', () => {
  it('gets the sums and entries that a fold of the log up to then gives', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(moment, { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 1, max: 30 }),
        async ({ log }, moments, limit) => {
          await deliveredAtOnce(log);
          const effects = recalled(log);
          for (const { asOf, known } of moments) {
            const knownAt = BigInt(Math.floor((log.events.length * known) / 100));
            const at: At = { unit: 'U1', year: 2024, asOf, knownAt };
            const then = effects.filter(({ on: day, position }) => day <= asOf && position <= knownAt);
            const came = (await figures(dataSource, at)).map(({ fen, ...figure }) => [sorted(figure), fen] as const);
            expect(new Map([...came].sort())).toEqual(summed(then));

            const filter: JournalFilter = known % 2 === 0 ? {} : { line: 'A' };
            const wanted = then
              .filter(({ figure }) => filter.line === undefined || figure.line === filter.line)
              .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : Number(a.position - b.position) || a.seq - b.seq));
            const entries = await wholeJournal(at, filter, limit);
            compared += entries.length;
            expect(entries.map(({ position, seq, fen }) => [position, seq, fen])).toEqual(
              wanted.map(({ position, seq, fen }) => [position, seq, fen]),
            );
          }
        },
      ),
      { numRuns: 15 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

async function wholeJournal(at: At, filter: JournalFilter, limit: number): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (let more = true; more;) {
    const after = entries.at(-1);
    const page = await journal(dataSource, at, { filter, limit, ...(after === undefined ? {} : { after }) });
    entries.push(...page.entries);
    more = page.more;
  }
  return entries;
}
