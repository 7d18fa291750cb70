/** What the relay sees of the log, and what of it is no event of the product. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Envelope, Position } from '#domain/envelope.js';
import { canonicalJson } from '#event-store/canonical.js';
import { collect, ids, sampleEvent, sampleEvents, until } from '#event-store/contract/subject.js';
import { Appender } from '#event-store/eventstoredb/appender.js';
import { Connection } from '#event-store/eventstoredb/connection.js';
import type { LogEntry, Place } from '#event-store/eventstoredb/followed.js';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { startStandIn, type StandIn } from '../../../test/support/eventstoredb/stand-in.js';

const STREAM = 'budget-A-2024';

let server: StandIn;
let store: EventStoreDb;
let connection: Connection;
/** Writes what the adapter would not: streams of the server and of other programs. */
let raw: Appender;

beforeEach(async () => {
  server = await startStandIn({ clock: { now: 1_000 } });
  store = await openEventStoreDb({ url: server.url, clock: () => server.clock?.now ?? 0 });
  connection = new Connection(server.url, 5_000, () => undefined);
  raw = new Appender(connection);
});
afterEach(async () => {
  await store.close();
  await connection.close();
  await server.stop();
});

const other = (count: number, type = 'Noise') =>
  Array.from({ length: count }, () => ({ id: randomUUID(), type, data: '{}', metadata: '' }));

/** Entries from a place on, until `enough`. */
async function entries(after: Place | 'start', enough: (seen: readonly LogEntry[]) => boolean): Promise<LogEntry[]> {
  const seen: LogEntry[] = [];
  const following = store.follow(after, async (batch) => void seen.push(...batch));
  await until(() => enough(seen));
  await following.stop();
  return seen;
}

const envelopes = (seen: readonly LogEntry[]): Envelope[] =>
  seen.flatMap((entry) => (entry.kind === 'event' ? [entry.envelope] : []));

describe('what is no event of the product', () => {
  it('is hidden: system streams, metadata, marks, and streams of other programs in the same cluster', async () => {
    const first = await store.append(STREAM, 'none', [sampleEvent()]);
    await raw.append('$settings', 'none', other(3));
    await raw.append('$$other-program', 'none', other(1, '$metadata'));
    await raw.append('other-program', 'none', other(3));
    server.clock!.now = 2_000;
    await store.settled(1_999);
    const second = await store.append(STREAM, 0, [sampleEvent()]);
    const all = [...first, ...second];
    const seen: Envelope[] = [];
    const subscription = store.subscribe('start', async (events) => void seen.push(...events));
    await until(() => seen.length >= 2);
    await subscription.stop();
    expect(seen).toEqual(all);
    expect(await store.readAll('start', 100)).toEqual(all);
    expect(await store.readAll('start', 1)).toEqual(first);
    expect(await store.readAll(first[0]?.position ?? 'start', 1)).toEqual(second);
    expect(await collect(store.read('clock'))).toEqual([]);
    expect(await store.head('clock')).toEqual({ revision: 'none' });
    await expect(store.append('clock', 'none', [sampleEvent()])).rejects.toBeInstanceOf(TypeError);
  });

  it('is found behind many records of others', async () => {
    for (let page = 0; page < 4; page += 1)
      await raw.append('other-program', page ? page * 500 - 1 : 'none', other(500));
    const appended = await store.append(STREAM, 'none', sampleEvents(2));
    expect(await store.readAll('start', 10)).toEqual(appended);
    expect(envelopes(await entries('start', (seen) => envelopes(seen).length === 2))).toEqual(appended);
  });

  it('in a stream of the product is damage, and told', async () => {
    await store.append(STREAM, 'none', [sampleEvent()]);
    await raw.append(STREAM, 0, other(1));
    await expect(collect(store.read(STREAM))).rejects.toThrow(
      'the record at revision 1 was not written by this product',
    );
    await expect(store.head(STREAM)).rejects.toThrow('budget-A-2024');
  });
});

describe('following', () => {
  it('gives events and marks in the order of the log', async () => {
    const [first] = await store.append(STREAM, 'none', [sampleEvent()]);
    server.clock!.now = 2_000;
    const mark = await store.settled(1_500);
    const [second] = await store.append(STREAM, 0, [sampleEvent()]);
    const seen = await entries('start', (so) => envelopes(so).length === 2);
    expect(seen.filter(({ kind }) => kind !== 'checkpoint')).toEqual([
      { kind: 'event', place: placeAt(first?.position), envelope: first, stored: textsOf(first) },
      { kind: 'mark', place: placeAt(mark as Position), recordedAt: 2_000 },
      { kind: 'event', place: placeAt(second?.position), envelope: second, stored: textsOf(second) },
    ]);
  });

  it('names places where nothing of ours was written, and goes on from there with both halves', async () => {
    const before = await store.append(STREAM, 'none', [sampleEvent()]);
    for (let page = 0; page < 6; page += 1) await raw.append('$noise', page ? page * 500 - 1 : 'none', other(500));
    const isBehind = ({ kind, place }: LogEntry): boolean =>
      kind === 'checkpoint' && place.commit > BigInt(before[0]?.position ?? 0);
    const seen = await entries('start', (so) => so.some(isBehind));
    const checkpoint = seen.find(isBehind) as LogEntry;
    expect(checkpoint.place.prepare).not.toBe(checkpoint.place.commit);
    const after = await store.append(STREAM, 0, [sampleEvent()]);
    expect(envelopes(await entries(checkpoint.place, (so) => envelopes(so).length > 0))).toEqual(after);
  });

  it('gives the next batch when the last is done, never more than asked', async () => {
    const events = sampleEvents(300);
    await store.append(STREAM, 'none', events);
    let running = 0;
    const sizes: number[] = [];
    const seen: LogEntry[] = [];
    const following = store.follow(
      'start',
      async (batch) => {
        expect((running += 1)).toBe(1);
        await new Promise(setImmediate);
        sizes.push(batch.length);
        seen.push(...batch);
        running -= 1;
      },
      { batchSize: 7 },
    );
    await until(() => envelopes(seen).length === 300);
    await following.stop();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(7);
    expect(ids(envelopes(seen))).toEqual(ids(events));
  });

  it('delivers nothing more once it is stopped', async () => {
    let calls = 0;
    const following = store.follow('start', async () => void (calls += 1), { batchSize: 1 });
    await store.append(STREAM, 'none', sampleEvents(50));
    await until(() => calls > 0);
    await following.stop();
    const stopped = calls;
    await store.append(STREAM, 49, sampleEvents(50));
    await entries('start', (seen) => envelopes(seen).length === 100);
    expect(calls).toBe(stopped);
  });

  it('tells the whole batch again when its handler rejects', async () => {
    await store.append(STREAM, 'none', sampleEvents(4));
    const tries: string[][] = [];
    const following = store.follow(
      'start',
      async (batch) => {
        tries.push(ids(envelopes(batch)));
        if (tries.length < 3) throw new Error('the broker is away');
      },
      { batchSize: 2, onError: () => undefined },
    );
    await until(() => tries.length >= 4);
    await following.stop();
    expect(tries.slice(0, 3)).toEqual([tries[0], tries[0], tries[0]]);
  });
});

/** Exactly the stored texts, whatever an envelope makes of them. */
const textsOf = (event: Envelope | undefined): unknown => {
  const { effectiveDate, version, meta, data } = event as Envelope;
  return expect.objectContaining({
    data: canonicalJson(data),
    metadata: canonicalJson({ ...meta, effectiveDate, version }),
  });
};

const placeAt = (position: Position | undefined): Place => ({
  commit: BigInt(position ?? -1),
  prepare: BigInt(position ?? -1),
});
