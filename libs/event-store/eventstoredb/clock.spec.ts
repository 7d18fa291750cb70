/** What is known to be past: marks, who shares them, and clocks that disagree. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sampleEvent } from '#event-store/contract/subject.js';
import { Appender } from '#event-store/eventstoredb/appender.js';
import { Connection } from '#event-store/eventstoredb/connection.js';
import { Reader } from '#event-store/eventstoredb/reader.js';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { streamRequest, type Stored } from '#event-store/eventstoredb/wire.js';
import { FutureInstant } from '#event-store/port.js';
import { startStandIn, type StandIn } from '../../../test/support/eventstoredb/stand-in.js';

const STREAM = 'budget-A-2024';

let server: StandIn;
let connection: Connection;
/** Of this computer, as it is given to the stores; the server's is `server.clock`. */
let now: number;
const stores: EventStoreDb[] = [];

const open = async (): Promise<EventStoreDb> => {
  const store = await openEventStoreDb({ url: server.url, clock: () => now });
  stores.push(store);
  return store;
};
const setBoth = (instant: number): void => {
  now = instant;
  server.clock!.now = instant;
};
const recordsOf = (stream: string): Promise<readonly Stored[]> =>
  new Reader(connection).page(streamRequest(stream, 0, { count: 100 }));

beforeEach(async () => {
  server = await startStandIn({ clock: { now: 0 } });
  setBoth(1_000);
  connection = new Connection(server.url, 5_000, () => undefined);
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await connection.close();
  await server.stop();
});

describe('a mark', () => {
  it('is not made for a log without events, nor for an instant that is not past', async () => {
    const store = await open();
    expect(await store.settled(999)).toBe('start');
    await expect(store.settled(1_000)).rejects.toBeInstanceOf(FutureInstant);
    await store.append(STREAM, 'none', [sampleEvent()]);
    await expect(store.settled(1_000)).rejects.toBeInstanceOf(FutureInstant);
    expect(await recordsOf('clock')).toEqual([]);
  });

  it('is shared by all who ask at the same time, and by all who ask for an earlier instant later', async () => {
    const [store, other] = [await open(), await open()];
    await store.append(STREAM, 'none', [sampleEvent()]);
    setBoth(2_000);
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => store.settled(1_900 + index)));
    expect(new Set(answers).size).toBe(1);
    setBoth(3_000);
    expect(await store.settled(1_950)).toBe(answers[0]);
    expect(await other.settled(1_950)).toBe(answers[0]);
    expect(await recordsOf('clock')).toHaveLength(1);
    expect(store.order(await other.settled(2_500))).toBeGreaterThan(store.order(answers[0] ?? 'start'));
    expect(await recordsOf('clock')).toHaveLength(2);
  });

  it('is made once by many processes that ask at the same time, or a few', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, open));
    await all[0]?.append(STREAM, 'none', [sampleEvent()]);
    setBoth(2_000);
    const answers = await Promise.all(all.map((store) => store.settled(1_999)));
    expect((await recordsOf('clock')).length).toBeLessThanOrEqual(4);
    const [event] = (await all[0]?.append(STREAM, 0, [sampleEvent()])) ?? [];
    for (const answer of answers) {
      expect(BigInt(answer)).toBeLessThan(BigInt(event?.position ?? 0));
    }
  });

  it('is one of a few that are kept', async () => {
    const store = await open();
    await store.append(STREAM, 'none', [sampleEvent()]);
    for (let instant = 2_000; instant < 2_030; instant += 1) {
      setBoth(instant);
      await store.settled(instant - 1);
    }
    expect(await recordsOf('clock')).toHaveLength(16);
    const later = await open();
    setBoth(3_000);
    expect(store.order(await later.settled(2_028))).toBe(store.order(await store.settled(2_028)));
  });

  it('is empty', async () => {
    const store = await open();
    await store.append(STREAM, 'none', [sampleEvent()]);
    setBoth(2_000);
    await store.settled(1_999);
    const [mark] = await recordsOf('clock');
    expect(mark?.getMetadataMap().get('type')).toBe('ClockRead');
    expect(Buffer.from(mark?.getData_asU8() ?? []).toString()).toBe('{}');
  });
});

describe('a server whose clock is behind', () => {
  it('by little: the answer waits until the instant is past there too', async () => {
    const store = await open();
    await store.append(STREAM, 'none', [sampleEvent()]);
    server.clock!.now = 1_900;
    now = 2_000;
    const asking = store.settled(1_950);
    const ticking = setInterval(() => (server.clock!.now += 10), 1);
    const position = await asking;
    clearInterval(ticking);
    const [event] = await store.append(STREAM, 0, [sampleEvent()]);
    expect(event?.recordedAt).toBeGreaterThan(1_950);
    expect(store.order(position)).toBeLessThan(store.order(event?.position ?? 'start'));
  });

  it('by much: the instant is not past by the only clock that counts', async () => {
    const store = await open();
    await store.append(STREAM, 'none', [sampleEvent()]);
    now = 100_000;
    const refused = await store.settled(50_000).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FutureInstant);
    expect(refused).toMatchObject({ instant: 50_000, now: 1_000 });
  });

  it('because it stepped back: what was settled stays so', async () => {
    const store = await open();
    await store.append(STREAM, 'none', [sampleEvent()]);
    setBoth(5_000);
    const settled = await store.settled(4_000);
    setBoth(3_000);
    await store.append(STREAM, 0, [sampleEvent()]);
    expect(await store.settled(2_900)).toBe(settled);
  });
});

it('a stream of marks that somebody else began is gone on with', async () => {
  await new Appender(connection).append('clock', 'none', [
    { id: randomUUID(), type: 'ClockRead', data: '{}', metadata: '' },
  ]);
  const store = await open();
  await store.append(STREAM, 'none', [sampleEvent()]);
  setBoth(2_000);
  await store.settled(1_999);
  expect(await recordsOf('clock')).toHaveLength(2);
});
