/**
 * Decisions about the self-evaluation 绩效自评: what people say of its rows, and the form that is submitted and frozen. A
 * later submission supersedes the one before; both are kept, numbered.
 */
import { sameEntry } from '#domain/budget/rules.js';
import { lastDayOf } from '#domain/calendar.js';
import type { AssessIndicators, SubmitSelfEvaluation, WithdrawSelfEvaluation } from '#domain/performance/commands.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import { formFaults } from '#domain/performance/frozen.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import {
  NOTHING,
  approvalFaults,
  countFaults,
  followUpDateFaults,
  indicatorFaults,
  isDecimal,
  refused,
  type Proposal,
} from '#domain/performance/rules.js';
import type { SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import { sheetOf } from '#domain/performance/self-evaluation.js';
import { indicatorAt, submitted } from '#domain/performance/standing.js';
import type { PerformanceState } from '#domain/performance/state.js';
import { type Ratio, compare, decimalRatio, formatDecimal, plus, wholeRatio } from '#domain/ratio.js';
import { checkEvaluation } from '#domain/scoring/checks.js';
import { checkProfile } from '#domain/scoring/profile-check.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';

/** What is said of a row already is not said again. */
export function assessIndicators(state: PerformanceState, { effectiveDate, rows }: AssessIndicators): Proposal {
  const counted = countFaults(rows.length, '/rows');
  if (counted.length > 0) return refused(...counted);
  const faults: PerformanceFault[] = [
    ...approvalFaults(state),
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
  ];
  const seen = new Set<string>();
  rows.forEach(({ indicator, score }, index) => {
    const at = `/rows/${index}`;
    if (seen.has(indicator)) faults.push({ at, code: 'DUPLICATE_INDICATOR', indicator });
    seen.add(indicator);
    faults.push(...indicatorFaults(state, indicator, `${at}/indicator`));
    if (score !== undefined && !isPoints(score)) {
      faults.push({ at: `${at}/score`, code: 'SCORE_IMPOSSIBLE', indicator, score, from: '0', to: '100' });
    }
  });
  const events = rows.flatMap((data): PerformanceEvent[] => {
    const { effectiveDate: _on, revision: _of, ...known } = state.assessments.get(data.indicator) ?? {};
    return sameEntry(known, data) ? [] : [{ type: 'IndicatorAssessed', effectiveDate, data }];
  });
  return { faults, events };
}

/** Points: 0 to 100 with at most two decimals. */
const isPoints = (text: string): boolean =>
  isDecimal(text) && /^\d+(\.\d{1,2})?$/.test(text) && compare(decimalRatio(text), decimalRatio('100')) <= 0;

export function submitSelfEvaluation(state: PerformanceState, command: SubmitSelfEvaluation): Proposal {
  const { effectiveDate, sources, profile, form } = command;
  const last = submitted(state.selfEvaluations);
  if (last !== undefined && sameEntry(last.form, form) && sameEntry(last.sources, sources)) return NOTHING;
  const faults: PerformanceFault[] = [
    ...approvalFaults(state),
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
    ...formFaults(state, form, { effectiveDate, sources, through: lastDayOf(state.year) }),
  ];
  const [named, used] = [profile, form.profile].map(({ id, version }) => `${id} ${version}`);
  if (named !== used) {
    faults.push({ at: '/form/profile', code: 'PROFILE_DIFFERS', profile: named ?? '', formProfile: used ?? '' });
  }
  faults.push(...scoreFaults(form), ...checkFaults(state, form, profile));
  const data = { submission: state.selfEvaluations.length + 1, sources, profile, form };
  return { faults, events: [{ type: 'SelfEvaluationSubmitted', effectiveDate, data }] };
}

/** Why a row may be handed in without a score: 0/0, or nothing to go by, which costs its points. */
const LEFT_OUT = ['ZERO_OVER_ZERO', 'YEAR_END_ONLY'];
const WITHOUT_RESULT = ['NO_RESULT', 'RESULT_NOT_COMPUTABLE'];

/** Every row has a score or may be without; lost points have a cause; the total is the sum. Source: rule book 4.8. */
function scoreFaults(form: SelfEvaluationForm): PerformanceFault[] {
  const faults = form.indicators.flatMap((row, index): PerformanceFault[] => {
    const { indicator, points, score, reason = '', cause } = row;
    const at = `/form/indicators/${index}`;
    if (score === null && LEFT_OUT.includes(reason)) return [];
    if (score === null && !WITHOUT_RESULT.includes(reason)) return [{ at, code: 'SCORE_MISSING', indicator }];
    const lost = compare(decimalRatio(score ?? '0'), decimalRatio(points)) < 0;
    return lost && !cause?.trim() ? [{ at, code: 'CAUSE_MISSING', indicator, why: 'points-lost' }] : [];
  });
  const scores = [...form.indicators.map(({ score }) => score), ...form.funds.map(({ score }) => score ?? null)];
  const computed = formatDecimal(totalOf(scores), 2);
  if (compare(decimalRatio(computed), decimalRatio(form.total)) !== 0) {
    faults.push({ at: '/form/total', code: 'TOTAL_DIFFERS', stated: form.total, computed });
  }
  return faults;
}

/**
 * What the form fails when it is checked as it stands. Scores of computed figures are left to the form: the printed percentage
 * is rounded, the score is not made of it.
 */
function checkFaults(state: PerformanceState, form: SelfEvaluationForm, profile: ScoringProfile): PerformanceFault[] {
  if (checkProfile(profile).length > 0) return [];
  const rows = new Map(form.indicators.map((row, index) => [row.indicator, { row, at: `/form/indicators/${index}` }]));
  const definitions = state.order.flatMap((id) => indicatorAt(state, id, lastDayOf(state.year)));
  const failed = checkEvaluation(sheetOf(form, definitions), profile).filter(({ outcome }) => outcome === 'FAILED');
  return failed.flatMap(({ check, at: indicator = '', facts = {} }): PerformanceFault[] => {
    const found = rows.get(indicator);
    if (found === undefined) return [];
    const { row, at } = found;
    if (check === 'OVER_ACHIEVEMENT_EXPLAINED') return [{ at, code: 'CAUSE_MISSING', indicator, why: 'over-achieved' }];
    const isComputed = row.resultFrom !== undefined && 'metric' in row.resultFrom;
    if (check === 'SCORE_WITHIN_POINTS' || (check === 'INDICATOR_SCORE' && !isComputed)) {
      return [{ at, code: 'CHECK_FAILED', check, indicator, facts }];
    }
    return [];
  });
}

const totalOf = (scores: readonly (string | null)[]): Ratio =>
  scores.reduce((total: Ratio, score) => plus(total, decimalRatio(score ?? '0')), wholeRatio(0));

export function withdrawSelfEvaluation(state: PerformanceState, command: WithdrawSelfEvaluation): Proposal {
  const { effectiveDate, submission, reason } = command;
  const known = state.selfEvaluations.find((entry) => entry.submission === submission);
  const named = { kind: 'self-evaluation', number: String(submission) } as const;
  if (known === undefined) return refused({ code: 'UNKNOWN_NUMBER', ...named });
  if (known.withdrawn !== undefined) return refused({ code: 'ALREADY_WITHDRAWN', ...named });
  return {
    faults: followUpDateFaults(state, effectiveDate, '/effectiveDate'),
    events: [{ type: 'SelfEvaluationWithdrawn', effectiveDate, data: { submission, reason } }],
  };
}
