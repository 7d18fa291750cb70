import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createLease, type Holding, type Lease } from '#platform/lease.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';

let database: TestDatabase;
let client: pg.Client;
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  database = await createDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((lease) => lease.stop()));
  await client.end();
  await database.drop();
});

interface Contender {
  readonly lease: Lease;
  readonly taken: Holding[];
  readonly lost: Holding[];
  readonly errors: unknown[];
}

function contend({ leaseMs = 60_000, name = 'work', url = database.url } = {}): Contender {
  const [taken, lost, errors]: [Holding[], Holding[], unknown[]] = [[], [], []];
  const lease = createLease({
    url,
    name,
    leaseMs,
    onTaken: (holding) => taken.push(holding),
    onLost: (holding) => lost.push(holding),
    onError: (error) => errors.push(error),
  });
  running.push(lease);
  return { lease, taken, lost, errors };
}

/** The runner's own time limit is the only clock. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** As long as a process stands still it says nothing; here the database is told that the time has passed. */
const letRunOut = () => client.query("UPDATE lease.lease SET until = clock_timestamp() - interval '1 second'");

describe('a lease', () => {
  it('is held by one of two, and by the other once it is given back, with a higher epoch', async () => {
    const first = contend();
    await until(() => first.taken.length === 1);
    const second = contend({ leaseMs: 300 });
    const { rows } = await client.query<{ holder: string }>('SELECT holder FROM lease.lease');
    expect(rows[0]?.holder).toMatch(new RegExp(`:${process.pid}$`));
    expect(second.lease.holding).toBeUndefined();
    await first.lease.stop();
    await until(() => second.taken.length === 1);
    expect(second.taken[0]!.epoch).toBeGreaterThan(first.taken[0]!.epoch);
    expect(first.taken[0]!.isOurs()).toBe(false);
    expect(first.lost).toEqual([]);
  });

  it('is renewed while the holder lives', async () => {
    const holder = contend({ leaseMs: 2_000 });
    await until(() => holder.taken.length === 1);
    const end = async () => (await client.query<{ until: Date }>('SELECT until FROM lease.lease')).rows[0]!.until;
    const before = await end();
    for (let now = before; now.getTime() < before.getTime() + 1_000; now = await end()) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect([holder.taken.length, holder.lost.length]).toEqual([1, 0]);
    expect(holder.lease.holding).toBe(holder.taken[0]);
  });

  it('passes on when it has run out, and the earlier holder hears of it', async () => {
    const paused = contend({ leaseMs: 1_200 });
    await until(() => paused.taken.length === 1);
    const other = contend({ leaseMs: 60 });
    while (other.taken.length === 0) {
      await letRunOut();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(other.taken[0]!.epoch).toBeGreaterThan(paused.taken[0]!.epoch);
    await until(() => paused.lost.length === 1);
    expect(paused.lost).toEqual([paused.taken[0]]);
    expect(paused.taken[0]!.isOurs()).toBe(false);
  });

  it('lets a guarded statement of an earlier holder find no row', async () => {
    await client.query('CREATE TABLE place (at integer NOT NULL); INSERT INTO place VALUES (0)');
    const move = async (to: number, { guard }: Holding) =>
      (await client.query(`UPDATE place SET at = $1 WHERE EXISTS (${guard})`, [to])).rowCount;
    const paused = contend();
    await until(() => paused.taken.length === 1);
    const [holding] = paused.taken as [Holding];
    expect(await move(1, holding)).toBe(1);
    await letRunOut();
    const other = contend();
    await until(() => other.taken.length === 1);
    expect(await move(2, holding)).toBe(0);
    expect(await move(3, other.taken[0]!)).toBe(1);
  });

  it('is not taken while a guarded transaction is open', async () => {
    const holder = contend();
    await until(() => holder.taken.length === 1);
    await client.query('BEGIN');
    await client.query(holder.taken[0]!.guard);
    const taker = new pg.Client({ connectionString: database.url });
    await taker.connect();
    try {
      await taker.query("SET lock_timeout = '50ms'");
      await expect(taker.query('UPDATE lease.lease SET epoch = epoch + 1')).rejects.toThrow('lock timeout');
      await client.query('COMMIT');
      expect((await taker.query('UPDATE lease.lease SET epoch = epoch + 1')).rowCount).toBe(1);
    } finally {
      await taker.end();
    }
  });

  it('is free at once when the session of its holder is gone', async () => {
    const holder = contend();
    await until(() => holder.taken.length === 1);
    const other = contend({ leaseMs: 60 });
    await client.query('SELECT pg_terminate_backend(backend) FROM lease.lease');
    await until(() => other.taken.length === 1);
    expect(other.taken[0]!.epoch).toBeGreaterThan(holder.taken[0]!.epoch);
  });

  it('is lost when the database cannot be asked, and taken again when it can', async () => {
    const holder = contend({ leaseMs: 300 });
    await until(() => holder.taken.length === 1);
    const name = new URL(database.url).pathname.slice(1);
    const admin = new pg.Client({ connectionString: database.url.replace(/\/[^/]*$/, '/postgres') });
    await admin.connect();
    try {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await client.query('SELECT pg_terminate_backend(backend) FROM lease.lease');
      await until(() => holder.lost.length === 1);
      expect(holder.taken[0]!.isOurs()).toBe(false);
      expect(holder.errors.length).toBeGreaterThan(0);
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await until(() => holder.taken.length === 2);
      expect(holder.taken[1]!.epoch).toBeGreaterThan(holder.taken[0]!.epoch);
    } finally {
      await admin.end();
    }
  });

  it('is one of several by name', async () => {
    const [relay, processes] = [contend({ name: 'relay' }), contend({ name: 'processes' })];
    await until(() => relay.taken.length === 1 && processes.taken.length === 1);
    expect(() => contend({ name: "x'; DROP" })).toThrow(TypeError);
  });
});
