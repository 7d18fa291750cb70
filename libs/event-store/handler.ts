/**
 * From a command to stored events: load, look for a repeat, decide, append with the exact revision. Commands of one stream
 * are handled in turn; those that wait are decided one after another on the evolving state and appended together.
 */
import { LRUCache } from 'lru-cache';
import type { Decider, Rejection } from '#domain/decider.js';
import type { DomainEvent, Envelope, EventMeta, Position } from '#domain/envelope.js';
import { toNfc } from './canonical.js';
import type { AnyDecider, Folded } from './folded.js';
import { Lane } from './lane.js';
import { StoreUnavailable, type EventStore, type ExpectedRevision } from './port.js';

export interface HandleContext {
  /** Stored with every event of the command. `commandId` is a UUID; the same one again is the same command. */
  readonly meta: EventMeta;
  /** The revision that the caller saw (`If-Match`); checked after the look for a repeat, before all rules. */
  readonly ifRevision?: ExpectedRevision;
  /** Decide, and write nothing; the command's id is not looked up. */
  readonly dryRun?: boolean;
}

export type Outcome<Event, No extends Rejection> =
  | {
      readonly kind: 'done';
      /** As stored. Empty when the rules found nothing to write, because an equal entry is booked already. */
      readonly events: readonly Envelope[];
      /** True when an earlier call of the same command wrote them. */
      readonly replayed: boolean;
      /** Of the last of these events; without events the stream's last one, −1 and `start` for an empty stream. */
      readonly revision: number;
      readonly position: Position | 'start';
    }
  | { readonly kind: 'rejected'; readonly rejection: No }
  /** The command's id was used for another request. */
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'revision-mismatch'; readonly actual: ExpectedRevision }
  /** What `dryRun` would have written. */
  | { readonly kind: 'trial'; readonly events: readonly Event[] };

export interface Loaded<State> {
  /** Belongs to the handler, which changes it in place: read it before the next `await`, keep nothing of it. */
  readonly state: State;
  /** Of the stream's last event, −1 for an empty stream. */
  readonly revision: number;
  /** Whether the command of that id is stored, so that sending it again only answers what it wrote. */
  readonly knows: (commandId: string) => boolean;
}

export interface Handler {
  /**
   * Decides the command on the stream's current state and stores what was decided, exactly once per `commandId`. Throws
   * `StoreUnavailable` (after `unknown`, the same command may be sent again), `AppendTooLarge`, `WrongRevision` if other
   * processes kept winning, and whatever a faulty decider throws.
   */
  handle<State, Command, Event extends DomainEvent, No extends Rejection>(
    stream: string,
    decider: Decider<State, Command, Event, No>,
    command: Command,
    context: HandleContext,
  ): Promise<Outcome<Event, No>>;

  /** The stream's current state, for reading only. */
  load<State, Command, Event extends DomainEvent, No extends Rejection>(
    stream: string,
    decider: Decider<State, Command, Event, No>,
  ): Promise<Loaded<State>>;
}

/**
 * How appends ended: `stored`; `conflict`, another process came first and it is decided again; `unknown`, nobody knows whether
 * it is stored, and it is repeated or given up; `unavailable`, surely not stored; `too-large` and `failed`, a fault of the
 * command or the program.
 */
export const APPEND_OUTCOMES = ['stored', 'conflict', 'unknown', 'unavailable', 'too-large', 'failed'] as const;
export type AppendOutcome = (typeof APPEND_OUTCOMES)[number];

/** Told of what operators count. It must not throw. */
export interface HandlerObserver {
  /** Each time the store was asked, repeats of an unknown outcome included. */
  readonly appended: (outcome: AppendOutcome) => void;
  /** A command was known already, and was answered with the events that it had written. */
  readonly replayed: () => void;
}

export interface HandlerOptions {
  readonly store: EventStore;
  readonly observer?: HandlerObserver;
  /** Bound on the folded streams kept in memory, by estimate. */
  readonly cacheBytes?: number;
  /** Pauses before an append is repeated while nobody knows whether it was stored; after the last, `StoreUnavailable`. */
  readonly unknownPausesMs?: readonly number[];
}

const UNOBSERVED: HandlerObserver = { appended: () => undefined, replayed: () => undefined };

const CACHE_BYTES = 256 * 1024 * 1024;
const FOLD_BYTES = 4_096;
/** What an event of a budget leaves in its state and in the command index: 530 measured with payments, each a command. */
const BYTES_PER_EVENT = 600;
const MAX_WAITING = 10_000;
const UNKNOWN_PAUSES_MS = [50, 250, 1_000, 2_500];

export function createHandler(options: HandlerOptions): Handler {
  const { store, observer = UNOBSERVED, cacheBytes = CACHE_BYTES, unknownPausesMs = UNKNOWN_PAUSES_MS } = options;
  const folds = new LRUCache<string, Folded>({
    maxSize: cacheBytes,
    // A stream larger than the whole cache is kept all the same: folding it again for every command would be worse.
    sizeCalculation: ({ revision }) => Math.min(cacheBytes, FOLD_BYTES + BYTES_PER_EVENT * (revision + 1)),
  });
  const lanes = new Map<string, Lane>();

  const laneOf = (stream: string): Lane => {
    const lane =
      lanes.get(stream) ??
      new Lane(stream, { store, folds, observer, unknownPausesMs, onIdle: () => lanes.delete(stream) });
    if (lane.waiting >= MAX_WAITING) {
      throw new StoreUnavailable('refused', { cause: new Error(`${MAX_WAITING} commands wait for ${stream}`) });
    }
    lanes.set(stream, lane);
    return lane;
  };

  return {
    handle: async (stream, decider, command, context) => {
      const lane = laneOf(stream);
      return (await lane.handle(decider as unknown as AnyDecider, toNfc(command), context)) as never;
    },
    load: async (stream, decider) => (await laneOf(stream).load(decider as unknown as AnyDecider)) as never,
  };
}
