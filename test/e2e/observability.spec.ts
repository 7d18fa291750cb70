/** What an operator sees of a request: its trace in the log of events, and the counts at `/metrics`. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const GIVEN = `00-${TRACE}-b7ad6b7169203331-01`;
const WRITTEN = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
  await approvePlan(system, { P01: '100.00', P02: '50.00' });
});
afterAll(() => system.stop());

/** The `traceparent` of each event of a stream, in order. */
async function tracesOf(stream: string): Promise<(string | undefined)[]> {
  const client = new pg.Client({ connectionString: system.url });
  await client.connect();
  try {
    const sql = `SELECT convert_from(metadata, 'UTF8') AS meta FROM log.event WHERE stream = $1 ORDER BY revision`;
    const { rows } = await client.query<{ meta: string }>(sql, [stream]);
    return rows.map(({ meta }) => (JSON.parse(meta) as { traceparent?: string }).traceparent);
  } finally {
    await client.end();
  }
}

const pay = (voucherNo: string, key: string, traceparent?: string) =>
  system.send('POST', `${UNIT_YEAR}/payments`, payment(voucherNo, 'P01', '1.00'), {
    key,
    ...(traceparent === undefined ? {} : { headers: { traceparent } }),
  });

describe('a traceparent', () => {
  it('of a caller is carried on into the first event of the command, as a hop of its own', async () => {
    expect((await pay('V-1', 'k-1', GIVEN)).status).toBe(201);
    const trace = (await tracesOf('budget-T1-2024')).at(-1);
    expect(trace).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(trace).not.toBe(GIVEN);
  });

  it('is no part of the request: a repeat in another trace gets the first answer', async () => {
    const { body: first } = await pay('V-2', 'k-2', GIVEN);
    const again = await pay('V-2', 'k-2', `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.events).toEqual(first.events);
    expect((await tracesOf('budget-T1-2024')).at(-1)).toContain(TRACE);
  });

  it.each(['', 'nonsense', `ff-${TRACE}-b7ad6b7169203331-01`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])(
    'that is none (%s) is ignored and another one begun',
    async (traceparent) => {
      const voucher = `V-3${traceparent.length}${traceparent.slice(0, 2)}`;
      expect((await pay(voucher, `k-${voucher}`, traceparent)).status).toBe(201);
      const trace = (await tracesOf('budget-T1-2024')).at(-1);
      expect(trace).toMatch(WRITTEN);
      expect(trace).not.toContain(TRACE);
    },
  );

  it('stands on the first event of a command only', async () => {
    const traces = await tracesOf('budget-T1-2024');
    // The plan: one header and two lines in one append.
    expect(traces.slice(0, 3).map((trace) => trace !== undefined)).toEqual([true, false, false]);
  });

  it('of a close goes on into what the close causes in the next year', async () => {
    const last = await system.get(`${UNIT_YEAR}/budget`);
    const ifMatch = last.headers.get('etag') ?? '';
    const close = { effectiveDate: '2024-12-31' };
    const headers = { traceparent: GIVEN, 'if-match': ifMatch };
    const closed = await system.send('POST', `${UNIT_YEAR}/close`, close, { headers });
    expect(closed.status).toBe(201);
    await system.get(`/api/v1/processes?atLeast=${closed.body.position}`);
    const traces = (await tracesOf('budget-T1-2025')).filter((trace) => trace !== undefined);
    const own = (await tracesOf('budget-T1-2024')).at(-1);
    expect(traces.length).toBeGreaterThan(0);
    for (const trace of traces) {
      expect(trace).toContain(TRACE);
      expect(trace).not.toBe(own);
    }
  });
});

describe('/metrics', () => {
  const metric = async (series: string): Promise<number> => {
    const { body } = await system.get('/metrics');
    const line = (body as string).split('\n').find((text) => text.startsWith(`${series} `));
    if (line === undefined) throw new Error(`${series} is not there`);
    return Number(line.slice(series.length + 1));
  };

  it('counts appends and repeats', async () => {
    const [appends, replays] = [
      await metric('ledger_appends_total{outcome="stored"}'),
      await metric('ledger_replays_total'),
    ];
    const again = () =>
      system.send('POST', '/api/v1/units', { unit: 'T9', name: '九', validFrom: '2024-01-01' }, { key: 'm' });
    await again();
    await again();
    expect(await metric('ledger_appends_total{outcome="stored"}')).toBe(appends + 1);
    expect(await metric('ledger_replays_total')).toBe(replays + 1);
    expect(await metric('ledger_append_conflicts_total')).toBe(0);
    expect(await metric('ledger_append_unknown_total')).toBe(0);
  });

  it('tells how far the read models are, what is parked and what is open', async () => {
    const events = await system.events();
    expect((await system.get(`/api/v1/units?atLeast=${events}`)).status).toBe(200);
    expect(await metric('projector_events_total{partition="log"}')).toBe(events);
    expect(await metric('projector_lag_events{partition="log"}')).toBe(0);
    expect(await metric('projector_lag_seconds{partition="log"}')).toBe(0);
    expect(await metric('parked_streams')).toBe(0);
    expect(await metric('processes_open')).toBe(0);
  });
});
