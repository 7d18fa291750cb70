/**
 * Rules that several commands share. Each looks at the state and returns the faults it finds, an empty list when there are
 * none, so that a command can show all of them at once.
 */
import { sameEntry } from '#domain/budget/rules.js';
import { type Checkpoint, type CivilDate, checkpointDate, firstDayOf, lastDayOf } from '#domain/calendar.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import type { NumberedKind, PerformanceFault } from '#domain/performance/rejections.js';
import { isOfYear, type PerformanceState, type Said } from '#domain/performance/state.js';
import { type Ratio, compare, decimalRatio } from '#domain/ratio.js';

/** One command holds at most this many rows. */
export const ROWS_LIMIT = 2_000;

/** No figure of a table has more digits. */
export const DIGITS_LIMIT = 20;

/** Events that a command proposes; nothing of them counts when there are faults. */
export interface Proposal {
  readonly faults: readonly PerformanceFault[];
  readonly events: readonly PerformanceEvent[];
}

export const refused = (...faults: readonly PerformanceFault[]): Proposal => ({ faults, events: [] });
export const NOTHING: Proposal = { faults: [], events: [] };

/** Nothing at all, or more than one command may hold: then no row is looked at. */
export function countFaults(count: number, at: string): PerformanceFault[] {
  if (count === 0) return [{ at, code: 'NOTHING_TO_DO' }];
  return count > ROWS_LIMIT ? [{ at, code: 'TOO_MANY_ROWS', count, limit: ROWS_LIMIT }] : [];
}

/** Facts are of the year, whether past or to come: nobody here knows what day it is. */
export const dateFaults = (state: PerformanceState, date: CivilDate, at: string): PerformanceFault[] =>
  isOfYear(state, date) ? [] : [{ at, code: 'DATE_OUTSIDE_YEAR', date, year: state.year }];

/** Monitoring and evaluation of a year, and what follows from them, happen in it or in the next. */
export function followUpDateFaults({ year }: PerformanceState, date: CivilDate, at: string): PerformanceFault[] {
  const [from, to] = [firstDayOf(year), lastDayOf(year + 1)];
  return from <= date && date <= to ? [] : [{ at, code: 'DATE_OUTSIDE_FOLLOW_UP', date, from, to }];
}

export function checkpointFaults(
  { year }: PerformanceState,
  date: CivilDate,
  { checkpoint, at }: { readonly checkpoint: Checkpoint | undefined; readonly at: string },
): PerformanceFault[] {
  if (checkpoint === undefined || date <= checkpointDate(year, checkpoint)) return [];
  const due = checkpointDate(year, checkpoint);
  return [{ at, code: 'RESULT_AFTER_CHECKPOINT', date, checkpoint, checkpointDate: due }];
}

/** Nothing is dated before what it changes. */
export const orderFaults = (date: CivilDate, entry: Said | undefined, at: string): PerformanceFault[] =>
  entry === undefined || date >= entry.effectiveDate
    ? []
    : [{ at, code: 'DATE_BEFORE_ENTRY', date, entryDate: entry.effectiveDate }];

export const approvalFaults = (state: PerformanceState): PerformanceFault[] =>
  state.approved === undefined ? [{ code: 'TARGETS_NOT_APPROVED', year: state.year }] : [];

export const indicatorFaults = (state: PerformanceState, indicator: string, at: string): PerformanceFault[] =>
  state.indicators.has(indicator) ? [] : [{ at, code: 'UNKNOWN_INDICATOR', indicator }];

/** The indicator is there, and has not ended by the date. */
export function livingFaults(
  state: PerformanceState,
  indicator: string,
  { date, at }: { readonly date: CivilDate; readonly at: string },
): PerformanceFault[] {
  const ended = state.indicators.get(indicator)?.ended;
  if (ended === undefined || date < ended.effectiveDate) return indicatorFaults(state, indicator, at);
  return [{ at, code: 'INDICATOR_ENDED', indicator, endedOn: ended.effectiveDate }];
}

/** A plain decimal that the formulas read exactly: `38%`, `1e3` or a number of 21 digits is none. */
export const isDecimal = (text: string | undefined): text is string =>
  text !== undefined &&
  text.length <= DIGITS_LIMIT + 2 &&
  /^-?\d+(\.\d+)?$/.test(text) &&
  digitsOf(text) <= DIGITS_LIMIT;

const digitsOf = (text: string): number => text.replace(/\D/g, '').length;

export const isNegative = (decimal: string): boolean => compare(decimalRatio(decimal), decimalRatio('0')) < 0;

/** A figure of a running total: one that stands, or one that is asked for at its place in the command. */
export interface Running {
  readonly effectiveDate: CivilDate;
  readonly value: string;
  readonly at?: string;
}

/** A total from 1 January never falls: not below an earlier figure, nor above a later one. Source: rule book 1.3. */
export function fallFaults(of: string, figures: readonly Running[]): PerformanceFault[] {
  const series = figures.map((figure) => ({ figure, exact: decimalRatio(figure.value) })).sort(byDate);
  const highest = outermost(series, (found, known) => compare(found.exact, known.exact) > 0);
  const lowest = outermost(series.toReversed(), (found, known) => compare(found.exact, known.exact) < 0).reverse();
  return series.flatMap(({ figure: { at, effectiveDate: date, value }, exact }, index): PerformanceFault[] => {
    if (at === undefined) return [];
    const [before, after] = [highest[index - 1], lowest[index + 1]];
    const others = [
      ...(before !== undefined && compare(before.exact, exact) > 0 ? [before.figure] : []),
      ...(after !== undefined && compare(after.exact, exact) < 0 ? [after.figure] : []),
    ];
    return others.map(({ value: otherValue, effectiveDate: otherDate }) => ({
      ...{ at, code: 'RUNNING_TOTAL_FALLS', of },
      ...{ value, date, otherValue, otherDate },
    }));
  });
}

interface Figure {
  readonly figure: Running;
  readonly exact: Ratio;
}

const byDate = ({ figure: a }: Figure, { figure: b }: Figure): number =>
  a.effectiveDate < b.effectiveDate ? -1 : a.effectiveDate > b.effectiveDate ? 1 : 0;

/** At each place the one of those up to it that lies furthest out. */
function outermost(series: readonly Figure[], isFurther: (found: Figure, known: Figure) => boolean): Figure[] {
  const found: Figure[] = [];
  for (const figure of series) {
    const known = found.at(-1);
    found.push(known === undefined || isFurther(figure, known) ? figure : known);
  }
  return found;
}

/** The fault of a different entry under a number that stands already; it shows the first. */
export const numberTaken = (
  [kind, number]: readonly [NumberedKind, string],
  { effectiveDate }: Pick<Said, 'effectiveDate'>,
  data: unknown,
  at: string,
): PerformanceFault => ({ at, code: 'NUMBER_TAKEN', kind, number, first: { effectiveDate, data } });

/** What was said under a number first. */
export interface Numbered {
  readonly effectiveDate: CivilDate;
  readonly first: object;
  readonly withdrawn?: boolean;
}

/** An equal entry under a number is a repeat; a different one is a fault, and so is any once it was withdrawn. */
export function takenFaults(
  known: Numbered | undefined,
  asked: Numbered,
  { number: [kind, number], at }: { readonly number: readonly [NumberedKind, string]; readonly at: string },
): PerformanceFault[] | 'repeat' {
  if (known === undefined) return [];
  if (known.withdrawn) return [{ at, code: 'ALREADY_WITHDRAWN', kind, number }];
  if (known.effectiveDate === asked.effectiveDate && sameEntry(known.first, asked.first)) return 'repeat';
  return [numberTaken([kind, number], known, known.first, at)];
}
