/** Points of one value against one numeric target (rule book 4.2, 4.4). Exact inside, rounded once at the end. */
import { divide } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { type Ratio, compare, decimalRatio, dividedBy, minus, ratio, roundTo } from '#domain/ratio.js';
import { type Hundredths, NO_POINTS, hundredths, pointsOf, shareOf } from '#domain/scoring/points.js';
import { numbersOf } from '#domain/scoring/profile-numbers.js';
import type { ScoringProfile, StepDeduction, StepRounding } from '#domain/scoring/profile.js';
import type { ScoringRule } from '#domain/scoring/rules.js';
import { type Target, targetOf } from '#domain/scoring/verdict.js';

/** The full-year target, read once. */
export interface NumericTarget extends Target {
  readonly exact: Ratio;
  readonly tolerance: Ratio | undefined;
}

export interface QuantitativeOutcome {
  readonly rule: ScoringRule;
  readonly points: Hundredths;
  readonly met: boolean;
  /** b / a, exact; `undefined` for a target of nothing or less. */
  readonly achieved: Ratio | undefined;
  /** b is so far above a that it needs an explanation (rule book 4.4). */
  readonly overAchieved: boolean;
}

const ZERO_RATIO = ratio(0, 1);
const parsed = new WeakMap<Indicator, NumericTarget>();

/** The numeric full-year target of an indicator; `undefined` for a word. Kept as long as the indicator lives. */
export function numericTarget(indicator: Indicator): NumericTarget | undefined {
  const known = parsed.get(indicator);
  if (known !== undefined) return known;
  const target = targetOf(indicator, 'annual');
  if (target === undefined) return undefined;
  const tolerance = indicator.tolerance === undefined ? undefined : decimalRatio(indicator.tolerance);
  const made = { ...target, exact: decimalRatio(target.value), tolerance };
  parsed.set(indicator, made);
  return made;
}

/** Value in the unit of the target. */
export function scoreQuantitative(
  value: Ratio,
  target: NumericTarget,
  weight: Hundredths,
  profile: ScoringProfile,
): QuantitativeOutcome {
  const { exact: wanted } = target;
  const achieved = wanted.numerator > 0n ? dividedBy(value, wanted) : undefined;
  const reached = reachedBy(value, target, profile);
  if (reached === undefined) return { ...missed(value, target, weight, profile), achieved, overAchieved: false };
  const overAchieved = isOverAchieved(value, achieved, target, profile);
  if (overAchieved && profile.overAchievement.deduct === 'beyond-threshold' && achieved !== undefined) {
    const beyond = minus(achieved, numbersOf(profile).threshold);
    const lost = beyond.numerator > beyond.denominator ? ratio(1, 1) : beyond;
    if (lost.numerator > 0n) {
      const points = shareOf(weight, minus(ratio(1, 1), lost));
      return { rule: 'BEYOND_THRESHOLD', points, met: true, achieved, overAchieved };
    }
  }
  return { rule: reached, points: weight, met: true, achieved, overAchieved };
}

/** How the target was met: outright, after rounding to its printed decimals (＝ only), or within the tolerance. */
function reachedBy(value: Ratio, target: NumericTarget, profile: ScoringProfile): ScoringRule | undefined {
  const { comparator, exact: wanted, tolerance } = target;
  const order = compare(value, wanted);
  const limit = isLimit(target);
  if (limit ? order <= 0 : order >= 0) {
    if (comparator !== '=' || order === 0 || !passesStock(target, profile)) return 'TARGET_MET';
  }
  if (comparator === '=') {
    const rounded = compare(roundTo(value, target.decimals), wanted);
    if (limit ? rounded <= 0 : rounded === 0) return 'MET_AFTER_ROUNDING';
  }
  if (tolerance === undefined) return undefined;
  const miss = minus(value, wanted);
  const distance = miss.numerator < 0n ? { ...miss, numerator: -miss.numerator } : miss;
  return compare(distance, tolerance) <= 0 ? 'MET_WITHIN_TOLERANCE' : undefined;
}

/** Less is better: ≤, and ＝0. */
export const isLimit = ({ comparator, exact }: Pick<NumericTarget, 'comparator' | 'exact'>): boolean =>
  comparator === '<=' || (comparator === '=' && exact.numerator === 0n);

/** A level above ＝n is passed, not reached, where the profile says so. */
const passesStock = ({ kind, exact }: NumericTarget, profile: ScoringProfile): boolean =>
  kind === 'STOCK_LEVEL' && exact.numerator !== 0n && profile.stockAboveTarget === 'upper-limit';

type Missed = Pick<QuantitativeOutcome, 'rule' | 'points' | 'met'>;

function missed(value: Ratio, target: NumericTarget, weight: Hundredths, profile: ScoringProfile): Missed {
  const { exact: wanted } = target;
  const above = compare(value, wanted) > 0;
  if (wanted.numerator <= 0n) {
    return above ? aboveNothing(minus(value, wanted), weight, profile) : lost('ALL_OR_NOTHING', NO_POINTS);
  }
  if (above) return aboveLimit(value, wanted, weight, profile.upperLimit);
  return lost('PROPORTIONAL', value.numerator <= 0n ? NO_POINTS : shareOf(weight, dividedBy(value, wanted)));
}

function aboveNothing(excess: Ratio, weight: Hundredths, { zeroTarget }: ScoringProfile): Missed {
  if (zeroTarget.kind === 'all-or-nothing') return lost('ALL_OR_NOTHING', NO_POINTS);
  return lost('ZERO_TARGET_PER_POINT', afterSteps(excess, weight, zeroTarget));
}

function aboveLimit(value: Ratio, wanted: Ratio, weight: Hundredths, variant: ScoringProfile['upperLimit']): Missed {
  if (variant === 'R2') return lost('UPPER_LIMIT_R2', shareOf(weight, dividedBy(wanted, value)));
  // 1 − (b − a)/a = 2 − b/a
  const share = minus(ratio(2, 1), dividedBy(value, wanted));
  return lost('UPPER_LIMIT_R1', share.numerator <= 0n ? NO_POINTS : shareOf(weight, share));
}

const lost = (rule: ScoringRule, points: Hundredths): Missed => ({ rule, points, met: false });

/** Points by steps from a limit, in place of the comparator's rule (rule book 4.2: Hunan sheet). */
export function scoreBySteps(
  value: Ratio,
  target: NumericTarget,
  weight: Hundredths,
  deduction: StepDeduction,
): QuantitativeOutcome {
  const limit = deduction.limit === 'target' ? target.exact : decimalRatio(deduction.limit.value);
  const excess = deduction.side === 'above' ? minus(value, limit) : minus(limit, value);
  const achieved = target.exact.numerator > 0n ? dividedBy(value, target.exact) : undefined;
  const within = target.tolerance ?? ZERO_RATIO;
  if (compare(excess, within) <= 0) {
    const rule = excess.numerator <= 0n ? ('TARGET_MET' as const) : ('MET_WITHIN_TOLERANCE' as const);
    return { rule, points: weight, met: true, achieved, overAchieved: false };
  }
  const points = afterSteps(excess, weight, deduction);
  return { rule: 'STEP_DEDUCTION', points, met: false, achieved, overAchieved: false };
}

interface Steps {
  readonly step: string;
  readonly deduct: string;
  readonly stepRounding: StepRounding;
}

/** The weight without `deduct` for every step of a positive excess, 0 at least. */
export function afterSteps(excess: Ratio, weight: Hundredths, { step, deduct, stepRounding }: Steps): Hundredths {
  const steps = dividedBy(excess, decimalRatio(step));
  const counted =
    stepRounding === 'LINEAR'
      ? steps
      : ratio(divide(steps.numerator, steps.denominator, stepRounding === 'FLOOR' ? 'floor' : 'ceil'), 1);
  // w − d · steps, rounded half up once.
  const left = minus(ratio(weight, 1), ratio(BigInt(pointsOf(deduct)) * counted.numerator, counted.denominator));
  if (left.numerator <= 0n) return NO_POINTS;
  return hundredths(Number(divide(left.numerator, left.denominator, 'half-up')));
}

function isOverAchieved(
  value: Ratio,
  achieved: Ratio | undefined,
  target: NumericTarget,
  profile: ScoringProfile,
): boolean {
  if (isLimit(target)) return false;
  const { threshold, zeroTargetThreshold } = numbersOf(profile);
  if (achieved !== undefined) return compare(achieved, threshold) >= 0;
  return target.exact.numerator === 0n && compare(value, zeroTargetThreshold) >= 0;
}
