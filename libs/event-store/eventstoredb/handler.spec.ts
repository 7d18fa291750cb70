/** The handler over EventStoreDB, several of them on one log as several ledger processes are. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { civilDate } from '#domain/calendar.js';
import { accept, reject, type Decider } from '#domain/decider.js';
import type { DomainEvent, Envelope } from '#domain/envelope.js';
import { collect } from '#event-store/contract/subject.js';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { createHandler, type Handler, type Outcome } from '#event-store/handler.js';
import { StoreUnavailable } from '#event-store/port.js';
import { startStandIn, type StandIn } from '../../../test/support/eventstoredb/stand-in.js';

/** Takes are recorded only as far as there is something. */
type Moved = DomainEvent<'Moved', { readonly amount: number }>;
type Empty = { readonly code: 'PURSE_EMPTY'; readonly total: number };
const purse: Decider<{ total: number }, { readonly amount: number; readonly times: number }, Moved, Empty> = {
  initialState: () => ({ total: 0 }),
  evolve: (state, { data }) => {
    state.total += data.amount;
    return state;
  },
  decide: ({ amount, times }, { total }) =>
    total + times * amount < 0
      ? reject({ code: 'PURSE_EMPTY', total })
      : accept<Moved>(
          ...Array.from({ length: times }, (): Moved => {
            return { type: 'Moved', effectiveDate: civilDate('2024-06-28'), data: { amount } };
          }),
        ),
  versions: { Moved: 1 },
  upcast: (_, __, data) => data,
};

const NAMESPACE = '6f1f6d0e-3c43-5b0b-8a43-6f0a5b7f4c11';
const PROCESSES = 4;
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));

let server: StandIn;
let stores: EventStoreDb[];
let handlers: Handler[];

beforeEach(async () => {
  server = await startStandIn();
  stores = await Promise.all(
    Array.from({ length: PROCESSES }, () => openEventStoreDb({ url: server.url, timeoutMs: 1_000, onError: () => {} })),
  );
  handlers = stores.map((store) => createHandler({ store, unknownPausesMs: [5, 20, 50, 100, 200, 400] }));
});
afterEach(async () => {
  server.faults.none();
  await Promise.all(stores.map((store) => store.close()));
  await server.stop();
});

type Result = Outcome<Moved, Empty>;

function move(by: number, stream: string, key: string, amount: number, times = 1): Promise<Result> {
  const commandId = uuidv5(`${stream} ${key}`, NAMESPACE);
  const meta = { commandId, actor: { id: 'clerk' }, requestHash: `${amount} ${times}`, correlationId: key };
  return (handlers[by] as Handler).handle(stream, purse, { amount, times }, { meta });
}

/** As a caller does who was told that nobody knows, or that the store is away. */
async function insist(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }
}

const read = (stream: string): Promise<Envelope[]> => collect((stores[0] as EventStoreDb).read(stream));
const amounts = async (stream: string): Promise<number[]> =>
  (await read(stream)).map(({ data }) => (data as Moved['data']).amount);

/** Every command that was done is there once and whole, and what was refused is not. */
async function checkBooks(stream: string, answers: readonly Result[]): Promise<void> {
  const events = await read(stream);
  let total = 0;
  for (const [index, event] of events.entries()) {
    expect(event.revision).toBe(index);
    total += (event.data as Moved['data']).amount;
    expect(total).toBeGreaterThanOrEqual(0);
  }
  const done = answers.flatMap((answer) => (answer.kind === 'done' ? [answer.events] : []));
  const stored = new Map(events.map((event) => [event.id, event]));
  for (const answered of done) for (const event of answered) expect(stored.get(event.id)).toEqual(event);
  expect(new Set(done.flat().map(({ id }) => id)).size).toBe(events.length);
}

describe(`several ledgers on one store (FAULT_SEED=${seed})`, () => {
  const chance = chanceFrom(seed);

  it('book every command once, however often and to whomever it is sent', async () => {
    const streams = ['purse-A', 'purse-B', 'purse-C'];
    for (const stream of streams) await move(0, stream, 'open', 100);
    const sent = new Map(streams.map((stream) => [stream, [] as Promise<Result>[]]));
    for (let key = 0; key < 150; key += 1) {
      const stream = streams[chance(3)] as string;
      const [amount, times] = [chance(11) - 6, 1 + chance(3)];
      for (let copy = 0; copy < 2; copy += 1) {
        sent.get(stream)?.push(move(chance(PROCESSES), stream, `k${key}`, amount, times));
      }
      if (chance(8) === 0) await sent.get(stream)?.at(-1);
    }
    for (const stream of streams) {
      const opened = await move(1, stream, 'open', 100);
      await checkBooks(stream, [opened, ...(await Promise.all(sent.get(stream) ?? []))]);
    }
  });

  it('take turns on one stream: all get through, in an order that all agree on', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => move(index % PROCESSES, 'purse-A', `k${index}`, 1)),
    );
    expect(answers.map(({ kind }) => kind)).toEqual(answers.map(() => 'done'));
    await checkBooks('purse-A', answers);
    const totals = await Promise.all(handlers.map((handler) => handler.load('purse-A', purse)));
    expect(totals.map(({ revision }) => revision)).toEqual(handlers.map(() => 199));
  });

  it('decide on what the others wrote, one after another too', async () => {
    for (let index = 0; index < 40; index += 1) {
      expect(await move(index % PROCESSES, 'purse-A', `in${index}`, 1)).toMatchObject({
        kind: 'done',
        revision: index,
      });
    }
    for (let index = 0; index < 40; index += 1) {
      expect(await move(index % PROCESSES, 'purse-A', `out${index}`, -1)).toMatchObject({ kind: 'done' });
    }
    expect(await move(3, 'purse-A', 'too much', -1)).toEqual({
      kind: 'rejected',
      rejection: { code: 'PURSE_EMPTY', total: 0 },
    });
  });

  it('lose no revision to a rival after the first, when they do not meet at the same moment', async () => {
    let conflicts = 0;
    const counting = stores.map((store) =>
      createHandler({
        store: {
          ...store,
          append: (...request) =>
            store.append(...request).catch((error: unknown) => {
              conflicts += 1;
              throw error;
            }),
        },
      }),
    );
    handlers = counting;
    for (let index = 0; index < 20; index += 1) await move(index % 2, 'purse-A', `k${index}`, 1);
    expect(conflicts).toBeLessThanOrEqual(2);
    expect(await amounts('purse-A')).toHaveLength(20);
  });
});

describe('a command', () => {
  it('whose answer is lost after it was stored is booked once', async () => {
    server.faults.loseReplies(1, 'ended');
    expect(await move(0, 'purse-A', 'a', 5)).toMatchObject({ kind: 'done', replayed: false, revision: 0 });
    server.faults.loseReplies(1, 'silent');
    expect(await move(0, 'purse-A', 'b', 5)).toMatchObject({ kind: 'done', replayed: false, revision: 1 });
    expect(await amounts('purse-A')).toEqual([5, 5]);
  });

  it('whose answer is lost, while another ledger goes on with the stream, is booked once', async () => {
    await move(0, 'purse-A', 'a', 5);
    server.faults.loseReplies(1, 'silent');
    const lost = move(0, 'purse-A', 'b', 7);
    while ((await amounts('purse-A')).length < 2) await new Promise(setImmediate);
    await move(1, 'purse-A', 'c', 9);
    expect(await lost).toMatchObject({ kind: 'done', revision: 1 });
    expect(await amounts('purse-A')).toEqual([5, 7, 9]);
  });

  it('is not lost nor doubled while the server is away for a while, comes back, and is killed', async () => {
    for (const how of ['answered', 'refused', 'silent'] as const) {
      server.faults.unavailable(how);
      const asked = Array.from({ length: 12 }, (_, index) =>
        insist(() => move(index % PROCESSES, 'purse-A', `${how}${index}`, 1)),
      );
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 50)), ...asked]);
      server.faults.none();
      expect((await Promise.all(asked)).map(({ kind }) => kind)).toEqual(asked.map(() => 'done'));
    }
    expect(await amounts('purse-A')).toHaveLength(36);
  });

  it('goes to the leader when the server is none any more', async () => {
    const leader = await startStandIn();
    server.faults.notLeader({ host: '127.0.0.1', port: leader.port });
    expect(await move(0, 'purse-A', 'a', 5)).toMatchObject({ kind: 'done', revision: 0 });
    expect(await move(0, 'purse-A', 'b', 5)).toMatchObject({ kind: 'done', revision: 1 });
    const reader = await openEventStoreDb({ url: leader.url });
    expect(await collect(reader.read('purse-A'))).toHaveLength(2);
    await reader.close();
    await stores[0]?.close();
    await leader.stop();
  });

  it('of an unreachable store is told so, and nothing of it is written later', async () => {
    handlers = stores.map((store) => createHandler({ store, unknownPausesMs: [1] }));
    server.faults.unavailable('refused');
    await expect(move(0, 'purse-A', 'a', 5)).rejects.toBeInstanceOf(StoreUnavailable);
    server.faults.none();
    expect(await insist(() => move(1, 'purse-A', 'b', 1))).toMatchObject({ kind: 'done', revision: 0 });
    expect(await insist(() => move(0, 'purse-A', 'a', 5))).toMatchObject({
      kind: 'done',
      replayed: false,
      revision: 1,
    });
  });
});

/** Whole numbers below a bound, the same for a seed. */
function chanceFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
