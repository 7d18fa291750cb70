/**
 * Lots of a line: carried-over money by origin year, and the current year's. Worked out on totals, so the order in which
 * facts arrive does not matter. Rule book 7; design 6.3.
 */
import { ZERO, fen, least, subtract, type Fen } from '#domain/money.js';

/** Totals of one line: B, X and what was taken back, and the part of each that names an origin year. */
export interface LotTotals {
  readonly year: number;
  readonly budget: Fen;
  readonly paid: Fen;
  readonly byOrigin: ReadonlyMap<number, { readonly budget: Fen; readonly paid: Fen; readonly takenBack: Fen }>;
}

export interface Lot {
  readonly originYear: number;
  /** What the lot held after cuts and transfers. */
  readonly budget: Fen;
  readonly paid: Fen;
  readonly takenBack: Fen;
  /** budget − paid − taken back; never below 0. */
  readonly unspent: Fen;
}

/**
 * Lots oldest first. Cuts and transfers out that name no lot take the current year's money first, then the youngest lot;
 * payments that name a lot use it first, all others fill lots from the oldest. What no lot can bear is overdrawn and
 * belongs to none.
 */
export function lotsOf(totals: LotTotals): Lot[] {
  const budgets = lotBudgets(totals);
  const named = budgets.map(({ originYear, budget }) =>
    least(budget, fen(Math.max(0, totals.byOrigin.get(originYear)?.paid ?? 0))),
  );
  let rest = fen(totals.paid - named.reduce((left, paid) => left + paid, 0));
  return budgets.map(({ originYear, budget }, index) => {
    const direct = named[index] ?? ZERO;
    const filled = fen(Math.max(0, Math.min(rest, budget - direct)));
    rest = subtract(rest, filled);
    const paid = fen(direct + filled);
    const takenBack = totals.byOrigin.get(originYear)?.takenBack ?? ZERO;
    return { originYear, budget, paid, takenBack, unspent: fen(Math.max(0, budget - paid - takenBack)) };
  });
}

/** What each lot holds, oldest first; a current year below 0 is covered by the youngest carried-over money. */
function lotBudgets({ year, budget, byOrigin }: LotTotals): { originYear: number; budget: Fen }[] {
  const carried = [...byOrigin]
    .filter(([originYear]) => originYear !== year)
    .map(([originYear, { budget: held }]) => ({ originYear, budget: held }))
    .sort((a, b) => b.originYear - a.originYear);
  let missing = fen(Math.max(0, carried.reduce((left, lot) => left + lot.budget, 0) - budget));
  const current = fen(Math.max(0, budget - carried.reduce((left, lot) => left + lot.budget, 0)));
  const covered = carried.map((lot) => {
    const taken = fen(Math.max(0, Math.min(missing, lot.budget)));
    missing = subtract(missing, taken);
    return { ...lot, budget: subtract(lot.budget, taken) };
  });
  return [...covered.reverse(), { originYear: year, budget: current }];
}
