/** What a trial would do to every rate: the same report on the same facts, with and without its events. */
import type { DataSource } from 'typeorm';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream, decide } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import { copyOf, type BudgetState } from '#domain/budget/state.js';
import { checkpointDate, type Checkpoint, type CivilDate } from '#domain/calendar.js';
import type { Plan } from '#domain/metrics/planned.js';
import { ALL, scopeKey, type Figure, type Scope } from '#domain/metrics/quantities.js';
import { ratesReport, type Rate } from '#domain/metrics/report.js';
import type { Indicator } from '#domain/performance/events.js';
import type { Handler } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import { Problem } from '#platform/problem.js';
import type { Progress } from '#read-model/projections/progress.js';
import { pictureInputs, pictureOf, type PictureInputs } from '#read-model/queries/picture.js';
import { targets } from '#read-model/queries/performance.js';

export interface RateChange {
  readonly metric: string;
  readonly name: Rate['name'];
  readonly scope: Scope;
  /** Percent with two decimals, null where there is no figure. */
  readonly before: string | null;
  readonly after: string | null;
}

/** At the first checkpoint that the trial's events can change. */
export interface RateEffect {
  readonly asOf: CivilDate;
  readonly checkpoint: Checkpoint;
  readonly rates: readonly RateChange[];
}

/** Works the effect out; injected, because it needs the read models. */
export type DryRunEffect = (unit: string, year: number, command: BudgetCommand) => Promise<RateEffect>;

export interface DryRunParts {
  readonly dataSource: DataSource;
  readonly handler: Handler;
  readonly store: Pick<EventStore, 'read' | 'order'>;
  readonly progress: Pick<Progress, 'waitFor'>;
}

/** How long the read models may take to catch up with the stream that a trial is decided on. */
const PATIENCE_MS = 5_000;
/** How often a trial is worked out again because others wrote meanwhile. */
const TRIES = 5;

/**
 * The command is decided once more, on a copy of the books that nobody else changes, and on figures of the same revision:
 * when the books have moved while the figures were read, all of it is done again.
 */
export const dryRunEffect =
  ({ dataSource, handler, store, progress }: DryRunParts): DryRunEffect =>
  async (unit, year, command) => {
    const stream = budgetStream(unit, year);
    const decider = budgetDecider(unit, year);
    for (let attempt = 1; ; attempt += 1) {
      const loaded = await handler.load(stream, decider);
      const { revision } = loaded;
      const books = copyOf(loaded.state);
      const decision = decide(command, books);
      const events = decision.accepted ? decision.events : [];
      const checkpoint = checkpointOf(year, events);
      const at = { unit, year, asOf: checkpointDate(year, checkpoint) };
      await caughtUp({ store, progress }, stream, revision);
      const [inputs, indicators] = await Promise.all([pictureInputs(dataSource, at), targets(dataSource, at)]);
      const moved = (await handler.load(stream, decider)).revision !== revision;
      if (moved && attempt < TRIES) continue;
      return effectOf(inputs, withEvents(inputs, books, events), { indicators, checkpoint });
    }
  };

/** The first checkpoint that the latest event can change. */
function checkpointOf(year: number, events: readonly BudgetEvent[]): Checkpoint {
  const half = checkpointDate(year, 'half');
  return events.every(({ effectiveDate }) => effectiveDate <= half) ? 'half' : 'annual';
}

async function caughtUp(
  { store, progress }: Pick<DryRunParts, 'store' | 'progress'>,
  stream: string,
  revision: number,
) {
  if (revision < 0) return;
  for await (const { position } of store.read(stream, { from: revision, limit: 1 })) {
    if (await progress.waitFor(store.order(position), PATIENCE_MS)) continue;
    throw new Problem(503, 'READ_MODEL_BEHIND', { detail: 'The figures are not up to date yet. Try again.' });
  }
}

function effectOf(
  before: PictureInputs,
  after: PictureInputs,
  { indicators, checkpoint }: { readonly indicators: readonly Indicator[]; readonly checkpoint: Checkpoint },
): RateEffect {
  const rates = (picture: PictureInputs) => ratesReport(pictureOf(picture), indicators, { checkpoint });
  const earlier = new Map(rates(before).map((rate) => [keyOf(rate), rate.percent]));
  return {
    asOf: before.at.asOf,
    checkpoint,
    rates: rates(after).map((rate) => ({
      metric: rate.metric,
      name: rate.name,
      scope: rate.scope,
      before: earlier.get(keyOf(rate)) ?? null,
      after: rate.percent,
    })),
  };
}

const keyOf = ({ metric, scope, indicator }: Rate): string => `${metric} ${scopeKey(scope ?? ALL)} ${indicator ?? ''}`;

/** The inputs as they would be with these events booked. `books` is changed on the way. */
function withEvents(inputs: PictureInputs, books: BudgetState, events: readonly BudgetEvent[]): PictureInputs {
  const figures: Figure[] = [...inputs.figures];
  const lines = new Map(inputs.lines.map((line) => [line.line, line]));
  const plans = new Map(inputs.plans);
  for (const event of events) {
    const effects = apply(books, event);
    if (event.effectiveDate > inputs.at.asOf) continue;
    for (const { line, kind, fen, economic, facet, originYear } of effects) {
      const { fund, expenditure } = lineOf(books, line);
      const optional = { ...(facet ? { facet } : {}), ...(originYear === undefined ? {} : { originYear }) };
      figures.push({ line, fund, expenditure, kind, fen, economic, ...optional });
    }
    const plan = planOf(event);
    if (plan !== undefined) plans.set(plan.line, [...(plans.get(plan.line) ?? []), plan.plan]);
  }
  for (const [line, { name, fund, expenditure }] of books.lines) {
    if (lines.has(line)) continue;
    lines.set(line, { line, name, fund, expenditure, codes: {}, definedOn: inputs.at.asOf });
  }
  return { ...inputs, figures, plans, lines: [...lines.values()] };
}

function lineOf(books: BudgetState, line: string) {
  const known = books.lines.get(line);
  if (known === undefined) throw new Error(`line ${line} has an effect and is not there`);
  return known;
}

function planOf({
  type,
  effectiveDate,
  data,
}: BudgetEvent): { readonly line: string; readonly plan: Plan } | undefined {
  if (type === 'PaymentPlanSet') {
    return { line: data.line, plan: { kind: 'monthly', effectiveDate, cumulativeFen: data.cumulativeFen } };
  }
  if (type !== 'BudgetLineApproved') return undefined;
  const { line, halfYearPlanFen } = data;
  return {
    line,
    plan: { kind: 'approved', effectiveDate, ...(halfYearPlanFen === undefined ? {} : { halfYearPlanFen }) },
  };
}
