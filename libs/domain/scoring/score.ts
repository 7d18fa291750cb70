/**
 * The score of one indicator by a profile: points, the rule that decided, and what it still asks of people (rule book 4.2
 * to 4.5). Nothing is told in sentences here; `rules.ts` has the words.
 */
import type { Indicator } from '#domain/performance/events.js';
import { isOverNothing, type MetricResult } from '#domain/metrics/result.js';
import { type Ratio, compare, decimalRatio, ratio } from '#domain/ratio.js';
import { scoreExecutionRate } from '#domain/scoring/execution-score.js';
import { type Hundredths, NO_POINTS } from '#domain/scoring/points.js';
import type { QualitativeGrade, ScoringProfile, StepDeduction } from '#domain/scoring/profile.js';
import {
  type Assessment,
  type QualitativeProblem,
  type QualitativeResult,
  scoreQualitative,
} from '#domain/scoring/qualitative.js';
import {
  type NumericTarget,
  isLimit,
  numericTarget,
  scoreBySteps,
  scoreQuantitative,
} from '#domain/scoring/quantitative.js';
import type { ScoringRule } from '#domain/scoring/rules.js';
import { inUnit } from '#domain/scoring/verdict.js';

/** Exactly one: a decimal in the target's unit, a computed figure, a word, or the points of a checklist. */
export interface Achieved extends QualitativeResult {
  readonly value?: string;
  readonly metric?: MetricResult;
}

export type ScoreProblem =
  | QualitativeProblem
  | { readonly code: 'NO_RESULT' }
  | { readonly code: 'RESULT_NOT_DECIMAL'; readonly found: string }
  | { readonly code: 'RESULT_NOT_A_NUMBER'; readonly found: string }
  | { readonly code: 'RESULT_NOT_A_WORD'; readonly found: string }
  /** The figure lacks economic codes or the year before: nothing can be said. */
  | { readonly code: 'RESULT_NOT_COMPUTABLE'; readonly reason: string }
  /** The points of a number are computed, never chosen. */
  | { readonly code: 'SCORE_NOT_TO_CHOOSE'; readonly found: string };

/** `CAUSE`: the target was missed or points were lost. */
export type Ask = 'CAUSE' | 'OVER_ACHIEVEMENT' | 'LOW_EXECUTION';

/** `OVER_NOTHING` and `OVER_EXECUTED` are violations, `PROPOSED` waits for the evaluator. */
export type ScoreFlag = 'OVER_NOTHING' | 'OVER_EXECUTED' | 'NEGATIVE_AS_ZERO' | 'PROPOSED';

/** `target` as printed; `actual` in the unit of the target; `achieved` is b / a, X / B or the share of check points. */
export interface Why {
  readonly rule: ScoringRule;
  readonly target: string;
  readonly actual: Ratio | string | undefined;
  readonly weight: Hundredths;
  readonly achieved: Ratio | undefined;
}

export interface Score {
  /** `left-out`: 0/0, neither got nor possible. `open`: something is missing, 0 points so far. */
  readonly status: 'scored' | 'left-out' | 'open';
  readonly weight: Hundredths;
  /** The weight, or nothing when left out. */
  readonly possible: Hundredths;
  readonly points: Hundredths;
  readonly rule: ScoringRule;
  readonly why: Why;
  readonly met: boolean | undefined;
  readonly grade: QualitativeGrade | undefined;
  readonly asks: readonly Ask[];
  readonly flags: readonly ScoreFlag[];
  readonly problems: readonly ScoreProblem[];
}

export interface IndicatorCase {
  readonly indicator: Indicator;
  readonly weight: Hundredths;
  readonly result?: Achieved | undefined;
  readonly assessment?: Assessment | undefined;
  /** Of an indicator that is the execution rate: the work is done. */
  readonly finished?: boolean | undefined;
}

/** The score of one indicator against its full-year target. */
export function scoreIndicator(scored: IndicatorCase, profile: ScoringProfile): Score {
  const target = numericTarget(scored.indicator);
  return target === undefined ? ofWords(scored, profile) : ofNumber(scored, target, profile);
}

const NOTHING: readonly never[] = [];
const DECIMAL = /^-?\d{1,20}(\.\d{1,20})?$/;

function ofNumber(scored: IndicatorCase, target: NumericTarget, profile: ScoringProfile): Score {
  const { indicator, weight, result, assessment } = scored;
  const printed = indicator.annual.text;
  if (assessment?.score !== undefined) {
    return open(weight, printed, { code: 'SCORE_NOT_TO_CHOOSE', found: assessment.score });
  }
  if (result?.metric !== undefined && result.metric.status !== 'OK') {
    return withoutFigure(result.metric, { target, printed, weight, profile });
  }
  const value = valueOf(result, target.unit);
  if ('code' in value) return open(weight, printed, value);

  if (isExecutionRate(indicator, profile)) return ofExecutionRate(value, scored, profile);
  const deduction = deductionOf(indicator.level3, profile);
  const asZero =
    value.numerator < 0n && target.kind === 'FLOW_CUMULATIVE' && profile.negativeActual === 'zero-for-flows';
  const counted = asZero ? ZERO : value;
  const outcome =
    deduction === undefined
      ? scoreQuantitative(counted, target, weight, profile)
      : scoreBySteps(counted, target, weight, deduction);
  const { rule, points, met, achieved } = outcome;
  return {
    status: 'scored',
    weight,
    possible: weight,
    points,
    rule,
    why: { rule, target: printed, actual: value, weight, achieved },
    met,
    grade: undefined,
    asks: asksOf(met && points >= weight, outcome.overAchieved),
    flags: asZero ? ['NEGATIVE_AS_ZERO'] : NOTHING,
    problems: NOTHING,
  };
}

const ZERO = ratio(0, 1);

/** The result in the target's unit. */
function valueOf(result: Achieved | undefined, unit: string): Ratio | ScoreProblem {
  if (result?.value !== undefined) {
    const { value } = result;
    return DECIMAL.test(value) ? decimalRatio(value) : { code: 'RESULT_NOT_DECIMAL', found: value };
  }
  if (result?.metric?.status === 'OK') return inUnit(result.metric.ratio, unit);
  if (result?.text !== undefined) return { code: 'RESULT_NOT_A_NUMBER', found: result.text };
  return result?.points === undefined ? { code: 'NO_RESULT' } : { code: 'RESULT_NOT_A_NUMBER', found: '✓' };
}

interface WithoutFigure {
  readonly target: NumericTarget;
  readonly printed: string;
  readonly weight: Hundredths;
  readonly profile: ScoringProfile;
}

/** 0/0 is left out, or met where the profile says so; x/0 gets nothing; what lacks data stays open (rule book 2.3, 7). */
function withoutFigure(
  metric: Exclude<MetricResult, { status: 'OK' }>,
  { target, printed, weight, profile }: WithoutFigure,
): Score {
  if (metric.status === 'NOT_APPLICABLE') {
    const { reason } = metric;
    return profile.notApplicable === 'met-for-upper-limits' && isLimit(target)
      ? plain('scored', 'NOT_APPLICABLE_MET', { weight, points: weight, printed, actual: reason, met: true })
      : plain('left-out', 'NOT_APPLICABLE', { weight, points: NO_POINTS, printed, actual: reason, met: undefined });
  }
  if (!isOverNothing(metric)) return open(weight, printed, { code: 'RESULT_NOT_COMPUTABLE', reason: metric.reason });
  const score = plain('scored', 'OVER_NOTHING', {
    weight,
    points: NO_POINTS,
    printed,
    actual: metric.reason,
    met: false,
  });
  return { ...score, asks: ['CAUSE'], flags: ['OVER_NOTHING'] };
}

/** Whether the profile scores this indicator as the execution rate, by a rule of its own. */
function isExecutionRate({ level3, metric }: Indicator, { executionRate }: ScoringProfile): boolean {
  if (executionRate.place !== 'indicator' || executionRate.rule.kind === 'by-target') return false;
  return executionRate.level3.includes(level3) || (metric !== undefined && executionRate.metric === metric);
}

function ofExecutionRate(value: Ratio, { indicator, weight, finished }: IndicatorCase, profile: ScoringProfile): Score {
  const whole = inUnit(ratio(1, 1), indicator.unit).numerator;
  const rate = ratio(value.numerator, value.denominator * whole);
  return executionScore(rate, { weight, finished, profile, printed: indicator.annual.text, actual: value });
}

interface ExecutionCase {
  readonly weight: Hundredths;
  readonly finished: boolean | undefined;
  readonly profile: ScoringProfile;
  readonly printed: string;
  readonly actual: Ratio;
}

function executionScore(rate: Ratio, { weight, finished, profile, printed, actual }: ExecutionCase): Score {
  const { rule, explainBelowPercent } = profile.executionRate;
  if (rule.kind === 'by-target') throw new RangeError(`profile ${profile.id} has no rule for the execution rate`);
  const outcome = scoreExecutionRate(rate, weight, rule, finished);
  const low =
    explainBelowPercent !== undefined &&
    compare(ratio(rate.numerator * 100n, rate.denominator), decimalRatio(explainBelowPercent)) < 0;
  const full = outcome.points >= weight;
  return {
    status: 'scored',
    weight,
    possible: weight,
    points: outcome.points,
    rule: outcome.rule,
    why: { rule: outcome.rule, target: printed, actual, weight, achieved: rate },
    met: outcome.met,
    grade: undefined,
    asks: full ? (low ? ['LOW_EXECUTION'] : NOTHING) : low ? ['CAUSE', 'LOW_EXECUTION'] : ['CAUSE'],
    flags: compare(rate, ratio(1, 1)) > 0 ? ['OVER_EXECUTED'] : NOTHING,
    problems: NOTHING,
  };
}

/** X / B as a share, scored by the rule of the profile. Throws on a profile that scores it by a target. */
export const scoreRate = (rate: Ratio, weight: Hundredths, profile: ScoringProfile, finished?: boolean): Score =>
  executionScore(rate, { weight, finished, profile, printed: '100%', actual: inUnit(rate, '%') });

/** X / B of the funds block, scored with the weight of its group. A budget of nothing is left out, and is a failed check. */
export function scoreFundsBlock(
  { result, finished }: { readonly result: MetricResult | undefined; readonly finished?: boolean | undefined },
  weight: Hundredths,
  profile: ScoringProfile,
): Score {
  if (result === undefined) return open(weight, '100%', { code: 'NO_RESULT' });
  if (result.status === 'OK') return scoreRate(result.ratio, weight, profile, finished);
  return withoutFigure(result, { target: WHOLE, printed: '100%', weight, profile });
}

const WHOLE: NumericTarget = {
  comparator: '>=',
  value: '100',
  decimals: 0,
  unit: '%',
  kind: 'RATIO',
  exact: ratio(100, 1),
  tolerance: undefined,
};

const deductionOf = (level3: string, { stepDeductions }: ScoringProfile): StepDeduction | undefined =>
  stepDeductions?.find((deduction) => deduction.level3.includes(level3));

function ofWords({ indicator, weight, result, assessment }: IndicatorCase, profile: ScoringProfile): Score {
  const printed = indicator.annual.text;
  if (result?.value !== undefined) return open(weight, printed, { code: 'RESULT_NOT_A_WORD', found: result.value });
  if (result?.metric !== undefined) return open(weight, printed, { code: 'RESULT_NOT_A_WORD', found: 'metric' });
  const said = result?.text !== undefined || result?.points !== undefined;
  if (!said && assessment?.grade === undefined && assessment?.score === undefined) {
    return open(weight, printed, { code: 'NO_RESULT' });
  }
  const outcome = scoreQualitative(result, printed, assessment, { weight, profile });
  const { rule, points, grade, achieved, proposed, problems } = outcome;
  const met = grade === undefined ? undefined : grade === 'reached';
  return {
    status: problems.length > 0 ? 'open' : 'scored',
    weight,
    possible: weight,
    points,
    rule,
    why: { rule, target: printed, actual: result?.text, weight, achieved },
    met,
    grade,
    asks: problems.length === 0 && points < weight ? ['CAUSE'] : NOTHING,
    flags: proposed ? ['PROPOSED'] : NOTHING,
    problems,
  };
}

function asksOf(full: boolean, overAchieved: boolean): readonly Ask[] {
  if (full) return overAchieved ? ['OVER_ACHIEVEMENT'] : NOTHING;
  return overAchieved ? ['CAUSE', 'OVER_ACHIEVEMENT'] : ['CAUSE'];
}

interface Plain {
  readonly weight: Hundredths;
  readonly points: Hundredths;
  readonly printed: string;
  readonly actual: string | undefined;
  readonly met: boolean | undefined;
}

function plain(status: Score['status'], rule: ScoringRule, { weight, points, printed, actual, met }: Plain): Score {
  return {
    status,
    weight,
    possible: status === 'left-out' ? NO_POINTS : weight,
    points,
    rule,
    why: { rule, target: printed, actual, weight, achieved: undefined },
    met,
    grade: undefined,
    asks: NOTHING,
    flags: NOTHING,
    problems: NOTHING,
  };
}

const open = (weight: Hundredths, printed: string, problem: ScoreProblem): Score => ({
  ...plain('open', 'NO_SCORE', { weight, points: NO_POINTS, printed, actual: undefined, met: undefined }),
  problems: [problem],
});
