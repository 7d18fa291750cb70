import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { fen } from '#domain/money.js';
import { approved, pay } from '#domain/budget/specification.js';
import { MIGRATIONS, openReadModels } from '#read-model/data-source.js';
import { fenColumn, orderColumn, snakeCase } from '#read-model/entities/columns.js';
import { createProjector } from '#read-model/projections/projector.js';
import { wayBack } from '#read-model/projections/rollback.js';
import { verify } from '#read-model/projections/verify.js';
import { DatabaseUnavailable, snapshot } from '#read-model/queries/snapshot.js';
import { RecordedLog } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = await openReadModels(database.url);
});

afterAll(async () => {
  if (dataSource.isInitialized) await dataSource.destroy();
  await database.drop();
});

describe('the read models in the database', () => {
  it('are what the entities say: TypeORM finds nothing to change after the migrations', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('would be missed: TypeORM notices a column that is gone', async () => {
    await dataSource.query('ALTER TABLE payment DROP COLUMN purpose');
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([expect.stringContaining('ADD "purpose"')]);
    await dataSource.query('ALTER TABLE payment ADD COLUMN purpose text NOT NULL');
  });

  it('lie in a schema of their own, are there once however often they are opened, and can be taken away', async () => {
    await (await openReadModels(database.url)).destroy();
    const tables = (schema: string): Promise<{ name: string }[]> =>
      dataSource.query('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1', [schema]);
    expect((await tables('read')).length).toBe(dataSource.entityMetadatas.length + 1);
    expect(await tables('public')).toEqual([]);
    await dataSource.undoLastMigration();
    expect(await tables('read')).toEqual([{ name: 'migrations' }]);
    await dataSource.runMigrations();
  });

  it('keep no clock of their own and no serial', async () => {
    const odd = await dataSource.query(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = 'read' AND table_name <> 'migrations'
         AND (data_type LIKE 'timestamp%' OR data_type LIKE 'time%' OR column_default LIKE 'nextval%' OR is_identity = 'YES')`,
    );
    expect(odd).toEqual([]);
  });

  it('give dates as civil dates wherever the process runs, and touch no other pool', async () => {
    expect(await dataSource.query(`SELECT date '2024-02-29' AS day`)).toEqual([{ day: '2024-02-29' }]);
    const rows = await snapshot(dataSource, (now) => now.rows(`SELECT date '2024-01-01' AS day`, []));
    expect(rows).toEqual([{ day: '2024-01-01' }]);
  });

  it('say that they are unavailable when the connection is lost, and answer again when it is back', async () => {
    const lost = snapshot(dataSource, (now) => now.rows('SELECT pg_terminate_backend(pg_backend_pid())', []));
    await expect(lost).rejects.toThrow(DatabaseUnavailable);
    expect(await snapshot(dataSource, (now) => now.rows('SELECT 1 AS one', []))).toEqual([{ one: 1 }]);
  });

  it('tell a wrong question from a lost connection', async () => {
    await expect(snapshot(dataSource, (now) => now.rows('SELECT nothing', []))).rejects.toThrow(
      'column "nothing" does not exist',
    );
  });
});

describe('read models of another program', () => {
  let other: TestDatabase;
  const log = new RecordedLog();
  const names = async (from: DataSource, schema: string): Promise<string[]> => {
    const rows: { name: string }[] = await from.query(`SELECT name FROM ${schema}.migrations ORDER BY id`);
    return rows.map(({ name }) => name);
  };

  beforeAll(async () => {
    other = await createDatabase();
    log.book('U1', 2024, approved({ A: '100.00' }), pay('V1', 'A', '40.00'));
    const before = await openReadModels(other.url);
    await (await createProjector({ dataSource: before, log })).handle(log.events);
    // As an earlier list of migrations left them.
    await before.query(`ALTER TABLE payment DROP COLUMN purpose; ALTER TABLE journal ADD COLUMN payer text;
      UPDATE migrations SET name = 'ReadModels1704067200000', timestamp = 1704067200000`);
    await before.destroy();
  });
  afterAll(() => other.drop());

  it('are refused where there is no log to fill others from', async () => {
    await expect(openReadModels(other.url)).rejects.toThrow('another layout (ReadModels1704067200000)');
  });

  it('are replaced by new ones filled from the log, and stay for the program that made them', async () => {
    const phases = new Set<string>();
    const own = await openReadModels(other.url, { log, onProgress: ({ phase }) => phases.add(phase) });
    expect([...phases]).toEqual(['filling', 'comparing', 'switching']);
    expect(await verify(own, log)).toMatchObject({ equal: true, events: log.events.length });
    expect(await names(own, 'read')).toEqual(MIGRATIONS.map((migration) => new migration().name));
    expect(await names(own, 'read_old')).toEqual(['ReadModels1704067200000']);
    expect(await wayBack(own)).toBe('OTHER_LAYOUT');
    await own.destroy();
  });

  it('of a later version are not taken back by processes that are yet to be replaced', async () => {
    const later = await createDatabase();
    const before = await openReadModels(later.url);
    await before.query(`UPDATE migrations SET name = 'ReadModels9999999999999', timestamp = 9999999999999`);
    await before.destroy();
    const partitions = { names: ['p0'], of: () => 'p0' };
    await expect(openReadModels(later.url, { log, partitions })).rejects.toThrow('made by a later version');
    await later.drop();
  });

  it('are put in use again, with what they missed, when their own program comes back', async () => {
    const own = await openReadModels(other.url, { log });
    // Now those in use are the other's, and those kept are of this layout.
    await own.query(`ALTER SCHEMA read RENAME TO read_mine; ALTER SCHEMA read_old RENAME TO read;
      ALTER SCHEMA read_mine RENAME TO read_old`);
    await own.destroy();
    log.book('U1', 2024, pay('V2', 'A', '1.00'));
    const told: string[] = [];
    const again = await openReadModels(other.url, { log, onProgress: ({ phase }) => told.push(phase) });
    expect(told).toEqual([]);
    expect(await names(again, 'read_old')).toEqual(['ReadModels1704067200000']);
    await (await createProjector({ dataSource: again, log })).handle(log.events);
    expect((await verify(again, log)).equal).toBe(true);
    await again.destroy();
  });
});

describe('columns', () => {
  it('hold exact amounts and refuse what lies outside the range', () => {
    expect(fenColumn.from('9007199254740991')).toBe(fen(9007199254740991));
    expect(fenColumn.from(null)).toBeNull();
    expect(() => fenColumn.from('9007199254740992') as unknown).toThrow(RangeError);
  });

  it('hold positions of any store', () => {
    expect(orderColumn.from('9223372036854775807')).toBe(9223372036854775807n);
    expect(orderColumn.to(5n)).toBe('5');
  });

  it('are named as SQL does', () => {
    expect(snakeCase('halfYearPlanFen')).toBe('half_year_plan_fen');
  });
});
