import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approved, on, pay } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
beforeAll(async () => {
  system = await startReadSystem();
  await bookYear(system);
});
afterAll(() => system.stop());

describe('the overview', () => {
  it('shows totals, rates against the next checkpoint, and no violation where there is none', async () => {
    const { status, body } = await system.get(U1_2024);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      unit: 'U1',
      unitName: '测试单位',
      year: 2024,
      approved: true,
      approvedOn: '2024-01-01',
      asOf: '2024-07-05',
      totals: { original: '8000.00', current: '8500.00', paid: '3900.00', available: '4350.00' },
      checkpoint: 'annual',
      violations: [],
    });
    expect(body.rates.find(({ indicator }: any) => indicator === 'I01')).toMatchObject({
      percent: '30.00',
      target: { checkpoint: 'annual', value: '100' },
      verdict: 'not-assessed',
    });
    expect(await system.get(`${U1_2024}/`)).toMatchObject({ status: 200, body: { unit: 'U1' } });
  });

  it('shows a line that is overdrawn, from the day on which it is', async () => {
    await system.book('U1', 2024, pay('V9', 'B01', '700.00', on('07-01')));
    const after = (await system.get(U1_2024)).body;
    expect(after.violations).toEqual([
      {
        code: 'LINE_OVERDRAWN',
        message: 'B01 基本支出: 100.00 more is paid, requested, frozen or taken back than its budget holds',
        line: 'B01',
        name: '基本支出',
        amount: '100.00',
      },
    ]);
    expect((await system.get(`${U1_2024}?asOf=2024-06-30`)).body.violations).toEqual([]);
    expect((await system.get(`${U1_2024}?asOf=2024-07-05&knownAt=2024-07-05T06:30:01.000Z`)).body.violations).toEqual(
      [],
    );
  });

  it('shows what was paid before approval, and rates over nothing', async () => {
    const base = '/api/v1/units/U2/years/2024';
    await system.register({ type: 'RegisterUnit', unit: 'U2', name: '另一单位', validFrom: civilDate('2024-01-01') });
    const line = { line: 'P01', name: '专项', expenditure: 'project', fund: 'general-public' } as const;
    await system.book(
      'U2',
      2024,
      { type: 'OpenLines', ...on('01-01'), lines: [line] },
      pay('V1', 'P01', '30.00', on('01-15')),
    );
    const early = (await system.get(`${base}?asOf=2024-02-01`)).body;
    expect(early).toMatchObject({ approved: false, totals: { original: '0.00', current: '0.00', paid: '30.00' } });
    expect(early).not.toHaveProperty('approvedOn');
    expect(early.violations.map(({ code, metric, amount }: any) => [code, metric ?? amount])).toEqual([
      ['LINE_OVERDRAWN', '30.00'],
      ['PAID_BEFORE_APPROVAL', '30.00'],
      ['RATE_OVER_NOTHING', 'execution-rate'],
      ['RATE_OVER_NOTHING', 'execution-rate-original'],
      ['RATE_OVER_NOTHING', 'payment-progress'],
      ['RATE_OVER_NOTHING', 'budget-deviation'],
      ['RATE_OVER_NOTHING', 'composition-variance'],
    ]);

    await system.book('U2', 2024, { ...approved({ P01: { amount: '100.00', name: '专项' } }), ...on('03-01') });
    const { violations } = (await system.get(`${base}?asOf=2024-04-01`)).body;
    expect(violations).toEqual([
      {
        code: 'PAID_BEFORE_APPROVAL',
        message: 'P01 专项: 30.00 is paid before the budget was approved',
        line: 'P01',
        name: '专项',
        amount: '30.00',
        journal: `${base}/journal?kind=paid&line=P01&to=2024-02-29`,
      },
    ]);
    expect((await system.get(violations[0].journal)).body.entries).toMatchObject([{ ref: 'V1', amount: '30.00' }]);
  });
});
