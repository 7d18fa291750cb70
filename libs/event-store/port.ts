/**
 * The event store as the rest of the product sees it. Every adapter passes the one suite in `contract.ts`.
 */
import type { Envelope, NewEvent, Position } from '#domain/envelope.js';

/** The exact revision of the stream's last event, or `none` for a stream that must not exist yet. Never "any". */
export type ExpectedRevision = number | 'none';

/** One append may hold at most this many bytes of data, metadata and type, on every adapter. */
export const MAX_APPEND_BYTES = 1_000_000;

export interface EventStore {
  /**
   * Appends all events or none. An exact repeat (same ids at the same revisions) succeeds with what is stored; a partly
   * equal one is refused. Ids that are stored elsewhere are the caller's affair: not every store looks for them. Throws `WrongRevision`, `AppendTooLarge` or `StoreUnavailable`; after `StoreUnavailable` with
   * `outcome: 'unknown'` the same call may be made again until it is answered. Throws a TypeError for what only a bug can
   * ask for: no events, a malformed name or id, data that JSON cannot hold. Calls that succeed are numbered in the order
   * in which they were made.
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<readonly Envelope[]>;

  /** Events of one stream in order from revision `from` (0), at most `limit`; nothing for an unknown stream. */
  read(stream: string, options?: { readonly from?: number; readonly limit?: number }): AsyncIterable<Envelope>;

  /** The last event of a stream, or just `revision: 'none'`. */
  head(stream: string): Promise<Envelope | { readonly revision: 'none' }>;

  /** Events of all streams after a position, in the order of the log; fewer than `limit` means the end was reached. */
  readAll(after: Position | 'start', limit: number): Promise<readonly Envelope[]>;

  /**
   * Delivers everything after a position, in order, without gaps, then goes on live. The next batch comes when the
   * promise of the last one is settled; a batch whose handler rejects is delivered again after a pause, and `onError` is
   * told (without it, the process warns). A position that the log has not reached (a restored or emptied store) is told as
   * `PositionBeyondEnd`, and nothing is ever delivered.
   */
  subscribe(
    after: Position | 'start',
    handler: (events: readonly Envelope[]) => Promise<void>,
    options?: { readonly batchSize?: number; readonly onError?: (error: unknown) => void },
  ): Subscription;

  /**
   * A place behind every event whose time is at or before `instant` (UTC ms), once none of them can still become visible, and
   * before whatever is appended from now on: that is later, even if the clock steps back. It is that of an event, or lies
   * between two. The time of an event is the time of the log at its place: the running maximum of all stamps. A
   * log without events promises nothing: one that is taken in brings its own times. Throws `FutureInstant` for an instant that
   * is not past, `StoreUnavailable` when the log cannot be asked.
   */
  settled(instant: number): Promise<Position | 'start'>;

  /** Order of a position among those of this store: increasing, not dense; `start` is before all. */
  order(position: Position | 'start'): bigint;

  close(): Promise<void>;
}

export interface Subscription {
  /** Resolves when the handler is idle and nothing more will be delivered. */
  stop(): Promise<void>;
}

export class WrongRevision extends Error {
  override readonly name = 'WrongRevision';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** `undefined` when the adapter cannot tell. */
    readonly actual: ExpectedRevision | undefined,
  ) {
    super(`stream ${stream}: expected revision ${expected}, found ${actual ?? 'another'}`);
  }
}

export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
  constructor(
    readonly stream: string,
    readonly bytes: number,
  ) {
    super(`append to ${stream} holds ${bytes} bytes, at most ${MAX_APPEND_BYTES} are allowed`);
  }
}

/** The store cannot be asked, or did not answer. `refused`: surely not written; `unknown`: perhaps written. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(
    readonly outcome: 'refused' | 'unknown',
    options?: ErrorOptions,
  ) {
    super('the event store is not available', options);
  }
}

/** The question was about an instant that is not past yet: its answer could still change. */
export class FutureInstant extends Error {
  override readonly name = 'FutureInstant';
  constructor(
    /** UTC ms, as is `now`. */
    readonly instant: number,
    readonly now: number,
  ) {
    super(`instant ${instant} is not before the store's now, ${now}`);
  }
}

/** A reader's stored position lies beyond the end of the log: this is not the log that it read from. */
export class PositionBeyondEnd extends Error {
  override readonly name = 'PositionBeyondEnd';
  constructor(
    readonly position: Position,
    readonly end: Position | 'start',
  ) {
    super(`position ${position} is beyond the end of the log, ${end}: the reader belongs to another log`);
  }
}
