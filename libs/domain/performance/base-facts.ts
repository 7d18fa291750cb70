/** Decisions about base facts 基础数据, which the computed indicators rest on: like results, by kind of fact. */
import { parseYuan } from '#domain/money.js';
import type { CorrectBaseFact, NewBaseFact, RecordBaseFacts, WithdrawBaseFact } from '#domain/performance/commands.js';
import { FACTS, PARTS, type FactKind } from '#domain/performance/facts.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import {
  NOTHING,
  checkpointFaults,
  countFaults,
  dateFaults,
  fallFaults,
  isDecimal,
  isNegative,
  refused,
  takenFaults,
  type Numbered,
  type Proposal,
} from '#domain/performance/rules.js';
import { standingFacts, type PerformanceState } from '#domain/performance/state.js';
import { compare, decimalRatio } from '#domain/ratio.js';

export function recordBaseFacts(state: PerformanceState, { checkpoint, facts }: RecordBaseFacts): Proposal {
  const counted = countFaults(facts.length, '/facts');
  if (counted.length > 0) return refused(...counted);
  const faults: PerformanceFault[] = [];
  const fresh: { entry: NewBaseFact; at: string }[] = [];
  const seen = new Map<string, Numbered>();
  facts.forEach((entry, index) => {
    const at = `/facts/${index}`;
    const earlier = state.facts.get(entry.factId) ?? seen.get(entry.factId);
    const asked = { effectiveDate: entry.effectiveDate, first: dataOf(entry) };
    const taken = takenFaults(earlier, asked, { number: ['base fact', entry.factId], at });
    if (taken === 'repeat') return;
    seen.set(entry.factId, asked);
    faults.push(...taken, ...dateFaults(state, entry.effectiveDate, `${at}/effectiveDate`));
    faults.push(...checkpointFaults(state, entry.effectiveDate, { checkpoint, at: `${at}/effectiveDate` }));
    faults.push(...valueFaults(entry.fact, entry.value, `${at}/value`));
    fresh.push({ entry, at });
  });
  // Values that are none cannot be compared.
  if (faults.length === 0) faults.push(...runningFaults(state, fresh), ...partFaults(state, fresh));
  return {
    faults,
    events: fresh.map(({ entry }) => ({
      type: 'BaseFactRecorded',
      effectiveDate: entry.effectiveDate,
      data: dataOf(entry),
    })),
  };
}

const dataOf = ({ factId, fact, value, evidence }: NewBaseFact) => ({ factId, fact, value, evidence });

/** People, projects and tasks are counted whole; money has two decimals. Nothing here is below nothing. */
function valueFaults(fact: FactKind, value: string, at: string): PerformanceFault[] {
  if (!isDecimal(value)) return [{ at, code: 'VALUE_NOT_DECIMAL', found: value }];
  if (isNegative(value)) return [{ at, code: 'VALUE_NEGATIVE', found: value }];
  if (parseYuan(value) === 'AMOUNT_OUT_OF_RANGE') return [{ at, code: 'VALUE_OUT_OF_RANGE', found: value }];
  const { unit } = FACTS[fact];
  const fraction = value.split('.')[1] ?? '';
  const fits = unit === 'yuan' ? fraction.length <= 2 : /^0*$/.test(fraction);
  return fits ? [] : [{ at, code: 'VALUE_NOT_WHOLE', found: value, unit }];
}

/** A part beside the last whole known by its date; without a whole there is nothing to compare. */
function partFaults(
  state: PerformanceState,
  fresh: readonly { readonly entry: NewBaseFact; readonly at: string }[],
): PerformanceFault[] {
  return fresh.flatMap(({ entry: { fact, value, effectiveDate }, at }): PerformanceFault[] => {
    const whole = PARTS[fact];
    if (whole === undefined) return [];
    const known = [
      ...standingFacts(state, whole),
      ...fresh.map(({ entry }) => entry).filter((entry) => entry.fact === whole),
    ].filter((entry) => entry.effectiveDate <= effectiveDate);
    const last = known.sort((a, b) => (a.effectiveDate < b.effectiveDate ? -1 : 1)).at(-1);
    if (last === undefined || compare(decimalRatio(value), decimalRatio(last.value)) <= 0) return [];
    return [{ at: `${at}/value`, code: 'PART_ABOVE_WHOLE', part: fact, value, whole, wholeValue: last.value }];
  });
}

function runningFaults(
  state: PerformanceState,
  fresh: readonly { readonly entry: NewBaseFact; readonly at: string }[],
): PerformanceFault[] {
  const running = fresh.filter(({ entry }) => FACTS[entry.fact].kind === 'running-total');
  return [...new Set(running.map(({ entry }) => entry.fact))].flatMap((fact) => {
    const asked = running.filter(({ entry }) => entry.fact === fact);
    return fallFaults(fact, [
      ...standingFacts(state, fact),
      ...asked.map(({ entry: { effectiveDate, value }, at }) => ({ effectiveDate, value, at: `${at}/value` })),
    ]);
  });
}

export function correctBaseFact(state: PerformanceState, { factId, value, reason }: CorrectBaseFact): Proposal {
  const known = state.facts.get(factId);
  if (known === undefined) return refused({ code: 'UNKNOWN_NUMBER', kind: 'base fact', number: factId });
  if (known.withdrawn) return refused({ code: 'ALREADY_WITHDRAWN', kind: 'base fact', number: factId });
  if (known.value === value) return NOTHING;
  const { effectiveDate, fact } = known;
  return {
    faults: valueFaults(fact, value, '/value'),
    events: [{ type: 'BaseFactCorrected', effectiveDate, data: { factId, value, reason } }],
  };
}

export function withdrawBaseFact(state: PerformanceState, { factId, reason }: WithdrawBaseFact): Proposal {
  const known = state.facts.get(factId);
  if (known === undefined) return refused({ code: 'UNKNOWN_NUMBER', kind: 'base fact', number: factId });
  if (known.withdrawn) return refused({ code: 'ALREADY_WITHDRAWN', kind: 'base fact', number: factId });
  const { effectiveDate } = known;
  return { faults: [], events: [{ type: 'BaseFactWithdrawn', effectiveDate, data: { factId, reason } }] };
}
