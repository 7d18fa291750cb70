/**
 * Given these commands, when this one is asked, then these events or this refusal: rules of a budget as sentences with their
 * numbers in yuan. A wrong expectation throws with what came instead. Pure, so that any runner can use it.
 */
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { ApprovedLine, BudgetCommand, Movement, NewAdjustment, NewPayment } from '#domain/budget/commands.js';
import { budgetDecider, decide } from '#domain/budget/decide.js';
import type { BudgetEvent, Payee } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import type { BudgetRejection } from '#domain/budget/rejections.js';
import { available, currentBudget, type BudgetState } from '#domain/budget/state.js';
import { parseYuan, sum, type Fen } from '#domain/money.js';
import { presentMoney } from '#domain/present.js';

export const YEAR = 2024;
type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;
type More<Type extends BudgetCommand['type']> = Partial<Omit<Of<Type>, 'type'>>;
type Facts = Readonly<Record<string, unknown>>;

export function yuan(text: string): Fen {
  const amount = parseYuan(text);
  if (typeof amount === 'string') throw new RangeError(`${amount}: ${text}`);
  return amount;
}

export interface Outcome {
  /** Exactly these events, each with at least these facts (amounts in yuan). Not called `then`: it would be a promise. */
  thenBooks(...expected: readonly (readonly [BudgetEvent['type'], Facts])[]): Outcome;
  /** Accepted without an event: the entry is booked already. */
  thenNothing(): Outcome;
  /** Refused with this fault, alone or among others, with at least these facts. */
  thenRejects(code: string, facts?: Facts): Outcome;
  /** What the line holds afterwards: effect kinds, `budget` and `available`, in yuan. */
  leaves(line: string, expected: Readonly<Record<string, string>>): Outcome;
  readonly state: BudgetState;
}

/** Each command must be accepted; its events make the state. */
export function given(...commands: readonly BudgetCommand[]): {
  when(command: BudgetCommand): Outcome;
  state: BudgetState;
} {
  const state = budgetDecider('U1', YEAR).initialState();
  for (const command of commands) {
    const decision = decide(command, state);
    if (!decision.accepted) throw new Error(`given, but refused: ${show(command)}\n${show(decision.rejection)}`);
    for (const event of decision.events) apply(state, event);
  }
  return { state, when: (command) => outcome(state, command) };
}

function outcome(state: BudgetState, command: BudgetCommand): Outcome {
  const decision = decide(command, state);
  for (const event of decision.accepted ? decision.events : []) apply(state, event);
  const fail = (wanted: string): never => {
    const came = decision.accepted ? decision.events.map(shown) : decision.rejection;
    throw new Error(`expected ${wanted}\ncame     ${show(came)}`);
  };
  const self: Outcome = {
    state,
    thenBooks(...expected) {
      if (!decision.accepted || decision.events.length !== expected.length) fail(show(expected));
      else if (!decision.events.every((event, index) => holds(shown(event), withType(expected[index]))))
        fail(show(expected));
      return self;
    },
    thenNothing() {
      if (!decision.accepted || decision.events.length > 0) fail('no event');
      return self;
    },
    thenRejects(code, facts = {}) {
      const faults = decision.accepted ? [] : faultsOf(decision.rejection);
      if (!faults.some((fault) => holds(presentMoney(fault), { code, ...facts }))) fail(show({ code, ...facts }));
      return self;
    },
    leaves(id, expected) {
      const came = presentLine(state, id);
      if (!holds(came, expected)) throw new Error(`expected line ${id} ${show(expected)}\ncame ${show(came)}`);
      return self;
    },
  };
  return self;
}

const withType = (expected: readonly [string, Facts] | undefined): Facts => ({ ...expected?.[1], type: expected?.[0] });

const shown = ({ type, effectiveDate, belongsTo, data }: BudgetEvent): Facts => ({
  ...(presentMoney(data) as Facts),
  type,
  on: effectiveDate,
  ...(belongsTo === undefined ? {} : { belongsTo }),
});

export const faultsOf = (rejection: BudgetRejection): readonly BudgetRejection[] =>
  rejection.code === 'SEVERAL_FAULTS' ? rejection.faults : [rejection];

function presentLine(state: BudgetState, id: string): unknown {
  const line = state.lines.get(id);
  if (line === undefined) throw new Error(`there is no line ${id}`);
  const { totals } = line;
  const named = Object.fromEntries(Object.entries(totals).map(([kind, amount]) => [`${kind}Fen`, amount]));
  return presentMoney({ ...named, budgetFen: currentBudget(totals), availableFen: available(totals) });
}

/** Whether `came` has at least what `wanted` says; lists must be of equal length. */
function holds(came: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(came, wanted);
  if (typeof came !== 'object' || came === null) return false;
  if (Array.isArray(wanted) && (!Array.isArray(came) || came.length !== wanted.length)) return false;
  return Object.entries(wanted).every(([key, value]) => holds((came as Facts)[key], value));
}

const show = (value: unknown): string => JSON.stringify(value, undefined, 1);

// Commands. Dates: the plan is approved on 1 January, everything else happens on 1 March unless it says so.

const JANUARY = civilDate(`${YEAR}-01-01`);
const MARCH = civilDate(`${YEAR}-03-01`);
export const on = (monthAndDay: string): { effectiveDate: CivilDate } => ({
  effectiveDate: civilDate(monthAndDay.length === 5 ? `${YEAR}-${monthAndDay}` : monthAndDay),
});
export const PAYEE: Payee = { name: 'Payee', kind: 'organisation' };

type Planned = string | (Partial<Omit<ApprovedLine, 'line' | 'originalFen'>> & { readonly amount: string });

/** A plan of project lines of the general public budget, unless a line says otherwise; totals follow from the lines. */
export function approved(
  planned: Readonly<Record<string, Planned>>,
  more: More<'ApproveBudget'> = {},
): Of<'ApproveBudget'> {
  const lines = Object.entries(planned).map(([line, entry]): ApprovedLine => {
    const { amount, ...rest } = typeof entry === 'string' ? { amount: entry } : entry;
    return {
      line,
      name: `Line ${line}`,
      expenditure: 'project',
      fund: 'general-public',
      originalFen: yuan(amount),
      ...rest,
    };
  });
  const carried = more.carryOvers ?? [];
  const totalOf = (kind: string) =>
    sum([
      ...lines.filter(({ expenditure }) => expenditure === kind).map(({ originalFen }) => originalFen),
      ...carried
        .filter(({ line }) => lines.find((entry) => entry.line === line)?.expenditure === kind)
        .map((entry) => entry.fen),
    ]);
  return {
    type: 'ApproveBudget',
    effectiveDate: JANUARY,
    income: [],
    basicFen: totalOf('basic'),
    projectFen: totalOf('project'),
    lines,
    ...more,
  };
}

export const openLine = (
  line: string,
  more: Partial<Of<'OpenLines'>['lines'][0]> = {},
  dates = on('01-01'),
): Of<'OpenLines'> => ({
  type: 'OpenLines',
  ...dates,
  lines: [{ line, name: `Line ${line}`, expenditure: 'project', fund: 'general-public', ...more }],
});

export const lot = (carryOverId: string, line: string, amount: string, originYear = YEAR - 1) => ({
  carryOverId,
  line,
  originYear,
  originLine: line,
  fen: yuan(amount),
});
export const carryOver = (
  id: string,
  line: string,
  amount: string,
  originYear?: number,
): Of<'BringCarryOverForward'> => ({
  type: 'BringCarryOverForward',
  effectiveDate: JANUARY,
  carryOvers: [lot(id, line, amount, originYear)],
});

type MoreMovement = { readonly [Key in 'originYear' | 'structural']?: Key extends 'structural' ? boolean : number };
export const add = (line: string, amount: string): Movement => ({ kind: 'add', line, fen: yuan(amount) });
export const cut = (line: string, amount: string, more: MoreMovement = {}): Movement => ({
  kind: 'cut',
  line,
  fen: yuan(amount),
  ...more,
});
export const transfer = (from: string, to: string, amount: string, more: MoreMovement = {}): Movement => ({
  kind: 'transfer',
  from,
  to,
  fen: yuan(amount),
  ...more,
});
export const adjust = (
  adjustmentId: string,
  movements: readonly Movement[],
  more: Partial<NewAdjustment> = {},
): Of<'Adjust'> => ({
  type: 'Adjust',
  adjustments: [{ adjustmentId, effectiveDate: MARCH, reasonCode: 'ORDINARY', movements, ...more }],
});
export const reverseAdjustment = (adjustmentId: string, dates = on('03-01')): Of<'ReverseAdjustment'> => ({
  type: 'ReverseAdjustment',
  adjustmentId,
  reason: 'entered wrongly',
  ...dates,
});

export const freeze = (freezeId: string, line: string, amount: string, more: More<'Freeze'> = {}): Of<'Freeze'> => ({
  type: 'Freeze',
  effectiveDate: MARCH,
  freezeId,
  line,
  fen: yuan(amount),
  ...more,
});
export const release = (freezeId: string, amount?: string, dates = on('03-01')): Of<'Release'> => ({
  type: 'Release',
  freezeId,
  ...(amount === undefined ? {} : { fen: yuan(amount) }),
  ...dates,
});
/** Twelve cumulative amounts, January first. */
export const plan = (line: string, cumulative: readonly string[], dates = on('01-01')): Of<'SetPaymentPlan'> => ({
  type: 'SetPaymentPlan',
  ...dates,
  plans: [{ line, cumulativeFen: cumulative.map(yuan) }],
});

export const requestPayment = (
  line: string,
  amount: string,
  more: More<'RequestPayment'> = {},
): Of<'RequestPayment'> => ({
  type: 'RequestPayment',
  effectiveDate: MARCH,
  requestId: 'R1',
  line,
  fen: yuan(amount),
  payee: PAYEE,
  purpose: 'works',
  ...more,
});
export const cancelRequest = (requestId = 'R1', dates = on('03-01')): Of<'CancelRequest'> => ({
  type: 'CancelRequest',
  requestId,
  ...dates,
});

export const payment = (
  voucherNo: string,
  line: string,
  amount: string,
  more: Partial<NewPayment> = {},
): NewPayment => ({
  voucherNo,
  effectiveDate: MARCH,
  line,
  fen: yuan(amount),
  payee: PAYEE,
  purpose: 'works',
  ...more,
});
export const pay = (
  voucherNo: string,
  line: string,
  amount: string,
  more: Partial<NewPayment> = {},
): Of<'ExecutePayments'> => ({ type: 'ExecutePayments', payments: [payment(voucherNo, line, amount, more)] });
export const returnPayment = (
  returnNo: string,
  voucherNo: string,
  amount: string,
  dates = on('03-01'),
): Of<'ReturnPayment'> => ({
  type: 'ReturnPayment',
  returnNo,
  voucherNo,
  fen: yuan(amount),
  kind: 'passive',
  ...dates,
});
export const reverseReturn = (returnNo: string, dates = on('03-01')): Of<'ReverseReturn'> => ({
  type: 'ReverseReturn',
  returnNo,
  reason: 'never came',
  ...dates,
});
export const reclassifyPayment = (voucherNo: string, toCode: string, dates = on('03-01')): Of<'ReclassifyPayment'> => ({
  type: 'ReclassifyPayment',
  voucherNo,
  toCode,
  ...dates,
});
export const reattribute = (
  voucherNo: string,
  from: string,
  to: string,
  { amount, ...dates }: { amount: string; effectiveDate?: CivilDate },
): Of<'ReattributePayment'> => ({
  type: 'ReattributePayment',
  voucherNo,
  fromLine: from,
  toLine: to,
  fen: yuan(amount),
  effectiveDate: MARCH,
  ...dates,
});
export const reversePayment = (voucherNo: string, dates = on('03-01')): Of<'ReversePayment'> => ({
  type: 'ReversePayment',
  voucherNo,
  reason: 'booked twice',
  ...dates,
});

export const seal = (through: string, dates = on('12-31')): Of<'SealPeriod'> => ({
  type: 'SealPeriod',
  ...dates,
  through: on(through).effectiveDate,
  reason: 'half-year report',
  knownAt: 1,
  streams: [],
  formulas: [],
});
export const reopen = (through: string, dates = on('12-31')): Of<'ReopenPeriod'> => ({
  type: 'ReopenPeriod',
  ...dates,
  through: on(through).effectiveDate,
  reason: 'a voucher was missing',
});
export const closeYear = (
  surplus?: Of<'CloseYear'>['surplus'],
  { lots, nextYear, ...dates }: More<'CloseYear'> = {},
): Of<'CloseYear'> => ({
  type: 'CloseYear',
  ...on('12-31'),
  ...dates,
  ...(surplus === undefined ? {} : { surplus }),
  ...(lots === undefined ? {} : { lots }),
  ...(nextYear === undefined ? {} : { nextYear }),
});
/** A lot of 2023's close of project expenditure of the general public budget, unless it says otherwise. */
export const carriedLot = (
  originLine: string,
  amount: string,
  more: Partial<Of<'CarryForward'>['lots'][0]> = {},
): Of<'CarryForward'>['lots'][0] => ({
  originLine,
  originYear: YEAR - 1,
  fen: yuan(amount),
  name: `Line ${originLine}`,
  expenditure: 'project',
  fund: 'general-public',
  ...more,
});
/** What closure `closure` of 2023 carried over. */
export const carryForward = (
  lots: Of<'CarryForward'>['lots'],
  { closure = 1, ...dates }: { readonly closure?: number; readonly effectiveDate?: CivilDate } = {},
): Of<'CarryForward'> => ({
  type: 'CarryForward',
  ...on('01-01'),
  ...dates,
  source: { stream: `budget-U1-${YEAR - 1}`, revision: 100 + closure, closure },
  lots,
});
export const reopenYear = (dates = on('12-31')): Of<'ReopenYear'> => ({
  type: 'ReopenYear',
  ...dates,
  reason: 'audit',
});
export const takeBack = (
  takeBackId: string,
  line: string,
  amount: string,
  more: More<'TakeBackSurplus'> = {},
): Of<'TakeBackSurplus'> => ({
  type: 'TakeBackSurplus',
  effectiveDate: civilDate(`${YEAR}-12-31`),
  takeBackId,
  line,
  originYear: YEAR,
  fen: yuan(amount),
  ...more,
});
export const reverseTakeBack = (takeBackId: string, dates = on('12-31')): Of<'ReverseTakeBack'> => ({
  type: 'ReverseTakeBack',
  takeBackId,
  reason: 'wrong line',
  ...dates,
});
export const reclassifyLine = (
  line: string,
  departmentEconomic: string,
  dates = on('03-01'),
): Of<'ReclassifyLine'> => ({
  type: 'ReclassifyLine',
  line,
  codes: { departmentEconomic },
  reason: 'new chart',
  ...dates,
});
export const withdraw = (dates = on('01-02')): Of<'WithdrawApproval'> => ({
  type: 'WithdrawApproval',
  reason: 'wrong file',
  ...dates,
});
export const reviseCarryOver = (carryOverId: string, to: string, dates = on('03-01')): Of<'ReviseCarryOver'> => ({
  type: 'ReviseCarryOver',
  carryOverId,
  toFen: yuan(to),
  reason: 'final accounts',
  ...dates,
});
