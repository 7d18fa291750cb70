/** Whether a figure meets its target, and by how much it misses it (design 5; rule book 2.3, 6–8). */
import type { Checkpoint, CivilDate } from '#domain/calendar.js';
import { type MetricResult, isOverNothing } from '#domain/metrics/result.js';
import type { Comparator, Indicator, IndicatorKind } from '#domain/performance/events.js';
import { type Ratio, compare, decimalRatio, formatDecimal, minus, ratio, roundTo } from '#domain/ratio.js';

/** A target with a number. `value` is a decimal in `unit`, printed with `decimals` decimals. */
export interface Target {
  readonly comparator: Exclude<Comparator, 'word'>;
  readonly value: string;
  readonly decimals: number;
  readonly unit: string;
  readonly kind: Exclude<IndicatorKind, 'QUALITATIVE'>;
  /** By how much, in its unit, a figure may miss it and still count as having met it. */
  readonly tolerance?: Ratio | undefined;
}

export type NotAssessedReason = 'BEFORE_CHECKPOINT' | Exclude<MetricResult, { status: 'OK' }>['reason'];

/** result − target in the target's unit (percentage points for ratios): exact, and as text with two decimals or more. */
export interface Distance {
  readonly exact: Ratio;
  readonly text: string;
}

export interface Judgement {
  readonly verdict: 'met' | 'missed' | 'not-assessed';
  readonly distance?: Distance;
  /** Of a ＝n target: the rounded result is above n. */
  readonly exceeded?: true;
  /** It is met only because the indicator allows for the distance. */
  readonly withinTolerance?: true;
  /** Something was spent or moved on a base of nothing. */
  readonly violation?: true;
  readonly reason?: NotAssessedReason;
}

/** The numeric target of an indicator at a checkpoint; `undefined` for a word. */
export function targetOf(indicator: Indicator, checkpoint: Checkpoint): Target | undefined {
  const { comparator, kind, decimals, unit, tolerance } = indicator;
  const { value } = indicator[checkpoint];
  if (comparator === 'word' || kind === 'QUALITATIVE' || value === undefined) return undefined;
  const target = { comparator, value, decimals, unit, kind };
  return tolerance === undefined ? target : { ...target, tolerance: decimalRatio(tolerance) };
}

/**
 * The verdict on a figure. Before the checkpoint's date it is not assessed, but the distance is given; so it is for 0/0 and
 * for a figure that lacks codes or the year before. Something over nothing misses, and is a violation.
 */
export function judge(
  result: MetricResult,
  target: Target,
  at: { readonly asOf: CivilDate; readonly checkpointDate: CivilDate },
): Judgement {
  const early = at.asOf < at.checkpointDate;
  if (result.status === 'OK') {
    const judged = judgeValue(inUnit(result.ratio, target.unit), target);
    if (!early) return judged;
    return { verdict: 'not-assessed', reason: 'BEFORE_CHECKPOINT', distance: judged.distance };
  }
  if (!isOverNothing(result)) return { verdict: 'not-assessed', reason: result.reason };
  return { verdict: early ? 'not-assessed' : 'missed', reason: result.reason, violation: true };
}

/**
 * The verdict on a value in the target's unit. ≥ and ≤ compare exactly; ＝ after rounding to the target's decimals. What misses
 * by no more than the tolerance has met it, and says so.
 */
export function judgeValue(value: Ratio, target: Target): Judgement & { readonly distance: Distance } {
  const strict = judgeStrictly(value, target);
  const { exact } = strict.distance;
  if (strict.verdict === 'met' || target.tolerance === undefined || compare(size(exact), target.tolerance) > 0) {
    return strict;
  }
  return { ...strict, verdict: 'met', withinTolerance: true };
}

const size = (value: Ratio): Ratio => (value.numerator < 0n ? minus(ratio(0, 1), value) : value);

function judgeStrictly(value: Ratio, target: Target): Judgement & { readonly distance: Distance } {
  const wanted = decimalRatio(target.value);
  const exact = minus(value, wanted);
  const distance = { exact, text: formatDecimal(exact, Math.max(2, target.decimals)) };
  const verdict = (met: boolean) => ({ verdict: met ? ('met' as const) : ('missed' as const), distance });
  if (target.comparator === '>=') return verdict(compare(value, wanted) >= 0);
  if (target.comparator === '<=') return verdict(compare(value, wanted) <= 0);

  const order = compare(roundTo(value, target.decimals), wanted);
  if (wanted.numerator === 0n) return verdict(order <= 0);
  if (target.kind === 'STOCK_LEVEL') return verdict(order === 0);
  return { ...verdict(order >= 0), ...(order > 0 ? { exceeded: true } : {}) };
}

/** Whether a value equals the target after rounding to its printed decimals, whatever the comparator: *fits* of design 5. */
export const fits = (value: Ratio, target: Target): boolean =>
  compare(roundTo(value, target.decimals), decimalRatio(target.value)) === 0;

/** A ratio in the unit that a target is printed in: 0.382 is 38.2 of `%`. */
export function inUnit(value: Ratio, unit: string): Ratio {
  const scale = unit === '%' || unit === '％' ? 100n : unit === '‰' ? 1000n : 1n;
  return ratio(value.numerator * scale, value.denominator);
}
