/**
 * The one place where events get their numbers. Appends queue; one flush after the other stores what waits in one
 * statement, so the cost of a commit is shared, order is total, positions are dense, and everything visible in the table
 * is visible up to some position without a gap.
 */
import { LRUCache } from 'lru-cache';
import type { Envelope } from '#domain/envelope.js';
import { FutureInstant, StoreUnavailable, type ExpectedRevision } from '../port.js';
import { decode, type EncodedEvent } from '../serialise.js';
import { isUniqueViolation, rolledBack } from './connection.js';
import { FLUSH_APPENDS, planFlush, type Append, type FlushPlan } from './flush-plan.js';
import { flush } from './flush.js';
import { readFloor, type Lease } from './lease.js';
import { Ownership, type OwnershipOptions, type Role } from './ownership.js';
import type { Reader } from './reader.js';
import { RecentEvents } from './recent.js';
import { answerFromLog, answerViolation } from './repeat.js';

export interface SequencerOptions extends Pick<OwnershipOptions, 'url' | 'owner' | 'leaseMs' | 'timeoutMs'> {
  readonly reader: Reader;
  /** UTC ms. */
  readonly clock: () => number;
  /** Events can be read that could not before. */
  readonly onStored: () => void;
  readonly onOwner: () => void;
  readonly onFenced: () => void;
  readonly onError: (error: unknown) => void;
}

const WAITING_BYTES = 64 * 1024 * 1024;
const HEADS = 100_000;

export class Sequencer {
  readonly recent = new RecentEvents();
  readonly #ownership: Ownership;
  readonly #heads = new LRUCache<string, number>({ max: HEADS });
  readonly #upkeep: NodeJS.Timeout;
  #queue: Append[] = [];
  #waitingBytes = 0;
  #loop: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** Stored, but its callers have no answer yet. */
  #served: FlushPlan | undefined;
  #lastPosition = 0;
  /** Nothing may be stamped before this instant any more: the last stamp, or a promise made since. UTC ms. */
  #floor = 0;
  #closing = false;

  constructor(private readonly options: SequencerOptions) {
    const { url, owner, leaseMs, timeoutMs } = options;
    this.#ownership = new Ownership({
      url,
      owner,
      leaseMs,
      timeoutMs,
      floor: () => this.#floor,
      onTaken: (lease) => this.#taken(lease),
    });
    this.#upkeep = setInterval(() => this.start(), this.#ownership.upkeepMs);
    this.#upkeep.unref();
  }

  get role(): Role {
    return this.#ownership.role;
  }

  append(stream: string, expected: ExpectedRevision, events: readonly EncodedEvent[]): Promise<readonly Envelope[]> {
    const bytes = events.reduce((total, event) => total + event.bytes, 0);
    if (this.#closing || this.role !== 'owner') {
      return Promise.reject(refused(new Error(this.#closing ? 'closed' : `this process is ${this.role}`)));
    }
    if (this.#waitingBytes + bytes > WAITING_BYTES) {
      return Promise.reject(refused(new Error(`${this.#waitingBytes} bytes are waiting already`)));
    }
    return new Promise((resolve, reject) => {
      this.#waitingBytes += bytes;
      this.#queue.push({ stream, expected: expected === 'none' ? -1 : expected, events, bytes, resolve, reject });
      this.start();
    });
  }

  /** Events after a position if this process knows them without asking; `undefined` means ask the database. */
  after(position: number, limit: number): readonly Envelope[] | undefined {
    if (!this.#ownership.holds) return undefined;
    const answered = this.#lastPosition - (this.#served?.events.length ?? 0);
    return position === answered ? [] : this.recent.after(position, limit);
  }

  /** See `EventStore.settled`; `undefined` if this process cannot speak for the log. */
  async settled(instant: number): Promise<number | undefined> {
    if (!this.#ownership.holds) return undefined;
    const now = Math.max(this.options.clock(), this.#floor);
    if (instant >= now) throw new FutureInstant(instant, now);
    await this.#turn;
    // A log without events promises nothing: one that is taken in brings its own times.
    if (this.#lastPosition === 0) return this.#ownership.holds ? 0 : undefined;
    this.#floor = Math.max(this.#floor, instant + 1);
    await this.#turn;
    return this.#ownership.holds ? this.#lastPosition : undefined;
  }

  /** Sees to the queue and the lease, unless the loop runs already. Callers of the same tick share the first flush. */
  start(): void {
    this.#loop ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.#run());
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#upkeep);
    await this.#loop;
    try {
      await this.#ownership.release();
    } catch (error) {
      this.options.onError(error);
    }
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 || (!this.#closing && this.#ownership.upkeepDue)) {
      this.#turn = this.#takeTurn().catch((error: unknown) => this.#unreachable(error));
      await this.#turn;
      if (this.#queue.length > 0) continue;
      this.#answerServed();
      await new Promise(setImmediate);
    }
    this.#loop = undefined;
  }

  async #takeTurn(): Promise<void> {
    const role = this.role;
    const client = await this.#ownership.writer();
    if (!client) return this.#notOwner(role);
    await this.#loadHeads(client);
    const next = this.#plan();
    const sent = next.events.length > 0 && flush(client, this.#ownership.epoch, this.#lastPosition, next.events);
    this.#answerServed();
    try {
      if (sent === false || (await sent)) this.#stored(next);
      else await this.#held(client, next);
    } catch (error) {
      this.#failed(next, error);
    }
  }

  #taken(lease: Lease): void {
    this.#forget();
    this.#lastPosition = lease.lastPosition;
    this.#floor = Math.max(this.#floor, lease.floor, lease.lastRecordedAt);
    this.options.onOwner();
    this.options.onStored();
  }

  #forget(): void {
    this.#answerServed();
    this.#heads.clear();
    this.recent.clear();
  }

  async #loadHeads(client: Parameters<typeof flush>[0]): Promise<void> {
    const candidates = this.#queue.slice(0, FLUSH_APPENDS);
    const missing = new Set(candidates.map((append) => append.stream).filter((stream) => !this.#heads.has(stream)));
    if (missing.size === 0) return;
    const { rows } = await client.query<{ stream: string; head: number }>({
      name: 'heads',
      text: `SELECT stream, coalesce(
               (SELECT revision FROM log.event WHERE stream = asked.stream ORDER BY revision DESC LIMIT 1), -1) AS head
             FROM unnest($1::text[]) AS asked (stream)`,
      values: [[...missing]],
    });
    for (const { stream, head } of rows) this.#heads.set(stream, head);
  }

  /** Takes the next flush from the queue. A stream that came in while heads were loaded waits for the turn after. */
  #plan(): FlushPlan {
    const plan = planFlush(this.#queue, {
      headOf: (stream) => this.#heads.get(stream),
      lastPosition: this.#lastPosition,
      floor: this.#floor,
      now: this.options.clock(),
    });
    this.#queue = this.#queue.slice(plan.taken.length);
    for (const append of plan.taken) this.#waitingBytes -= append.bytes;
    return plan;
  }

  #putBack(appends: readonly Append[]): void {
    this.#queue = [...appends, ...this.#queue];
    for (const append of appends) this.#waitingBytes += append.bytes;
  }

  #stored(done: FlushPlan): void {
    for (const [stream, head] of done.heads) this.#heads.set(stream, head);
    this.#lastPosition += done.events.length;
    this.#floor = Math.max(this.#floor, done.events.at(-1)?.recordedAt ?? 0);
    this.#served = done;
  }

  /** Tells the callers of the last flush; done while the next one is on its way. */
  #answerServed(): void {
    const done = this.#served;
    if (!done) return;
    this.#served = undefined;
    const envelopes = done.events.map(decode);
    if (envelopes.length > 0) {
      this.recent.push(this.#lastPosition - envelopes.length + 1, envelopes, done.bytes);
      this.options.onStored();
    }
    let first = 0;
    for (const append of done.fitting) append.resolve(envelopes.slice(first, (first += append.events.length)));
    for (const { append, head } of done.others) void answerFromLog(this.options.reader, append, head);
  }

  /** The fence let nothing through: another owner, or another process promised that nothing so old will be stamped. */
  async #held(client: Parameters<typeof flush>[0], next: FlushPlan): Promise<void> {
    const floor = await readFloor(client, this.#ownership.epoch);
    this.#putBack(next.taken);
    if (floor === undefined) this.#ownership.fence();
    else this.#floor = Math.max(this.#floor, floor);
    if (this.role === 'fenced') this.#notOwner('owner');
  }

  #failed(next: FlushPlan, error: unknown): void {
    if (isUniqueViolation(error)) {
      // One append holds an id that is stored elsewhere (or a head was wrong): the others must not suffer for it.
      for (const stream of next.heads.keys()) this.#heads.delete(stream);
      const [only] = next.fitting;
      if (next.taken.length === 1 && only) void answerViolation(this.options.reader, only);
      else this.#putBack(next.taken.map((append) => ({ ...append, alone: true })));
    } else if (rolledBack(error)) {
      for (const append of next.taken) append.reject(refused(error));
      this.options.onError(error);
    } else {
      for (const append of next.fitting) append.reject(new StoreUnavailable('unknown', { cause: error }));
      for (const { append } of next.others) append.reject(refused(error));
      this.#unreachable(error);
    }
  }

  /** The database is gone: what waits was surely not written, and everything known must be read again. */
  #unreachable(error: unknown): void {
    this.#ownership.drop();
    this.#forget();
    this.#refuseWaiting(error);
    this.options.onError(error);
  }

  #notOwner(before: Role): void {
    this.#refuseWaiting(new Error(`this process is ${this.role}`));
    if (this.role !== 'fenced' || before === 'fenced') return;
    this.#forget();
    this.options.onFenced();
  }

  #refuseWaiting(cause: unknown): void {
    for (const append of this.#queue) append.reject(refused(cause));
    this.#queue = [];
    this.#waitingBytes = 0;
  }
}

const refused = (cause: unknown): StoreUnavailable => new StoreUnavailable('refused', { cause });
