/** Schemas beside the one in use, made and filled within one transaction. */
import type { ClientBase } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';

/** The schema that connections look into. */
export const IN_USE = 'read';

/** Makes a schema with empty tables and looks into it until the transaction ends. */
export async function createTables(runner: QueryRunner, dataSource: DataSource, schema: string): Promise<void> {
  await runner.query(`CREATE SCHEMA ${schema}`);
  await runner.query(`SET LOCAL search_path = ${schema}`);
  for (const migration of dataSource.migrations) await migration.up(runner);
}

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

/** Puts the tables of `next` in the place of those in use, whose schema becomes `old`. Nobody may be within them. */
export async function exchange(client: ClientBase, { next, old }: { next: string; old: string }): Promise<void> {
  await client.query(`ALTER TABLE ${IN_USE}.migrations SET SCHEMA ${next}`);
  await client.query(`ALTER SCHEMA ${IN_USE} RENAME TO ${old}`);
  await client.query(`ALTER SCHEMA ${next} RENAME TO ${IN_USE}`);
}
