/**
 * Every no of the rules of a performance table: a stable code and the facts behind it, no prose. `at` is the JSON pointer of
 * the part of the command it is about. A command with several faults is refused with all of them.
 */
import type { Checkpoint, CivilDate } from '#domain/calendar.js';
import type { TableFinding, TableFindingCode } from '#domain/metrics/table-coherence.js';
import type { Indicator } from '#domain/performance/events.js';
import type { FactKind } from '#domain/performance/facts.js';

/** What is numbered in a table. */
export type NumberedKind = 'result' | 'base fact' | 'rectification' | 'monitoring' | 'self-evaluation';

export type PerformanceFault = { readonly at?: string } & (
  | { readonly code: 'TARGETS_ALREADY_APPROVED'; readonly approvedOn: CivilDate }
  | { readonly code: 'TARGETS_NOT_APPROVED'; readonly year: number }
  | { readonly code: 'DATE_OUTSIDE_YEAR'; readonly date: CivilDate; readonly year: number }
  /** Monitoring, evaluation and what follows from them happen in the year or the next. */
  | {
      readonly code: 'DATE_OUTSIDE_FOLLOW_UP';
      readonly date: CivilDate;
      readonly from: CivilDate;
      readonly to: CivilDate;
    }
  | { readonly code: 'DATE_BEFORE_ENTRY'; readonly date: CivilDate; readonly entryDate: CivilDate }
  | {
      readonly code: 'RESULT_AFTER_CHECKPOINT';
      readonly date: CivilDate;
      readonly checkpoint: Checkpoint;
      readonly checkpointDate: CivilDate;
    }
  | { readonly code: 'NOTHING_TO_DO' }
  | { readonly code: 'TOO_MANY_ROWS'; readonly count: number; readonly limit: number }
  | { readonly code: 'DUPLICATE_INDICATOR'; readonly indicator: string }
  | { readonly code: 'UNKNOWN_INDICATOR'; readonly indicator: string }
  | { readonly code: 'INDICATOR_ENDED'; readonly indicator: string; readonly endedOn: CivilDate }
  /** Results that stand would be read in a unit or as a kind that they were not recorded in. */
  | {
      readonly code: 'RESULTS_IN_OTHER_UNIT';
      readonly indicator: string;
      readonly results: readonly string[];
      readonly recordedAs: Measure;
      readonly target: Measure;
      /** The date from which the target is that. */
      readonly from: CivilDate;
    }
  | { readonly code: 'TARGET_VALUE_MISSING'; readonly indicator: string }
  /** `finding`: what the coherence of the table says of it. */
  | {
      readonly code: 'TARGET_INCOHERENT';
      readonly indicator: string;
      readonly finding: TableFindingCode;
      readonly facts: TableFinding['facts'];
    }
  | {
      readonly code: 'TARGET_TEXT_DIFFERS';
      readonly indicator: string;
      readonly text: string;
      readonly value: string;
      readonly unit: string;
    }
  /** A base fact that is part of another. */
  | {
      readonly code: 'PART_ABOVE_WHOLE';
      readonly part: FactKind;
      readonly value: string;
      readonly whole: FactKind;
      readonly wholeValue: string;
    }
  | { readonly code: 'WEIGHT_IMPOSSIBLE'; readonly indicator: string; readonly weight: number }
  | { readonly code: 'TOLERANCE_IMPOSSIBLE'; readonly indicator: string; readonly tolerance: string }
  | {
      readonly code: 'CHECKLIST_IMPOSSIBLE';
      readonly indicator: string;
      readonly reason: 'target-has-number' | 'point-twice';
    }
  | { readonly code: 'NUMBER_TAKEN'; readonly kind: NumberedKind; readonly number: string; readonly first: FirstEntry }
  | { readonly code: 'UNKNOWN_NUMBER'; readonly kind: NumberedKind; readonly number: string }
  | { readonly code: 'ALREADY_WITHDRAWN'; readonly kind: NumberedKind; readonly number: string }
  | { readonly code: 'RECTIFICATION_CLOSED'; readonly rectificationId: string; readonly closedOn: CivilDate }
  /** A result is exactly one of value, text and points. */
  | { readonly code: 'RESULT_NOT_ONE_VALUE'; readonly indicator: string }
  | { readonly code: 'RESULT_NOT_A_NUMBER'; readonly indicator: string; readonly found: string; readonly unit: string }
  | { readonly code: 'RESULT_NOT_A_WORD'; readonly indicator: string; readonly found: string; readonly target: string }
  | { readonly code: 'RESULT_IS_COMPUTED'; readonly indicator: string; readonly metric: string }
  | { readonly code: 'VALUE_NOT_DECIMAL'; readonly found: string }
  | { readonly code: 'VALUE_NOT_WHOLE'; readonly found: string; readonly unit: string }
  | { readonly code: 'VALUE_NEGATIVE'; readonly found: string }
  | { readonly code: 'VALUE_OUT_OF_RANGE'; readonly found: string }
  | { readonly code: 'UNIT_DIFFERS'; readonly indicator: string; readonly found: string; readonly unit: string }
  | { readonly code: 'PERCENTAGE_ABOVE_100'; readonly indicator: string; readonly found: string }
  /** The points must be those of the indicator, each once. */
  | {
      readonly code: 'CHECKLIST_DIFFERS';
      readonly indicator: string;
      readonly missing: readonly string[];
      readonly unknown: readonly string[];
      readonly twice: readonly string[];
    }
  /** `of`: an indicator or a base fact that counts from 1 January. */
  | {
      readonly code: 'RUNNING_TOTAL_FALLS';
      readonly of: string;
      readonly value: string;
      readonly date: CivilDate;
      readonly otherValue: string;
      readonly otherDate: CivilDate;
    }
  /** `problem` and its facts: as `checkThresholds` and `checkProfile` say. */
  | { readonly code: 'THRESHOLDS_UNUSABLE'; readonly problem: string; readonly facts: object }
  | { readonly code: 'PROFILE_UNUSABLE'; readonly problem: string; readonly facts: object }
  | { readonly code: 'STAGE_OUTSIDE_YEAR'; readonly stage: number }
  | { readonly code: 'FORM_OF_OTHER_YEAR'; readonly formYear: number; readonly year: number }
  | { readonly code: 'FORM_TOO_EARLY'; readonly date: CivilDate; readonly through: CivilDate }
  | { readonly code: 'FORM_OF_OTHER_PERIOD'; readonly found: CivilDate; readonly through: CivilDate }
  | { readonly code: 'SOURCES_OUTDATED'; readonly cited: number; readonly revision: number }
  | {
      readonly code: 'FORM_ROWS_DIFFER';
      readonly missing: readonly string[];
      readonly unknown: readonly string[];
    }
  | { readonly code: 'EXPLANATION_MISSING'; readonly indicator: string; readonly why: 'missed' | 'red' }
  /** `indicator`: or `execution-rate`, the total of the funds block. */
  | {
      readonly code: 'CAUSE_MISSING';
      readonly indicator: string;
      readonly why: 'points-lost' | 'missed' | 'over-achieved' | 'low-execution';
    }
  | { readonly code: 'SCORE_MISSING'; readonly indicator: string }
  | {
      readonly code: 'SCORE_IMPOSSIBLE';
      readonly indicator: string;
      readonly score: string;
      readonly from: string;
      readonly to: string;
    }
  /** Points of a number and of the execution rate are computed, never chosen. */
  | { readonly code: 'SCORE_NOT_TO_CHOOSE'; readonly indicator: string }
  | { readonly code: 'PROFILE_DIFFERS'; readonly profile: string; readonly formProfile: string }
  /** A check of rule book 4.8 that the form fails; `indicator` where it is about one. */
  | {
      readonly code: 'CHECK_FAILED';
      readonly check: string;
      readonly indicator?: string;
      readonly facts: Readonly<Record<string, string>>;
    }
  | { readonly code: 'TOTAL_DIFFERS'; readonly stated: string; readonly computed: string }
);

/** What a number of an indicator says: `"平方米"` of a running total is not `"亩"`, nor `"平方米"` of a level. */
export type Measure = Pick<Indicator, 'unit' | 'kind'>;

/** What stands under a number already, shown when a different entry is refused. */
export interface FirstEntry {
  readonly effectiveDate: CivilDate;
  readonly data: unknown;
}

export type PerformanceRejection =
  PerformanceFault | { readonly code: 'SEVERAL_FAULTS'; readonly faults: readonly PerformanceFault[] };

/** One rejection from one or more faults. */
export function rejectionOf(faults: readonly PerformanceFault[]): PerformanceRejection {
  const [first, ...others] = faults;
  if (first === undefined) throw new Error('a rejection needs a fault');
  return others.length === 0 ? first : { code: 'SEVERAL_FAULTS', faults };
}
