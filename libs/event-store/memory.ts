/** The event store in memory: for tests of everything above the port, with the semantics of the real ones. */
import type { Envelope, Position } from '#domain/envelope.js';
import { FutureInstant, StoreUnavailable, WrongRevision, type EventStore, type ExpectedRevision } from './port.js';
import { decode, encodeAppend, type EncodedEvent, type StoredEvent } from './serialise.js';
import { Bell, tail } from './tail.js';

/** What survives the store that wrote it, as a disk would. */
export interface MemoryLog {
  readonly events: StoredEvent[];
  readonly streams: Map<string, StoredEvent[]>;
  readonly ids: Set<string>;
  /** No later event is stamped before this instant, UTC ms. */
  floor: number;
}

export const createMemoryLog = (): MemoryLog => ({ events: [], streams: new Map(), ids: new Set(), floor: 0 });

/** A store over `log`. `clock` gives UTC ms; it may step back, the stamps do not. */
export function createMemoryStore(
  options: { readonly log?: MemoryLog; readonly clock?: () => number } = {},
): EventStore {
  const { log = createMemoryLog(), clock = Date.now } = options;
  const bell = new Bell();
  const closing = new AbortController();
  const subscriptions = new Set<{ stop(): Promise<void> }>();
  const order = (position: Position | 'start'): bigint => (position === 'start' ? 0n : BigInt(position));
  const page = (after: Position | 'start', limit: number): readonly Envelope[] => {
    const from = Number(order(after));
    return log.events.slice(from, from + limit).map(decode);
  };
  const end = (): Position | 'start' => (log.events.at(-1)?.position as Position | undefined) ?? 'start';
  /** Answers on a later turn, as a store with a network would: nothing above may count on anything else. */
  const answer = async <T>(work: () => T): Promise<T> => {
    if (closing.signal.aborted) throw new StoreUnavailable('refused', { cause: new Error('closed') });
    await new Promise(setImmediate);
    return work();
  };

  return {
    append: async (stream, expected, events) => {
      const encoded = encodeAppend(stream, expected, events);
      return answer(() => {
        const stored = store(log, stream, expected, encoded, clock());
        bell.ring();
        return stored.map(decode);
      });
    },

    async *read(stream, { from = 0, limit = Infinity } = {}) {
      const stored = await answer(() => (log.streams.get(stream) ?? []).slice(from, from + limit));
      for (const event of stored) yield decode(event);
    },

    head: (stream) =>
      answer(() => {
        const last = log.streams.get(stream)?.at(-1);
        return last ? decode(last) : { revision: 'none' };
      }),

    readAll: (after, limit) => answer(() => page(after, limit)),

    subscribe: (after, handler, options) => {
      const source = {
        after: async (p: Position | 'start', n: number) => answer(() => page(p, n)),
        end: async () => end(),
      };
      const subscription = tail({ ...source, order, bell, pollMs: 1_000 }, after, handler, options);
      subscriptions.add(subscription);
      return subscription;
    },

    settled: (instant) =>
      answer(() => {
        const now = Math.max(clock(), log.floor);
        if (instant >= now) throw new FutureInstant(instant, now);
        if (log.events.length > 0) log.floor = Math.max(log.floor, instant + 1);
        return end();
      }),

    order,

    close: async () => {
      closing.abort();
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    },
  };
}

function store(
  log: MemoryLog,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EncodedEvent[],
  now: number,
): readonly StoredEvent[] {
  const existing = log.streams.get(stream) ?? [];
  const first = expected === 'none' ? 0 : expected + 1;
  const already = existing.slice(first, first + events.length);
  if (already.length === events.length && already.every((event, index) => event.id === events[index]?.id)) {
    return already;
  }
  if (existing.length !== first || events.some((event) => log.ids.has(event.id))) {
    throw new WrongRevision(stream, expected, existing.length === 0 ? 'none' : existing.length - 1);
  }
  const added = events.map(({ id, type, data, metadata, importedAt }, index) => {
    log.floor = Math.max(log.floor, Math.min(importedAt ?? now, now));
    const position = String(log.events.length + index + 1);
    return { position, stream, revision: first + index, id, type, data, metadata, recordedAt: log.floor };
  });
  log.events.push(...added);
  existing.push(...added);
  log.streams.set(stream, existing);
  for (const event of added) log.ids.add(event.id);
  return added;
}
