/**
 * Databases for specs. One PostgreSQL runs per run of Jest, started by the first spec that asks and found by the others;
 * each spec file makes databases of its own in it, so files never see each other's rows.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startPostgres } from '#platform/embedded-postgres.js';

export interface TestDatabase {
  /** `postgres://` URL of an empty database. */
  readonly url: string;
  /** Ends whatever connections are left and removes the database. */
  drop(): Promise<void>;
}

/** A new, empty database on the run's server. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = await (runServer ??= findServer());
  const name = `spec_${randomUUID().replaceAll('-', '')}`;
  await run(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

let runServer: Promise<string> | undefined;

/** It survives power cuts no more than the specs do, and outlives this worker: `jest-teardown.mjs` ends it. */
async function findServer(): Promise<string> {
  const dataDir = process.env['TEST_POSTGRES_DIR'];
  if (dataDir === undefined)
    throw new Error('no folder for the test server: run Jest with the globalSetup of package.json');
  const server = await startPostgres({ dataDir, durable: false, log: () => {} });
  server.leave();
  return server.url;
}

async function run(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
