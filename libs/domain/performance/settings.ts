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
  NOTHING,
  approvalFaults,
  countFaults,
  dateFaults,
  followUpDateFaults,
  livingFaults,
  refused,
  type Proposal,
} from '#domain/performance/rules.js';
import { inForce, type PerformanceState } from '#domain/performance/state.js';
import { DEFAULT_THRESHOLDS, checkThresholds } from '#domain/scoring/lights.js';
import { checkProfile } from '#domain/scoring/profile-check.js';

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

/** What is in force already is not set again. Each set gets the next version, whatever the command says. */
export function setThresholds(state: PerformanceState, command: SetThresholds): Proposal {
  const { effectiveDate, thresholds, reason } = command;
  const known = inForce(state.thresholds, effectiveDate)?.value;
  if (known !== undefined && sameEntry({ ...thresholds, version: known.version }, known)) return NOTHING;
  const version = Math.max(DEFAULT_THRESHOLDS.version, ...state.thresholds.map(({ value }) => value.version)) + 1;
  const numbered = { ...thresholds, version };
  const faults = [
    ...dateFaults(state, effectiveDate, '/effectiveDate'),
    ...checkThresholds(numbered).map((problem) => unusable('THRESHOLDS_UNUSABLE', '/thresholds', problem)),
  ];
  return { faults, events: [{ type: 'ThresholdsSet', effectiveDate, data: { thresholds: numbered, reason } }] };
}

export function chooseProfile(state: PerformanceState, command: ChooseScoringProfile): Proposal {
  const { effectiveDate, profile, reason } = command;
  const faults = [
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
    ...checkProfile(profile).map((problem) => unusable('PROFILE_UNUSABLE', '/profile', problem)),
  ];
  const data = { profile, ...(reason === undefined ? {} : { reason }) };
  const event = { type: 'ScoringProfileChosen', effectiveDate, data } as const;
  return { faults, events: sameEntry(state.profile?.value, profile) ? [] : [event] };
}

/** What thresholds or profile say that they cannot be used for, as a fault at its place in the command. */
export function unusable(
  code: 'THRESHOLDS_UNUSABLE' | 'PROFILE_UNUSABLE',
  at: string,
  problem: { readonly at: string; readonly code: string },
): PerformanceFault {
  const { at: inside, code: what, ...facts } = problem;
  return { at: `${at}${inside}`, code, problem: what, facts };
}
