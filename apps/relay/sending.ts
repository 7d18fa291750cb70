/**
 * Filling the topic, for as long as one relay holds the lease: follow the log, send each batch, and store the place once the
 * brokers have acknowledged it. While one batch is on its way the next is read and packed; never are two on their way. What
 * was sent and not stored is sent again by whoever comes next.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FollowedLog, Place } from '#event-store/eventstoredb/followed.js';
import type { EventStore, Subscription } from '#event-store/port.js';
import { PositionBeyondEnd } from '#event-store/port.js';
import { heartbeatMessages } from '#messaging/event-message.js';
import { MessagingUnavailable, NoSuchTopic, type Messaging, type OutgoingMessage } from '#messaging/port.js';
import type { Holding } from '#platform/lease.js';
import { Packer, positionOf, type Parcel, type Target } from './parcel.js';
import { PlaceTaken, type Places, type StoredPlace } from './schema.js';

export interface SendingParts {
  readonly log: FollowedLog & Pick<EventStore, 'readAll'>;
  readonly messaging: Messaging;
  readonly places: Places;
  readonly target: Target;
  /** At most so long between two heartbeats, ms. */
  readonly heartbeatMs: number;
  readonly onError: (error: unknown) => void;
  readonly counts: SentCounts;
}

/** What operators want to know of it. */
export interface SentCounts {
  /** Events acknowledged, those sent again among them. */
  events: number;
  /** UTC ms, by this computer's clock: when it was last known that everything in the log had been sent. */
  completeAt: number | undefined;
  /** Log time of the last place sent, UTC ms. */
  time: number | undefined;
}

/** The topic has another number of partitions than is configured: streams would change their partition. */
export class WrongPartitions extends Error {
  override readonly name = 'WrongPartitions';
  constructor(topic: string, found: number, wanted: number) {
    super(
      `the topic ${topic} has ${found} partitions, but KAFKA_PARTITIONS is ${wanted}. Set KAFKA_PARTITIONS=${found}, or ` +
        'delete the topic and make it again with the deploy step "topics"; the relay then fills it from the log',
    );
  }
}

/** The place is that of a later epoch than any of the lease, so that no relay would ever have it. */
export class EpochsRestarted extends Error {
  override readonly name = 'EpochsRestarted';
  constructor(epoch: bigint, options?: ErrorOptions) {
    super(
      `the lease is at epoch ${epoch}, but relay.place was stored under a later one: the schema "lease" is younger than ` +
        'the schema "relay". Once in PostgreSQL: UPDATE relay.place SET epoch = 0',
      options,
    );
  }
}

/** The brokers do not have what they acknowledged. The topic is filled again from the start of the log. */
export class TopicLost extends Error {
  override readonly name = 'TopicLost';
  constructor(topic: string, options?: ErrorOptions) {
    super(
      `the topic ${topic} has lost messages that were acknowledged: it is filled again from the start of the log`,
      options,
    );
  }
}

/** The lease has run out. */
class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

const BATCH = 500;
/** How soon after an event all partitions hear that it was sent: what was written shows when the last of them has heard. */
const SOON_MS = 100;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

const FATAL = [WrongPartitions, EpochsRestarted, PositionBeyondEnd];

/**
 * Sends until `signal` aborts, the lease is lost or another relay has the place; comes back by itself from everything else.
 * Rejects with `WrongPartitions`, with `PositionBeyondEnd` when the stored place belongs to another log, and with
 * `EpochsRestarted` when it belongs to another lease.
 */
export async function sendWhileOurs(parts: SendingParts, holding: Holding, signal: AbortSignal): Promise<void> {
  let isLost = false;
  let taken: PlaceTaken | undefined;
  for (let failures = 0; !signal.aborted && holding.isOurs(); failures += 1) {
    const sending = new Sending(parts, holding, signal);
    try {
      if (taken !== undefined) {
        if (!(await parts.places.isCurrent(holding))) return;
        throw new EpochsRestarted(holding.epoch, { cause: taken });
      }
      // The old place must not come back once the topic is as long as before.
      if (isLost) await parts.places.store(holding.epoch, { at: 'start', time: 0, offsets: [] });
      isLost = false;
      await sending.run();
    } catch (error) {
      if (FATAL.some((type) => error instanceof type)) throw error;
      if (error instanceof NotOurs || signal.aborted) return;
      if (error instanceof PlaceTaken) {
        taken = error;
        continue;
      }
      isLost ||= error instanceof TopicLost;
      parts.onError(error);
      if (sending.hasSent) failures = 0;
      await rest(failures, signal);
    }
  }
}

/** From a stored place to the first failure. */
class Sending {
  hasSent = false;
  #acked: StoredPlace = { at: 'start', time: 0, offsets: [] };
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #unstored: StoredPlace | undefined;
  #storing: Promise<void> | undefined;
  #beatAt = 0;
  /** Whether events were sent since. */
  #isNews = false;
  #looking: 'no' | 'yes' | 'in vain' = 'no';
  #failed: (error: unknown) => void = () => undefined;
  #over = false;

  constructor(
    private readonly parts: SendingParts,
    private readonly holding: Holding,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<void> {
    const { log, onError } = this.parts;
    const place = await this.#begin();
    const packer = new Packer(place.time, this.parts.target);
    const failure = new Promise<never>((_resolve, reject) => (this.#failed = reject));
    const subscription: Subscription = log.follow(
      place.at,
      async (batch) => {
        // Its failure has been told to `run`, which stops all this.
        if (this.#over) return;
        const parcel = packer.pack(batch);
        const before = this.#tail;
        this.#inTurn(() => this.#send(parcel));
        await before;
      },
      {
        batchSize: BATCH,
        onError: (error) => (error instanceof PositionBeyondEnd ? this.#failed(error) : onError(error)),
      },
    );
    const beats = setInterval(() => this.#beat(), Math.min(SOON_MS, this.parts.heartbeatMs) / 4);
    try {
      await Promise.race([failure, aborted(this.signal)]);
    } finally {
      this.#over = true;
      clearInterval(beats);
      await subscription.stop();
      await this.#tail;
      await this.#storing;
    }
  }

  /** Where to go on from: the stored place, unless the topic is not what it was there. */
  async #begin(): Promise<StoredPlace> {
    const { messaging, places, target } = this.parts;
    const place = await places.claim(this.holding.epoch);
    const ends = await messaging.ends(target.topic).catch((error: unknown) => {
      throw error instanceof NoSuchTopic && place.at !== 'start'
        ? new TopicLost(target.topic, { cause: error })
        : error;
    });
    if (ends.length !== target.partitions) throw new WrongPartitions(target.topic, ends.length, target.partitions);
    this.#acked = place;
    this.#requireKept(ends);
    return place;
  }

  /** One after another; whatever goes wrong ends the run. */
  #inTurn(work: () => Promise<void>): void {
    this.#waiting += 1;
    this.#tail = this.#tail
      .then(() => (this.#over ? undefined : work()))
      .catch((error: unknown) => this.#failed(error))
      .finally(() => (this.#waiting -= 1));
  }

  /** The messages, heartbeats where they are due, and then the place. */
  async #send(parcel: Parcel): Promise<void> {
    const { places, target, counts } = this.parts;
    const { at, time, messages, steps } = parcel;
    if (steps.length > 0) await this.#untilDone(() => places.keepSteps(steps));
    if (messages.length > 0) this.#isNews = true;
    const isDue = parcel.isMarked || this.#isBeatDue();
    const beats = isDue ? heartbeatMessages({ position: positionOf(at), time }, target) : [];
    const offsets =
      messages.length + beats.length > 0 ? await this.#publish([...messages, ...beats]) : this.#acked.offsets;
    if (isDue) this.#hasBeaten();
    counts.events += messages.length;
    counts.time = time;
    this.#acked = { at, time, offsets };
    this.hasSent = true;
    this.#unstored = this.#acked;
    this.#storing ??= this.#storePlaces();
  }

  /** Beside the sending, one after another; of several that wait the last is enough. */
  async #storePlaces(): Promise<void> {
    const { places, onError } = this.parts;
    try {
      for (let place = this.#unstored; place !== undefined; place = this.#unstored) {
        this.#unstored = undefined;
        await untilDone(() => places.store(this.holding.epoch, place), { onError, signal: this.signal });
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#storing = undefined;
    }
  }

  #isBeatDue(): boolean {
    const { heartbeatMs } = this.parts;
    return performance.now() - this.#beatAt >= (this.#isNews ? Math.min(SOON_MS, heartbeatMs) : heartbeatMs);
  }

  #hasBeaten(): void {
    this.#beatAt = performance.now();
    this.#isNews = false;
  }

  /** Nothing more was written for a while: says so, and whether nothing was missed. */
  #beat(): void {
    if (this.#waiting > 0 || !this.#isBeatDue()) return;
    this.#inTurn(async () => {
      const { at, time } = this.#acked;
      const isIdle = !this.#isNews;
      this.#hasBeaten();
      if (at !== 'start') await this.#send({ messages: [], at, time, isMarked: true, steps: [] });
      if (isIdle) void this.#lookForMore(at);
    });
  }

  /** An idle subscription and one that has died look alike: only a read tells whether there is nothing more to send. */
  async #lookForMore(at: Place | 'start'): Promise<void> {
    const { log, counts, onError } = this.parts;
    if (this.#looking === 'yes') return;
    const before = this.#looking;
    this.#looking = 'yes';
    const asked = Date.now();
    try {
      const more = await log.readAll(at === 'start' ? at : positionOf(at), 1);
      if (more.length === 0) counts.completeAt = asked;
      this.#looking = 'no';
    } catch (error) {
      // Told once: it is asked every second, and the log that is followed tells of its outages too.
      if (before !== 'in vain') onError(error);
      this.#looking = 'in vain';
    }
  }

  /** Sends again until the brokers have all of it; rejects when the lease is lost or the topic has lost what it had. */
  async #publish(messages: readonly OutgoingMessage[]): Promise<readonly bigint[]> {
    const { messaging, target, onError } = this.parts;
    for (let failures = 0; ; failures += 1) {
      this.#requireOurs();
      try {
        if (failures > 0) this.#requireKept(await messaging.ends(target.topic));
        return this.#acknowledged(messages, await messaging.publish(target.topic, messages));
      } catch (error) {
        if (error instanceof NoSuchTopic) throw new TopicLost(target.topic, { cause: error });
        if (error instanceof TopicLost) throw error;
        onError(
          error instanceof MessagingUnavailable ? error : new Error('the brokers refuse a batch', { cause: error }),
        );
        await rest(failures, this.signal);
      }
    }
  }

  /** Offsets only ever grow; where one does not, the topic was emptied or made again. */
  #acknowledged(messages: readonly OutgoingMessage[], last: ReadonlyMap<number, bigint>): readonly bigint[] {
    const { topic, partitions } = this.parts.target;
    const counts = new Array<number>(partitions).fill(0);
    for (const { partition } of messages) counts[partition]! += 1;
    return counts.map((count, partition) => {
      const before = this.#acked.offsets[partition] ?? -1n;
      const offset = last.get(partition);
      if (offset === undefined) return before;
      if (offset - BigInt(count) < before) throw new TopicLost(topic);
      return offset;
    });
  }

  #requireKept(ends: readonly bigint[]): void {
    const lost = this.#acked.offsets.some((offset, partition) => (ends[partition] ?? 0n) <= offset);
    if (lost) throw new TopicLost(this.parts.target.topic);
  }

  #requireOurs(): void {
    if (this.signal.aborted || !this.holding.isOurs()) throw new NotOurs('the lease has run out');
  }

  #untilDone(work: () => Promise<void>): Promise<void> {
    const { onError } = this.parts;
    return untilDone(
      async () => {
        this.#requireOurs();
        await work();
      },
      { onError, signal: this.signal },
    );
  }
}

/** Again after a pause while the database cannot be asked. */
async function untilDone(
  work: () => Promise<void>,
  { onError, signal }: { onError: (error: unknown) => void; signal: AbortSignal },
): Promise<void> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NotOurs || error instanceof PlaceTaken || signal.aborted) throw error;
      onError(error);
      await rest(failures, signal);
    }
  }
}

async function rest(failures: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
