/**
 * Sums by department economic code (rule book 6.3). The level decides: a class (类) has three digits, an item (款) five;
 * anything else is no code. A formula by code answers only when every amount it looks at is coded well enough (design 6.3).
 */
import { type Fen, ZERO, fen } from '#domain/money.js';
import type { Coverage, MetricResult } from '#domain/metrics/result.js';
import { type Figure, type Scope, inScope } from '#domain/metrics/quantities.js';
import type { EffectKind } from '#domain/budget/effects.js';

/** 三公: overseas trips, vehicles bought (both capital classes), vehicles run, reception (rule book 6.3). */
export const THREE_PUBLIC = ['30212', '31013', '30913', '30231', '30217'];

export type Side = 'original' | 'current' | 'paid';

/** How each kind counts in B(t); the other kinds do not. */
const BUDGET_SIGN: Partial<Record<EffectKind, 1 | -1>> = {
  original: 1,
  'carry-over-in': 1,
  added: 1,
  cut: -1,
  'transferred-in': 1,
  'transferred-out': -1,
};

const signOf = (kind: EffectKind, side: Side): 0 | 1 | -1 =>
  side === 'current' ? (BUDGET_SIGN[kind] ?? 0) : kind === side ? 1 : 0;

const isClass = (code: string): boolean => /^\d{3}$/.test(code);
const isItem = (code: string): boolean => /^\d{5}$/.test(code);

/** Whether an amount under `code` belongs to the wanted class or item. */
export function isUnder(code: string, wanted: string): boolean {
  if (isItem(wanted)) return code === wanted;
  return (isClass(code) || isItem(code)) && code.slice(0, 3) === wanted;
}

/** Whether `code` tells if an amount is wanted: a bare class 302 does not tell a reception (30217) from a journey. */
export function decides(code: string, wanted: readonly string[]): boolean {
  if (isItem(code)) return true;
  return isClass(code) && !wanted.some((item) => isItem(item) && item.slice(0, 3) === code);
}

export interface EconomicAmount {
  readonly fen: Fen;
  readonly coverage: Coverage;
}

/** What lies under the wanted codes on one side of the books, in fen, and how much of that side is coded well enough. */
export function economicAmount(
  figures: readonly Figure[],
  scope: Scope,
  { codes, side }: { readonly codes: readonly string[]; readonly side: Side },
): EconomicAmount {
  const known = new Map<string, { readonly wanted: boolean; readonly decided: boolean }>();
  const reading = (code: string) => {
    const before = known.get(code);
    if (before) return before;
    const read = { wanted: codes.some((wanted) => isUnder(code, wanted)), decided: decides(code, codes) };
    known.set(code, read);
    return read;
  };
  let amount = ZERO;
  let codedFen = ZERO;
  let totalFen = ZERO;
  for (const entry of leftOver(figures)) {
    const sign = signOf(entry.kind, side);
    if (sign === 0 || !inScope(scope, entry)) continue;
    const { wanted, decided } = reading(entry.economic);
    const size = Math.abs(entry.fen);
    if (wanted) amount = fen(amount + sign * entry.fen);
    if (decided) codedFen = fen(codedFen + size);
    totalFen = fen(totalFen + size);
  }
  return { fen: amount, coverage: { codedFen, totalFen } };
}

type Entry = Pick<Figure, 'line' | 'fund' | 'expenditure' | 'kind' | 'economic'> & { fen: Fen };
const entriesOf = new WeakMap<readonly Figure[], readonly Entry[]>();

/** What is left by line, kind and code: an uncoded booking that was taken back is no gap. One walk serves all formulas. */
function leftOver(figures: readonly Figure[]): readonly Entry[] {
  const before = entriesOf.get(figures);
  if (before) return before;
  const entries = new Map<string, Entry>();
  for (const { line, fund, expenditure, kind, economic, fen: amount } of figures) {
    const key = `${kind} ${economic} ${line}`;
    const entry = entries.get(key);
    if (entry) entry.fen = fen(entry.fen + amount);
    else entries.set(key, { line, fund, expenditure, kind, economic, fen: amount });
  }
  const left = [...entries.values()];
  entriesOf.set(figures, left);
  return left;
}

/** The figure, or NOT_COMPUTABLE with the coverage when any amount lacks a code that decides. */
export const ifAllCoded = (coverage: Coverage, compute: () => MetricResult): MetricResult =>
  coverage.codedFen === coverage.totalFen ? compute() : { status: 'NOT_COMPUTABLE', reason: 'NOT_ALL_CODED', coverage };

/** Coverage of two sides together. */
export const both = (a: Coverage, b: Coverage): Coverage => ({
  codedFen: fen(a.codedFen + b.codedFen),
  totalFen: fen(a.totalFen + b.totalFen),
});
