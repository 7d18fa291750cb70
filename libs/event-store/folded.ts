/** A stream folded into its state, with what the handler has to know beside it. */
import type { Decider, Rejection } from '#domain/decider.js';
import type { DomainEvent, Envelope, Position } from '#domain/envelope.js';
import { CommandIndex } from './command-index.js';
import type { EventStore, ExpectedRevision } from './port.js';

/** A decider whose types the caller of the handler knows and the handler need not. */
export type AnyDecider = Decider<unknown, unknown, DomainEvent, Rejection>;

export interface Folded {
  state: unknown;
  /** Of the last event folded in; −1 for none. */
  revision: number;
  /** Of the last event that is surely stored. */
  position: Position | 'start';
  readonly commands: CommandIndex;
  /** Batches for which other processes are still counted on to write to this stream; 0 while it is ours alone. */
  contested: number;
}

/** How long a stream is looked at before every batch after another process was seen to write to it. */
export const CONTESTED_BATCHES = 50;

export const emptyFold = (decider: AnyDecider): Folded => ({
  state: decider.initialState(),
  revision: -1,
  position: 'start',
  commands: new CommandIndex(),
  contested: 0,
});

/** A fold of its own, for when this one is advanced by what may not be stored; states are plain data with maps and sets. */
export const copyOf = (folded: Folded): Folded => ({
  ...folded,
  state: structuredClone(folded.state),
  commands: folded.commands.copy(),
});

export const expectedOf = (folded: Folded): ExpectedRevision => (folded.revision < 0 ? 'none' : folded.revision);

/**
 * Folds in what the stream holds beyond the fold's revision; true if there was anything. Throws when the log is damaged or
 * cannot be read; the fold is useless then.
 */
export async function catchUp(
  store: EventStore,
  stream: string,
  folded: Folded,
  decider: AnyDecider,
): Promise<boolean> {
  const before = folded.revision;
  for await (const event of store.read(stream, { from: before + 1 })) {
    if (event.revision !== folded.revision + 1) {
      throw new Error(`${stream}: revision ${event.revision} follows ${folded.revision}, the log has a gap`);
    }
    try {
      evolve(folded, decider, current(event, decider), event.meta.commandId);
    } catch (cause) {
      throw new Error(`${stream}: the event at revision ${event.revision} cannot be folded`, { cause });
    }
    folded.position = event.position;
  }
  return folded.revision > before;
}

/** Advances the fold by one event, stored or about to be. If it throws, the state may be half changed. */
export function evolve(folded: Folded, decider: AnyDecider, event: DomainEvent, commandId: string): void {
  folded.state = decider.evolve(folded.state, event);
  folded.revision += 1;
  folded.commands.add(commandId, folded.revision);
}

function current(event: Envelope, decider: AnyDecider): DomainEvent {
  if (decider.versions[event.type] === event.version) return event;
  return { ...event, data: decider.upcast(event.type, event.version, event.data) };
}
