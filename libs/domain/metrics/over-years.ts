/** The years of a unit side by side: budget, payment, and what was left at the close. */
import type { Closing, YearState } from '#domain/budget/lineage.js';
import { type CivilDate, firstDayOf, lastDayOf } from '#domain/calendar.js';
import { carryOverChange } from '#domain/metrics/carry-over-change.js';
import { carryOverRate } from '#domain/metrics/carry-over-rate.js';
import { executionRate } from '#domain/metrics/execution-rate.js';
import { type OfLine, type Picture, type Scope, inScope, quantities } from '#domain/metrics/quantities.js';
import { type Rate, rateOf } from '#domain/metrics/report.js';
import { type Fen, fen, sum } from '#domain/money.js';

/** The lines of the report in the order in which it prints them. */
export const OVER_YEARS_LINES = ['current', 'paid', 'execution-rate', 'carry-over', 'surplus'] as const;
export type OverYearsLine = (typeof OVER_YEARS_LINES)[number];

export const OVER_YEARS_WORDS = {
  current: { zh: '变动后预算数', en: 'Current budget' },
  paid: { zh: '执行数', en: 'Paid' },
  'execution-rate': { zh: '预算执行率', en: 'Budget execution rate' },
  'carry-over': { zh: '结转', en: 'Carry-over' },
  surplus: { zh: '结余', en: 'Surplus' },
} as const satisfies Record<OverYearsLine, { readonly zh: string; readonly en: string }>;

/** One year as known. */
export interface YearKnown {
  readonly picture: Picture;
  readonly state: YearState;
  /** The closing in force, of a closed year. */
  readonly closing: Closing | undefined;
  /** Surplus that was taken back before that closing: its lots no longer hold it, the year's surplus does. */
  readonly takenBackBefore: readonly { readonly line: string; readonly fen: Fen }[];
  readonly lines: readonly OfLine[];
}

/** Fen. */
export interface YearColumn {
  readonly year: number;
  readonly asOf: CivilDate;
  readonly state: YearState;
  readonly current: Fen;
  readonly paid: Fen;
  readonly takenBack: Fen;
  /** U = B − X: at the close what its lots and what was taken back before add up to, less what is overdrawn. */
  readonly unspent: Fen;
  /** Of the closing; absent while the year is not closed. */
  readonly atClose?: { readonly carryOver: Fen; readonly surplus: Fen };
  readonly executionRate: Rate;
  readonly carryOverRate: Rate;
  readonly carryOverChange: Rate;
}

/** 31 December; of the running year today; a year that has not begun is looked at on its first day. */
export function reportDateOf(year: number, today: CivilDate): CivilDate {
  if (today < firstDayOf(year)) return firstDayOf(year);
  return today > lastDayOf(year) ? lastDayOf(year) : today;
}

/** Source: 财预〔2013〕53号 as the formula registry has it; carry-over and surplus as the close split them (rule book 7). */
export function yearColumn(known: YearKnown, scope: Scope): YearColumn {
  const { picture, state, closing } = known;
  const { current, paid, takenBack } = quantities(picture, scope);
  return {
    year: picture.year,
    asOf: picture.asOf,
    state,
    current,
    paid,
    takenBack,
    unspent: fen(current - paid),
    ...(closing === undefined ? {} : { atClose: splitOf(closing, known, scope) }),
    executionRate: rateOf(executionRate.id, picture, scope),
    carryOverRate: rateOf(carryOverRate.id, picture, scope),
    carryOverChange: rateOf(carryOverChange.id, picture, scope),
  };
}

function splitOf(
  closing: Closing,
  { lines, takenBackBefore }: YearKnown,
  scope: Scope,
): NonNullable<YearColumn['atClose']> {
  const selected = new Set(lines.filter((line) => inScope(scope, line)).map(({ line }) => line));
  const lots = closing.lots.filter(({ line }) => selected.has(line));
  const of = (kind: 'carry-over' | 'surplus'): Fen =>
    sum(lots.filter((lot) => lot.class === kind).map((lot) => lot.fen));
  const back = sum(takenBackBefore.filter(({ line }) => selected.has(line)).map((entry) => entry.fen));
  return { carryOver: of('carry-over'), surplus: fen(of('surplus') + back) };
}
