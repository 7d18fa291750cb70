import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { civilDate } from '#domain/calendar.js';
import { NO_PRIOR_YEAR, YEAR_END_ONLY, share } from '#domain/metrics/result.js';
import { yuan } from '#domain/metrics/picture.fixture.js';
import { fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { decimalRatio, formatPercent } from '#domain/ratio.js';
import { type Found, LIGHT_RULES, indicatorLight, moneyLight } from '#domain/scoring/light-of.js';
import { DEFAULT_THRESHOLDS, type LightThresholds, LIGHT_STATES } from '#domain/scoring/lights.js';

const light = (indicator: Indicator, asOf: string, found: Found | undefined, thresholds?: LightThresholds) =>
  indicatorLight(
    { year: 2024, asOf: civilDate(asOf), indicator, ...(found === undefined ? {} : { found }) },
    thresholds,
  );

// indicator; date; found; light, rule and share of what is wanted by then; why
const ROWS = `
  道路工程数量 flow ＝16条 ＝22条         | 06-30 | 16     | green  to-date 100.00   | the half-year value goes before 22 × 6/12 = 11
  道路工程数量 flow ＝16条 ＝22条         | 06-30 | 9.59   | red    to-date 59.94    | under 60 %; of 11 it would be 87 % and green
  道路工程数量 flow ＝16条 ＝22条         | 06-30 | 9.6    | yellow to-date 60.00    | 60 % is yellow
  道路工程数量 flow ＝16条 ＝22条         | 06-30 | 12.79  | yellow to-date 79.94    | under 80 %
  道路工程数量 flow ＝16条 ＝22条         | 06-30 | 12.8   | green  to-date 80.00    | 80 % is green
  道路工程数量 flow ＝16条 ＝22条         | 06-30 | 19.19  | green  to-date 119.94   | under 120 %
  道路工程数量 flow ＝16条 ＝22条         | 06-30 | 19.2   | blue   to-date 120.00   | 120 % is blue
  道路工程数量 flow ＝16条 ＝22条         | 03-31 | 8      | green  to-date 100.00   | 91 of 182 days: half of the half-year value
  道路工程数量 flow ＝16条 ＝22条         | 09-30 | 16     | green  to-date 84.21    | 92 of 184 days: 19 are wanted
  道路工程数量 flow ＝16条 ＝22条         | 12-31 | 22     | green  to-date 100.00   | the full-year value
  道路工程数量 flow - ＝22条              | 06-30 | 11     | green  months 100.00    | no half-year value: 22 × 6/12
  道路工程数量 flow - ＝22条              | 02-15 | 2      | red    months 54.55     | February counts whole: 22 × 2/12 = 3.67
  体检人数 flow ＝0人 ＝35人              | 06-30 | 0      | green  to-date          | nothing is wanted yet
  体检人数 flow ＝0人 ＝35人              | 06-30 | 1      | blue   to-date          | and anything is more than that
  投诉 flow ≤5件 ≤10件                    | 06-30 | 5      | green  limit            | within
  投诉 flow ≤5件 ≤10件                    | 06-30 | 6      | red    limit            | above
  投诉 flow ≤5件 ≤10件                    | 07-01 | 6      | green  limit            | from July on the limit of the year
  投诉 flow ≤5件 ≤10件                    | 03-31 | 4      | green  limit            | a limit is not spread over the months
  事故 flow ＝0起 ＝0起                   | 06-30 | 0      | green  zero-target      | equal
  事故 flow ＝0起 ＝0起                   | 06-30 | 1      | red    zero-target      | not equal
  预算调整率 ratio ＝0% ＝0%              | 06-30 | 0.4    | green  zero-target      | rounds to 0 %
  变动率 ratio ≤0% ≤0%                    | 06-30 | -12    | green  zero-target      | less than nothing more
  增长率 ratio ≥-5% ≥-5%                  | 06-30 | -4     | green  inside           | no share of a negative target
  增长率 ratio ≥-5% ≥-5%                  | 06-30 | -6     | red    inside           |
  净增人员 flow ≥-5人 ≥-10人              | 06-30 | -5     | green  inside           | nor of a fall that counts up
  工程验收合格率 ratio ＝100% ＝100%      | 03-31 | 99.5   | green  inside           | rounds to 100, and is not spread over the months
  工程验收合格率 ratio ＝100% ＝100%      | 03-31 | 99.4   | red    inside           | 99 % of the target, but outside
  管护土地面积 stock ＝7000亩 ＝7000亩    | 03-31 | 7000   | green  near-level 100.00 | a level is not spread over the year
  管护土地面积 stock ＝7000亩 ＝7000亩    | 03-31 | 5000   | yellow near-level 71.43 | 28.57 % under
  管护土地面积 stock ＝7000亩 ＝7000亩    | 03-31 | 9000   | yellow near-level 128.57 | as far above
  管护土地面积 stock ＝7000亩 ＝7000亩    | 03-31 | 10000  | red    near-level 142.86 | more than 40 % off
  管理存量房数量 stock ＝5300套 ＝4800套  | 06-30 | 5300   | green  near-level 100.00 |
  管理存量房数量 stock ＝5300套 ＝4800套  | 09-30 | 5050   | green  near-level 100.00 | halfway down
  管理存量房数量 stock ＝5300套 ＝4800套  | 12-31 | 5800   | yellow near-level 120.83 | not reduced: 20.83 % above
  积压 stock ＝100套 ＝0套                | 09-30 | 50     | green  near-level 100.00 | halfway down to nothing
  积压 stock ＝100套 ＝0套                | 12-31 | 1      | red    zero-target      | not equal
  在库 stock ≥5300套 ≥5300套              | 06-30 | 3000   | red    of-target 56.60  | at least
  在库 stock ≥5300套 ≥5300套              | 06-30 | 6500   | blue   of-target 122.64 |
  在库 stock ≤5300套 ≤4800套              | 09-30 | 5000   | red    limit            | the limit of the year counts from July on
`;

describe('the light of an indicator (rule book 4.7)', () => {
  const rows = ROWS.trim()
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()));
  it.each(rows)('%s on %s with %s: %s (%s)', (indicator = '', asOf = '', value = '', expected = '') => {
    const found = light(printed(indicator), `2024-${asOf}`, { value: decimalRatio(value) });
    const said = [found.state, found.rule, ...(found.share ? [formatPercent(found.share)] : [])];
    expect(said).toEqual(expected.split(/\s+/));
  });

  it('of quality, timeliness and cost is not spread over the year', () => {
    for (const level2 of ['质量指标', '时效指标', '成本指标']) {
      const indicator = printed('抽检 flow ≥50个 ≥100个', { level2 });
      expect(light(indicator, '2024-03-31', { value: decimalRatio('30') })).toMatchObject({
        state: 'red',
        rule: 'inside',
      });
    }
  });

  it('of a rate against the plan to date is a share of its target', () => {
    const progress = printed('支付进度符合率 ratio ＝100% ＝100%', { checkpointBasis: 'PLAN_TO_DATE' });
    for (const [paid, state] of [
      [59, 'red'],
      [79, 'yellow'],
      [99, 'green'],
    ] as const) {
      expect(light(progress, '2024-03-31', { metric: share(fen(paid), fen(100)) })).toMatchObject({
        state,
        rule: 'of-target',
      });
    }
  });

  it('of 预算执行率 ＝38% then ＝100% goes by the half-year value: 19 % by the end of March', () => {
    const execution = printed('预算执行率 ratio ＝38% ＝100%', { checkpointBasis: 'FULL_YEAR' });
    const found = light(execution, '2024-03-31', { metric: share(fen(19), fen(100)) });
    expect([found.state, found.rule, formatPercent(found.share!)]).toEqual(['green', 'to-date', '100.00']);
  });

  it.each([
    ['reached', 'green'],
    ['partly', 'yellow'],
    ['not-reached', 'red'],
  ] as const)('of words %s is %s', (grade, state) =>
    expect(light(printed('治理及时性 word 及时 及时'), '2024-06-30', { grade })).toEqual({ state, rule: 'graded' }),
  );

  it.each([
    ['no result', printed('道路工程数量 flow ＝16条 ＝22条'), undefined, 'NO_RESULT'],
    ['no grade', printed('治理及时性 word 及时 及时'), undefined, 'NO_RESULT'],
    ['0/0', printed('执行率 ratio ＝38% ＝38%'), { metric: share(fen(0), fen(0)) }, 'ZERO_OVER_ZERO'],
    ['no year before', printed('变动率 ratio ≤0% ≤0%'), { metric: NO_PRIOR_YEAR }, 'NO_PRIOR_YEAR'],
    ['a number for words', printed('治理及时性 word 及时 及时'), { value: decimalRatio('1') }, 'NO_TARGET'],
  ] as const)('with %s is not assessed', (_, indicator, found, reason) =>
    expect(light(indicator, '2024-06-30', found)).toEqual({ state: 'not-assessed', rule: 'nothing-found', reason }),
  );

  it('of a year-end figure is not assessed before 31 December, whatever was found', () => {
    const carryOver = printed('结转结余率 ratio ＝0% ＝0%', { checkpointBasis: 'YEAR_END_ONLY' });
    for (const found of [{ value: decimalRatio('0') }, { metric: YEAR_END_ONLY }, { metric: share(fen(0), fen(1)) }]) {
      expect(light(carryOver, '2024-12-30', found)).toMatchObject({ state: 'not-assessed', reason: 'YEAR_END_ONLY' });
    }
    expect(light(carryOver, '2024-12-31', { value: decimalRatio('0') }).state).toBe('green');
  });

  it('of something over nothing is red, a violation', () =>
    expect(light(printed('控制率 ratio ≤100% ≤100%'), '2024-06-30', { metric: share(fen(5), fen(0)) })).toEqual({
      state: 'red',
      rule: 'over-nothing',
      reason: 'ZERO_DENOMINATOR',
    }));

  it.each([
    ['工程验收合格率 ratio ＝100% ＝100%', '99', 'green'],
    ['工程验收合格率 ratio ＝100% ＝100%', '98.9', 'red'],
    ['投诉 flow ≤5件 ≤10件', '6', 'green'],
    ['投诉 flow ≤5件 ≤10件', '6.1', 'red'],
    ['事故 flow ＝0起 ＝0起', '1', 'green'],
  ])('of %s with a tolerance of 1 takes %s: %s', (text, value, state) => {
    const indicator = { ...printed(text), tolerance: '1' };
    expect(light(indicator, '2024-06-30', { value: decimalRatio(value) }).state).toBe(state);
  });

  it('follows thresholds of its own', () => {
    const own: LightThresholds = {
      ...DEFAULT_THRESHOLDS,
      version: 2,
      work: { redBelow: '70', yellowBelow: '95' },
    };
    const of = (value: string) =>
      light(printed('道路工程数量 flow ＝16条 ＝22条'), '2024-06-30', { value: decimalRatio(value) }, own).state;
    expect(['11', '15', '16', '22'].map(of)).toEqual(['red', 'yellow', 'green', 'green']);
  });

  it('is refused for a date of another year', () =>
    expect(() => light(printed('道路工程数量 flow ＝16条 ＝22条'), '2025-01-01', { value: decimalRatio('1') })).toThrow(
      'not in 2024',
    ));
});

describe('the light of money', () => {
  const of = (paid: string, current: string, planned: string, assumed = false, asOf = '2024-06-30') => {
    const found = moneyLight({
      asOf: civilDate(asOf),
      currentFen: yuan(current),
      paidFen: yuan(paid),
      planned: { fen: yuan(planned), assumed },
    });
    return [found.state, found.rule, found.share ? formatPercent(found.share) : '', found.reason ?? '']
      .join(' ')
      .trim();
  };

  it.each([
    ['姑苏区征地和拆迁补偿 on plan', of('34000', '79531', '34000'), 'green to-date 100.00'],
    ['under 60 % of the plan', of('20399', '79531', '34000'), 'red to-date 60.00'],
    ['60 % of it', of('20400', '79531', '34000'), 'yellow to-date 60.00'],
    ['79.99 %', of('27199', '79531', '34000'), 'yellow to-date 80.00'],
    ['far ahead of the plan: green, money has no blue', of('70000', '79531', '34000'), 'green to-date 205.88'],
    ['体检经费: nothing planned and nothing paid', of('0', '10.1', '0'), 'green to-date'],
    ['without a plan half of B is wanted by June', of('40', '100', '49.73', true), 'green months 80.00'],
    ['and a twelfth in January, whole', of('4', '100', '2', true, '2024-01-15'), 'red months 48.00'],
    ['all of the budget', of('100', '100', '100'), 'green to-date 100.00'],
    ['more than the budget', of('100.01', '100', '100'), 'red over-budget 100.01'],
    ['no budget, nothing paid', of('0', '0', '0'), 'not-assessed nothing-found  ZERO_OVER_ZERO'],
    ['no budget, something paid', of('0.01', '0', '0'), 'red over-nothing  ZERO_DENOMINATOR'],
  ])('%s', (_, found, expected) => expect(found).toBe(expected));
});

it('every rule says what it does in both languages', () => {
  for (const { zh, en } of Object.values(LIGHT_RULES)) {
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[\x20-\x7e÷×]+$/);
  }
});

it('more work never gives a worse light, at any date', () => {
  const hundredths = fc.integer({ min: 0, max: 10 ** 7 });
  const decimal = (value: number) => (value / 100).toFixed(2);
  const day = fc.integer({ min: 0, max: 366 });
  const form = fc.constantFrom('flow ＝', 'flow ≥', 'ratio ＝', 'ratio ≥', 'stock ≥');
  fc.assert(
    fc.property(form, hundredths, hundredths, hundredths, hundredths, day, (kind, half, annual, a, b, elapsed) => {
      const [name = '', comparator = ''] = kind.split(' ');
      const indicator = printed(`数量 ${name} ${comparator}${decimal(half)}个 ${comparator}${decimal(annual)}个`);
      if (comparator === '＝' && annual === 0) return; // at most 0: there more is worse
      const asOf = new Date(Date.UTC(2024, 0, elapsed)).toISOString().slice(0, 10);
      const stateOf = (value: number) =>
        LIGHT_STATES.indexOf(light(indicator, asOf, { value: decimalRatio(decimal(value)) }).state);
      expect(stateOf(Math.min(a, b))).toBeLessThanOrEqual(stateOf(Math.max(a, b)));
    }),
    { seed: 47, numRuns: 1000 },
  );
});
