/**
 * Base quantities of rule book 2.1 in a scope. SQL (or a fold of the log) only sums money effects into `Figure`s; what a
 * scope selects and what the sums mean is decided here, so that every reader of the ledger counts alike.
 */
import type { CivilDate } from '#domain/calendar.js';
import { EFFECT_KINDS, type Effect, type EffectKind, type Facet } from '#domain/budget/effects.js';
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import { type Fen, ZERO, fen } from '#domain/money.js';

/** Fund natures are sorted; `'all'` is not the list of all. Scope is never implied (rule book 1.5). */
export interface Scope {
  readonly funds: 'all' | readonly FundNature[];
  readonly expenditure: 'all' | Expenditure;
}

export const ALL: Scope = { funds: 'all', expenditure: 'all' };

interface OfLine {
  readonly line: string;
  readonly fund: FundNature;
  readonly expenditure: Expenditure;
}

/** A sum of money effects that share everything but their dates and papers. */
export type Figure = OfLine & Pick<Effect, 'kind' | 'fen' | 'economic' | 'facet' | 'originYear'>;

/** P(t) of one line. `assumed`: no half-year value was given, the plan is time-proportional (rule book 13, 8). */
export type Planned = OfLine & { readonly fen: Fen; readonly assumed: boolean };

/** All that the formulas may look at: one unit and year, as of a date, as known at a moment. */
export interface Picture {
  readonly year: number;
  readonly asOf: CivilDate;
  readonly figures: readonly Figure[];
  readonly planned: readonly Planned[];
  /** Figures of the same unit at 31 December of the year before, when that year is in the ledger. */
  readonly priorYear?: readonly Figure[];
}

export const inScope = (scope: Scope, line: Pick<OfLine, 'fund' | 'expenditure'>): boolean =>
  (scope.funds === 'all' || scope.funds.includes(line.fund)) &&
  (scope.expenditure === 'all' || scope.expenditure === line.expenditure);

/** Equal for scopes that select the same way, whatever the order in which the fund natures were named. */
export const scopeKey = (scope: Scope): string =>
  `${scope.funds === 'all' ? 'all' : [...new Set(scope.funds)].sort().join('+')}/${scope.expenditure}`;

/** Amounts of adjustments, each transfer once, without the direction in which they moved the budget. */
export interface Adjusted {
  readonly added: Fen;
  readonly cut: Fen;
  readonly transferred: Fen;
}

/** The symbols of rule book 2.1 in fen, at one date, for one scope or one line. */
export interface Quantities {
  /** B0 年初批复数. */
  readonly original: Fen;
  /** C0 上年结转. */
  readonly carryOverIn: Fen;
  /** A+ 追加. */
  readonly added: Fen;
  /** A− 追减, a positive amount. */
  readonly cut: Fen;
  readonly transferredIn: Fen;
  readonly transferredOut: Fen;
  /** B(t) 变动后预算数 = B0 + C0 + A+ − A− + in − out. Never lowered by a take-back (rule book 2.3, 5). */
  readonly current: Fen;
  readonly frozen: Fen;
  readonly requested: Fen;
  /** X(t) 执行数, net of returns of the year. */
  readonly paid: Fen;
  readonly takenBack: Fen;
  /** B − taken back − frozen − requested − X; negative when overdrawn. */
  readonly available: Fen;
  /** P(t) 计划执行数, the sum of the lines. */
  readonly planned: Fen;
  /** Some of P(t) rests on a line without a half-year value (rule book 13, 8). */
  readonly plannedAssumed: boolean;
  /** T 调剂: each transfer once if either line is in the scope (rule book 2.3, 1). */
  readonly transferred: Fen;
  /** What of A+, A− and T is exempt: national policy, force majeure or a superior's task, documented. */
  readonly exempt: Adjusted;
  /** What of T is neither exempt nor structural. */
  readonly notStructural: Fen;
}

export type LineQuantities = OfLine & Quantities;

/** Base quantities of a scope. Throws a RangeError if a sum leaves the exact range. Source: rule book 2.1. */
export function quantities(picture: Pick<Picture, 'figures' | 'planned'>, scope: Scope): Quantities {
  // Both ends of a transfer have the same fund nature, so a scope holds one end only if it splits basic from project.
  // Then the money that came in from the other side has no outgoing row here and counts by its incoming one.
  const countsIncoming = (facet: Facet | undefined) => scope.expenditure !== 'all' && facet?.crossing === true;
  return total(
    picture.figures.filter((figure) => inScope(scope, figure)),
    picture.planned.filter((planned) => inScope(scope, planned)),
    countsIncoming,
  );
}

/** The same quantities of every line, by line id in code order. A line is never at both ends of one transfer. */
export function lineQuantities(picture: Pick<Picture, 'figures' | 'planned'>): ReadonlyMap<string, LineQuantities> {
  const lines = new Map<string, { of: OfLine; figures: Figure[]; planned: Planned[] }>();
  const entry = ({ line, fund, expenditure }: OfLine) => {
    const known = lines.get(line) ?? { of: { line, fund, expenditure }, figures: [], planned: [] };
    lines.set(line, known);
    return known;
  };
  for (const figure of picture.figures) entry(figure).figures.push(figure);
  for (const planned of picture.planned) entry(planned).planned.push(planned);
  return new Map(
    [...lines]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([line, { of, figures, planned }]) => [line, { ...of, ...total(figures, planned, () => true) }]),
  );
}

const ADJUSTED = {
  added: 'added',
  cut: 'cut',
  'transferred-in': 'transferred',
  'transferred-out': 'transferred',
} as const;

function total(
  figures: Iterable<Figure>,
  planned: Iterable<Planned>,
  countsIncoming: (facet: Facet | undefined) => boolean,
): Quantities {
  const by = Object.fromEntries(EFFECT_KINDS.map((kind) => [kind, ZERO])) as Record<EffectKind, Fen>;
  const exempt = { added: ZERO, cut: ZERO, transferred: ZERO };
  let transferred = ZERO;
  let notStructural = ZERO;
  for (const { kind, fen: amount, facet } of figures) {
    by[kind] = fen(by[kind] + amount);
    if (kind !== 'added' && kind !== 'cut' && kind !== 'transferred-in' && kind !== 'transferred-out') continue;
    if (kind === 'transferred-in' && !countsIncoming(facet)) continue;
    const side = ADJUSTED[kind];
    if (side === 'transferred') transferred = fen(transferred + amount);
    if (facet?.exempt) exempt[side] = fen(exempt[side] + amount);
    else if (side === 'transferred' && facet?.structural === false) notStructural = fen(notStructural + amount);
  }
  let plannedFen = ZERO;
  let plannedAssumed = false;
  for (const plan of planned) {
    plannedFen = fen(plannedFen + plan.fen);
    // A line without money plans 0 whatever is assumed.
    plannedAssumed ||= plan.assumed && plan.fen !== 0;
  }
  const current = fen(
    by.original + by['carry-over-in'] + by.added - by.cut + by['transferred-in'] - by['transferred-out'],
  );
  return {
    original: by.original,
    carryOverIn: by['carry-over-in'],
    added: by.added,
    cut: by.cut,
    transferredIn: by['transferred-in'],
    transferredOut: by['transferred-out'],
    current,
    frozen: by.frozen,
    requested: by.requested,
    paid: by.paid,
    takenBack: by['taken-back'],
    available: fen(current - by['taken-back'] - by.frozen - by.requested - by.paid),
    planned: plannedFen,
    plannedAssumed,
    transferred,
    exempt,
    notStructural,
  };
}
