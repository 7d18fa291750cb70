import type { Envelope, Position } from '#domain/envelope.js';

/** The log that is read lacks what was delivered of it: it may be a copy that is behind. Tried again, it may be there. */
export class LogBehind extends Error {
  override readonly name = 'LogBehind';
}

/** What the read side needs of an event store; every adapter of the store's port satisfies it. */
export interface LogReader {
  /** Events of all streams after a position, in the log's order; fewer than `limit` means the end was reached. */
  readAll(after: Position | 'start', limit: number): Promise<readonly Envelope[]>;
  /** Events of one stream from revision `from` on; nothing for an unknown stream. */
  read(stream: string, options?: { readonly from?: number; readonly limit?: number }): AsyncIterable<Envelope>;
  /** Position of the last event once nothing stamped at or before `instant` (UTC ms) can still become visible. */
  settled(instant: number): Promise<Position | 'start'>;
  /** Order of a position among those of this store: increasing, not dense; `start` is before all. */
  order(position: Position | 'start'): bigint;
}
