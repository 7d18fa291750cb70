/**
 * Any history that the rules allow: however it is delivered (in batches of any size, twice, by projectors that start anew in
 * between) the rows are the same, a rebuild gives them again, verification finds no fault with them, and questions about any
 * moment get what a fold of the log gives.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { civilDate } from '#domain/calendar.js';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import {
  adjust,
  add,
  approved,
  cancelRequest,
  carryOver,
  closeYear,
  cut,
  freeze,
  on,
  openLine,
  pay,
  plan,
  reattribute,
  reclassifyLine,
  reclassifyPayment,
  release,
  reopen,
  reopenYear,
  requestPayment,
  returnPayment,
  reverseAdjustment,
  reversePayment,
  reverseReturn,
  reverseTakeBack,
  reviseCarryOver,
  seal,
  takeBack,
  transfer,
  withdraw,
  yuan,
} from '#domain/budget/specification.js';
import { directoryDecider, type DirectoryCommand } from '#domain/directory/decide.js';
import type { DomainEvent, Envelope } from '#domain/envelope.js';
import type { Figure } from '#domain/metrics/quantities.js';
import { performanceStream } from '#domain/performance/decide.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { verify } from '#read-model/projections/verify.js';
import type { At } from '#read-model/queries/at.js';
import { figures } from '#read-model/queries/figures.js';
import { journal, type JournalEntry, type JournalFilter } from '#read-model/queries/journal.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
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

// ---- Histories ----------------------------------------------------------------------------------------------------

const line = fc.constantFrom('A', 'B', 'C');
const id = (letter: string) => fc.integer({ min: 1, max: 4 }).map((n) => `${letter}${n}`);
const amount = fc.constantFrom('0.01', '1.00', '5.00', '7.50', '20.00');
const day = fc.constantFrom('01-01', '02-29', '03-01', '03-31', '06-30', '09-15', '12-31').map((text) => on(text));
const code = fc.constantFrom('30201', '30211', '31002');
const originYear = fc.constantFrom(2022, 2023);

const command: fc.Arbitrary<BudgetCommand> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(line, day, code)
      .map(([of, when, departmentEconomic]) => openLine(of, { codes: { departmentEconomic } }, when)),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(amount, day).map(([basic, when]) =>
      approved(
        {
          A: { amount: '100.00', halfYearPlanFen: yuan('40.00') },
          B: '50.00',
          C: { amount: basic, expenditure: 'basic' },
        },
        when,
      ),
    ),
  },
  { weight: 1, arbitrary: day.map((when) => withdraw(when)) },
  { weight: 2, arbitrary: fc.tuple(line, code, day).map(([of, to, when]) => reclassifyLine(of, to, when)) },
  { weight: 2, arbitrary: fc.tuple(id('C'), line, amount, originYear).map((parts) => carryOver(...parts)) },
  { weight: 1, arbitrary: fc.tuple(id('C'), amount).map((parts) => reviseCarryOver(...parts)) },
  {
    weight: 4,
    arbitrary: fc.tuple(id('A'), line, line, amount, day).map(([no, from, to, by, when]) =>
      adjust(no, [add(from, by), cut(to, '0.50'), transfer(from, to, '0.25')], {
        ...when,
        document: { number: 'No. 7' },
      }),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(id('A'), day).map(([no, when]) => reverseAdjustment(no, when)) },
  { weight: 2, arbitrary: fc.tuple(id('F'), line, amount).map((parts) => freeze(...parts)) },
  { weight: 2, arbitrary: id('F').map((no) => release(no, '0.01')) },
  {
    weight: 1,
    arbitrary: fc.tuple(line, amount, day).map(([of, by, when]) => plan(of, Array<string>(12).fill(by), when)),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(id('R'), line, amount).map(([requestId, of, by]) => requestPayment(of, by, { requestId })),
  },
  { weight: 2, arbitrary: id('R').map((no) => cancelRequest(no)) },
  { weight: 8, arbitrary: fc.tuple(id('V'), line, amount, day).map(([no, of, by, when]) => pay(no, of, by, when)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(id('V'), line, amount, id('R'))
      .map(([no, of, by, requestId]) => pay(no, of, by, { requestId })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(id('V'), line, amount, originYear, code)
      .map(([no, of, by, lot, departmentEconomic]) => pay(no, of, by, { originYear: lot, departmentEconomic })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id('T'), id('V'), amount, fc.oneof(day, fc.constant(on('2025-02-01'))))
      .map((parts) => returnPayment(...parts)),
  },
  { weight: 3, arbitrary: fc.tuple(id('T'), day).map(([no, when]) => reverseReturn(no, when)) },
  { weight: 3, arbitrary: fc.tuple(id('V'), code, day).map(([no, to, when]) => reclassifyPayment(no, to, when)) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id('V'), line, line, amount)
      .map(([no, from, to, by]) => reattribute(no, from, to, { amount: by })),
  },
  { weight: 3, arbitrary: fc.tuple(id('V'), day).map(([no, when]) => reversePayment(no, when)) },
  { weight: 1, arbitrary: fc.constantFrom<BudgetCommand>(seal('01-01'), reopen('01-01'), closeYear(), reopenYear()) },
  { weight: 1, arbitrary: fc.tuple(id('K'), line, amount).map(([no, of, by]) => takeBack(no, of, by)) },
  { weight: 1, arbitrary: id('K').map((no) => reverseTakeBack(no)) },
);

const unitCommand: fc.Arbitrary<DirectoryCommand> = fc.oneof(
  fc.record({
    type: fc.constant('RegisterUnit' as const),
    unit: fc.constantFrom('U1', 'U2'),
    name: fc.constantFrom('甲', '乙'),
    validFrom: fc.constant(civilDate('2024-01-01')),
  }),
  fc.record({
    type: fc.constant('RenameUnit' as const),
    unit: fc.constantFrom('U1', 'U2'),
    name: fc.constantFrom('丙', '丁'),
    validFrom: fc.constant(civilDate('2024-05-01')),
  }),
  fc.record({
    type: fc.constant('MoveUnit' as const),
    unit: fc.constantFrom('U1', 'U2'),
    parent: fc.constantFrom(null, 'U1'),
    validFrom: fc.constant(civilDate('2024-06-01')),
  }),
);

type Step =
  | { readonly unit: 'U1' | 'U2'; readonly command: BudgetCommand }
  | { readonly directory: DirectoryCommand }
  | 'targets';

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ unit: fc.constantFrom('U1' as const, 'U2' as const), command }) },
  { weight: 2, arbitrary: fc.record({ directory: unitCommand }) },
  { weight: 1, arbitrary: fc.constant('targets' as const) },
);

const targets: DomainEvent = {
  type: 'TargetsApproved',
  effectiveDate: civilDate('2024-01-01'),
  data: {
    indicators: [
      {
        indicator: 'I01',
        block: 1,
        level1: '过程',
        level2: '预算执行',
        level3: '预算"执行"率\\',
        kind: 'RATIO',
        comparator: '=',
        half: { text: '＝38%', value: '38' },
        annual: { text: '＝100%', value: '100' },
        decimals: 0,
        unit: '%',
        checkpointBasis: 'FULL_YEAR',
      },
    ],
  },
};

/** The log of all steps that the rules accept, each stamped at or before the one before it now and then. */
function logOf(steps: readonly Step[]): RecordedLog {
  const log = new RecordedLog();
  const decider = budgetDecider('U1', 2024);
  const states = { U1: decider.initialState(), U2: decider.initialState() };
  const units = directoryDecider.initialState();
  steps.forEach((entry, index) => {
    if (index % 7 === 3) log.now -= 1_500;
    if (entry === 'targets') log.append(performanceStream('U1', 2024), [targets]);
    else if ('directory' in entry) {
      const decision = directoryDecider.decide(entry.directory, units);
      if (!decision.accepted || decision.events.length === 0) return;
      for (const event of decision.events) directoryDecider.evolve(units, event);
      log.append('directory', decision.events);
    } else {
      const decision = decider.decide(entry.command, states[entry.unit]);
      if (!decision.accepted || decision.events.length === 0) return;
      for (const event of decision.events) decider.evolve(states[entry.unit], event);
      log.append(budgetStream(entry.unit, 2024), decision.events);
    }
  });
  return log;
}

/** Most histories begin with an approved table, so that what follows finds something to act on. */
const beginning = fc.constantFrom<readonly Step[]>(
  [],
  (['U1', 'U2'] as const).map((unit) => ({ unit, command: approved({ A: '100.00', B: '50.00', C: '20.00' }) })),
  [{ unit: 'U1', command: approved({ A: '900.00', B: { amount: '500.00', halfYearPlanFen: yuan('40.00') } }) }],
);

const history = fc.record({
  log: fc
    .tuple(beginning, fc.array(step, { minLength: 60, maxLength: 160, size: 'max' }))
    .map(([first, then]) => logOf([...first, ...then])),
  batchSize: fc.integer({ min: 1, max: 40 }),
});

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
