import { describe, expect, it } from '@jest/globals';
import { picture, ratioTarget, yuan } from '#domain/metrics/picture.fixture.js';
import { ALL, type Scope } from '#domain/metrics/quantities.js';
import { METRICS } from '#domain/metrics/registry.js';
import { type Rate, ratesReport } from '#domain/metrics/report.js';
import { roundingNote } from '#domain/metrics/rounding-note.js';

const GENERAL_PUBLIC: Scope = { funds: ['general-public'], expenditure: 'all' };
const TARGETS = [
  ratioTarget('I08', 'payment-progress', '＝100%', '＝100%'),
  ratioTarget('I09', 'execution-rate', '＝38%', '＝100%', GENERAL_PUBLIC),
  ratioTarget('I11', 'carry-over-rate', '＝0%', '＝0%'),
  ratioTarget('I13', 'three-public-change', '≤0%', '≤0%'),
  ratioTarget('I14', 'procurement-execution-rate', '＝100%', '＝100%'),
];
const books = (asOf: string, paid = '38.40') =>
  picture(
    asOf,
    `P01 GP project original 100.00
     P01 GP project paid     ${paid}
     P01 GP project planned   40.00 assumed
     P02 GF project original 900.00`,
  );

const find = (rates: readonly Rate[], metric: string, funds: 'all' | 'general-public' = 'all') => {
  const found = rates.filter((rate) => rate.metric === metric && String(rate.scope.funds) === funds);
  expect(found).toHaveLength(1);
  return found[0];
};

describe('the rates report', () => {
  it('lists every metric for all funds and for the scope of every target, once', () => {
    const rates = ratesReport(books('2024-06-30'), TARGETS);
    expect(rates).toHaveLength(2 * METRICS.length);
    for (const { id } of METRICS) {
      find(rates, id);
      find(rates, id, 'general-public');
    }
  });

  it('puts the figure in yuan and percent beside its target', () =>
    expect(find(ratesReport(books('2024-06-30'), TARGETS), 'execution-rate', 'general-public')).toEqual({
      metric: 'execution-rate',
      version: 1,
      name: { zh: '预算执行率', en: 'Budget execution rate' },
      scope: GENERAL_PUBLIC,
      status: 'OK',
      numerator: '38.40',
      denominator: '100.00',
      percent: '38.40',
      indicator: 'I09',
      target: { checkpoint: 'half', comparator: '=', value: '38' },
      verdict: 'met',
      distance: '0.40',
    }));

  it('shows the same metric over all funds without a verdict that was not asked for', () => {
    const rate = find(ratesReport(books('2024-06-30'), TARGETS), 'execution-rate');
    expect(rate).toMatchObject({ percent: '3.84', numerator: '38.40', denominator: '1000.00' });
    expect(rate).not.toHaveProperty('target');
    expect(rate).not.toHaveProperty('verdict');
  });

  it.each([
    ['2024-03-31', 'half', 'not-assessed', 'BEFORE_CHECKPOINT', '0.40'],
    ['2024-06-30', 'half', 'met', undefined, '0.40'],
    ['2024-07-01', 'annual', 'not-assessed', 'BEFORE_CHECKPOINT', '-61.60'],
    ['2024-12-31', 'annual', 'missed', undefined, '-61.60'],
  ] as const)('on %s compares with the %s target: %s', (asOf, checkpoint, verdict, reason, distance) => {
    const rate = find(ratesReport(books(asOf), TARGETS), 'execution-rate', 'general-public');
    expect([rate?.target?.checkpoint, rate?.verdict, rate?.reason, rate?.distance]).toEqual([
      checkpoint,
      verdict,
      reason,
      distance,
    ]);
  });

  it('compares with the checkpoint that is asked for', () =>
    expect(
      find(ratesReport(books('2024-06-30'), TARGETS, { checkpoint: 'annual' }), 'execution-rate', 'general-public'),
    ).toMatchObject({ target: { checkpoint: 'annual', value: '100' }, verdict: 'not-assessed' }));

  it('says why a figure is missing, and never shows it as a number', () => {
    const rates = ratesReport(books('2024-06-30'), TARGETS);
    const none = { numerator: null, denominator: null, percent: null, verdict: 'not-assessed' };
    expect(find(rates, 'carry-over-rate')).toMatchObject({
      status: 'NOT_APPLICABLE',
      reason: 'YEAR_END_ONLY',
      ...none,
    });
    expect(find(rates, 'three-public-change')).toMatchObject({
      status: 'NOT_COMPUTABLE',
      reason: 'NO_PRIOR_YEAR',
      ...none,
    });
    expect(find(rates, 'three-public-control')).toMatchObject({
      status: 'NOT_COMPUTABLE',
      reason: 'NOT_ALL_CODED',
      coverage: { coded: '0.00', total: '1038.40' },
    });
  });

  it('marks what rests on an assumption, keeps the sign, and shows an increase from nothing', () => {
    const rates = ratesReport(books('2024-06-30'), TARGETS);
    expect(find(rates, 'payment-progress')).toMatchObject({ percent: '96.00', assumed: true, verdict: 'missed' });
    expect(find(rates, 'budget-deviation')).toMatchObject({ percent: '4.00', signed: '-4.00' });
    const grown = picture(
      '2024-06-30',
      'B01 GP basic original 30.00 code=30217',
      'B01 GP basic original 1.00 code=30101',
    );
    expect(find(ratesReport(grown, [TARGETS[3] ?? []].flat()), 'three-public-change')).toMatchObject({
      status: 'NOT_COMPUTABLE',
      reason: 'ZERO_DENOMINATOR',
      increase: '30.00',
      verdict: 'missed',
      violation: true,
    });
  });

  it('gives one row to each of two indicators bound to one metric and scope', () => {
    const twice = [
      ratioTarget('I01', 'execution-rate', '＝3%', '＝100%'),
      ratioTarget('I02', 'execution-rate', '≥5%', '＝100%'),
    ];
    const rows = ratesReport(books('2024-06-30'), twice).filter(({ metric }) => metric === 'execution-rate');
    expect(rows.map(({ indicator, verdict, exceeded }) => [indicator, verdict, exceeded])).toEqual([
      ['I01', 'met', true],
      ['I02', 'missed', undefined],
    ]);
  });

  it('lists only the scopes asked for, fund natures in order and named once', () => {
    const funds = ['government-funds', 'general-public', 'government-funds'] as const;
    const rates = ratesReport(books('2024-06-30'), TARGETS, { scopes: [{ funds, expenditure: 'all' }] });
    expect(rates).toHaveLength(METRICS.length);
    expect(rates[0]?.scope).toEqual({ funds: ['general-public', 'government-funds'], expenditure: 'all' });
  });

  it('gives real zeros before anything was approved', () =>
    expect(find(ratesReport(picture('2024-01-01', ''), []), 'execution-rate')).toMatchObject({
      status: 'NOT_APPLICABLE',
      reason: 'ZERO_OVER_ZERO',
      numerator: '0.00',
      denominator: '0.00',
      percent: null,
      scope: ALL,
    }));
});

describe('the rounding note under a table in 万元', () => {
  it('says by how much rounded rows miss the exact total', () =>
    expect(roundingNote([yuan('149.00'), yuan('149.00')], yuan('298.00'))).toEqual({
      rows: '0.02',
      total: '0.03',
      difference: '0.01',
    }));
  it('also when the rows show too much', () =>
    expect(roundingNote([yuan('50.00'), yuan('50.00')], yuan('100.00'))?.difference).toBe('-0.01'));
  it('is silent when they add up', () =>
    expect(roundingNote([yuan('15542300.00'), yuan('2045880100.00')], yuan('2061422400.00'))).toBeUndefined());
  it('takes no other difference for rounding', () =>
    expect(() => roundingNote([yuan('1.00')], yuan('2.00'))).toThrow('100 fen'));
});
