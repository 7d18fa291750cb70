/** Decisions about results of indicators: recorded with their evidence, corrected and withdrawn, never edited. */
import { sameEntry } from '#domain/budget/rules.js';
import type { CivilDate } from '#domain/calendar.js';
import { mayLackData } from '#domain/metrics/metric.js';
import { metricById } from '#domain/metrics/registry.js';
import type { CorrectResult, NewResult, RecordResults, WithdrawResult } from '#domain/performance/commands.js';
import type { Indicator, PerformanceEvent, ResultValue } from '#domain/performance/events.js';
import { isPartOfWhole } from '#domain/performance/name-words.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import {
  NOTHING,
  approvalFaults,
  checkpointFaults,
  countFaults,
  dateFaults,
  fallFaults,
  isDecimal,
  livingFaults,
  refused,
  takenFaults,
  type Numbered,
  type Proposal,
  type Running,
} from '#domain/performance/rules.js';
import {
  definitionFor,
  isQualitative,
  isSameMeasure,
  measureOf,
  standingResults,
  type PerformanceState,
  type ResultState,
} from '#domain/performance/state.js';
import { canonicalUnit } from '#domain/performance/units.js';
import { compare, decimalRatio, wholeRatio } from '#domain/ratio.js';

/** Results already recorded under the same id are repeats when equal, faults when not. */
export function recordResults(state: PerformanceState, { checkpoint, results }: RecordResults): Proposal {
  const counted = countFaults(results.length, '/results');
  if (counted.length > 0) return refused(...counted);
  const faults: PerformanceFault[] = approvalFaults(state);
  const fresh: { entry: NewResult; at: string }[] = [];
  const seen = new Map<string, Numbered>();
  results.forEach((entry, index) => {
    const at = `/results/${index}`;
    const earlier = firstSaid(state, entry.resultId) ?? seen.get(entry.resultId);
    const asked = { effectiveDate: entry.effectiveDate, first: dataOf(entry) };
    const taken = takenFaults(earlier, asked, { number: ['result', entry.resultId], at });
    if (taken === 'repeat') return;
    seen.set(entry.resultId, asked);
    const { effectiveDate, indicator } = entry;
    faults.push(...taken, ...dateFaults(state, effectiveDate, `${at}/effectiveDate`));
    faults.push(...checkpointFaults(state, effectiveDate, { checkpoint, at: `${at}/effectiveDate` }));
    faults.push(...livingFaults(state, indicator, { date: effectiveDate, at: `${at}/indicator` }));
    faults.push(...valueFaults(definitionOf(state, indicator, effectiveDate), entry, at));
    faults.push(...measureFaults(state, entry, at));
    fresh.push({ entry, at });
  });
  // Values that are none cannot be compared.
  if (faults.length === 0) faults.push(...runningFaults(state, fresh));
  return { faults, events: fresh.map(({ entry }) => recorded(state, entry)) };
}

function recorded(state: PerformanceState, entry: NewResult): PerformanceEvent {
  const { effectiveDate, indicator, result } = entry;
  const data = { ...dataOf(entry), ...unitOf(definitionOf(state, indicator, effectiveDate), result) };
  return { type: 'IndicatorResultRecorded', effectiveDate, data };
}

/** The unit of a number, as its target spells it; none of words and points. */
const unitOf = (definition: Indicator | undefined, { value }: ResultValue): { readonly unit?: string } =>
  definition === undefined || value === undefined ? {} : { unit: definition.unit };

/** As it was asked for: the unit that was added to it came from the target. */
function firstSaid({ results }: PerformanceState, resultId: string): Numbered | undefined {
  const entry = results.get(resultId);
  if (entry === undefined) return undefined;
  const { unit: _added, ...first } = entry.first;
  return { effectiveDate: entry.effectiveDate, withdrawn: entry.withdrawn, first };
}

const dataOf = ({ resultId, indicator, result, evidence, note }: NewResult) => ({
  resultId,
  indicator,
  result,
  evidence,
  ...(note === undefined ? {} : { note }),
});

/** A correction keeps the date of what it corrects, and may lower a running total: it says why. */
export function correctResult(state: PerformanceState, command: CorrectResult): Proposal {
  const { resultId, result, evidence, reason } = command;
  const known = state.results.get(resultId);
  if (known === undefined) return refused({ code: 'UNKNOWN_NUMBER', kind: 'result', number: resultId });
  if (known.withdrawn) return refused({ code: 'ALREADY_WITHDRAWN', kind: 'result', number: resultId });
  if (isSaid(known, command)) return NOTHING;
  const { effectiveDate, indicator } = known;
  const definition = definitionOf(state, indicator, effectiveDate);
  const data = { resultId, result, ...unitOf(definition, result), evidence, reason };
  return {
    faults: valueFaults(definition, { ...command, indicator }, ''),
    events: [{ type: 'ResultCorrected', effectiveDate, data }],
  };
}

const isSaid = (known: ResultState, { result, evidence }: CorrectResult): boolean =>
  sameEntry(known.result, result) && sameEntry(known.evidence, evidence);

export function withdrawResult(state: PerformanceState, { resultId, reason }: WithdrawResult): Proposal {
  const known = state.results.get(resultId);
  if (known === undefined) return refused({ code: 'UNKNOWN_NUMBER', kind: 'result', number: resultId });
  if (known.withdrawn) return refused({ code: 'ALREADY_WITHDRAWN', kind: 'result', number: resultId });
  const { effectiveDate } = known;
  return { faults: [], events: [{ type: 'ResultWithdrawn', effectiveDate, data: { resultId, reason } }] };
}

const definitionOf = (state: PerformanceState, indicator: string, date: CivilDate): Indicator | undefined => {
  const known = state.indicators.get(indicator);
  return known && definitionFor(known, date);
};

interface Valued {
  readonly indicator: string;
  readonly result: ResultValue;
  readonly unit?: string;
}

/** The value is of the kind that the target asks for, in its unit. Source: rule book 1.3, 2.4. */
function valueFaults(
  definition: Indicator | undefined,
  { indicator, result, unit }: Valued,
  at: string,
): PerformanceFault[] {
  const { value, text, points } = result;
  const faults: PerformanceFault[] = [];
  if ([value, text, points].filter((part) => part !== undefined).length !== 1 || text?.trim() === '') {
    faults.push({ at: `${at}/result`, code: 'RESULT_NOT_ONE_VALUE', indicator });
  }
  if (definition === undefined) return faults;
  if (isQualitative(definition)) return [...faults, ...wordFaults(definition, result, at)];
  const metric = definition.metric === undefined ? undefined : metricById(definition.metric);
  // Where the books lack codes or the year before, what a person states counts until they can tell.
  if (metric !== undefined && !mayLackData(metric)) {
    faults.push({ at, code: 'RESULT_IS_COMPUTED', indicator, metric: metric.id });
  }
  const found = text ?? points?.map(({ point }) => point).join(', ');
  if (found !== undefined) {
    faults.push({ at: `${at}/result`, code: 'RESULT_NOT_A_NUMBER', indicator, found, unit: definition.unit });
  }
  if (value !== undefined && !isDecimal(value)) {
    faults.push({ at: `${at}/result/value`, code: 'VALUE_NOT_DECIMAL', found: value });
  }
  if (unit !== undefined && canonicalUnit(unit) !== canonicalUnit(definition.unit)) {
    faults.push({ at: `${at}/unit`, code: 'UNIT_DIFFERS', indicator, found: unit, unit: definition.unit });
  }
  return [...faults, ...partFaults(definition, value, `${at}/result/value`)];
}

/** A result of before a new unit or kind, recorded after it, would be read as if it were in the new one. */
function measureFaults(
  state: PerformanceState,
  { indicator, resultId, effectiveDate }: NewResult,
  at: string,
): PerformanceFault[] {
  const known = state.indicators.get(indicator);
  const definition = known && definitionFor(known, effectiveDate);
  if (definition === undefined) return [];
  const other = known?.definitions
    .filter((later) => later.effectiveDate > effectiveDate)
    .map((later) => ({ from: later.effectiveDate, to: definitionFor(known, later.effectiveDate) }))
    .find(({ to }) => !isSameMeasure(definition, to));
  if (other === undefined) return [];
  const { from, to } = other;
  const [recordedAs, target] = [measureOf(definition), measureOf(to)];
  return [
    {
      at: `${at}/effectiveDate`,
      code: 'RESULTS_IN_OTHER_UNIT',
      indicator,
      results: [resultId],
      recordedAs,
      target,
      from,
    },
  ];
}

/** A part of a whole is 100 % at most: what is above is a mistake. */
function partFaults({ indicator, unit, level3 }: Indicator, value: string | undefined, at: string): PerformanceFault[] {
  if (!isDecimal(value) || canonicalUnit(unit) !== '%' || !isPartOfWhole(level3)) return [];
  const isAbove = compare(decimalRatio(value), wholeRatio(100)) > 0;
  return isAbove ? [{ at, code: 'PERCENTAGE_ABOVE_100', indicator, found: value }] : [];
}

function wordFaults(definition: Indicator, { value, points }: ResultValue, at: string): PerformanceFault[] {
  const { indicator, annual, checklist = [] } = definition;
  if (value !== undefined) {
    return [{ at: `${at}/result`, code: 'RESULT_NOT_A_WORD', indicator, found: value, target: annual.text }];
  }
  if (points === undefined) return [];
  const named = points.map(({ point }) => point);
  const missing = checklist.filter((point) => !named.includes(point));
  const unknown = named.filter((point) => !checklist.includes(point));
  const twice = named.filter((point, index) => named.indexOf(point) !== index);
  if (points.length > 0 && missing.length + unknown.length + twice.length === 0) return [];
  return [{ at: `${at}/result/points`, code: 'CHECKLIST_DIFFERS', indicator, missing, unknown, twice }];
}

/** Each new figure of a running total against all that stand beside it, in the books and in the command. */
function runningFaults(
  state: PerformanceState,
  fresh: readonly { readonly entry: NewResult; readonly at: string }[],
): PerformanceFault[] {
  const running = fresh.filter(({ entry: { indicator, effectiveDate } }) => {
    const definition = definitionOf(state, indicator, effectiveDate);
    return definition?.kind === 'FLOW_CUMULATIVE' && !isQualitative(definition);
  });
  return [...new Set(running.map(({ entry }) => entry.indicator))].flatMap((indicator) => {
    const asked = running.filter(({ entry }) => entry.indicator === indicator);
    return fallFaults(indicator, [
      ...standingResults(state, indicator).flatMap(figure),
      ...asked.flatMap(({ entry, at }) => figure(entry).map((mine) => ({ ...mine, at: `${at}/result/value` }))),
    ]);
  });
}

const figure = ({ effectiveDate, result }: Pick<NewResult, 'effectiveDate' | 'result'>): readonly Running[] =>
  isDecimal(result.value) ? [{ effectiveDate, value: result.value }] : [];
