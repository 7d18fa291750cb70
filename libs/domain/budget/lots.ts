/**
 * Lots of a line: carried-over money by origin year, and the current year's. Worked out on totals, so the order in which
 * facts arrive does not matter. Rule book 7; design 6.3.
 */
import { ZERO, fen, least, subtract, sum, type Fen } from '#domain/money.js';

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
  /** budget − paid − taken back. */
  readonly unspent: Fen;
}

/**
 * Lots oldest first. Cuts and transfers out that name no lot take the current year's money first, then the youngest lot;
 * payments that name a lot use it first, all others fill lots from the oldest. Money taken back is neither cut nor paid
 * again. What no lot can bear is overdrawn and belongs to none: Σ unspent = B − taken back − X, never below 0.
 */
export function lotsOf(totals: LotTotals): Lot[] {
  const shares = lotShares(totals);
  const named = shares.map(({ originYear, held }) =>
    least(held, fen(Math.max(0, totals.byOrigin.get(originYear)?.paid ?? 0))),
  );
  let rest = fen(totals.paid - named.reduce((left, paid) => left + paid, 0));
  return shares.map(({ originYear, held, takenBack }, index) => {
    const direct = named[index] ?? ZERO;
    const filled = fen(Math.max(0, Math.min(rest, held - direct)));
    rest = subtract(rest, filled);
    const paid = fen(direct + filled);
    return { originYear, budget: fen(held + takenBack), paid, takenBack, unspent: subtract(held, paid) };
  });
}

interface LotShare {
  readonly originYear: number;
  /** What the lot holds after cuts, transfers and take-backs; never below 0. */
  readonly held: Fen;
  readonly takenBack: Fen;
}

/** Oldest first; a current year below 0 is covered by the youngest carried-over money. */
function lotShares({ year, budget, byOrigin }: LotTotals): LotShare[] {
  const takenBackOf = (originYear: number): Fen => byOrigin.get(originYear)?.takenBack ?? ZERO;
  const carried = [...byOrigin]
    .filter(([originYear]) => originYear !== year)
    .map(([originYear, lot]) => ({ originYear, held: fen(Math.max(0, lot.budget - lot.takenBack)) }))
    .sort((a, b) => b.originYear - a.originYear);
  const takenBack = sum([...byOrigin.values()].map((lot) => lot.takenBack));
  const current = subtract(subtract(budget, takenBack), sum(carried.map(({ held }) => held)));
  let missing = fen(Math.max(0, -current));
  const covered = carried.map(({ originYear, held }): LotShare => {
    const taken = least(missing, held);
    missing = subtract(missing, taken);
    return { originYear, held: subtract(held, taken), takenBack: takenBackOf(originYear) };
  });
  return [...covered.reverse(), { originYear: year, held: fen(Math.max(0, current)), takenBack: takenBackOf(year) }];
}
