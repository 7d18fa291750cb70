/** Which of the waiting appends go into the next flush, and the numbers and stamps that their events get there. Pure. */
import type { Envelope } from '#domain/envelope.js';
import type { EncodedEvent, StoredEvent } from '../serialise.js';

export interface Append {
  readonly stream: string;
  /** Revision of the stream's last event before this append, −1 for none. */
  readonly expected: number;
  readonly events: readonly EncodedEvent[];
  readonly bytes: number;
  /** Must not share a flush: it may be the one that spoiled the last. */
  readonly alone?: true;
  readonly resolve: (stored: readonly Envelope[]) => void;
  readonly reject: (error: Error) => void;
}

export interface FlushPlan {
  /** Everything taken from the front of the queue, in order: `fitting` and `others` together. */
  readonly taken: Append[];
  /** Appends that follow their stream's head; `events` are theirs. */
  readonly fitting: Append[];
  /** Appends that do not, with the head they met: repeats of what is stored, or wrong. */
  readonly others: { readonly append: Append; readonly head: number }[];
  readonly events: StoredEvent[];
  /** Revision of each stream's last event once this is stored. */
  readonly heads: Map<string, number>;
  bytes: number;
}

export interface Situation {
  /** Revision of a stream's last stored event, −1 for none; `undefined` if it was not looked up yet. */
  readonly headOf: (stream: string) => number | undefined;
  readonly lastPosition: number;
  /** Nothing may be stamped before this instant, UTC ms. */
  readonly floor: number;
  readonly now: number;
}

/** The cap closes a flush; an append is never split, one above the cap is a flush of its own. */
const FLUSH_EVENTS = 1_000;
const FLUSH_BYTES = 4 * 1024 * 1024;

/** More appends than this never fit into one flush. */
export const FLUSH_APPENDS = FLUSH_EVENTS;

const emptyPlan = (): FlushPlan => ({
  taken: [],
  fitting: [],
  others: [],
  events: [],
  heads: new Map(),
  bytes: 0,
});

export function planFlush(queue: readonly Append[], situation: Situation): FlushPlan {
  const { headOf, lastPosition, floor, now } = situation;
  const plan = emptyPlan();
  let stamp = floor;
  for (const append of queue) {
    const head = plan.heads.get(append.stream) ?? headOf(append.stream);
    if (head === undefined || isFull(plan, append)) break;
    plan.taken.push(append);
    if (append.expected !== head) {
      plan.others.push({ append, head });
      continue;
    }
    plan.fitting.push(append);
    plan.bytes += append.bytes;
    plan.heads.set(append.stream, head + append.events.length);
    for (const [index, { id, type, data, metadata, importedAt }] of append.events.entries()) {
      stamp = Math.max(stamp, Math.min(importedAt ?? now, now));
      const position = String(lastPosition + plan.events.length + 1);
      const revision = head + 1 + index;
      plan.events.push({ position, stream: append.stream, revision, id, type, data, metadata, recordedAt: stamp });
    }
  }
  return plan;
}

function isFull({ taken, events, bytes }: FlushPlan, append: Append): boolean {
  if (taken.length === 0) return false;
  if (append.alone || taken[0]?.alone) return true;
  return events.length + append.events.length > FLUSH_EVENTS || bytes + append.bytes > FLUSH_BYTES;
}
