/**
 * The half-year report and what came in later: June is sealed in July, late facts follow, the period is reopened and sealed
 * again. The answers are the same after a rebuild and in a system that takes the exported log.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { canonicalJson } from '#event-store/canonical.js';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
  await approvePlan(system, { P01: '1000.00', P02: '500.00' });
  await wrote('PUT', '/targets', { effectiveDate: '2024-01-20', indicators: [EXECUTION] }, { 'if-match': '"none"' });
  await wrote('POST', '/payments', payment('V1', 'P01', '400.00', '2024-05-31'));
  await sealed('2024-07-05');
});
afterAll(() => system.stop());

const EXECUTION = {
  ...{ indicator: 'I08', block: 1, level1: '过程', level2: '预算执行', level3: '预算执行率', kind: 'RATIO' },
  ...{ comparator: '>=', half: { text: '≥30%', value: '30' }, annual: { text: '≥95%', value: '95' }, decimals: 0 },
  ...{ unit: '%', checkpointBasis: 'FULL_YEAR', metric: 'execution-rate' },
};

let position = '';
async function send(method: 'POST' | 'PUT', path: string, body: object, headers: Record<string, string> = {}) {
  return system.send(method, `${UNIT_YEAR}${path}`, body, { headers });
}
async function wrote(method: 'POST' | 'PUT', path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await send(method, path, body, headers);
  if (answer.status > 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  position = answer.body.position;
}
const read = (path: string, query = '') => system.get(`${UNIT_YEAR}${path}?atLeast=${position}${query}`);
const ifMatch = async () => ({ 'if-match': (await read('/payment-plan')).headers.get('etag') ?? '' });
const sealed = async (effectiveDate: string) =>
  wrote('POST', '/seals', { effectiveDate, through: '2024-06-30', reason: '半年报' }, await ifMatch());
const restatement = async (number: number, query = '') => (await read(`/seals/${number}/restatement`, query)).body;
const late = (voucherNo: string, amount: string, effectiveDate: string, belongsTo: string) => ({
  ...payment(voucherNo, 'P01', amount, effectiveDate),
  belongsTo,
});

describe('after the seal of June', () => {
  it('the restatement is empty, and says so', async () => {
    expect(await restatement(1)).toMatchObject({
      asOf: '2024-06-30',
      touched: false,
      sentence: '封存后没有登记涉及 2024-06-30 及以前的事项，封存数据不变。',
      basis: 'reports',
      ...{ totals: [], lines: [], rates: [], entries: [], count: 0 },
    });
    expect((await restatement(1, '&lang=en')).sentence).toContain('the sealed figures stand');
  });

  it('a voucher dated in June is refused, and told which date is open and what to give', async () => {
    const { status, body } = await send('POST', '/payments', payment('V2', 'P01', '100.00', '2024-06-28'));
    expect(status).toBe(409);
    expect(body.faults).toMatchObject([{ code: 'PERIOD_SEALED', firstOpenDate: '2024-07-01' }]);
    expect(body.detail).toBe(
      'the period through 2024-06-30 is sealed; date it 2024-07-01 or later and give 2024-06-28 as belongsTo',
    );
  });

  it('booked in July it is an adjusting entry: what it changes is told, with since when and the verdict that turns', async () => {
    await wrote('POST', '/payments', late('V2', '100.00', '2024-07-08', '2024-06-28'));
    await wrote('POST', '/payments', payment('V3', 'P02', '7.00', '2024-07-09'));
    const body = await restatement(1);
    expect(body).toMatchObject({ touched: true, count: 1 });
    expect(body.sentence).toMatch(
      /有 1 项登记涉及 2024-06-30 及以前而未计入封存报表；1 个项目、\d+ 项指标与封存时不同，1 项判定改变。/,
    );
    const [entry] = body.entries;
    expect(entry).toMatchObject({
      ...{ type: 'PaymentExecuted', effectiveDate: '2024-07-08', belongsTo: '2024-06-28', touches: 'belongs-to' },
      ...{ ref: 'V2', actor: { id: 'spec' }, effects: [{ line: 'P01', kind: 'paid', amount: '100.00' }] },
    });
    expect(entry.sentence).toContain('支付 100.00 元 给 某公司（凭证 V2）');
    expect(body.lines).toEqual([
      {
        ...{ line: 'P01', name: '项目 P01', expenditure: 'project', fund: 'general-public', since: entry.recordedAt },
        changes: [
          { amount: 'paid', sealed: '400.00', restated: '500.00', change: '100.00' },
          { amount: 'available', sealed: '600.00', restated: '500.00', change: '-100.00' },
        ],
      },
    ]);
    expect(body.totals[0]).toEqual({ amount: 'paid', sealed: '400.00', restated: '500.00', change: '100.00' });
    expect(body.rates.find((rate: any) => rate.sealed.metric === 'execution-rate')).toMatchObject({
      sealed: { percent: '26.67', verdict: 'missed', indicator: 'I08' },
      restated: { percent: '33.33', verdict: 'met' },
      ...{ change: '6.66', turned: true, since: entry.recordedAt },
    });
    expect(body.rates.map((rate: any) => rate.sealed.metric)).not.toContain('adjustment-rate');
  });

  it('the rates of the open period count it by the date on which it was booked', async () => {
    const paid = async (asOf: string) => (await read('/lines', `&asOf=${asOf}`)).body.lines[0].paid;
    expect([await paid('2024-06-30'), await paid('2024-07-07'), await paid('2024-07-08')]).toEqual([
      ...['400.00', '400.00', '500.00'],
    ]);
  });

  it('corrections of June, plans and adjustments that belong to it are in the list too', async () => {
    const july = { effectiveDate: '2024-07-10', belongsTo: '2024-06-20' };
    await wrote('POST', '/payments/V1/returns', { ...july, returnNo: 'T1', amount: '50.00', kind: 'active' });
    await wrote('POST', '/adjustments', {
      ...{ ...july, adjustmentId: 'A1', reasonCode: 'ORDINARY', document: { number: '财预〔2024〕9号' } },
      movements: [{ kind: 'transfer', from: 'P01', to: 'P02', amount: '20.00' }],
    });
    const cumulative = [...Array<string>(6).fill('250.00'), ...Array<string>(6).fill('980.00')];
    await wrote('PUT', '/payment-plan', { ...july, plans: [{ line: 'P01', cumulative }] }, await ifMatch());
    const body = await restatement(1);
    expect(body.entries.map(({ type, document }: any) => [type, document])).toEqual([
      ...[
        ['PaymentExecuted', undefined],
        ['PaymentReturned', undefined],
      ],
      ...[
        ['BudgetTransferred', '财预〔2024〕9号'],
        ['PaymentPlanSet', undefined],
      ],
    ]);
    const changes = (line: string) =>
      Object.fromEntries(
        body.lines.find((of: any) => of.line === line).changes.map((of: any) => [of.amount, [of.sealed, of.restated]]),
      );
    // V1 and V2 less the return; 1,000 less what went to P02; 182 of 366 days of 1,000, and the plan of June.
    expect(changes('P01')).toEqual({
      ...{ transferredOut: ['0.00', '20.00'], current: ['1000.00', '980.00'], paid: ['400.00', '450.00'] },
      ...{ available: ['600.00', '530.00'], planned: ['497.27', '250.00'] },
    });
    expect(changes('P02')).toMatchObject({ current: ['500.00', '520.00'], planned: ['248.63', '258.58'] });
  });

  it('comes page by page, and knows what was known', async () => {
    const first = await restatement(1, '&limit=3');
    expect([first.count, first.entries.length]).toEqual([4, 3]);
    const second = await restatement(1, `&limit=3&cursor=${first.next}`);
    expect(second.entries.map(({ type }: any) => type)).toEqual(['PaymentPlanSet']);
    expect(second).not.toHaveProperty('next');
    expect(await restatement(1, `&knownAt=${first.entries[0].position}`)).toMatchObject({ count: 1 });
  });
});

describe('reopened and sealed again', () => {
  beforeAll(async () => {
    const reopening = { effectiveDate: '2024-07-15', kind: 'period', through: '2024-06-30', reason: '补记6月凭证' };
    await wrote('POST', '/reopenings', reopening, await ifMatch());
    await wrote('POST', '/payments', payment('V4', 'P02', '30.00', '2024-06-29'));
    await sealed('2024-07-20');
  });

  it('there are two seals, each with what it kept', async () => {
    const { seals } = (await read('/seals')).body;
    expect(seals).toMatchObject([
      { number: 1, inForce: false, reopened: { on: '2024-07-15', reason: '补记6月凭证', by: { id: 'spec' } } },
      { number: 2, inForce: true },
    ]);
    const paid = async (number: number) =>
      (await read(`/seals/${number}`)).body.reports[0].content.lines.map((line: any) => line.paid);
    expect([await paid(1), await paid(2)]).toEqual([
      ['400.00', '0.00'],
      ['400.00', '30.00'],
    ]);
    for (const number of [1, 2]) expect((await read(`/seals/${number}`)).body.reproduction).toEqual({ same: true });
  });

  it('what was dated in June then is in the restatement of the first', async () => {
    const { entries } = await restatement(1);
    expect(entries.at(-1)).toMatchObject({ ref: 'V4', touches: 'dated-inside', effectiveDate: '2024-06-29' });
    expect(entries.at(-1)).not.toHaveProperty('belongsTo');
  });

  it('the second leaves out by their dates the late facts that were known already, and tells them', async () => {
    const body = await restatement(2);
    expect(body.entries.map(({ type, knownWhenSealed }: any) => [type, knownWhenSealed])).toEqual([
      ...[
        ['PaymentExecuted', true],
        ['PaymentReturned', true],
        ['BudgetTransferred', true],
        ['PaymentPlanSet', true],
      ],
    ]);
    expect(body.lines.find(({ line }: any) => line === 'P01').changes).toContainEqual({
      ...{ amount: 'paid', sealed: '400.00', restated: '450.00', change: '50.00' },
    });
  });

  it('a seal that is not there has no restatement', async () => {
    expect(await read('/seals/3/restatement')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_SEAL' } });
  });
});

describe('the same answers come', () => {
  const TIMES: ReadonlySet<string> = new Set(['recordedAt', 'knownAt', 'since']);
  const PATHS = ['/seals', '/seals/1', '/seals/2', '/seals/1/restatement', '/seals/2/restatement'];
  const answers = (from: TestSystem) =>
    Promise.all(PATHS.map(async (path) => (await from.get(`${UNIT_YEAR}${path}?atLeast=${position}`)).body));
  const exported = async () => (await fetch(`${system.address}/api/v1/admin/log`)).text();

  async function imported(text: string, look: (other: TestSystem) => Promise<void>): Promise<void> {
    const other = await startTestSystem();
    try {
      const headers = { 'content-type': 'application/x-ndjson' };
      const answer = await fetch(`${other.address}/api/v1/admin/log`, { method: 'POST', headers, body: text });
      expect(answer.status).toBe(201);
      await look(other);
    } finally {
      await other.stop();
    }
  }

  it('from rebuilt read models', async () => {
    const before = await answers(system);
    const rebuilt = await fetch(`${system.address}/api/v1/admin/rebuild`, { method: 'POST' });
    expect(await rebuilt.text()).toContain('"result"');
    expect(await answers(system)).toEqual(before);
  });

  it('from a system that took the exported log', async () => {
    // A running system has promised that nothing is stamped before its start, so it stamps what it takes in anew.
    const untimed = (bodies: readonly unknown[]) =>
      JSON.parse(JSON.stringify(bodies, (key, value: unknown) => (TIMES.has(key) ? undefined : value))) as unknown;
    const before = untimed(await answers(system));
    await imported(await exported(), async (other) => expect(untimed(await answers(other))).toEqual(before));
  });

  it('but not from a log whose seal was tampered with, or made by another version of a formula: that is told', async () => {
    const [header = '', ...lines] = (await exported()).trim().split('\n');
    let seal = 0;
    const changed = lines.map((line) => {
      const event = JSON.parse(line);
      if (event.type !== 'PeriodSealed') return line;
      const [ofLines, ofRates] = event.data.reports;
      seal += 1;
      if (seal === 1) {
        const report = JSON.parse(ofRates.canonicalJson);
        report.formulas[0].version = 7;
        for (const rate of report.rates) if (rate.metric === 'execution-rate') rate.version = 7;
        ofRates.canonicalJson = canonicalJson(report);
        ofRates.sha256 = createHash('sha256').update(ofRates.canonicalJson).digest('hex');
      } else ofLines.canonicalJson = ofLines.canonicalJson.replace('40000', '41000');
      return canonicalJson(event);
    });
    await imported([header, ...changed, ''].join('\n'), async (other) => {
      const get = async (path: string) => (await other.get(`${UNIT_YEAR}${path}?atLeast=${position}`)).body;
      expect((await get('/seals/1')).reproduction).toEqual({
        same: false,
        reasons: [{ code: 'FORMULA_VERSION_CHANGED', where: 'execution-rate', sealed: '7', now: '1' }],
      });
      expect((await get('/seals/1/restatement')).sentence).toContain('项指标的公式版本已更新');
      const { reproduction, reports } = await get('/seals/2');
      expect(reproduction.reasons).toContainEqual({
        ...{ code: 'DIGEST_DIFFERS', where: 'lines all', sealed: reports[0].sha256, now: expect.any(String) },
      });
      expect(reproduction.reasons).toContainEqual({
        ...{ code: 'FIGURE_DIFFERS', where: 'lines P01 paid', sealed: '410.00', now: '400.00' },
      });
      expect(reports.map(({ digestHolds }: any) => digestHolds)).toEqual([false, true]);
      expect((await get('/seals/2/restatement')).basis).toBe('read-models');
    });
  });
});
