/**
 * What a performance table remembers: every entry with its date and the revision of its event, so that it can be asked what
 * holds at any date (`standing.ts`) as well as what a command may do. Entries are replaced, never changed in place.
 */
import { type CivilDate, yearOf } from '#domain/calendar.js';
import type { DocumentRef } from '#domain/envelope.js';
import type {
  DeviationExplained,
  Evidence,
  FormSources,
  Indicator,
  IndicatorAssessed,
  IndicatorResultRecorded,
  Narrative,
  RectificationClosed,
  RectificationOpened,
  ResultValue,
} from '#domain/performance/events.js';
import type { FactKind } from '#domain/performance/facts.js';
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import type { SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import { canonicalUnit } from '#domain/performance/units.js';
import type { LightThresholds } from '#domain/scoring/lights.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';

/** `revision`: of the event that said it. */
export interface Said {
  readonly effectiveDate: CivilDate;
  readonly revision: number;
}
export type Stated<Value> = Said & { readonly value: Value };

export interface IndicatorState {
  readonly indicator: string;
  /** As it was from each date on, earliest first; never empty. */
  readonly definitions: readonly Stated<Indicator>[];
  /** From then on it is no longer part of the table. */
  readonly ended?: Said & { readonly reason: string };
}

/** What was recorded under an id first, and how it stands after its corrections. */
interface Recorded extends Said {
  /** The data of the event that recorded it. */
  readonly first: object;
  /** Of all events about it, first to last. */
  readonly revisions: readonly number[];
  readonly reason?: string;
  readonly withdrawn: boolean;
}

export interface ResultState extends Recorded {
  readonly first: IndicatorResultRecorded['data'];
  readonly resultId: string;
  readonly indicator: string;
  readonly result: ResultValue;
  /** Of a number: the unit that it was recorded in. */
  readonly unit?: string;
  readonly evidence: readonly Evidence[];
  readonly note?: string;
}

export interface FactState extends Recorded {
  readonly factId: string;
  readonly fact: FactKind;
  readonly value: string;
  readonly evidence: readonly Evidence[];
}

interface Submission extends Said {
  readonly submission: number;
  readonly sources: FormSources;
  readonly withdrawn?: Said & { readonly reason: string };
}
export interface MonitoringSubmission extends Submission {
  readonly stage: number;
  readonly thresholds: LightThresholds;
  readonly form: MonitoringForm;
}
export interface SelfEvaluationSubmission extends Submission {
  readonly profile: ScoringProfile;
  readonly form: SelfEvaluationForm;
}

export interface Rectification extends Said {
  readonly opened: RectificationOpened['data'];
  readonly closed?: Said & { readonly data: RectificationClosed['data'] };
}

export type Explanation = DeviationExplained['data'] & Said;
export type Assessment = IndicatorAssessed['data'] & Said;

export interface Approved extends Said {
  readonly document?: DocumentRef;
  readonly dateAssumed?: true;
}

export interface PerformanceState {
  readonly year: number;
  /** How many events there are: the revision of the next one. */
  revision: number;
  approved: Approved | undefined;
  /** Ids in printed order, also of indicators that have ended. */
  readonly order: string[];
  readonly indicators: Map<string, IndicatorState>;
  /** By date, then as recorded. */
  readonly narratives: Stated<Narrative>[];
  readonly thresholds: Stated<LightThresholds>[];
  readonly links: Map<string, readonly Stated<readonly string[]>[]>;
  readonly results: Map<string, ResultState>;
  /** Ids of the results of an indicator, by date, then as recorded. */
  readonly resultsOf: Map<string, string[]>;
  readonly facts: Map<string, FactState>;
  readonly factsOf: Map<FactKind, string[]>;
  /** The last one chosen. */
  profile: Stated<ScoringProfile> | undefined;
  /** By stage, then by indicator. */
  readonly explanations: Map<number, Map<string, Explanation>>;
  readonly assessments: Map<string, Assessment>;
  readonly monitoring: Map<number, readonly MonitoringSubmission[]>;
  selfEvaluations: readonly SelfEvaluationSubmission[];
  readonly rectifications: Map<string, Rectification>;
}

export const emptyTable = (year: number): PerformanceState => ({
  year,
  revision: 0,
  approved: undefined,
  order: [],
  indicators: new Map(),
  narratives: [],
  thresholds: [],
  links: new Map(),
  results: new Map(),
  resultsOf: new Map(),
  facts: new Map(),
  factsOf: new Map(),
  profile: undefined,
  explanations: new Map(),
  assessments: new Map(),
  monitoring: new Map(),
  selfEvaluations: [],
  rectifications: new Map(),
});

/** The last one dated by `asOf`; entries of one date as recorded. */
export const inForce = <Entry extends { readonly effectiveDate: CivilDate }>(
  entries: readonly Entry[],
  asOf: CivilDate,
): Entry | undefined => entries.findLast(({ effectiveDate }) => effectiveDate <= asOf);

/** The definition in force at a date; for an earlier date the first one, since a year's work may begin before its table. */
export const definitionFor = ({ definitions }: IndicatorState, date: CivilDate): Indicator => {
  const definition = inForce(definitions, date) ?? definitions[0];
  if (definition === undefined) throw new Error('an indicator has no definition');
  return definition.value;
};

export interface ApprovedTargets {
  readonly on: CivilDate;
  /** As approved, whatever became of them. */
  readonly indicators: readonly Indicator[];
}

export function approvedTargets({ approved, order, indicators }: PerformanceState): ApprovedTargets | undefined {
  if (approved === undefined) return undefined;
  const asApproved = order.flatMap((id) =>
    (indicators.get(id)?.definitions ?? []).filter(({ revision }) => revision === approved.revision),
  );
  return { on: approved.effectiveDate, indicators: asApproved.map(({ value }) => value) };
}

export const isOfYear = ({ year }: Pick<PerformanceState, 'year'>, date: CivilDate): boolean => yearOf(date) === year;

/** Whether a target is a word and not a number. */
export const isQualitative = ({ comparator, kind }: Pick<Indicator, 'comparator' | 'kind'>): boolean =>
  comparator === 'word' || kind === 'QUALITATIVE';

/** Whether numbers of both may stand in one row: of one kind and in one unit, however it is spelled. */
export const isSameMeasure = (a: Indicator, b: Indicator): boolean =>
  a.kind === b.kind && isQualitative(a) === isQualitative(b) && canonicalUnit(a.unit) === canonicalUnit(b.unit);

export const measureOf = ({ unit, kind }: Indicator): Pick<Indicator, 'unit' | 'kind'> => ({ unit, kind });

/** What stands of the results of an indicator, by date. */
export const standingResults = (state: PerformanceState, indicator: string): readonly ResultState[] =>
  (state.resultsOf.get(indicator) ?? []).flatMap((id) => standingEntry(state.results, id));

export const standingFacts = (state: PerformanceState, fact: FactKind): readonly FactState[] =>
  (state.factsOf.get(fact) ?? []).flatMap((id) => standingEntry(state.facts, id));

function standingEntry<Entry extends Recorded>(entries: ReadonlyMap<string, Entry>, id: string): readonly Entry[] {
  const entry = entries.get(id);
  if (entry === undefined) throw new Error(`there is no entry ${id}`);
  return entry.withdrawn ? [] : [entry];
}
