/** Which papers an event needs to know, books and changes, kept in step in the budget's state and in rows. */
import type { Effect } from '#domain/budget/effects.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { PAPER_KINDS, type Changes, type PaperKind, type PaperRows } from '#read-model/projections/changes.js';
import type { Ledger } from '#read-model/projections/ledger.js';
import { PAPERS, type EntryOf } from '#read-model/projections/paper-entries.js';
import { bookedRow } from '#read-model/projections/paper-rows.js';
import type { Fact } from '#read-model/projections/streams.js';

/** A paper that an event is about. */
export type PaperName = readonly [kind: PaperKind, id: string];

/** Papers that must be in the state before an event is applied, as far as the event itself names them. */
export function papersNeeded({ type, data }: BudgetEvent): PaperName[] {
  switch (type) {
    case 'PaymentExecuted':
      return data.requestId === undefined ? [] : [['requests', data.requestId]];
    case 'PaymentReturned':
    case 'PaymentReclassified':
    case 'PaymentReattributed':
    case 'PaymentReversed':
      return [['vouchers', data.voucherNo]];
    case 'PaymentReturnReversed':
      return [['returns', data.returnNo]];
    case 'PaymentRequestCancelled':
      return [['requests', data.requestId]];
    case 'BudgetReleased':
      return [['freezes', data.freezeId]];
    case 'CarryOverRevised':
      return [['carryOvers', data.carryOverId]];
    case 'BudgetAdded':
    case 'BudgetCut':
    case 'BudgetTransferred':
    case 'AdjustmentReversed':
      return [['adjustments', data.adjustmentId]];
    case 'SurplusTakeBackReversed':
      return [['takeBacks', data.takeBackId]];
    default:
      return [];
  }
}

/** Enters into rows and changes what an event, already applied to the ledger's state, did to papers. */
export function recordPapers(ledger: Ledger, fact: Fact<BudgetEvent>, changes: Changes): void {
  const { event } = fact;
  for (const [kind, id] of papersBooked(ledger, event)) {
    const row = bookedRow(ledger, fact, kind);
    (ledger.papers[kind] as Map<string, unknown>).set(id, row);
    (changes.booked[kind] as Set<unknown>).add(row);
  }
  for (const [kind, id] of papersChanged(ledger, event)) changeRow(ledger, fact, { kind, id, changes });
}

function changeRow<Kind extends PaperKind>(
  { papers, state }: Ledger,
  { position }: Fact,
  { kind, id, changes }: { readonly kind: Kind; readonly id: string; readonly changes: Changes },
): void {
  const row: PaperRows[Kind] | undefined = papers[kind].get(id);
  const entry = (state[kind] as unknown as ReadonlyMap<string, EntryOf<Kind>>).get(id);
  if (row === undefined || entry === undefined) throw new Error(`${kind} ${id} was changed but is not known`);
  Object.assign(row, PAPERS[kind].change(entry, row, position));
  const booked: Set<PaperRows[Kind]> = changes.booked[kind];
  const changed: Set<PaperRows[Kind]> = changes.changed[kind];
  if (!booked.has(row)) changed.add(row);
}

/** The first movement of an adjustment books it, later ones change it. */
function papersBooked({ papers }: Ledger, event: BudgetEvent): PaperName[] {
  const name = paperOf(event);
  if (name === undefined) return [];
  return name[0] === 'adjustments' && papers.adjustments.get(name[1])?.reversed === false ? [] : [name];
}

/** The paper that an event books, as far as the event itself tells. */
export function paperOf({ type, data }: BudgetEvent): PaperName | undefined {
  switch (type) {
    case 'PaymentExecuted':
      return ['vouchers', data.voucherNo];
    case 'PaymentReturned':
      return ['returns', data.returnNo];
    case 'PaymentRequested':
      return ['requests', data.requestId];
    case 'BudgetFrozen':
      return ['freezes', data.freezeId];
    case 'BudgetAdded':
    case 'BudgetCut':
    case 'BudgetTransferred':
      return ['adjustments', data.adjustmentId];
    case 'CarryOverBroughtForward':
      return ['carryOvers', data.carryOverId];
    case 'SurplusTakenBack':
      return ['takeBacks', data.takeBackId];
    default:
      return undefined;
  }
}

function papersChanged({ papers }: Ledger, event: BudgetEvent): PaperName[] {
  if (event.type !== 'PaymentReturnReversed') return papersNeeded(event);
  const voucherNo = papers.returns.get(event.data.returnNo)?.voucherNo;
  return [...papersNeeded(event), ...(voucherNo === undefined ? [] : [['vouchers', voucherNo] as const])];
}

/** Name and number of whom an event pays or asks to pay, from the event or the paper it corrects. */
export function payeeOf({ papers }: Ledger, event: BudgetEvent): string | null {
  if ('payee' in event.data) return event.data.payee.name;
  for (const [kind, id] of papersNeeded(event)) {
    const voucherNo = kind === 'returns' ? papers.returns.get(id)?.voucherNo : id;
    if (kind === 'requests') return papers.requests.get(id)?.payeeName ?? null;
    if (kind === 'vouchers' || kind === 'returns') return papers.vouchers.get(voucherNo ?? '')?.payeeName ?? null;
  }
  return null;
}

/** Enters a loaded row, unless the ledger knows the paper already. */
export function enterPaper<Kind extends PaperKind>(
  { papers, state }: Ledger,
  kind: Kind,
  row: PaperRows[Kind],
  effects: readonly Effect[] = [],
): void {
  const id = String(row[PAPERS[kind].id]);
  const rows: Map<string, PaperRows[Kind]> = papers[kind];
  if (rows.has(id)) return;
  rows.set(id, row);
  (state[kind] as Map<string, EntryOf<Kind>>).set(id, PAPERS[kind].restore(row, effects));
}

/** Numbers that events name and the ledger does not know, by kind. */
export function papersMissing({ papers }: Ledger, names: readonly PaperName[]): ReadonlyMap<PaperKind, Set<string>> {
  const missing = new Map<PaperKind, Set<string>>();
  for (const [kind, id] of names) {
    if (papers[kind].has(id)) continue;
    const ids = missing.get(kind) ?? new Set<string>();
    missing.set(kind, ids.add(id));
  }
  return new Map(PAPER_KINDS.flatMap((kind) => (missing.has(kind) ? [[kind, missing.get(kind) as Set<string>]] : [])));
}
