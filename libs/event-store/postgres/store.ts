/** The event store on PostgreSQL. */
import { randomUUID } from 'node:crypto';
import type { Envelope, Position } from '#domain/envelope.js';
import { FutureInstant, StoreUnavailable, type EventStore, type Subscription } from '../port.js';
import { encodeAppend } from '../serialise.js';
import { Bell, tail } from '../tail.js';
import { connect, discard, readFailure, readingPool } from './connection.js';
import type { Role } from './ownership.js';
import { Reader } from './reader.js';
import { migrateLog } from './schema.js';
import { Sequencer } from './sequencer.js';
import { Listener, Notifier } from './wake.js';

export interface PostgresStoreOptions {
  /** A direct connection: a pooler that shares sessions between clients breaks both LISTEN and the lease. */
  readonly url: string;
  /** True (the default): `openPostgresStore` returns once this process may append. False: it may read at once. */
  readonly waitForLease?: boolean;
  /** UTC ms. */
  readonly clock?: () => number;
  /** Another process owns the log now and this one never will again: end it. */
  readonly onFenced?: () => void;
  /** Told of failures that no caller hears of, such as a lease that could not be renewed. */
  readonly onError?: (error: unknown) => void;
  /** How long a silent owner keeps others waiting; it renews three times as often. */
  readonly leaseMs?: number;
  /** Limit of every statement, so that a hung database is an error in bounded time. */
  readonly timeoutMs?: number;
}

export interface PostgresStore extends EventStore {
  /** A standby reads and refuses appends; `fenced` is a former owner. */
  readonly role: Role;
  /** Resolves once this process may append. */
  owned(): Promise<void>;
}

const LEASE_MS = 6_000;
const TIMEOUT_MS = 5_000;
const POLL_MS = 1_000;

/** Opens the log in a database, creating it if it is not there. Fails if the database cannot be reached. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, waitForLease = true, timeoutMs = TIMEOUT_MS, onError = warn } = options;
  await createLog(url, timeoutMs);
  const pool = readingPool(url, timeoutMs, onError);
  const reader = new Reader(pool);
  const bell = new Bell();
  const notifier = new Notifier(pool, onError);
  const listener = new Listener({ url, timeoutMs, onNotified: () => bell.ring(), onError });
  const clock = options.clock ?? Date.now;
  let markOwned = (): void => undefined;
  const owned = new Promise<void>((resolve) => (markOwned = resolve));
  const sequencer = new Sequencer({
    url,
    owner: randomUUID(),
    leaseMs: options.leaseMs ?? LEASE_MS,
    timeoutMs,
    reader,
    clock,
    onStored: () => {
      bell.ring();
      notifier.notify();
    },
    onOwner: markOwned,
    onFenced: options.onFenced ?? (() => onError(new Error('another process has taken the log over'))),
    onError,
  });
  sequencer.start();
  const subscriptions = new Set<Subscription>();
  let closing: Promise<void> | undefined;
  const store: PostgresStore = {
    get role() {
      return sequencer.role;
    },
    owned: () => owned,
    append: async (stream, expected, events) =>
      sequencer.append(stream, expected, encodeAppend(stream, expected, events)),
    head: async (stream) => (await reader.head(stream)) ?? { revision: 'none' },
    read: (stream, range) => reader.stream(stream, range),
    readAll: (after, limit) => reader.after(toNumeral(after), limit),
    subscribe: (after, handler, subscribing) => {
      if (closing) throw new StoreUnavailable('refused', { cause: new Error('closed') });
      listener.start();
      const log = { after: readNew, end: () => reader.end(), order, bell, pollMs: POLL_MS };
      const subscription = tail(log, after, handler, subscribing);
      subscriptions.add(subscription);
      return { stop: () => subscription.stop().finally(() => subscriptions.delete(subscription)) };
    },
    settled: async (instant) => {
      const position = await sequencer.settled(instant);
      if (position !== undefined) return position === 0 ? 'start' : (String(position) as Position);
      if (instant >= clock()) throw new FutureInstant(instant, clock());
      return reader.settled(instant);
    },
    order,
    close: () => (closing ??= close()),
  };
  if (waitForLease) await owned;
  return store;

  async function close(): Promise<void> {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    listener.close();
    await sequencer.close();
    notifier.close();
    await pool.end();
  }

  async function readNew(after: Position | 'start', limit: number): Promise<readonly Envelope[]> {
    return sequencer.after(Number(order(after)), limit) ?? (await reader.after(toNumeral(after), limit));
  }
}

async function createLog(url: string, timeoutMs: number): Promise<void> {
  const client = await connect(url, timeoutMs).catch((error: unknown) => {
    throw readFailure(error);
  });
  try {
    await migrateLog(client);
  } finally {
    discard(client);
  }
}

const toNumeral = (position: Position | 'start'): string => (position === 'start' ? '0' : position);

const order = (position: Position | 'start'): bigint => BigInt(toNumeral(position));

const warn = (error: unknown): void => process.emitWarning(String(error), { code: 'EVENT_LOG' });
