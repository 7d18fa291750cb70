/**
 * A self-evaluation as it stands on paper, with what somebody filled in by hand: every cell may be missing. Layout: rule book
 * 3.2. Amounts are decimals in one unit of money, percentages and points decimals, targets and results texts.
 */
import { type Ratio, compare, decimalRatio, ratio } from '#domain/ratio.js';
import type { Indicator } from '#domain/performance/events.js';

/** `original` 年初预算数, `current` 全年预算数 (A), `executed` 全年执行数 (B), `rate` B/A in percent. */
export interface SheetFunds {
  /** `total`, or one of the rows that add up to it. */
  readonly row: string;
  readonly original?: string;
  readonly current?: string;
  readonly executed?: string;
  readonly rate?: string | null;
  readonly points?: string;
  readonly score?: string;
}

export interface SheetIndicator {
  readonly indicator: string;
  readonly level1: string;
  readonly level2: string;
  readonly level3: string;
  /** 年度指标值 as written. */
  readonly annual: string;
  /** 实际完成值 as written. */
  readonly actual?: string | null;
  /** 分值 and 得分. */
  readonly points?: string;
  readonly score?: string | null;
  /** Why a row without a score was left out. */
  readonly reason?: string;
  /** 偏差原因分析及改进措施. */
  readonly cause?: string;
  /** The approved indicator where it is known: it says what kind of figure this is, and its tolerance. */
  readonly definition?: Indicator;
}

/** “三公经费”: `vehicles` = `vehiclePurchase` + `vehicleRunning`. */
export interface ThreePublicFigures {
  readonly total?: string;
  readonly trips?: string;
  readonly vehicles?: string;
  readonly vehiclePurchase?: string;
  readonly vehicleRunning?: string;
  readonly reception?: string;
}

/** A row that names an economic class beside its code, such as 公务接待费 30217. */
export interface CodedName {
  readonly at: string;
  readonly name: string;
  readonly code: string;
}

export interface EvaluationSheet {
  readonly funds?: readonly SheetFunds[];
  readonly indicators: readonly SheetIndicator[];
  /** 总分. */
  readonly total?: string;
  readonly threePublic?: { readonly budget?: ThreePublicFigures; readonly actual?: ThreePublicFigures };
  readonly codedNames?: readonly CodedName[];
  /** The work that the money was for is done. */
  readonly finished?: boolean;
}

/** What a check could not do for want of data is told as such and never passed (rule book 4.8). */
export type CheckOutcome = 'PASSED' | 'FAILED' | 'WARNING' | 'INSUFFICIENT_DATA';

export interface EvaluationCheck {
  readonly check: CheckId;
  readonly outcome: CheckOutcome;
  /** Row of the funds, indicator, or group. */
  readonly at?: string;
  readonly facts?: Readonly<Record<string, string>>;
}

export type CheckId =
  | 'BUDGET_NOT_ZERO'
  | 'EXECUTION_RATE'
  | 'EXECUTION_SCORE'
  | 'FUND_ROWS_SUM'
  | 'BUDGET_CHANGE'
  | 'INDICATOR_SCORE'
  | 'SCORE_WITHIN_POINTS'
  | 'CAUSE_GIVEN'
  | 'OVER_ACHIEVEMENT_EXPLAINED'
  | 'POINTS_SUM'
  | 'TOTAL_SUM'
  | 'THREE_PUBLIC_SUM'
  | 'THREE_PUBLIC_WITHIN_BUDGET'
  | 'NAME_AND_CODE';

/** A cell as an exact number; `undefined` when it is empty or no decimal. */
export const numberIn = (cell: string | null | undefined): Ratio | undefined =>
  cell !== undefined && cell !== null && DECIMAL.test(cell) ? decimalRatio(cell) : undefined;

const DECIMAL = /^-?\d{1,20}(\.\d{1,8})?$/;

export const isEmpty = (cell: string | null | undefined): boolean =>
  cell === undefined || cell === null || cell.trim() === '';

/** Of cells by name, those that are empty or no decimal: `"current, executed"`; `undefined` when all can be read. */
export function missingIn(cells: Readonly<Record<string, string | null | undefined>>): string | undefined {
  const missing = Object.entries(cells).filter(([, cell]) => numberIn(cell) === undefined);
  return missing.length === 0 ? undefined : missing.map(([name]) => name).join(', ');
}

export const insufficient = (check: CheckId, at: string | undefined, missing: string): EvaluationCheck => ({
  check,
  outcome: 'INSUFFICIENT_DATA',
  ...(at === undefined ? {} : { at }),
  facts: { missing },
});

/** Scores, and totals of scores, may differ by so much from ours (rule book 4.8). */
export const SCORE_TOLERANCE = ratio(1, 10);

export const isWithin = (difference: Ratio, tolerance: Ratio): boolean => compare(absolute(difference), tolerance) <= 0;

export const absolute = (value: Ratio): Ratio =>
  value.numerator < 0n ? ratio(-value.numerator, value.denominator) : value;

export const sumOf = (values: readonly Ratio[]): Ratio =>
  values.reduce(
    (left, right) =>
      ratio(
        left.numerator * right.denominator + right.numerator * left.denominator,
        left.denominator * right.denominator,
      ),
    ratio(0, 1),
  );
