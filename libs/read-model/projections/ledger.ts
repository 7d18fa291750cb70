/**
 * What the projector keeps of one budget between batches: its lines and accounts whole, and of its papers those that recent
 * events named. That is all that the effects of an event depend on; the totals in this state count only what passed by
 * since it was loaded, and nothing here reads them.
 */
import { emptyBudget, noTotals, type BudgetState, type LineState } from '#domain/budget/state.js';
import type { Accounts } from '#read-model/projections/accounts.js';
import { PAPER_KINDS, type LineNow, type PaperKind, type PaperRows } from '#read-model/projections/changes.js';

export interface Ledger {
  readonly stream: string;
  readonly unit: string;
  readonly year: number;
  readonly state: BudgetState;
  readonly accounts: Accounts;
  readonly papers: { readonly [Kind in PaperKind]: Map<string, PaperRows[Kind]> };
}

export const emptyLedger = (stream: string, unit: string, year: number): Ledger => ({
  stream,
  unit,
  year,
  state: emptyBudget(unit, year),
  accounts: new Map(),
  papers: {
    vouchers: new Map(),
    returns: new Map(),
    requests: new Map(),
    freezes: new Map(),
    adjustments: new Map(),
    carryOvers: new Map(),
    takeBacks: new Map(),
  },
});

/** Lines, accounts and papers. */
export const ledgerSize = (ledger: Ledger): number =>
  1 + ledger.state.lines.size + ledger.accounts.size + paperCount(ledger);

/** Papers of a kind above which the older half is let go. What a batch names is mostly booked in it or just before. */
const PAPERS_KEPT = 400;
/** Open requests wait longer, and nearly each is paid one day. */
const REQUESTS_KEPT = 2_000;

/** Lets go of old papers; those that later events name are loaded again. */
export function tidyPapers({ papers, state }: Ledger): void {
  for (const [requestId, { restFen }] of papers.requests) {
    if (restFen > 0) continue;
    papers.requests.delete(requestId);
    state.requests.delete(requestId);
  }
  for (const kind of PAPER_KINDS) {
    const kept = kind === 'requests' ? REQUESTS_KEPT : PAPERS_KEPT;
    if (papers[kind].size <= kept) continue;
    for (const id of papers[kind].keys()) {
      papers[kind].delete(id);
      state[kind].delete(id);
      if (papers[kind].size <= kept / 2) break;
    }
  }
  if (state.reversals.size > PAPERS_KEPT) state.reversals.clear();
}

const paperCount = ({ papers }: Ledger): number => PAPER_KINDS.reduce((count, kind) => count + papers[kind].size, 0);

/** A line from its row. Its totals are zero. */
export const lineState = ({ name, expenditure, fund, codes, opened, live }: LineNow): LineState => ({
  name,
  expenditure,
  fund,
  codes: [...codes],
  totals: noTotals(),
  byOrigin: new Map(),
  lastEffect: undefined,
  opened,
  live,
});
