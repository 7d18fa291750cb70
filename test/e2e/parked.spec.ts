/** One poison event in the log of a whole system: what stops, what goes on, and how it is put right. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { approved, pay } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { DIRECTORY_STREAM } from '#domain/directory/decide.js';
import type { DomainEvent, NewEvent } from '#domain/envelope.js';
import { openPostgresStore } from '#event-store/postgres/store.js';
import { listenOnLoopback } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { budgetAt } from '../../apps/cli/stand-in.js';
import { createSystem, type System } from '../../apps/standalone/system.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { payment } from '../support/system.js';

let database: TestDatabase;
let system: System;
let address: string;
let sql: pg.Client;

const json = async (path: string, init: RequestInit = {}): Promise<{ status: number; body: any }> => {
  const answer = await fetch(`${address}${path}`, init);
  return { status: answer.status, body: await answer.json() };
};
const yearOf = (unit: string): string => `/api/v1/units/${unit}/years/2024`;
const linesOf = async (unit: string, atLeast = '0') =>
  (await json(`${yearOf(unit)}/lines?asOf=2024-12-31&atLeast=${atLeast}`)).body;
const book = async (unit: string, voucherNo: string, amount: string): Promise<string> => {
  const { status, body } = await json(`${yearOf(unit)}/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(payment(voucherNo, 'A', amount)),
  });
  expect(status).toBe(201);
  return body.position as string;
};

const recorded = (event: DomainEvent): NewEvent => {
  const commandId = randomUUID();
  const meta = { commandId, actor: { id: 'spec' }, requestHash: '', causationId: commandId, correlationId: commandId };
  return { ...event, id: randomUUID(), version: 1, meta };
};

/** Units U1 to U3 with a budget each; in that of U1 there is an event of a type that this program does not know. */
beforeAll(async () => {
  database = await createDatabase();
  const store = await openPostgresStore({ url: database.url });
  const validFrom = civilDate('2024-01-01');
  const units = ['U1', 'U2', 'U3'];
  const registered = units.map((unit) =>
    recorded({ type: 'UnitRegistered', effectiveDate: validFrom, data: { unit, name: unit, validFrom } }),
  );
  await store.append(DIRECTORY_STREAM, 'none', registered);
  for (const unit of units) {
    const decider = budgetDecider(unit, 2024);
    const state = decider.initialState();
    const decision = decider.decide(approved({ A: '1000.00' }), state);
    if (!decision.accepted) throw new Error('the plan was refused');
    for (const event of decision.events) decider.evolve(state, event);
    await store.append(budgetStream(unit, 2024), 'none', decision.events.map(recorded));
    if (unit !== 'U1') continue;
    const paid = decider.decide(pay('V1', 'A', '100.00'), state);
    if (!paid.accepted) throw new Error('the payment was refused');
    const exploded = recorded({ type: 'BudgetExploded', effectiveDate: civilDate('2024-03-01'), data: {} });
    await store.append(budgetStream('U1', 2024), 1, [exploded, ...paid.events.map(recorded)]);
  }
  await store.close();

  const config = {
    port: 0,
    dataDir: '/nowhere',
    databaseUrl: database.url,
    budgetUrl: '',
    logLevel: 'silent',
    actor: 'spec',
  } as const;
  system = createSystem(config, createLogger('silent'), { sample: false });
  address = await listenOnLoopback(await system.start(), 0);
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await system.stop();
  await database.drop();
});

const EXPLODED = {
  stream: 'budget-U1-2024',
  unit: 'U1',
  year: 2024,
  revision: 2,
  type: 'BudgetExploded',
  error: 'unknown event type BudgetExploded',
  heldBack: 2,
};

describe('an event that this program does not know', () => {
  it('stops its own stream, which is answered as far as it came', async () => {
    const answer = await linesOf('U1');
    expect(answer).toMatchObject({
      stale: true,
      staleReason: 'event 2 of budget-U1-2024 could not be projected: unknown event type BudgetExploded',
      totals: { original: '1000.00', paid: '0.00' },
    });
  });

  it('touches no other stream: others are answered, and go on', async () => {
    const position = await book('U2', 'V1', '40.00');
    const answer = await linesOf('U2', position);
    expect(answer.totals.paid).toBe('40.00');
    expect([answer.stale, answer.staleReason]).toEqual([undefined, undefined]);
  });

  it('is listed with what it holds back, since it was recorded', async () => {
    const { body } = await json('/api/v1/parked');
    expect(body.parked).toEqual([{ ...EXPLODED, since: expect.stringMatching(/^20.*Z$/) }]);
    const { rows } = await sql.query(`SELECT recorded_at FROM log.event WHERE type = 'BudgetExploded'`);
    expect(Date.parse(body.parked[0].since)).toBe(Number((rows as { recorded_at: string }[])[0]?.recorded_at));
  });

  it('stays as long as the program is the same, and nothing moves', async () => {
    const { status, body } = await json('/api/v1/parked/budget-U1-2024/retry', { method: 'POST' });
    expect([status, body.resumed]).toEqual([200, false]);
    expect(body.parked).toMatchObject(EXPLODED);
    expect(body.difference).toMatchObject({ lines: [], rates: [] });
    const said = await budgetAt(address, ['parked', '--retry', 'budget-U1-2024', '--lang', 'en']);
    expect([said.code, said.out]).toEqual([1, expect.stringContaining('still stops at event 2, BudgetExploded')]);
  });

  it('is named by verify, and met again by a rebuild', async () => {
    const rebuilt = await budgetAt(address, ['rebuild', '--format', 'json']);
    expect(JSON.parse(rebuilt.out)).toMatchObject({ switched: true, comparison: { differenceCount: 0, layout: [] } });
    const verified = await budgetAt(address, ['verify', '--format', 'json']);
    expect(verified.code).toBe(1);
    const { stream, revision, error } = EXPLODED;
    expect(JSON.parse(verified.out)).toMatchObject({ differenceCount: 0, parked: [{ stream, revision, error }] });
    expect((await linesOf('U1')).stale).toBe(true);
  });
});

describe('an event that a damaged table does not take', () => {
  it('stops its stream until the table is mended, then a retry shows what was missing', async () => {
    const { rows } = await sql.query('SELECT max(position) AS last FROM log.event');
    const next = Number((rows as { last: string }[])[0]?.last) + 1;
    // A row that has no business there stands where the next payment of U3 belongs.
    await sql.query(
      `INSERT INTO read.payment SELECT 'U3', year, 'V9', ${next}, revision, effective_date, line, economic, fen, rest_fen,
         payee_name, payee_ref, payee_kind, purpose, request_id, own_code, origin_year, overdrawn, before_approval, reversed,
         shares FROM read.payment WHERE unit = 'U2' LIMIT 1`,
    );
    const position = await book('U3', 'V9', '250.00');
    expect(position).toBe(String(next));
    const other = await book('U2', 'V2', '1.00');
    expect((await linesOf('U2', other)).totals.paid).toBe('41.00');
    const stopped = await linesOf('U3', await book('U3', 'V10', '50.00'));
    expect(stopped).toMatchObject({ stale: true, totals: { paid: '0.00' } });
    expect(stopped.staleReason).toContain('duplicate key value violates unique constraint "payment_pkey"');

    const still = await budgetAt(address, ['parked', '--retry', 'budget-U3-2024']);
    expect([still.code, still.out]).toEqual([1, expect.stringContaining('仍停在第 2 号事件 PaymentExecuted')]);
    await sql.query(`DELETE FROM read.payment WHERE unit = 'U3'`);
    const { body } = await json('/api/v1/parked/budget-U3-2024/retry', { method: 'POST' });
    expect(body).toMatchObject({ stream: 'budget-U3-2024', resumed: true });
    expect(body.difference.lines).toEqual([
      {
        line: 'A',
        changes: [
          { amount: 'paid', before: '0.00', after: '300.00', change: '300.00' },
          { amount: 'available', before: '1000.00', after: '700.00', change: '-300.00' },
        ],
      },
    ]);
    const execution = body.difference.rates.find(({ metric }: { metric: string }) => metric === 'execution-rate');
    expect(execution).toMatchObject({ before: '0.00', after: '30.00', change: '30.00' });
    expect(await linesOf('U3')).toMatchObject({ totals: { paid: '300.00' } });
    expect((await linesOf('U3')).stale).toBeUndefined();
  });

  it('is not there to be tried again once it goes on', async () => {
    const { status, body } = await json('/api/v1/parked/budget-U3-2024/retry', { method: 'POST' });
    expect([status, body.code]).toEqual([404, 'NOT_PARKED']);
  });
});
