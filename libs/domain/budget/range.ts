/** The guard that keeps every sum of a stream exact, whatever is booked, reversed and booked again. */
import type { BudgetEvent } from '#domain/budget/events.js';
import type { BudgetFault } from '#domain/budget/rejections.js';
import { TURNOVER_LIMIT, exactSum } from '#domain/budget/rules.js';
import { voucherRest, type BudgetState } from '#domain/budget/state.js';
import { ZERO, fen, least, type Fen } from '#domain/money.js';

/**
 * Keeps the sum of the sizes of all money effects and plans of the stream in the safe range, so that no sum of any part can
 * ever leave it. Events that only take back or move what is booked have as much room again: an entry that filled the range
 * by mistake can always be reversed.
 */
export function rangeFaults(state: BudgetState, events: readonly BudgetEvent[]): BudgetFault[] {
  const limit = events.some(bringsMoney) ? TURNOVER_LIMIT : fen(2 * TURNOVER_LIMIT);
  const total = exactSum([state.turnover, ...events.flatMap((event) => sizesOf(state, event))]);
  return total !== undefined && total <= limit ? [] : [{ code: 'TOTAL_OUT_OF_RANGE', limitFen: limit }];
}

const bringsMoney = ({ type }: BudgetEvent): boolean => !CORRECTIONS.has(type);
const CORRECTIONS: ReadonlySet<BudgetEvent['type']> = new Set([
  'BudgetApprovalWithdrawn',
  'AdjustmentReversed',
  'BudgetReleased',
  'PaymentRequestCancelled',
  'PaymentReturned',
  'PaymentReturnReversed',
  'PaymentReclassified',
  'PaymentReattributed',
  'PaymentReversed',
  'SurplusTakeBackReversed',
]);

const sizes = (effects: readonly { readonly fen: Fen }[]): Fen[] => effects.map((effect) => fen(Math.abs(effect.fen)));

/** Sizes of the effects that the event will have on this state, and of the plan it sets. */
function sizesOf(state: BudgetState, event: BudgetEvent): Fen[] {
  switch (event.type) {
    case 'BudgetApprovalWithdrawn':
      return sizes(state.approval?.effects ?? []);
    case 'BudgetLineApproved':
      return [event.data.originalFen, event.data.halfYearPlanFen ?? ZERO];
    case 'CarryOverRevised':
      return [fen(Math.abs(event.data.toFen - event.data.fromFen))];
    case 'BudgetTransferred':
    case 'PaymentReattributed':
      return [event.data.fen, event.data.fen];
    case 'AdjustmentReversed':
      return sizes(state.adjustments.get(event.data.adjustmentId)?.effects ?? []);
    case 'PaymentPlanSet':
      return [event.data.cumulativeFen.at(-1) ?? ZERO];
    case 'PaymentExecuted': {
      const { fen: amount, requestId, final } = event.data;
      const rest = (requestId === undefined ? undefined : state.requests.get(requestId)?.rest) ?? ZERO;
      return [amount, final ? rest : least(amount, rest)];
    }
    case 'PaymentReturnReversed':
      return sizes(state.returns.get(event.data.returnNo)?.taken ?? []);
    case 'PaymentReclassified': {
      const rest = restOf(state, event.data.voucherNo);
      return [rest, rest];
    }
    case 'PaymentReversed':
      return [restOf(state, event.data.voucherNo)];
    case 'SurplusTakeBackReversed':
      return [state.takeBacks.get(event.data.takeBackId)?.fen ?? ZERO];
    case 'CarryOverBroughtForward':
    case 'BudgetAdded':
    case 'BudgetCut':
    case 'BudgetFrozen':
    case 'BudgetReleased':
    case 'PaymentRequested':
    case 'PaymentRequestCancelled':
    case 'PaymentReturned':
    case 'SurplusTakenBack':
      return [event.data.fen];
    case 'BudgetApproved':
    case 'BudgetLineOpened':
    case 'BudgetLineReclassified':
    case 'PeriodSealed':
    case 'PeriodReopened':
    case 'YearClosed':
    case 'YearReopened':
      return [];
    default:
      throw new Error(`unknown budget event ${(event satisfies never as { type: string }).type}`);
  }
}

function restOf(state: BudgetState, voucherNo: string): Fen {
  const voucher = state.vouchers.get(voucherNo);
  return voucher === undefined ? ZERO : voucherRest(voucher);
}
