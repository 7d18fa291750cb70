/**
 * What a notice of the treasury books, decided on the state of its budget: the line by id or name, the date by what is sealed.
 * The treasury states facts. So the rules are those of a person's entry, with three differences: a date in a sealed period
 * moves to the first open one by itself, lines may be named, and a code that stands there already is no fault.
 */
import { civilDate, nextDay, yearOf, type CivilDate } from '#domain/calendar.js';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, decide } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import type { BudgetFault, BudgetRejection } from '#domain/budget/rejections.js';
import { liveLine, sealedThrough, type BudgetState } from '#domain/budget/state.js';
import { accept, reject, type Decider, type Decision } from '#domain/decider.js';
import type { TreasuryNotice } from '#messaging/treasury.js';
import { amountOf, optional } from './parts.dto.js';

/** Several lines have the name that a notice gives. */
export interface LineAmbiguous {
  readonly at?: string;
  readonly code: 'LINE_AMBIGUOUS';
  readonly line: string;
  readonly lines: readonly string[];
}

export type NoticeFault = BudgetFault | LineAmbiguous;
export interface NoticeRejection {
  readonly code: NoticeFault['code'] | 'SEVERAL_FAULTS';
  readonly faults: readonly NoticeFault[];
}

export type NoticeDecider = Decider<BudgetState, TreasuryNotice, BudgetEvent, NoticeRejection>;

export const noticeDecider = (unit: string, year: number): NoticeDecider => ({
  ...budgetDecider(unit, year),
  decide: decideNotice,
});

export function decideNotice(notice: TreasuryNotice, state: BudgetState): Decision<BudgetEvent, NoticeRejection> {
  const decision = decide(commandOf(notice, state), state);
  if (decision.accepted) return decision;
  const faults = faultsOf(decision.rejection).map((fault) => ambiguity(fault, state));
  const [first, second] = faults;
  if (first?.code === 'CODE_UNCHANGED' && second === undefined) return accept();
  return reject({ code: first !== undefined && second === undefined ? first.code : 'SEVERAL_FAULTS', faults });
}

const faultsOf = (rejection: BudgetRejection): readonly BudgetFault[] =>
  rejection.code === 'SEVERAL_FAULTS' ? rejection.faults : [rejection];

function commandOf(notice: TreasuryNotice, state: BudgetState): BudgetCommand {
  const dates = datesOf(civilDate(notice.effectiveDate), state);
  const { voucherNo } = notice;
  switch (notice.kind) {
    case 'payment': {
      const { amount, payee, purpose, requestId, final, departmentEconomic, originYear } = notice;
      const payment = {
        ...dates,
        voucherNo,
        line: lineOf(notice.line, state),
        fen: amountOf(amount),
        payee,
        purpose,
        ...optional('requestId', requestId),
        ...optional('final', final),
        ...optional('departmentEconomic', departmentEconomic),
        ...optional('originYear', originYear),
      };
      return { type: 'ExecutePayments', payments: [payment] };
    }
    case 'return': {
      const { returnNo, amount, returned } = notice;
      return { type: 'ReturnPayment', ...dates, returnNo, voucherNo, fen: amountOf(amount), kind: returned };
    }
    case 'correction': {
      const [fromLine, toLine] = [lineOf(notice.fromLine, state), lineOf(notice.toLine, state)];
      return { type: 'ReattributePayment', ...dates, voucherNo, fromLine, toLine, fen: amountOf(notice.amount) };
    }
    case 'code-correction':
      return { type: 'ReclassifyPayment', ...dates, voucherNo, toCode: notice.toCode };
  }
}

interface Dates {
  readonly effectiveDate: CivilDate;
  readonly belongsTo?: CivilDate;
}

/** The date on the paper, or the first open one with what it belongs to. A year that is sealed to its end has none. */
function datesOf(paper: CivilDate, state: BudgetState): Dates {
  const sealed = sealedThrough(state);
  if (sealed === undefined || paper > sealed) return { effectiveDate: paper };
  const open = nextDay(sealed);
  return yearOf(open) === state.year ? { effectiveDate: open, belongsTo: paper } : { effectiveDate: paper };
}

/** An id goes before a name. What is neither stays as it is, for the rules to refuse. */
function lineOf(text: string, state: BudgetState): string {
  if (liveLine(state, text) !== undefined) return text;
  const named = linesNamed(text, state);
  return named.length === 1 ? (named[0] as string) : text;
}

const linesNamed = (name: string, { lines }: BudgetState): string[] =>
  [...lines].filter(([, line]) => line.live && line.name === name).map(([id]) => id);

/** A line that cannot be found for having namesakes is told with them. */
function ambiguity(fault: BudgetFault, state: BudgetState): NoticeFault {
  if (fault.code !== 'UNKNOWN_LINE') return fault;
  const lines = linesNamed(fault.line, state);
  return lines.length < 2 ? fault : { ...optional('at', fault.at), code: 'LINE_AMBIGUOUS', line: fault.line, lines };
}

/**
 * Faults that nothing that may still happen can mend. All others may pass: a year is reopened, a line opened, a request
 * entered, a wrong voucher reversed.
 */
const FOR_EVER: readonly NoticeFault['code'][] = [
  'DATE_OUTSIDE_YEAR',
  'ORIGIN_YEAR_NOT_PAST',
  'AMOUNT_NOT_POSITIVE',
  'SAME_LINE',
  // Requests keep their number and their line.
  'REQUEST_ON_OTHER_LINE',
  // What was booked stays counted in it.
  'TOTAL_OUT_OF_RANGE',
];

export const mayPassLater = ({ faults }: NoticeRejection): boolean =>
  faults.every(({ code }) => !FOR_EVER.includes(code));
