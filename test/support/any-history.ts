/** For properties: histories of one unit and year that are likely to hold something of everything, booked as far as the rules allow. */
import fc from 'fast-check';
import type { BudgetCommand } from '#domain/budget/commands.js';
import {
  add,
  adjust,
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
import type { ReadSystem } from './read-system.js';

/** Two lines of the general public budget, one of them basic, and one of government funds; D is opened during the year. */
export const LINES = ['A', 'B', 'C', 'D'] as const;

const table = (basic = '50.00') =>
  approved({
    A: { amount: '100.00', halfYearPlanFen: yuan('40.00') },
    B: { amount: basic, expenditure: 'basic' },
    C: { amount: '70.00', fund: 'government-funds', codes: { departmentEconomic: '31005' } },
  });

const line = fc.constantFrom(...LINES);
const id = (letter: string) => fc.integer({ min: 1, max: 5 }).map((n) => `${letter}${n}`);
const amount = fc.constantFrom('0.01', '1.00', '5.00', '7.50', '20.00');
const day = fc
  .constantFrom('01-15', '02-29', '03-01', '03-31', '06-28', '06-30', '09-15', '12-31')
  .map((text) => on(text));
const code = fc.constantFrom('30201', '30211', '31002');
const month = fc.integer({ min: 0, max: 11 });

const command: fc.Arbitrary<BudgetCommand> = fc.oneof(
  { weight: 1, arbitrary: day.map((when) => openLine('D', {}, when)) },
  { weight: 1, arbitrary: fc.constant(withdraw(on('01-20'))) },
  { weight: 1, arbitrary: amount.map(table) },
  { weight: 1, arbitrary: fc.tuple(line, code, day).map(([of, to, when]) => reclassifyLine(of, to, when)) },
  { weight: 2, arbitrary: fc.tuple(id('C'), line, amount).map((parts) => carryOver(...parts)) },
  { weight: 2, arbitrary: fc.tuple(id('C'), amount, day).map((parts) => reviseCarryOver(...parts)) },
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
  { weight: 2, arbitrary: fc.tuple(id('F'), line, amount, day).map(([no, of, by, when]) => freeze(no, of, by, when)) },
  { weight: 2, arbitrary: fc.tuple(id('F'), day).map(([no, when]) => release(no, '0.01', when)) },
  {
    weight: 2,
    arbitrary: fc.tuple(line, month, day).map(([of, from, when]) =>
      plan(
        of,
        Array.from({ length: 12 }, (_, nth) => (nth < from ? '1.00' : '9.00')),
        when,
      ),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(id('R'), line, amount, day)
      .map(([requestId, of, by, when]) => requestPayment(of, by, { requestId, ...when })),
  },
  { weight: 2, arbitrary: fc.tuple(id('R'), day).map(([no, when]) => cancelRequest(no, when)) },
  { weight: 8, arbitrary: fc.tuple(id('V'), line, amount, day).map(([no, of, by, when]) => pay(no, of, by, when)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(id('V'), line, amount, id('R'), day)
      .map(([no, of, by, requestId, when]) => pay(no, of, by, { requestId, ...when })),
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
      .tuple(id('V'), line, line, amount, day)
      .map(([no, from, to, by, when]) => reattribute(no, from, to, { amount: by, ...when })),
  },
  { weight: 3, arbitrary: fc.tuple(id('V'), day).map(([no, when]) => reversePayment(no, when)) },
  { weight: 1, arbitrary: fc.constantFrom<BudgetCommand>(seal('01-10'), reopen('01-10'), closeYear(), reopenYear()) },
  { weight: 1, arbitrary: fc.tuple(id('K'), line, amount).map(([no, of, by]) => takeBack(no, of, by)) },
  { weight: 1, arbitrary: id('K').map((no) => reverseTakeBack(no)) },
);

/** Most begin with an approved table, so that what follows finds something to act on. */
export const commands: fc.Arbitrary<readonly BudgetCommand[]> = fc
  .tuple(
    fc.constantFrom<readonly BudgetCommand[]>([table()], [table('60.00')], [pay('V1', 'A', '5.00'), table()], []),
    fc.array(command, { minLength: 40, maxLength: 90, size: 'max' }),
  )
  .map(([first, then]) => [...first, ...then]);

/** Books what the rules allow of the commands in 2024; the position after each that was. */
export async function bookAllowed(
  system: ReadSystem,
  unit: string,
  history: readonly BudgetCommand[],
): Promise<readonly string[]> {
  const positions: string[] = [];
  for (const command of history) {
    try {
      positions.push(await system.book(unit, 2024, command));
    } catch (error) {
      if (!/^(refused|nothing was booked)/.test((error as Error).message)) throw error;
    }
  }
  return positions;
}
