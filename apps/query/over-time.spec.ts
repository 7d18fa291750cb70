/**
 * Any history of three years: every point of a curve says what the figures of its date say, asked one by one and at the same
 * known-at, and the lots of carried-over money add up to C0 and are those of a fold of the log.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { Effect } from '#domain/budget/effects.js';
import type { BudgetEvent, YearClosed } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import { amountOf, lineageOf } from '#domain/budget/lineage.js';
import { lotsOf } from '#domain/budget/lots.js';
import {
  add,
  adjust,
  approved,
  closeYear,
  cut,
  lot,
  on,
  openLine,
  pay,
  plan,
  reopenYear,
  returnPayment,
  reverseAdjustment,
  reversePayment,
  reviseCarryOver,
  takeBack,
  transfer,
  withdraw,
  yuan,
} from '#domain/budget/specification.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import { carriedLots, lotTotals } from '#domain/metrics/carried-lots.js';
import { plannedToDate } from '#domain/metrics/planned.js';
import { inScope, lineQuantities, quantities, type Scope } from '#domain/metrics/quantities.js';
import { series } from '#domain/metrics/series.js';
import { fen, sum } from '#domain/money.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import type { At } from '#read-model/queries/at.js';
import { figures } from '#read-model/queries/figures.js';
import { lineDefinitions } from '#read-model/queries/lines.js';
import { pictureInputs, pictureOf } from '#read-model/queries/picture.js';
import { seriesInputs } from '#read-model/queries/series.js';
import { snapshot } from '#read-model/queries/snapshot.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { pictureIn } from './figures.js';
import { unitStory } from './unit-story.js';

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

const YEARS = [2022, 2023, 2024] as const;
const line = fc.constantFrom('A', 'B', 'C');
const id = (letter: string) => fc.integer({ min: 1, max: 4 }).map((n) => `${letter}${n}`);
const amount = fc.constantFrom('0.01', '1.00', '5.00', '7.50', '20.00');
const DAYS = ['01-01', '01-31', '02-15', '03-01', '06-30', '07-04', '12-31'];

function commandOf(year: number): fc.Arbitrary<BudgetCommand> {
  const day = fc.constantFrom(...DAYS).map((text) => on(`${year}-${text}`));
  const origin = fc.constantFrom(undefined, year - 1, year - 2);
  const ofLot = origin.map((originYear) => (originYear === undefined ? {} : { originYear }));
  const opened = { A: '100.00', B: '50.00', C: { amount: '20.00', expenditure: 'basic' } } as const;
  return fc.oneof(
    { weight: 4, arbitrary: day.map((when) => approved({ ...opened, A: HALVED }, when)) },
    { weight: 1, arbitrary: day.map((when) => approved({ ...opened, B: GOVERNMENT }, when)) },
    { weight: 1, arbitrary: day.map((when) => withdraw(when)) },
    { weight: 2, arbitrary: fc.tuple(line, day).map(([of, when]) => openLine(of, {}, when)) },
    {
      weight: 5,
      arbitrary: fc
        .tuple(id('C'), line, amount, fc.integer({ min: 1, max: 2 }), day)
        .map(([no, of, by, age, when]): BudgetCommand => ({
          type: 'BringCarryOverForward',
          ...when,
          carryOvers: [lot(no, of, by, year - age)],
        })),
    },
    { weight: 2, arbitrary: fc.tuple(id('C'), amount, day).map((parts) => reviseCarryOver(...parts)) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(id('A'), line, line, amount, day, ofLot)
        .map(([no, from, to, by, when, of]) =>
          adjust(no, [add(to, by), cut(from, '0.50', of), transfer(from, to, '0.25', of)], when),
        ),
    },
    { weight: 2, arbitrary: fc.tuple(id('A'), day).map(([no, when]) => reverseAdjustment(no, when)) },
    {
      weight: 10,
      arbitrary: fc
        .tuple(id('V'), line, amount, day, ofLot)
        .map(([no, of, by, when, originYear]) => pay(no, of, by, { ...when, ...originYear })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(id('T'), id('V'), amount, day).map((parts) => returnPayment(...parts)),
    },
    { weight: 2, arbitrary: fc.tuple(id('V'), day).map(([no, when]) => reversePayment(no, when)) },
    {
      weight: 2,
      arbitrary: fc.tuple(line, amount, day).map(([of, by, when]) => plan(of, Array<string>(12).fill(by), when)),
    },
    { weight: 2, arbitrary: fc.constant(closeYear([], on(`${year}-12-31`))) },
    { weight: 1, arbitrary: fc.constant(reopenYear(on(`${year}-12-31`))) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(id('K'), line, amount, fc.integer({ min: 0, max: 1 }))
        .map(([no, of, by, age]) => takeBack(no, of, by, { ...on(`${year}-12-31`), originYear: year - age })),
    },
  );
}
const HALVED = { amount: '100.00', halfYearPlanFen: yuan('40.00') };
const GOVERNMENT = { amount: '50.00', fund: 'government-funds' } as const;

/** A command in a year, or what the close of a year carried over brought into the next one, citing it. */
type Step = { readonly year: number; readonly command: BudgetCommand } | { readonly carryFrom: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(...YEARS).chain((year) => commandOf(year).map((command) => ({ year, command }))),
  },
  { weight: 2, arbitrary: fc.constantFrom(2022, 2023).map((carryFrom) => ({ carryFrom })) },
);

function logOf(steps: readonly Step[]): RecordedLog {
  const log = new RecordedLog();
  const deciders = new Map(YEARS.map((year) => [year as number, budgetDecider('U1', year)]));
  const states = new Map([...deciders].map(([year, decider]) => [year, decider.initialState()]));
  for (const entry of steps) {
    const found = 'command' in entry ? entry : carried(log, entry.carryFrom);
    const state = found && states.get(found.year);
    const decider = found && deciders.get(found.year);
    if (found === undefined || state === undefined || decider === undefined) continue;
    const decision = decider.decide(found.command, state);
    if (!decision.accepted) continue;
    for (const event of decision.events) decider.evolve(state, event);
    if (decision.events.length > 0) log.append(budgetStream('U1', found.year), decision.events);
  }
  return log;
}

/** As the next year's opening books it: one carry-over a lot, under a number of its own. */
function carried(log: RecordedLog, from: number): { year: number; command: BudgetCommand } | undefined {
  const stream = budgetStream('U1', from);
  const closed = log.events.findLast((event) => event.stream === stream && event.type === 'YearClosed');
  if (closed === undefined) return undefined;
  const { closure, lots } = closed.data as YearClosed['data'];
  const carryOvers = lots
    .filter((of) => of.class === 'carry-over')
    .map((of, index) => ({
      carryOverId: `Z${closure}-${index}`,
      line: of.line,
      originYear: of.originYear,
      originLine: of.line,
      fen: of.fen,
      source: { stream, revision: closed.revision, closure },
    }));
  if (carryOvers.length === 0) return undefined;
  const year = from + 1;
  return { year, command: { type: 'BringCarryOverForward', ...on(`${year}-01-01`), carryOvers } };
}

const beginning: readonly Step[] = YEARS.map((year) => ({
  year,
  command: approved({ A: HALVED, B: '50.00', C: { amount: '20.00', expenditure: 'basic' } }, on(`${year}-01-01`)),
}));

/** Entered wrongly, taken back, and approved again from an earlier date, with another fund on one line. */
const corrected: readonly Step[] = YEARS.flatMap((year) => [
  { year, command: approved({ A: HALVED, B: '50.00' }, on(`${year}-01-01`)) },
  { year, command: withdraw(on(`${year}-03-01`)) },
  { year, command: approved({ A: HALVED, B: GOVERNMENT }, on(`${year}-01-31`)) },
]);

const history = fc
  .tuple(
    fc.constantFrom([], beginning, beginning, corrected),
    fc.array(step, { minLength: 60, maxLength: 140, size: 'max' }),
  )
  .map(([first, then]) => logOf([...first, ...then]));

const scope: fc.Arbitrary<Scope> = fc.record({
  funds: fc.constantFrom<Scope['funds']>('all', ['general-public'], ['government-funds']),
  expenditure: fc.constantFrom<Scope['expenditure']>('all', 'basic', 'project'),
});

const question = fc.record({
  year: fc.constantFrom(2023, 2024),
  day: fc.constantFrom('01-01', '02-20', '06-30', '12-31'),
  /** Share of the log that is known, in hundredths; above 100: known now. */
  known: fc.integer({ min: 0, max: 110 }),
  scope,
  line: fc.constantFrom(undefined, 'A'),
  by: fc.constantFrom('month' as const, 'day' as const),
});
type Question = typeof question extends fc.Arbitrary<infer Asked> ? Asked : never;

const atOf = (log: RecordedLog, { year, day, known }: Question): At => ({
  unit: 'U1',
  year,
  asOf: civilDate(`${year}-${day}`),
  ...(known > 100 ? {} : { knownAt: BigInt(Math.floor((log.events.length * known) / 100)) }),
});

async function delivered(log: RecordedLog): Promise<void> {
  for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
  await (await createProjector({ dataSource, log })).handle(log.events);
}

// ---- Curves -------------------------------------------------------------------------------------------------------

describe('a curve of any history', () => {
  it('says at every point what the picture of its date says', async () => {
    let points = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.array(question, { minLength: 4, maxLength: 4 }), async (log, questions) => {
        await delivered(log);
        for (const asked of questions) {
          const at = atOf(log, asked);
          const { by, scope: of, line: only } = asked;
          const inputs = await seriesInputs(dataSource, at, { by, scope: of, ...(only ? { line: only } : {}) });
          for (const { on: date, planned, plannedAssumed, actual } of series(inputs)) {
            points += 1;
            if (date > at.asOf) {
              expect([date, planned]).toEqual([date, await plannedLater(at, date, asked)]);
              continue;
            }
            const whole = pictureIn(pictureOf(await pictureInputs(dataSource, { ...at, asOf: date })), of);
            const picture = only === undefined ? whole : onLine(whole, only);
            const sums = quantities(picture, of);
            expect([date, planned, plannedAssumed, actual?.current, actual?.paid]).toEqual([
              ...[date, sums.planned, sums.plannedAssumed, sums.current, sums.paid],
            ]);
          }
        }
      }),
      { numRuns: 12 },
    );
    expect(points).toBeGreaterThan(400);
  });
});

const onLine = <Of extends { figures: readonly { line: string }[]; planned: readonly { line: string }[] }>(
  picture: Of,
  line: string,
): Of => ({
  ...picture,
  figures: picture.figures.filter((figure) => figure.line === line),
  planned: picture.planned.filter((planned) => planned.line === line),
});

/** P of a later date by the plan and the budget of `asOf`. */
async function plannedLater(at: At, date: CivilDate, { scope: of, line: only }: Question): Promise<number> {
  const inputs = await pictureInputs(dataSource, at);
  const budgets = lineQuantities({ figures: inputs.figures, planned: [] });
  return sum(
    inputs.lines
      .filter((known) => inScope(of, known) && (only === undefined || known.line === only))
      .map(({ line: known }) => {
        const currentFen = budgets.get(known)?.current ?? fen(0);
        return plannedToDate(inputs.plans.get(known) ?? [], { year: at.year, asOf: date, currentFen }).fen;
      }),
  );
}

// ---- Lots ---------------------------------------------------------------------------------------------------------

interface Recalled {
  readonly effect: Effect;
  readonly on: CivilDate;
  readonly position: bigint;
}

/** Every effect of a year's events, from a fold of the log alone. */
function recalled(log: RecordedLog, year: number): Recalled[] {
  const state = budgetDecider('U1', year).initialState();
  return log.events
    .filter(({ stream }) => stream === budgetStream('U1', year))
    .flatMap((event) =>
      apply(state, event as unknown as BudgetEvent).map((effect) => ({
        effect,
        on: event.effectiveDate,
        position: BigInt(event.position),
      })),
    );
}

const SIGNS: Partial<Record<Effect['kind'], number>> = {
  ...{ original: 1, 'carry-over-in': 1, added: 1, cut: -1, 'transferred-in': 1, 'transferred-out': -1 },
};
const budgetIn = (effects: readonly Effect[]) =>
  fen(effects.reduce((total, { kind, fen: by }) => total + (SIGNS[kind] ?? 0) * by, 0));
const kindIn = (effects: readonly Effect[], kind: Effect['kind']) =>
  sum(effects.filter((effect) => effect.kind === kind).map(({ fen: by }) => by));

/** `A 2022: budget, paid, taken back, unspent` of every lot of an earlier year that holds or held anything. */
function lotsRecalled(effects: readonly Effect[], year: number): string[] {
  return [...new Set(effects.map((effect) => effect.line))].sort().flatMap((of) => {
    const own = effects.filter((effect) => effect.line === of);
    const origins = [...new Set(own.flatMap(({ originYear }) => originYear ?? []))];
    const byOrigin = new Map(
      origins.map((origin) => {
        const named = own.filter(({ originYear }) => originYear === origin);
        const [budget, paid, takenBack] = [budgetIn(named), kindIn(named, 'paid'), kindIn(named, 'taken-back')];
        return [origin, { budget, paid, takenBack }];
      }),
    );
    return lotsOf({ year, budget: budgetIn(own), paid: kindIn(own, 'paid'), byOrigin })
      .filter((held) => held.originYear < year && (held.budget !== 0 || held.paid !== 0 || held.takenBack !== 0))
      .map((held) => told(of, held));
  });
}

const told = (
  of: string,
  held: { originYear: number; budget: number; paid: number; takenBack: number; unspent: number },
): string => `${of} ${held.originYear}: ${held.budget} ${held.paid} ${held.takenBack} ${held.unspent}`;

describe('carried-over money of any history', () => {
  it('adds up to C0, has the lots of a fold of the log, and is followed to an end', async () => {
    const ends = new Set<string>();
    let cited = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.array(question, { minLength: 4, maxLength: 4 }), async (log, questions) => {
        await delivered(log);
        for (const asked of questions) {
          const at = atOf(log, asked);
          const knownAt = at.knownAt ?? BigInt(log.events.length);
          await snapshot(dataSource, async (opened) => {
            const sums = await figures(opened, at);
            const lines = await lineDefinitions(opened, at);
            const story = await unitStory(opened, at, { until: at, store: log });
            const lots = carriedLots({ year: at.year, figures: sums, lines, unit: story });

            expect(lotTotals(lots).carryOverIn).toBe(quantities({ figures: sums, planned: [] }, ALL).carryOverIn);
            const then = recalled(log, at.year)
              .filter(({ on: date, position }) => date <= at.asOf && position <= knownAt)
              .map(({ effect }) => effect);
            const held = lots.filter(({ budget, paid, takenBack }) => budget !== 0 || paid !== 0 || takenBack !== 0);
            expect(held.map((of) => told(of.line, of))).toEqual(lotsRecalled(then, at.year));

            for (const of of lots) {
              expect(fen(of.broughtIn + of.revised)).toBe(of.carryOverIn);
              expect(of.carryOverIn + of.transferredIn - of.transferredOut - of.cut - of.takenOtherwise).toBe(
                of.budget,
              );
              expect(sum(of.carriedIn.map(amountOf))).toBe(of.carryOverIn);
              for (const { ends: end, closing, cited: named } of lineageOf(of, story)) {
                if (end !== undefined) ends.add(end);
                if (!named || closing === undefined) continue;
                cited += 1;
                const event = log.events.find(({ id: eventId }) => eventId === closing.eventId);
                expect(event).toMatchObject({ type: 'YearClosed', stream: closing.stream, revision: closing.revision });
                expect(BigInt(event!.position)).toBeLessThanOrEqual(knownAt);
              }
            }
          });
        }
      }),
      { numRuns: 25 },
    );
    expect(cited).toBeGreaterThan(10);
    expect([...ends].sort()).toEqual(expect.arrayContaining(['ENTERED_BY_HAND', 'ORIGIN']));
  });
});

const ALL: Scope = { funds: 'all', expenditure: 'all' };
