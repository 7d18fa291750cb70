import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { approved, on, pay, requestPayment, yuan } from '#domain/budget/specification.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { openReadModels } from '#read-model/data-source.js';
import { BudgetLine } from '#read-model/entities/lines.js';
import { Journal } from '#read-model/entities/money.js';
import { LogClock, Parked, StreamPosition } from '#read-model/entities/progress.js';
import { Progress } from '#read-model/projections/progress.js';
import { createProjector } from '#read-model/projections/projector.js';
import { staleReason } from '#read-model/queries/known.js';
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
  log.book('U1', 2024, approved({ A: '1000.00', B: '500.00' }), requestPayment('A', '30.00'));
});

const projector = () => createProjector({ dataSource, log });
const paidOf = async (unit: string, line = 'A') =>
  (await dataSource.manager.findOneByOrFail(BudgetLine, { unit, year: 2024, line })).paidFen;

/** The same event with something else stored in its place, as a newer or a broken program would have written it. */
const insteadOf = (envelope: Envelope, change: Partial<Envelope>): Envelope => {
  const changed = { ...envelope, ...change };
  log.events[log.events.indexOf(envelope)] = changed;
  return changed;
};

describe('the projector', () => {
  it('writes one journal row for each effect, with both dates, the paper, the payee and who acted', async () => {
    log.now = Date.UTC(2024, 6, 3);
    log.book('U1', 2024, pay('V1', 'A', '20.00', { ...on('06-30'), requestId: 'R1' }));
    await (await projector()).handle(log.events);
    const rows = await dataSource.manager.find(Journal, { where: { revision: 4 }, order: { seq: 'ASC' } });
    expect(rows).toMatchObject([
      { unit: 'U1', year: 2024, position: 5n, seq: 0, fen: 2000, ref: 'V1', effectiveDate: '2024-06-30' },
      { unit: 'U1', year: 2024, position: 5n, seq: 1, fen: -2000, ref: 'R1', effectiveDate: '2024-06-30' },
    ]);
    expect(rows[0]).toMatchObject({ payee: 'Payee', actor: 'clerk', actorName: '张会计', belongsTo: null });
    expect(rows[0]?.recordedAt).toBe(Date.UTC(2024, 6, 3));
    expect(await dataSource.manager.findBy(BudgetLine, { line: 'A' })).toMatchObject([
      { originalFen: 100000, paidFen: 2000, requestedFen: 1000, live: true },
    ]);
  });

  it('skips what it has and fills what a batch left out from the log', async () => {
    log.book('U1', 2024, pay('V1', 'A', '1.00'), pay('V2', 'A', '2.00'), pay('V3', 'A', '4.00'));
    const first = await projector();
    await first.handle(log.events.slice(0, 4));
    await first.handle(log.events.slice(0, 5));
    expect(await paidOf('U1')).toBe(100);
    await first.handle(log.events.slice(6));
    expect(await paidOf('U1')).toBe(700);
    expect(await dataSource.manager.findBy(StreamPosition, {})).toMatchObject([{ revision: 6, firstPosition: 1n }]);
  });

  it('refuses to go on when the log itself lacks a revision', async () => {
    log.book('U1', 2024, pay('V1', 'A', '1.00'), pay('V2', 'A', '2.00'));
    log.events.splice(4, 1);
    await expect((await projector()).handle(log.events)).rejects.toThrow(
      'the log has no revisions 4 to 4 of budget-U1-2024',
    );
  });

  it('stops when another has moved the position, and goes on from there when the batch comes again', async () => {
    const [first, second] = [await projector(), await projector()];
    await first.handle(log.events);
    log.book('U1', 2024, pay('V1', 'A', '1.00'));
    await expect(second.handle(log.events)).rejects.toThrow('another projector has moved them');
    expect(await paidOf('U1')).toBe(0);
    await second.handle(log.events);
    expect(await paidOf('U1')).toBe(100);
    expect(second.position).toBe('5');
  });

  it('leaves nothing of a batch that the database did not take, and takes it when it comes again', async () => {
    const one = await projector();
    await one.handle(log.events);
    log.book('U1', 2024, pay('V1', 'A', '1.00'));
    const before = await allRows(dataSource);
    await dataSource.query('ALTER TABLE payment RENAME TO gone');
    await expect(one.handle(log.events)).rejects.toThrow('relation "payment" does not exist');
    await dataSource.query('ALTER TABLE gone RENAME TO payment');
    expect(await allRows(dataSource)).toEqual(before);
    await one.handle(log.events);
    expect(await paidOf('U1')).toBe(100);
  });

  it('keeps the running maximum of a clock that steps back', async () => {
    const start = log.now;
    log.now = start - 60_000;
    log.book('U1', 2024, pay('V1', 'A', '1.00'));
    log.now = start + 60_000;
    log.book('U1', 2024, pay('V2', 'A', '1.00'));
    await (await projector()).handle(log.events);
    const clock = await dataSource.manager.find(LogClock, { order: { position: 'ASC' } });
    expect(clock.map(({ position, recordedAt }) => [position, recordedAt - start])).toEqual([
      [3n, -2_000],
      [5n, -1_000],
      [6n, 60_000],
    ]);
    const [row] = await dataSource.manager.findBy(Journal, { ref: 'V1' });
    expect((row?.recordedAt ?? 0) - start).toBe(-1_000);
  });
});

describe('an event that cannot be projected', () => {
  it('stops only its stream, says why, and keeps back what follows it', async () => {
    const [poison] = log.book('U1', 2024, pay('V1', 'A', '1.00'));
    log.book('U2', 2024, approved({ A: '10.00' }), pay('V1', 'A', '2.00'));
    log.book('U1', 2024, pay('V2', 'A', '4.00'));
    insteadOf(poison!, { version: 7 });
    const one = await projector();
    await one.handle(log.events);
    expect(await paidOf('U2')).toBe(200);
    expect(await paidOf('U1')).toBe(0);
    expect(await staleReason(dataSource, ['budget-U2-2024'])).toBeUndefined();
    expect(await staleReason(dataSource, ['budget-U1-2024'])).toMatchObject({
      revision: 4,
      error: 'unknown version 7 of PaymentExecuted; this program knows 1 to 1',
    });
    log.book('U1', 2024, pay('V3', 'A', '8.00'));
    await one.handle(log.events);
    const parked = await dataSource.manager.findBy(Parked, {});
    expect(parked).toMatchObject([
      { stream: 'budget-U1-2024', position: 5n, type: 'PaymentExecuted', heldRevision: 6 },
    ]);
    expect(one.position).toBe('10');
  });

  it('is projected with all that was kept back once it can be, as if it had never stopped', async () => {
    const [poison] = log.book('U1', 2024, pay('V1', 'A', '1.00'));
    log.book('U2', 2024, approved({ A: '10.00' }));
    log.book('U1', 2024, pay('V2', 'A', '4.00'));
    await (await projector()).handle(log.events);
    const whole = await allRows(dataSource);

    for (const table of Object.keys(whole)) await dataSource.query(`TRUNCATE ${table}`);
    const stored = insteadOf(poison!, { version: 7 });
    const one = await projector();
    await one.handle(log.events);
    expect(await one.retryParked('budget-U1-2024')).toMatchObject({ revision: 4, heldRevision: 5 });
    insteadOf(stored, { version: 1 });
    expect(await one.retryParked('budget-U1-2024')).toBeUndefined();
    expect(await one.retryParked('budget-U1-2024')).toBeUndefined();
    expect(await allRows(dataSource)).toEqual(whole);
  });

  it.each([
    ['names a line that does not exist', { line: 'Z' }, 'an event names Z, which no earlier event created'],
    ['holds text that the database cannot', { purpose: 'a\0b' }, 'data/purpose holds a NUL character'],
    ['bears a number too long to look up', { voucherNo: 'V'.repeat(501) }, 'data/voucherNo is longer than 500'],
  ])('is found when it %s', async (_what, data, error) => {
    const [poison] = log.book('U1', 2024, pay('V1', 'A', '1.00'));
    insteadOf(poison!, { data: { ...(poison!.data as object), ...data } });
    await (await projector()).handle(log.events);
    expect((await staleReason(dataSource, ['budget-U1-2024']))?.error).toContain(error);
  });

  it('is found when only the database refuses it', async () => {
    const [poison] = log.book('U1', 2024, pay('V1', 'A', '1.00'));
    log.book('U2', 2024, approved({ A: '10.00' }), pay('V1', 'A', '2.00'));
    insteadOf(poison!, { effectiveDate: '2024-02-30' as CivilDate });
    const one = await projector();
    await one.handle(log.events);
    expect(await paidOf('U2')).toBe(200);
    expect(await staleReason(dataSource, ['budget-U1-2024'])).toMatchObject({
      revision: 4,
      error: 'date/time field value out of range: "2024-02-30"',
    });
    log.book('U1', 2024, pay('V2', 'A', '4.00'));
    await one.handle(log.events);
    expect(await one.retryParked('budget-U1-2024')).toMatchObject({
      revision: 4,
      heldRevision: 5,
      error: 'date/time field value out of range: "2024-02-30"',
    });
    log.book('U2', 2024, pay('V2', 'A', '1.00'));
    await one.handle(log.events);
    expect(await paidOf('U2')).toBe(yuan('3.00'));
    insteadOf(
      log.events.find(({ id }) => id === poison!.id)!,
      { effectiveDate: poison!.effectiveDate },
    );
    expect(await one.retryParked('budget-U1-2024')).toBeUndefined();
    expect(await paidOf('U1')).toBe(500);
  });
});

describe('progress', () => {
  it('lets a reader wait for the projector of this process or of another', async () => {
    const one = await projector();
    const elsewhere = new Progress(dataSource);
    const waiting = [one.progress.waitFor(4n, 60_000), elsewhere.waitFor(4n, 60_000)];
    await one.handle(log.events);
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect(await one.progress.waitFor(4n, 0)).toBe(true);
    expect(await one.progress.waitFor(5n, 0)).toBe(false);
  });
});
