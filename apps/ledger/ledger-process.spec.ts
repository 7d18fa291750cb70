/** Ledgers as processes on one event store: they start, serve, stop, book into one stream together, and say what is missing. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openEventStoreDb } from '#event-store/eventstoredb/store.js';
import type { EventStore } from '#event-store/port.js';
import { listenOnLoopback } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { openReadModels } from '#read-model/data-source.js';
import { askingAt, type Asking } from '../../test/support/asking.js';
import { startStandIn, type StandIn } from '../../test/support/eventstoredb/stand-in.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { approval, payment, UNIT, UNIT_YEAR } from '../../test/support/system.js';
import { until } from '../../test/support/until.js';
import { createLedgerProcess, type LedgerOptions } from './ledger-process.js';

let standIn: StandIn;
let database: TestDatabase;
let log: EventStore;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  standIn = await startStandIn();
  database = await createDatabase();
  log = await openEventStoreDb({ url: standIn.url });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await log.close();
  await standIn.stop();
  await database.drop();
});

const SETTINGS = { publicHosts: [], actor: 'spec' };

async function startLedger(options: LedgerOptions & { eventStoreUrl?: string; databaseUrl?: string } = {}) {
  const { eventStoreUrl = standIn.url, databaseUrl = database.url, ...rest } = options;
  const ledger = createLedgerProcess({ ...SETTINGS, databaseUrl, eventStoreUrl }, createLogger('silent'), rest);
  const stop = () => ledger.stop();
  stops.push(stop);
  const address = await listenOnLoopback(await ledger.start(), 0);
  return { ...askingAt(address), stop };
}

async function register(at: Asking, unit: string, path: string, lines: Readonly<Record<string, string>>) {
  expect((await at.send('POST', '/api/v1/units', { ...UNIT, unit })).status).toBe(201);
  expect((await at.send('POST', `${path}/budget`, approval(lines))).status).toBe(201);
}

describe('two ledgers on one event store', () => {
  const key = (n: number) => `V-${String(n).padStart(3, '0')}`;

  it('book each voucher once, also when both are sent it, and see what the other has booked', async () => {
    const [one, two] = [await startLedger(), await startLedger()];
    await register(one, 'T1', UNIT_YEAR, { P1: '1000.00' });
    const pay = (at: Asking, n: number) =>
      at.send('POST', `${UNIT_YEAR}/payments`, payment(key(n), 'P1', '1.00'), { key: key(n) });
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    // Both are sent everything, in opposite order; one that lost too often is sent it again, as its answer says.
    const sent = await Promise.all(
      numbers.flatMap((n) => [
        until(
          () => pay(one, n),
          ({ status }) => status !== 503,
        ),
        until(
          () => pay(two, numbers.length - 1 - n),
          ({ status }) => status !== 503,
        ),
      ]),
    );
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([201]));
    const fresh = sent.filter(({ headers }) => headers.get('idempotency-replayed') === null);
    expect(fresh).toHaveLength(numbers.length);
    const stored: string[] = [];
    for await (const { type, data } of log.read('budget-T1-2024')) {
      if (type === 'PaymentExecuted') stored.push((data as { voucherNo: string }).voucherNo);
    }
    expect(stored.sort()).toEqual(numbers.map(key));
  });

  it('answer If-Match by what stands in the log, whoever wrote it', async () => {
    const [one, two] = [await startLedger(), await startLedger()];
    const path = '/api/v1/units/T2/years/2024';
    await register(one, 'T2', path, { P1: '1000.00' });
    const pay = (at: Asking, n: number, revision: number) =>
      at.send('POST', `${path}/payments`, payment(key(n), 'P1', '1.00'), { headers: { 'if-match': `"${revision}"` } });
    // Approval and one line: the stream is at revision 1.
    const both = await Promise.all([pay(one, 1, 1), pay(two, 2, 1)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 412]);
    const lost = both.find(({ status }) => status === 412);
    expect(lost?.body).toMatchObject({ code: 'REVISION_MISMATCH', revision: 2 });
    expect((await pay(two, 3, 2)).headers.get('stream-revision')).toBe('3');
    expect((await pay(one, 4, 2)).status).toBe(412);
    expect((await pay(one, 4, 3)).status).toBe(201);
  });

  it('hand out a file of evidence that the other one was sent', async () => {
    const [one, two] = [await startLedger(), await startLedger()];
    const content = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const form = new FormData();
    form.append('file', new Blob([Buffer.concat([Buffer.from('%PDF-1.7\n'), content])]), '验收单.pdf');
    const answer = await fetch(`${one.address}/api/v1/attachments`, { method: 'POST', body: form });
    const { sha256 } = (await answer.json()) as { sha256: string };
    const found = await fetch(`${two.address}/api/v1/attachments/${sha256}`);
    expect(
      Buffer.from(await found.arrayBuffer())
        .subarray(9)
        .equals(content),
    ).toBe(true);
  });

  it('book a file that the other one was sent', async () => {
    const [one, two] = [await startLedger(), await startLedger()];
    const path = '/api/v1/units/T3/years/2024';
    await register(one, 'T3', path, { P1: '1000.00' });
    const csv = 'voucherNo,effectiveDate,line,amount,payee,purpose\nC-1,2024-03-01,P1,10.00,某公司,维修\n';
    const upload = async (at: Asking) => {
      const form = new FormData();
      form.append('file', new Blob([csv]), 'file');
      const answer = await fetch(`${at.address}/api/v1/imports?unit=T3&year=2024`, { method: 'POST', body: form });
      return (await answer.json()) as { id: string; fingerprint: string };
    };
    const confirm = (at: Asking, { id, fingerprint }: { id: string; fingerprint: string }) =>
      at.send('POST', `/api/v1/imports/${id}/confirmation`, {}, { headers: { 'if-match': `"${fingerprint}"` } });
    const preview = await upload(one);
    expect((await two.get(`/api/v1/imports/${preview.id}`)).body).toMatchObject({ id: preview.id, rowCount: 1 });
    expect(await confirm(two, preview)).toMatchObject({
      status: 200,
      body: { state: 'booked', booked: 1, written: 1 },
    });
    expect(await confirm(one, preview)).toMatchObject({ status: 200, body: { booked: 1, written: 0 } });
    expect((await confirm(one, { ...preview, fingerprint: '0'.repeat(64) })).status).toBe(412);
  });
});

describe('a ledger', () => {
  it('stops answering when it is stopped', async () => {
    const ledger = await startLedger();
    expect((await ledger.get('/livez')).status).toBe(200);
    await ledger.stop();
    await expect(ledger.get('/livez')).rejects.toThrow();
  });

  it('serves the writes alone, and the description of the whole API', async () => {
    const document = { openapi: '3.1.0', info: { title: 'all of it', version: '1' }, paths: {} };
    const ledger = await startLedger({ document });
    expect((await ledger.get(`${UNIT_YEAR}/lines`)).status).toBe(404);
    expect((await ledger.get('/api/openapi.json')).body).toEqual(document);
    expect((await ledger.get('/api/docs')).status).toBe(200);
  });

  it('says that the event store is away, refuses with 503 and Retry-After, and goes on when it is back', async () => {
    const own = await startStandIn();
    stops.push(() => own.stop());
    const ledger = await startLedger({ eventStoreUrl: own.url });
    await until(
      () => ledger.get('/readyz'),
      ({ status }) => status === 200,
    );
    await register(ledger, 'T1', UNIT_YEAR, { P1: '1000.00' });
    own.faults.unavailable('refused');
    expect(await ledger.get('/readyz')).toMatchObject({ status: 503, body: { code: 'NOT_READY', failing: ['log'] } });
    const away = await ledger.send('POST', `${UNIT_YEAR}/payments`, payment('V-1', 'P1', '1.00'), { key: 'k' });
    expect(away).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
    expect(away.headers.get('retry-after')).toBe('1');
    expect((await ledger.get('/livez')).status).toBe(200);
    own.faults.none();
    await until(
      () => ledger.get('/readyz'),
      ({ status }) => status === 200,
    );
    const pay = () => ledger.send('POST', `${UNIT_YEAR}/payments`, payment('V-1', 'P1', '1.00'), { key: 'k' });
    expect((await until(pay, ({ status }) => status !== 503)).status).toBe(201);
    expect((await pay()).headers.get('idempotency-replayed')).toBe('true');
  });

  it('books once what its event store has stored and not answered', async () => {
    const own = await startStandIn();
    stops.push(() => own.stop());
    const ledger = await startLedger({ eventStoreUrl: own.url });
    await register(ledger, 'T1', UNIT_YEAR, { P1: '1000.00' });
    own.faults.loseReplies(1, 'ended');
    const pay = () => ledger.send('POST', `${UNIT_YEAR}/payments`, payment('V-1', 'P1', '1.00'), { key: 'k' });
    const first = await until(pay, ({ status }) => status !== 503);
    expect(first.status).toBe(201);
    expect(first.body.revision).toBe(2);
    expect((await pay()).body).toMatchObject({ revision: 2, replayed: true });
  });

  it('starts before its event store does', async () => {
    const own = await startStandIn();
    stops.push(() => own.stop());
    own.faults.unavailable('refused');
    const ledger = await startLedger({ eventStoreUrl: own.url });
    expect((await ledger.get('/readyz')).body.failing).toEqual(['log']);
    own.faults.none();
    await until(
      () => ledger.get('/readyz'),
      ({ status }) => status === 200,
    );
  });

  it('books without its database and says what it cannot do meanwhile', async () => {
    const own = await startStandIn();
    stops.push(() => own.stop());
    const ledger = await startLedger({ eventStoreUrl: own.url, databaseUrl: 'postgres://127.0.0.1:1/nowhere' });
    await register(ledger, 'T1', UNIT_YEAR, { P1: '1000.00' });
    expect(await ledger.get('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', degraded: ['database', 'read-models', 'processes'] },
    });
    const trial = await ledger.send('POST', `${UNIT_YEAR}/payments?dryRun=true`, payment('V-1', 'P1', '1.00'));
    expect(trial).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } });
    expect((await ledger.get('/api/v1/processes')).status).toBe(503);
  });

  it('works a trial out once there are read models, and does not make them', async () => {
    const [own, empty] = [await startStandIn(), await createDatabase()];
    const ledger = await startLedger({ eventStoreUrl: own.url, databaseUrl: empty.url });
    await register(ledger, 'T1', UNIT_YEAR, { P1: '1000.00' });
    const trial = () => ledger.send('POST', `${UNIT_YEAR}/payments?dryRun=true`, payment('V-1', 'P1', '1.00'));
    const refused = await until(trial, ({ body }) => body.code !== 'DATABASE_UNAVAILABLE');
    expect(refused).toMatchObject({ status: 503, body: { code: 'READ_MODELS_MISSING' } });
    const readModels = await openReadModels(empty.url);
    const behind = await until(trial, ({ body }) => body.code !== 'READ_MODELS_MISSING');
    expect(behind).toMatchObject({ status: 503, body: { code: 'READ_MODEL_BEHIND' } });
    await readModels.destroy();
    for (const stop of stops.splice(0).reverse()) await stop();
    await own.stop();
    await empty.drop();
  }, 60_000);
});
