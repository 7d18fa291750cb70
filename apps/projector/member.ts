/** A member of the group that shares the partitions of the log: one projector for each partition that it has. */
import type { DataSource } from 'typeorm';
import type { Envelope } from '#domain/envelope.js';
import { partitionOf } from '#messaging/partition.js';
import type { Batch, Consumer, Messaging } from '#messaging/port.js';
import type { UnreadableMessage } from '#messaging/event-message.js';
import type { PartitionProgress } from '#platform/metrics.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { partitionNamed, type Partitions } from '#read-model/projections/partitions.js';
import { createProjector } from '#read-model/projections/projector.js';
import { isPassing } from './failures.js';
import { Seat } from './seat.js';

export const PROJECTIONS_GROUP = 'budget.projections';

/** The partitions of the topic as the read models know them. */
export function topicPartitions(count: number): Partitions {
  const names = Array.from({ length: count }, (_, partition) => nameOf(partition));
  return { names, of: (stream) => nameOf(partitionOf(stream, count)) };
}

const nameOf = (partition: number): string => `p${partition}`;

export interface MemberOptions {
  readonly messaging: Messaging;
  readonly topic: string;
  readonly group: string;
  readonly dataSource: DataSource;
  /** With the log's time: see `loggedTime`. */
  readonly log: LogReader;
  readonly partitions: Partitions;
  /** UTC ms. */
  readonly clock: () => number;
  /** What passes by itself: outages, batches that come again. */
  readonly onError: (error: unknown) => void;
  /** A message that is skipped; the event is read from the log. */
  readonly onUnreadable: (error: UnreadableMessage) => void;
  /** Told of what is in the read models now, with the name of its partition. */
  readonly onProjected?: (events: readonly Envelope[], partition: string) => void;
  /** Nothing can be done any more: the process should end. */
  readonly onFatal: (error: unknown) => void;
}

export class Member {
  readonly #seats = new Map<number, Seat>();
  readonly #failing = new Map<number, unknown>();
  #consumer: Consumer | undefined;
  #joined = false;
  /** Of each partition, when the broker last told. */
  #ends: readonly bigint[] = [];

  constructor(private readonly options: MemberOptions) {}

  /** Joins; what it is given comes later. The read models have been prepared for the partitions. */
  async join(): Promise<void> {
    const { messaging, topic, group, onError, onFatal } = this.options;
    this.#consumer = await messaging.consume({
      topic,
      group,
      handler: (batch) => this.#take(batch),
      onAssigned: (partitions) => this.#assigned(partitions),
      onError,
      onFatal,
    });
  }

  async leave(): Promise<void> {
    await this.#consumer?.stop();
    this.#joined = false;
  }

  /** Rejects before partitions were given out. Having none is well: there may be more members than partitions. */
  async requireJoined(): Promise<void> {
    if (!this.#joined) throw new Error('no partitions have been given out yet');
  }

  /** Rejects where a partition fails, or has been behind for longer than `longestMs`. */
  async requireFresh(longestMs: number): Promise<void> {
    for (const [partition, error] of this.#failing) throw new Error(`${nameOf(partition)} fails`, { cause: error });
    const late = (await this.progress()).filter(({ lagSeconds }) => lagSeconds * 1_000 > longestMs);
    if (late.length === 0) return;
    const told = late.map(({ partition, lagSeconds }) => `${partition} by ${Math.round(lagSeconds)} s`);
    throw new Error(`behind what was sent: ${told.join(', ')}`);
  }

  /**
   * Of the partitions that this member has. Messages count as events: heartbeats are few. While no broker answers, against
   * what there was when one did.
   */
  async progress(): Promise<readonly PartitionProgress[]> {
    if (this.#seats.size === 0) return [];
    const { messaging, topic, clock, onError } = this.options;
    try {
      this.#ends = await messaging.ends(topic);
    } catch (error) {
      onError(error);
    }
    const ends = this.#ends;
    return [...this.#seats].map(([partition, { events, next, place }]) => {
      const lagEvents = Math.max(0, Number((ends[partition] ?? 0n) - (next ?? 0n)));
      // Before the first message it is not known how far the group was.
      const isBehind = next !== undefined && lagEvents > 0;
      const lagSeconds = isBehind ? Math.max(0, (clock() - place.recordedAt) / 1_000) : 0;
      return { partition: nameOf(partition), lagEvents: isBehind ? lagEvents : 0, lagSeconds, events };
    });
  }

  async #assigned(partitions: readonly number[]): Promise<void> {
    for (const partition of this.#seats.keys()) {
      if (partitions.includes(partition)) continue;
      this.#seats.delete(partition);
      this.#failing.delete(partition);
    }
    await this.#orFatal(async () => {
      for (const partition of partitions) {
        if (!this.#seats.has(partition)) this.#seats.set(partition, await this.#open(partition));
      }
    });
    this.#joined = true;
  }

  async #open(partition: number): Promise<Seat> {
    const { dataSource, log, partitions, onUnreadable, onProjected } = this.options;
    const own = partitionNamed(partitions, nameOf(partition));
    const projector = await createProjector({ dataSource, log, partition: own });
    const told = onProjected && ((events: readonly Envelope[]) => onProjected(events, nameOf(partition)));
    return new Seat({ projector, log, owns: own.owns, onUnreadable, ...(told && { onProjected: told }) });
  }

  async #take(batch: Batch): Promise<void> {
    const { partition } = batch;
    const seat = this.#seats.get(partition);
    // It was given to another while this came: that one takes it.
    if (seat === undefined) throw new Error(`partition ${partition} is not ours`);
    try {
      await this.#orFatal(() => seat.take(batch));
      this.#failing.delete(partition);
    } catch (error) {
      if (batch.isOurs()) this.#failing.set(partition, error);
      throw error;
    }
  }

  async #orFatal(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isPassing(error)) this.options.onFatal(error);
      throw error;
    }
  }
}
