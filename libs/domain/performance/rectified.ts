/** Decisions about rectifications 整改: opened once with what is required, closed once with what was done. */
import { sameEntry } from '#domain/budget/rules.js';
import type { CloseRectification, OpenRectification } from '#domain/performance/commands.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import {
  NOTHING,
  approvalFaults,
  followUpDateFaults,
  indicatorFaults,
  numberTaken,
  orderFaults,
  refused,
  type Proposal,
} from '#domain/performance/rules.js';
import type { PerformanceState } from '#domain/performance/state.js';

/** Whether a line exists is for the caller to check, who sees the budget. */
export function openRectification(state: PerformanceState, command: OpenRectification): Proposal {
  const { type: _, effectiveDate, ...data } = command;
  const { rectificationId, indicator, stage, due } = data;
  const known = state.rectifications.get(rectificationId);
  if (known !== undefined) {
    if (known.effectiveDate === effectiveDate && sameEntry(known.opened, data)) return NOTHING;
    return refused(numberTaken(['rectification', rectificationId], known, known.opened, '/rectificationId'));
  }
  const faults: PerformanceFault[] = [
    ...approvalFaults(state),
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
    ...(indicator === undefined ? [] : indicatorFaults(state, indicator, '/indicator')),
  ];
  if (stage !== undefined && !(Number.isInteger(stage) && stage >= 1 && stage <= 12)) {
    faults.push({ at: '/stage', code: 'STAGE_OUTSIDE_YEAR', stage });
  }
  if (due !== undefined && due < effectiveDate) {
    faults.push({ at: '/due', code: 'DATE_BEFORE_ENTRY', date: due, entryDate: effectiveDate });
  }
  return { faults, events: [{ type: 'RectificationOpened', effectiveDate, data }] };
}

export function closeRectification(state: PerformanceState, command: CloseRectification): Proposal {
  const { type: _, effectiveDate, ...data } = command;
  const { rectificationId } = data;
  const known = state.rectifications.get(rectificationId);
  if (known === undefined) {
    return refused({ code: 'UNKNOWN_NUMBER', kind: 'rectification', number: rectificationId });
  }
  const { closed } = known;
  if (closed !== undefined) {
    if (closed.effectiveDate === effectiveDate && sameEntry(closed.data, data)) return NOTHING;
    return refused({ code: 'RECTIFICATION_CLOSED', rectificationId, closedOn: closed.effectiveDate });
  }
  const faults = [
    ...followUpDateFaults(state, effectiveDate, '/effectiveDate'),
    ...orderFaults(effectiveDate, known, '/effectiveDate'),
  ];
  return { faults, events: [{ type: 'RectificationClosed', effectiveDate, data }] };
}
