import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { processStoreContract } from '#event-store/process/contract.js';
import type { ProcessStore } from '#event-store/process/port.js';
import { openPostgresProcessStore } from '#event-store/postgres/process-store.js';
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

const open = (): Promise<ProcessStore> =>
  openPostgresProcessStore({
    url: database.url,
    onError: (error) => {
      throw error;
    },
  });

processStoreContract('the PostgreSQL adapter', async () => {
  await client.query('DROP SCHEMA IF EXISTS process CASCADE');
  let processes = await open();
  return {
    processes,
    reopen: async () => {
      await processes.close();
      processes = await open();
      return processes;
    },
    dispose: () => processes.close(),
  };
});

describe('two processes that start at once', () => {
  it('create the schema once', async () => {
    await client.query('DROP SCHEMA IF EXISTS process CASCADE');
    const opened = await Promise.all([open(), open(), open()]);
    expect(await Promise.all(opened.map((processes) => processes.place()))).toEqual(['start', 'start', 'start']);
    await Promise.all(opened.map((processes) => processes.close()));
  });
});
