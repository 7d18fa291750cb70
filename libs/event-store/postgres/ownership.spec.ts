import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Envelope } from '#domain/envelope.js';
import { collect, sampleEvent, sampleEvents, until } from '#event-store/contract/subject.js';
import { FutureInstant, StoreUnavailable } from '#event-store/port.js';
import { flush } from '#event-store/postgres/flush.js';
import { releaseLease, renewLease, retakeLease, takeLease } from '#event-store/postgres/lease.js';
import { migrateLog } from '#event-store/postgres/schema.js';
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from '#event-store/postgres/store.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

let database: TestDatabase;
let client: pg.Client;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createDatabase();
  client = await connected();
});
beforeEach(() => client.query('DROP SCHEMA IF EXISTS log CASCADE'));
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function connected(): Promise<pg.Client> {
  const one = new pg.Client(database.url);
  one.on('error', () => undefined);
  await one.connect();
  return one;
}

async function session(): Promise<pg.Client> {
  const one = await connected();
  opened.push({ close: () => one.end() });
  return one;
}

async function open(options: Partial<PostgresStoreOptions> = {}): Promise<PostgresStore> {
  const store = await openPostgresStore({ url: database.url, onError: () => undefined, ...options });
  opened.push(store);
  return store;
}

const letLeaseRunOut = (): Promise<unknown> => client.query(`UPDATE log.fence SET lease_until = '-infinity'`);
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no refusal',
    (error: unknown) => error,
  );

describe('a second process', () => {
  it('waits as standby: it reads, follows, and refuses to append', async () => {
    const owner = await open();
    const standby = await open({ waitForLease: false });
    const seen: Envelope[] = [];
    standby.subscribe('start', async (events) => void seen.push(...events));
    const appended = await owner.append('budget-A-2024', 'none', sampleEvents(3));
    expect(await collect(standby.read('budget-A-2024'))).toEqual(appended);
    await until(() => seen.length === 3);
    expect(seen).toEqual(appended);
    const refused = await refusal(standby.append('budget-A-2024', 2, [sampleEvent()]));
    expect(refused).toBeInstanceOf(StoreUnavailable);
    expect(refused).toMatchObject({ outcome: 'refused' });
    expect([owner.role, standby.role]).toEqual(['owner', 'standby']);
  });

  it('takes over when the owner closes', async () => {
    const owner = await open();
    await owner.append('budget-A-2024', 'none', sampleEvents(3));
    const standby = await open({ waitForLease: false });
    await owner.close();
    await standby.owned();
    const [event] = await standby.append('budget-A-2024', 2, [sampleEvent()]);
    expect(event).toMatchObject({ revision: 3, position: '4' });
  });

  it('takes over when the lease runs out, and the former owner is fenced', async () => {
    let fenced = 0;
    const owner = await open({ onFenced: () => (fenced += 1) });
    await owner.append('budget-A-2024', 'none', sampleEvents(3));
    const standby = await open({ waitForLease: false });
    await letLeaseRunOut();
    await standby.owned();
    const late = sampleEvent();
    const refused = await refusal(owner.append('budget-A-2024', 2, [late]));
    expect(refused).toMatchObject({ name: 'StoreUnavailable', outcome: 'refused' });
    expect(await refusal(owner.append('budget-B-2024', 'none', [late]))).toMatchObject({ outcome: 'refused' });
    expect([owner.role, standby.role, fenced]).toEqual(['fenced', 'owner', 1]);
    await standby.append('budget-A-2024', 2, [late]);
    expect(await collect(owner.read('budget-A-2024'))).toHaveLength(4);
  });

  it('learns of a lost lease without an append', async () => {
    let fenced = 0;
    const owner = await open({ leaseMs: 300, onFenced: () => (fenced += 1) });
    await client.query('UPDATE log.fence SET epoch = epoch + 1');
    await until(() => fenced === 1);
    expect(owner.role).toBe('fenced');
  });

  it('may answer for settled instants: the owner stamps nothing before them', async () => {
    const clock = { now: 10_000 };
    const owner = await open({ clock: () => clock.now });
    const standby = await open({ waitForLease: false, clock: () => clock.now });
    const [first] = await owner.append('budget-A-2024', 'none', [sampleEvent()]);
    clock.now = 20_000;
    expect(await standby.settled(19_999)).toBe(first?.position);
    await expect(standby.settled(20_000)).rejects.toBeInstanceOf(FutureInstant);
    clock.now = 15_000;
    const appended = await Promise.all([
      owner.append('budget-A-2024', 0, [sampleEvent()]),
      owner.append('budget-B-2024', 'none', [sampleEvent()]),
      owner.append('budget-A-2024', 1, [sampleEvent()]),
    ]);
    expect(appended.flat().map((event) => event.recordedAt)).toEqual([20_000, 20_000, 20_000]);
  });
});

describe('the lease', () => {
  const stored = (position: number, stream: string, revision: number) => {
    const { id, type } = sampleEvent();
    const rest = { data: '{}', metadata: '{}', recordedAt: 1 };
    return { position: String(position), stream, revision, id, type, ...rest };
  };

  it('is held by one, and free at once when its session is gone', async () => {
    await migrateLog(client);
    const [first, second] = [await session(), await session()];
    expect(await takeLease(first, 'A', 3_600_000)).toMatchObject({ epoch: '1', lastPosition: 0 });
    expect(await takeLease(second, 'B', 3_600_000)).toBeUndefined();
    await first.end();
    let taken = await takeLease(second, 'B', 3_600_000);
    while (!taken) taken = await takeLease(second, 'B', 3_600_000);
    expect(taken.epoch).toBe('2');
  });

  it('fences what an earlier epoch left on its way', async () => {
    await migrateLog(client);
    const [first, second] = [await session(), await session()];
    const old = await takeLease(first, 'A', 3_600_000);
    expect(await flush(first, '1', 0, [stored(1, 'budget-A-2024', 0)])).toBe(true);
    const again = await retakeLease(second, 'A', 3_600_000, old?.epoch ?? '');
    expect(again).toMatchObject({ epoch: '2', lastPosition: 1, lastRecordedAt: 1 });
    expect(await flush(first, '1', 1, [stored(2, 'budget-A-2024', 1)])).toBe(false);
    expect(await renewLease(first, '1', 1_000, 0)).toBe(false);
    expect(await retakeLease(first, 'B', 1_000, '2')).toBeUndefined();
  });

  it('changes hands only after a flush that is being stored, and knows of it', async () => {
    await migrateLog(client);
    const [first, second] = [await session(), await session()];
    await takeLease(first, 'A', 0);
    await first.query('BEGIN');
    await flush(first, '1', 0, [stored(1, 'budget-A-2024', 0)]);
    const waiting = await second.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const taking = takeLease(second, 'B', 1_000);
    await untilBlocked(waiting.rows[0]?.pid);
    await first.query('COMMIT');
    expect(await taking).toMatchObject({ epoch: '2', lastPosition: 1 });
  });

  it('given back is free at once', async () => {
    await migrateLog(client);
    await takeLease(client, 'A', 3_600_000);
    await releaseLease(client, '1');
    const other = await session();
    expect(await takeLease(other, 'B', 1_000)).toMatchObject({ epoch: '2' });
    await releaseLease(other, '2');
  });

  async function untilBlocked(pid: number | undefined): Promise<void> {
    const blocked = 'SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked';
    while (!(await client.query<{ blocked: boolean }>(blocked, [pid])).rows[0]?.blocked);
  }
});

describe('the log', () => {
  it('is created once, by many at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 4 }, session));
    await Promise.all(sessions.map(migrateLog));
    await Promise.all(sessions.map(migrateLog));
    expect((await client.query('SELECT * FROM log.fence')).rowCount).toBe(1);
  });

  it.each(['UPDATE log.event SET revision = 1', 'DELETE FROM log.event', 'TRUNCATE log.event'])(
    'refuses %s',
    async (statement) => {
      const store = await open();
      await store.append('budget-A-2024', 'none', [sampleEvent()]);
      await expect(client.query(statement)).rejects.toThrow('log.event is append-only');
    },
  );
});
