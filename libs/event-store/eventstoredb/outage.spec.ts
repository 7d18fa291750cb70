/** What a server can do to a store: each fault, what is told, and that nothing is lost or booked twice. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope, NewEvent } from '#domain/envelope.js';
import { collect, ids, sampleEvent, sampleEvents, until } from '#event-store/contract/subject.js';
import { openEventStoreDb, type EventStoreDb, type EventStoreDbOptions } from '#event-store/eventstoredb/store.js';
import { PositionBeyondEnd, StoreUnavailable, type ExpectedRevision } from '#event-store/port.js';
import { startStandIn, type StandIn } from '../../../test/support/eventstoredb/stand-in.js';

const STREAM = 'budget-A-2024';
/** Enough for a busy computer, and not long to wait for. */
const SHORT_MS = 400;

let dir: string;
let server: StandIn;
const stores: EventStoreDb[] = [];
const servers: StandIn[] = [];

const open = async (options: Partial<EventStoreDbOptions> = {}): Promise<EventStoreDb> => {
  const store = await openEventStoreDb({ url: server.url, onError: () => undefined, ...options });
  stores.push(store);
  return store;
};
const start = async (options: Parameters<typeof startStandIn>[0] = {}): Promise<StandIn> => {
  const started = await startStandIn(options);
  servers.push(started);
  return started;
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stand-in-'));
  server = await start({ dir });
});
afterEach(async () => {
  for (const one of servers) one.faults.none();
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await Promise.all(servers.splice(0).map((one) => one.stop()));
  await rm(dir, { recursive: true });
});

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

/** As the handler does: the same append until it is answered. */
async function persist(
  store: EventStoreDb,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<readonly Envelope[]> {
  for (;;) {
    try {
      return await store.append(stream, expected, events);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }
}

const UNKNOWN = { name: 'StoreUnavailable', outcome: 'unknown' };

describe('an append whose answer does not come', () => {
  it('is unknown after the time limit, and answered when it is asked again', async () => {
    const store = await open({ timeoutMs: SHORT_MS });
    server.faults.loseReplies(1);
    const events = sampleEvents(2);
    expect(await failureOf(store.append(STREAM, 'none', events))).toMatchObject(UNKNOWN);
    const again = await store.append(STREAM, 'none', events);
    expect(await collect(store.read(STREAM))).toEqual(again);
    expect(await store.append(STREAM, 1, [sampleEvent()])).toMatchObject([{ revision: 2 }]);
  });

  it('is unknown when its call ends, and with it all that were on the call', async () => {
    const store = await open();
    await store.append('budget-Z-2024', 'none', [sampleEvent()]);
    server.faults.endBatchAfter(5);
    const appends = Array.from({ length: 20 }, (_, index) => [`budget-U${index}-2024`, sampleEvents(2)] as const);
    const first = await Promise.allSettled(appends.map(([stream, events]) => store.append(stream, 'none', events)));
    const failed = first.filter((result) => result.status === 'rejected');
    expect(failed.length).toBeGreaterThanOrEqual(5);
    for (const { reason } of failed) expect(reason).toMatchObject(UNKNOWN);
    await Promise.all(appends.map(([stream, events]) => persist(store, stream, 'none', events)));
    expect(await store.readAll('start', 1_000)).toHaveLength(41);
  });

  it('may be answered twice', async () => {
    const store = await open();
    server.faults.repeatReplies(3);
    for (let revision = -1; revision < 2; revision += 1) {
      await store.append(STREAM, revision < 0 ? 'none' : revision, [sampleEvent()]);
    }
    expect(await collect(store.read(STREAM))).toHaveLength(3);
  });

  it('may be answered after its limit, when nobody waits any more', async () => {
    const store = await open({ timeoutMs: SHORT_MS });
    const release = server.faults.holdReplies();
    const event = sampleEvent();
    expect(await failureOf(store.append(STREAM, 'none', [event]))).toMatchObject(UNKNOWN);
    release();
    expect(ids(await store.append(STREAM, 'none', [event]))).toEqual([event.id]);
  });

  it('keeps no more than 128 on their way; what waits behind them was surely not written', async () => {
    const store = await open({ timeoutMs: SHORT_MS });
    const reader = await open();
    server.faults.holdReplies();
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => store.append(`budget-U${index}-2024`, 'none', [sampleEvent()])),
    );
    const outcomes = results.map((result) =>
      result.status === 'rejected' ? (result.reason as StoreUnavailable) : null,
    );
    expect(outcomes.filter((error) => error?.outcome === 'unknown')).toHaveLength(128);
    expect(outcomes.filter((error) => error?.outcome === 'refused')).toHaveLength(72);
    const written = new Set((await reader.readAll('start', 1_000)).map(({ stream }) => stream));
    expect(
      outcomes.filter((error, index) => error?.outcome === 'refused' && written.has(`budget-U${index}-2024`)),
    ).toEqual([]);
  });
});

describe('a server that is gone', () => {
  it.each(['answered', 'refused', 'silent'] as const)('is told, and found again: %s', async (how) => {
    const store = await open({ timeoutMs: SHORT_MS });
    const [first] = await store.append(STREAM, 'none', [sampleEvent()]);
    server.faults.unavailable(how);
    const event = sampleEvent();
    expect(await failureOf(store.append(STREAM, 0, [event]))).toMatchObject({ name: 'StoreUnavailable' });
    for (const asked of [
      store.head(STREAM),
      collect(store.read(STREAM)),
      store.readAll('start', 10),
      store.settled((first?.recordedAt ?? 0) - 1),
    ]) {
      expect(await failureOf(asked)).toBeInstanceOf(StoreUnavailable);
    }
    server.faults.none();
    expect(await persist(store, STREAM, 0, [event])).toMatchObject([{ id: event.id, revision: 1 }]);
    expect(await collect(store.read(STREAM))).toHaveLength(2);
  });

  it('was killed and is back: an exact repeat is answered as before', async () => {
    const store = await open();
    const events = sampleEvents(3);
    const appended = await store.append(STREAM, 'none', events);
    await server.restart();
    expect(await persist(store, STREAM, 'none', events)).toEqual(appended);
    expect(await persist(store, STREAM, 2, [sampleEvent()])).toMatchObject([{ revision: 3 }]);
  });

  it('is not there at all: opening says so', async () => {
    const gone = await startStandIn();
    await gone.stop();
    for (const url of [gone.url, `esdb://127.0.0.1:${gone.port},127.0.0.1:1?tls=false`]) {
      expect(await failureOf(open({ url, timeoutMs: SHORT_MS }))).toMatchObject({ outcome: 'refused' });
    }
    expect(await failureOf(open({ url: 'http://127.0.0.1' }))).toMatchObject({
      message: expect.stringContaining('esdb'),
    });
  });

  it('is not there yet, and opening does not mind: its calls say so until it is', async () => {
    server.faults.unavailable('refused');
    const store = await open({ mayBeAway: true, timeoutMs: SHORT_MS });
    const seen: Envelope[] = [];
    const subscription = store.subscribe('start', async (events) => void seen.push(...events));
    expect(await failureOf(store.head(STREAM))).toMatchObject({ outcome: 'refused' });
    server.faults.none();
    await persist(store, STREAM, 'none', sampleEvents(2));
    await until(() => seen.length === 2);
    await subscription.stop();
  });

  it('is not the leader any more: the append is unknown, the next goes to the leader', async () => {
    const store = await open();
    await store.append(STREAM, 'none', [sampleEvent()]);
    const leader = await start();
    const event = sampleEvent();
    server.faults.notLeader({ host: '127.0.0.1', port: leader.port });
    expect(await failureOf(store.append('budget-B-2024', 'none', [event]))).toMatchObject(UNKNOWN);
    expect(await persist(store, 'budget-B-2024', 'none', [event])).toMatchObject([{ id: event.id, revision: 0 }]);
    expect(ids(await collect((await open({ url: leader.url })).read('budget-B-2024')))).toEqual([event.id]);
  });

  it('takes only its own store with it', async () => {
    const other = await start();
    const [doomed, healthy] = [await open({ timeoutMs: SHORT_MS }), await open({ url: other.url })];
    server.faults.holdReplies();
    const lost = Promise.allSettled(
      sampleEvents(10).map((event, i) => doomed.append(`budget-U${i}-2024`, 'none', [event])),
    );
    const release = other.faults.holdReplies();
    const kept = sampleEvents(10).map((event, i) => healthy.append(`budget-U${i}-2024`, 'none', [event]));
    server.faults.unavailable('refused');
    await lost;
    release();
    expect(await Promise.all(kept)).toHaveLength(10);
  });
});

describe('a subscription', () => {
  it('comes back by itself after a kill, and misses nothing', async () => {
    const errors: unknown[] = [];
    const store = await open({ timeoutMs: SHORT_MS });
    const seen: Envelope[] = [];
    const subscription = store.subscribe('start', async (events) => void seen.push(...events), {
      onError: (error) => errors.push(error),
    });
    for (let round = 0; round < 3; round += 1) {
      for (const unit of ['A', 'B']) {
        const first = round === 0 ? 'none' : round * 20 - 1;
        await persist(store, `budget-${unit}-2024`, first, sampleEvents(20));
      }
      await until(() => seen.length >= 20 * round);
      await server.restart();
    }
    await until(() => seen.length >= 120);
    await subscription.stop();
    expect(ids(seen)).toEqual(ids(await store.readAll('start', 1_000)));
    expect(errors.length).toBeGreaterThan(0);
  });

  it('waits for a server that is silent, and goes on where it was', async () => {
    const store = await open({ timeoutMs: SHORT_MS });
    const seen: Envelope[] = [];
    const subscription = store.subscribe('start', async (events) => void seen.push(...events));
    await store.append(STREAM, 'none', sampleEvents(3));
    await until(() => seen.length === 3);
    server.faults.unavailable('silent');
    const late = persist(store, STREAM, 2, sampleEvents(2));
    server.faults.none();
    await late;
    await until(() => seen.length === 5);
    await subscription.stop();
    expect(seen.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
  });

  it('stops at once, however silent the server is', async () => {
    const store = await open({ timeoutMs: 600_000 });
    await store.append(STREAM, 'none', [sampleEvent()]);
    server.faults.unavailable('silent');
    const subscription = store.subscribe('start', async () => undefined);
    await new Promise(setImmediate);
    await subscription.stop();
  });

  it('is told when the store was emptied while it was away, and delivers nothing', async () => {
    const forgetful = await start();
    const store = await open({ url: forgetful.url });
    await store.append(STREAM, 'none', sampleEvents(5));
    const seen: Envelope[] = [];
    const errors: unknown[] = [];
    const subscription = store.subscribe('start', async (events) => void seen.push(...events), {
      onError: (error) => errors.push(error),
    });
    await until(() => seen.length === 5);
    await forgetful.restart();
    await until(() => errors.some((error) => error instanceof PositionBeyondEnd));
    await persist(store, STREAM, 'none', [sampleEvent()]);
    await subscription.stop();
    expect(seen).toHaveLength(5);
  });

  it('says again and again that it was given a place inside an event', async () => {
    const store = await open();
    const [first] = await store.append(STREAM, 'none', sampleEvents(2));
    const inside = { commit: BigInt(first?.position ?? 0) + 1n, prepare: BigInt(first?.position ?? 0) + 1n };
    const errors: Error[] = [];
    const following = store.follow(inside, async () => undefined, { onError: (error) => errors.push(error as Error) });
    await until(() => errors.length >= 2);
    await following.stop();
    expect(errors.map(({ message }) => message)).toEqual(errors.map(() => expect.stringContaining('another log')));
  });

  it('lives on when the one it tells of failures fails itself', async () => {
    const store = await open();
    await store.append(STREAM, 'none', [sampleEvent()]);
    let calls = 0;
    const subscription = store.subscribe(
      'start',
      async () => {
        calls += 1;
        if (calls === 1) throw new Error('no');
      },
      {
        onError: () => {
          throw new Error('nor here');
        },
      },
    );
    await until(() => calls === 2);
    await subscription.stop();
  });
});
