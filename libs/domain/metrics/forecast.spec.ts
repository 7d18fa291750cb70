import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { civilDate } from '#domain/calendar.js';
import { type Course, type DatedValue, indicatorCourse, lineCourse } from '#domain/metrics/course.js';
import {
  type Estimate,
  type Forecast,
  FORECAST_METHODS,
  FORECAST_RULE,
  forecastOf,
  totalForecast,
} from '#domain/metrics/forecast.js';
import { yuan } from '#domain/metrics/picture.fixture.js';
import type { Plan } from '#domain/metrics/planned.js';
import { fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { type Ratio, compare, decimalRatio, formatDecimal } from '#domain/ratio.js';

const dated = (rows: string): DatedValue[] =>
  rows
    .split(',')
    .map((row) => row.trim().split(/\s+/))
    .filter(([on]) => on)
    .map(([on = '', value = '']) => ({ on: civilDate(on), value: decimalRatio(value) }));

function work(indicator: Indicator, results: string): Course {
  const found = indicatorCourse({ year: 2024, indicator, results: dated(results) });
  if (found === undefined) throw new Error(`${indicator.level3} has no course`);
  return found;
}

/** A line of 275.00 with 91.00 by 30 June: 0.50 a day, then 1.00. */
const PLAN: Plan = { kind: 'approved', effectiveDate: civilDate('2024-01-01'), halfYearPlanFen: yuan('91') };
const money = (paid: string, plans: readonly Plan[] = [PLAN], current = '275'): Course =>
  lineCourse({
    year: 2024,
    currentFen: yuan(current),
    plans,
    paid: paid
      .split(',')
      .map((row) => row.trim().split(/\s+/))
      .filter(([on]) => on)
      .map(([on = '', amount = '']) => ({ on: civilDate(on), fen: yuan(amount) })),
  });

/** `planned-rest 200 (ON_PLAN) of 190..210`, then each estimate; amounts with two decimals, of money in yuan. */
function told(course: Course, asOf: string): string[] {
  const forecast = forecastOf(course, civilDate(asOf));
  if (forecast.status === 'NONE') return [`none: ${forecast.reason}`];
  const scale = course.ceiling === undefined ? 1n : 100n;
  const text = ({ numerator, denominator }: Ratio) => formatDecimal({ numerator, denominator: denominator * scale }, 2);
  const one = ({ method, value, floored, aboveBudget }: Estimate) =>
    `${method} ${text(value)}${floored ? ' floored' : ''}${aboveBudget ? ` ${text(aboveBudget)} above B` : ''}`;
  const { headline, low, high, estimates, notApplied } = forecast;
  return [
    `${headline.method} ${text(headline.value)} (${headline.because}) of ${text(low)}..${text(high)}`,
    ...estimates.map(one),
    ...notApplied.map(({ method, reason }) => `${method}: ${reason}`),
  ];
}

const ROADS = printed('道路工程数量 flow ＝16条 ＝22条');

describe('道路工程数量 ＝16 at mid-year, ＝22 at year end', () => {
  it.each([
    [
      'as planned: the rest goes as planned',
      '2024-06-30 16',
      [
        'planned-rest 22.00 (ON_PLAN) of 22.00..32.18',
        'planned-rest 22.00',
        'run-rate 32.18', // 16 × 366 / 182
        'recent-pace: NO_EARLIER_RESULT',
        'last-value: NOT_A_LEVEL',
      ],
    ],
    [
      'a fifth behind is still on plan',
      '2024-03-31 8, 2024-06-30 12.8',
      [
        'planned-rest 18.80 (ON_PLAN) of 18.80..25.74',
        'planned-rest 18.80',
        'run-rate 25.74', // 12.8 × 366 / 182
        'recent-pace 22.51', // 12.8 + 4.8 / 91 × 184
        'last-value: NOT_A_LEVEL',
      ],
    ],
    [
      'more than a fifth behind is not: the pace so far goes on',
      '2024-03-31 2, 2024-06-30 12.7',
      [
        'run-rate 25.54 (OFF_PLAN) of 18.70..34.34',
        'planned-rest 18.70',
        'run-rate 25.54', // 12.7 × 366 / 182
        'recent-pace 34.34', // 12.7 + 10.7 / 91 × 184
        'last-value: NOT_A_LEVEL',
      ],
    ],
    [
      'the last result counts by its own date, not by the day of asking',
      '2024-05-31 13',
      [
        'planned-rest 21.64 (ON_PLAN) of 21.64..31.30', // planned 16 × 152 / 182 = 13.36
        'planned-rest 21.64',
        'run-rate 31.30', // 13 × 366 / 152
        'recent-pace: NO_EARLIER_RESULT',
        'last-value: NOT_A_LEVEL',
      ],
    ],
    ['no result', '', ['none: NO_RESULT']],
    ['29 days are too few', '2024-01-29 1', ['none: TOO_EARLY']],
    ['nothing done where something was planned is no pace to go on with', '2024-06-30 0', ['none: NOTHING_DONE']],
  ])('%s', (_, results, expected) => expect(told(work(ROADS, results), '2024-06-30')).toEqual(expected));

  it('30 days are enough', () => expect(told(work(ROADS, '2024-01-30 2.6'), '2024-01-30')[0]).toContain('ON_PLAN'));

  it('is what was done once the year is over', () =>
    expect(told(work(ROADS, '2024-12-31 21'), '2024-12-31')).toEqual(
      expect.arrayContaining(['last-value 21.00 (YEAR_OVER) of 21.00..21.00']),
    ));

  it('without a half-year value has no plan to go by', () =>
    expect(told(work(printed('数量 flow - ＝100个'), '2024-06-30 50'), '2024-06-30')).toEqual([
      'run-rate 100.55 (NO_PLAN) of 100.55..100.55',
      'run-rate 100.55',
      'planned-rest: NO_PLAN',
      'recent-pace: NO_EARLIER_RESULT',
      'last-value: NOT_A_LEVEL',
    ]));

  it('of a limit the plan is no way to go', () =>
    expect(told(work(printed('投诉 flow ≤5件 ≤10件'), '2024-06-30 4'), '2024-06-30')).toEqual([
      'run-rate 8.04 (NO_PLAN) of 8.04..8.04',
      'run-rate 8.04',
      'planned-rest: LIMIT_IS_NO_PLAN',
      'recent-pace: NO_EARLIER_RESULT',
      'last-value: NOT_A_LEVEL',
    ]));

  it('a flow does not undo what is done when results were corrected down', () =>
    expect(told(work(ROADS, '2024-03-31 20, 2024-06-30 15'), '2024-06-30')).toContain('recent-pace 15.00 floored'));
});

describe('a level', () => {
  it.each([
    [
      'keeps its last value; a planned fall is the other end',
      '管理存量房数量 stock ＝5300套 ＝4800套',
      '5280',
      '5280.00 (LEVEL) of 4780.00..5280.00',
    ],
    ['that stays has one value', '管护土地面积 stock ＝7000亩 ＝7000亩', '7000', '7000.00 (LEVEL) of 7000.00..7000.00'],
    ['never falls below nothing', '管理存量房数量 stock ＝5300套 ＝4800套', '300', '300.00 (LEVEL) of 0.00..300.00'],
    ['may be negative when it is a change', '变动率 ratio ≤0% ≤0%', '-3.1', '-3.10 (LEVEL) of -3.10..-3.10'],
  ])('%s', (_, indicator, value, expected) =>
    expect(told(work(printed(indicator), `2024-06-30 ${value}`), '2024-06-30')[0]).toBe(`last-value ${expected}`),
  );

  it('has a forecast on the first day', () =>
    expect(told(work(printed('管护土地面积 stock ＝7000亩 ＝7000亩'), '2024-01-02 7000'), '2024-01-02')[0]).toContain(
      '7000.00',
    ));
});

describe('a line of 275.00 yuan with 91.00 planned by 30 June', () => {
  it.each([
    [
      'on plan',
      '2024-02-01 40, 2024-06-01 51',
      '2024-06-30',
      [
        'planned-rest 275.00 (ON_PLAN) of 183.00..275.00',
        'planned-rest 275.00',
        'run-rate 183.00', // 91 × 366 / 182
        'recent-pace 195.27', // 91 + 51 / 90 × 184
        'last-value: NOT_A_LEVEL',
      ],
    ],
    [
      'a third ahead: as far as it passes B it is shown so',
      '2024-02-01 60, 2024-06-01 61',
      '2024-06-30',
      [
        'run-rate 243.33 (OFF_PLAN) of 243.33..305.00',
        'planned-rest 305.00 30.00 above B',
        'run-rate 243.33',
        'recent-pace 245.71',
        'last-value: NOT_A_LEVEL',
      ],
    ],
    [
      'nothing paid for 90 days: the recent pace is to stay where it is',
      '2024-02-01 30',
      '2024-06-30',
      [
        'run-rate 60.33 (OFF_PLAN) of 30.00..214.00',
        'planned-rest 214.00',
        'run-rate 60.33',
        'recent-pace 30.00',
        'last-value: NOT_A_LEVEL',
      ],
    ],
    ['nothing paid although planned', '', '2024-06-30', ['none: NOTHING_DONE']],
    [
      'before 90 days there is no recent pace',
      '2024-02-01 40',
      '2024-03-29',
      [
        'planned-rest 270.50 (ON_PLAN) of 164.49..270.50',
        'planned-rest 270.50',
        'run-rate 164.49', // 40 × 366 / 89
        'recent-pace: NO_EARLIER_RESULT',
        'last-value: NOT_A_LEVEL',
      ],
    ],
  ])('%s', (_, paid, asOf, expected) => expect(told(money(paid), asOf)).toEqual(expected));

  it('体检经费: nothing paid and nothing planned yet, 10.1 later: the rest goes as planned', () => {
    const later: Plan = { kind: 'approved', effectiveDate: civilDate('2024-01-01'), halfYearPlanFen: fen(0) };
    expect(told(money('', [later], '101000'), '2024-06-30')).toEqual([
      'planned-rest 101000.00 (ON_PLAN) of 101000.00..101000.00',
      'planned-rest 101000.00',
      'run-rate: NOTHING_DONE',
      'recent-pace: NOTHING_DONE',
      'last-value: NOT_A_LEVEL',
    ]);
  });

  it('paid above its budget is never shown below what is paid', () =>
    expect(told(money('2024-02-01 300'), '2024-12-31')[1]).toBe('planned-rest 300.00 25.00 above B'));
});

describe('all lines together', () => {
  const at = (course: Course): Forecast => forecastOf(course, civilDate('2024-06-30'));
  it('add up; a line without a forecast goes in with what is paid, by name', () => {
    const total = totalForecast(
      new Map([
        ['P01', at(money('2024-02-01 91'))],
        ['P02', at(money('2024-02-01 30'))],
        ['P03', at(money(''))],
      ]),
    );
    const text = (value: Ratio | undefined) => formatDecimal(value!, 0);
    // In fen: 275.00 on plan, 60.33 by the pace so far, and 0; at least 183.00 and 30.00, at most 275.00 and 214.00.
    expect([text(total?.value), text(total?.low), text(total?.high)]).toEqual(['33533', '12100', '48900']);
    expect(total?.without).toEqual([{ of: 'P03', reason: 'NOTHING_DONE' }]);
  });

  it('of which none has a forecast have none', () => {
    expect(totalForecast(new Map([['P03', at(money(''))]]))).toBeUndefined();
    expect(totalForecast(new Map())).toBeUndefined();
  });
});

it('names every method with its formula and version, and the rule that picks one', () => {
  for (const { id, version, name, formula } of FORECAST_METHODS) {
    expect([id, version, name.zh, name.en, formula]).toEqual([
      expect.stringMatching(/^[a-z-]+$/),
      expect.any(Number),
      expect.stringMatching(/\p{Script=Han}/u),
      expect.any(String),
      expect.stringContaining('V(t)'),
    ]);
  }
  expect(FORECAST_RULE.text.en).toContain(`${Number(FORECAST_RULE.onPlanWithin) * 100} %`);
  expect(FORECAST_RULE.text.zh).toContain(`${FORECAST_RULE.minimumDays}天`);
});

describe('whatever was done', () => {
  const hundredths = fc.integer({ min: 0, max: 10 ** 9 });
  const decimal = (value: number) => (value / 100).toFixed(2);
  const date = fc
    .integer({ min: 1, max: 366 })
    .map((elapsed) => civilDate(new Date(Date.UTC(2024, 0, elapsed)).toISOString().slice(0, 10)));

  it('the range holds the headline and every estimate, and a flow keeps what is done', () => {
    const results = fc.array(fc.record({ on: date, value: hundredths.map((value) => decimalRatio(decimal(value))) }));
    fc.assert(
      fc.property(hundredths, hundredths, results, date, (half, annual, found, asOf) => {
        const indicator = printed(`数量 flow ＝${decimal(half)}个 ＝${decimal(annual)}个`);
        const course = indicatorCourse({ year: 2024, indicator, results: found })!;
        const forecast = forecastOf(course, asOf);
        if (forecast.status === 'NONE') return;
        const { headline, estimates, low, high, done } = forecast;
        for (const { value } of [headline, ...estimates]) {
          expect(compare(low, value) <= 0 && compare(value, high) <= 0).toBe(true);
          expect(compare(value, done) >= 0).toBe(true);
        }
        expect(estimates.map(({ method }) => method)).toContain(headline.method);
      }),
      { seed: 90, numRuns: 500 },
    );
  });

  it('payments above B are shown above it by what they are, at any date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), date, (paid, asOf) => {
        const forecast = forecastOf(money(`2024-01-01 ${decimal(paid)}`), asOf);
        if (forecast.status === 'NONE') return;
        for (const { value, aboveBudget } of forecast.estimates) {
          const over = compare(value, decimalRatio('27500'));
          expect(aboveBudget === undefined).toBe(over <= 0);
        }
      }),
      { seed: 275, numRuns: 200 },
    );
  });
});
