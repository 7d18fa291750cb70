/** Two years side by side, closed and reopened any number of times: what one carries over is what the other has. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { carriedLots } from '#domain/budget/carry-forward.js';
import { originLineOf } from '#domain/budget/carry-plan.js';
import { closingPreview } from '#domain/budget/closing-preview.js';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetStream, decide } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import { PROCESSES, type Cause } from '#domain/budget/process.js';
import {
  add,
  adjust,
  approved,
  carryOver,
  closeYear,
  openLine,
  pay,
  reopenYear,
  transfer,
} from '#domain/budget/specification.js';
import { copyOf, emptyBudget, type BudgetState } from '#domain/budget/state.js';
import { civilDate } from '#domain/calendar.js';
import { sum } from '#domain/money.js';

const [rule] = PROCESSES;
const STREAM = budgetStream('U1', 2024);

/** Books a command if it may be; the events that it became. */
function book(state: BudgetState, command: BudgetCommand): readonly BudgetEvent[] {
  const decision = decide(command, state);
  for (const event of decision.accepted ? decision.events : []) apply(state, event);
  return decision.accepted ? decision.events : [];
}

interface World {
  readonly closing: BudgetState;
  readonly next: BudgetState;
  revision: number;
  vouchers: number;
}

type Step = (world: World) => void;

const basic = { expenditure: 'basic' } as const;
const PLAN = approved({
  A: { amount: '100.00', name: 'Same' },
  B: { amount: '80.00', name: 'Same' },
  C: { amount: '60.00', ...basic },
  D: { amount: '40.00', fund: 'government-funds' },
});
const NEXT = { effectiveDate: civilDate('2025-01-01') };

const line = fc.constantFrom('A', 'B', 'C', 'D');
const yuan = fc.integer({ min: 1, max: 90 }).map((amount) => `${amount}.00`);
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const inClosing = (command: (world: World) => BudgetCommand): Step => {
  return (world) => void (world.revision += book(world.closing, command(world)).length);
};

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(line, yuan).map(([of, amount]) => inClosing((world) => pay(`V${(world.vouchers += 1)}`, of, amount))),
  fc
    .tuple(line, yuan)
    .map(([of, amount]) => inClosing((world) => adjust(`A${(world.vouchers += 1)}`, [add(of, amount)]))),
  fc
    .tuple(line, line, yuan)
    .map(([from, to, amount]) =>
      inClosing((world) =>
        adjust(`A${(world.vouchers += 1)}`, [transfer(from, to, amount)], { document: { number: 'D' } }),
      ),
    ),
  fc.tuple(line, yuan).map(([of, amount]) => inClosing((world) => carryOver(`C${(world.vouchers += 1)}`, of, amount))),
  fc.constant(inClosing(() => reopenYear())),
  // What others do in the next year meanwhile.
  fc
    .tuple(
      fc.constantFrom('A', 'B', 'C', 'D', 'X'),
      fc.constantFrom('Same', 'Line C', 'Line D'),
      fc.constantFrom('project', 'basic'),
    )
    .map(
      ([id, name, expenditure]): Step =>
        ({ next }) =>
          void book(next, openLine(id, { name, expenditure }, NEXT)),
    ),
  fc.tuple(line, yuan).map(
    ([of, amount]): Step =>
      (world) =>
        void book(world.next, { ...carryOver(`H${(world.vouchers += 1)}`, of, amount, 2024), ...NEXT }),
  ),
  fc.constantFrom('2025-02-28', '2025-06-30').map((through): Step => ({ next }) => {
    const facts = { reason: 'r', knownAt: 1, streams: [], formulas: [] };
    book(next, { type: 'SealPeriod', through: civilDate(through), effectiveDate: civilDate(through), ...facts });
  }),
);

const closes = fc
  .tuple(optional(line), optional(fc.tuple(line, fc.constantFrom('A', 'X', 'Y'))))
  .map(([finished, target]) =>
    closeYear(finished === undefined ? undefined : [{ line: finished, reason: 'finished' }], {
      ...(target === undefined ? {} : { lots: [{ line: target[0], toLine: target[1] }] }),
    }),
  );

/** Closes, knowing the next year, and carries over; `undefined` when either is refused. */
function closeAndCarry(world: World, asked: Extract<BudgetCommand, { type: 'CloseYear' }>): BudgetCommand | undefined {
  const { closing, next } = world;
  const nextYear = [...next.lines].map(([id, { fund, expenditure }]) => ({ line: id, fund, expenditure }));
  const preview = closingPreview(closing, asked, { prior: undefined, next: copyOf(next) });
  const [event] = book(closing, { ...asked, nextYear });
  if (event === undefined) return undefined;
  world.revision += 1;
  const cause: Cause = { unit: 'U1', year: 2024, stream: STREAM, revision: world.revision, event };
  const reaction = rule?.react(cause, closing);
  if (reaction === undefined || reaction.superseded) throw new Error('the newest closure counts');
  const command = reaction.demand.commands.at(-1) as BudgetCommand;
  const decision = decide(command, next);
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  const before = sum([...next.carryOvers.values()].map(({ fen }) => fen));
  for (const carried of decision.events) apply(next, carried);
  const after = sum([...next.carryOvers.values()].map(({ fen }) => fen));
  expect(after - before).toBe(preview.totals.differenceFen);
  return command;
}

describe('what a year carries over', () => {
  it('is what the next year has of it, after any number of closures, and a repeat changes nothing', () => {
    let carriedOnce = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(steps, { maxLength: 6 }), closes), { minLength: 1, maxLength: 5 }),
        (rounds) => {
          const world: World = {
            closing: emptyBudget('U1', 2024),
            next: emptyBudget('U1', 2025),
            revision: 0,
            vouchers: 0,
          };
          book(world.closing, PLAN);
          for (const [before, asked] of rounds) {
            for (const step of before) step(world);
            const command = closeAndCarry(world, asked);
            if (command === undefined) continue;
            const { closing, next } = world;
            const lots = carriedLots(closing, closing.closed?.lots ?? []);
            const held = [...next.carryOvers.values()].filter(
              ({ source, fen }) => source?.stream === STREAM && fen > 0,
            );
            const described = (origin: string, year: number, fen: number) => `${origin} ${year} ${fen}`;
            expect(held.map((entry) => described(originLineOf(entry), entry.originYear, entry.fen)).sort()).toEqual(
              lots.map((lot) => described(lot.originLine, lot.originYear, lot.fen)).sort(),
            );
            expect(sum(held.map(({ fen }) => fen))).toBe(sum(lots.map(({ fen }) => fen)));
            // Money keeps its fund and kind.
            const kinds = (all: readonly { readonly key: string; readonly fen: number }[]) =>
              Object.fromEntries(
                [...new Set(all.map(({ key }) => key))]
                  .sort()
                  .map((key) => [key, all.filter((one) => one.key === key).reduce((left, { fen }) => left + fen, 0)]),
              );
            const there = held.map(({ line: id, fen }) => {
              const found = next.lines.get(id);
              return { key: `${found?.fund} ${found?.expenditure}`, fen };
            });
            expect(kinds(there)).toEqual(
              kinds(lots.map((lot) => ({ key: `${lot.fund} ${lot.expenditure}`, fen: lot.fen }))),
            );
            const again = decide(command, next);
            expect(again.accepted && again.events).toEqual([]);
            carriedOnce += 1;
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(carriedOnce).toBeGreaterThan(200);
  });

  it('of a closure that no longer counts is superseded', () => {
    const closing = emptyBudget('U1', 2024);
    book(closing, PLAN);
    const [first] = book(closing, closeYear());
    const cause = { unit: 'U1', year: 2024, stream: STREAM, revision: 6, event: first as BudgetEvent };
    expect(rule?.react(cause, closing)).toMatchObject({ superseded: false, demand: { unit: 'U1', year: 2025 } });
    book(closing, reopenYear());
    expect(rule?.react(cause, closing)).toEqual({ superseded: true });
    book(closing, closeYear());
    expect(rule?.react(cause, closing)).toEqual({ superseded: true });
  });
});
