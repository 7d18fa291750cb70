/**
 * The books of one unit and year straight from its events, as of a date: no database and no projection. What is sealed is
 * worked out here, so that it rests on the log alone and can be worked out again from the same events.
 */
import type { Effect } from '#domain/budget/effects.js';
import type { BudgetEvent, Expenditure, FundNature } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import { emptyBudget, type BudgetState, type LineState } from '#domain/budget/state.js';
import type { CivilDate } from '#domain/calendar.js';
import { lineCourse, type Course } from '#domain/metrics/course.js';
import { plannedToDate, type Plan } from '#domain/metrics/planned.js';
import { lineQuantities, type Figure, type Picture } from '#domain/metrics/quantities.js';
import { ZERO, fen, type Fen } from '#domain/money.js';

/** One unit and year, as of a date. */
export interface BooksOf {
  readonly unit: string;
  readonly year: number;
  readonly asOf: CivilDate;
}

export interface BookLine {
  readonly line: string;
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
}

/** Belongs to whoever enters events: `enter` changes it in place. */
export interface Books extends BooksOf {
  readonly state: BudgetState;
  /** Sums of the money effects dated by `asOf`, by what a figure says besides its amount. */
  readonly sums: Map<string, { readonly of: Omit<Figure, 'fen'>; fen: Fen }>;
  readonly lines: Map<string, LineStory>;
  /** Plans dated by `asOf`, in the order recorded. */
  readonly plans: Map<string, readonly Plan[]>;
  /** Net payments dated by `asOf`, by line and date. */
  readonly paid: Map<string, Map<CivilDate, Fen>>;
  /** Whether an approval is in force on `asOf`. */
  approved: boolean;
}

interface Definition extends BookLine {
  readonly effectiveDate: CivilDate;
  readonly withdrawn: boolean;
}

interface LineStory {
  /** By date, then by order: what a line is called that has figures before it begins. */
  first: Definition;
  /** The last one recorded that is dated by `asOf`. */
  inForce: Definition | undefined;
}

export const openBooks = (of: BooksOf): Books => ({
  ...of,
  state: emptyBudget(of.unit, of.year),
  sums: new Map(),
  lines: new Map(),
  plans: new Map(),
  paid: new Map(),
  approved: false,
});

/** The books after one more event of their stream. Throws on an event that cannot follow: the log is damaged. */
export function enter(books: Books, event: BudgetEvent): Books {
  const { state, asOf } = books;
  const withdrawn =
    event.type === 'BudgetApprovalWithdrawn' ? new Set(state.approval?.effects.map(({ line }) => line)) : [];
  const effects = apply(state, event);
  if (event.effectiveDate <= asOf) {
    for (const effect of effects) {
      count(books, effect);
      if (effect.kind === 'paid') notePaid(books, effect, event.effectiveDate);
    }
    noteApproval(books, event);
  }
  noteLines(books, event, withdrawn);
  return books;
}

function count({ state, sums }: Books, { line, kind, fen: amount, economic, facet, originYear }: Effect): void {
  const { fund, expenditure } = lineOf(state, line);
  const { exempt, structural, crossing } = facet ?? {};
  const key = [line, fund, expenditure, kind, economic, exempt, structural, crossing, originYear].join('\n');
  const sum = sums.get(key);
  if (sum !== undefined) {
    sum.fen = fen(sum.fen + amount);
    return;
  }
  const named = {
    ...(facet === undefined ? {} : { facet }),
    ...(originYear === undefined ? {} : { originYear }),
  };
  sums.set(key, { of: { line, fund, expenditure, kind, economic, ...named }, fen: amount });
}

function notePaid({ paid }: Books, { line, fen: amount }: Effect, on: CivilDate): void {
  const byDate = paid.get(line) ?? new Map<CivilDate, Fen>();
  byDate.set(on, fen((byDate.get(on) ?? 0) + amount));
  paid.set(line, byDate);
}

function noteApproval(books: Books, { type }: BudgetEvent): void {
  if (type === 'BudgetApproved') books.approved = true;
  if (type === 'BudgetApprovalWithdrawn') books.approved = false;
}

/** What an event says of lines and plans. A withdrawal concerns all lines of its approval. */
function noteLines(books: Books, event: BudgetEvent, withdrawn: Iterable<string>): void {
  const { effectiveDate } = event;
  switch (event.type) {
    case 'BudgetLineOpened':
    case 'BudgetLineReclassified':
      define(books, event.data.line, effectiveDate);
      return;
    case 'BudgetLineApproved': {
      const { line, halfYearPlanFen } = event.data;
      define(books, line, effectiveDate);
      return notePlan(books, line, {
        kind: 'approved',
        effectiveDate,
        ...(halfYearPlanFen === undefined ? {} : { halfYearPlanFen }),
      });
    }
    case 'PaymentPlanSet':
      return notePlan(books, event.data.line, {
        kind: 'monthly',
        effectiveDate,
        cumulativeFen: event.data.cumulativeFen,
      });
    case 'BudgetApprovalWithdrawn':
      for (const line of withdrawn) {
        if (!lineOf(books.state, line).live) define(books, line, effectiveDate);
        notePlan(books, line, { kind: 'withdrawn', effectiveDate });
      }
      return;
    default:
  }
}

function define({ state, lines, asOf }: Books, line: string, effectiveDate: CivilDate): void {
  const { name, expenditure, fund, live } = lineOf(state, line);
  const definition = { line, name, expenditure, fund, effectiveDate, withdrawn: !live };
  const story = lines.get(line) ?? { first: definition, inForce: undefined };
  if (effectiveDate < story.first.effectiveDate) story.first = definition;
  if (effectiveDate <= asOf) story.inForce = definition;
  lines.set(line, story);
}

/** A withdrawal ends the plans recorded before it; those recorded after it stand, even when they bear an earlier date. */
function notePlan({ plans, asOf }: Books, line: string, plan: Plan): void {
  if (plan.effectiveDate > asOf) return;
  const known = plans.get(line) ?? [];
  const stands = plan.kind !== 'withdrawn' && known.at(-1)?.kind !== 'withdrawn';
  plans.set(line, stands ? [...known, plan] : [plan]);
}

function lineOf(state: BudgetState, id: string): LineState {
  const line = state.lines.get(id);
  if (line === undefined) throw new Error(`an effect names line ${id}, which does not exist`);
  return line;
}

/** One figure for each sum that is not 0, ordered by what it is a sum of. */
export const figuresOf = ({ sums }: Books): readonly Figure[] =>
  [...sums]
    .filter(([, { fen: amount }]) => amount !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { of, fen: amount }]) => ({ ...of, fen: amount }));

/** Lines by id, without those whose approval was withdrawn. A line that begins later is there as first defined. */
export const linesOf = ({ lines }: Books): readonly BookLine[] =>
  [...lines.values()]
    .filter(({ inForce }) => inForce?.withdrawn !== true)
    .map(({ first, inForce }) => inForce ?? first)
    .sort((a, b) => (a.line < b.line ? -1 : 1))
    .map(({ line, name, expenditure, fund }) => ({ line, name, expenditure, fund }));

/** All that the formulas look at. `before`: the books of the year before at its end, when that year is in the ledger. */
export function pictureOf(books: Books, before?: Books): Picture {
  const { year, asOf, plans } = books;
  const figures = figuresOf(books);
  const quantities = lineQuantities({ figures, planned: [] });
  const planned = linesOf(books).map(({ line, fund, expenditure }) => {
    const currentFen = quantities.get(line)?.current ?? ZERO;
    return { line, fund, expenditure, ...plannedToDate(plans.get(line) ?? [], { year, asOf, currentFen }) };
  });
  const known = before !== undefined && before.lines.size > 0;
  return { year, asOf, figures, planned, ...(known ? { priorYear: figuresOf(before) } : {}) };
}

/** The payments of each line against its plans, as courses of the year. */
export function coursesOf(books: Books): ReadonlyMap<string, Course> {
  const sums = lineQuantities({ figures: figuresOf(books), planned: [] });
  return new Map(
    linesOf(books).flatMap(({ line }): readonly (readonly [string, Course])[] => {
      const currentFen = sums.get(line)?.current;
      if (currentFen === undefined) return [];
      const paid = [...(books.paid.get(line) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const course = lineCourse({
        year: books.year,
        currentFen,
        plans: books.plans.get(line) ?? [],
        paid: paid.map(([on, amount]) => ({ on, fen: amount })),
      });
      return [[line, course]];
    }),
  );
}
