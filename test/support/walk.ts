/**
 * A walk through what can happen to a budget: each command is chosen by chance with a look at the books, so that nearly all
 * are accepted and corrections find what they correct. Dates go to and fro; what falls into a sealed period comes late.
 */
import { nextDay, type CivilDate } from '#domain/calendar.js';
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
import { sealedThrough, voucherRest, type BudgetState } from '#domain/budget/state.js';
import type { Chance } from './chance.js';

const DAYS = [
  '01-01',
  '02-29',
  '03-01',
  '03-31',
  '04-01',
  '05-20',
  '06-30',
  '07-01',
  '09-15',
  '11-11',
  '12-31',
] as const;
const AMOUNTS = ['0.01', '1.00', '3.33', '5.00', '7.50', '20.00'] as const;
const CODES = ['30201', '30211', '31002'] as const;

const OFTEN = {
  pay: 30,
  payOnRequest: 6,
  payFromLot: 3,
  request: 8,
  cancel: 3,
  adjust: 8,
  reverseAdjustment: 3,
  return: 6,
  reverseReturn: 2,
  reattribute: 5,
  reclassifyPayment: 3,
  reversePayment: 4,
  freeze: 3,
  release: 2,
  plan: 2,
  carryOver: 2,
  reviseCarryOver: 1,
  openLine: 1,
  reclassifyLine: 1,
  approve: 1,
  withdraw: 0.3,
  takeBack: 1,
  reverseTakeBack: 1,
  seal: 1.5,
  reopen: 1,
  settle: 3,
  close: 0.6,
} as const;
type Kind = keyof typeof OFTEN;

/** One command; `n` makes its numbers new, and some take a number that is booked already. */
export function nextCommand(chance: Chance, state: BudgetState, n: number): BudgetCommand {
  if (state.lines.size === 0) return plannedYear(chance);
  if (state.closed !== undefined && chance.happens(0.5)) return reopenYear();
  return COMMANDS[chance.weighted(OFTEN)]({ chance, state, n });
}

const plannedYear = (chance: Chance): BudgetCommand =>
  approved(
    {
      A: { amount: '900.00', halfYearPlanFen: yuan('40.00') },
      B: { amount: '500.00', codes: { departmentEconomic: chance.pick(CODES) } },
      C: { amount: '300.00', expenditure: 'basic' },
    },
    dated(chance.pick(['01-01', '02-29'])),
  );

interface Books {
  readonly chance: Chance;
  readonly state: BudgetState;
  readonly n: number;
}

/** When the walk finds nothing that a correction could correct, it pays. */
const COMMANDS: Readonly<Record<Kind, (books: Books) => BudgetCommand>> = {
  pay: (books) => pay(numbered('V', books, 0.03), lineOf(books), amountOf(books), when(books)),
  payOnRequest: (books) => {
    const [requestId, request] = openEntry(books, books.state.requests) ?? [];
    if (requestId === undefined || request === undefined) return COMMANDS.pay(books);
    return pay(numbered('V', books), request.line, amountOf(books), {
      ...when(books, request.effectiveDate),
      requestId,
    });
  },
  payFromLot: (books) =>
    pay(numbered('V', books), lineOf(books), amountOf(books), {
      ...when(books),
      originYear: books.chance.pick([2022, 2023]),
      departmentEconomic: books.chance.pick(CODES),
    }),
  request: (books) =>
    requestPayment(lineOf(books), amountOf(books), { requestId: numbered('R', books), ...when(books) }),
  cancel: (books) => {
    const [requestId, request] = openEntry(books, books.state.requests) ?? [];
    return requestId === undefined
      ? COMMANDS.pay(books)
      : cancelRequest(requestId, when(books, request?.effectiveDate));
  },
  adjust: (books) => {
    const [from, to] = books.chance.happens(0.5) ? ['A', 'B'] : ['B', 'A'];
    const movements = [add(from, amountOf(books)), cut(to, '0.50'), transfer(from, to, '0.25')];
    const document = books.chance.happens(0.5) ? { document: { number: `No. ${books.n}` } } : {};
    return adjust(numbered('A', books, 0.05), movements, { ...when(books), ...document });
  },
  reverseAdjustment: (books) => {
    const [no, entry] = standing(books, books.state.adjustments) ?? [];
    return no === undefined ? COMMANDS.pay(books) : reverseAdjustment(no, when(books, entry?.effectiveDate));
  },
  return: (books) => {
    const [voucherNo, voucher] = paidVoucher(books) ?? [];
    if (voucherNo === undefined || voucher === undefined) return COMMANDS.pay(books);
    const dates = books.chance.happens(0.1) ? on('2025-02-01') : when(books, voucher.changedOn);
    return returnPayment(numbered('T', books), voucherNo, '0.01', dates);
  },
  reverseReturn: (books) => {
    const [no, entry] = standing(books, books.state.returns) ?? [];
    return no === undefined ? COMMANDS.pay(books) : reverseReturn(no, when(books, entry?.effectiveDate));
  },
  reattribute: (books) => {
    const [no, voucher] = paidVoucher(books) ?? [];
    const share = voucher?.shares[0];
    if (no === undefined || voucher === undefined || share === undefined) return COMMANDS.pay(books);
    const to = share.line === 'A' ? 'B' : 'A';
    return reattribute(no, share.line, to, { amount: '0.01', ...when(books, voucher.changedOn) });
  },
  reclassifyPayment: (books) => {
    const [no, voucher] = paidVoucher(books) ?? [];
    if (no === undefined) return COMMANDS.pay(books);
    return reclassifyPayment(no, books.chance.pick(CODES), when(books, voucher?.changedOn));
  },
  reversePayment: (books) => {
    const [no, voucher] = paidVoucher(books) ?? [];
    return no === undefined ? COMMANDS.pay(books) : reversePayment(no, when(books, voucher?.changedOn));
  },
  freeze: (books) => freeze(numbered('F', books), lineOf(books), amountOf(books), when(books)),
  release: (books) => {
    const [no, entry] = openEntry(books, books.state.freezes) ?? [];
    return no === undefined ? COMMANDS.freeze(books) : release(no, '0.01', when(books, entry?.effectiveDate));
  },
  plan: (books) => plan(lineOf(books), Array<string>(12).fill(amountOf(books)), when(books)),
  carryOver: (books) =>
    carryOver(numbered('C', books, 0.1), lineOf(books), amountOf(books), books.chance.pick([2022, 2023])),
  reviseCarryOver: (books) => {
    const [no, entry] = books.chance.pick([...books.state.carryOvers]) ?? [];
    if (no === undefined) return COMMANDS.carryOver(books);
    return reviseCarryOver(no, amountOf(books), when(books, entry?.changedOn));
  },
  openLine: (books) => openLine(`L${books.n}`, { codes: { departmentEconomic: '30211' } }, when(books)),
  reclassifyLine: (books) => reclassifyLine(lineOf(books), books.chance.pick(CODES), when(books)),
  approve: (books) => plannedYear(books.chance),
  withdraw: (books) => withdraw(when(books)),
  takeBack: (books) => takeBack(numbered('K', books), lineOf(books), '0.01', on('12-31')),
  reverseTakeBack: (books) => {
    const [no] = standing(books, books.state.takeBacks) ?? [];
    return no === undefined ? COMMANDS.takeBack(books) : reverseTakeBack(no);
  },
  seal: (books) => {
    const through = books.chance.pick(['01-01', '03-31', '06-30', '09-15']);
    return seal(through, on(books.chance.pick(['09-30', '12-31'])));
  },
  reopen: (books) => {
    const sealed = sealedThrough(books.state);
    return sealed === undefined ? COMMANDS.seal(books) : reopen(sealed, on('12-31'));
  },
  /** What is open stands in the way of the close. */
  settle: (books) => {
    const [freezeId] = openEntry(books, books.state.freezes) ?? [];
    if (freezeId !== undefined) return release(freezeId, undefined, on('12-31'));
    const [requestId] = openEntry(books, books.state.requests) ?? [];
    return requestId === undefined ? COMMANDS.pay(books) : cancelRequest(requestId, on('12-31'));
  },
  close: () => closeYear(),
};

/** Mostly the line of a plan, now and then one that may not exist. */
const lineOf = ({ chance }: Books): string => chance.pick(['A', 'A', 'B', 'B', 'C', 'C', 'L7']);
const amountOf = ({ chance }: Books): string => chance.pick(AMOUNTS);

/** A new number; in `taken` of all cases a small one, which may be booked already. */
const numbered = (letter: string, { chance, n }: Books, taken = 0): string =>
  `${letter}${chance.happens(taken) ? chance.below(9) + 1 : n}`;

const dated = (day: (typeof DAYS)[number]): { effectiveDate: CivilDate } => on(day);

/** Any day from `earliest` on; a day that is sealed comes late, on a day that is open. */
function when(
  { chance, state }: Books,
  earliest: CivilDate | undefined = on('01-01').effectiveDate,
): { effectiveDate: CivilDate; belongsTo?: CivilDate } {
  const drawn = dated(chance.pick(DAYS)).effectiveDate;
  const day = drawn < earliest ? earliest : drawn;
  const sealed = sealedThrough(state);
  if (sealed === undefined || day > sealed || sealed.endsWith('12-31')) return { effectiveDate: day };
  return { effectiveDate: nextDay(sealed), belongsTo: day };
}

const openEntry = ({ chance }: Books, entries: BudgetState['requests']) =>
  chance.pick([...entries].filter(([, { rest }]) => rest > 0));

const standing = <Entry extends { readonly reversed: boolean; readonly effectiveDate: CivilDate }>(
  { chance }: Books,
  entries: ReadonlyMap<string, Entry>,
): readonly [string, Entry] | undefined => chance.pick([...entries].filter(([, { reversed }]) => !reversed));

const paidVoucher = ({ chance, state }: Books) =>
  chance.pick([...state.vouchers].filter(([, voucher]) => !voucher.reversed && voucherRest(voucher) > 0));
