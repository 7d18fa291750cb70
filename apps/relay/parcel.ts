/**
 * From entries of the log to what is sent: the time of the log, which never steps back although the event store's clock may,
 * and the messages.
 */
import type { Position } from '#domain/envelope.js';
import type { LogEntry, Place } from '#event-store/eventstoredb/followed.js';
import { encode } from '#event-store/serialise.js';
import { eventMessage } from '#messaging/event-message.js';
import type { OutgoingMessage } from '#messaging/port.js';
import type { ClockStep } from './schema.js';

export interface Target {
  readonly topic: string;
  readonly partitions: number;
  /** The CloudEvents source of every message: a URI reference that names the log. */
  readonly source: string;
}

/** One batch of the log, ready to be sent. */
export interface Parcel {
  readonly messages: readonly OutgoingMessage[];
  /** Everything up to here is in the parcel or was sent before. */
  readonly at: Place;
  /** Log time there, UTC ms. */
  readonly time: number;
  /** Whether somebody waits to hear that a place between events was reached. */
  readonly isMarked: boolean;
  readonly steps: readonly ClockStep[];
}

export const positionOf = ({ commit }: Place): Position => String(commit) as Position;

/** Packs batches one after another, beginning at a place where the log time is known. */
export class Packer {
  #time: number;
  /** The stretch in which the store's clock is behind, while it lasts. */
  #step: { from: bigint; through: bigint; time: number } | undefined;

  constructor(
    time: number,
    private readonly target: Target,
  ) {
    this.#time = time;
  }

  pack(batch: readonly LogEntry[]): Parcel {
    const messages: OutgoingMessage[] = [];
    const steps = new Set<ClockStep>();
    let isMarked = false;
    for (const entry of batch) {
      if (entry.kind === 'checkpoint') continue;
      const behind = this.#stamp(entry);
      if (behind) steps.add(behind);
      if (entry.kind === 'mark') {
        isMarked = true;
        continue;
      }
      const { data, metadata } = entry.stored ?? encode(entry.envelope);
      messages.push(eventMessage({ envelope: entry.envelope, data, metadata, time: this.#time }, this.target));
    }
    return {
      messages,
      at: batch.at(-1)!.place,
      time: this.#time,
      isMarked,
      steps: [...steps].map((step) => ({ ...step })),
    };
  }

  /** Moves the time of the log on. The step that an entry lies in, if the store stamped it earlier than that. */
  #stamp(entry: Exclude<LogEntry, { kind: 'checkpoint' }>): ClockStep | undefined {
    const stamped = entry.kind === 'event' ? entry.envelope.recordedAt : entry.recordedAt;
    if (stamped >= this.#time) {
      this.#time = stamped;
      this.#step = undefined;
      return undefined;
    }
    const { commit } = entry.place;
    this.#step ??= { from: commit, through: commit, time: this.#time };
    this.#step.through = commit;
    return this.#step;
  }
}
