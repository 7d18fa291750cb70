import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pay, on } from '#domain/budget/specification.js';
import {
  BEFORE_LATE,
  bookYear,
  INDICATORS,
  startReadSystem,
  U1_2024,
  type ReadSystem,
} from '../../test/support/read-system.js';

let system: ReadSystem;
beforeAll(async () => {
  system = await startReadSystem();
  await bookYear(system);
});
afterAll(() => system.stop());

const targets = async (query: string) => (await system.get(`${U1_2024}/targets${query}`)).body;

describe('targets', () => {
  it('show each indicator in printed order with result, verdict and distance', async () => {
    const body = await targets('?checkpoint=half');
    expect(body).toMatchObject({ asOf: '2024-06-30', checkpoint: 'half' });
    expect(body.targets).toMatchObject([
      {
        indicator: 'I01',
        level3: '预算执行率',
        comparator: '=',
        half: { text: '＝30%', value: '30' },
        scope: { funds: ['general-public'], expenditure: 'all' },
        scopeBasis: 'inferred',
        result: '30.00',
        verdict: 'met',
        distance: '0.00',
      },
      // a target without a scope means all funds: 500.00 of 8,000.00
      { indicator: 'I02', metric: 'adjustment-rate', result: '6.25', verdict: 'missed', distance: '1.25' },
      { indicator: 'I03', result: null, verdict: 'not-assessed', reason: 'NO_RESULT' },
      { indicator: 'I04', half: { text: '健全' }, result: null, verdict: 'not-assessed', reason: 'NO_RESULT' },
    ]);
  });

  it('follow what was known', async () => {
    expect((await targets(`?checkpoint=half&knownAt=${BEFORE_LATE}`)).targets[0]).toMatchObject({
      result: '26.67',
      verdict: 'missed',
      distance: '-3.33',
    });
  });

  it('are not judged before their checkpoint', async () => {
    expect(await targets('?asOf=2024-07-05')).toMatchObject({
      checkpoint: 'annual',
      targets: [
        { result: '30.00', verdict: 'not-assessed', reason: 'BEFORE_CHECKPOINT', distance: '-70.00' },
        {},
        {},
        {},
      ],
    });
  });

  it('carry the revision of the table, and are sent whole: results change without it', async () => {
    const { headers } = await system.get(`${U1_2024}/targets?asOf=2024-06-30`);
    expect(headers).toMatchObject({ 'stream-revision': '0', etag: '"0"' });
    const again = await system.get(`${U1_2024}/targets?asOf=2024-06-30`, { 'if-none-match': '"0"' });
    expect(again.status).toBe(200);
  });

  it('of a year without a table are none, with the tag that its first write may match', async () => {
    await system.book('U1', 2025, {
      type: 'OpenLines',
      ...on('2025-01-01'),
      lines: [{ line: 'P01', name: '培训费', expenditure: 'project', fund: 'general-public' }],
    });
    const { body, headers } = await system.get('/api/v1/units/U1/years/2025/targets?checkpoint=half');
    expect(body.targets).toEqual([]);
    expect(headers).toMatchObject({ 'stream-revision': 'none', etag: '"none"' });
  });

  it('over a base of nothing are missed, and a violation', async () => {
    await system.approveTargets('U1', 2025, on('2025-01-01').effectiveDate, [
      { ...INDICATORS[0]!, scope: { funds: 'all', expenditure: 'all' } },
    ]);
    await system.book('U1', 2025, pay('V1', 'P01', '7.00', on('2025-01-02')));
    const { body } = await system.get('/api/v1/units/U1/years/2025/targets?checkpoint=half');
    expect(body.targets).toMatchObject([
      { result: null, verdict: 'missed', reason: 'ZERO_DENOMINATOR', violation: true },
    ]);
  });
});

describe('coherence', () => {
  it('says in which scope a target fits the approved plan', async () => {
    const { body } = await system.get(`${U1_2024}/coherence`);
    const half = body.coherence.find((entry: any) => entry.indicator === 'I01' && entry.checkpoint === 'half');
    expect(half).toMatchObject({
      metric: 'execution-rate',
      target: { comparator: '=', value: '30', unit: '%' },
      implied: [
        // 3,900.00 of 8,000.00; 900.00 of 3,000.00; 3,000.00 of 5,000.00; 400.00 of 1,000.00; 3,500.00 of 7,000.00
        { scope: { funds: 'all', expenditure: 'all' }, percent: '48.75', fits: false },
        { scope: { funds: ['general-public'] }, percent: '30.00', fits: true },
        { scope: { funds: ['government-funds'] }, percent: '60.00', fits: false },
        { scope: { expenditure: 'basic' }, percent: '40.00', fits: false },
        { scope: { expenditure: 'project' }, percent: '50.00', fits: false },
      ],
      proposedScope: { funds: ['general-public'], expenditure: 'all' },
      basis: 'inferred',
    });
  });
});
