import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientBase } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import {
  adjust,
  add,
  approved,
  pay,
  requestPayment,
  returnPayment,
  reverseAdjustment,
} from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector, type Projector } from '#read-model/projections/projector.js';
import { rebuild, type RebuildStep } from '#read-model/projections/rebuild.js';
import { rollback, wayBack } from '#read-model/projections/rollback.js';
import { Exchanged, owning, storedPlace } from '#read-model/projections/transaction.js';
import { verify } from '#read-model/projections/verify.js';
import { figures } from '#read-model/queries/figures.js';
import { freshness } from '#read-model/queries/known.js';
import { snapshot } from '#read-model/queries/snapshot.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

let database: TestDatabase;
let dataSource: DataSource;
let log: RecordedLog;
let projector: Projector;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = await openReadModels(database.url);
  log = new RecordedLog();
  log.book('U1', 2024, approved({ A: '9000000.00', B: '500.00' }), adjust('A1', [add('A', '1.00')]));
  for (let n = 0; n < 600; n += 1) {
    log.book(
      'U1',
      2024,
      requestPayment('A', '3.00', { requestId: `R${n}` }),
      pay(`V${n}`, 'A', '2.00', { requestId: `R${n}` }),
    );
  }
  log.book('U1', 2024, reverseAdjustment('A1'), returnPayment('T1', 'V7', '1.00'));
}, 120_000);

/** Only what is in use, as the log has it. */
beforeEach(async () => {
  for (const schema of ['read_next', 'read_old', 'read_dropped'])
    await dataSource.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
  projector = await createProjector({ dataSource, log });
  await projector.handle(log.events);
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const indexes = (): Promise<{ name: string }[]> =>
  dataSource.query(`SELECT indexname AS name FROM pg_indexes
    WHERE schemaname = 'read' AND tablename <> 'migrations' ORDER BY indexname`);
const schemas = async (): Promise<string[]> => {
  const found: { name: string }[] = await dataSource.query(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'read%' ORDER BY nspname`,
  );
  return found.map(({ name }) => name);
};

/** What the read models say was paid is what the first events of the log, up to the place they name, come to. */
async function readAsFolded(atLeast = 0n): Promise<void> {
  expect(await projector.progress.waitFor(atLeast, 30_000)).toBe(true);
  const [sum, { order }] = await snapshot(dataSource, async (now) => [
    (await figures(now, { unit: 'U1', year: 2024, asOf: civilDate('2024-12-31') })).find(({ kind }) => kind === 'paid')
      ?.fen ?? 0,
    await freshness(now),
  ]);
  expect(order).toBeGreaterThanOrEqual(atLeast);
  const known = log.events.slice(0, Number(order)).filter(({ stream }) => stream === 'budget-U1-2024');
  const returned = known.some(({ type }) => type === 'PaymentReturned') ? 100 : 0;
  expect(sum).toBe(known.filter(({ type }) => type === 'PaymentExecuted').length * 200 - returned);
}

let live = 0;
const bookOne = (): readonly Envelope[] => log.book('U1', 2024, pay(`L${(live += 1)}`, 'A', '2.00'));

describe('a rebuild', () => {
  it('replaces whatever stands there by what the log gives, with all indexes and migrations', async () => {
    const [rows, before] = [await allRows(dataSource), await indexes()];
    await dataSource.query(`DELETE FROM journal WHERE position % 2 = 0`);
    await dataSource.query(`UPDATE budget_line SET paid_fen = 1`);
    const { events, switched } = await rebuild(dataSource, log);
    expect([events, switched]).toEqual([log.events.length, true]);
    expect(await allRows(dataSource)).toEqual(rows);
    expect(await indexes()).toEqual(before);
    expect(await schemas()).toEqual(['read', 'read_old']);
    expect(await dataSource.showMigrations()).toBe(false);
    expect((await verify(dataSource, log)).equal).toBe(true);
  });

  it('tells what it is at, step by step', async () => {
    const told: RebuildStep[] = [];
    await rebuild(dataSource, log, { onProgress: (step) => told.push(step) });
    const filling = told.filter(({ phase }) => phase === 'filling').map(({ done }) => done);
    expect(filling).toEqual([...filling].sort((a, b) => a - b));
    expect(filling.at(-1)).toBe(log.events.length);
    const comparing = told.filter(({ phase }) => phase === 'comparing');
    expect(comparing.map(({ done }) => done)).toEqual(comparing.map((_, nth) => nth + 1));
    expect(comparing.at(-1)).toEqual({ phase: 'comparing', done: 21, total: 21 });
    expect(told.slice(-2)).toEqual([
      { phase: 'switching', done: 0, total: 1 },
      { phase: 'switching', done: 1, total: 1 },
    ]);
    const phases = told.map(({ phase }) => phase).filter((phase, nth, all) => phase !== all[nth - 1]);
    expect(phases).toEqual(['filling', 'comparing', 'switching']);
  });

  it('fills empty read models to the end of the log, with nothing to compare them with', async () => {
    const rows = await allRows(dataSource);
    for (const table of Object.keys(rows)) await dataSource.query(`TRUNCATE ${table}`);
    const { events, comparison } = await rebuild(dataSource, log);
    expect([events, comparison]).toEqual([log.events.length, undefined]);
    expect(await allRows(dataSource)).toEqual(rows);
  });

  it('leaves everything as it was when the log cannot be read to its end', async () => {
    const rows = await allRows(dataSource);
    const broken: RecordedLog = Object.create(log) as RecordedLog;
    broken.readAll = (after, limit) =>
      log.order(after) > 900n ? Promise.reject(new Error('the store is gone')) : log.readAll(after, limit);
    await expect(rebuild(dataSource, broken)).rejects.toThrow('the store is gone');
    expect(await allRows(dataSource)).toEqual(rows);
    expect(await schemas()).toEqual(['read']);
  });

  it('refuses a log that ends before the read models in use', async () => {
    const shorter: RecordedLog = Object.create(log) as RecordedLog;
    shorter.readAll = async (after, limit) =>
      (await log.readAll(after, limit)).filter(({ position }) => +position < 900);
    const refusal = `the log ends before position ${log.events.length}, which the read models in use have reached`;
    await expect(rebuild(dataSource, shorter)).rejects.toThrow(refusal);
    expect(await schemas()).toEqual(['read']);
  });

  it('parks again what could not be projected, also what only the database refuses', async () => {
    const [poison] = log.book('U9', 2024, approved({ A: '10.00' }));
    const index = log.events.indexOf(poison!);
    for (const damage of [{ version: 7 }, { effectiveDate: '2024-02-30' as Envelope['effectiveDate'] }]) {
      log.events[index] = { ...poison!, ...damage };
      for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
      await (await createProjector({ dataSource, log })).handle(log.events);
      const rows = await allRows(dataSource);
      expect(rows['parked']).toHaveLength(1);
      const { comparison } = await rebuild(dataSource, log);
      expect(comparison).toMatchObject({ differenceCount: 0, differences: [] });
      expect(await allRows(dataSource)).toEqual(rows);
      expect((await verify(dataSource, log)).parked).toMatchObject([{ stream: 'budget-U9-2024', revision: 0 }]);
    }
    log.events[index] = poison!;
  });
});

describe('the comparison', () => {
  it('gives every table its rows and checksums on both sides, equal where nothing differs', async () => {
    const { comparison } = await rebuild(dataSource, log, { dryRun: true });
    expect(comparison).toMatchObject({ differenceCount: 0, differences: [], layout: [], notByRow: [] });
    for (const { rows, checksums } of comparison?.tables ?? []) {
      expect(rows.found).toBe(rows.expected);
      expect(checksums.found).toBe(checksums.expected);
    }
    const journal = comparison?.tables.find(({ table }) => table === 'journal');
    expect(journal?.rows.expected).toBe((await allRows(dataSource))['journal']?.length);
    expect(journal?.checksums.expected).toMatch(/^[0-9a-f]{16}$/);
  });

  it('shows each row that differs, and leaves read models and those kept as they are on a dry run', async () => {
    await rebuild(dataSource, log);
    await dataSource.query(`UPDATE journal SET fen = fen + 1 WHERE ref = 'V3'`);
    await dataSource.query(`DELETE FROM payment WHERE voucher_no = 'V4'`);
    await dataSource.query(`INSERT INTO log_clock VALUES (1, 2, 2, '2')`);
    const rows = await allRows(dataSource);
    const { comparison, switched } = await rebuild(dataSource, log, { dryRun: true });
    expect(switched).toBe(false);
    expect(comparison?.differenceCount).toBe(3);
    expect(comparison?.differences).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ table: 'journal', expected: { fen: 200 }, found: { fen: 201 } }),
        expect.objectContaining({ table: 'payment', key: expect.objectContaining({ voucher_no: 'V4' }) }),
        { table: 'log_clock', key: { recorded_at: 1 }, found: { first_position: 2, position: 2, opaque: '2' } },
      ]),
    );
    const different = comparison?.tables.filter(({ checksums }) => checksums.expected !== checksums.found);
    expect(different?.map(({ table }) => table)).toEqual(['journal', 'log_clock', 'payment']);
    expect(await allRows(dataSource)).toEqual(rows);
    expect(await schemas()).toEqual(['read', 'read_old']);
  });

  it('counts all differences and shows the first of all tables together', async () => {
    await dataSource.query('DELETE FROM log_clock');
    await dataSource.query('DELETE FROM payment');
    const { comparison } = await rebuild(dataSource, log, { dryRun: true, limit: 2 });
    const clock = new Set(log.events.map(({ recordedAt }) => recordedAt)).size;
    const vouchers = log.events.filter(({ type }) => type === 'PaymentExecuted').length;
    expect(comparison?.differenceCount).toBe(clock + vouchers);
    expect(comparison?.differences).toHaveLength(2);
  });

  it('names what only one layout has, and compares the rest', async () => {
    await dataSource.query('ALTER TABLE journal ADD COLUMN note text; ALTER TABLE journal DROP COLUMN payee');
    await dataSource.query('ALTER TABLE plan ALTER COLUMN kind TYPE varchar(20)');
    await dataSource.query('CREATE TABLE read.balance_sheet (unit text PRIMARY KEY)');
    await dataSource.query('ALTER TABLE payment_return DROP CONSTRAINT payment_return_pkey');
    await dataSource.query(`UPDATE payment_return SET fen = 3`);
    await dataSource.query(`UPDATE journal SET fen = fen + 1 WHERE ref = 'V3'`);
    const { comparison } = await rebuild(dataSource, log);
    expect(comparison).toMatchObject({ differenceCount: 1, notByRow: ['payment_return'] });
    expect(comparison?.layout).toEqual([
      { table: 'journal', column: 'payee', only: 'expected' },
      { table: 'plan', column: 'kind', only: 'expected' },
      { table: 'balance_sheet', only: 'found' },
      { table: 'journal', column: 'note', only: 'found' },
      { table: 'plan', column: 'kind', only: 'found' },
    ]);
    expect((await verify(dataSource, log)).equal).toBe(true);
  });
});

describe('a rollback', () => {
  it('puts the read models from before in use again, with what they missed, and the other way round once more', async () => {
    await dataSource.query(`UPDATE journal SET payee = 'as it was' WHERE ref = 'V3'`);
    await rebuild(dataSource, log);
    const rebuilt = await allRows(dataSource);
    await projector.handle([...bookOne(), ...bookOne()]);
    expect(await rollback(dataSource, log)).toEqual({ events: 2 });
    const old = await allRows(dataSource);
    expect(old['journal']?.filter((row) => row.includes('as it was'))).not.toEqual([]);
    await readAsFolded(BigInt(log.events.length));
    await projector.handle(bookOne());
    expect(await rollback(dataSource, log)).toEqual({ events: 1 });
    expect((await verify(dataSource, log)).equal).toBe(true);
    expect((await allRows(dataSource))['journal']?.length).toBeGreaterThan(rebuilt['journal']?.length ?? 0);
    expect(await schemas()).toEqual(['read', 'read_old']);
  });

  it('is refused where nothing is kept, or only what another program can read', async () => {
    expect(await wayBack(dataSource)).toBe('NOTHING_KEPT');
    await expect(rollback(dataSource, log)).rejects.toThrow('NOTHING_KEPT');
    await rebuild(dataSource, log);
    expect(await wayBack(dataSource)).toBeUndefined();
    await dataSource.query(`UPDATE read_old.migrations SET name = 'Other1700000000000'`);
    await expect(rollback(dataSource, log)).rejects.toThrow('OTHER_LAYOUT');
    expect(await schemas()).toEqual(['read', 'read_old']);
  });
});

describe('a projector', () => {
  it('knows that the read models are others, also at the same position', async () => {
    const start = log.order('start');
    const place = await storedPlace(dataSource, 'log', start);
    await rebuild(dataSource, log);
    expect((await storedPlace(dataSource, 'log', start)).position).toBe(place.position);
    const owned = owning({ dataSource, partition: 'log', place }, () => Promise.resolve());
    await expect(owned).rejects.toThrow(Exchanged);
    await projector.handle(bookOne());
    expect((await verify(dataSource, log)).equal).toBe(true);
  });

  it('takes in what read models miss that were put in use behind what was delivered', async () => {
    const behind = await createProjector({ dataSource, log });
    await rebuild(dataSource, log);
    log.book('U2', 2024, approved({ A: '10.00' }), pay('V1', 'A', '1.00'));
    await behind.handle(log.events.slice(-3));
    // By hand, without the catching up that a rollback does first.
    await dataSource.query(`ALTER SCHEMA read RENAME TO read_next; ALTER SCHEMA read_old RENAME TO read`);
    await behind.handle(bookOne());
    expect((await verify(dataSource, log)).equal).toBe(true);
    expect(await behind.progress.waitFor(BigInt(log.events.length), 0)).toBe(true);
  });
});

describe('while read models are exchanged', () => {
  it('no read fails, waits in vain or sees half of anything, under several rebuilds and rollbacks in a row', async () => {
    let done = false;
    let last = 0n;
    const writing = async (): Promise<void> => {
      while (!done) {
        const batch = bookOne();
        await projector.handle(batch);
        last = BigInt(batch.at(-1)!.position);
      }
    };
    let reads = 0;
    const reading = async (fresh: boolean): Promise<void> => {
      while (!done) {
        await readAsFolded(fresh ? last : 0n);
        reads += 1;
      }
    };
    const others = Promise.all([writing(), reading(true), reading(true), reading(false), reading(false)]);
    const work = async (): Promise<void> => {
      await rebuild(dataSource, log);
      await rollback(dataSource, log);
      await rebuild(dataSource, log);
      await rollback(dataSource, log);
      await rollback(dataSource, log);
    };
    try {
      await Promise.race([work(), others]);
    } finally {
      done = true;
    }
    await others;
    expect(reads).toBeGreaterThan(50);
    expect((await verify(dataSource, log)).differences).toEqual([]);
    expect(projector.position).toBe(log.events.at(-1)?.position);
  });

  /** A reader that has begun and lets go when it is told. */
  async function longReader(): Promise<{ readonly letGo: () => Promise<void> }> {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let read = Promise.resolve();
    await new Promise<void>((begun, failed) => {
      read = snapshot(dataSource, async (now) => {
        await freshness(now);
        begun();
        await held;
      });
      read.catch(failed);
    });
    return {
      letGo: () => {
        letGo();
        return read;
      },
    };
  }

  it('nobody waits behind a reader that takes long, and the exchange comes when it has let go', async () => {
    const long = await longReader();
    let switched = false;
    let trying = (): void => undefined;
    const tried = new Promise<void>((resolve) => (trying = resolve));
    const rebuilding = rebuild(dataSource, log, {
      onProgress: ({ phase }) => phase === 'switching' && trying(),
    }).then(() => (switched = true));
    try {
      await Promise.race([tried, rebuilding]);
      for (let n = 0; n < 20; n += 1) {
        await projector.handle(bookOne());
        await readAsFolded(BigInt(log.events.length));
      }
      expect(switched).toBe(false);
    } finally {
      await long.letGo();
    }
    await rebuilding;
    expect((await verify(dataSource, log)).equal).toBe(true);
  });

  it('a reader that never lets go is not fought for ever', async () => {
    const long = await longReader();
    try {
      await expect(rebuild(dataSource, log, { patienceMs: 200 })).rejects.toThrow('readers did not let go');
    } finally {
      await long.letGo();
    }
    expect(await schemas()).toEqual(['read']);
    await projector.handle(bookOne());
    expect((await verify(dataSource, log)).equal).toBe(true);
  });
});

describe('a connection that dies', () => {
  /** The same database, but a connection ends when it is asked for something like `pattern` for the nth time. */
  function dying(pattern: RegExp, nth = 1): DataSource {
    let seen = 0;
    const fatal = (asked: unknown): boolean => {
      const text = typeof asked === 'string' ? asked : ((asked as { text?: string }).text ?? '');
      return pattern.test(text) && (seen += 1) === nth;
    };
    const createQueryRunner = (): QueryRunner => {
      const runner = dataSource.createQueryRunner();
      const connect = runner.connect.bind(runner);
      runner.connect = async () => {
        const client = (await connect()) as ClientBase;
        const end = () => client.query('SELECT pg_terminate_backend(pg_backend_pid())');
        const query = (...asked: readonly unknown[]): unknown =>
          fatal(asked[0]) ? end() : (client.query.bind(client) as (...of: readonly unknown[]) => unknown)(...asked);
        return new Proxy(client, { get: (of, key) => (key === 'query' ? query : Reflect.get(of, key, of)) });
      };
      return runner;
    };
    return Object.create(dataSource, { createQueryRunner: { value: createQueryRunner } }) as DataSource;
  }

  it.each([
    ['while it fills', /UPDATE budget_line AS line SET/, 1],
    ['while it makes indexes', /^CREATE INDEX journal_by_ref/, 1],
    ['before what is filled is committed', /^COMMIT/, 1],
    ['while it compares', /hash_record_extended/, 7],
    ['before the comparison is committed', /^COMMIT/, 3],
    ['when the projector is stopped', /IN SHARE MODE/, 1],
    ['when the readers are shut out', /ACCESS EXCLUSIVE/, 1],
    ['between the two names', /^ALTER SCHEMA read_next RENAME/, 1],
    ['before the exchange is committed', /^COMMIT/, 5],
  ] as const)(
    '%s leaves the read models in use as they are, and the next rebuild clears away',
    async (_, pattern, nth) => {
      const rows = await allRows(dataSource);
      await expect(rebuild(dying(pattern, nth), log)).rejects.toThrow(/terminat/i);
      expect(await allRows(dataSource)).toEqual(rows);
      await projector.handle(bookOne());
      await readAsFolded(BigInt(log.events.length));
      await rebuild(dataSource, log);
      expect(await schemas()).toEqual(['read', 'read_old']);
      expect((await verify(dataSource, log)).equal).toBe(true);
    },
  );

  it('during a rollback leaves both as they are', async () => {
    await rebuild(dataSource, log);
    const rows = await allRows(dataSource);
    await projector.handle(bookOne());
    await expect(rollback(dying(/^ALTER SCHEMA read_old RENAME/), log)).rejects.toThrow(/terminat/i);
    await readAsFolded(BigInt(log.events.length));
    expect(await schemas()).toEqual(['read', 'read_old']);
    await rollback(dataSource, log);
    expect((await verify(dataSource, log)).equal).toBe(true);
    expect(rows['journal']?.length).toBeLessThan((await allRows(dataSource))['journal']?.length ?? 0);
  });
});
