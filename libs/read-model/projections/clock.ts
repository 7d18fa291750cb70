/** The log's time: the running maximum of `recordedAt`, which a store's own stamps need not keep to. */
import type { Envelope, Position } from '#domain/envelope.js';
import type { LogClock } from '#read-model/entities/progress.js';

/** An event at its place, with the log's time there. */
export interface Recorded {
  readonly envelope: Envelope;
  readonly position: bigint;
  readonly recordedAt: number;
}

/** The last place in the log that was taken in. */
export interface Place {
  readonly position: bigint;
  readonly opaque: Position | 'start';
  readonly recordedAt: number;
}

/** The place after one more event. */
export const advance = (place: Place, envelope: Envelope, position: bigint): Place => ({
  position,
  opaque: envelope.position,
  recordedAt: Math.max(place.recordedAt, envelope.recordedAt),
});

/** One row for each value that the clock takes at events: the first and the last of them. In the order of time. */
export function clockRows(places: readonly Place[]): LogClock[] {
  const rows = new Map<number, LogClock>();
  for (const { recordedAt, position, opaque } of places) {
    const row = { recordedAt, firstPosition: position, position, opaque };
    rows.set(recordedAt, joined(rows.get(recordedAt), row));
  }
  // Whoever enters several enters them in one order, or two that do might wait for each other.
  return [...rows.values()].sort((a, b) => a.recordedAt - b.recordedAt);
}

/** What is known of one time together. */
export function joined(stored: LogClock | undefined, row: LogClock): LogClock {
  if (stored === undefined) return row;
  const firstPosition = stored.firstPosition < row.firstPosition ? stored.firstPosition : row.firstPosition;
  return { ...(stored.position > row.position ? stored : row), firstPosition };
}
