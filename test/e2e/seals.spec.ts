/** Sealed reports through the whole system: kept with the seal, the same for ever, and told where they are not. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
  await approvePlan(system, { P01: '1000.00', P02: '500.00' });
  await pay(payment('V1', 'P01', '400.00', '2024-05-31'));
});
afterAll(() => system.stop());

let position = '';
async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await system.send('POST', `${UNIT_YEAR}${path}`, body, { headers });
  if (answer.status === 201) position = answer.body.position;
  return answer;
}
async function pay(...payments: readonly object[]) {
  const answer = await post('/payments', payments.length === 1 ? payments[0]! : { payments });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer;
}
const read = (path: string, query = '') => system.get(`${UNIT_YEAR}${path}?atLeast=${position}${query}`);
const revision = async () => (await read('/payment-plan')).headers.get('stream-revision') ?? '';
const SEAL = { effectiveDate: '2024-07-05', through: '2024-06-30', reason: '半年报' };

describe('sealing', () => {
  it('on trial shows digests and sizes of the reports, and writes nothing', async () => {
    const before = await system.events();
    const { status, body } = await system.send('POST', `${UNIT_YEAR}/seals?dryRun=true`, SEAL);
    expect([status, await system.events()]).toEqual([200, before]);
    expect(body.events[0].data.reports).toMatchObject([
      { kind: 'lines', scope: 'all', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: expect.any(Number) },
      { kind: 'rates', scope: 'all' },
    ]);
    expect(JSON.stringify(body)).not.toContain('canonicalJson');
  });

  it('is refused for a revision that is not the last, and for a date of another year', async () => {
    expect(await post('/seals', SEAL, { 'if-match': '"0"' })).toMatchObject({ status: 412, body: { revision: 3 } });
    expect(await post('/seals', SEAL, { 'if-match': '"99"' })).toMatchObject({ status: 412, body: { revision: 3 } });
    expect(await post('/seals', { ...SEAL, through: '2023-06-30' }, { 'if-match': '"3"' })).toMatchObject({
      status: 422,
      body: { code: 'DATE_OUTSIDE_YEAR' },
    });
  });

  it('keeps the reports of the revision in If-Match, and a repeat answers what was stored', async () => {
    const headers = { 'if-match': `"${await revision()}"` };
    const sent = { key: 'seal-june', headers };
    const first = await system.send('POST', `${UNIT_YEAR}/seals`, SEAL, sent);
    expect(first).toMatchObject({ status: 201, body: { revision: 4, events: [{ type: 'PeriodSealed' }] } });
    expect(first.body.events[0].data.streams).toEqual([{ stream: 'budget-T1-2024', revision: 3 }]);
    position = first.body.position;
    await pay(payment('V2', 'P01', '1.00', '2024-07-06'));
    const again = await system.send('POST', `${UNIT_YEAR}/seals`, SEAL, sent);
    expect(again).toMatchObject({ status: 201, body: { replayed: true } });
    expect(again.body.events).toEqual(first.body.events);
    expect((await system.send('POST', `${UNIT_YEAR}/seals`, { ...SEAL, reason: 'x' }, sent)).status).toBe(422);
  });
});

describe('a seal', () => {
  it('is listed with its digests, the revisions that it cites and who made it', async () => {
    const { body } = await read('/seals');
    expect(body.seals).toMatchObject([
      {
        number: 1,
        through: '2024-06-30',
        sealedOn: '2024-07-05',
        reason: '半年报',
        by: { id: 'spec' },
        inForce: true,
        streams: [{ stream: 'budget-T1-2024', revision: 3 }],
        reports: [{ kind: 'lines' }, { kind: 'rates' }],
      },
    ]);
  });

  it('has reports whose bytes have the digest that it states', async () => {
    const { seals } = (await read('/seals')).body;
    for (const { text, sha256, bytes } of seals[0].reports) {
      const answer = await fetch(`${system.address}${text}`);
      const body = Buffer.from(await answer.arrayBuffer());
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect([createHash('sha256').update(body).digest('hex'), body.length]).toEqual([sha256, bytes]);
      expect(answer.headers.get('sealed-digest')).toBe(sha256);
      expect(answer.headers.get('repr-digest')).toBe(`sha-256=:${createHash('sha256').update(body).digest('base64')}:`);
    }
  });

  it('comes out the same after 1,000 more events, and shows its figures in yuan', async () => {
    for (let from = 0; from < 1_000; from += 500) {
      await pay(...Array.from({ length: 500 }, (_, index) => payment(`W${from + index}`, 'P02', '0.10', '2024-08-01')));
    }
    const { status, body } = await read('/seals/1');
    expect([status, body.reproduction]).toEqual([200, { same: true }]);
    const [lines, rates] = body.reports;
    expect(lines).toMatchObject({ digestHolds: true, content: { checkpoint: 'half', approved: true } });
    expect(lines.content.lines).toMatchObject([
      { line: 'P01', name: '项目 P01', original: '1000.00', paid: '400.00', available: '600.00' },
      { line: 'P02', paid: '0.00' },
    ]);
    expect(lines.content.totals[0]).toMatchObject({ scope: { funds: 'all' }, figures: { paid: '400.00' } });
    expect(rates.content.rates[0]).toMatchObject({
      metric: 'execution-rate',
      name: { zh: '预算执行率' },
      percent: '26.67',
    });
  });

  it('says what there is where it is not', async () => {
    expect(await read('/seals/2')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_SEAL' } });
    expect((await read('/seals/x')).body.detail).toContain('there are 1 to 1');
    const missing = await read('/seals/1/reports/rates/other');
    expect(missing).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_REPORT', reports: ['lines/all', 'rates/all'] },
    });
    expect((await read('/seals', '&asOf=2024-01-01')).status).toBe(400);
  });
});

describe('a file of payments with rows of the sealed period', () => {
  const HEADER = 'voucherNo,effectiveDate,line,amount,payee,purpose';
  async function upload(text: string) {
    const form = new FormData();
    form.append('file', new Blob([text]), 'late.csv');
    const answer = await fetch(`${system.address}/api/v1/imports?unit=T1&year=2024`, { method: 'POST', body: form });
    return { status: answer.status, body: (await answer.json()) as any };
  }

  it('is refused with row, date and what to do', async () => {
    const { body } = await upload(
      `${HEADER}\nL1,2024-07-01,P01,1.00,某公司,货款\nL2,2024-06-28,P01,1.00,某公司,货款\n`,
    );
    expect(body.problems).toEqual([
      {
        at: '第 3 行',
        code: 'PERIOD_SEALED',
        message:
          'the period through 2024-06-30 is sealed; date it 2024-07-01 or later and give 2024-06-28 as belongsTo',
      },
    ]);
  });

  it('is booked once it names the date to which they belong', async () => {
    const { status, body } = await upload(`${HEADER},belongsTo\nL2,2024-08-02,P01,1.00,某公司,货款,2024-06-28\n`);
    expect([status, body.problems, body.rows]).toMatchObject([201, [], [{ belongsTo: '2024-06-28' }]]);
    const headers = { 'if-match': `"${body.fingerprint}"` };
    expect(await system.send('POST', `/api/v1/imports/${body.id}/confirmation`, {}, { headers })).toMatchObject({
      status: 200,
      body: { state: 'booked', booked: 1 },
    });
  });
});
