/**
 * The log: events in order, streams and positions, all in memory. What was written since the last flush waits in
 * `takeUnflushed`. What may be written is said in `rules.ts`.
 */
import { randomUUID } from 'node:crypto';
import { dataOf, encodeByMessage, LAST_REVISION, type ProposedEvent } from './messages.js';
import { encodeEvent } from './wire.js';

/** An event as it is kept: what is looked for, and the answer that carries it to a reader. */
export interface StoredEvent {
  readonly position: number;
  readonly stream: string;
  /** `TOMBSTONE` for the last event of a stream that is gone. */
  readonly revision: number;
  readonly type: string;
  readonly id: string;
  readonly encoded: Buffer;
}

export const TOMBSTONE = -1;

/** The last revision of a stream that is not there. */
export const NO_STREAM = -1;

/** What is to be kept on disk of one write, whole or not at all. */
export interface Write {
  readonly events: readonly StoredEvent[];
  /** Where the next record begins. */
  readonly end: number;
}

/** A stream's revisions in order, each the index of its event in the log. */
interface Stream {
  readonly events: number[];
  tombstone: StoredEvent | undefined;
  /** Ids written since the start and their last revision. The server forgets them with a restart. */
  readonly known: Map<string, number>;
  limits: Limits | undefined;
}

interface Limits {
  readonly maxCount: number;
  readonly truncateBefore: number;
}

/** What a reader sees of a stream. */
export interface StreamView {
  readonly state: 'there' | 'missing' | 'tombstoned';
  /** First revision that is not cut off. */
  readonly first: number;
  readonly last: number;
}

/** A new node begins with a record of its own. */
const FIRST_POSITION = 548;
const FIRST_RECORD = '{"$maxAge":2592000,"$acl":{"$r":"$ops","$w":[],"$d":[],"$mr":[],"$mw":[]}}';
/** Room that a record takes beside its texts; also what an append without events takes. */
const RECORD_BYTES = 90;
const NO_BYTES = new Uint8Array();

export class EventLog {
  readonly events: StoredEvent[] = [];
  readonly #streams = new Map<string, Stream>();
  /** Positions of records that are no events: appends that brought none. */
  readonly #blanks = new Set<number>();
  readonly #now: () => number;
  #end = FIRST_POSITION;
  #unflushed: Write[] = [];

  /** `kept`: what an earlier life of the node left on disk. `now`: milliseconds since 1970. */
  constructor(kept: Iterable<Write>, now: () => number) {
    this.#now = now;
    for (const { events, end } of kept) {
      for (const event of events) this.#index(event);
      if (events.length === 0) this.#blanks.add(this.#end);
      this.#end = end;
    }
    if (this.events.length === 0) {
      this.write({ stream: '$$$scavenges', events: [systemEvent('$metadata', FIRST_RECORD)] });
    }
  }

  /** What is written together is kept together, on disk too. Returns the events in order. */
  write(...parts: readonly { readonly stream: string; readonly events: readonly ProposedEvent[] }[]): StoredEvent[] {
    const now = this.#now();
    const written = parts.flatMap(({ stream, events }) => {
      let revision = this.lastRevision(stream);
      return events.map((event) => this.#store(stream, ++revision, event, now));
    });
    for (const { stream, id, revision } of written) this.#streams.get(stream)!.known.set(id, revision);
    this.#unflushed.push({ events: written, end: this.#end });
    return written;
  }

  /** The last event of a stream, after which it is gone for ever. */
  bury(stream: string): StoredEvent {
    const event: ProposedEvent = { ...systemEvent('$streamDeleted', ''), contentType: 'application/octet-stream' };
    const tombstone = this.#store(stream, TOMBSTONE, event, this.#now());
    this.#unflushed.push({ events: [tombstone], end: this.#end });
    return tombstone;
  }

  /** The position of a record that is no event. */
  leaveBlank(): number {
    const position = this.#end;
    this.#blanks.add(position);
    this.#end += RECORD_BYTES;
    this.#unflushed.push({ events: [], end: this.#end });
    return position;
  }

  view(stream: string): StreamView {
    if (this.isTombstoned(stream)) return { state: 'tombstoned', first: 0, last: NO_STREAM };
    const last = this.lastRevision(stream);
    const { maxCount, truncateBefore } = this.#limits(stream);
    const state = last === NO_STREAM || isEndless(truncateBefore) ? 'missing' : 'there';
    return { state, first: Math.max(0, truncateBefore, last - maxCount + 1), last };
  }

  /** `NO_STREAM` for none. Counts what is cut off, too. */
  lastRevision(stream: string): number {
    return (this.#streams.get(stream)?.events.length ?? 0) - 1;
  }

  /** The last revision under which an id was written since the start. */
  revisionOf(stream: string, id: string): number | undefined {
    return this.#streams.get(stream)?.known.get(id);
  }

  /** The last event of a stream that is gone. */
  tombstoneOf(stream: string): StoredEvent | undefined {
    return this.#streams.get(stream)?.tombstone;
  }

  /** The metadata stream of a stream that is gone is gone with it. */
  isTombstoned(stream: string): boolean {
    if (this.tombstoneOf(stream) !== undefined) return true;
    return stream.startsWith('$$') && this.isTombstoned(stream.slice(2));
  }

  /** Deleted, and not yet begun again. */
  isSoftDeleted(stream: string): boolean {
    return isEndless(this.#limits(stream).truncateBefore);
  }

  /** A revision that is there. */
  eventOf(stream: string, revision: number): StoredEvent {
    return this.events[this.#streams.get(stream)!.events[revision]!]!;
  }

  /** A stream's metadata as they stand; `{}` without any. */
  metadataOf(stream: string): Readonly<Record<string, unknown>> {
    const name = `$$${stream}`;
    const last = this.lastRevision(name);
    if (last === NO_STREAM) return {};
    try {
      const value: unknown = JSON.parse(Buffer.from(dataOf(this.eventOf(name, last).encoded)).toString('utf8'));
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    } catch {
      // Metadata that is not JSON is taken for none, by the server too.
      return {};
    }
  }

  /** Index of the first event at or after a position. */
  indexFrom(position: number): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get lastPosition(): number {
    return this.events.at(-1)!.position;
  }

  /** Whether a record begins at a position: the log's start, an event, or an append without events. */
  isBoundary(position: number): boolean {
    if (position === 0 || position === this.#end || this.#blanks.has(position)) return true;
    return this.events[this.indexFrom(position)]?.position === position;
  }

  takeUnflushed(): readonly Write[] {
    const writes = this.#unflushed;
    this.#unflushed = [];
    return writes;
  }

  #store(stream: string, revision: number, event: ProposedEvent, created: number): StoredEvent {
    const position = this.#end;
    const stamp = { stream, revision, position, created };
    const encoded = revision === TOMBSTONE ? encodeByMessage(event, stamp) : encodeEvent(event, stamp);
    const stored = { position, stream, revision, type: event.type, id: event.id, encoded };
    this.#end += RECORD_BYTES + stream.length + event.type.length + event.data.length + event.customMetadata.length;
    this.#index(stored);
    return stored;
  }

  #index(event: StoredEvent): void {
    const { stream: name, revision } = event;
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = { events: [], tombstone: undefined, known: new Map(), limits: undefined };
      this.#streams.set(name, stream);
    }
    if (revision === TOMBSTONE) stream.tombstone = event;
    else stream.events[revision] = this.events.length;
    this.events.push(event);
    if (!name.startsWith('$$')) return;
    const described = this.#streams.get(name.slice(2));
    if (described !== undefined) described.limits = undefined;
  }

  #limits(name: string): Limits {
    if (name.startsWith('$$')) return { maxCount: 1, truncateBefore: 0 };
    const stream = this.#streams.get(name);
    if (stream?.limits !== undefined) return stream.limits;
    const { $maxCount, $tb } = this.metadataOf(name);
    const limits = {
      maxCount: typeof $maxCount === 'number' ? $maxCount : Infinity,
      truncateBefore: typeof $tb === 'number' ? $tb : 0,
    };
    if (stream !== undefined) stream.limits = limits;
    return limits;
  }
}

/** JSON numbers lose the last digits of this one, but not their size. */
const isEndless = (truncateBefore: number): boolean => truncateBefore >= Number(LAST_REVISION);

/** An event that the server writes by itself. */
export function systemEvent(type: string, data: string): ProposedEvent {
  return {
    id: randomUUID(),
    type,
    contentType: 'application/json',
    data: Buffer.from(data),
    customMetadata: NO_BYTES,
  };
}
