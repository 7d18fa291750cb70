/**
 * Two pictures of the same unit and year side by side: every figure and every rate at both, and what it moved by. They may
 * differ in the date they are about, in what was known, or in both; a comparison does not ask why.
 */
import { type Fen, ZERO, fen } from '#domain/money.js';
import {
  type LineQuantities,
  type OfLine,
  type Picture,
  type Quantities,
  lineQuantities,
  scopeKey,
} from '#domain/metrics/quantities.js';
import type { Rate } from '#domain/metrics/report.js';
import { decimalRatio, formatDecimal, minus } from '#domain/ratio.js';

/** Amounts of `Quantities` in the order in which reports list them. */
export const AMOUNTS = [
  'original',
  'carryOverIn',
  'added',
  'cut',
  'transferredIn',
  'transferredOut',
  'current',
  'frozen',
  'requested',
  'paid',
  'takenBack',
  'available',
  'planned',
] as const satisfies readonly (keyof Quantities)[];
export type Amount = (typeof AMOUNTS)[number];

/** Fen; `change` is b − a. */
export interface AmountChange {
  readonly amount: Amount;
  readonly a: Fen;
  readonly b: Fen;
  readonly change: Fen;
}

export type LineChange = OfLine & { readonly changes: readonly AmountChange[] };

/** The amounts that differ, in the order of `AMOUNTS`; none when nothing does. */
export const amountChanges = (
  a: Partial<Readonly<Record<Amount, Fen>>>,
  b: Partial<Readonly<Record<Amount, Fen>>>,
): readonly AmountChange[] =>
  AMOUNTS.map((amount) => ({ amount, a: a[amount] ?? ZERO, b: b[amount] ?? ZERO }))
    .map((pair) => ({ ...pair, change: fen(pair.b - pair.a) }))
    .filter(({ change }) => change !== 0);

/** Lines on which anything differs, by id. A line that only one of them has counts as zeros in the other. */
export function lineChanges(
  a: Pick<Picture, 'figures' | 'planned'>,
  b: Pick<Picture, 'figures' | 'planned'>,
): readonly LineChange[] {
  const before = lineQuantities(a);
  const after = lineQuantities(b);
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((line) => {
    const changes = amountChanges(before.get(line) ?? {}, after.get(line) ?? {});
    const { fund, expenditure } = (after.get(line) ?? before.get(line)) as LineQuantities;
    return changes.length === 0 ? [] : [{ line, fund, expenditure, changes }];
  });
}

/** The same metric in the same scope at both; `undefined` where only the other has it. */
export interface RateChange {
  readonly a: Rate | undefined;
  readonly b: Rate | undefined;
  /** b − a in percentage points with two decimals, of the percentages as printed; absent unless both have one. */
  readonly change?: string;
}

/** Every rate of either, in the order of `b`, then those that only `a` has. */
export function rateChanges(a: readonly Rate[], b: readonly Rate[]): readonly RateChange[] {
  const before = new Map(a.map((rate) => [rateKey(rate), rate]));
  const after = new Map(b.map((rate) => [rateKey(rate), rate]));
  return [...new Set([...after.keys(), ...before.keys()])].map((key) => rateChange(before.get(key), after.get(key)));
}

/** Whether a reader sees any difference: in the figure, in what it is made of, or in how it is judged. */
export const isMoved = ({ a, b }: RateChange): boolean =>
  SEEN.some((member) => JSON.stringify(a?.[member]) !== JSON.stringify(b?.[member]));
const SEEN = ['version', 'status', 'reason', 'numerator', 'denominator', 'percent', 'target', 'verdict'] as const;

const rateKey = ({ metric, scope, indicator }: Rate): string => `${metric} ${scopeKey(scope)} ${indicator ?? ''}`;

function rateChange(a: Rate | undefined, b: Rate | undefined): RateChange {
  if (a?.percent == null || b?.percent == null) return { a, b };
  return { a, b, change: formatDecimal(minus(decimalRatio(b.percent), decimalRatio(a.percent)), 2) };
}
