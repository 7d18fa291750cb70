/**
 * The log of EventStoreDB as the relay follows it: events, the marks of the adapter's clock between them, and the places
 * that the server names where nothing of ours was written for a while.
 */
import type { Envelope } from '#domain/envelope.js';
import type { Subscription } from '../port.js';

/**
 * A place in `$all`. Commit and prepare are equal for every event; those of a checkpoint may differ, and a subscription
 * that goes on from there needs both.
 */
export interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Data and metadata exactly as the log holds them, whatever a later version of the product put there. */
export interface StoredTexts {
  readonly data: string;
  readonly metadata: string;
}

export type LogEntry =
  /** `envelope.recordedAt` is `created`, or `meta.recordedAt` where that is earlier: not yet the running maximum. */
  | { readonly kind: 'event'; readonly place: Place; readonly envelope: Envelope; readonly stored?: StoredTexts }
  /** An empty event that says what time it was at this place of the log; UTC ms. Counts in the running maximum. */
  | { readonly kind: 'mark'; readonly place: Place; readonly recordedAt: number }
  /** Nothing of ours lies between the entry before and this place. */
  | { readonly kind: 'checkpoint'; readonly place: Place };

export interface FollowedLog {
  /**
   * In the log's order, without gaps, then live; the next batch when the promise of the last is settled; a batch whose
   * handler rejects comes again after a pause. Unlike a reader it comes back by itself after any outage, telling
   * `onError` (without it, the process warns). A place that the log has not reached is told as `PositionBeyondEnd`, and
   * nothing is ever delivered.
   */
  follow(
    after: Place | 'start',
    handler: (batch: readonly LogEntry[]) => Promise<void>,
    options?: { readonly batchSize?: number; readonly onError?: (error: unknown) => void },
  ): Subscription;
}
