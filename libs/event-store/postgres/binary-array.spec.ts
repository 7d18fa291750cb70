import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { bigintArray, byteaArray, integerArray, textArray, uuidArray } from '#event-store/postgres/binary-array.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

describe('binary arrays, as PostgreSQL reads them', () => {
  let database: TestDatabase;
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

  const texts = ['', 'plain', '"quoted", {braced} and \\back', '苏州市\n土地储备', '\u{1f600}', 'NULL'];
  const uuids = Array.from({ length: 3 }, () => randomUUID());

  it.each<[string, Buffer, readonly string[]]>([
    ['text', textArray(texts), texts],
    ['text', textArray([]), []],
    ['integer', integerArray([0, 1, 2 ** 31 - 1, -1]), ['0', '1', '2147483647', '-1']],
    [
      'bigint',
      bigintArray([0, 1, 2 ** 32 - 1, 2 ** 32, 1_719_561_600_123, Number.MAX_SAFE_INTEGER]),
      ['0', '1', '4294967295', '4294967296', '1719561600123', '9007199254740991'],
    ],
    ['uuid', uuidArray(uuids), uuids],
    ['bytea', byteaArray(texts), texts.map((text) => `\\x${Buffer.from(text).toString('hex')}`)],
  ])('%s', async (type, array, expected) => {
    const { rows } = await client.query<{ value: string }>(
      `SELECT value::text FROM unnest($1::${type}[]) WITH ORDINALITY AS given (value, n) ORDER BY n`,
      [array],
    );
    expect(rows.map((row) => row.value)).toEqual(expected);
  });
});
