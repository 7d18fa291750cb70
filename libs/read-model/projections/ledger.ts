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

/** Papers of one budget that are kept, and open requests among them: nearly each is paid soon. */
const PAPERS_KEPT = 2_000;

/** Lets go of papers when they are many; those that later events name are loaded again. */
export function tidyPapers(ledger: Ledger): void {
  const { papers, state } = ledger;
  if (paperCount(ledger) <= PAPERS_KEPT) return;
  for (const kind of PAPER_KINDS) {
    for (const [id, row] of papers[kind]) {
      const isOpen = kind === 'requests' && 'restFen' in row && row.restFen > 0;
      if (isOpen && papers.requests.size <= PAPERS_KEPT / 2) continue;
      papers[kind].delete(id);
      state[kind].delete(id);
    }
  }
  state.reversals.clear();
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
