/**
 * Any commands in any order over a small world, where numbers, lines and dates collide all the time. A failure prints the
 * seed and the shortest sequence that shows it.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BudgetCommand, Movement, NewPayment } from '#domain/budget/commands.js';
import { budgetDecider, decide } from '#domain/budget/decide.js';
import { EFFECT_KINDS, type Effect, type EffectKind } from '#domain/budget/effects.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import { lotsOf } from '#domain/budget/lots.js';
import { TURNOVER_LIMIT } from '#domain/budget/rules.js';
import { PAYEE } from '#domain/budget/specification.js';
import {
  available,
  copyOf,
  currentBudget,
  emptyBudget,
  noTotals,
  voucherRest,
  type BudgetState,
} from '#domain/budget/state.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import { fold } from '#domain/decider.js';
import { fen, sum, type Fen } from '#domain/money.js';

const YEAR = 2024;

// ---- The world ----------------------------------------------------------------------------------------------------

const LINES = ['A', 'B', 'C', 'D'] as const;
const FUND = { A: 'general-public', B: 'general-public', C: 'general-public', D: 'government-funds' } as const;
const KIND = { A: 'project', B: 'project', C: 'basic', D: 'project' } as const;
const newLine = (line: (typeof LINES)[number]) => ({ line, name: line, fund: FUND[line], expenditure: KIND[line] });

const line = fc.constantFrom(...LINES);
const id = (letter: string) => fc.constantFrom(...[1, 2, 3].map((n) => `${letter}${n}`));
const amount: fc.Arbitrary<Fen> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(1, 10, 50, 100, 333).map(fen) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 100_000 }).map(fen) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, TURNOVER_LIMIT, 1_000_000_000_000_000).map(fen),
  },
);
const dates = ['01-01', '01-15', '03-01', '03-31', '04-01', '06-30', '07-01', '12-31'].map((day) => `${YEAR}-${day}`);
const day = fc
  .oneof(
    { weight: 12, arbitrary: fc.constantFrom(...dates) },
    { weight: 1, arbitrary: fc.constantFrom('2023-12-31', '2025-01-01', '2025-03-01') },
  )
  .map(civilDate);
const dated = fc
  .record({ effectiveDate: day, belongsTo: day }, { requiredKeys: ['effectiveDate'] })
  .map((entry) =>
    entry.belongsTo !== undefined && entry.belongsTo.endsWith('1') ? { effectiveDate: entry.effectiveDate } : entry,
  );
const originYear = fc.constantFrom(2021, 2022, 2023, 2024);
const code = fc.constantFrom('', '30201', '30211');
const reason = fc.constant('r');
const optional = <T extends object>(entry: fc.Arbitrary<T>): fc.Arbitrary<T | object> =>
  fc.oneof(fc.constant({}), entry);

const movement: fc.Arbitrary<Movement> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), line, fen: amount }),
  fc
    .tuple(fc.record({ kind: fc.constant('cut' as const), line, fen: amount }), optional(fc.record({ originYear })))
    .map(([base, more]) => ({ ...base, ...more })),
  fc
    .tuple(
      fc.record({ kind: fc.constant('transfer' as const), from: line, to: line, fen: amount }),
      optional(fc.record({ originYear })),
    )
    .map(([base, more]) => ({ ...base, ...more })),
);
const adjustment = fc
  .tuple(
    dated,
    fc.record({ adjustmentId: id('A'), movements: fc.array(movement, { maxLength: 3 }) }),
    optional(fc.constant({ document: { number: 'No. 1', date: civilDate('2024-01-02') } })),
  )
  .map(([when, entry, document]) => ({ ...when, ...entry, ...document, reasonCode: 'NATIONAL_POLICY' as const }));
const payment: fc.Arbitrary<NewPayment> = fc
  .tuple(
    dated,
    fc.record({ voucherNo: id('V'), line, fen: amount }),
    optional(fc.record({ requestId: id('R') })),
    optional(fc.record({ departmentEconomic: code })),
    optional(fc.record({ originYear })),
    optional(fc.constant({ final: true as const })),
  )
  .map((parts) => Object.assign({ payee: PAYEE, purpose: 'p' }, ...parts) as NewPayment);
const carryOver = fc.record({ carryOverId: id('C'), line, originYear, originLine: line, fen: amount });

const command = <Type extends BudgetCommand['type']>(
  type: Type,
  ...parts: fc.Arbitrary<object>[]
): fc.Arbitrary<BudgetCommand> => fc.tuple(...parts).map((found) => Object.assign({ type }, ...found) as BudgetCommand);

/** Like `approved`, with totals that nearly always add up to lines and carry-over already there. */
const approval = (state: BudgetState) => (seed: BudgetCommand) => {
  if (seed.type !== 'ApproveBudget') return seed;
  const brought = (seed.carryOvers ?? []).filter(({ carryOverId }) => !state.carryOvers.has(carryOverId));
  const kindOf = (id: string) => KIND[id as keyof typeof KIND];
  const totalOf = (kind: string) =>
    [
      ...seed.lines.filter((entry) => entry.expenditure === kind).map(({ originalFen }) => originalFen),
      ...[...state.carryOvers.values(), ...brought]
        .filter((entry) => kindOf(entry.line) === kind)
        .map((entry) => entry.fen),
    ].reduce((left, right) => Math.max(-TURNOVER_LIMIT, Math.min(left + right, TURNOVER_LIMIT)), 0);
  return { ...seed, basicFen: fen(totalOf('basic')), projectFen: fen(totalOf('project')) };
};

const anyCommand: fc.Arbitrary<BudgetCommand> = fc.oneof(
  {
    weight: 4,
    arbitrary: command(
      'ApproveBudget',
      dated,
      fc.record({
        lines: fc
          .uniqueArray(line, { maxLength: 4 })
          .chain((ids) =>
            fc.tuple(...ids.map((entry) => amount.map((originalFen) => ({ ...newLine(entry), originalFen })))),
          ),
        income: fc.constant([]),
        carryOvers: fc.array(carryOver, { maxLength: 1 }),
      }),
    ),
  },
  { weight: 1, arbitrary: command('WithdrawApproval', dated, fc.record({ reason })) },
  {
    weight: 2,
    arbitrary: command(
      'OpenLines',
      dated,
      fc.uniqueArray(line, { maxLength: 4 }).map((ids) => ({ lines: ids.map(newLine) })),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'ReclassifyLine',
      dated,
      fc.record({ line, reason, codes: code.map((departmentEconomic) => ({ departmentEconomic })) }),
    ),
  },
  {
    weight: 3,
    arbitrary: command(
      'BringCarryOverForward',
      dated,
      fc.record({ carryOvers: fc.array(carryOver, { maxLength: 2 }) }),
    ),
  },
  {
    weight: 2,
    arbitrary: command('ReviseCarryOver', dated, fc.record({ carryOverId: id('C'), toFen: amount, reason })),
  },
  {
    weight: 3,
    arbitrary: command(
      'CarryForward',
      fc.constant({ effectiveDate: civilDate(`${YEAR}-01-01`) }),
      fc.integer({ min: 1, max: 3 }).map((closure) => ({
        source: { stream: `budget-U1-${YEAR - 1}`, revision: 100 + closure, closure },
      })),
      fc.record({
        lots: fc.array(
          fc
            .tuple(line, amount, fc.constantFrom(2022, 2023), optional(fc.record({ toLine: line })))
            .map(([originLine, of, origin, target]) => {
              const { line: _id, ...identity } = newLine(originLine);
              return { originLine, originYear: origin, fen: of, ...identity, ...target };
            }),
          { maxLength: 3 },
        ),
      }),
    ),
  },
  {
    weight: 8,
    arbitrary: command('Adjust', fc.record({ adjustments: fc.array(adjustment, { minLength: 1, maxLength: 2 }) })),
  },
  { weight: 3, arbitrary: command('ReverseAdjustment', dated, fc.record({ adjustmentId: id('A'), reason })) },
  { weight: 3, arbitrary: command('Freeze', dated, fc.record({ freezeId: id('F'), line, fen: amount })) },
  {
    weight: 2,
    arbitrary: command('Release', dated, fc.record({ freezeId: id('F') }), optional(fc.record({ fen: amount }))),
  },
  {
    weight: 1,
    arbitrary: command(
      'SetPaymentPlan',
      dated,
      fc.tuple(line, amount).map(([of, by]) => ({ plans: [{ line: of, cumulativeFen: Array<Fen>(12).fill(by) }] })),
    ),
  },
  {
    weight: 4,
    arbitrary: command(
      'RequestPayment',
      dated,
      fc.record({ requestId: id('R'), line, fen: amount, payee: fc.constant(PAYEE), purpose: fc.constant('p') }),
    ),
  },
  { weight: 2, arbitrary: command('CancelRequest', dated, fc.record({ requestId: id('R') })) },
  {
    weight: 10,
    arbitrary: command('ExecutePayments', fc.record({ payments: fc.array(payment, { minLength: 1, maxLength: 3 }) })),
  },
  {
    weight: 6,
    arbitrary: command(
      'ReturnPayment',
      dated,
      fc.record({ returnNo: id('T'), voucherNo: id('V'), fen: amount, kind: fc.constant('passive') }),
    ),
  },
  { weight: 4, arbitrary: command('ReverseReturn', dated, fc.record({ returnNo: id('T'), reason })) },
  { weight: 3, arbitrary: command('ReclassifyPayment', dated, fc.record({ voucherNo: id('V'), toCode: code })) },
  {
    weight: 5,
    arbitrary: command(
      'ReattributePayment',
      dated,
      fc.record({ voucherNo: id('V'), fromLine: line, toLine: line, fen: amount }),
    ),
  },
  { weight: 4, arbitrary: command('ReversePayment', dated, fc.record({ voucherNo: id('V'), reason })) },
  {
    weight: 1,
    arbitrary: command(
      'SealPeriod',
      dated,
      fc.record({ through: day, reason, knownAt: fc.constant(1), streams: fc.constant([]), formulas: fc.constant([]) }),
    ),
  },
  { weight: 2, arbitrary: command('ReopenPeriod', dated, fc.record({ through: day, reason })) },
  {
    weight: 1,
    arbitrary: command(
      'CloseYear',
      dated,
      optional(line.map((finished) => ({ surplus: [{ line: finished, reason: 'finished' }] }))),
    ),
  },
  { weight: 2, arbitrary: command('ReopenYear', dated, fc.record({ reason })) },
  {
    weight: 3,
    arbitrary: command('TakeBackSurplus', dated, fc.record({ takeBackId: id('K'), line, originYear, fen: amount })),
  },
  { weight: 2, arbitrary: command('ReverseTakeBack', dated, fc.record({ takeBackId: id('K'), reason })) },
);

/** Most worlds begin with an open table, so that the commands after it find something. */
const beginnings = fc.constantFrom<readonly BudgetCommand[]>(
  [],
  [{ type: 'OpenLines', effectiveDate: civilDate('2024-01-01'), lines: LINES.map(newLine) }],
  [
    { type: 'OpenLines', effectiveDate: civilDate('2024-01-01'), lines: LINES.map(newLine) },
    {
      type: 'ApproveBudget',
      effectiveDate: civilDate('2024-01-01'),
      income: [],
      basicFen: fen(500),
      projectFen: fen(1500),
      lines: LINES.map((entry) => ({ ...newLine(entry), originalFen: fen(500) })),
    },
  ],
);
const histories = fc.tuple(beginnings, fc.array(anyCommand, { minLength: 1, maxLength: 60, size: 'max' }));

// ---- One run ------------------------------------------------------------------------------------------------------

const picture = (state: BudgetState): string =>
  JSON.stringify(state, (_key, value: unknown) => (isMap(value) ? [...value].sort() : value));
// Not `instanceof`: a structured clone makes maps of another realm under Jest.
const isMap = (value: unknown): value is Map<unknown, unknown> =>
  Object.prototype.toString.call(value) === '[object Map]';

interface Row extends Effect {
  readonly on: CivilDate;
}

interface Run {
  readonly state: BudgetState;
  readonly events: BudgetEvent[];
  readonly journal: Row[];
  /** Lines that facts or revisions may have left overdrawn. */
  readonly excused: Set<string>;
}

/** Books the history and calls `look` after every command that was accepted. */
function run(
  [beginning, commands]: readonly [readonly BudgetCommand[], readonly BudgetCommand[]],
  look: (run: Run, command: BudgetCommand, fresh: readonly BudgetEvent[]) => void,
): Run {
  const done: Run = { state: emptyBudget('U1', YEAR), events: [], journal: [], excused: new Set() };
  for (const seed of [...beginning, ...commands]) {
    const asked = approval(done.state)(seed);
    const decision = decide(asked, done.state);
    if (!decision.accepted) continue;
    for (const event of decision.events) book(done, event);
    look(done, asked, decision.events);
  }
  return done;
}

function book(done: Run, event: BudgetEvent): void {
  const effects = apply(done.state, event);
  done.events.push(event);
  for (const effect of effects) {
    done.journal.push({ ...effect, on: event.effectiveDate });
    if (excuses(event)) done.excused.add(effect.line);
  }
}

const excuses = (event: BudgetEvent): boolean =>
  (event.type === 'PaymentExecuted' && event.data.overdrawn) ||
  ['CarryOverRevised', 'PaymentReattributed', 'PaymentReturnReversed'].includes(event.type);

const totalsOf = (journal: readonly Row[], of: string) => {
  const totals = noTotals();
  for (const row of journal) if (row.line === of) totals[row.kind] = fen(totals[row.kind] + row.fen);
  return totals;
};

const RUNS = { numRuns: 250 };

// ---- What always holds --------------------------------------------------------------------------------------------

describe('any commands in any state of a budget', () => {
  it('reach nearly every event, so that the properties below say something', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(histories, (history) => {
        for (const { type } of run(history, () => undefined).events) reached.add(type);
      }),
      { numRuns: 1000, seed: 7 },
    );
    expect([...reached].sort()).toEqual(Object.keys(budgetDecider('U1', YEAR).versions).sort());
  });

  it('are decided without a throw and without a change to the state', () => {
    fc.assert(
      fc.property(histories, ([beginning, commands]) => {
        const state = emptyBudget('U1', YEAR);
        for (const seed of [...beginning, ...commands]) {
          const before = picture(state);
          const decision = decide(approval(state)(seed), state);
          expect(picture(state)).toBe(before);
          for (const event of decision.accepted ? decision.events : []) apply(state, event);
        }
      }),
      RUNS,
    );
  });

  it('keep every sum: the effects of the events are the totals, transfers are zero-sum, nothing leaves the exact range', () => {
    fc.assert(
      fc.property(histories, (history) => {
        run(history, ({ state, journal }) => {
          for (const [of, held] of state.lines) expect(held.totals).toEqual(totalsOf(journal, of));
          const all = (kind: EffectKind) => sum([...state.lines.values()].map(({ totals }) => totals[kind]));
          for (const kind of EFFECT_KINDS) {
            expect(all(kind)).toBe(sum(journal.filter((row) => row.kind === kind).map((row) => row.fen)));
          }
          expect(all('transferred-in')).toBe(all('transferred-out'));
          expect(state.turnover).toBeLessThanOrEqual(2 * TURNOVER_LIMIT);
          expect(state.turnover).toBeGreaterThanOrEqual(journal.reduce((left, row) => left + Math.abs(row.fen), 0));
        });
      }),
      RUNS,
    );
  });

  it('leave available = B − taken back − frozen − requested − X, below nothing only by a fact or a revision', () => {
    fc.assert(
      fc.property(histories, (history) => {
        run(history, ({ state, journal, excused }) => {
          for (const [of, { totals }] of state.lines) {
            const sums = totalsOf(journal, of);
            const budget =
              sums.original +
              sums['carry-over-in'] +
              sums.added -
              sums.cut +
              sums['transferred-in'] -
              sums['transferred-out'];
            const left = budget - sums['taken-back'] - sums.frozen - sums.requested - sums.paid;
            expect(currentBudget(totals)).toBe(budget === 0 ? 0 : budget);
            expect(available(totals)).toBe(left === 0 ? 0 : left);
            if (!excused.has(of)) expect(left).toBeGreaterThanOrEqual(0);
          }
        });
      }),
      RUNS,
    );
  });

  it('never let a figure fall below nothing, at any date, for any line and code', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { journal } = run(history, () => undefined);
        const sums = new Map<string, number>();
        const byDate = journal.map((row, index) => ({ row, index }));
        byDate.sort((a, b) => (a.row.on < b.row.on ? -1 : a.row.on > b.row.on ? 1 : a.index - b.index));
        byDate.forEach(({ row }, index) => {
          const key = `${row.line} ${row.kind} ${row.economic}`;
          sums.set(key, (sums.get(key) ?? 0) + row.fen);
          const endOfDay = byDate[index + 1]?.row.on !== row.on;
          if (endOfDay) for (const [of, total] of sums) expect([of, row.on, total < 0]).toEqual([of, row.on, false]);
        });
      }),
      RUNS,
    );
  });

  it('return at most what a voucher paid, and leave the rest on its lines', () => {
    fc.assert(
      fc.property(histories, (history) => {
        run(history, ({ state }) => {
          for (const [voucherNo, voucher] of state.vouchers) {
            const returned = [...state.returns.values()].filter(
              (entry) => entry.voucherNo === voucherNo && entry.rebooked === voucher.rebooked && !entry.reversed,
            );
            const back = sum(returned.flatMap(({ taken }) => taken.map((share) => share.fen)));
            const { fen: paid } = voucher.data as { fen: Fen };
            expect(back).toBeLessThanOrEqual(paid);
            expect(voucherRest(voucher)).toBe(voucher.reversed ? 0 : paid - back);
            for (const share of voucher.shares) expect(share.fen).toBeGreaterThan(0);
          }
          for (const entry of [...state.requests.values(), ...state.freezes.values()]) {
            expect(entry.rest).toBeGreaterThanOrEqual(0);
          }
        });
      }),
      RUNS,
    );
  });

  it('split what is unspent of a line into lots without losing a fen', () => {
    fc.assert(
      fc.property(histories, (history) => {
        run(history, ({ state }) => {
          for (const { totals, byOrigin } of state.lines.values()) {
            const budget = currentBudget(totals);
            const lots = lotsOf({ year: YEAR, budget, paid: totals.paid, byOrigin });
            expect(sum(lots.map(({ unspent }) => unspent))).toBe(
              Math.max(0, budget - totals['taken-back'] - totals.paid),
            );
            for (const { paid, unspent } of lots) expect(Math.min(paid, unspent)).toBeGreaterThanOrEqual(0);
            expect(lots.map((lot) => lot.originYear)).toEqual([...lots.map((lot) => lot.originYear)].sort());
          }
        });
      }),
      RUNS,
    );
  });

  it('asked twice change nothing more', () => {
    fc.assert(
      fc.property(histories, (history) => {
        run(history, ({ state }, asked) => {
          if (!isRepeatable(asked)) return;
          const again = decide(asked, state);
          expect(again.accepted ? again.events : []).toEqual([]);
        });
      }),
      RUNS,
    );
  });

  it('give the same state when their stored events are read again', () => {
    const decider = budgetDecider('U1', YEAR);
    fc.assert(
      fc.property(histories, (history) => {
        const { state, events } = run(history, () => undefined);
        const stored = JSON.parse(JSON.stringify(events)) as BudgetEvent[];
        const read = stored.map((event) => ({
          ...event,
          data: decider.upcast(event.type, decider.versions[event.type], event.data),
        })) as BudgetEvent[];
        expect(picture(fold(decider, read))).toBe(picture(state));
      }),
      RUNS,
    );
  });

  it('leave a copy of the state alone, and a copy goes the same way', () => {
    fc.assert(
      fc.property(histories, fc.nat(60), (history, cut) => {
        const { state, events } = run(history, () => undefined);
        const decider = budgetDecider('U1', YEAR);
        const half = fold(decider, events.slice(0, cut));
        const before = picture(half);
        const copy = fold(decider, events.slice(cut), copyOf(half));
        expect(picture(half)).toBe(before);
        expect(picture(copy)).toBe(picture(state));
      }),
      RUNS,
    );
  });

  it('have effects that follow from the lines and entries that an event names alone, as projections rely on', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { events } = run(history, () => undefined);
        const state = emptyBudget('U1', YEAR);
        for (const event of events) {
          const part = namedBy(event, state);
          expect(apply(part, event)).toEqual(apply(state, event));
        }
      }),
      RUNS,
    );
  });
});

/** Commands that carry the number of what they book or change; the others are told apart by their command id alone. */
function isRepeatable(asked: BudgetCommand): boolean {
  if (asked.type === 'Release') return asked.fen === undefined;
  return asked.type !== 'SetPaymentPlan' && asked.type !== 'ReattributePayment';
}

/** A state that holds only what the event names: its entries, and its lines without their money. */
function namedBy(event: BudgetEvent, full: BudgetState): BudgetState {
  const whole = structuredClone(full);
  const data = event.data as Readonly<Record<string, string>>;
  const only = <Entry>(entries: Map<string, Entry>, ...keys: (string | undefined)[]) =>
    new Map([...entries].filter(([key]) => keys.includes(key)));
  const returns = only(whole.returns, data.returnNo);
  const voucherNo = data.voucherNo ?? returns.get(data.returnNo ?? '')?.voucherNo;
  return {
    ...emptyBudget(full.unit, full.year),
    approval: whole.approval,
    lines: new Map(
      [...whole.lines].map(([key, held]) => [
        key,
        { ...held, totals: noTotals(), byOrigin: new Map(), lastEffect: undefined },
      ]),
    ),
    vouchers: only(whole.vouchers, voucherNo),
    returns,
    requests: only(whole.requests, data.requestId),
    freezes: only(whole.freezes, data.freezeId),
    adjustments: only(whole.adjustments, data.adjustmentId),
    carryOvers: only(whole.carryOvers, data.carryOverId),
    takeBacks: only(whole.takeBacks, data.takeBackId),
  };
}
