/**
 * What can be asked of a unit's performance table of one year. A command is one atomic append of at most 2,000 rows. What
 * corrects or withdraws an entry names no date: it is dated like the entry.
 */
import type { Checkpoint, CivilDate } from '#domain/calendar.js';
import type { DocumentRef } from '#domain/envelope.js';
import type {
  DeviationExplained,
  Evidence,
  FormSources,
  Indicator,
  IndicatorAssessed,
  Narrative,
  RectificationClosed,
  RectificationOpened,
  ResultValue,
} from '#domain/performance/events.js';
import type { FactKind } from '#domain/performance/facts.js';
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import type { SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import type { LightThresholds } from '#domain/scoring/lights.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';

interface OnDate {
  readonly effectiveDate: CivilDate;
}

export interface ApproveTargets extends OnDate {
  readonly type: 'ApproveTargets';
  readonly indicators: readonly Indicator[];
  readonly document?: DocumentRef;
  readonly dateAssumed?: true;
}

/** Goals follow the budget: several at once, for one reason. Each begins on the command's date. */
export interface ReviseTargets extends OnDate {
  readonly type: 'ReviseTargets';
  readonly reason: string;
  readonly document?: DocumentRef;
  /** Indicators as they are from the date on. */
  readonly revise?: readonly Indicator[];
  /** `after`: an indicator of the table or one added before it here; null: at the top; absent: at the end. */
  readonly add?: readonly { readonly indicator: Indicator; readonly after?: string | null }[];
  /** Ids of indicators that end on the date. */
  readonly withdraw?: readonly string[];
}

export interface StateNarrative extends OnDate {
  readonly type: 'StateNarrative';
  readonly narrative: Narrative;
}

/** Whether the lines exist is for the caller to check, who sees the budget: they are named by id only. */
export interface LinkIndicators extends OnDate {
  readonly type: 'LinkIndicators';
  readonly links: readonly { readonly indicator: string; readonly lines: readonly string[] }[];
}

export interface NewResult extends OnDate {
  readonly resultId: string;
  readonly indicator: string;
  readonly result: ResultValue;
  /** The unit that the value was written in; it must be the target's, which is what is stored. */
  readonly unit?: string;
  readonly evidence: readonly Evidence[];
  readonly note?: string;
}

export interface RecordResults {
  readonly type: 'RecordResults';
  /** The report that they are for: a result dated after its date is refused. */
  readonly checkpoint?: Checkpoint;
  readonly results: readonly NewResult[];
}

export interface CorrectResult {
  readonly type: 'CorrectResult';
  readonly resultId: string;
  readonly result: ResultValue;
  readonly unit?: string;
  readonly evidence: readonly Evidence[];
  readonly reason: string;
}

export interface WithdrawResult {
  readonly type: 'WithdrawResult';
  readonly resultId: string;
  readonly reason: string;
}

export interface NewBaseFact extends OnDate {
  readonly factId: string;
  readonly fact: FactKind;
  /** Decimal in the unit of the fact. */
  readonly value: string;
  readonly evidence: readonly Evidence[];
}

export interface RecordBaseFacts {
  readonly type: 'RecordBaseFacts';
  readonly checkpoint?: Checkpoint;
  readonly facts: readonly NewBaseFact[];
}

export interface CorrectBaseFact {
  readonly type: 'CorrectBaseFact';
  readonly factId: string;
  readonly value: string;
  readonly reason: string;
}

export interface WithdrawBaseFact {
  readonly type: 'WithdrawBaseFact';
  readonly factId: string;
  readonly reason: string;
}

export interface SetThresholds extends OnDate {
  readonly type: 'SetThresholds';
  readonly thresholds: LightThresholds;
  readonly reason: string;
}

export interface ChooseScoringProfile extends OnDate {
  readonly type: 'ChooseScoringProfile';
  readonly profile: ScoringProfile;
  readonly reason?: string;
}

/** `stage`: months 1 to 12. */
export interface ExplainDeviations extends OnDate {
  readonly type: 'ExplainDeviations';
  readonly stage: number;
  readonly rows: readonly Omit<DeviationExplained['data'], 'stage'>[];
}

/** The form as it was built of the streams that `sources` cites; it is refused when they have moved on. */
export interface SubmitMonitoring extends OnDate {
  readonly type: 'SubmitMonitoring';
  readonly sources: FormSources;
  readonly thresholds: LightThresholds;
  readonly form: MonitoringForm;
}

export interface WithdrawMonitoring extends OnDate {
  readonly type: 'WithdrawMonitoring';
  readonly stage: number;
  readonly submission: number;
  readonly reason: string;
}

export type OpenRectification = OnDate & { readonly type: 'OpenRectification' } & RectificationOpened['data'];
export type CloseRectification = OnDate & { readonly type: 'CloseRectification' } & RectificationClosed['data'];

/** A row is an indicator, or `execution-rate` where the profile scores the funds block. */
export interface AssessIndicators extends OnDate {
  readonly type: 'AssessIndicators';
  readonly rows: readonly IndicatorAssessed['data'][];
}

/** Like `SubmitMonitoring`. */
export interface SubmitSelfEvaluation extends OnDate {
  readonly type: 'SubmitSelfEvaluation';
  readonly sources: FormSources;
  readonly profile: ScoringProfile;
  readonly form: SelfEvaluationForm;
}

export interface WithdrawSelfEvaluation extends OnDate {
  readonly type: 'WithdrawSelfEvaluation';
  readonly submission: number;
  readonly reason: string;
}

export type PerformanceCommand =
  | ApproveTargets
  | ReviseTargets
  | StateNarrative
  | LinkIndicators
  | RecordResults
  | CorrectResult
  | WithdrawResult
  | RecordBaseFacts
  | CorrectBaseFact
  | WithdrawBaseFact
  | SetThresholds
  | ChooseScoringProfile
  | ExplainDeviations
  | SubmitMonitoring
  | WithdrawMonitoring
  | OpenRectification
  | CloseRectification
  | AssessIndicators
  | SubmitSelfEvaluation
  | WithdrawSelfEvaluation;
