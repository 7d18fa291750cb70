/** What keeps a self-evaluation from being frozen: points without a cause, a total that is no sum, and every check that it fails. */
import { lastDayOf } from '#domain/calendar.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import {
  EXECUTION_RATE_ROW,
  type EvaluationCheck,
  type SelfEvaluationForm,
} from '#domain/performance/self-evaluation-form.js';
import { sheetOf } from '#domain/performance/self-evaluation.js';
import { indicatorAt } from '#domain/performance/standing.js';
import type { PerformanceState } from '#domain/performance/state.js';
import { type Ratio, compare, decimalRatio, formatDecimal, plus, ratio, wholeRatio } from '#domain/ratio.js';
import { checkEvaluation } from '#domain/scoring/checks.js';
import { budgetShare } from '#domain/scoring/funds-checks.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';

/** Why a row may be handed in without a score: 0/0, or nothing to go by, which costs its points. */
const LEFT_OUT = ['ZERO_OVER_ZERO', 'YEAR_END_ONLY'];
const WITHOUT_RESULT = ['NO_RESULT', 'RESULT_NOT_COMPUTABLE'];

/** Every row has a score or may be without; lost points have a cause; the total is the sum. Source: rule book 4.8. */
export function scoreFaults(form: SelfEvaluationForm): PerformanceFault[] {
  const faults = form.indicators.flatMap((row, index): PerformanceFault[] => {
    const { indicator, points, score, reason = '', cause } = row;
    const at = `/form/indicators/${index}`;
    if (score === null && LEFT_OUT.includes(reason)) return [];
    if (score === null && !WITHOUT_RESULT.includes(reason)) return [{ at, code: 'SCORE_MISSING', indicator }];
    return isLost(points, score) && !isSaid(cause) ? [missing(at, indicator, 'points-lost')] : [];
  });
  const scores = [...form.indicators.map(({ score }) => score), ...form.funds.map(({ score }) => score ?? null)];
  const computed = formatDecimal(totalOf(scores), 2);
  if (compare(decimalRatio(computed), decimalRatio(form.total)) !== 0) {
    faults.push({ at: '/form/total', code: 'TOTAL_DIFFERS', stated: form.total, computed });
  }
  return faults;
}

const isLost = (points: string, score: string | null): boolean =>
  compare(decimalRatio(score ?? '0'), decimalRatio(points)) < 0;
const isSaid = (cause: string | undefined): boolean => cause !== undefined && cause.trim() !== '';

type Why = Extract<PerformanceFault, { code: 'CAUSE_MISSING' }>['why'];
const missing = (at: string, indicator: string, why: Why): PerformanceFault => ({
  at,
  code: 'CAUSE_MISSING',
  indicator,
  why,
});

const totalOf = (scores: readonly (string | null)[]): Ratio =>
  scores.reduce((total: Ratio, score) => plus(total, decimalRatio(score ?? '0')), wholeRatio(0));

/**
 * Every check that failed, of those that the form says and of those that it fails as it stands; and causes that the execution
 * rate needs. The profile must be usable.
 */
export function checkFaults(
  state: PerformanceState,
  form: SelfEvaluationForm,
  profile: ScoringProfile,
): PerformanceFault[] {
  const definitions = state.order.flatMap((id) => indicatorAt(state, id, lastDayOf(state.year)));
  const found = checkEvaluation(sheetOf(form, definitions), profile).filter((check) => !isRounded(form, check));
  const failed = [...form.checks, ...found].filter(({ outcome }) => outcome === 'FAILED');
  const byPlace = new Map(failed.map((check) => [`${check.check} ${check.at ?? ''}`, check]));
  const slow = rateFaults(form, profile);
  const faults = [...byPlace.values()].flatMap((check) => checkFault(form, check));
  // A rate that is low is named once, by what it is.
  const isNamed = ({ code, at }: PerformanceFault): boolean =>
    code === 'CAUSE_MISSING' && slow.some((fault) => fault.at === at);
  return [...faults.filter((fault) => !isNamed(fault)), ...slow];
}

/** The printed percentage of a computed figure is rounded, its score is not made of it: only the form knows how it came about. */
const isRounded = ({ indicators }: SelfEvaluationForm, { check, at }: EvaluationCheck): boolean =>
  check !== 'SCORE_WITHIN_POINTS' &&
  indicators.some(
    ({ indicator, resultFrom }) => indicator === at && resultFrom !== undefined && 'metric' in resultFrom,
  );

function checkFault(form: SelfEvaluationForm, { check, at: place, facts = {} }: EvaluationCheck): PerformanceFault[] {
  const index = form.indicators.findIndex(({ indicator }) => indicator === place);
  const row = form.indicators[index];
  if (row === undefined) return [{ at: placeOf(form, check, place), code: 'CHECK_FAILED', check, facts }];
  const { indicator, points, score, cause } = row;
  const at = `/form/indicators/${index}`;
  if (check === 'OVER_ACHIEVEMENT_EXPLAINED') return [missing(at, indicator, 'over-achieved')];
  if (check === 'CAUSE_GIVEN') {
    // Lost points are named with the scores.
    return isLost(points, score) && !isSaid(cause) ? [] : [missing(at, indicator, 'missed')];
  }
  return [{ at, code: 'CHECK_FAILED', check, indicator, facts }];
}

/** Where a check of the funds, or of the form as a whole, points. */
function placeOf({ funds }: SelfEvaluationForm, check: string, place: string | undefined): string {
  const row = funds.findIndex((each) => each.row === place);
  if (row >= 0) return `/form/funds/${row}`;
  if (check === 'FUND_ROWS_SUM') return '/form/funds';
  return check === 'TOTAL_SUM' ? '/form/total' : '/form';
}

/** The execution rate needs a cause where it lost points, and below the rate that the profile names, whatever its score. */
function rateFaults({ funds, indicators }: SelfEvaluationForm, { executionRate }: ScoringProfile): PerformanceFault[] {
  const { explainBelowPercent } = executionRate;
  const isLow = (percent: Ratio | undefined): boolean =>
    percent !== undefined &&
    explainBelowPercent !== undefined &&
    compare(percent, decimalRatio(explainBelowPercent)) < 0;
  if (executionRate.place === 'funds-block') {
    const index = funds.findIndex(({ row }) => row === 'total');
    const total = funds[index];
    if (total === undefined || isSaid(total.cause)) return [];
    const { points, score } = total;
    const at = `/form/funds/${index}`;
    if (points !== undefined && score !== undefined && isLost(points, score)) {
      return [missing(at, EXECUTION_RATE_ROW, 'points-lost')];
    }
    const share = budgetShare(total);
    const percent = share && ratio(share.numerator * 100n, share.denominator);
    return isLow(percent) ? [missing(at, EXECUTION_RATE_ROW, 'low-execution')] : [];
  }
  const { level3, metric } = executionRate;
  return indicators.flatMap((row, index): PerformanceFault[] => {
    const { resultFrom, indicator, points, score, actual, cause } = row;
    const isRate =
      level3.includes(row.level3) ||
      (resultFrom !== undefined && 'metric' in resultFrom && resultFrom.metric === metric);
    if (!isRate || isSaid(cause) || isLost(points, score)) return [];
    const [percent] = /^-?\d+(\.\d+)?/.exec(actual ?? '') ?? [];
    const low = isLow(percent === undefined ? undefined : decimalRatio(percent));
    return low ? [missing(`/form/indicators/${index}`, indicator, 'low-execution')] : [];
  });
}
