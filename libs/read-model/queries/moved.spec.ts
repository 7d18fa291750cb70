/** What lies between two moments, against a naive walk over the log; of any history that the rules allow. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { budgetDecider } from '#domain/budget/decide.js';
import { EFFECT_KINDS, type Effect } from '#domain/budget/effects.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import { adjust, add, approved, on, pay, plan, seal } from '#domain/budget/specification.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { ALL, inScope, type OfLine, type Scope } from '#domain/metrics/quantities.js';
import { whyMoved, type MovedSum } from '#domain/metrics/why-moved.js';
import { performanceStream } from '#domain/performance/decide.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import type { At } from '#read-model/queries/at.js';
import { figures } from '#read-model/queries/figures.js';
import { movedEvents, movedSums, type Between, type MovedEvent } from '#read-model/queries/moved.js';
import { RecordedLog } from '#read-model/specification.js';
import { commands } from '../../../test/support/any-history.js';
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

let units = 0;
/** One log for all: histories lie in it one after another, each in a unit of its own. */
const log = new RecordedLog();
const newUnit = (): string => `U${(units += 1)}`;
let projector: Awaited<ReturnType<typeof createProjector>> | undefined;

async function catchUp(): Promise<void> {
  projector ??= await createProjector({ dataSource, log });
  for (;;) {
    const batch = await log.readAll(projector.position, 500);
    if (batch.length === 0) return;
    await projector.handle(batch);
  }
}

const at = (unit: string, asOf: string, knownAt?: bigint): At => ({
  unit,
  year: 2024,
  asOf: civilDate(asOf),
  ...(knownAt === undefined ? {} : { knownAt }),
});

async function allEvents(between: Between, limit: number): Promise<readonly MovedEvent[]> {
  const events: MovedEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.position;
    const page = await movedEvents(dataSource, between, { limit, ...(after === undefined ? {} : { after }) });
    events.push(...page.events);
    if (!page.more) return events;
  }
}

const typeAt = ({ position }: MovedEvent): string => log.events[Number(position) - 1]!.type;

describe('what lies between two moments', () => {
  const unit = newUnit();
  let june: bigint;
  const told = (events: readonly MovedEvent[]) =>
    events.map((event) => [
      typeAt(event),
      ...(event.late ? ['late'] : []),
      ...event.effects.map(({ line, kind, fen }) => `${line} ${kind} ${fen}`),
    ]);

  beforeAll(async () => {
    log.now = Date.parse('2024-06-20T02:00:00Z');
    log.book(
      unit,
      2024,
      approved({ A: '1000.00', B: { amount: '500.00', expenditure: 'basic' } }),
      pay('V1', 'A', '10.00'),
    );
    june = BigInt(log.events.length);
    log.now = Date.parse('2024-07-05T02:00:00Z');
    log.book(
      unit,
      2024,
      pay('V2', 'A', '40.00', on('06-28')),
      pay('V3', 'B', '5.00', on('07-02')),
      adjust('A1', [add('A', '7.00')], on('07-01')),
      seal('06-30', on('07-03')),
      pay('V4', 'A', '3.00', { ...on('07-04'), belongsTo: civilDate('2024-06-27') }),
      plan('B', Array<string>(12).fill('100.00'), on('07-05')),
    );
    await catchUp();
  });

  it('of one date is what became known since', async () => {
    const between = { a: at(unit, '2024-06-30', june), b: at(unit, '2024-06-30'), scope: ALL };
    expect(told(await allEvents(between, 10))).toEqual([['PaymentExecuted', 'late', 'A paid 4000']]);
    expect(await movedSums(dataSource, between)).toEqual([
      { why: 'entry', late: true, onlyIn: 'b', events: 1, amounts: [{ kind: 'paid', fen: 4000 }] },
    ]);
  });

  it('of two dates has what happened in between too; a fact booked after its period was sealed is late', async () => {
    const between = { a: at(unit, '2024-06-30', june), b: at(unit, '2024-07-31'), scope: ALL };
    expect(told(await allEvents(between, 2))).toEqual([
      ['PaymentExecuted', 'late', 'A paid 4000'],
      ['PaymentExecuted', 'B paid 500'],
      ['BudgetAdded', 'A added 700'],
      ['PaymentExecuted', 'late', 'A paid 300'],
      ['PaymentPlanSet'],
    ]);
    expect(await movedSums(dataSource, between)).toEqual([
      {
        ...{ why: 'entry', late: false, onlyIn: 'b', events: 2 },
        amounts: [
          { kind: 'added', fen: 700 },
          { kind: 'paid', fen: 500 },
        ],
      },
      { why: 'entry', late: true, onlyIn: 'b', events: 2, amounts: [{ kind: 'paid', fen: 4300 }] },
      { why: 'plan', late: false, onlyIn: 'b', events: 1, amounts: [] },
    ]);
  });

  it('is what only the former has when it goes backwards', async () => {
    const between = { a: at(unit, '2024-06-30'), b: at(unit, '2024-06-30', june), scope: ALL };
    expect(await allEvents(between, 10)).toMatchObject([{ onlyIn: 'a', late: false, effects: [{ fen: 4000 }] }]);
  });

  it('looks at the money of a scope alone', async () => {
    const basic: Scope = { funds: 'all', expenditure: 'basic' };
    const between = { a: at(unit, '2024-06-30', june), b: at(unit, '2024-07-31'), scope: basic };
    expect(told(await allEvents(between, 10))).toEqual([['PaymentExecuted', 'B paid 500'], ['PaymentPlanSet']]);
  });

  it('is nothing between a moment and itself', async () => {
    const between = { a: at(unit, '2024-06-30'), b: at(unit, '2024-06-30'), scope: ALL };
    expect(await allEvents(between, 10)).toEqual([]);
    expect(await movedSums(dataSource, between)).toEqual([]);
  });
});

// ---- Any history --------------------------------------------------------------------------------------------------

const targets = {
  type: 'TargetsApproved',
  effectiveDate: civilDate('2024-03-01'),
  data: { indicators: [indicator()] },
};
function indicator() {
  return { indicator: 'I01', half: { text: '＝38%' }, annual: { text: '＝100%' } };
}

/** The last of them changes no result. */
const results = [
  {
    type: 'IndicatorResultRecorded',
    on: '2024-06-30',
    data: { resultId: 'R1', indicator: 'I01', result: { value: '38' } },
  },
  { type: 'ResultCorrected', on: '2024-06-30', data: { resultId: 'R1', result: { value: '39' }, reason: '漏计' } },
  { type: 'IndicatorLinked', on: '2024-02-01', data: { indicator: 'I01', lines: [] } },
].map(({ type, on: date, data }) => ({ type, effectiveDate: civilDate(date), data }));

interface Walked {
  readonly envelope: Envelope;
  readonly effects: readonly (Effect & OfLine)[];
  /** Lines that it names without any effect. */
  readonly lines: readonly OfLine[];
}

/** Books what the rules allow; every event with its effects, as a walk over them gives these. */
function walked(unit: string, history: Parameters<RecordedLog['book']>[2][]): Walked[] {
  const state = budgetDecider(unit, 2024).initialState();
  const ofLine = (line: string): OfLine => {
    const { fund, expenditure } = state.lines.get(line)!;
    return { line, fund, expenditure };
  };
  return history.flatMap((command, index) => {
    if (index % 23 === 11) return log.append(performanceStream(unit, 2024), [targets, ...results]).map(unmoved);
    try {
      return log.book(unit, 2024, command).map((envelope): Walked => {
        const effects = apply(state, envelope as unknown as BudgetEvent);
        const { line } = envelope.data as { line?: string };
        const lines = effects.length === 0 && line !== undefined ? [ofLine(line)] : [];
        return { envelope, effects: effects.map((effect) => ({ ...effect, ...ofLine(effect.line) })), lines };
      });
    } catch (error) {
      if (!(error as Error).message.startsWith('refused')) throw error;
      return [];
    }
  });
}

const unmoved = (envelope: Envelope): Walked => ({ envelope, effects: [], lines: [] });

const isIn = ({ asOf, knownAt }: At, { effectiveDate, position }: Envelope): boolean =>
  effectiveDate <= asOf && BigInt(position) <= (knownAt ?? BigInt(position));

/** The events between, by looking at every one of them. */
function naive(history: readonly Walked[], { a, b, scope }: Between): readonly (MovedEvent & { why: string })[] {
  return history.flatMap(({ envelope, effects, lines }) => {
    const { type, stream, revision, position, effectiveDate } = envelope;
    if (isIn(a, envelope) === isIn(b, envelope)) return [];
    const own = effects.filter((effect) => inScope(scope, effect));
    const isOfYear = /^(BudgetApproved|TargetsApproved|IndicatorResultRecorded|ResultCorrected)$/.test(type);
    const named =
      /^(PaymentPlanSet|BudgetLine(Opened|Reclassified))$/.test(type) && lines.some((of) => inScope(scope, of));
    if (own.length === 0 && !isOfYear && !named) return [];
    const sums = new Map<string, MovedEvent['effects'][number]>();
    for (const { line, kind, fen } of own) {
      const before = sums.get(`${line} ${kind}`);
      sums.set(`${line} ${kind}`, { line, kind, fen: ((before?.fen ?? 0) + fen) as never });
    }
    return [
      {
        ...{ stream, revision, position: BigInt(position), why: whyMoved(type) },
        onlyIn: isIn(b, envelope) ? ('b' as const) : ('a' as const),
        late: BigInt(position) > (a.knownAt ?? BigInt(position)) && effectiveDate <= a.asOf,
        effects: [...sums.values()],
      },
    ];
  });
}

function naiveSums(events: ReturnType<typeof naive>): readonly MovedSum[] {
  const groups = new Map<string, MovedSum>();
  for (const { why, late, onlyIn, effects } of events) {
    const key = `${onlyIn} ${why} ${late}`;
    const before = groups.get(key);
    const amounts = EFFECT_KINDS.flatMap((kind) => {
      const own = [...(before?.amounts ?? []), ...effects].filter((effect) => effect.kind === kind);
      return own.length === 0 ? [] : [{ kind, fen: own.reduce((left, { fen }) => left + fen, 0) as never }];
    });
    groups.set(key, { why: why as never, late, onlyIn, events: (before?.events ?? 0) + 1, amounts });
  }
  return [...groups.values()];
}

const moment = fc.record({
  asOf: fc.constantFrom('2024-01-15', '2024-03-01', '2024-06-30', '2024-12-31').map(civilDate),
  /** Share of the history that is known, in hundredths; undefined: all of it. */
  known: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
});
const scope = fc.constantFrom<Scope>(
  ALL,
  ALL,
  { funds: ['general-public'], expenditure: 'all' },
  { funds: 'all', expenditure: 'basic' },
  { funds: ['government-funds', 'other'], expenditure: 'project' },
);

async function sumsOf(of: At, within: Scope): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const figure of await figures(dataSource, of)) {
    if (!inScope(within, figure)) continue;
    const key = `${figure.line} ${figure.kind}`;
    sums.set(key, (sums.get(key) ?? 0) + figure.fen);
  }
  return sums;
}

const nonZero = (sums: ReadonlyMap<string, number>) => [...sums].filter(([, fen]) => fen !== 0).sort();
const byText = (values: readonly object[]) => values.map((value) => JSON.stringify(value)).sort();

describe('between any two moments of any history', () => {
  it('lie the events that a walk over the log finds, and they are what the figures differ by', async () => {
    const seen = new Set<string>();
    const question = fc.record({ a: moment, b: moment, scope, limit: fc.integer({ min: 1, max: 30 }) });
    await fc.assert(
      fc.asyncProperty(commands, fc.array(question, { minLength: 12, maxLength: 12 }), async (history, questions) => {
        const unit = newUnit();
        const first = BigInt(log.events.length);
        const story = walked(unit, [...history]);
        await catchUp();
        const length = log.events.length - Number(first);
        const momentOf = ({ asOf, known }: { asOf: CivilDate; known: number | undefined }): At =>
          at(unit, asOf, known === undefined ? undefined : first + BigInt(Math.floor((length * known) / 100)));
        for (const { limit, ...asked } of questions) {
          const between: Between = { a: momentOf(asked.a), b: momentOf(asked.b), scope: asked.scope };
          const wanted = naive(story, between);
          const came = await allEvents(between, limit);
          expect(came).toEqual(wanted.map(({ why: _why, ...event }) => event));
          for (const event of came) seen.add(typeAt(event));
          expect(byText(await movedSums(dataSource, between))).toEqual(byText(naiveSums(wanted)));

          const sums = await sumsOf(between.a, asked.scope);
          for (const { onlyIn, effects } of came) {
            for (const { line, kind, fen } of effects) {
              const key = `${line} ${kind}`;
              sums.set(key, (sums.get(key) ?? 0) + (onlyIn === 'b' ? fen : -fen));
            }
          }
          expect(nonZero(sums)).toEqual(nonZero(await sumsOf(between.b, asked.scope)));
        }
      }),
      { numRuns: 12 },
    );
    expect(seen.size).toBeGreaterThan(14);
  });
});
