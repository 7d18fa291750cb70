/** The performance table of one unit and year as a decider: which command may become which events. Pure; never changes the state. */
import { accept, reject, type Decider, type Decision } from '#domain/decider.js';
import { correctBaseFact, recordBaseFacts, withdrawBaseFact } from '#domain/performance/base-facts.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import { assessIndicators, submitSelfEvaluation, withdrawSelfEvaluation } from '#domain/performance/evaluated.js';
import { PERFORMANCE_EVENT_VERSIONS, type PerformanceEvent } from '#domain/performance/events.js';
import { evolve } from '#domain/performance/evolve.js';
import { explainDeviations, submitMonitoring, withdrawMonitoring } from '#domain/performance/monitored.js';
import { closeRectification, openRectification } from '#domain/performance/rectified.js';
import { rejectionOf, type PerformanceRejection } from '#domain/performance/rejections.js';
import { correctResult, recordResults, withdrawResult } from '#domain/performance/results.js';
import type { Proposal } from '#domain/performance/rules.js';
import { chooseProfile, linkIndicators, setThresholds, stateNarrative } from '#domain/performance/settings.js';
import { emptyTable, type PerformanceState } from '#domain/performance/state.js';
import { approveTargets, reviseTargets } from '#domain/performance/targets.js';
import { upcast } from '#domain/performance/upcast.js';

export { performanceStream } from '#domain/performance/frozen.js';

export type PerformanceDecider = Decider<PerformanceState, PerformanceCommand, PerformanceEvent, PerformanceRejection>;

export const performanceDecider = (year: number): PerformanceDecider => ({
  initialState: () => emptyTable(year),
  evolve,
  decide,
  versions: PERFORMANCE_EVENT_VERSIONS,
  upcast,
});

/** Accepted without events: it is said already. */
export function decide(
  command: PerformanceCommand,
  state: PerformanceState,
): Decision<PerformanceEvent, PerformanceRejection> {
  const { faults, events } = propose(command, state);
  return faults.length === 0 ? accept(...events) : reject(rejectionOf(faults));
}

function propose(command: PerformanceCommand, state: PerformanceState): Proposal {
  switch (command.type) {
    case 'ApproveTargets':
      return approveTargets(state, command);
    case 'ReviseTargets':
      return reviseTargets(state, command);
    case 'StateNarrative':
      return stateNarrative(state, command);
    case 'LinkIndicators':
      return linkIndicators(state, command);
    case 'RecordResults':
      return recordResults(state, command);
    case 'CorrectResult':
      return correctResult(state, command);
    case 'WithdrawResult':
      return withdrawResult(state, command);
    case 'RecordBaseFacts':
      return recordBaseFacts(state, command);
    case 'CorrectBaseFact':
      return correctBaseFact(state, command);
    case 'WithdrawBaseFact':
      return withdrawBaseFact(state, command);
    case 'SetThresholds':
      return setThresholds(state, command);
    case 'ChooseScoringProfile':
      return chooseProfile(state, command);
    case 'ExplainDeviations':
      return explainDeviations(state, command);
    case 'SubmitMonitoring':
      return submitMonitoring(state, command);
    case 'WithdrawMonitoring':
      return withdrawMonitoring(state, command);
    case 'OpenRectification':
      return openRectification(state, command);
    case 'CloseRectification':
      return closeRectification(state, command);
    case 'AssessIndicators':
      return assessIndicators(state, command);
    case 'SubmitSelfEvaluation':
      return submitSelfEvaluation(state, command);
    case 'WithdrawSelfEvaluation':
      return withdrawSelfEvaluation(state, command);
    default:
      throw new Error(`unknown performance command ${(command satisfies never as { type: string }).type}`);
  }
}
