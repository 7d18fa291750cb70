import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { approved, pay, requestPayment } from '#domain/budget/specification.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { verify } from '#read-model/projections/verify.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

let database: TestDatabase;
let dataSource: DataSource;
let log: RecordedLog;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = await openReadModels(database.url);
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

beforeEach(async () => {
  for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
  log = new RecordedLog();
  log.book('U1', 2024, approved({ A: '1000.00' }), requestPayment('A', '30.00'), pay('V1', 'A', '20.00'));
  log.book('U2', 2024, approved({ A: '10.00' }));
  await (await createProjector({ dataSource, log })).handle(log.events);
});

describe('verification', () => {
  it('finds nothing where nothing is wrong, and leaves nothing behind', async () => {
    log.book('U2', 2024, pay('V1', 'A', '1.00'));
    const rows = await allRows(dataSource);
    expect(await verify(dataSource, log)).toEqual({
      equal: true,
      events: 6,
      rows: Object.values(rows).flat().length,
      differenceCount: 0,
      differences: [],
      gaps: [],
      parked: [],
    });
    expect(await allRows(dataSource)).toEqual(rows);
    expect(await dataSource.query(`SELECT FROM pg_namespace WHERE nspname = 'read_check'`)).toEqual([]);
  });

  it.each([
    [
      'an amount that was changed',
      `UPDATE journal SET fen = fen + 1 WHERE ref = 'V1'`,
      { table: 'journal', key: { position: 4, seq: 0 }, expected: { fen: 2000 }, found: { fen: 2001 } },
    ],
    [
      'a total that no longer fits its rows',
      `UPDATE budget_line SET paid_fen = 0 WHERE unit = 'U1'`,
      { table: 'budget_line', key: { unit: 'U1' }, expected: { paid_fen: 2000 }, found: { paid_fen: 0 } },
    ],
    [
      'a row that is missing',
      `DELETE FROM payment`,
      { table: 'payment', key: { voucher_no: 'V1' }, expected: { fen: 2000, purpose: 'works' } },
    ],
    [
      'a row too many',
      `INSERT INTO log_clock VALUES (1, 2, 2, '2')`,
      { table: 'log_clock', key: { recorded_at: 1 }, found: { first_position: 2, position: 2, opaque: '2' } },
    ],
  ])('shows %s', async (_what, statement, difference) => {
    await dataSource.query(statement);
    const result = await verify(dataSource, log);
    expect(result).toMatchObject({ equal: false, differenceCount: 1, differences: [difference] });
  });

  it('counts all differences and shows the first', async () => {
    await dataSource.query('DELETE FROM log_clock');
    const result = await verify(dataSource, log, { limit: 2 });
    expect(result.differenceCount).toBe(4);
    expect(result.differences.map(({ key }) => key['recorded_at'])).toEqual([1704067200000, 1704067201000]);
  });

  it('names revisions that the log itself has lost', async () => {
    log.events.splice(2, 1);
    const result = await verify(dataSource, log);
    expect(result.gaps).toEqual([{ stream: 'budget-U1-2024', from: 2, to: 2 }]);
    expect(result.equal).toBe(false);
    expect(result.differences).toContainEqual(
      expect.objectContaining({ table: 'payment', found: expect.objectContaining({ fen: 2000 }) }),
    );
  });

  it('names parked streams, which are not equal but no difference either', async () => {
    const [poison] = log.book('U2', 2024, pay('V1', 'A', '1.00'));
    log.events[log.events.indexOf(poison!)] = { ...poison!, type: 'PaymentDreamt' };
    await (await createProjector({ dataSource, log })).handle(log.events);
    const result = await verify(dataSource, log);
    expect(result).toMatchObject({
      equal: false,
      differenceCount: 0,
      parked: [{ stream: 'budget-U2-2024', revision: 2 }],
    });
  });

  it('finds an event that went in and could not go in today', async () => {
    const stored = log.events[3]!;
    log.events[3] = { ...stored, version: 9 };
    const { differences } = await verify(dataSource, log);
    expect(differences).toContainEqual(
      expect.objectContaining({ table: 'parked', key: { stream: 'budget-U1-2024' }, expected: expect.anything() }),
    );
  });
});
