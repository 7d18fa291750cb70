/**
 * The books of one unit and year straight from its events: no database, no projection. What the read side answers is
 * compared with this.
 */
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { Effect } from '#domain/budget/effects.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import { currentBudget, noTotals, type BudgetState } from '#domain/budget/state.js';
import { lastDayOf, type CivilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { plannedToDate, type Plan } from '#domain/metrics/planned.js';
import type { Figure, Picture, Planned } from '#domain/metrics/quantities.js';
import { fen } from '#domain/money.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { Indicator } from '#domain/performance/events.js';
import { fold } from '#domain/decider.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import { approvedTargets } from '#domain/performance/state.js';

/** A question about one unit and year. Without `knownAt` (UTC ms) everything recorded counts. */
export interface Question {
  readonly unit: string;
  readonly year: number;
  readonly asOf: CivilDate;
  readonly knownAt?: number;
}

/** A money effect with the event behind it. */
export interface Entry {
  readonly event: Envelope;
  readonly effect: Effect;
}

interface Books {
  readonly state: BudgetState;
  /** Effects dated up to `asOf`, in the order recorded. */
  readonly entries: readonly Entry[];
  readonly plans: ReadonlyMap<string, readonly Plan[]>;
}

export function booksOf(events: readonly Envelope[], { unit, year, asOf, knownAt = Infinity }: Question): Books {
  const { initialState, upcast } = budgetDecider(unit, year);
  const state = initialState();
  const entries: Entry[] = [];
  const plans = new Map<string, Plan[]>();
  const known = events.filter(({ stream, recordedAt }) => stream === budgetStream(unit, year) && recordedAt <= knownAt);
  for (const event of known) {
    const current = { ...event, data: upcast(event.type, event.version, event.data) } as Envelope & BudgetEvent;
    const effects = apply(state, current);
    if (event.effectiveDate <= asOf) entries.push(...effects.map((effect) => ({ event, effect })));
    notePlan(plans, current);
  }
  return { state, entries, plans };
}

function notePlan(plans: Map<string, Plan[]>, event: BudgetEvent): void {
  const { effectiveDate, type, data } = event;
  const note = (line: string, plan: Plan) => plans.set(line, [...(plans.get(line) ?? []), plan]);
  if (type === 'BudgetLineApproved') {
    const { line, halfYearPlanFen } = data;
    note(line, { kind: 'approved', effectiveDate, ...(halfYearPlanFen === undefined ? {} : { halfYearPlanFen }) });
  }
  if (type === 'PaymentPlanSet') note(data.line, { kind: 'monthly', effectiveDate, cumulativeFen: data.cumulativeFen });
  if (type === 'BudgetApprovalWithdrawn') {
    for (const line of plans.keys()) note(line, { kind: 'withdrawn', effectiveDate });
  }
}

/** All that the formulas look at, last year included when it is in the ledger. */
export function pictureOf(events: readonly Envelope[], question: Question): Picture {
  const { year, asOf } = question;
  const { state, entries, plans } = booksOf(events, question);
  const before = booksOf(events, { ...question, year: year - 1, asOf: lastDayOf(year - 1) });
  const figures = figuresOf(state, entries);
  return {
    year,
    asOf,
    figures,
    planned: plannedOf(state, figures, plans, question),
    ...(before.state.lines.size === 0 ? {} : { priorYear: figuresOf(before.state, before.entries) }),
  };
}

const figuresOf = (state: BudgetState, entries: readonly Entry[]): Figure[] =>
  entries.map(({ effect }) => {
    const { line, kind, fen: amount, economic, facet, originYear } = effect;
    const { fund, expenditure } = lineOf(state, line);
    return {
      ...{ line, fund, expenditure, kind, fen: amount, economic },
      ...(facet === undefined ? {} : { facet }),
      ...(originYear === undefined ? {} : { originYear }),
    };
  });

function plannedOf(
  state: BudgetState,
  figures: readonly Figure[],
  plans: ReadonlyMap<string, readonly Plan[]>,
  { year, asOf }: Question,
): Planned[] {
  return [...state.lines].flatMap(([line, { fund, expenditure, live }]) => {
    if (!live) return [];
    const totals = noTotals();
    for (const figure of figures) {
      if (figure.line === line) totals[figure.kind] = fen(totals[figure.kind] + figure.fen);
    }
    const at = { year, asOf, currentFen: currentBudget(totals) };
    return [{ line, fund, expenditure, ...plannedToDate(plans.get(line) ?? [], at) }];
  });
}

function lineOf(state: BudgetState, id: string) {
  const line = state.lines.get(id);
  if (line === undefined) throw new Error(`an effect names line ${id}, which does not exist`);
  return line;
}

/** Indicators with their targets, as known. */
export function targetsOf(
  events: readonly Envelope[],
  { unit, year, knownAt = Infinity }: Question,
): readonly Indicator[] {
  const known = events.filter(
    ({ stream, recordedAt }) => stream === performanceStream(unit, year) && recordedAt <= knownAt,
  );
  return approvedTargets(fold(performanceDecider(year), known as unknown as PerformanceEvent[]))?.indicators ?? [];
}
