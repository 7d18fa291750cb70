/**
 * What an append stored, read again: the server's answer names neither the time nor the places of the events before the
 * last, and for a repeat not even whether what is stored is what was sent.
 *
 * A read of its own for every append costs more than the append. Most hold one event, whose place the answer names; those
 * that wait at the same time lie side by side in the log, so one page of `$all` serves them all.
 */
import type { Envelope } from '#domain/envelope.js';
import { StoreUnavailable } from '../port.js';
import type { Reader } from './reader.js';
import { envelopeOf, placeOf, streamOf } from './wire.js';

export interface AppendedRange {
  readonly stream: string;
  readonly first: number;
  readonly count: number;
  /** Commit position of the last of them. */
  readonly commit: bigint;
}

interface Wanted {
  readonly range: AppendedRange;
  readonly resolve: (events: readonly Envelope[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Records of others and later ones of our own stand between those that are wanted. */
const SPARE = 8;
const LARGEST_PAGE = 256;

export class ReadBack {
  #wanted: Wanted[] = [];
  #reading = false;

  constructor(private readonly reader: Reader) {}

  /** The events of a range that is stored. Rejects with `StoreUnavailable`. */
  async of(range: AppendedRange): Promise<readonly Envelope[]> {
    if (range.count > 1) return this.#alone(range);
    return new Promise((resolve, reject) => {
      this.#wanted.push({ range, resolve, reject });
      void this.#read();
    });
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#wanted.length > 0) {
      const wanted = this.#wanted.splice(0);
      try {
        this.#wanted.push(...(await this.#page(wanted)));
      } catch (error) {
        for (const { reject } of wanted) reject(error);
      }
    }
    this.#reading = false;
  }

  /** Answers what one page holds, and gives back the rest. */
  async #page(wanted: readonly Wanted[]): Promise<readonly Wanted[]> {
    const byCommit = new Map<bigint, Wanted[]>();
    for (const one of wanted) byCommit.set(one.range.commit, [...(byCommit.get(one.range.commit) ?? []), one]);
    const commit = [...byCommit.keys()].reduce((least, other) => (other < least ? other : least));
    const count = Math.min(LARGEST_PAGE, wanted.length + SPARE);
    for (const record of await this.reader.from({ commit, prepare: commit }, count)) {
      const place = placeOf(record);
      const found = byCommit.get(place.commit);
      if (found === undefined) continue;
      byCommit.delete(place.commit);
      const stream = streamOf(record);
      const event = envelopeOf(record, stream);
      for (const one of found) {
        if (event && stream === one.range.stream && event.revision === one.range.first) one.resolve([event]);
        else this.#alone(one.range).then(one.resolve, one.reject);
      }
    }
    // The first of them is where the page began: if it is not there, it will not be on the next page either.
    for (const one of byCommit.get(commit) ?? []) this.#alone(one.range).then(one.resolve, one.reject);
    byCommit.delete(commit);
    return [...byCommit.values()].flat();
  }

  async #alone({ stream, first, count }: AppendedRange): Promise<readonly Envelope[]> {
    const events = await this.reader.range(stream, first, count);
    if (events.length === count) return events;
    const message = `${stream}: ${count} events were stored from revision ${first}, ${events.length} can be read`;
    throw new StoreUnavailable('unknown', { cause: new Error(message) });
  }
}
