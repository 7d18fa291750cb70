/**
 * The shape of every aggregate: pure functions over data. `decide` never changes the state; `evolve` may change the state
 * it is given, which its caller owns alone (copying maps per event is quadratic on long streams).
 */
import type { DomainEvent } from '#domain/envelope.js';

/** A rule's no: a code and the facts behind it, no prose. */
export interface Rejection {
  readonly code: string;
}

export type Decision<Event, No extends Rejection> =
  { readonly accepted: true; readonly events: readonly Event[] } | { readonly accepted: false; readonly rejection: No };

export interface Decider<State, Command, Event extends DomainEvent, No extends Rejection> {
  readonly initialState: () => State;
  /** Never refuses. Throws on an event that cannot follow: the log is damaged or the code is wrong. */
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (command: Command, state: State) => Decision<Event, No>;
  /** Current version of each event type, written with new events. */
  readonly versions: Readonly<Record<Event['type'], number>>;
  /** Brings the data of a stored event up to the current version. */
  readonly upcast: (type: string, version: number, data: unknown) => unknown;
}

export const accept = <Event>(...events: Event[]): { accepted: true; events: readonly Event[] } => ({
  accepted: true,
  events,
});

export const reject = <No extends Rejection>(rejection: No): { accepted: false; rejection: No } => ({
  accepted: false,
  rejection,
});

/** The state after `events`, from the initial state. */
export function fold<State, Command, Event extends DomainEvent, No extends Rejection>(
  decider: Decider<State, Command, Event, No>,
  events: Iterable<Event>,
  from: State = decider.initialState(),
): State {
  let state = from;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
