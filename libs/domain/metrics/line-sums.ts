/** Money effects added up by line: what every quantity of a scope is put together from. */
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import type { Figure, OfLine } from '#domain/metrics/quantities.js';
import { type Fen, ZERO, fen } from '#domain/money.js';

/** Transfers as one end of them shows: leaving, entering across basic and project, entering otherwise. */
export type End = 'out' | 'crossingIn' | 'otherIn';
export interface Transfers {
  amount: Fen;
  exempt: Fen;
  notStructural: Fen;
}

export interface LineSums {
  readonly of: OfLine;
  readonly by: Record<EffectKind, Fen>;
  readonly exempt: { added: Fen; cut: Fen };
  readonly transfers: Record<End, Transfers>;
}

// Every formula of a report asks for the sums of the same figures, in several scopes: one walk over them serves all.
const known = new WeakMap<readonly Figure[], ReadonlyMap<string, LineSums>>();

/** Sums of the money effects of every line, by line id, in fen. Throws a RangeError if one leaves the exact range. */
export function lineSums(figures: readonly Figure[]): ReadonlyMap<string, LineSums> {
  const before = known.get(figures);
  if (before) return before;
  const lines = new Map<string, LineSums>();
  for (const figure of figures) {
    let sums = lines.get(figure.line);
    if (sums === undefined) lines.set(figure.line, (sums = emptySums(figure)));
    count(sums, figure);
  }
  known.set(figures, lines);
  return lines;
}

function count({ by, exempt, transfers }: LineSums, { kind, fen: amount, facet }: Figure): void {
  by[kind] = fen(by[kind] + amount);
  if (kind === 'added' || kind === 'cut') {
    if (facet?.exempt) exempt[kind] = fen(exempt[kind] + amount);
  } else if (kind === 'transferred-out' || kind === 'transferred-in') {
    const end = kind === 'transferred-out' ? transfers.out : facet?.crossing ? transfers.crossingIn : transfers.otherIn;
    end.amount = fen(end.amount + amount);
    if (facet?.exempt) end.exempt = fen(end.exempt + amount);
    else if (facet?.structural === false) end.notStructural = fen(end.notStructural + amount);
  }
}

const noTransfers = (): Transfers => ({ amount: ZERO, exempt: ZERO, notStructural: ZERO });
const emptySums = ({ line, fund, expenditure }: OfLine): LineSums => ({
  of: { line, fund, expenditure },
  by: Object.fromEntries(EFFECT_KINDS.map((kind) => [kind, ZERO])) as Record<EffectKind, Fen>,
  exempt: { added: ZERO, cut: ZERO },
  transfers: { out: noTransfers(), crossingIn: noTransfers(), otherIn: noTransfers() },
});
