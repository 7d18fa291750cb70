/** Events as rows of the papers that they book. */
import type { BudgetEvent } from '#domain/budget/events.js';
import type { PaperKind, PaperRows } from '#read-model/projections/changes.js';
import type { Ledger } from '#read-model/projections/ledger.js';
import type { Fact } from '#read-model/projections/streams.js';

/**
 * The row of the paper that an applied event books. Columns are written out: spreading one object into another here took
 * as long as all the rest of a projection.
 */
export function bookedRow(
  { unit, year, state }: Ledger,
  { event, envelope, position }: Fact<BudgetEvent>,
  kind: PaperKind,
): PaperRows[PaperKind] {
  const { effectiveDate } = event;
  const { revision } = envelope;
  switch (event.type) {
    case 'PaymentExecuted': {
      const { voucherNo, line, fen, payee, purpose, overdrawn, beforeApproval } = event.data;
      return {
        unit,
        year,
        voucherNo,
        position,
        revision,
        effectiveDate,
        line,
        economic: entryOf(state.vouchers, voucherNo).shares[0]?.economic ?? '',
        fen,
        restFen: fen,
        payeeName: payee.name,
        payeeRef: payee.ref ?? null,
        payeeKind: payee.kind,
        purpose,
        requestId: event.data.requestId ?? null,
        ownCode: event.data.departmentEconomic ?? null,
        originYear: event.data.originYear ?? null,
        overdrawn,
        beforeApproval,
        reversed: false,
        shares: null,
      };
    }
    case 'PaymentReturned': {
      const { returnNo, voucherNo, fen, kind: way } = event.data;
      const { taken, sameYear } = entryOf(state.returns, returnNo);
      const booked = { unit, year, returnNo, position, revision, effectiveDate };
      return { ...booked, voucherNo, fen, kind: way, taken, sameYear, reversed: false };
    }
    case 'PaymentRequested': {
      const { requestId, line, fen, payee, purpose, contract = null } = event.data;
      return {
        unit,
        year,
        requestId,
        position,
        revision,
        effectiveDate,
        line,
        fen,
        restFen: fen,
        payeeName: payee.name,
        payeeRef: payee.ref ?? null,
        payeeKind: payee.kind,
        purpose,
        contract,
      };
    }
    case 'BudgetFrozen': {
      const { freezeId, line, fen, reason = null } = event.data;
      return { unit, year, freezeId, position, revision, effectiveDate, line, fen, restFen: fen, reason };
    }
    case 'BudgetAdded':
    case 'BudgetCut':
    case 'BudgetTransferred': {
      const { adjustmentId, reasonCode, document } = event.data;
      const booked = { unit, year, adjustmentId, position, lastPosition: position, revision, effectiveDate };
      return { ...booked, reasonCode, document: document?.number ?? null, reversed: false };
    }
    case 'CarryOverBroughtForward': {
      const { carryOverId, line, originYear, originLine, fen, source = null } = event.data;
      const { economic } = entryOf(state.carryOvers, carryOverId);
      const booked = { unit, year, carryOverId, position, revision, effectiveDate };
      return { ...booked, line, originYear, originLine, economic, fen, source };
    }
    case 'SurplusTakenBack': {
      const { takeBackId, line, originYear, fen, document } = event.data;
      const booked = { unit, year, takeBackId, position, revision, effectiveDate };
      return { ...booked, line, originYear, fen, document: document?.number ?? null, reversed: false };
    }
    default:
      throw new Error(`${event.type} books no ${kind}`);
  }
}

function entryOf<Entry>(entries: ReadonlyMap<string, Entry>, id: string): Entry {
  const entry = entries.get(id);
  if (entry === undefined) throw new Error(`${id} was applied but is not in the state`);
  return entry;
}
