/** Decisions about what a table is read by: its texts, the lines behind an indicator, light thresholds, scoring profile. */
import { sameEntry } from '#domain/budget/rules.js';
import type {
  ChooseScoringProfile,
  LinkIndicators,
  SetThresholds,
  StateNarrative,
} from '#domain/performance/commands.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import {
  approvalFaults,
  countFaults,
  dateFaults,
  followUpDateFaults,
  livingFaults,
  refused,
  type Proposal,
} from '#domain/performance/rules.js';
import { inForce, type PerformanceState } from '#domain/performance/state.js';

/** What is stated already is not stated again. */
export function stateNarrative(state: PerformanceState, { effectiveDate, narrative }: StateNarrative): Proposal {
  const faults = dateFaults(state, effectiveDate, '/effectiveDate');
  const known = inForce(state.narratives, effectiveDate)?.value ?? {};
  const events: PerformanceEvent[] = [{ type: 'NarrativeStated', effectiveDate, data: { narrative } }];
  return { faults, events: sameEntry(known, narrative) ? [] : events };
}

export function linkIndicators(state: PerformanceState, { effectiveDate, links }: LinkIndicators): Proposal {
  const counted = countFaults(links.length, '/links');
  if (counted.length > 0) return refused(...counted);
  const faults: PerformanceFault[] = [...approvalFaults(state), ...dateFaults(state, effectiveDate, '/effectiveDate')];
  const seen = new Set<string>();
  links.forEach(({ indicator }, index) => {
    const at = `/links/${index}/indicator`;
    if (seen.has(indicator)) faults.push({ at, code: 'DUPLICATE_INDICATOR', indicator });
    seen.add(indicator);
    faults.push(...livingFaults(state, indicator, { date: effectiveDate, at }));
  });
  const events = links.flatMap(({ indicator, lines }): PerformanceEvent[] => {
    const wanted = [...new Set(lines)].sort();
    const known = inForce(state.links.get(indicator) ?? [], effectiveDate)?.value ?? [];
    if (sameEntry(known, wanted)) return [];
    return [{ type: 'IndicatorLinked', effectiveDate, data: { indicator, lines: wanted } }];
  });
  return { faults, events };
}

export function setThresholds(state: PerformanceState, command: SetThresholds): Proposal {
  const { effectiveDate, thresholds, reason } = command;
  const faults = dateFaults(state, effectiveDate, '/effectiveDate');
  const known = inForce(state.thresholds, effectiveDate)?.value;
  const event = { type: 'ThresholdsSet', effectiveDate, data: { thresholds, reason } } as const;
  return { faults, events: sameEntry(known, thresholds) ? [] : [event] };
}

export function chooseProfile(state: PerformanceState, command: ChooseScoringProfile): Proposal {
  const { effectiveDate, profile, reason } = command;
  const faults = followUpDateFaults(state, effectiveDate, '/effectiveDate');
  const data = { profile, ...(reason === undefined ? {} : { reason }) };
  const event = { type: 'ScoringProfileChosen', effectiveDate, data } as const;
  return { faults, events: sameEntry(state.profile?.value, profile) ? [] : [event] };
}
