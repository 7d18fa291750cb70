/**
 * Schemas of read models beside the one in use: made, filled and compared there, and put in its place by renaming. Each has
 * its own list of the migrations that made its tables, so that whoever meets it knows its layout.
 */
import type { ClientBase } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';

/** The schema that connections look into. */
export const IN_USE = 'read';
/** Where a rebuild fills new read models. */
export const NEXT = 'read_next';
/** What was in use before the last exchange, kept for a rollback. */
export const OLD = 'read_old';
/** What nobody wants any more, on its way out. */
const DROPPED = 'read_dropped';

/** The columns that TypeORM's own list has. */
const MIGRATIONS_TABLE = `CREATE TABLE migrations (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar NOT NULL)`;

/** Makes a schema with empty tables and looks into it until the transaction ends. */
export async function createTables(runner: QueryRunner, dataSource: DataSource, schema: string): Promise<void> {
  await runner.query(`CREATE SCHEMA ${schema}`);
  await runner.query(`SET LOCAL search_path = ${schema}`);
  await runner.query(MIGRATIONS_TABLE);
  for (const migration of dataSource.migrations) {
    await migration.up(runner);
    const name = migration.name ?? migration.constructor.name;
    await runner.query('INSERT INTO migrations ("timestamp", name) VALUES ($1, $2)', [name.slice(-13), name]);
  }
}

/** Names of the migrations that made the tables of a schema, in their order; `undefined` when there is none. */
export async function layoutOf(
  dataSource: Pick<DataSource, 'query'>,
  schema: string,
): Promise<readonly string[] | undefined> {
  const [found]: { there: boolean }[] = await dataSource.query(`SELECT to_regclass($1) IS NOT NULL AS there`, [
    `${schema}.migrations`,
  ]);
  if (!found?.there) return undefined;
  const rows: { name: string }[] = await dataSource.query(`SELECT name FROM ${schema}.migrations ORDER BY id`);
  return rows.map(({ name }) => name);
}

/** The layout that this program reads and writes. */
export const ownLayout = (dataSource: Pick<DataSource, 'migrations'>): readonly string[] =>
  dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);

interface Index {
  readonly name: string;
  readonly definition: string;
}

/** Removes all indexes but primary keys from the current schema; run the result to have them again. */
export async function dropIndexes(client: ClientBase): Promise<() => Promise<void>> {
  const { rows } = (await client.query(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = current_schema()::regnamespace AND NOT indisprimary ORDER BY name`)) as { rows: Index[] };
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return async () => {
    await client.query(`SET LOCAL maintenance_work_mem = '256MB'`);
    for (const { definition } of rows) await client.query(definition);
  };
}

/** Puts `NEXT` in the place of the read models in use, which become `OLD`. Nobody may be within them. */
export async function exchangeForNext(client: ClientBase): Promise<void> {
  // Removing tables takes longer than renaming them: what was old already is removed after the exchange.
  if (await isThere(client, OLD)) await client.query(`ALTER SCHEMA ${OLD} RENAME TO ${DROPPED}`);
  await client.query(`ALTER SCHEMA ${IN_USE} RENAME TO ${OLD}`);
  await client.query(`ALTER SCHEMA ${NEXT} RENAME TO ${IN_USE}`);
}

/** Puts `OLD` in the place of the read models in use, and these in its place. Nobody may be within them. */
export async function exchangeForOld(client: ClientBase): Promise<void> {
  await client.query(`ALTER SCHEMA ${IN_USE} RENAME TO ${DROPPED}`);
  await client.query(`ALTER SCHEMA ${OLD} RENAME TO ${IN_USE}`);
  await client.query(`ALTER SCHEMA ${DROPPED} RENAME TO ${OLD}`);
}

async function isThere(client: ClientBase, schema: string): Promise<boolean> {
  return (await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])).rowCount === 1;
}

/** Removes what a rebuild left behind, or one that broke off. */
export async function dropLeftovers(dataSource: DataSource): Promise<void> {
  for (const schema of [NEXT, DROPPED]) await dataSource.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
}
