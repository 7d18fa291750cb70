/** The worked case of rule book 1.4 and 1.5: the published 2024 figures of a land reserve centre, in 万元. */
import { describe, expect, it } from '@jest/globals';
import { civilDate } from '#domain/calendar.js';
import { type FormLine, coherence } from '#domain/metrics/coherence.js';
import { type Fen, formatWanYuan, parseWanYuan, sum } from '#domain/money.js';
import { ratioTarget } from '#domain/metrics/picture.fixture.js';
import { plannedToDate } from '#domain/metrics/planned.js';
import { ALL, type Picture, type Scope } from '#domain/metrics/quantities.js';
import { ratesReport } from '#domain/metrics/report.js';

// id, 半年计划执行数, 全年预算数; GF is 政府性基金, all else 一般公共预算
const TABLE = `
  B01 GP   600      1554.23
  P01 GP    13.56     33.89
  P02 GF  9208     18417.57
  P03 GF  3300     13075
  P04 GP     0.5       3.4
  P05 GF  2290      9079.01
  P06 GP    17.12     57.08
  P07 GF  6750     13495
  P08 GF   830      1770
  P09 GF  6500     13000
  P10 GP    10        36
  P11 GP     6.63     13.26
  P12 GP    24        60
  P13 GF 12017     24036
  P14 GP    71       142
  P15 GP     8        55.7
  P16 GF 14095     28190
  P17 GF 34000     79531
  P18 GP     0        10.1
  P19 GF  1285      3583
`;

const wan = (text: string): Fen => {
  const amount = parseWanYuan(text);
  if (typeof amount === 'string') throw new Error(`${text}: ${amount}`);
  return amount;
};

const LINES: FormLine[] = TABLE.trim()
  .split('\n')
  .map((row) => {
    const [line = '', fund, half = '', full = ''] = row.trim().split(/\s+/);
    return {
      line,
      fund: fund === 'GP' ? 'general-public' : 'government-funds',
      expenditure: line.startsWith('B') ? 'basic' : 'project',
      originalFen: wan(full),
      halfYearPlanFen: wan(half),
    };
  });

const GENERAL_PUBLIC: Scope = { funds: ['general-public'], expenditure: 'all' };
const TARGETS = [
  ratioTarget('I07', 'adjustment-rate', '＝0%', '＝0%'),
  ratioTarget('I08', 'payment-progress', '＝100%', '＝100%'),
  ratioTarget('I09', 'execution-rate', '＝38%', '＝100%', GENERAL_PUBLIC),
  ratioTarget('I10', 'budget-deviation', '≤10%', '≤10%'),
  ratioTarget('I11', 'carry-over-rate', '＝0%', '＝0%'),
  ratioTarget('I12', 'running-cost-control', '≤100%', '≤100%'),
  ratioTarget('I13', 'three-public-change', '≤0%', '≤0%'),
];

/** The books when every line has paid just its half-year plan by 30 June. */
const planPaid: Picture = {
  year: 2024,
  asOf: civilDate('2024-06-30'),
  figures: LINES.flatMap(({ halfYearPlanFen = wan('0'), originalFen, line, fund, expenditure }) => [
    { line, fund, expenditure, kind: 'original' as const, fen: originalFen, economic: '' },
    { line, fund, expenditure, kind: 'paid' as const, fen: halfYearPlanFen, economic: '' },
  ]),
  planned: LINES.map(({ halfYearPlanFen = wan('0'), originalFen, line, fund, expenditure }) => ({
    line,
    fund,
    expenditure,
    ...plannedToDate([{ kind: 'approved', effectiveDate: civilDate('2024-01-01'), halfYearPlanFen }], {
      year: 2024,
      asOf: civilDate('2024-06-30'),
      currentFen: originalFen,
    }),
  })),
};

it('adds up as rule book 1.4 says', () => {
  const of = (lines: FormLine[]) => [
    formatWanYuan(sum(lines.map(({ halfYearPlanFen = wan('0') }) => halfYearPlanFen))),
    formatWanYuan(sum(lines.map(({ originalFen }) => originalFen))),
  ];
  expect(of(LINES)).toEqual(['91025.81', '206142.24']);
  expect(of(LINES.filter(({ fund }) => fund === 'general-public'))).toEqual(['750.81', '1965.66']);
  expect(of(LINES.filter(({ fund }) => fund === 'government-funds'))).toEqual(['90275.00', '204176.58']);
  expect(of(LINES.filter(({ expenditure }) => expenditure === 'project'))).toEqual(['90425.81', '204588.01']);
});

describe('with the whole half-year plan paid by 30 June', () => {
  const rates = ratesReport(planPaid, TARGETS, { checkpoint: 'half' });
  const rate = (metric: string, scope: Scope) =>
    rates.find((r) => r.metric === metric && String(r.scope.funds) === String(scope.funds));

  it('44.16 % of all funds is spent', () =>
    expect(rate('execution-rate', ALL)).toMatchObject({
      numerator: '910258100.00',
      denominator: '2061422400.00',
      percent: '44.16',
    }));

  it('and 38.20 % of the general public budget, which meets ＝38 %', () =>
    expect(rate('execution-rate', GENERAL_PUBLIC)).toMatchObject({
      numerator: '7508100.00',
      denominator: '19656600.00',
      percent: '38.20',
      verdict: 'met',
      distance: '0.20',
    }));

  it.each([
    ['payment-progress', { percent: '100.00', verdict: 'met', distance: '0.00' }],
    ['budget-deviation', { percent: '0.00', verdict: 'met', distance: '-10.00' }],
    ['adjustment-rate', { percent: '0.00', verdict: 'met' }],
    ['carry-over-rate', { status: 'NOT_APPLICABLE', reason: 'YEAR_END_ONLY', verdict: 'not-assessed' }],
    ['prior-carry-over-unspent', { status: 'NOT_APPLICABLE', reason: 'ZERO_OVER_ZERO' }],
    ['running-cost-control', { status: 'NOT_COMPUTABLE', reason: 'NOT_ALL_CODED', verdict: 'not-assessed' }],
    ['three-public-change', { status: 'NOT_COMPUTABLE', reason: 'NO_PRIOR_YEAR', verdict: 'not-assessed' }],
    ['composition-variance', { status: 'OK', percent: '12.60' }],
  ])('%s', (metric, expected) => expect(rate(metric, ALL)).toMatchObject(expected));
});

describe('target coherence', () => {
  const checks = coherence(2024, LINES, TARGETS);
  const check = (indicator: string, checkpoint: string) =>
    checks.find((entry) => entry.indicator === indicator && entry.checkpoint === checkpoint);
  const rows = (indicator: string, checkpoint: string) =>
    check(indicator, checkpoint)?.implied.map(({ scope, percent, status, fits }) =>
      [`${String(scope.funds)}/${scope.expenditure}`, percent ?? status, fits ? 'fits' : ''].join(' ').trim(),
    );

  it('＝38 % fits the general public budget and nothing else', () => {
    expect(rows('I09', 'half')).toEqual([
      'all/all 44.16',
      'general-public/all 38.20 fits',
      'government-funds/all 44.21',
      'all/basic 38.60',
      'all/project 44.20',
    ]);
    expect(check('I09', 'half')).toMatchObject({
      metric: 'execution-rate',
      version: 1,
      target: { comparator: '=', value: '38', unit: '%' },
      proposedScope: GENERAL_PUBLIC,
      basis: 'inferred',
    });
  });

  it('＝100 % at year end fits everywhere and leaves that proposal alone', () => {
    expect(rows('I09', 'annual')?.every((row) => row.endsWith('100.00 fits'))).toBe(true);
    expect(check('I09', 'annual')?.proposedScope).toEqual(GENERAL_PUBLIC);
  });

  it('proposes all funds where every scope fits, or none', () => {
    for (const { indicator, proposedScope } of checks) if (indicator !== 'I09') expect(proposedScope).toEqual(ALL);
    expect(rows('I08', 'half')?.every((row) => row.endsWith('100.00 fits'))).toBe(true);
    expect(rows('I10', 'half')).toContain('all/all 0.00'); // within ≤10 %, but equal to it nowhere
    expect(rows('I11', 'half')).toContain('all/all NOT_APPLICABLE');
    expect(rows('I11', 'annual')).toContain('all/all 0.00 fits');
    expect(rows('I12', 'half')).toContain('all/all NOT_COMPUTABLE');
  });
});
