import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS } from '#domain/metrics/registry.js';
import { approved, pay } from '#domain/budget/specification.js';
import { BEFORE_LATE, bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
beforeAll(async () => {
  system = await startReadSystem();
  await bookYear(system);
});
afterAll(() => system.stop());

const rates = async (query: string, base = U1_2024) => (await system.get(`${base}/rates${query}`)).body;
const rate = (body: any, metric: string, funds: unknown = 'all') =>
  body.rates.find((row: any) => row.metric === metric && JSON.stringify(row.scope.funds) === JSON.stringify(funds));

describe('rates', () => {
  it('list every metric for all funds and in the scope of each target', async () => {
    const body = await rates('?checkpoint=half');
    expect(body).toMatchObject({ asOf: '2024-06-30', approved: true, checkpoint: 'half' });
    expect(body.rates).toHaveLength(METRICS.length * 2);
  });

  it('meet a target in its own scope, and show all funds beside it', async () => {
    const body = await rates('?checkpoint=half');
    expect(rate(body, 'execution-rate', ['general-public'])).toEqual({
      metric: 'execution-rate',
      version: 1,
      name: { zh: '预算执行率', en: 'Budget execution rate' },
      scope: { funds: ['general-public'], expenditure: 'all' },
      status: 'OK',
      numerator: '900.00',
      denominator: '3000.00',
      percent: '30.00',
      indicator: 'I01',
      target: { checkpoint: 'half', comparator: '=', value: '30' },
      verdict: 'met',
      distance: '0.00',
    });
    // 3,900.00 of 8,500.00
    expect(rate(body, 'execution-rate')).toMatchObject({ percent: '45.88' });
    expect(rate(body, 'execution-rate')).not.toHaveProperty('target');
    // 500.00 of 8,000.00 is 6.25 %, more than 5 %
    expect(rate(body, 'adjustment-rate')).toMatchObject({ percent: '6.25', verdict: 'missed', distance: '1.25' });
  });

  it('answer what was known before the late voucher', async () => {
    const body = await rates(`?checkpoint=half&knownAt=${BEFORE_LATE}`);
    expect(rate(body, 'execution-rate', ['general-public'])).toMatchObject({
      numerator: '800.00',
      percent: '26.67',
      verdict: 'missed',
      distance: '-3.33',
    });
    const bare = await rates('?checkpoint=half&knownAt=2024-06-30');
    expect(bare).toEqual({ ...body, knownAt: '2024-06-30T15:59:59.999Z' });
  });

  it('judge nothing before a checkpoint, but give the distance', async () => {
    const body = await rates('?asOf=2024-03-31');
    expect(body.checkpoint).toBe('half');
    expect(rate(body, 'execution-rate', ['general-public'])).toMatchObject({
      percent: '26.67',
      verdict: 'not-assessed',
      reason: 'BEFORE_CHECKPOINT',
      distance: '-3.33',
    });
    expect((await rates('')).checkpoint).toBe('annual');
  });

  it('are those of the scope asked for', async () => {
    const body = await rates('?checkpoint=half&funds=government-funds');
    expect(body.rates).toHaveLength(METRICS.length);
    expect(rate(body, 'execution-rate', ['government-funds'])).toMatchObject({
      numerator: '3000.00',
      denominator: '5500.00',
      percent: '54.55',
    });
    const projects = await rates('?checkpoint=half&expenditure=project&funds=general-public,government-funds');
    expect(projects.rates[0]).toMatchObject({
      scope: { funds: ['general-public', 'government-funds'], expenditure: 'project' },
      numerator: '3500.00',
    });
  });

  it('say why there is no figure', async () => {
    const body = await rates('?checkpoint=half');
    expect(rate(body, 'carry-over-rate')).toMatchObject({
      status: 'NOT_APPLICABLE',
      reason: 'YEAR_END_ONLY',
      percent: null,
      numerator: null,
    });
    expect(rate(body, 'running-cost-control')).toMatchObject({
      status: 'NOT_COMPUTABLE',
      reason: 'NOT_ALL_CODED',
      coverage: { coded: '0.00', total: '1400.00' },
    });
  });

  it('see the year before when it is in the ledger', async () => {
    system.clock.now = Date.parse('2024-08-01T00:00:00Z');
    await system.register({ type: 'RegisterUnit', unit: 'U2', name: '另一单位', validFrom: '2023-01-01' as never });
    const plan = approved({ B01: { amount: '100.00', expenditure: 'basic' } });
    await system.book('U2', 2023, { ...plan, effectiveDate: '2023-01-01' as never });
    await system.book('U2', 2023, pay('V1', 'B01', '80.00', { effectiveDate: '2023-12-01' as never }));
    await system.book('U2', 2024, plan, pay('V1', 'B01', '70.00'));
    const annual = await rates('?checkpoint=annual', '/api/v1/units/U2/years/2024');
    // 30.00 left against 20.00 the year before
    expect(rate(annual, 'carry-over-change')).toMatchObject({
      numerator: '10.00',
      denominator: '20.00',
      percent: '50.00',
    });
    const first = await rates('?checkpoint=annual', '/api/v1/units/U2/years/2023');
    expect(rate(first, 'carry-over-change')).toMatchObject({ status: 'NOT_COMPUTABLE', reason: 'NO_PRIOR_YEAR' });
  });
});

describe('before approval', () => {
  it('figures are real zeros', async () => {
    const base = '/api/v1/units/U2/years/2024';
    await system.book('U2', 2025, { ...approved({ P01: '10.00' }), effectiveDate: '2025-03-01' as never });
    const early = await rates('?asOf=2025-02-28', '/api/v1/units/U2/years/2025');
    expect(early.approved).toBe(false);
    expect(rate(early, 'execution-rate')).toMatchObject({
      status: 'NOT_APPLICABLE',
      reason: 'ZERO_OVER_ZERO',
      numerator: '0.00',
      denominator: '0.00',
    });
    expect((await rates('?asOf=2024-12-31', base)).approved).toBe(true);
  });
});
