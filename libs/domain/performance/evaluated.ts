/**
 * Decisions about the self-evaluation 绩效自评: what people say of its rows, and the form that is submitted and frozen. A
 * later submission supersedes the one before; both are kept, numbered.
 */
import { sameEntry } from '#domain/budget/rules.js';
import { lastDayOf } from '#domain/calendar.js';
import type { AssessIndicators, SubmitSelfEvaluation, WithdrawSelfEvaluation } from '#domain/performance/commands.js';
import type { IndicatorAssessed, PerformanceEvent } from '#domain/performance/events.js';
import { checkFaults, scoreFaults } from '#domain/performance/evaluation-faults.js';
import { formFaults, isOfSameSources, performanceStream } from '#domain/performance/frozen.js';
import { profileOf } from '#domain/performance/outcome.js';
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
import { EXECUTION_RATE_ROW } from '#domain/performance/self-evaluation-form.js';
import { unusable } from '#domain/performance/settings.js';
import { submitted } from '#domain/performance/standing.js';
import { definitionFor, type PerformanceState, type SelfEvaluationSubmission } from '#domain/performance/state.js';
import { compare, decimalRatio } from '#domain/ratio.js';
import { checkProfile } from '#domain/scoring/profile-check.js';
import { numericTarget } from '#domain/scoring/quantitative.js';

/** What is said of a row already is not said again. */
export function assessIndicators(state: PerformanceState, { effectiveDate, rows }: AssessIndicators): Proposal {
  const counted = countFaults(rows.length, '/rows');
  if (counted.length > 0) return refused(...counted);
  const faults: PerformanceFault[] = [
    ...approvalFaults(state),
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
  ];
  const seen = new Set<string>();
  rows.forEach((row, index) => {
    const { indicator, score } = row;
    const at = `/rows/${index}`;
    if (seen.has(indicator)) faults.push({ at, code: 'DUPLICATE_INDICATOR', indicator });
    seen.add(indicator);
    if (!isExecutionRow(state, indicator)) faults.push(...indicatorFaults(state, indicator, `${at}/indicator`));
    faults.push(...choiceFaults(state, row, at));
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

/** The total of the funds block, where the profile scores it. An indicator of that name goes before it. */
const isExecutionRow = ({ indicators, profile }: PerformanceState, row: string): boolean =>
  row === EXECUTION_RATE_ROW &&
  !indicators.has(row) &&
  profileOf(profile === undefined ? {} : { profile: profile.value }).executionRate.place === 'funds-block';

/** The points of a number follow from it: those that a person chose would leave the row without a score. */
function choiceFaults(state: PerformanceState, row: IndicatorAssessed['data'], at: string): PerformanceFault[] {
  const { indicator, grade, score } = row;
  const known = state.indicators.get(indicator);
  if (known === undefined) {
    if (!isExecutionRow(state, indicator)) return [];
    return [
      ...(grade === undefined ? [] : [{ at: `${at}/grade`, code: 'SCORE_NOT_TO_CHOOSE' as const, indicator }]),
      ...(score === undefined ? [] : [{ at: `${at}/score`, code: 'SCORE_NOT_TO_CHOOSE' as const, indicator }]),
    ];
  }
  const isNumber = numericTarget(definitionFor(known, lastDayOf(state.year))) !== undefined;
  return isNumber && score !== undefined ? [{ at: `${at}/score`, code: 'SCORE_NOT_TO_CHOOSE', indicator }] : [];
}

/** Points: 0 to 100 with at most two decimals. */
const isPoints = (text: string): boolean =>
  isDecimal(text) && /^\d+(\.\d{1,2})?$/.test(text) && compare(decimalRatio(text), decimalRatio('100')) <= 0;

export function submitSelfEvaluation(state: PerformanceState, command: SubmitSelfEvaluation): Proposal {
  const { effectiveDate, sources, profile, form } = command;
  const last = submitted(state.selfEvaluations);
  if (last !== undefined && isSame(last, command)) return NOTHING;
  const faults: PerformanceFault[] = [
    ...approvalFaults(state),
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
    ...formFaults(state, form, { effectiveDate, sources, through: lastDayOf(state.year) }),
  ];
  const [named, used] = [profile, form.profile].map(({ id, version }) => `${id} ${version}`);
  if (named !== used) {
    faults.push({ at: '/form/profile', code: 'PROFILE_DIFFERS', profile: named ?? '', formProfile: used ?? '' });
  }
  const problems = checkProfile(profile).map((problem) => unusable('PROFILE_UNUSABLE', '/profile', problem));
  // What cannot score cannot check either.
  faults.push(...scoreFaults(form), ...(problems.length > 0 ? problems : checkFaults(state, form, profile)));
  const data = { submission: state.selfEvaluations.length + 1, sources, profile, form };
  return { faults, events: [{ type: 'SelfEvaluationSubmitted', effectiveDate, data }] };
}

/** The table moves with each submission: the same form, of the same money, is the same one whenever it is sent. */
const isSame = (last: SelfEvaluationSubmission, { form, profile, sources }: SubmitSelfEvaluation): boolean =>
  sameEntry(last.form, form) &&
  sameEntry(last.profile, profile) &&
  isOfSameSources(last.sources, sources, performanceStream(form.unit, form.year));

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
