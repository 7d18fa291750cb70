import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
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
import { createProjector } from '#read-model/projections/projector.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { verify } from '#read-model/projections/verify.js';
import { figures } from '#read-model/queries/figures.js';
import { freshness } from '#read-model/queries/known.js';
import { snapshot } from '#read-model/queries/snapshot.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

let database: TestDatabase;
let dataSource: DataSource;
let log: RecordedLog;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = await openReadModels(database.url);
  log = new RecordedLog();
  log.book('U1', 2024, approved({ A: '9000000.00', B: '500.00' }), adjust('A1', [add('A', '1.00')]));
  for (let n = 0; n < 3_000; n += 1) {
    log.book(
      'U1',
      2024,
      requestPayment('A', '3.00', { requestId: `R${n}` }),
      pay(`V${n}`, 'A', '2.00', { requestId: `R${n}` }),
    );
  }
  log.book('U1', 2024, reverseAdjustment('A1'), returnPayment('T1', 'V7', '1.00'));
  await (await createProjector({ dataSource, log })).handle(log.events);
}, 120_000);

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const indexes = (): Promise<{ name: string }[]> =>
  dataSource.query(`SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'read' ORDER BY indexname`);
const schemas = (): Promise<{ name: string }[]> =>
  dataSource.query(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'read%' ORDER BY nspname`);

describe('a rebuild', () => {
  it('replaces whatever stands there by what the log gives, with all indexes and migrations', async () => {
    const [rows, before] = [await allRows(dataSource), await indexes()];
    await dataSource.query(`DELETE FROM journal WHERE position % 2 = 0`);
    await dataSource.query(`UPDATE budget_line SET paid_fen = 1`);
    const told: number[] = [];
    expect(await rebuild(dataSource, log, { onProgress: (events) => told.push(events) })).toBe(log.events.length);
    expect(await allRows(dataSource)).toEqual(rows);
    expect(await indexes()).toEqual(before);
    expect(await schemas()).toEqual([{ name: 'read' }]);
    expect(await dataSource.showMigrations()).toBe(false);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(log.events.length);
    expect((await verify(dataSource, log)).equal).toBe(true);
  });

  it('leaves everything as it was when the log cannot be read to its end', async () => {
    const rows = await allRows(dataSource);
    const broken: RecordedLog = Object.create(log) as RecordedLog;
    broken.readAll = (after, limit) =>
      log.order(after) > 3_000n ? Promise.reject(new Error('the store is gone')) : log.readAll(after, limit);
    await expect(rebuild(dataSource, broken)).rejects.toThrow('the store is gone');
    expect(await allRows(dataSource)).toEqual(rows);
    expect(await schemas()).toEqual([{ name: 'read' }]);
  });

  it('goes on beside a projector and readers, none of whom ever sees half of anything', async () => {
    const asOf = civilDate('2024-12-31');
    const projector = await createProjector({ dataSource, log });
    const paid = async (): Promise<void> => {
      const [sum, { order }] = await snapshot(dataSource, async (now) => [
        (await figures(now, { unit: 'U1', year: 2024, asOf })).find(({ kind }) => kind === 'paid')?.fen ?? 0,
        await freshness(now),
      ]);
      const known = log.events.slice(0, Number(order)).filter(({ type }) => type === 'PaymentExecuted').length;
      expect(sum).toBe(known * 200 - 100);
    };
    let done = false;
    const live = async (): Promise<void> => {
      for (let n = 0; !done; n += 1) {
        const batch: readonly Envelope[] = log.book('U1', 2024, pay(`L${n}`, 'A', '2.00'));
        await projector.handle(batch).catch((error: Error) => {
          // The rebuilt models may be ahead of this projector: its subscription would bring the batch again.
          expect(error.name).toBe('AnotherOwner');
          return projector.handle(batch);
        });
        await paid();
      }
    };
    const reading = async (): Promise<void> => {
      while (!done) await paid();
    };
    const others = Promise.all([live(), reading(), reading()]);
    await Promise.race([rebuild(dataSource, log).then(() => rebuild(dataSource, log)), others]);
    done = true;
    await others;
    expect((await verify(dataSource, log)).differences).toEqual([]);
    expect(projector.position).toBe(log.events.at(-1)?.position);
  });
});
