/**
 * Rules that several commands share. Each looks at the state and returns the faults it finds, an empty list when there are
 * none, so that a command can show all of them at once.
 */
import { firstDayOf, lastDayOf, nextDay, yearOf, type CivilDate } from '#domain/calendar.js';
import type { EconomicShare } from '#domain/budget/events.js';
import type { BookedEntry, BudgetFault } from '#domain/budget/rejections.js';
import { liveLine, sealedThrough, type BudgetState } from '#domain/budget/state.js';
import { fen, type Fen } from '#domain/money.js';

/** One command holds at most this many movements or payments; closing and approving a plan are exempt. Design 6.3. */
export const MOVEMENTS_LIMIT = 500;

/** All amounts of a stream together stay below this; what is asked may never be more by itself. */
export const TURNOVER_LIMIT = fen(Math.floor(Number.MAX_SAFE_INTEGER / 4));

/** One report of a seal is at most this long, in UTF-8 bytes. Design 6.3. */
export const REPORT_BYTES = 256 * 1024;

interface Dated {
  readonly effectiveDate: CivilDate;
  readonly belongsTo?: CivilDate;
}

/** The two dates of an event, as the command names them. */
export const datesOf = ({ effectiveDate, belongsTo }: Dated): Dated =>
  belongsTo === undefined ? { effectiveDate } : { effectiveDate, belongsTo };

/**
 * The two dates of what takes an entry back: a late entry, or one whose period was sealed since, is undone in the period that
 * it belongs to, unless the command names another (design 6.3).
 */
export function datesOfReversal(state: BudgetState, dated: Dated, entry: Dates): Dated {
  const period = dated.belongsTo ?? paperDate(entry);
  const sealed = sealedThrough(state);
  const isSealed = sealed !== undefined && period <= sealed && dated.effectiveDate > sealed;
  return isSealed && yearOf(period) === state.year ? { ...datesOf(dated), belongsTo: period } : datesOf(dated);
}

/** The date on the paper: where the entry was booked may have been decided by a seal. */
const paperDate = ({ effectiveDate, belongsTo }: Dates): CivilDate => belongsTo ?? effectiveDate;
type Dates = { readonly effectiveDate: CivilDate; readonly belongsTo?: CivilDate | undefined };

/** Whether an entry is a repeat of one that is booked: same content under the same date on the paper. */
export const isRepeat = (booked: Dates & { readonly data: object }, asked: Dates, data: object): boolean =>
  paperDate(booked) === paperDate(asked) && sameEntry(booked.data, data);

/** The fault of a different entry under a number that is booked; it shows the first. */
export const numberTaken = (
  kind: string,
  number: string,
  { effectiveDate, data }: BookedEntry,
  at: string,
): BudgetFault => ({ at, code: 'NUMBER_TAKEN', kind, number, first: { effectiveDate, data } });

/** A fact or request may be dated: inside the year, after the last seal, before the close. Design 4. */
export function dateFaults(state: BudgetState, dated: Dated, at: string): BudgetFault[] {
  const { effectiveDate, belongsTo } = dated;
  if (yearOf(effectiveDate) !== state.year) {
    return [{ at: `${at}/effectiveDate`, code: 'DATE_OUTSIDE_YEAR', date: effectiveDate, year: state.year }];
  }
  if (state.closed !== undefined) return [{ at, code: 'YEAR_CLOSED', year: state.year }];
  const sealed = sealedThrough(state);
  if (sealed !== undefined && effectiveDate <= sealed) {
    return [periodSealed(state, effectiveDate, { sealed, at: `${at}/effectiveDate` })];
  }
  return belongsTo === undefined ? [] : belongsToFaults(state, belongsTo, at);
}

/** A date in a sealed period, with the first open date of this year, if it has one left. */
export function periodSealed(
  { year }: Pick<BudgetState, 'year'>,
  date: CivilDate,
  { sealed, at }: { readonly sealed: CivilDate; readonly at: string },
): BudgetFault {
  const open = nextDay(sealed);
  const firstOpenDate = yearOf(open) === year ? { firstOpenDate: open } : {};
  return { at, code: 'PERIOD_SEALED', date, sealedThrough: sealed, ...firstOpenDate };
}

/** A late fact names a date of this year that can no longer be booked; anything else keeps its own date. */
function belongsToFaults(state: BudgetState, belongsTo: CivilDate, at: string): BudgetFault[] {
  const sealed = sealedThrough(state);
  if (belongsTo < firstDayOf(state.year) || belongsTo > lastDayOf(state.year)) {
    return [{ at: `${at}/belongsTo`, code: 'DATE_OUTSIDE_YEAR', date: belongsTo, year: state.year }];
  }
  if (sealed !== undefined && belongsTo <= sealed) return [];
  return [{ at: `${at}/belongsTo`, code: 'BELONGS_TO_OPEN_PERIOD', belongsTo, sealedThrough: sealed }];
}

/** A correction is not dated before what it corrects: at no date may a figure fall below nothing. */
export const orderFaults = (dated: Dated, entryDate: CivilDate, at: string): BudgetFault[] =>
  dated.effectiveDate >= entryDate
    ? []
    : [{ at: `${at}/effectiveDate`, code: 'DATE_BEFORE_ENTRY', date: dated.effectiveDate, entryDate }];

export const approvalFaults = (state: BudgetState, at: string): BudgetFault[] =>
  state.approval === undefined ? [{ at, code: 'BUDGET_NOT_APPROVED', year: state.year }] : [];

export const lineFaults = (state: BudgetState, line: string, at: string): BudgetFault[] =>
  liveLine(state, line) === undefined ? [{ at, code: 'UNKNOWN_LINE', line }] : [];

export const amountFaults = (amount: Fen, at: string): BudgetFault[] =>
  amount > 0 ? notNegativeFaults(amount, at) : [{ at, code: 'AMOUNT_NOT_POSITIVE', fen: amount }];

/** For amounts that may be 0. */
export function notNegativeFaults(amount: Fen, at: string): BudgetFault[] {
  if (amount < 0) return [{ at, code: 'AMOUNT_NOT_POSITIVE', fen: amount }];
  return amount <= TURNOVER_LIMIT ? [] : [{ at, code: 'TOTAL_OUT_OF_RANGE', limitFen: TURNOVER_LIMIT }];
}

export function shareFaults(shares: readonly EconomicShare[] | undefined, amount: Fen, at: string): BudgetFault[] {
  const negative = (shares ?? []).flatMap((share, index) => amountFaults(share.fen, `${at}/${index}/fen`));
  const total = exactSum((shares ?? []).map((share) => share.fen));
  if (total !== undefined && total <= amount) return negative;
  return [...negative, { at, code: 'ECONOMIC_SHARES_EXCEED', sharesFen: total ?? amount, amountFen: amount }];
}

export const originFaults = (state: BudgetState, originYear: number | undefined, at: string): BudgetFault[] =>
  originYear === undefined || originYear <= state.year
    ? []
    : [{ at, code: 'ORIGIN_YEAR_NOT_PAST', originYear, year: state.year }];

/** Sum in fen; `undefined` when it leaves the safe range. */
export function exactSum(amounts: readonly Fen[]): Fen | undefined {
  const total = amounts.reduce((left, amount) => left + BigInt(amount), 0n);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return total <= limit && total >= -limit ? fen(Number(total)) : undefined;
}

/** Whether two entries are the same, whatever the order of their keys; a key without a value is not there. */
export function sameEntry(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = Object.entries(b).filter(([, value]) => value !== undefined);
  const other = new Map<string, unknown>(right);
  return (
    left.length === right.length && left.every(([key, value]) => other.has(key) && sameEntry(value, other.get(key)))
  );
}
