/** Decisions about the targets of a table: approved as a whole, then revised, added to and withdrawn as the budget changes. */
import { sameEntry } from '#domain/budget/rules.js';
import type { CivilDate } from '#domain/calendar.js';
import { tableFindings, type TableFindingCode } from '#domain/metrics/table-coherence.js';
import type { ApproveTargets, ReviseTargets } from '#domain/performance/commands.js';
import type { Indicator } from '#domain/performance/events.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import {
  approvalFaults,
  countFaults,
  dateFaults,
  isDecimal,
  isNegative,
  livingFaults,
  orderFaults,
  type Proposal,
} from '#domain/performance/rules.js';
import {
  isQualitative,
  isSameMeasure,
  measureOf,
  standingResults,
  type PerformanceState,
  type Stated,
} from '#domain/performance/state.js';
import { canonicalUnit } from '#domain/performance/units.js';
import { compare, decimalRatio } from '#domain/ratio.js';
import { readWrittenTarget } from '#domain/scoring/written-value.js';

export function approveTargets(state: PerformanceState, command: ApproveTargets): Proposal {
  const { effectiveDate, indicators, document, dateAssumed } = command;
  const faults: PerformanceFault[] = [];
  if (state.approved !== undefined) {
    faults.push({ code: 'TARGETS_ALREADY_APPROVED', approvedOn: state.approved.effectiveDate });
  }
  faults.push(...dateFaults(state, effectiveDate, '/effectiveDate'), ...countFaults(indicators.length, '/indicators'));
  const seen = new Set<string>();
  indicators.forEach((indicator, index) => {
    const at = `/indicators/${index}`;
    if (seen.has(indicator.indicator)) {
      faults.push({ at, code: 'DUPLICATE_INDICATOR', indicator: indicator.indicator });
    }
    seen.add(indicator.indicator);
    faults.push(...definitionFaults(indicator, at));
  });
  const data = { indicators, ...(document ? { document } : {}), ...(dateAssumed ? { dateAssumed } : {}) };
  return { faults, events: [{ type: 'TargetsApproved', effectiveDate, data }] };
}

/** What is so already is not said again. */
export function reviseTargets(state: PerformanceState, command: ReviseTargets): Proposal {
  const { effectiveDate, revise = [], add = [], withdraw = [] } = command;
  const counted = countFaults(revise.length + add.length + withdraw.length, '');
  if (counted.length > 0) return { faults: counted, events: [] };
  const parts = [
    { faults: dateAndApprovalFaults(state, effectiveDate), events: [] },
    twiceNamed(command),
    ...revise.map((indicator, index) => revised(state, command, indicator, `/revise/${index}`)),
    ...add.map((entry, index) =>
      added(state, command, { ...entry, before: idsOf(add.slice(0, index)) }, `/add/${index}`),
    ),
    ...withdraw.map((indicator, index) => withdrawn(state, command, indicator, `/withdraw/${index}`)),
  ];
  return { faults: parts.flatMap(({ faults }) => faults), events: parts.flatMap(({ events }) => events) };
}

const idsOf = (add: NonNullable<ReviseTargets['add']>): readonly string[] =>
  add.map(({ indicator: { indicator } }) => indicator);

const dateAndApprovalFaults = (state: PerformanceState, date: CivilDate): PerformanceFault[] => [
  ...approvalFaults(state),
  ...dateFaults(state, date, '/effectiveDate'),
  ...orderFaults(date, state.approved, '/effectiveDate'),
];

/** Not before the last revision of the indicator; that it is not before the approval is said once. */
const sinceLast = (
  { approved }: PerformanceState,
  { effectiveDate }: ReviseTargets,
  last: Stated<Indicator> | undefined,
): PerformanceFault[] =>
  last?.revision === approved?.revision ? [] : orderFaults(effectiveDate, last, '/effectiveDate');

/** One command does one thing to an indicator. */
function twiceNamed({ revise = [], add = [], withdraw = [] }: ReviseTargets): Proposal {
  const named = [
    ...revise.map(({ indicator }, index) => ({ indicator, at: `/revise/${index}` })),
    ...add.map(({ indicator: { indicator } }, index) => ({ indicator, at: `/add/${index}` })),
    ...withdraw.map((indicator, index) => ({ indicator, at: `/withdraw/${index}` })),
  ];
  const seen = new Set<string>();
  const faults = named.flatMap(({ indicator, at }): PerformanceFault[] => {
    if (!seen.has(indicator)) {
      seen.add(indicator);
      return [];
    }
    return [{ at, code: 'DUPLICATE_INDICATOR', indicator }];
  });
  return { faults, events: [] };
}

function revised(state: PerformanceState, command: ReviseTargets, to: Indicator, at: string): Proposal {
  const { effectiveDate } = command;
  const { indicator } = to;
  const known = state.indicators.get(indicator);
  const faults = [...livingFaults(state, indicator, { date: effectiveDate, at }), ...definitionFaults(to, at)];
  const last = known?.definitions.at(-1);
  faults.push(...sinceLast(state, command, last));
  if (last === undefined || sameEntry(last.value, to)) return { faults, events: [] };
  faults.push(...measureFaults(state, { from: last.value, to, date: effectiveDate, at }));
  const data = { indicator, from: last.value, to, ...groundsOf(command) };
  return { faults, events: [{ type: 'TargetRevised', effectiveDate, data }] };
}

/** A number of one unit is none of another: what stands of it would be printed behind the new one. */
function measureFaults(
  state: PerformanceState,
  {
    from,
    to,
    date,
    at,
  }: { readonly from: Indicator; readonly to: Indicator; readonly date: CivilDate; readonly at: string },
): PerformanceFault[] {
  const { indicator } = to;
  const results = standingResults(state, indicator).map(({ resultId }) => resultId);
  if (results.length === 0 || isSameMeasure(from, to)) return [];
  const [recordedAs, target] = [measureOf(from), measureOf(to)];
  return [{ at, code: 'RESULTS_IN_OTHER_UNIT', indicator, results, recordedAs, target, from: date }];
}

/** `before`: added before it by the same command; each is placed when those are there. */
function added(
  state: PerformanceState,
  command: ReviseTargets,
  {
    indicator,
    after,
    before,
  }: { readonly indicator: Indicator; readonly after?: string | null; readonly before: readonly string[] },
  at: string,
): Proposal {
  const { effectiveDate } = command;
  const { indicator: id } = indicator;
  const known = state.indicators.get(id);
  const faults = definitionFaults(indicator, `${at}/indicator`);
  if (known !== undefined) {
    const repeated = known.ended === undefined && isAddition(known.definitions, indicator, effectiveDate);
    return { faults: repeated ? faults : [...faults, { at, code: 'DUPLICATE_INDICATOR', indicator: id }], events: [] };
  }
  if (typeof after === 'string' && !state.indicators.has(after) && !before.includes(after)) {
    faults.push({ at: `${at}/after`, code: 'UNKNOWN_INDICATOR', indicator: after });
  }
  const data = { indicator, ...(after === undefined ? {} : { after }), ...groundsOf(command) };
  return { faults, events: [{ type: 'IndicatorAdded', effectiveDate, data }] };
}

const isAddition = (
  definitions: readonly { readonly effectiveDate: CivilDate; readonly value: Indicator }[],
  indicator: Indicator,
  date: CivilDate,
): boolean => definitions[0]?.effectiveDate === date && sameEntry(definitions[0].value, indicator);

function withdrawn(state: PerformanceState, command: ReviseTargets, indicator: string, at: string): Proposal {
  const { effectiveDate } = command;
  const known = state.indicators.get(indicator);
  if (known?.ended?.effectiveDate === effectiveDate) return { faults: [], events: [] };
  const faults: PerformanceFault[] = known?.ended
    ? [{ at, code: 'INDICATOR_ENDED', indicator, endedOn: known.ended.effectiveDate }]
    : livingFaults(state, indicator, { date: effectiveDate, at });
  faults.push(...sinceLast(state, command, known?.definitions.at(-1)));
  const event = { type: 'IndicatorWithdrawn', effectiveDate, data: { indicator, ...groundsOf(command) } } as const;
  return { faults, events: [event] };
}

const groundsOf = ({ reason, document }: ReviseTargets) => ({ reason, ...(document ? { document } : {}) });

/** What no table may say of an indicator. Whether weights add up is told by the coherence of the table, not refused. */
function definitionFaults(definition: Indicator, at: string): PerformanceFault[] {
  const { indicator, comparator, half, annual, weight, tolerance, checklist } = definition;
  const faults: PerformanceFault[] = [];
  if (comparator !== 'word' && !(isDecimal(half.value) && isDecimal(annual.value))) {
    faults.push({ at, code: 'TARGET_VALUE_MISSING', indicator });
  } else {
    faults.push(...incoherent(definition, at), ...textFaults(definition, at));
  }
  if (weight !== undefined && !(weight <= 100 && /^\d{1,3}(\.\d{1,2})?$/.test(String(weight)))) {
    faults.push({ at: `${at}/weight`, code: 'WEIGHT_IMPOSSIBLE', indicator, weight });
  }
  const tolerable = isDecimal(tolerance) && !isNegative(tolerance) && !isQualitative(definition);
  if (tolerance !== undefined && !tolerable) {
    faults.push({ at: `${at}/tolerance`, code: 'TOLERANCE_IMPOSSIBLE', indicator, tolerance });
  }
  return [...faults, ...checklistFaults(definition, checklist, `${at}/checklist`)];
}

/** Findings of the table's coherence that are about one indicator by itself and leave no reading. */
const INCOHERENT: readonly TableFindingCode[] = ['HALF_ABOVE_ANNUAL', 'PERCENT_ABOVE_100', 'UNITS_DIFFER'];

const incoherent = ({ weight: _of, ...definition }: Indicator, at: string): PerformanceFault[] =>
  tableFindings([definition])
    .filter(({ code }) => INCOHERENT.includes(code))
    .map(({ code, facts }) => ({
      at,
      code: 'TARGET_INCOHERENT',
      indicator: definition.indicator,
      finding: code,
      facts,
    }));

/** What is printed and what is judged by say the same. A text that says neither number nor word is left to people. */
const textFaults = (definition: Indicator, at: string): PerformanceFault[] =>
  (['half', 'annual'] as const).flatMap((checkpoint): PerformanceFault[] => {
    const { indicator, comparator, unit } = definition;
    const { text, value } = definition[checkpoint];
    const written = readWrittenTarget(text);
    if (comparator === 'word' || !isDecimal(value) || written === undefined || written.comparator === 'word') return [];
    const same =
      written.comparator === comparator &&
      compare(decimalRatio(written.value), decimalRatio(value)) === 0 &&
      canonicalUnit(written.unit) === canonicalUnit(unit);
    return same ? [] : [{ at: `${at}/${checkpoint}`, code: 'TARGET_TEXT_DIFFERS', indicator, text, value, unit }];
  });

function checklistFaults(
  definition: Indicator,
  checklist: readonly string[] | undefined,
  at: string,
): PerformanceFault[] {
  if (checklist === undefined) return [];
  const { indicator } = definition;
  if (!isQualitative(definition)) return [{ at, code: 'CHECKLIST_IMPOSSIBLE', indicator, reason: 'target-has-number' }];
  if (new Set(checklist).size === checklist.length) return [];
  return [{ at, code: 'CHECKLIST_IMPOSSIBLE', indicator, reason: 'point-twice' }];
}
