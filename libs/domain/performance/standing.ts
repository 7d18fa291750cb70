/**
 * What holds in a performance table at a date. A view of the aggregate's state: one evolve reads the events, nothing reads
 * them a second time.
 *
 * Targets, links, thresholds, goals, results and base facts hold from their own date. What people say of a form (explanations,
 * assessments, submissions, rectifications, the scoring profile) is said after the months it is about: it belongs to its
 * stage or to the year and is there as soon as it is recorded, whatever the date asked for.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { Indicator, Narrative, PerformanceEvent } from '#domain/performance/events.js';
import { FACT_KINDS, type FactKind } from '#domain/performance/facts.js';
import { evolve } from '#domain/performance/evolve.js';
import {
  emptyTable,
  inForce,
  standingFacts,
  standingResults,
  type Approved,
  type Assessment,
  type Explanation,
  type FactState,
  type MonitoringSubmission,
  type PerformanceState,
  type Rectification,
  type ResultState,
  type SelfEvaluationSubmission,
} from '#domain/performance/state.js';
import { DEFAULT_THRESHOLDS, type LightThresholds } from '#domain/scoring/lights.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';

export interface Standing {
  readonly year: number;
  readonly asOf: CivilDate;
  /** Revision of the last event that was read; −1 for none. */
  readonly revision: number;
  readonly approved?: Approved;
  /** In printed order, as defined at the date; none before the approval. */
  readonly indicators: readonly Indicator[];
  /** By indicator: by date, the last one is the result at the date. Corrected, without those withdrawn. */
  readonly results: ReadonlyMap<string, readonly ResultState[]>;
  /** By kind of fact, like results. */
  readonly facts: ReadonlyMap<FactKind, readonly FactState[]>;
  /** By indicator: ids of budget lines. */
  readonly links: ReadonlyMap<string, readonly string[]>;
  readonly narrative: Narrative;
  /** The defaults until others are set. */
  readonly thresholds: LightThresholds;
  readonly profile?: ScoringProfile;
  /** By stage, then by indicator. */
  readonly explanations: ReadonlyMap<number, ReadonlyMap<string, Explanation>>;
  /** By indicator. */
  readonly assessments: ReadonlyMap<string, Assessment>;
  /** By stage, then as submitted; those withdrawn say so. */
  readonly monitoring: ReadonlyMap<number, readonly MonitoringSubmission[]>;
  readonly selfEvaluations: readonly SelfEvaluationSubmission[];
  /** As opened. */
  readonly rectifications: readonly Rectification[];
}

/** The whole events of one stream in its order, as of a date. Throws on an event that cannot follow. */
export function standingOf(events: Iterable<PerformanceEvent>, asOf: CivilDate, year: number): Standing {
  const state = emptyTable(year);
  for (const event of events) evolve(state, event);
  return standingAt(state, asOf);
}

/** What holds at a date. It keeps nothing of the state that later events change. */
export function standingAt(state: PerformanceState, asOf: CivilDate): Standing {
  const { approved, profile } = state;
  const links = [...state.links].flatMap(([indicator, stated]) => {
    const { value = [] } = inForce(stated, asOf) ?? {};
    return value.length === 0 ? [] : [[indicator, value] as const];
  });
  return {
    year: state.year,
    asOf,
    revision: state.revision - 1,
    ...(approved !== undefined && approved.effectiveDate <= asOf ? { approved } : {}),
    indicators: state.order.flatMap((id) => indicatorAt(state, id, asOf)),
    results: dated(state.order, (indicator) => standingResults(state, indicator), asOf),
    facts: dated(FACT_KINDS, (fact) => standingFacts(state, fact), asOf),
    links: new Map(links),
    narrative: inForce(state.narratives, asOf)?.value ?? {},
    thresholds: inForce(state.thresholds, asOf)?.value ?? DEFAULT_THRESHOLDS,
    ...(profile === undefined ? {} : { profile: profile.value }),
    explanations: new Map([...state.explanations].map(([stage, rows]) => [stage, new Map(rows)])),
    assessments: new Map(state.assessments),
    monitoring: new Map(state.monitoring),
    selfEvaluations: state.selfEvaluations,
    rectifications: [...state.rectifications.values()],
  };
}

/** The indicator as it is at a date; none before it begins and from its end on. */
export function indicatorAt(state: PerformanceState, id: string, asOf: CivilDate): readonly Indicator[] {
  const indicator = state.indicators.get(id);
  if (indicator === undefined || (indicator.ended && indicator.ended.effectiveDate <= asOf)) return [];
  const definition = inForce(indicator.definitions, asOf);
  return definition === undefined ? [] : [definition.value];
}

function dated<Key, Entry extends { readonly effectiveDate: CivilDate }>(
  keys: readonly Key[],
  entriesOf: (key: Key) => readonly Entry[],
  asOf: CivilDate,
): ReadonlyMap<Key, readonly Entry[]> {
  const byKey = keys.map((key) => [key, entriesOf(key).filter(({ effectiveDate }) => effectiveDate <= asOf)] as const);
  return new Map(byKey.filter(([, entries]) => entries.length > 0));
}

/** The submission that counts: the last one that is not withdrawn. */
export const submitted = <Entry extends { readonly withdrawn?: unknown }>(
  submissions: readonly Entry[] | undefined,
): Entry | undefined => submissions?.findLast(({ withdrawn }) => withdrawn === undefined);
