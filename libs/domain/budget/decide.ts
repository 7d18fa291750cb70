/** The budget of one unit and year as a decider: which command may become which events. Pure; never changes the state. */
import { adjust, freeze, release, reverseAdjustment } from '#domain/budget/adjustments.js';
import { carryForward, openCarriedLines } from '#domain/budget/carry-forward.js';
import {
  closeYear,
  reopenPeriod,
  reopenYear,
  reverseTakeBack,
  sealPeriod,
  takeBackSurplus,
} from '#domain/budget/closing.js';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { BUDGET_EVENT_VERSIONS, type BudgetEvent } from '#domain/budget/events.js';
import { evolve } from '#domain/budget/evolve.js';
import {
  cancelRequest,
  executePayments,
  reattributePayment,
  reclassifyPayment,
  requestPayment,
  returnPayment,
  reversePayment,
  reverseReturn,
} from '#domain/budget/payments.js';
import {
  approveBudget,
  bringCarryOverForward,
  openLines,
  reclassifyLine,
  reviseCarryOver,
  setPaymentPlan,
  withdrawApproval,
  type Proposal,
} from '#domain/budget/plan.js';
import { rejectionOf, type BudgetRejection } from '#domain/budget/rejections.js';
import { rangeFaults } from '#domain/budget/range.js';
import { emptyBudget, type BudgetState } from '#domain/budget/state.js';
import { upcast } from '#domain/budget/upcast.js';
import { accept, reject, type Decider, type Decision } from '#domain/decider.js';

export type BudgetDecider = Decider<BudgetState, BudgetCommand, BudgetEvent, BudgetRejection>;

export const budgetDecider = (unit: string, year: number): BudgetDecider => ({
  initialState: () => emptyBudget(unit, year),
  evolve,
  decide,
  versions: BUDGET_EVENT_VERSIONS,
  upcast,
});

export const budgetStream = (unit: string, year: number): string => `budget-${unit}-${year}`;

/** Accepted without events: an equal entry is booked already. */
export function decide(command: BudgetCommand, state: BudgetState): Decision<BudgetEvent, BudgetRejection> {
  const { faults, events } = propose(command, state);
  const all = faults.length === 0 ? rangeFaults(state, events) : faults;
  return all.length === 0 ? accept(...events) : reject(rejectionOf(all));
}

function propose(command: BudgetCommand, state: BudgetState): Proposal {
  switch (command.type) {
    case 'ApproveBudget':
      return approveBudget(state, command);
    case 'WithdrawApproval':
      return withdrawApproval(state, command);
    case 'OpenLines':
      return openLines(state, command);
    case 'ReclassifyLine':
      return reclassifyLine(state, command);
    case 'BringCarryOverForward':
      return bringCarryOverForward(state, command);
    case 'ReviseCarryOver':
      return reviseCarryOver(state, command);
    case 'CarryForward':
      return carryForward(state, command);
    case 'OpenCarriedLines':
      return openCarriedLines(state, command);
    case 'Adjust':
      return adjust(state, command);
    case 'ReverseAdjustment':
      return reverseAdjustment(state, command);
    case 'Freeze':
      return freeze(state, command);
    case 'Release':
      return release(state, command);
    case 'SetPaymentPlan':
      return setPaymentPlan(state, command);
    case 'RequestPayment':
      return requestPayment(state, command);
    case 'CancelRequest':
      return cancelRequest(state, command);
    case 'ExecutePayments':
      return executePayments(state, command);
    case 'ReturnPayment':
      return returnPayment(state, command);
    case 'ReverseReturn':
      return reverseReturn(state, command);
    case 'ReclassifyPayment':
      return reclassifyPayment(state, command);
    case 'ReattributePayment':
      return reattributePayment(state, command);
    case 'ReversePayment':
      return reversePayment(state, command);
    case 'SealPeriod':
      return sealPeriod(state, command);
    case 'ReopenPeriod':
      return reopenPeriod(state, command);
    case 'CloseYear':
      return closeYear(state, command);
    case 'ReopenYear':
      return reopenYear(state, command);
    case 'TakeBackSurplus':
      return takeBackSurplus(state, command);
    case 'ReverseTakeBack':
      return reverseTakeBack(state, command);
    default:
      throw new Error(`unknown budget command ${(command satisfies never as { type: string }).type}`);
  }
}
