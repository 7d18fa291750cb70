/** Points of the execution rate X / B by the rule of the profile (rule book 4.2, 4.5). */
import { type Ratio, compare, decimalRatio, minus, ratio } from '#domain/ratio.js';
import { type Hundredths, NO_POINTS, shareOf, statedShareOf } from '#domain/scoring/points.js';
import type { ExecutionRateRule } from '#domain/scoring/profile.js';
import { afterSteps } from '#domain/scoring/quantitative.js';
import type { ScoringRule } from '#domain/scoring/rules.js';

export interface ExecutionScore {
  readonly rule: ScoringRule;
  readonly points: Hundredths;
  /** Full points of the rule, or more. */
  readonly met: boolean;
}

const ONE = ratio(1, 1);

/**
 * `rate` is X / B as a share (0.8771, not 87.71). `finished`: the work that the money was for is done; whoever does not say so
 * is taken to be unfinished unless all was spent.
 */
export function scoreExecutionRate(
  rate: Ratio,
  weight: Hundredths,
  rule: Exclude<ExecutionRateRule, { kind: 'by-target' }>,
  finished = false,
): ExecutionScore {
  switch (rule.kind) {
    case 'proportional': {
      const full = compare(rate, ONE) >= 0;
      if (rate.numerator <= 0n) return scored('EXECUTION_PROPORTIONAL', NO_POINTS, false);
      const points = full && rule.capped ? weight : shareOf(weight, rate);
      return scored('EXECUTION_PROPORTIONAL', points, full);
    }
    case 'bands': {
      const order = compare(rate, ONE);
      if (order === 0 || (order < 0 && finished)) {
        return scored('EXECUTION_BAND', statedShareOf(weight, rule.finishedWithinBudget), true);
      }
      const percent = percentOf(rate);
      const band = rule.bands.find(({ fromPercent }) => compare(percent, decimalRatio(fromPercent)) >= 0);
      const points = band === undefined ? NO_POINTS : statedShareOf(weight, band.share);
      return scored('EXECUTION_BAND', points, false);
    }
    case 'steps': {
      const below = minus(decimalRatio(rule.fullFromPercent), percentOf(rate));
      if (below.numerator <= 0n) return scored('EXECUTION_STEPS', weight, true);
      const { stepPercent: step, deduct, stepRounding } = rule;
      return scored('EXECUTION_STEPS', afterSteps(below, weight, { step, deduct, stepRounding }), false);
    }
  }
}

const percentOf = ({ numerator, denominator }: Ratio): Ratio => ratio(numerator * 100n, denominator);

const scored = (rule: ScoringRule, points: Hundredths, met: boolean): ExecutionScore => ({ rule, points, met });
