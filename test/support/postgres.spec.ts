import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase } from './postgres.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('databases for specs', () => {
  it('are empty, apart from each other, and gone after use', async () => {
    const [one, two] = [await createDatabase(), await createDatabase()];
    await query(one.url, 'CREATE TABLE mine (id int)');
    expect(await query(two.url, "SELECT relname FROM pg_class WHERE relname = 'mine'")).toEqual([]);
    await one.drop();
    await two.drop();
    await expect(query(one.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
