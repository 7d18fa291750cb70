import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import { eventStoreContract } from '#event-store/contract.js';
import { openPostgresStore, type PostgresStore } from '#event-store/postgres/store.js';
import { createDatabase } from '../../../test/support/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let client: pg.Client;

beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client(database.url);
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

eventStoreContract('the PostgreSQL adapter', async () => {
  await client.query('DROP SCHEMA IF EXISTS log CASCADE');
  const clock = { now: Date.now() };
  const open = (): Promise<PostgresStore> => openPostgresStore({ url: database.url, clock: () => clock.now });
  let store = await open();
  return {
    store,
    clock,
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    storedBytes: async (stream, revision) => {
      const { rows } = await client.query<{ data: Buffer; metadata: Buffer }>(
        'SELECT data, metadata FROM log.event WHERE stream = $1 AND revision = $2',
        [stream, revision],
      );
      if (!rows[0]) throw new Error(`${stream} has no revision ${revision}`);
      return rows[0];
    },
    dispose: () => store.close(),
  };
});
