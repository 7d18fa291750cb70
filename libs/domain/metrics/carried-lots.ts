/** Ageing of carried-over money: what every lot of an earlier year held and still holds, and the sums by age, fund and class. */
import {
  type CarriedIn,
  type Closing,
  type LotPlace,
  type Surplus,
  type UnitStory,
  amountOf,
  carriedInto,
  closingInForce,
  surplusDate,
} from '#domain/budget/lineage.js';
import type { Lot } from '#domain/budget/lots.js';
import { lotsByLine } from '#domain/metrics/line-lots.js';
import { ALL, type Figure, type OfLine, quantities } from '#domain/metrics/quantities.js';
import { type Fen, ZERO, fen, sum } from '#domain/money.js';

/** Fen. carryOverIn = brought in + revised, a part of C0; budget = carryOverIn + in − out − cut − taken otherwise. */
export interface LotSums {
  readonly broughtIn: Fen;
  readonly revised: Fen;
  readonly carryOverIn: Fen;
  /** Moved from and to other lines by adjustments that name the origin year, and cut so. */
  readonly transferredIn: Fen;
  readonly transferredOut: Fen;
  readonly cut: Fen;
  /** Taken by cuts and transfers that name no lot, once the current year's money was gone. Below 0: named ones took more than there was. */
  readonly takenOtherwise: Fen;
  readonly budget: Fen;
  readonly paid: Fen;
  readonly takenBack: Fen;
  readonly unspent: Fen;
}

export interface CarriedLot extends OfLine, LotPlace, LotSums {
  /** Years since the origin; never stored. */
  readonly age: number;
  readonly surplus: Surplus;
  /** What the close made of it; before the close, what it makes of it as things stand. */
  readonly classAtYearEnd: 'carry-over' | 'surplus';
  readonly carriedIn: readonly CarriedIn[];
}

export interface CarriedLotsOf {
  readonly year: number;
  /** As of the date asked for. */
  readonly figures: readonly Figure[];
  /** Every line of the scope. */
  readonly lines: readonly OfLine[];
  readonly unit: UnitStory;
}

/** Lots of earlier years, by line and oldest first. A lot that was revised to nothing is one too. */
export function carriedLots({ year, figures, lines, unit }: CarriedLotsOf): readonly CarriedLot[] {
  const lots = lotsByLine(figures, year);
  const named = byLot(figures);
  const closing = closingInForce(unit.get(year));
  const brought = new Map<string, number[]>();
  for (const { line, originYear } of unit.get(year)?.carriedIn ?? []) {
    brought.set(line, [...(brought.get(line) ?? []), originYear]);
  }
  return lines.flatMap((line) => {
    const held = new Map((lots.get(line.line) ?? []).map((lot) => [lot.originYear, lot]));
    const years = [...new Set([...held.keys(), ...(brought.get(line.line) ?? [])])]
      .filter((origin) => origin < year)
      .sort((a, b) => a - b);
    return years
      .map((originYear) => {
        const place = { year, line: line.line, originYear };
        const own = named.get(`${originYear} ${line.line}`) ?? [];
        return carriedLot({ ...line, ...place }, { own, lot: held.get(originYear), closing, unit });
      })
      .filter((lot) => lot.carriedIn.length > 0 || MOVED.some((name) => lot[name] !== 0));
  });
}

const MOVED = ['carryOverIn', 'transferredIn', 'transferredOut', 'cut', 'budget', 'paid', 'takenBack'] as const;

interface Known {
  /** Figures that name the lot. */
  readonly own: readonly Figure[];
  readonly lot: Lot | undefined;
  readonly closing: Closing | undefined;
  readonly unit: UnitStory;
}

function carriedLot(place: OfLine & LotPlace, { own, lot, closing, unit }: Known): CarriedLot {
  const { carryOverIn, transferredIn, transferredOut, cut, current } = quantities({ figures: own, planned: [] }, ALL);
  const carriedIn = carriedInto(place, unit);
  const broughtIn = sum(carriedIn.map(({ broughtInFen }) => broughtInFen));
  const { budget = ZERO, paid = ZERO, takenBack = ZERO, unspent = ZERO } = lot ?? {};
  const surplus = surplusDate({ ...place, unspent }, closing);
  return {
    ...place,
    age: place.year - place.originYear,
    broughtIn,
    revised: fen(sum(carriedIn.map(amountOf)) - broughtIn),
    carryOverIn,
    transferredIn,
    transferredOut,
    cut,
    takenOtherwise: fen(current - budget),
    budget,
    paid,
    takenBack,
    unspent,
    surplus,
    classAtYearEnd: place.expenditure === 'basic' ? 'carry-over' : 'surplus',
    carriedIn,
  };
}

function byLot(figures: readonly Figure[]): ReadonlyMap<string, readonly Figure[]> {
  const lots = new Map<string, Figure[]>();
  for (const figure of figures) {
    if (figure.originYear === undefined) continue;
    const key = `${figure.originYear} ${figure.line}`;
    const known = lots.get(key);
    if (known) known.push(figure);
    else lots.set(key, [figure]);
  }
  return lots;
}

export const LOT_SUMS = [
  'broughtIn',
  'revised',
  'carryOverIn',
  'transferredIn',
  'transferredOut',
  'cut',
  'takenOtherwise',
  'budget',
  'paid',
  'takenBack',
  'unspent',
] as const satisfies readonly (keyof LotSums)[];

export const lotTotals = (lots: readonly LotSums[]): LotSums =>
  Object.fromEntries(LOT_SUMS.map((name) => [name, sum(lots.map((lot) => lot[name]))])) as unknown as LotSums;

/** Sums of the lots that share what `of` says of them, by that. */
export function totalsBy<Group extends string | number>(
  lots: readonly CarriedLot[],
  of: (lot: CarriedLot) => Group,
): readonly { readonly group: Group; readonly totals: LotSums }[] {
  const groups = new Map<Group, CarriedLot[]>();
  for (const lot of lots) {
    const known = groups.get(of(lot));
    if (known) known.push(lot);
    else groups.set(of(lot), [lot]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, members]) => ({ group, totals: lotTotals(members) }));
}
