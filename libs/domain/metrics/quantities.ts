/**
 * Base quantities of rule book 2.1 in a scope. SQL (or a fold of the log) only sums money effects into `Figure`s; what a
 * scope selects and what the sums mean is decided here, so that every reader of the ledger counts alike.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { Effect, EffectKind } from '#domain/budget/effects.js';
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import { type Fen, fen, sum } from '#domain/money.js';
import { type End, type LineSums, type Transfers, lineSums } from '#domain/metrics/line-sums.js';

/** Fund natures are sorted; `'all'` is not the list of all. Scope is never implied (rule book 1.5). */
export interface Scope {
  readonly funds: 'all' | readonly FundNature[];
  readonly expenditure: 'all' | Expenditure;
}

export const ALL: Scope = { funds: 'all', expenditure: 'all' };

export interface OfLine {
  readonly line: string;
  readonly fund: FundNature;
  readonly expenditure: Expenditure;
}

/** A sum of money effects that share everything but their dates and papers. */
export type Figure = OfLine & Pick<Effect, 'kind' | 'fen' | 'economic' | 'facet' | 'originYear'>;

/** P(t) of one line. `assumed`: no half-year value was given, the plan is time-proportional (rule book 13, 8). */
export type Planned = OfLine & { readonly fen: Fen; readonly assumed: boolean };

/**
 * All that the formulas may look at: one unit and year, as of a date, as known at a moment. Sums of its lists are kept, so a
 * list is never changed once it is in a picture.
 */
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
  const lines = [...lineSums(picture.figures).values()].filter(({ of }) => inScope(scope, of));
  const planned = picture.planned.filter((plan) => inScope(scope, plan));
  // Both ends of a transfer have the same fund nature, so a scope holds one end only if it splits basic from project.
  // Then the money that came in from the other side has no outgoing row here and counts by its incoming one.
  return total(lines, planned, scope.expenditure === 'all' ? ['out'] : ['out', 'crossingIn']);
}

/** The same quantities of every line, by line id in code order. A line is never at both ends of one transfer. */
export function lineQuantities(picture: Pick<Picture, 'figures' | 'planned'>): ReadonlyMap<string, LineQuantities> {
  const sums = lineSums(picture.figures);
  const planned = new Map<string, Planned[]>();
  for (const plan of picture.planned) planned.set(plan.line, [...(planned.get(plan.line) ?? []), plan]);
  const lines = new Map<string, OfLine>();
  for (const { line, fund, expenditure } of [...picture.planned, ...[...sums.values()].map(({ of }) => of)]) {
    lines.set(line, { line, fund, expenditure });
  }
  return new Map(
    [...lines]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([line, of]) => {
        const own = sums.get(line);
        return [line, { ...of, ...total(own ? [own] : [], planned.get(line) ?? [], ['out', 'crossingIn', 'otherIn']) }];
      }),
  );
}

function total(lines: readonly LineSums[], planned: readonly Planned[], ends: readonly End[]): Quantities {
  const of = (kind: EffectKind) => sum(lines.map(({ by }) => by[kind]));
  const transfers = (what: keyof Transfers) =>
    sum(lines.flatMap((line) => ends.map((end) => line.transfers[end][what])));
  const [original, carryOverIn, added, cut] = [of('original'), of('carry-over-in'), of('added'), of('cut')];
  const [transferredIn, transferredOut] = [of('transferred-in'), of('transferred-out')];
  const [frozen, requested, paid, takenBack] = [of('frozen'), of('requested'), of('paid'), of('taken-back')];
  const current = fen(original + carryOverIn + added - cut + transferredIn - transferredOut);
  return {
    original,
    carryOverIn,
    added,
    cut,
    transferredIn,
    transferredOut,
    current,
    frozen,
    requested,
    paid,
    takenBack,
    available: fen(current - takenBack - frozen - requested - paid),
    planned: sum(planned.map((plan) => plan.fen)),
    // A line without money plans 0 whatever is assumed.
    plannedAssumed: planned.some((plan) => plan.assumed && plan.fen !== 0),
    transferred: transfers('amount'),
    exempt: {
      added: sum(lines.map(({ exempt }) => exempt.added)),
      cut: sum(lines.map(({ exempt }) => exempt.cut)),
      transferred: transfers('exempt'),
    },
    notStructural: transfers('notStructural'),
  };
}
