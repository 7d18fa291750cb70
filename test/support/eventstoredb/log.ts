/**
 * The log and its rules: which append is written, which is a repeat, which is refused. All of it in memory, in order; what
 * was written since the last flush waits in `takeUnflushed`. Nothing here waits for anything.
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

/** What an append or a deletion expects of its stream: the last revision, or -1 for no stream. */
export type Expected = 'any' | 'exists' | number;
export const NO_STREAM = -1;

export type Outcome =
  | { readonly kind: 'written'; readonly last: number; readonly position: number }
  | { readonly kind: 'wrong-version'; readonly last: number }
  | { readonly kind: 'deleted' };

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
      this.#end = end;
    }
    if (this.events.length > 0) return;
    this.#write('$$$scavenges', [systemEvent('$metadata', FIRST_RECORD)]);
    this.#written(this.events);
  }

  append(stream: string, expected: Expected, events: readonly ProposedEvent[]): Outcome {
    if (this.#isTombstoned(stream)) return { kind: 'deleted' };
    const last = this.#last(stream);
    const known = this.#streams.get(stream)?.known;
    const softDeleted = this.#isSoftDeleted(stream);
    const refused: Outcome = { kind: 'wrong-version', last };
    if (expected === 'exists' && last === NO_STREAM) return refused;
    if (expected === 'exists' && softDeleted) return { kind: 'deleted' };
    if (typeof expected === 'number') {
      if (expected > last) return refused;
      if (expected < last) {
        const repeated = this.#repeated(stream, expected, events);
        if (repeated !== undefined) return repeated;
        if (!(softDeleted && expected === NO_STREAM)) return refused;
      }
    } else if (events.length > 0 && known?.has(events[0]!.id)) {
      if (!events.every(({ id }) => known.has(id))) return refused;
      const revision = known.get(events.at(-1)!.id)!;
      return { kind: 'written', last: revision, position: this.eventOf(stream, revision).position };
    }
    return this.#append(stream, events, softDeleted ? last + 1 : undefined);
  }

  /** Marks a stream as deleted; it may begin again. */
  softDelete(stream: string, expected: Expected): Outcome {
    const refused = this.#refusedDeletion(stream, expected);
    if (refused !== undefined) return refused;
    if (this.#last(stream) === NO_STREAM) return { kind: 'wrong-version', last: NO_STREAM };
    const [written] = this.#write(`$$${stream}`, [systemEvent('$metadata', `{"$tb":${LAST_REVISION}}`)]);
    this.#written([written!]);
    return { kind: 'written', last: this.#last(stream), position: written!.position };
  }

  /** Ends a stream for ever, also one that never was. */
  tombstone(stream: string, expected: Expected): Outcome {
    const refused = this.#refusedDeletion(stream, expected);
    if (refused !== undefined) return refused;
    const event: ProposedEvent = { ...systemEvent('$streamDeleted', ''), contentType: 'application/octet-stream' };
    const stored = this.#store(stream, TOMBSTONE, event, this.#now());
    this.#written([stored]);
    return { kind: 'written', last: TOMBSTONE, position: stored.position };
  }

  view(stream: string): StreamView {
    if (this.#isTombstoned(stream)) return { state: 'tombstoned', first: 0, last: NO_STREAM };
    const last = this.#last(stream);
    const { maxCount, truncateBefore } = this.#limits(stream);
    const state = last === NO_STREAM || isEndless(truncateBefore) ? 'missing' : 'there';
    return { state, first: Math.max(0, truncateBefore, last - maxCount + 1), last };
  }

  /** `NO_STREAM` for none. Counts what is cut off, too. */
  lastRevision(stream: string): number {
    return this.#last(stream);
  }

  /** The last event of a stream that is gone. */
  tombstoneOf(stream: string): StoredEvent | undefined {
    return this.#streams.get(stream)?.tombstone;
  }

  /** A revision that is there. */
  eventOf(stream: string, revision: number): StoredEvent {
    return this.events[this.#streams.get(stream)!.events[revision]!]!;
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

  /** Writes; and where a stream begins again after its deletion, its metadata say from where. */
  #append(stream: string, events: readonly ProposedEvent[], beginsAgainAt: number | undefined): Outcome {
    if (events.length === 0) {
      const position = this.#end;
      this.#blanks.add(position);
      this.#end += RECORD_BYTES;
      this.#written([]);
      return { kind: 'written', last: this.#last(stream), position };
    }
    const written = this.#write(stream, events);
    const last = written.at(-1)!;
    if (beginsAgainAt !== undefined) {
      const metadata = JSON.stringify({ ...this.#metadata(stream), $tb: beginsAgainAt });
      written.push(...this.#write(`$$${stream}`, [systemEvent('$metadata', metadata)]));
    }
    this.#written(written);
    return { kind: 'written', last: last.revision, position: last.position };
  }

  /** An append whose ids are those of the events after the expected revision, all of them. */
  #repeated(stream: string, expected: number, events: readonly ProposedEvent[]): Outcome | undefined {
    const last = this.#last(stream);
    const revision = expected + events.length;
    if (events.length === 0 || revision > last) return undefined;
    for (const [index, { id }] of events.entries()) {
      if (this.eventOf(stream, expected + 1 + index).id !== id) return undefined;
    }
    return { kind: 'written', last: revision, position: this.eventOf(stream, revision).position };
  }

  #refusedDeletion(stream: string, expected: Expected): Outcome | undefined {
    if (this.#isTombstoned(stream)) return { kind: 'deleted' };
    const last = this.#last(stream);
    const fits = expected === 'any' || (expected === 'exists' ? last !== NO_STREAM : expected === last);
    return fits ? undefined : { kind: 'wrong-version', last };
  }

  #write(stream: string, events: readonly ProposedEvent[]): StoredEvent[] {
    const now = this.#now();
    let revision = this.#last(stream);
    const written = events.map((event) => this.#store(stream, ++revision, event, now));
    const { known } = this.#streams.get(stream)!;
    for (const { id, revision: at } of written) known.set(id, at);
    return written;
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

  #written(events: readonly StoredEvent[]): void {
    this.#unflushed.push({ events, end: this.#end });
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

  #last(stream: string): number {
    return (this.#streams.get(stream)?.events.length ?? 0) - 1;
  }

  /** The metadata stream of a stream that is gone is gone with it. */
  #isTombstoned(stream: string): boolean {
    if (this.tombstoneOf(stream) !== undefined) return true;
    return stream.startsWith('$$') && this.#isTombstoned(stream.slice(2));
  }

  #isSoftDeleted(stream: string): boolean {
    return isEndless(this.#limits(stream).truncateBefore);
  }

  #limits(name: string): Limits {
    if (name.startsWith('$$')) return { maxCount: 1, truncateBefore: 0 };
    const stream = this.#streams.get(name);
    if (stream?.limits !== undefined) return stream.limits;
    const { $maxCount, $tb } = this.#metadata(name);
    const limits = {
      maxCount: typeof $maxCount === 'number' ? $maxCount : Infinity,
      truncateBefore: typeof $tb === 'number' ? $tb : 0,
    };
    if (stream !== undefined) stream.limits = limits;
    return limits;
  }

  #metadata(stream: string): Readonly<Record<string, unknown>> {
    const name = `$$${stream}`;
    const last = this.#last(name);
    if (last === NO_STREAM) return {};
    try {
      const value: unknown = JSON.parse(Buffer.from(dataOf(this.eventOf(name, last).encoded)).toString('utf8'));
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    } catch {
      // Metadata that is not JSON is taken for none, by the server too.
      return {};
    }
  }
}

/** JSON numbers lose the last digits of this one, but not their size. */
const isEndless = (truncateBefore: number): boolean => truncateBefore >= Number(LAST_REVISION);

function systemEvent(type: string, data: string): ProposedEvent {
  return {
    id: randomUUID(),
    type,
    contentType: 'application/json',
    data: Buffer.from(data),
    customMetadata: NO_BYTES,
  };
}
