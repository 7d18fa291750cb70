/**
 * The light of an indicator or of money on a date, against what is wanted by then (rule book 4.7). The form's half-year value goes
 * before months ÷ 12: 0, half on 30 June, full on 31 December, by day between.
 */
import { type Checkpoint, type CivilDate, checkpointDate, lastDayOf, monthOf } from '#domain/calendar.js';
import { courseKindOf, indicatorCourse } from '#domain/metrics/course.js';
import type { PlannedToDate } from '#domain/metrics/planned.js';
import { type MetricResult, isOverNothing } from '#domain/metrics/result.js';
import type { Fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { type Ratio, compare, decimalRatio, dividedBy, minus, ratio, times, wholeRatio } from '#domain/ratio.js';
import { type LightBounds, type LightState, type LightThresholds, DEFAULT_THRESHOLDS } from '#domain/scoring/lights.js';
import { inUnit, judgeValue, targetOf } from '#domain/scoring/verdict.js';

/** Raised with every change of meaning of a rule below; forms cite it. */
export const LIGHTS_VERSION = 1;

/** How a light came about. Where rule book 4.7 is silent (levels, plans to date, overdrawn lines) the rule is ours. */
export const LIGHT_RULES = {
  'to-date': { zh: '实际 ÷ 按半年值插值的应达值', en: 'done ÷ wanted to date between half-year and full-year value' },
  months: { zh: '实际 ÷ (全年值 × 月份 ÷ 12)', en: 'done ÷ (full-year value × month ÷ 12)' },
  'of-target': { zh: '实际 ÷ 目标值', en: 'found ÷ target' },
  'near-level': { zh: '与应有存量的偏离', en: 'distance from the planned level, above or below' },
  inside: { zh: '达到目标为绿，否则为红', en: 'inside the target green, outside red' },
  limit: { zh: '不超过上限为绿，否则为红', en: 'within the limit green, above it red' },
  'zero-target': { zh: '目标为0：达到为绿，否则为红', en: 'a target of 0: met green, else red' },
  graded: { zh: '达成为绿，部分达成为黄，未达成为红', en: 'reached green, partly yellow, not reached red' },
  'over-budget': { zh: '支付超过预算为红', en: 'paid more than the budget: red' },
  'over-nothing': { zh: '分母为0而有发生额为红', en: 'something on a base of nothing: red' },
  'nothing-found': { zh: '无法评定', en: 'nothing to assess by' },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;
export type LightRule = keyof typeof LIGHT_RULES;

export type LightReason = 'NO_RESULT' | 'NO_TARGET' | Exclude<MetricResult, { status: 'OK' }>['reason'];

export interface Light {
  readonly state: LightState;
  readonly rule: LightRule;
  /** What is wanted on the date, in the target's unit or in fen. */
  readonly wanted?: Ratio;
  /** Done ÷ wanted, exact; absent where the rule does not divide or nothing is wanted yet. */
  readonly share?: Ratio;
  /** Why it is not assessed, or what the violation is. */
  readonly reason?: LightReason;
}

/** What was found of an indicator: a value in the target's unit, the grade of a qualitative one, or a computed rate. */
export type Found =
  | { readonly value: Ratio }
  | { readonly grade: 'reached' | 'partly' | 'not-reached' }
  | { readonly metric: MetricResult };

export interface LightInputs {
  readonly year: number;
  readonly asOf: CivilDate;
  /** A result that misses its target by no more than the tolerance, a decimal in the target's unit, is inside it. */
  readonly indicator: Indicator & { readonly tolerance?: string };
  readonly found?: Found;
}

/** The light of an indicator on a date of its year. Throws a RangeError for a date outside it. Source: rule book 4.7. */
export function indicatorLight(inputs: LightInputs, thresholds: LightThresholds = DEFAULT_THRESHOLDS): Light {
  const { indicator, found, year, asOf } = inputs;
  if (found === undefined) return notAssessed('NO_RESULT');
  if ('grade' in found) return { state: GRADED[found.grade], rule: 'graded' };
  if ('value' in found) return numericLight(inputs, found.value, thresholds);
  const { metric } = found;
  if (isYearEndFigure(indicator) && asOf < lastDayOf(year)) return notAssessed('YEAR_END_ONLY');
  if (metric.status === 'OK') return numericLight(inputs, inUnit(metric.ratio, indicator.unit), thresholds);
  if (isOverNothing(metric)) return { state: 'red', rule: 'over-nothing', reason: metric.reason };
  return notAssessed(metric.reason);
}

const GRADED = { reached: 'green', partly: 'yellow', 'not-reached': 'red' } as const;
/** Second levels of a project's form whose indicators are not spread over the year. */
const NOT_SPREAD = /^(质量|时效|成本)/;

const isYearEndFigure = ({ checkpointBasis }: Indicator): boolean => checkpointBasis === 'YEAR_END_ONLY';

function numericLight(inputs: LightInputs, value: Ratio, thresholds: LightThresholds): Light {
  const { indicator, year, asOf } = inputs;
  if (isYearEndFigure(indicator) && asOf < lastDayOf(year)) return notAssessed('YEAR_END_ONLY');
  const course = indicatorCourse({ ...inputs, results: [] });
  const planned = course?.planned(asOf);
  if (course === undefined || planned === undefined) return notAssessed('NO_TARGET');
  const { kind, comparator, checkpointBasis, level2 } = indicator;
  const accumulates = courseKindOf(indicator) !== 'level';
  const annual = decimalRatio(indicator.annual.value ?? '0');
  const isPlannedDown = kind === 'STOCK_LEVEL' && comparator === '=' && planned.value.numerator !== 0n;
  if (annual.numerator === 0n && !isPlannedDown) return insideLight(inputs, value, 'zero-target');
  if (comparator === '<=') return insideLight(inputs, value, 'limit');
  if (NOT_SPREAD.test(level2) || planned.value.numerator < 0n) return insideLight(inputs, value, 'inside');
  if (accumulates && planned.assumed) {
    return shareLight('months', value, times(annual, ratio(monthOf(asOf), 12)), thresholds.work);
  }
  if (accumulates) return shareLight('to-date', value, planned.value, thresholds.work);
  if (kind === 'STOCK_LEVEL' && comparator === '=') return nearLevelLight(value, planned.value, thresholds.work);
  if (kind === 'STOCK_LEVEL' || checkpointBasis === 'PLAN_TO_DATE') {
    return shareLight('of-target', value, planned.value, thresholds.work);
  }
  return insideLight(inputs, value, 'inside');
}

/** Met or not, against the target of the checkpoint ahead: up to 30 June the half-year value, then the full-year one. */
function insideLight({ indicator, year, asOf }: LightInputs, value: Ratio, rule: LightRule): Light {
  const checkpoint: Checkpoint = asOf <= checkpointDate(year, 'half') ? 'half' : 'annual';
  const target = targetOf(indicator, checkpoint) ?? targetOf(indicator, 'annual');
  if (target === undefined) return notAssessed('NO_TARGET');
  const { verdict, distance } = judgeValue(value, target);
  const isInside = verdict === 'met' || isWithin(distance.exact, indicator.tolerance);
  return { state: isInside ? 'green' : 'red', rule, wanted: decimalRatio(target.value) };
}

function isWithin(distance: Ratio, tolerance: string | undefined): boolean {
  if (tolerance === undefined) return false;
  const allowed = decimalRatio(tolerance);
  return compare(distance, allowed) <= 0 && compare(minus(wholeRatio(0), allowed), distance) <= 0;
}

function shareLight(rule: LightRule, value: Ratio, wanted: Ratio, bounds: LightBounds): Light {
  if (wanted.numerator === 0n) {
    const isAhead = value.numerator > 0n && bounds.blueFrom !== undefined;
    return { state: isAhead ? 'blue' : 'green', rule, wanted };
  }
  const share = dividedBy(value, wanted);
  return { state: band(share, bounds), rule, wanted, share };
}

/** A level that should be n is off by as much above as below. */
function nearLevelLight(value: Ratio, wanted: Ratio, { redBelow, yellowBelow }: LightBounds): Light {
  if (wanted.numerator === 0n) return { state: value.numerator === 0n ? 'green' : 'red', rule: 'near-level', wanted };
  const share = dividedBy(value, wanted);
  const mirrored = compare(share, ONE) > 0 ? minus(wholeRatio(2), share) : share;
  return { state: band(mirrored, { redBelow, yellowBelow }), rule: 'near-level', wanted, share };
}

const ONE = wholeRatio(1);

function band(share: Ratio, { redBelow, yellowBelow, blueFrom }: LightBounds): LightState {
  const isBelow = (percent: string): boolean => compare(times(share, wholeRatio(100)), decimalRatio(percent)) < 0;
  if (isBelow(redBelow)) return 'red';
  if (isBelow(yellowBelow)) return 'yellow';
  return blueFrom === undefined || isBelow(blueFrom) ? 'green' : 'blue';
}

export interface MoneyLightInputs {
  readonly asOf: CivilDate;
  /** B. */
  readonly currentFen: Fen;
  /** X. */
  readonly paidFen: Fen;
  /** P. `assumed`: no half-year value is stated at all, and months ÷ 12 stand in for it. */
  readonly planned: PlannedToDate;
}

/** The light of payments, of one line or of a sum of lines, amounts in fen. Source: rule book 4.7. */
export function moneyLight(
  { asOf, currentFen, paidFen, planned }: MoneyLightInputs,
  thresholds: LightThresholds = DEFAULT_THRESHOLDS,
): Light {
  if (currentFen <= 0) {
    if (paidFen <= 0) return notAssessed('ZERO_OVER_ZERO');
    return { state: 'red', rule: 'over-nothing', reason: currentFen < 0 ? 'NEGATIVE_DENOMINATOR' : 'ZERO_DENOMINATOR' };
  }
  const paid = wholeRatio(paidFen);
  if (paidFen > currentFen) {
    return { state: 'red', rule: 'over-budget', wanted: wholeRatio(currentFen), share: ratio(paidFen, currentFen) };
  }
  if (planned.assumed) {
    return shareLight('months', paid, times(wholeRatio(currentFen), ratio(monthOf(asOf), 12)), thresholds.money);
  }
  return shareLight('to-date', paid, wholeRatio(planned.fen), thresholds.money);
}

const notAssessed = (reason: LightReason): Light => ({ state: 'not-assessed', rule: 'nothing-found', reason });
