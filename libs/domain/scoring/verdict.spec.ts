import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { civilDate } from '#domain/calendar.js';
import { fen } from '#domain/money.js';
import { NO_PRIOR_YEAR, YEAR_END_ONLY, share } from '#domain/metrics/result.js';
import type { Comparator, Indicator, IndicatorKind } from '#domain/performance/events.js';
import { decimalRatio, ratio } from '#domain/ratio.js';
import { type Target, fits, judge, judgeValue, targetOf } from '#domain/scoring/verdict.js';

const COMPARATORS: Record<string, Target['comparator']> = { '＝': '=', '≥': '>=', '≤': '<=' };
const KINDS: Record<string, Target['kind']> = { ratio: 'RATIO', flow: 'FLOW_CUMULATIVE', stock: 'STOCK_LEVEL' };

/** `＝38` and a kind: decimals as printed. */
function target(text: string, kind = 'ratio'): Target {
  const comparator = COMPARATORS[text.charAt(0)];
  if (comparator === undefined) throw new Error(text);
  const value = text.slice(1);
  return { comparator, value, decimals: value.split('.')[1]?.length ?? 0, unit: '%', kind: KINDS[kind] ?? 'RATIO' };
}

const ROWS = `
  ＝38     ratio  38.20   met     0.20
  ＝38     ratio  37.50   met    -0.50
  ＝38     ratio  37.499  missed -0.50
  ＝38     ratio  38.49   met     0.49
  ＝38     ratio  38.50   met     0.50   exceeded
  ＝38     ratio  44.16   met     6.16   exceeded
  ＝38.2   ratio  38.15   met    -0.05
  ＝38.2   ratio  38.14   missed -0.06
  ＝38.2   ratio  38.25   met     0.05   exceeded
  ＝0      ratio  0       met     0.00
  ＝0      ratio  0.49    met     0.49
  ＝0      ratio  0.50    missed  0.50
  ＝0      ratio  -3.10   met    -3.10
  ＝100    ratio  99.50   met    -0.50
  ＝100    ratio  99.49   missed -0.51
  ≤10      ratio  10      met     0.00
  ≤10      ratio  10.4    missed  0.40
  ≤10      ratio  10.0001 missed  0.00
  ≤0       ratio  -12.34  met   -12.34
  ≥100     ratio  99.9999 missed  0.00
  ≥100     ratio  100     met     0.00
  ＝16     flow   17      met     1.00   exceeded
  ＝16     flow   15      missed -1.00
  ＝4800   stock  4800    met     0.00
  ＝4800   stock  5000    missed 200.00
  ＝4800   stock  4799    missed -1.00
  ＝0      stock  0       met     0.00
`;

describe('a value against a printed target (design 5)', () => {
  const rows = ROWS.trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  it.each(rows)('%s %s: %s is %s by %s', (text = '', kind = '', value = '', verdict = '', ...rest) => {
    const judged = judgeValue(decimalRatio(value), target(text, kind));
    expect([judged.verdict, judged.distance.text, ...(judged.exceeded ? ['exceeded'] : [])]).toEqual([
      verdict,
      ...rest,
    ]);
  });

  it('shows as many decimals of the distance as the target prints, and two at least', () =>
    expect(judgeValue(decimalRatio('1.0005'), target('≤1.000')).distance.text).toBe('0.001'));
});

describe('a figure against a target', () => {
  const half = { asOf: civilDate('2024-06-30'), checkpointDate: civilDate('2024-06-30') };
  const early = { ...half, asOf: civilDate('2024-06-29') };

  it('compares a percentage with a ratio times hundred', () => {
    const judged = judge(share(fen(75_081), fen(196_566)), target('＝38'), half);
    expect(judged).toMatchObject({ verdict: 'met', distance: { text: '0.20' } });
    expect(judged.distance?.exact).toEqual(ratio(7_508_100 - 38 * 196_566, 196_566));
  });

  it('is not assessed before the checkpoint, but says how far it is', () =>
    expect(judge(share(fen(50), fen(100)), target('＝38'), early)).toMatchObject({
      verdict: 'not-assessed',
      reason: 'BEFORE_CHECKPOINT',
      distance: { text: '12.00' },
    }));

  it.each([
    ['0/0', share(fen(0), fen(0)), half, { verdict: 'not-assessed', reason: 'ZERO_OVER_ZERO' }],
    ['x/0', share(fen(1), fen(0)), half, { verdict: 'missed', violation: true, reason: 'ZERO_DENOMINATOR' }],
    [
      'x/0 early',
      share(fen(1), fen(0)),
      early,
      { verdict: 'not-assessed', violation: true, reason: 'ZERO_DENOMINATOR' },
    ],
    ['x/−1', share(fen(1), fen(-1)), half, { verdict: 'missed', violation: true, reason: 'NEGATIVE_DENOMINATOR' }],
    ['a year-end figure at mid-year', YEAR_END_ONLY, half, { verdict: 'not-assessed', reason: 'YEAR_END_ONLY' }],
    ['no year before', NO_PRIOR_YEAR, half, { verdict: 'not-assessed', reason: 'NO_PRIOR_YEAR' }],
  ] as const)('%s', (_, result, at, expected) => {
    for (const text of ['＝0', '≤10', '＝100', '≥1']) expect(judge(result, target(text), at)).toEqual(expected);
  });
});

it('an indicator gives a target where it has a number', () => {
  const indicator = (kind: IndicatorKind, comparator: Comparator, value?: string): Indicator => ({
    indicator: 'I01',
    block: 1,
    level1: '过程',
    level2: '预算执行',
    level3: '预算执行率',
    kind,
    comparator,
    half: { text: '健全' },
    annual: { text: '健全', ...(value === undefined ? {} : { value }) },
    decimals: 0,
    unit: '%',
    checkpointBasis: 'FULL_YEAR',
  });
  expect(targetOf(indicator('RATIO', '=', '100'), 'annual')).toEqual(target('＝100'));
  expect(targetOf(indicator('RATIO', '=', '100'), 'half')).toBeUndefined();
  expect(targetOf(indicator('QUALITATIVE', 'word'), 'annual')).toBeUndefined();
});

describe('whatever the value', () => {
  const values = fc.tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 10n ** 12n }));
  const wanted = fc.record({ hundredths: fc.integer({ min: 1, max: 20_000 }), decimals: fc.constantFrom(0, 1, 2) });

  it('≤ and ≥ agree only on equality, ＝ never asks for more than ≥, and what fits is met', () => {
    fc.assert(
      fc.property(values, wanted, ([n, d], { hundredths, decimals }) => {
        const value = (hundredths / 100).toFixed(decimals);
        if (Number(value) === 0) return;
        const of = (comparator: Target['comparator'], kind: Target['kind'] = 'RATIO') => {
          const asked = { comparator, value, decimals, unit: '%', kind };
          return { met: judgeValue(ratio(n, d), asked).verdict === 'met', fits: fits(ratio(n, d), asked) };
        };
        expect(of('<=').met || of('>=').met).toBe(true);
        if (of('<=').met && of('>=').met)
          expect(judgeValue(ratio(n, d), target(`＝${value}`)).distance.exact.numerator).toBe(0n);
        if (of('>=').met) expect(of('=').met).toBe(true);
        if (of('=').fits) expect(of('=').met).toBe(true);
        expect(of('=', 'STOCK_LEVEL').met).toBe(of('=').fits);
      }),
      { seed: 38, numRuns: 1000 },
    );
  });
});
