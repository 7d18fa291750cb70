/**
 * The monitoring form 绩效运行监控表 of one unit and year as a value: what is shown before it is submitted, frozen when it is,
 * exported and imported. Layout: rule book 3.1.
 *
 * NOTE: it is stored inside `MonitoringSubmitted`; another shape is a new version of that event. Amounts are decimal yuan,
 * percentages decimals with two places, all as text.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { DeviationCause, Likelihood } from '#domain/performance/events.js';
import type { LightState } from '#domain/scoring/lights.js';

/** 资金情况: the year's total, and each fund nature that the unit has. */
export interface MonitoredFunds {
  /** `total`, or a fund nature. */
  readonly row: string;
  /** 年初预算数. */
  readonly original: string;
  /** 调整后预算数. */
  readonly current: string;
  /** 1-N月执行数. */
  readonly executed: string;
  /** 执行率: executed / current; null with the reason. */
  readonly rate: string | null;
  readonly reason?: string;
  /** 全年预计执行数, and the method that it was worked out by; null when there is none. */
  readonly forecast: string | null;
  readonly forecastMethod?: string;
}

export interface MonitoredIndicator {
  readonly indicator: string;
  readonly level1: string;
  readonly level2: string;
  readonly keyWork?: string;
  readonly level3: string;
  /** 半年指标值 and 年度指标值 as printed. */
  readonly half: string;
  readonly annual: string;
  /** 1-N月执行情况 as printed in a form: `"17个"`, `"健全"`; null when there is no result. */
  readonly result: string | null;
  /** The date that the result holds for. */
  readonly resultDate?: CivilDate;
  /** Id of the result, or of the metric that computed it. */
  readonly resultFrom?: { readonly resultId: string } | { readonly metric: string; readonly version: number };
  readonly verdict: 'met' | 'missed' | 'not-assessed';
  readonly reason?: string;
  /** Signed, in the target's unit. */
  readonly distance?: string;
  readonly light: LightState;
  /** 全年预计完成情况: what a person expects, else the computed forecast; null when there is neither. */
  readonly forecast: string | null;
  readonly forecastMethod?: string;
  readonly causes: readonly DeviationCause[];
  readonly explanation?: string;
  readonly likelihood?: Likelihood;
  readonly remark?: string;
}

export interface MonitoringForm {
  readonly form: 'monitoring';
  readonly version: 1;
  readonly unit: string;
  readonly unitName: string;
  readonly year: number;
  /** Months 1 to `stage`; 6 is mid-year. */
  readonly stage: number;
  /** Last day of the months covered. */
  readonly through: CivilDate;
  readonly annualGoal?: string;
  readonly funds: readonly MonitoredFunds[];
  readonly indicators: readonly MonitoredIndicator[];
  /** The worst of the lights, and how many rows have each. */
  readonly overall: LightState;
  readonly counts: Readonly<Record<LightState, number>>;
}
