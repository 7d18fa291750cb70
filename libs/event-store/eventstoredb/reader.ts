/** Everything that is read once: pages of a stream and of `$all`. Subscriptions are in `follow.ts`. */
import type * as wire from '@eventstore/db-client/generated/streams_pb.js';
import type { Envelope } from '#domain/envelope.js';
import type { Connection } from './connection.js';
import type { Place } from './followed.js';
import { lostConnection, readFailure, silent } from './outcome.js';
import { CLOCK, allRequest, createdOf, envelopeOf, placeOf, streamOf, streamRequest, type Stored } from './wire.js';

const PAGE = 1_000;
/** Records of `$all` in one answer: few are wanted often, and between events stand marks and what is not ours. */
const FEW = 16;
const LARGEST_PAGE = 5_001;

/** An event, or a mark; the stamp of either, UTC ms. */
export interface Found {
  readonly event: Envelope | undefined;
  readonly recordedAt: number;
}

export class Reader {
  constructor(private readonly connection: Connection) {}

  /** Events of one stream, page by page; the next page is asked for while this one is decoded. */
  async *stream(stream: string, { from = 0, limit = Infinity } = {}): AsyncGenerator<Envelope> {
    if (stream === CLOCK) return;
    let next = from;
    let left = limit;
    const ask = (): Promise<readonly Stored[]> | undefined =>
      left > 0 ? this.page(streamRequest(stream, next, { count: Math.min(PAGE, left) })) : undefined;
    let page = ask();
    while (page) {
      const records = await page;
      const wasFull = records.length === Math.min(PAGE, left);
      next += records.length;
      left -= records.length;
      page = wasFull ? ask() : undefined;
      // A consumer that leaves early never looks at this page; one that stays is told of its failure by the await above.
      page?.catch(() => undefined);
      for (const record of records) yield eventOf(record, stream);
    }
  }

  /** Events `first` to `first + count - 1` of a stream, or as many of them as there are. */
  async range(stream: string, first: number, count: number): Promise<readonly Envelope[]> {
    const events: Envelope[] = [];
    for await (const event of this.stream(stream, { from: first, limit: count })) events.push(event);
    return events;
  }

  async head(stream: string): Promise<Envelope | undefined> {
    if (stream === CLOCK) return undefined;
    const record = await this.last(stream);
    return record && eventOf(record, stream);
  }

  /** The last record of any stream. */
  async last(stream: string): Promise<Stored | undefined> {
    return (await this.page(streamRequest(stream, 'end', { backwards: true, count: 1 })))[0];
  }

  /** Events of all streams after a place in the order of the log; fewer than `limit` means the end was reached. */
  async after(place: Place | 'start', limit: number): Promise<readonly Envelope[]> {
    const events: Envelope[] = [];
    await this.scan(place, limit, ({ event }) => void (event && events.push(event)));
    return events;
  }

  /** Tells of every event and mark after a place in the order of the log, until `limit` events were told of. */
  async scan(after: Place | 'start', limit: number, tell: (found: Found) => void): Promise<void> {
    let place = after;
    let left = limit;
    // The server begins at the place itself. Pages that hold little of ours are followed by larger ones.
    for (let least = FEW; left > 0; least *= 2) {
      const count = Math.min(LARGEST_PAGE, Math.max(least, left + 1));
      const page = await this.page(allRequest(place, { count }));
      for (const record of page) {
        if (place !== 'start' && placeOf(record).commit <= place.commit) continue;
        const stream = streamOf(record);
        const event = envelopeOf(record, stream);
        if (event) tell({ event, recordedAt: event.recordedAt });
        else if (stream === CLOCK) tell({ event, recordedAt: createdOf(record) });
        if (event && (left -= 1) === 0) return;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < count) return;
      place = placeOf(last);
    }
  }

  /** Place of the last record of the log, whatever it is. */
  async end(): Promise<Place | 'start'> {
    const [last] = await this.page(allRequest('end', { backwards: true, count: 1 }));
    return last ? placeOf(last) : 'start';
  }

  async isEmpty(): Promise<boolean> {
    return (await this.after('start', 1)).length === 0;
  }

  /** All records of one answer. Rejects with `StoreUnavailable` when the store is silent for the time limit or fails. */
  async page(request: wire.ReadReq): Promise<readonly Stored[]> {
    try {
      return await this.#page(request);
    } catch (error) {
      if (!lostConnection(error)) throw readFailure(error);
    }
    // The first call after an outage is often what finds the connection gone; the next one has a fresh one.
    return this.#page(request).catch((error: unknown) => {
      throw readFailure(error);
    });
  }

  async #page(request: wire.ReadReq): Promise<readonly Stored[]> {
    const call = await this.connection.read(request);
    const { timeoutMs } = this.connection;
    const records: Stored[] = [];
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(silent('no answer to a read', timeoutMs)), timeoutMs);
        call.on('data', (answer: wire.ReadResp) => {
          timer?.refresh();
          const record = answer.getEvent()?.getEvent();
          if (record) records.push(record);
        });
        call.on('end', resolve);
        call.on('error', reject);
        call.on('close', () => reject(new Error('the event store ended the call')));
      });
      return records;
    } catch (error) {
      call.cancel();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A stream of the product holds nothing else: a record that is no event of it is damage, and to skip it would hide it. */
export function eventOf(record: Stored, stream: string): Envelope {
  const event = envelopeOf(record, stream);
  if (event) return event;
  throw new Error(
    `${stream}: the record at revision ${record.getStreamRevision()} was not written by this product; look at who else writes to the event store`,
  );
}
