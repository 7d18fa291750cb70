/**
 * Events of the performance table of one unit and year, stream `performance-<unit>-<year>`.
 *
 * NOTE: names and shapes are the stored format for ever; see `budget/events.ts`.
 */
import type { DocumentRef, DomainEvent } from '#domain/envelope.js';
import type { Scope } from '#domain/metrics/quantities.js';

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
  /** Id of the formula that computes it, for money indicators. */
  readonly metric?: string;
  readonly scope?: Scope;
  readonly scopeBasis?: 'stated' | 'inferred' | 'confirmed';
  readonly weight?: number;
}

/** The whole table in one event. */
export type TargetsApproved = DomainEvent<
  'TargetsApproved',
  { readonly indicators: readonly Indicator[]; readonly document?: DocumentRef; readonly dateAssumed?: true }
>;

export type PerformanceEvent = TargetsApproved;

export const PERFORMANCE_EVENT_VERSIONS = { TargetsApproved: 1 } as const satisfies Record<
  PerformanceEvent['type'],
  number
>;
