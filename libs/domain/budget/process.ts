/**
 * What an event of one budget causes in another: rules of the process manager, pure. A rule looks at the event and at the
 * state of its stream now, and says what is asked of which budget. Who carries it out is in `#event-store/process/`.
 */
import { carriedLots, carriedOn } from '#domain/budget/carry-forward.js';
import type { BudgetCommand, CarriedLot, Closing } from '#domain/budget/commands.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import type { BudgetState } from '#domain/budget/state.js';

/** Names are stored with what a rule did: never change one. */
export const PROCESS_NAMES = ['carry-forward'] as const;
export type ProcessName = (typeof PROCESS_NAMES)[number];

/** An event at its place, in its current shape. */
export interface Cause {
  readonly unit: string;
  readonly year: number;
  readonly stream: string;
  readonly revision: number;
  readonly event: BudgetEvent;
}

/** Asked of one budget, one command after another; the first that is refused ends it. */
export interface Demand {
  readonly unit: string;
  readonly year: number;
  readonly commands: readonly BudgetCommand[];
}

/** `superseded`: a later event of the same stream has taken the place of this one, and nothing is to be done. */
export type Reaction = { readonly superseded: true } | { readonly superseded: false; readonly demand: Demand };

export interface ProcessRule {
  readonly name: ProcessName;
  /** Types of events that it reacts to. */
  readonly on: readonly BudgetEvent['type'][];
  readonly react: (cause: Cause, now: BudgetState) => Reaction;
  /** What a refusal causes in turn, such as taking back what was the first half; by default it waits for a person. */
  readonly whenRefused?: (cause: Cause, now: BudgetState) => Demand;
}

/** Closes of more lots have their lines opened before: with names and codes they would be beyond one append. */
const LOTS_TOGETHER = 500;

/** A closed year opens the next. While it is reopened, what it had carried over stays: the next closure puts it right. */
const carryForward: ProcessRule = {
  name: 'carry-forward',
  on: ['YearClosed'],
  react: ({ unit, year, stream, revision, event }, now) => {
    if (event.type !== 'YearClosed') throw new Error(`carry-forward does not react to ${event.type}`);
    const { closure, lots } = event.data;
    if (now.closed?.closure !== closure) return { superseded: true };
    const commands = carryCommands(year, { stream, revision, closure }, carriedLots(now, lots));
    return { superseded: false, demand: { unit, year: year + 1, commands } };
  },
};

export function carryCommands(closedYear: number, source: Closing, lots: readonly CarriedLot[]): BudgetCommand[] {
  const effectiveDate = carriedOn(closedYear);
  const parts = lots.length > LOTS_TOGETHER ? Math.ceil(lots.length / LOTS_TOGETHER) : 0;
  const open: BudgetCommand = { type: 'OpenCarriedLines', effectiveDate, source, lots, most: LOTS_TOGETHER };
  return [...Array<BudgetCommand>(parts).fill(open), { type: 'CarryForward', effectiveDate, source, lots }];
}

export const PROCESSES: readonly ProcessRule[] = [carryForward];
