/**
 * What each event does to the table. The one reading of them: the aggregate decides on it, `standing.ts` shows it. Throws on
 * an event that cannot follow: the log is damaged.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { Indicator, PerformanceEvent } from '#domain/performance/events.js';
import type { Explanation, FactState, PerformanceState, ResultState, Said, Stated } from '#domain/performance/state.js';

type Of<Type extends PerformanceEvent['type']> = Extract<PerformanceEvent, { type: Type }>;

export function evolve(state: PerformanceState, event: PerformanceEvent): PerformanceState {
  const said = { effectiveDate: event.effectiveDate, revision: state.revision };
  change(state, event, said);
  state.revision += 1;
  return state;
}

function change(state: PerformanceState, event: PerformanceEvent, said: Said): void {
  switch (event.type) {
    case 'TargetsApproved':
      return approve(state, event, said);
    case 'TargetRevised': {
      const { indicator, to } = event.data;
      found(state.indicators, indicator);
      return define(state, { ...said, value: to });
    }
    case 'IndicatorAdded': {
      const { indicator, after } = event.data;
      if (state.indicators.has(indicator.indicator)) throw new Error(`indicator ${indicator.indicator} exists`);
      state.order.splice(placeBehind(state, after), 0, indicator.indicator);
      return define(state, { ...said, value: indicator });
    }
    case 'IndicatorWithdrawn': {
      const { indicator, reason } = event.data;
      state.indicators.set(indicator, { ...found(state.indicators, indicator), ended: { ...said, reason } });
      return;
    }
    case 'NarrativeStated':
      return place(state.narratives, { ...said, value: event.data.narrative });
    case 'ThresholdsSet':
      return place(state.thresholds, { ...said, value: event.data.thresholds });
    case 'ScoringProfileChosen':
      state.profile = { ...said, value: event.data.profile };
      return;
    case 'IndicatorLinked': {
      const { indicator, lines } = event.data;
      state.links.set(indicator, placed(state.links.get(indicator) ?? [], { ...said, value: lines }));
      return;
    }
    case 'IndicatorResultRecorded':
    case 'ResultCorrected':
    case 'ResultWithdrawn':
      return changeResult(state, event, said);
    case 'BaseFactRecorded':
    case 'BaseFactCorrected':
    case 'BaseFactWithdrawn':
      return changeFact(state, event, said);
    case 'DeviationExplained': {
      const { stage, indicator } = event.data;
      const rows = state.explanations.get(stage) ?? new Map<string, Explanation>();
      state.explanations.set(stage, rows.set(indicator, { ...event.data, ...said }));
      return;
    }
    case 'IndicatorAssessed':
      state.assessments.set(event.data.indicator, { ...event.data, ...said });
      return;
    case 'MonitoringSubmitted':
    case 'MonitoringWithdrawn':
      return changeMonitoring(state, event, said);
    case 'SelfEvaluationSubmitted':
      state.selfEvaluations = [...state.selfEvaluations, { ...event.data, ...said }];
      return;
    case 'SelfEvaluationWithdrawn':
      state.selfEvaluations = withdraw(state.selfEvaluations, event.data, said);
      return;
    case 'RectificationOpened':
      state.rectifications.set(event.data.rectificationId, { ...said, opened: event.data });
      return;
    case 'RectificationClosed': {
      const { rectificationId } = event.data;
      const open = found(state.rectifications, rectificationId);
      state.rectifications.set(rectificationId, { ...open, closed: { ...said, data: event.data } });
      return;
    }
    default:
      throw new Error(`unknown event ${(event satisfies never as { type: string }).type}`);
  }
}

function approve(state: PerformanceState, { data }: Of<'TargetsApproved'>, said: Said): void {
  const { indicators, document, dateAssumed } = data;
  state.approved = { ...said, ...(document ? { document } : {}), ...(dateAssumed ? { dateAssumed } : {}) };
  for (const value of indicators) {
    if (!state.indicators.has(value.indicator)) state.order.push(value.indicator);
    define(state, { ...said, value });
  }
}

function placeBehind({ order, indicators }: PerformanceState, after: string | null | undefined): number {
  if (after === undefined) return order.length;
  return after === null ? 0 : order.indexOf(found(indicators, after).indicator) + 1;
}

function define(state: PerformanceState, definition: Stated<Indicator>): void {
  const { indicator } = definition.value;
  const known = state.indicators.get(indicator) ?? { indicator, definitions: [] };
  state.indicators.set(indicator, { ...known, definitions: placed(known.definitions, definition) });
}

function changeResult(
  state: PerformanceState,
  event: Of<'IndicatorResultRecorded' | 'ResultCorrected' | 'ResultWithdrawn'>,
  said: Said,
): void {
  const { results, resultsOf } = state;
  const { resultId } = event.data;
  if (event.type === 'IndicatorResultRecorded') {
    const { indicator } = event.data;
    results.set(resultId, { ...said, ...event.data, first: event.data, revisions: [said.revision], withdrawn: false });
    return placeId(resultsOf, indicator, { id: resultId, entries: results });
  }
  const known = found(results, resultId);
  results.set(resultId, changed(known, event, said));
}

function changeFact(
  state: PerformanceState,
  event: Of<'BaseFactRecorded' | 'BaseFactCorrected' | 'BaseFactWithdrawn'>,
  said: Said,
): void {
  const { facts, factsOf } = state;
  const { factId } = event.data;
  if (event.type === 'BaseFactRecorded') {
    const { fact } = event.data;
    facts.set(factId, { ...said, ...event.data, first: event.data, revisions: [said.revision], withdrawn: false });
    return placeId(factsOf, fact, { id: factId, entries: facts });
  }
  facts.set(factId, changed(found(facts, factId), event, said));
}

/** An entry after a correction, which keeps its date, or withdrawn. */
function changed<Entry extends ResultState | FactState>(
  entry: Entry,
  { type, data }: Of<'ResultCorrected' | 'ResultWithdrawn' | 'BaseFactCorrected' | 'BaseFactWithdrawn'>,
  { revision }: Said,
): Entry {
  const withdrawn = type === 'ResultWithdrawn' || type === 'BaseFactWithdrawn';
  return { ...entry, ...data, revisions: [...entry.revisions, revision], withdrawn };
}

function changeMonitoring(
  { monitoring }: PerformanceState,
  event: Of<'MonitoringSubmitted' | 'MonitoringWithdrawn'>,
  said: Said,
): void {
  const { stage } = event.data;
  const known = monitoring.get(stage) ?? [];
  if (event.type === 'MonitoringSubmitted') monitoring.set(stage, [...known, { ...event.data, ...said }]);
  else monitoring.set(stage, withdraw(known, event.data, said));
}

function withdraw<Entry extends { readonly submission: number }>(
  submissions: readonly Entry[],
  { submission, reason }: { readonly submission: number; readonly reason: string },
  said: Said,
): readonly Entry[] {
  if (!submissions.some((entry) => entry.submission === submission)) throw new Error(`no submission ${submission}`);
  return submissions.map((entry) =>
    entry.submission === submission ? { ...entry, withdrawn: { ...said, reason } } : entry,
  );
}

function place<Value>(entries: Stated<Value>[], entry: Stated<Value>): void {
  entries.splice(placeOf(entries, entry.effectiveDate), 0, entry);
}

const placed = <Value>(entries: readonly Stated<Value>[], entry: Stated<Value>): readonly Stated<Value>[] =>
  entries.toSpliced(placeOf(entries, entry.effectiveDate), 0, entry);

/** Changes the list: copying it for each of many results would be quadratic. */
function placeId<Key>(
  lists: Map<Key, string[]>,
  key: Key,
  { id, entries }: { readonly id: string; readonly entries: ReadonlyMap<string, Said> },
): void {
  const ids = lists.get(key) ?? [];
  const { effectiveDate } = found(entries, id);
  const before = ids.findLastIndex((known) => found(entries, known).effectiveDate <= effectiveDate);
  ids.splice(before + 1, 0, id);
  lists.set(key, ids);
}

/** Behind all that are dated by then. */
const placeOf = (entries: readonly { readonly effectiveDate: CivilDate }[], date: CivilDate): number =>
  entries.findLastIndex(({ effectiveDate }) => effectiveDate <= date) + 1;

function found<Entry>(entries: ReadonlyMap<string, Entry>, id: string): Entry {
  const entry = entries.get(id);
  if (entry === undefined) throw new Error(`an event names ${id}, which does not exist`);
  return entry;
}
