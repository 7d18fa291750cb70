/** The event store on EventStoreDB. */
import type { Envelope, Position } from '#domain/envelope.js';
import { FutureInstant, StoreUnavailable, type EventStore, type Subscription } from '../port.js';
import { encodeAppend } from '../serialise.js';
import { Appender } from './appender.js';
import { Clock } from './clock.js';
import { Connection } from './connection.js';
import { Echo } from './echo.js';
import { follow } from './follow.js';
import type { FollowedLog, LogEntry, Place } from './followed.js';
import { Reader } from './reader.js';
import { CLOCK } from './wire.js';

export interface EventStoreDbOptions {
  /** `esdb://host:port?tls=false`, or several hosts of a cluster, as the store's own clients take it. */
  readonly url: string;
  /** UTC ms. Only what is not yet past is asked of it; events are stamped by the server. */
  readonly clock?: () => number;
  /** How long the store may be silent on one append, one page or the opening of a subscription. */
  readonly timeoutMs?: number;
  /** Told of failures that no caller hears of. */
  readonly onError?: (error: unknown) => void;
  /** Opens a log that cannot be reached yet: its calls throw `StoreUnavailable` until it can. */
  readonly mayBeAway?: boolean;
}

/**
 * Positions are commit positions. An event's `recordedAt` is the server's stamp, or the instant that an imported event
 * brings; both may step back. The time of the log is their running maximum, marks of the clock included, and is kept by
 * whoever follows it. `settled` may answer the position of a mark.
 */
export interface EventStoreDb extends EventStore, FollowedLog {
  /**
   * A reader of the whole log from its start, in turn and page by page, that stamps every event with the time of the log: for
   * whoever takes the log elsewhere, where there are no marks.
   */
  readonly inLogTime: () => Pick<EventStore, 'readAll'>;
}

const TIMEOUT_MS = 5_000;

/** Opens the log and asks it once. Throws `StoreUnavailable` if it cannot be reached, and for a URL that cannot be read. */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreDb> {
  const { url, clock: now = Date.now, timeoutMs = TIMEOUT_MS, onError = warn } = options;
  const connection = new Connection(url, timeoutMs, onError);
  const reader = new Reader(connection);
  const appender = new Appender(connection);
  const echo = new Echo(connection, reader);
  const clock = new Clock(appender, reader);
  const subscriptions = new Set<Subscription>();
  const asked = new Set<Promise<unknown>>();
  let anyEvent = false;
  let closing: Promise<void> | undefined;
  if (!options.mayBeAway) {
    await reader.end().catch(async (error: unknown) => {
      await connection.close();
      throw error;
    });
  }

  const following = (after: Place | 'start', handler: Handler, rest: Parameters<FollowedLog['follow']>[2]) => {
    if (closing) throw new StoreUnavailable('refused', { cause: new Error('closed') });
    const subscription = follow({ connection, reader }, after, handler, { onError, ...rest });
    subscriptions.add(subscription);
    return { stop: () => subscription.stop().finally(() => subscriptions.delete(subscription)) };
  };

  return {
    append: async (stream, expected, events) => {
      const encoded = encodeAppend(stream, expected, events);
      if (stream === CLOCK) throw new TypeError(`stream ${CLOCK} belongs to the store itself`);
      if (closing) throw new StoreUnavailable('refused', { cause: new Error('closed') });
      const range = { stream, first: expected === 'none' ? 0 : expected + 1, count: encoded.length };
      return owed(echo.of(range, () => appender.append(stream, expected, encoded)));
    },
    head: async (stream) => (await reader.head(stream)) ?? { revision: 'none' },
    read: (stream, range) => reader.stream(stream, range),
    readAll: (after, limit) => reader.after(placeAt(after), limit),
    subscribe: (after, handler, rest) =>
      following(
        placeAt(after),
        async (batch) => {
          const events = batch.flatMap((entry) => (entry.kind === 'event' ? [entry.envelope] : []));
          if (events.length > 0) await handler(events);
        },
        rest,
      ),
    follow: following,
    inLogTime: () => readInLogTime(reader),
    settled: async (instant) => {
      if (instant >= now()) throw new FutureInstant(instant, now());
      anyEvent ||= !(await reader.isEmpty());
      return anyEvent ? owed(clock.after(instant)) : 'start';
    },
    order: (position) => (position === 'start' ? 0n : BigInt(position)),
    close: () => (closing ??= close()),
  };

  /** What is asked is answered before the store closes. */
  async function owed<T>(answer: Promise<T>): Promise<T> {
    asked.add(answer);
    try {
      return await answer;
    } finally {
      asked.delete(answer);
    }
  }

  async function close(): Promise<void> {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    await Promise.allSettled(asked);
    await connection.close();
  }
}

function readInLogTime(reader: Reader): Pick<EventStore, 'readAll'> {
  let time = 0;
  let reached: Position | 'start' = 'start';
  return {
    readAll: async (after, limit) => {
      if (after !== reached) throw new Error(`the log is read in turn: after ${reached}, not after ${after}`);
      const events: Envelope[] = [];
      await reader.scan(placeAt(after), limit, ({ event, recordedAt }) => {
        time = Math.max(time, recordedAt);
        if (event) events.push({ ...event, recordedAt: time });
      });
      reached = events.at(-1)?.position ?? reached;
      return events;
    },
  };
}

type Handler = (batch: readonly LogEntry[]) => Promise<void>;

const placeAt = (position: Position | 'start'): Place | 'start' =>
  position === 'start' ? 'start' : { commit: BigInt(position), prepare: BigInt(position) };

const warn = (error: unknown): void => process.emitWarning(String(error), { code: 'EVENT_LOG' });
