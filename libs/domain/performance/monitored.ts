/**
 * Decisions about monitoring 绩效运行监控: what people say of its rows, and the form that is submitted and frozen. A later
 * submission of a stage supersedes the one before; both are kept, numbered.
 */
import { sameEntry } from '#domain/budget/rules.js';
import { lastDayOfMonth } from '#domain/calendar.js';
import type { ExplainDeviations, SubmitMonitoring, WithdrawMonitoring } from '#domain/performance/commands.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import type { MonitoredIndicator, MonitoringForm } from '#domain/performance/monitoring-form.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import { formFaults, isOfSameSources, performanceStream } from '#domain/performance/frozen.js';
import {
  NOTHING,
  approvalFaults,
  countFaults,
  followUpDateFaults,
  indicatorFaults,
  refused,
  type Proposal,
} from '#domain/performance/rules.js';
import { submitted } from '#domain/performance/standing.js';
import type { MonitoringSubmission, PerformanceState } from '#domain/performance/state.js';

/** What is said of a row already is not said again. */
export function explainDeviations(state: PerformanceState, command: ExplainDeviations): Proposal {
  const { effectiveDate, stage, rows } = command;
  const counted = [...stageFaults(stage, '/stage'), ...countFaults(rows.length, '/rows')];
  if (counted.length > 0) return refused(...counted);
  const faults: PerformanceFault[] = [
    ...approvalFaults(state),
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
  ];
  const seen = new Set<string>();
  rows.forEach(({ indicator }, index) => {
    const at = `/rows/${index}/indicator`;
    if (seen.has(indicator)) faults.push({ at, code: 'DUPLICATE_INDICATOR', indicator });
    seen.add(indicator);
    faults.push(...indicatorFaults(state, indicator, at));
  });
  const events = rows.flatMap((row): PerformanceEvent[] => {
    const data = { stage, ...row };
    const { effectiveDate: _on, revision: _of, ...known } = state.explanations.get(stage)?.get(row.indicator) ?? {};
    return sameEntry(known, data) ? [] : [{ type: 'DeviationExplained', effectiveDate, data }];
  });
  return { faults, events };
}

const stageFaults = (stage: number, at: string): PerformanceFault[] =>
  Number.isInteger(stage) && stage >= 1 && stage <= 12 ? [] : [{ at, code: 'STAGE_OUTSIDE_YEAR', stage }];

export function submitMonitoring(state: PerformanceState, command: SubmitMonitoring): Proposal {
  const { effectiveDate, sources, thresholds, form } = command;
  const { stage } = form;
  const wrongStage = stageFaults(stage, '/form/stage');
  if (wrongStage.length > 0) return refused(...wrongStage);
  const submissions = state.monitoring.get(stage) ?? [];
  const last = submitted(submissions);
  if (last !== undefined && isRepeat(last, command)) return NOTHING;
  const faults = [
    ...approvalFaults(state),
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
    ...formFaults(state, form, { effectiveDate, sources, through: lastDayOfMonth(state.year, stage) }),
    ...unexplained(form),
  ];
  const data = { stage, submission: submissions.length + 1, sources, thresholds, form };
  return { faults, events: [{ type: 'MonitoringSubmitted', effectiveDate, data }] };
}

/** The same form by the same thresholds, made of the same books. */
const isRepeat = (last: MonitoringSubmission, { form, thresholds, sources }: SubmitMonitoring): boolean =>
  sameEntry(last.form, form) &&
  sameEntry(last.thresholds, thresholds) &&
  isOfSameSources(last.sources, sources, performanceStream(form.unit, form.year));

/** Each row that missed its target or is red says why. Source: rule book 3.1, 偏差原因分析. */
const unexplained = ({ indicators }: MonitoringForm): PerformanceFault[] =>
  indicators.flatMap((row, index): PerformanceFault[] => {
    const why = mustExplain(row);
    if (why === undefined || isExplained(row)) return [];
    return [{ at: `/form/indicators/${index}`, code: 'EXPLANATION_MISSING', indicator: row.indicator, why }];
  });

/** Why a row must be explained before the form is submitted; `undefined` when it need not. */
export const mustExplain = ({
  verdict,
  light,
}: Pick<MonitoredIndicator, 'verdict' | 'light'>): 'missed' | 'red' | undefined =>
  verdict === 'missed' ? 'missed' : light === 'red' ? 'red' : undefined;

/** A cause is ticked; 其他 alone says nothing without words. */
export const isExplained = ({ causes, explanation }: Pick<MonitoredIndicator, 'causes' | 'explanation'>): boolean =>
  causes.some((cause) => cause !== 'other') || (causes.length > 0 && Boolean(explanation?.trim()));

export function withdrawMonitoring(state: PerformanceState, command: WithdrawMonitoring): Proposal {
  const { effectiveDate, stage, submission, reason } = command;
  const known = state.monitoring.get(stage)?.find((entry) => entry.submission === submission);
  const named = { kind: 'monitoring', number: `${stage}/${submission}` } as const;
  if (known === undefined) return refused({ code: 'UNKNOWN_NUMBER', ...named });
  if (known.withdrawn !== undefined) return refused({ code: 'ALREADY_WITHDRAWN', ...named });
  return {
    faults: followUpDateFaults(state, effectiveDate, '/effectiveDate'),
    events: [{ type: 'MonitoringWithdrawn', effectiveDate, data: { stage, submission, reason } }],
  };
}
