/** Papers as rows and as entries of the budget's state: how an entry's change shows in the row, and how a row becomes an entry. */
import type { Effect } from '#domain/budget/effects.js';
import { voucherRest, type BudgetState } from '#domain/budget/state.js';
import type { PaperKind, PaperRows } from '#read-model/projections/changes.js';

export type EntryOf<Kind extends PaperKind> = BudgetState[Kind] extends Map<string, infer Entry> ? Entry : never;

interface PaperTable<Kind extends PaperKind> {
  /** Property of the row that holds the paper's number. */
  readonly id: keyof PaperRows[Kind] & string;
  /** Columns that later events change. */
  readonly changing: readonly (keyof PaperRows[Kind])[];
  /** Some of these columns as an event at `position` leaves them, from the entry after it. */
  readonly change: (entry: EntryOf<Kind>, row: PaperRows[Kind], position: bigint) => Partial<PaperRows[Kind]>;
  /**
   * The entry as far as effects depend on it: what only the write side's rules ask for is not kept. `effects`: those of an
   * adjustment, none otherwise.
   */
  readonly restore: (row: PaperRows[Kind], effects: readonly Effect[]) => EntryOf<Kind>;
}

const dated = (row: { readonly effectiveDate: EntryOf<'vouchers'>['effectiveDate'] }) => ({
  effectiveDate: row.effectiveDate,
  data: {},
});

export const PAPERS: { readonly [Kind in PaperKind]: PaperTable<Kind> } = {
  vouchers: {
    id: 'voucherNo',
    changing: ['restFen', 'ownCode', 'reversed', 'shares'],
    change: (entry, row) => {
      const [first, ...others] = entry.shares;
      const whereBooked =
        others.length === 0 && (!first || (first.line === row.line && first.economic === row.economic));
      return {
        restFen: voucherRest(entry),
        ownCode: entry.ownCode ?? null,
        reversed: entry.reversed,
        shares: whereBooked ? null : entry.shares,
      };
    },
    restore: (row) => ({
      ...dated(row),
      shares: row.shares ?? (row.restFen > 0 ? [{ line: row.line, economic: row.economic, fen: row.restFen }] : []),
      ownCode: row.ownCode ?? undefined,
      originYear: row.originYear ?? undefined,
      reversed: row.reversed,
      rebooked: 0,
      changedOn: row.effectiveDate,
    }),
  },
  returns: {
    id: 'returnNo',
    changing: ['reversed'],
    change: ({ reversed }) => ({ reversed }),
    restore: (row) => ({
      ...dated(row),
      voucherNo: row.voucherNo,
      taken: row.taken,
      sameYear: row.sameYear,
      reversed: row.reversed,
      rebooked: 0,
    }),
  },
  requests: {
    id: 'requestId',
    changing: ['restFen'],
    change: ({ rest }) => ({ restFen: rest }),
    restore: (row) => ({ ...dated(row), line: row.line, rest: row.restFen }),
  },
  freezes: {
    id: 'freezeId',
    changing: ['restFen'],
    change: ({ rest }) => ({ restFen: rest }),
    restore: (row) => ({ ...dated(row), line: row.line, rest: row.restFen }),
  },
  adjustments: {
    id: 'adjustmentId',
    changing: ['lastPosition', 'reversed'],
    change: ({ reversed }, row, position) =>
      reversed ? { reversed } : { lastPosition: position > row.lastPosition ? position : row.lastPosition },
    restore: (row, effects) => ({ ...dated(row), data: { movements: [] }, effects, reversed: row.reversed }),
  },
  carryOvers: {
    id: 'carryOverId',
    changing: ['fen'],
    change: ({ fen }) => ({ fen }),
    restore: ({ line, originYear, economic, fen, ...row }) => ({
      ...dated(row),
      line,
      originYear,
      economic,
      fen,
      changedOn: row.effectiveDate,
    }),
  },
  takeBacks: {
    id: 'takeBackId',
    changing: ['reversed'],
    change: ({ reversed }) => ({ reversed }),
    restore: ({ line, originYear, fen, reversed, ...row }) => ({ ...dated(row), line, originYear, fen, reversed }),
  },
};
