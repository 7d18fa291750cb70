/**
 * What the read models must answer, from the log alone: every event is folded, its money effects are kept with both dates, and a
 * question filters and sums them. No SQL, no balances, no rows.
 */
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import type { BudgetState } from '#domain/budget/state.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import type { Figure } from '#domain/metrics/quantities.js';

/** One money effect: when it counts, at which place it became known, and what it adds to which figure. */
export interface FoldedEffect {
  readonly on: string;
  readonly place: number;
  readonly figure: string;
  readonly fen: number;
}

/** A figure without its amount, the same for figures that are the same. */
export function figureText({
  line,
  kind,
  economic,
  fund,
  expenditure,
  originYear,
  facet,
}: Omit<Figure, 'fen'>): string {
  const counted = facet === undefined ? '' : `${facet.exempt} ${facet.structural} ${facet.crossing}`;
  return `${line} ${kind} (${economic}, ${fund}, ${expenditure}, ${originYear ?? 'any'}, ${counted})`;
}

/** Figures as text, in the order of the text. */
export const answerText = (found: readonly Figure[]): string[] =>
  found.map((figure) => `${figureText(figure)} ${figure.fen}`).sort();

/** Every effect of a unit's events in 2024, and the state that they leave. */
export function foldOf(events: readonly Envelope[], unit: string): { effects: FoldedEffect[]; state: BudgetState } {
  const state = budgetDecider(unit, 2024).initialState();
  const own = events.filter(({ stream }) => stream === budgetStream(unit, 2024));
  const effects = own.flatMap((envelope) =>
    apply(state, envelope as unknown as BudgetEvent).map((effect) => {
      const { fund, expenditure } = state.lines.get(effect.line)!;
      const place = Number(envelope.position);
      return {
        on: envelope.effectiveDate,
        place,
        figure: figureText({ ...effect, fund, expenditure }),
        fen: effect.fen,
      };
    }),
  );
  return { effects, state };
}

/** Sums of what is effective by then and known by then, without those that are nothing. */
export function foldedAnswer(effects: readonly FoldedEffect[], asOf: CivilDate, place: number): string[] {
  const sums = new Map<string, number>();
  for (const { on, place: known, figure, fen } of effects)
    if (on <= asOf && known <= place) sums.set(figure, (sums.get(figure) ?? 0) + fen);
  return [...sums]
    .filter(([, fen]) => fen !== 0)
    .map(([figure, fen]) => `${figure} ${fen}`)
    .sort();
}

/** How many events were known at an instant: those before the first that is stamped later. */
export function knownBy(events: readonly Envelope[], instant: number): number {
  const later = events.findIndex(({ recordedAt }) => recordedAt > instant);
  return later < 0 ? events.length : later;
}
