/**
 * Planned and actual curves of a year: P, X and B at one date after another, each as the picture of that date would give
 * it. SQL groups the money effects by date once; they are added up here from point to point.
 */
import type { CivilDate } from '#domain/calendar.js';
import { executionRate } from '#domain/metrics/execution-rate.js';
import { BUDGET_KINDS } from '#domain/metrics/metric.js';
import { type Plan, plannedOn, standingPlans } from '#domain/metrics/planned.js';
import { ALL, type Figure, inScope, type OfLine, quantities, type Scope } from '#domain/metrics/quantities.js';
import type { MetricResult } from '#domain/metrics/result.js';
import { type Fen, ZERO, fen } from '#domain/money.js';

/** What points are made of: the budget and what is paid. */
export const SERIES_KINDS = ['paid', ...BUDGET_KINDS] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** A sum of effects of one line, fund and kind; `on` is their date, or the last date of the span that they lie in. */
export type Movement = OfLine & { readonly kind: SeriesKind; readonly on: CivilDate; readonly fen: Fen };

/** What was recorded of a line: `withdrawn` when it went with its approval. */
export type Definition = OfLine & { readonly effectiveDate: CivilDate; readonly withdrawn: boolean };

export interface SeriesInputs {
  readonly year: number;
  /** The last date with actual figures. */
  readonly asOf: CivilDate;
  /** Dates of the points, ascending. No span of `movements` reaches over one of those up to `asOf`. */
  readonly dates: readonly CivilDate[];
  readonly scope: Scope;
  /** Of all lines wanted, whatever their scope, up to `asOf`. */
  readonly movements: readonly Movement[];
  /** Of each line wanted, in the order recorded. */
  readonly definitions: ReadonlyMap<string, readonly Definition[]>;
  /** All dated by `asOf`, in the order recorded. */
  readonly plans: ReadonlyMap<string, readonly Plan[]>;
}

/** Fen, cumulative. */
export interface SeriesPoint {
  readonly on: CivilDate;
  readonly planned: Fen;
  /** Some of P rests on a line without a half-year value. */
  readonly plannedAssumed: boolean;
  /** Absent after `asOf`: then there is only the plan, as it stands on that date. */
  readonly actual?: { readonly current: Fen; readonly paid: Fen; readonly executionRate: MetricResult };
}

/** One point a date. Throws a RangeError for a date outside the year or a sum outside the exact range. Source: rule book 2.1. */
export function series(inputs: SeriesInputs): readonly SeriesPoint[] {
  const { asOf, dates, scope } = inputs;
  const movements = [...inputs.movements].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const sums = new RunningSums(scope);
  let next = 0;
  return dates.map((on): SeriesPoint => {
    for (let movement = movements[next]; movement && movement.on <= on; movement = movements[(next += 1)]) {
      sums.count(movement);
    }
    const planned = plannedIn(inputs, on, sums);
    return on > asOf ? { on, ...planned } : { on, ...planned, actual: sums.actual(inputs.year, on) };
  });
}

/** B of every line, and the sums by kind of what a scope selects. */
class RunningSums {
  readonly #budgets = new Map<string, Fen>();
  readonly #kinds = new Map<SeriesKind, Fen>(SERIES_KINDS.map((kind) => [kind, ZERO]));

  constructor(private readonly scope: Scope) {}

  count(movement: Movement): void {
    const { line, kind, fen: amount } = movement;
    if (kind !== 'paid') this.#budgets.set(line, fen(this.budgetOf(line) + BUDGET_SIGNS[kind] * amount));
    if (inScope(this.scope, movement)) this.#kinds.set(kind, fen((this.#kinds.get(kind) ?? 0) + amount));
  }

  budgetOf(line: string): Fen {
    return this.#budgets.get(line) ?? ZERO;
  }

  actual(year: number, asOf: CivilDate): NonNullable<SeriesPoint['actual']> {
    const figures = [...this.#kinds].map(([kind, amount]): Figure => ({ ...SCOPE_AS_LINE, kind, fen: amount }));
    const { current, paid } = quantities({ figures, planned: [] }, ALL);
    const executed = executionRate.compute({ year, asOf, figures, planned: [] }, ALL);
    return { current, paid, executionRate: executed };
  }
}

/** How a kind moves B. */
const BUDGET_SIGNS = {
  original: 1,
  'carry-over-in': 1,
  added: 1,
  cut: -1,
  'transferred-in': 1,
  'transferred-out': -1,
} as const satisfies Record<(typeof BUDGET_KINDS)[number], 1 | -1>;

/** The sums of a scope go into the formula as those of one line; its ratio asks for no other. */
const SCOPE_AS_LINE = { line: '', fund: 'other', expenditure: 'project', economic: '' } as const;

/** Σ P of the lines in scope; after `asOf` by the plan and the budget of that date. */
function plannedIn(inputs: SeriesInputs, on: CivilDate, sums: RunningSums): Omit<SeriesPoint, 'on' | 'actual'> {
  const { year, asOf, scope, definitions, plans } = inputs;
  const seenOn = on > asOf ? asOf : on;
  const plannedOf = plannedOn(year, on);
  let planned = ZERO;
  let plannedAssumed = false;
  for (const [line, defined] of definitions) {
    const definition = definitionOn(defined, seenOn);
    if (definition === undefined || !inScope(scope, definition)) continue;
    const known = (plans.get(line) ?? []).filter(({ effectiveDate }) => effectiveDate <= seenOn);
    const ofLine = plannedOf(standingPlans(known), sums.budgetOf(line));
    planned = fen(planned + ofLine.fen);
    plannedAssumed ||= ofLine.assumed && ofLine.fen !== 0;
  }
  return { planned, plannedAssumed };
}

/** The last recorded of those dated by then; of a line that begins later, as first defined; none of one withdrawn. */
function definitionOn(recorded: readonly Definition[], on: CivilDate): Definition | undefined {
  const last = recorded.findLast(({ effectiveDate }) => effectiveDate <= on);
  if (last !== undefined) return last.withdrawn ? undefined : last;
  return recorded.reduce<Definition | undefined>(
    (first, definition) => (first === undefined || definition.effectiveDate < first.effectiveDate ? definition : first),
    undefined,
  );
}
