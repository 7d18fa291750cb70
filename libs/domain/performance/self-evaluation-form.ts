/**
 * The self-evaluation form 绩效自评表 of one unit and year as a value: what is shown before it is submitted, frozen when it is,
 * exported and imported. Layout: rule book 3.2; arithmetic: rule book 4.
 *
 * NOTE: it is stored inside `SelfEvaluationSubmitted`; another shape is a new version of that event. Amounts are decimal yuan,
 * points and percentages decimals with two places, all as text.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { Grade } from '#domain/performance/events.js';

/** Only the total carries points; the other rows show "—". */
export interface EvaluatedFunds {
  /** `total`, `appropriation` (this year's), `carry-over` (of earlier years), `other`. */
  readonly row: 'total' | 'appropriation' | 'carry-over' | 'other';
  /** 年初预算数. */
  readonly original: string;
  /** 全年预算数 (A). */
  readonly current: string;
  /** 全年执行数 (B). */
  readonly executed: string;
  /** B / A; null with the reason. */
  readonly rate: string | null;
  readonly reason?: string;
  /** 分值 and 得分 of the execution rate, where the profile scores it. */
  readonly points?: string;
  readonly score?: string;
  /** 偏差原因分析及改进措施 of the execution rate. */
  readonly cause?: string;
  readonly improvement?: string;
}

/** What the total of the funds block is called where rows are named, as in assessments. */
export const EXECUTION_RATE_ROW = 'execution-rate';

export interface EvaluatedIndicator {
  readonly indicator: string;
  readonly level1: string;
  readonly level2: string;
  readonly keyWork?: string;
  readonly level3: string;
  /** 年度指标值 as printed. */
  readonly annual: string;
  /** 实际完成值 as printed; null when there is no result. */
  readonly actual: string | null;
  readonly resultDate?: CivilDate;
  readonly resultFrom?: { readonly resultId: string } | { readonly metric: string; readonly version: number };
  /** 分值; `"0.00"` for a row that bears none. */
  readonly points: string;
  /** 得分; null where the row is left out of the score, with the reason. */
  readonly score: string | null;
  readonly reason?: string;
  /** Id of the scoring rule that decided. */
  readonly rule: string;
  readonly grade?: Grade;
  /** 偏差原因分析及改进措施. */
  readonly cause?: string;
  readonly improvement?: string;
}

/** What was checked (rule book 4.8); what could not be is `INSUFFICIENT_DATA`, never passed. */
export interface EvaluationCheck {
  readonly check: string;
  readonly outcome: 'PASSED' | 'FAILED' | 'WARNING' | 'INSUFFICIENT_DATA';
  readonly at?: string;
  readonly facts?: Readonly<Record<string, string>>;
}

export interface SelfEvaluationForm {
  readonly form: 'self-evaluation';
  readonly version: 1;
  readonly unit: string;
  readonly unitName: string;
  readonly year: number;
  readonly through: CivilDate;
  /** 预期目标 and 实际完成情况. */
  readonly annualGoal?: string;
  readonly annualOutcome?: string;
  /** The work that the money was for is done, as whoever submits says. */
  readonly finished?: true;
  readonly funds: readonly EvaluatedFunds[];
  readonly indicators: readonly EvaluatedIndicator[];
  readonly profile: { readonly id: string; readonly version: number };
  readonly groups: readonly { readonly group: string; readonly points: string; readonly score: string }[];
  /** Points of the rows that count, and the score: sums of the rounded rows. */
  readonly possible: string;
  readonly total: string;
  /** 优, 良, 中, 差 as the profile names them. */
  readonly grade: string;
  readonly checks: readonly EvaluationCheck[];
}
