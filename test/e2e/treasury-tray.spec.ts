/** The treasury's tray at the API of a ledger process: what it lists, refuses and changes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '#event-store/memory.js';
import type { TreasuryNotice } from '#messaging/treasury.js';
import { listen } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import type { Startable } from '#platform/parts.js';
import { createLedgerProcess } from '../../apps/ledger/ledger-process.js';
import { createTray, type TrayEntry } from '../../apps/ledger/treasury-tray.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

const TRAY = '/api/v1/treasury/tray';

let database: TestDatabase;
let ledger: Startable<unknown>;
let address: string;
const entries = [entry('V1'), entry('V2'), entry('V3', { year: 2025 }), entry('V4', { unit: 'T2' })];

function entry(voucherNo: string, more: Partial<TreasuryNotice> = {}): TrayEntry {
  const notice = {
    kind: 'code-correction',
    unit: 'T1',
    year: 2024,
    voucherNo,
    correctionNo: `K-${voucherNo}`,
    effectiveDate: '2024-06-28',
    toCode: '30213',
    ...more,
  } as TreasuryNotice;
  return {
    id: randomUUID(),
    notice,
    state: 'waiting',
    since: Date.UTC(2024, 6, 1),
    attempts: 1,
    reason: { code: 'YEAR_CLOSED', detail: '2024 is closed', faults: [] },
    origin: { topic: 'treasury.payments.v1', partition: 0, offset: '7' },
    correlationId: 'c-1',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
  };
}

async function startLedger(databaseUrl: string): Promise<string> {
  const store = createMemoryStore();
  const config = { databaseUrl, eventStoreUrl: '', publicHosts: [], actor: '张会计' };
  ledger = createLedgerProcess(config, createLogger('silent'), { openLog: async () => store });
  return listen((await ledger.start()) as never, { host: '127.0.0.1', port: 0 });
}

beforeAll(async () => {
  database = await createDatabase();
  const tray = createTray({ url: database.url, onError: () => undefined });
  await tray.put(entries);
  await tray.put(entries.slice(0, 2));
  await tray.close();
  address = await startLedger(database.url);
});
afterAll(async () => {
  await ledger.stop();
  await database.drop();
});

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${address}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}
const numbers = async (query: string): Promise<string[]> =>
  (await ask('GET', `${TRAY}${query}`)).body.entries.map(({ voucherNo }: { voucherNo: string }) => voucherNo);

describe('the list', () => {
  it('has what waits, oldest first, each once', async () => {
    const { status, body } = await ask('GET', TRAY);
    expect(status).toBe(200);
    expect(body.entries.map(({ id }: { id: string }) => id)).toEqual(entries.map(({ id }) => id));
    expect(body.entries[0]).toEqual({
      id: entries[0]!.id,
      state: 'waiting',
      kind: 'code-correction',
      unit: 'T1',
      year: 2024,
      number: 'K-V1',
      voucherNo: 'V1',
      effectiveDate: '2024-06-28',
      since: '2024-07-01T00:00:00.000Z',
      attempts: 1,
      reason: { code: 'YEAR_CLOSED', detail: '2024 is closed', faults: [] },
      origin: { topic: 'treasury.payments.v1', partition: 0, offset: '7' },
      notice: entries[0]!.notice,
    });
  });

  it('is narrowed by unit, year and state, and comes page by page', async () => {
    expect(await numbers('?unit=T1')).toEqual(['V1', 'V2', 'V3']);
    expect(await numbers('?unit=T1&year=2024')).toEqual(['V1', 'V2']);
    expect(await numbers('?state=booked')).toEqual([]);
    const { body } = await ask('GET', `${TRAY}?limit=3`);
    expect(body.entries).toHaveLength(3);
    expect(await numbers(`?limit=3&cursor=${body.next}`)).toEqual(['V4']);
  });

  it('refuses what it does not know, all at once', async () => {
    const { status, body } = await ask('GET', `${TRAY}?unit=t1&year=24&state=lost&limit=0&cursor=x&what=1`);
    expect(status).toBe(400);
    expect(body.faults.map(({ parameter }: { parameter: string }) => parameter).sort()).toEqual(
      ['cursor', 'limit', 'state', 'unit', 'what', 'year'].sort(),
    );
  });
});

describe('one notice', () => {
  it('is tried when it is asked to, and says why it still waits', async () => {
    const { status, body } = await ask('POST', `${TRAY}/${entries[1]!.id}/retry`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: 'waiting',
      attempts: 2,
      reason: {
        code: 'UNKNOWN_UNIT',
        detail: 'there is no unit T1; register it first',
        faults: [{ pointer: '/unit', code: 'UNKNOWN_UNIT' }],
      },
    });
  });

  it('is dismissed with a reason, and taken up again', async () => {
    const path = `${TRAY}/${entries[0]!.id}`;
    const { status, body } = await ask('POST', `${path}/dismissal`, { reason: '已手工登记' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'dismissed', dismissal: { reason: '已手工登记', by: '张会计' } });
    expect(await numbers('?unit=T1&year=2024')).toEqual(['V2']);
    expect(await numbers('?state=dismissed')).toEqual(['V1']);
    expect(await numbers('?state=all')).toEqual(['V1', 'V2', 'V3', 'V4']);
    const { body: again } = await ask('POST', `${path}/retry`);
    expect(again).toMatchObject({ state: 'waiting' });
    expect(again).not.toHaveProperty('dismissal');
  });

  it.each([
    ['POST', `/${randomUUID()}/retry`, undefined, 404, 'UNKNOWN_NOTICE'],
    ['POST', `/not-an-id/retry`, undefined, 404, 'UNKNOWN_NOTICE'],
    ['POST', `/${randomUUID()}/dismissal`, { reason: 'x' }, 404, 'UNKNOWN_NOTICE'],
    ['POST', `/${entries[3]!.id}/dismissal`, {}, 400, 'INVALID_REQUEST'],
    ['POST', `/${entries[3]!.id}/dismissal`, { reason: ' ', by: 'x' }, 400, 'INVALID_REQUEST'],
  ])('%s …%s %j is refused', async (method, path, body, status, code) => {
    expect(await ask(method, `${TRAY}${path}`, body)).toMatchObject({ status, body: { code } });
  });
});

it('without PostgreSQL says that it cannot be reached, and the ledger goes on', async () => {
  await ledger.stop();
  address = await startLedger('postgres://nobody@127.0.0.1:9/nothing');
  expect(await ask('GET', TRAY)).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
  expect(await ask('POST', `${TRAY}/${randomUUID()}/retry`)).toMatchObject({ status: 503 });
  expect((await fetch(`${address}/livez`)).status).toBe(200);
  const metrics = await (await fetch(`${address}/metrics`)).text();
  expect(metrics).toContain('treasury_messages_total{outcome="booked"} 0');
  expect(metrics).not.toMatch(/^treasury_tray_notices /m);
});
