import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { add, adjust, approved, lot, on, plan, withdraw } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { BEFORE_LATE, bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
beforeAll(async () => {
  system = await startReadSystem();
  await bookYear(system);
});
afterAll(() => system.stop());

describe('the approved budget', () => {
  it('is shown as it was approved, whatever was adjusted since', async () => {
    const { status, headers, body } = await system.get(`${U1_2024}/budget`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'stream-revision': '9', etag: '"9"' });
    expect(body).toMatchObject({
      approved: true,
      approvedOn: '2024-01-01',
      document: { number: '财预〔2024〕1号', title: '批复', date: '2024-01-01' },
      income: [],
      basic: '1000.00',
      project: '7000.00',
    });
    expect(body.lines).toEqual([
      {
        line: 'B01',
        name: '基本支出',
        expenditure: 'basic',
        fund: 'general-public',
        original: '1000.00',
        halfYearPlan: '400.00',
      },
      {
        line: 'P01',
        name: '培训费',
        expenditure: 'project',
        fund: 'general-public',
        codes: { departmentEconomic: '30216' },
        original: '2000.00',
        halfYearPlan: '500.00',
      },
      {
        line: 'P02',
        name: '征地补偿',
        expenditure: 'project',
        fund: 'government-funds',
        original: '5000.00',
        halfYearPlan: '3000.00',
      },
    ]);
  });

  it('names income and what was carried in', async () => {
    await system.register({ type: 'RegisterUnit', unit: 'U4', name: '结转单位', validFrom: civilDate('2024-01-01') });
    await system.book(
      'U4',
      2024,
      approved(
        { P01: '100.00' },
        {
          carryOvers: [lot('C1', 'P01', '20.00')],
          income: [
            { source: 'general-public', fen: 10_000 as never },
            { source: 'carry-over', fen: 2_000 as never },
          ],
          dateAssumed: true,
        },
      ),
    );
    expect((await system.get('/api/v1/units/U4/years/2024/budget')).body).toMatchObject({
      dateAssumed: true,
      income: [
        { source: 'general-public', amount: '100.00' },
        { source: 'carry-over', amount: '20.00' },
      ],
      project: '120.00',
      lines: [{ original: '100.00', carryOverIn: '20.00' }],
    });
  });

  it('is not there before its date and after its withdrawal', async () => {
    await system.register({ type: 'RegisterUnit', unit: 'U5', name: '撤回单位', validFrom: civilDate('2024-01-01') });
    await system.book('U5', 2024, { ...approved({ P01: '100.00' }), ...on('02-01') }, withdraw(on('02-15')));
    const budget = async (query: string) => (await system.get(`/api/v1/units/U5/years/2024/budget${query}`)).body;
    const none = { approved: false, income: [], basic: '0.00', project: '0.00', lines: [] };
    expect(await budget('?asOf=2024-01-31')).toMatchObject(none);
    expect(await budget('?asOf=2024-02-01')).toMatchObject({ approved: true, lines: [{ original: '100.00' }] });
    expect(await budget('?asOf=2024-02-15')).toMatchObject(none);
  });
});

describe('payment plans', () => {
  const plans = async (query = '') => (await system.get(`${U1_2024}/payment-plan${query}`)).body.plans;

  it('are shown cumulative by month, by the plan in force', async () => {
    const [basic] = await plans('?asOf=2024-06-30');
    expect(basic).toEqual({
      line: 'B01',
      name: '基本支出',
      kind: 'approved',
      effectiveDate: '2024-01-01',
      cumulative: [
        // evenly by day to 400.00 on 30 June, then to 1,000.00
        '68.13',
        '131.87',
        '200.00',
        '265.93',
        '334.07',
        '400.00',
        '501.09',
        '602.17',
        '700.00',
        '801.09',
        '898.91',
        '1000.00',
      ],
    });
  });

  it('follow a monthly plan from its date on, for all months', async () => {
    const monthly = ['0', '0', '0', '0', '0', '300', '300', '300', '300', '300', '300', '900'].map((n) => `${n}.00`);
    const { headers } = await system.get(`${U1_2024}/payment-plan`);
    expect(headers['etag']).toBe('"9"');
    await system.book('U1', 2024, plan('B01', monthly, on('07-01')));
    expect((await plans('?asOf=2024-06-30'))[0].kind).toBe('approved');
    expect((await plans('?asOf=2024-07-01'))[0]).toEqual({
      line: 'B01',
      name: '基本支出',
      kind: 'monthly',
      effectiveDate: '2024-07-01',
      cumulative: monthly,
    });
    expect((await plans(`?asOf=2024-07-01&knownAt=${BEFORE_LATE}`))[0].kind).toBe('approved');
    expect((await system.get(`${U1_2024}/payment-plan`)).headers['etag']).toBe('"10"');
    const again = await system.get(`${U1_2024}/payment-plan?checkpoint=half`, { 'if-none-match': 'W/"8", W/"10"' });
    expect(again.status).toBe(304);
  });

  it('are assumed to run evenly where nothing is planned', async () => {
    await system.book(
      'U1',
      2024,
      { type: 'OpenLines', ...on('03-01'), lines: [NEW_LINE] },
      adjust('A9', [add('P09', '366.00')]),
    );
    const added = (await plans('?asOf=2024-07-01')).at(-1);
    expect(added).toMatchObject({ line: 'P09', kind: 'none', assumed: true });
    expect([added.cumulative[0], added.cumulative[11]]).toEqual(['31.00', '366.00']);
  });
});

const NEW_LINE = { line: 'P09', name: '新增项目', expenditure: 'project', fund: 'general-public' } as const;
