/** The commands of one form as one: decided one after another, stored together or not at all. */
import { accept, type Decider } from '#domain/decider.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import { decide, performanceDecider } from '#domain/performance/decide.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import { evolve } from '#domain/performance/evolve.js';
import type { PerformanceRejection } from '#domain/performance/rejections.js';
import type { PerformanceState } from '#domain/performance/state.js';

export interface BookForm {
  readonly type: 'BookForm';
  readonly commands: readonly PerformanceCommand[];
}

type FormDecider = Decider<PerformanceState, BookForm, PerformanceEvent, PerformanceRejection>;

/** The performance table's own rules and events. The first command that is refused refuses the form. */
export const formDecider = (year: number): FormDecider => ({
  ...performanceDecider(year),
  decide: ({ commands }, state) => {
    let table = structuredClone(state);
    const events: PerformanceEvent[] = [];
    for (const command of commands) {
      const decision = decide(command, table);
      if (!decision.accepted) return decision;
      for (const event of decision.events) table = evolve(table, event);
      events.push(...decision.events);
    }
    return accept(...events);
  },
});
