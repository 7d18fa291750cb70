/** The commands of a file of rows decided without booking: what is wrong with them by row, and what each would add. */
import { setImmediate as turn } from 'node:timers/promises';
import type { BudgetRejection } from '#domain/budget/rejections.js';
import type { Decision } from '#domain/decider.js';
import type { PerformanceRejection } from '#domain/performance/rejections.js';
import { place, WHOLE_FILE } from '#forms/findings.js';
import { faultsOf, rowOf, type EntryRows, type ProblemAt } from './import-plan.js';
import { wordsOf } from './refusals.js';

export interface Trial {
  readonly problems: readonly ProblemAt[];
  /** Rows that each step adds. */
  readonly fresh: readonly number[];
}

/** The decider of the rows' stream. */
export interface Deciding<State, Command, Event> {
  readonly decide: (command: Command, state: State) => Decision<Event, BudgetRejection | PerformanceRejection>;
  readonly evolve: (state: State, event: Event) => State;
  /** Rows of a refused command that are not booked, each entry looked at by itself. */
  readonly freshRows: (state: State, command: Command, entries: EntryRows) => number;
}

/** Decides the commands one after another on `state`, which it changes, as they would be booked. */
export async function tryOut<State, Command, Event>(
  state: State,
  steps: readonly { readonly command: Command; readonly entries: EntryRows }[],
  { decide, evolve, freshRows }: Deciding<State, Command, Event>,
): Promise<Trial> {
  const problems: ProblemAt[] = [];
  const fresh: number[] = [];
  for (const { command, entries } of steps) {
    const decision = decide(command, state);
    if (decision.accepted) {
      for (const event of decision.events) evolve(state, event);
      // One event for each row.
      fresh.push(decision.events.length);
    } else {
      fresh.push(freshRows(state, command, entries));
      for (const fault of faultsOf(decision.rejection)) {
        const row = rowOf(fault.at, entries);
        problems.push({ at: row === undefined ? WHOLE_FILE : place(row), code: fault.code, message: wordsOf(fault) });
      }
    }
    // A file has up to 100,000 rows; others wait for the event loop.
    await turn();
  }
  return { problems, fresh };
}
