/**
 * Events of the performance table of one unit and year, stream `performance-<unit>-<year>`.
 *
 * NOTE: names and shapes are the stored format for ever; see `budget/events.ts`. Values are decimal strings, exact; money in
 * them is yuan. The date that a fact holds for is the event's effective date.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { DocumentRef, DomainEvent } from '#domain/envelope.js';
import type { FactKind } from '#domain/performance/facts.js';
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import type { SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import type { Scope } from '#domain/metrics/quantities.js';
import type { LightThresholds } from '#domain/scoring/lights.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';

/** rule book 1.3: a flow accumulates over the year, a level is a stock at a date. */
export type IndicatorKind = 'FLOW_CUMULATIVE' | 'STOCK_LEVEL' | 'RATIO' | 'QUALITATIVE';
/** rule book 1.6. */
export type CheckpointBasis = 'FULL_YEAR' | 'PLAN_TO_DATE' | 'POINT_IN_TIME' | 'YEAR_END_ONLY';
/** ＝, ≥, ≤ of the form; `word` for a qualitative target. */
export type Comparator = '=' | '>=' | '<=' | 'word';

/** `text` as printed (`"＝38%"`, `"健全"`); `value` its decimal (`"38"`), absent for a word. */
export interface TargetValue {
  readonly text: string;
  readonly value?: string;
}

export interface Indicator {
  /** `I01`, `I02`, … in printed order. */
  readonly indicator: string;
  /** 1 决策 and 过程, 2 履职, 3 效益 and 满意度. */
  readonly block: 1 | 2 | 3;
  readonly level1: string;
  readonly level2: string;
  readonly keyWork?: string;
  readonly level3: string;
  readonly kind: IndicatorKind;
  readonly comparator: Comparator;
  readonly half: TargetValue;
  readonly annual: TargetValue;
  /** Decimals that the target prints. */
  readonly decimals: number;
  /** `%`, `个`, `平方米` …; `''` for a word. */
  readonly unit: string;
  readonly checkpointBasis: CheckpointBasis;
  /** Id of the formula that computes it, of money or of base facts. */
  readonly metric?: string;
  readonly scope?: Scope;
  readonly scopeBasis?: 'stated' | 'inferred' | 'confirmed';
  readonly weight?: number;
  /** Since version 2. A decimal in the target's unit: a result that misses by no more has met it. */
  readonly tolerance?: string;
  /** Since version 2. What a qualitative indicator is checked by, yes or no, in printed order. */
  readonly checklist?: readonly string[];
  /** Since version 2. The written scoring standard 评分标准 of the form, as printed. */
  readonly standard?: string;
}

/** A stored file, named by what it holds. */
export interface Attachment {
  /** Hex, of the bytes. */
  readonly sha256: string;
  readonly bytes: number;
  readonly name: string;
}

/**
 * What stands behind a result: a title that says what was seen, with its document, voucher or attachment where there is one.
 * A result may be recorded with none, an empty list that readers show as it is; a correction adds what is found later.
 */
export interface Evidence {
  readonly title: string;
  readonly document?: DocumentRef;
  readonly voucherNo?: string;
  readonly attachment?: Attachment;
}

export interface CheckedPoint {
  readonly point: string;
  readonly met: boolean;
  readonly evidence?: string;
}

/** Exactly one: a decimal in the target's unit, a word, or the points of a checklist. */
export interface ResultValue {
  readonly value?: string;
  readonly text?: string;
  readonly points?: readonly CheckedPoint[];
}

/** rule book 3.1: 经费保障, 制度保障, 人员保障, 硬件条件保障, 其他. */
export type DeviationCause = 'funding' | 'system' | 'staff' | 'hardware' | 'other';
/** rule book 3.1: 确定能, 有可能, 完全不可能. */
export type Likelihood = 'certain' | 'possible' | 'impossible';
/** rule book 4.3: 达成, 部分达成并具有一定效果, 未达成且效果较差. */
export type Grade = 'reached' | 'partly' | 'not-reached';

/**
 * Where a form's figures come from, so that they can be worked out again. `knownAt`: UTC ms of the last event used. `formulas`:
 * metrics by id, and of a monitoring form `lights`, `forecast` (which method goes first) and each method, `forecast:run-rate`.
 */
export interface FormSources {
  readonly asOf: CivilDate;
  readonly knownAt: number;
  readonly streams: readonly { readonly stream: string; readonly revision: number }[];
  readonly formulas: readonly { readonly metric: string; readonly version: number }[];
}

/** The free texts of the form. */
export interface Narrative {
  /** 主要职能. */
  readonly duties?: string;
  /** 机构设置. */
  readonly organisation?: string;
  /** 人员配置. */
  readonly staffing?: string;
  /** 中长期目标. */
  readonly longTermGoal?: string;
  /** 年度目标, 预期目标. */
  readonly annualGoal?: string;
  /** 年度目标实际完成情况. */
  readonly annualOutcome?: string;
}

/** The whole table in one event. */
export type TargetsApproved = DomainEvent<
  'TargetsApproved',
  { readonly indicators: readonly Indicator[]; readonly document?: DocumentRef; readonly dateAssumed?: true }
>;

/** Goals follow the budget: one indicator as it was and as it is from the event's date on. */
export type TargetRevised = DomainEvent<
  'TargetRevised',
  {
    readonly indicator: string;
    readonly from: Indicator;
    readonly to: Indicator;
    readonly reason: string;
    readonly document?: DocumentRef;
  }
>;

/** An indicator that the approved table did not have. `after`: the one it stands behind; null: it is the first; absent: the last. */
export type IndicatorAdded = DomainEvent<
  'IndicatorAdded',
  {
    readonly indicator: Indicator;
    readonly after?: string | null;
    readonly reason: string;
    readonly document?: DocumentRef;
  }
>;
export type IndicatorWithdrawn = DomainEvent<
  'IndicatorWithdrawn',
  { readonly indicator: string; readonly reason: string; readonly document?: DocumentRef }
>;

/** Replaces what was stated before; a text that is absent is not stated. */
export type NarrativeStated = DomainEvent<'NarrativeStated', { readonly narrative: Narrative }>;

/** The budget lines whose money does this indicator's work; replaces those linked before, none when empty. */
export type IndicatorLinked = DomainEvent<
  'IndicatorLinked',
  { readonly indicator: string; readonly lines: readonly string[] }
>;

export type IndicatorResultRecorded = DomainEvent<
  'IndicatorResultRecorded',
  {
    readonly resultId: string;
    readonly indicator: string;
    readonly result: ResultValue;
    /** Of a numeric result: the unit of its target when it was recorded; absent for words and points. */
    readonly unit?: string;
    readonly evidence: readonly Evidence[];
    readonly note?: string;
  }
>;
/** Dated like the result that it corrects. */
export type ResultCorrected = DomainEvent<
  'ResultCorrected',
  {
    readonly resultId: string;
    readonly result: ResultValue;
    /** Like that of the result. */
    readonly unit?: string;
    readonly evidence: readonly Evidence[];
    readonly reason: string;
  }
>;
export type ResultWithdrawn = DomainEvent<'ResultWithdrawn', { readonly resultId: string; readonly reason: string }>;

/** A base fact as it stands at the event's date; running totals count from 1 January. Source: rule book 2.2. */
export type BaseFactRecorded = DomainEvent<
  'BaseFactRecorded',
  {
    readonly factId: string;
    readonly fact: FactKind;
    readonly value: string;
    readonly evidence: readonly Evidence[];
  }
>;
export type BaseFactCorrected = DomainEvent<
  'BaseFactCorrected',
  { readonly factId: string; readonly value: string; readonly reason: string }
>;
export type BaseFactWithdrawn = DomainEvent<'BaseFactWithdrawn', { readonly factId: string; readonly reason: string }>;

export type ThresholdsSet = DomainEvent<
  'ThresholdsSet',
  { readonly thresholds: LightThresholds; readonly reason: string }
>;
/** The rules of the self-evaluation, in full: what a profile is called today may be something else tomorrow. */
export type ScoringProfileChosen = DomainEvent<
  'ScoringProfileChosen',
  { readonly profile: ScoringProfile; readonly reason?: string }
>;

/** What a person says of one row of a monitoring form; replaces what was said of it before. `stage`: months 1 to 12. */
export type DeviationExplained = DomainEvent<
  'DeviationExplained',
  {
    readonly stage: number;
    readonly indicator: string;
    /** 全年预计完成情况, as the person expects it; absent: the computed forecast. */
    readonly forecast?: string;
    readonly causes: readonly DeviationCause[];
    readonly explanation?: string;
    readonly likelihood?: Likelihood;
    readonly remark?: string;
  }
>;
/** Freezes the form of months 1 to `stage`. Submissions of a stage are numbered from 1. */
export type MonitoringSubmitted = DomainEvent<
  'MonitoringSubmitted',
  {
    readonly stage: number;
    readonly submission: number;
    readonly sources: FormSources;
    readonly thresholds: LightThresholds;
    readonly form: MonitoringForm;
  }
>;
export type MonitoringWithdrawn = DomainEvent<
  'MonitoringWithdrawn',
  { readonly stage: number; readonly submission: number; readonly reason: string }
>;

export type RectificationOpened = DomainEvent<
  'RectificationOpened',
  {
    readonly rectificationId: string;
    readonly indicator?: string;
    readonly line?: string;
    /** The monitoring or evaluation that it follows from. */
    readonly stage?: number;
    readonly requirement: string;
    readonly due?: CivilDate;
    readonly document?: DocumentRef;
  }
>;
export type RectificationClosed = DomainEvent<
  'RectificationClosed',
  {
    readonly rectificationId: string;
    readonly measures: string;
    readonly conclusion: 'done' | 'partly' | 'not-done';
    readonly evidence: readonly Evidence[];
  }
>;

/** What a person says of one row of the self-evaluation; replaces what was said of it before. */
export type IndicatorAssessed = DomainEvent<
  'IndicatorAssessed',
  {
    /** Or `execution-rate`, the total of the funds block, where the profile scores it: it has cause and improvement only. */
    readonly indicator: string;
    /** Of a qualitative indicator. */
    readonly grade?: Grade;
    /** Points with at most two decimals, inside the band of the grade. */
    readonly score?: string;
    /** 偏差原因分析. */
    readonly cause?: string;
    /** 改进措施. */
    readonly improvement?: string;
  }
>;
export type SelfEvaluationSubmitted = DomainEvent<
  'SelfEvaluationSubmitted',
  {
    readonly submission: number;
    readonly sources: FormSources;
    readonly profile: ScoringProfile;
    readonly form: SelfEvaluationForm;
  }
>;
export type SelfEvaluationWithdrawn = DomainEvent<
  'SelfEvaluationWithdrawn',
  { readonly submission: number; readonly reason: string }
>;

export type PerformanceEvent =
  | TargetsApproved
  | TargetRevised
  | IndicatorAdded
  | IndicatorWithdrawn
  | NarrativeStated
  | IndicatorLinked
  | IndicatorResultRecorded
  | ResultCorrected
  | ResultWithdrawn
  | BaseFactRecorded
  | BaseFactCorrected
  | BaseFactWithdrawn
  | ThresholdsSet
  | ScoringProfileChosen
  | DeviationExplained
  | MonitoringSubmitted
  | MonitoringWithdrawn
  | RectificationOpened
  | RectificationClosed
  | IndicatorAssessed
  | SelfEvaluationSubmitted
  | SelfEvaluationWithdrawn;

export const PERFORMANCE_EVENT_VERSIONS = {
  TargetsApproved: 2,
  TargetRevised: 1,
  IndicatorAdded: 1,
  IndicatorWithdrawn: 1,
  NarrativeStated: 1,
  IndicatorLinked: 1,
  IndicatorResultRecorded: 1,
  ResultCorrected: 1,
  ResultWithdrawn: 1,
  BaseFactRecorded: 1,
  BaseFactCorrected: 1,
  BaseFactWithdrawn: 1,
  ThresholdsSet: 1,
  ScoringProfileChosen: 1,
  DeviationExplained: 1,
  MonitoringSubmitted: 1,
  MonitoringWithdrawn: 1,
  RectificationOpened: 1,
  RectificationClosed: 1,
  IndicatorAssessed: 1,
  SelfEvaluationSubmitted: 1,
  SelfEvaluationWithdrawn: 1,
} as const satisfies Record<PerformanceEvent['type'], number>;
