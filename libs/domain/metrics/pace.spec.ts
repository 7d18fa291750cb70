import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CivilDate, civilDate, daysBetween, lastDayOfMonth } from '#domain/calendar.js';
import {
  type Course,
  type DatedValue,
  actualOn,
  courseCurve,
  courseKindOf,
  indicatorCourse,
  lineCourse,
} from '#domain/metrics/course.js';
import { nextCheckpoint, paceOf, requiredPace } from '#domain/metrics/pace.js';
import { yuan } from '#domain/metrics/picture.fixture.js';
import { type Plan, plannedToDate } from '#domain/metrics/planned.js';
import { fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { type Ratio, compare, decimalRatio, formatDecimal } from '#domain/ratio.js';

const text = (value: Ratio | undefined, decimals = 4): string =>
  value === undefined ? '-' : formatDecimal(value, decimals).replace(/\.?0+$/, '') || '0';

/** `2024-06-30 16, 2024-09-30 18` */
const dated = (rows: string): DatedValue[] =>
  rows
    .split(',')
    .map((row) => row.trim().split(/\s+/))
    .filter(([on]) => on)
    .map(([on = '', value = '']) => ({ on: civilDate(on), value: decimalRatio(value) }));

function course(indicator: Indicator, results = ''): Course {
  const found = indicatorCourse({ year: 2024, indicator, results: dated(results) });
  if (found === undefined) throw new Error(`${indicator.level3} has no course`);
  return found;
}

const ROADS = printed('道路工程数量 flow ＝16条 ＝22条');
const HOUSES = printed('管理存量房数量 stock ＝5300套 ＝4800套');
const LAND = printed('管护土地面积 stock ＝7000亩 ＝7000亩');
const EXECUTION = printed('预算执行率 ratio ＝38% ＝100%', { checkpointBasis: 'FULL_YEAR' });

describe('the planned curve of an indicator', () => {
  it.each(
    `
    2023-12-31  0        5300      7000   0        nothing of a flow is done yet, a level is there
    2024-03-31  8        5300      7000  19        91 of 182 days
    2024-06-30 16        5300      7000  38        the half-year value
    2024-07-01 16.0326   5297.2826 7000  38.337    one of 184 days further
    2024-09-30 19        5050      7000  69        92 of 184 days
    2024-12-31 22        4800      7000 100        the full-year value
  `
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/\s+/)),
  )('on %s asks for %s roads, %s flats, %s 亩 of land and %s %% paid', (on = '', roads, houses, land, execution) => {
    const plannedOf = (indicator: Indicator) => text(course(indicator).planned(civilDate(on))?.value);
    expect([ROADS, HOUSES, LAND, EXECUTION].map(plannedOf)).toEqual([roads, houses, land, execution]);
  });

  it('without a half-year value runs evenly, and says that this is assumed', () =>
    expect(course(printed('道路工程数量 flow - ＝366条')).planned(civilDate('2024-06-30'))).toEqual({
      value: expect.objectContaining({ numerator: 66_612n, denominator: 366n }),
      assumed: true,
    }));

  it('has a year-end figure on 31 December alone', () => {
    const carryOver = course(printed('结转结余率 ratio ＝0% ＝0%', { checkpointBasis: 'YEAR_END_ONLY' }));
    expect(carryOver.planned(civilDate('2024-12-30'))).toBeUndefined();
    expect(text(carryOver.planned(civilDate('2024-12-31'))?.value)).toBe('0');
  });

  it('ends at the borders of its year', () => {
    for (const on of ['2023-12-30', '2025-01-01'].map(civilDate)) {
      expect(() => course(ROADS).planned(on)).toThrow('not in 2024');
    }
  });

  it('does not exist for words', () =>
    expect(
      indicatorCourse({ year: 2024, indicator: printed('治理及时性 word 及时 及时'), results: [] }),
    ).toBeUndefined());
});

describe('what accumulates', () => {
  it.each([
    [ROADS, 'flow'],
    [HOUSES, 'level'],
    [EXECUTION, 'rising-share'],
    [printed('工程验收合格率 ratio ＝100% ＝100%'), 'level'],
    [printed('公用经费控制率 ratio ≤50% ≤100%', { checkpointBasis: 'FULL_YEAR' }), 'level'], // a limit, not a way to go
    [printed('支付进度符合率 ratio ＝90% ＝100%', { checkpointBasis: 'PLAN_TO_DATE' }), 'level'],
  ] as const)('%# is told from the figures', (indicator, kind) => expect(courseKindOf(indicator)).toBe(kind));
});

describe('the pace of 道路工程数量 ＝16 at mid-year, ＝22 at year end', () => {
  const standing = (asOf: string, results: string) => {
    const { planned, actual, deviation, deviationShare, perDay, required } = paceOf(
      course(ROADS, results),
      civilDate(asOf),
    );
    return [
      `planned ${text(planned?.value)} done ${text(actual?.value)} off ${text(deviation)} (${text(deviationShare)})`,
      `a day ${text(perDay)}`,
      required === undefined
        ? '-'
        : `${required.status} ${required.checkpoint} left ${text(required.left)}: ${text(required.perDay)} a day for ${required.daysLeft}, ${text(required.perMonth)} a month`,
    ];
  };

  it.each([
    [
      'half of the half, a quarter behind',
      '2024-03-31',
      '2024-03-31 6',
      ['planned 8 done 6 off -2 (-0.25)', 'a day 0.0659', 'open half left 10: 0.1099 a day for 91, 3.3333 a month'],
    ],
    [
      'on 30 June the half-year target is past, the next one counts',
      '2024-06-30',
      '2024-06-30 16',
      ['planned 16 done 16 off 0 (0)', 'a day 0.0879', 'open annual left 6: 0.0326 a day for 184, 1 a month'],
    ],
    [
      'in mid-September half a month and three whole ones are left',
      '2024-09-15',
      '2024-06-30 16, 2024-09-10 18.5',
      [
        'planned 18.5109 done 18.5 off -0.0109 (-0.0006)',
        'a day 0.0728',
        'open annual left 3.5: 0.0327 a day for 107, 1 a month',
      ],
    ],
    [
      'more than the target: nothing is left',
      '2024-09-30',
      '2024-09-30 23',
      ['planned 19 done 23 off 4 (0.2105)', 'a day 0.0839', 'reached annual left 0: 0 a day for 92, 0 a month'],
    ],
    [
      'on 31 December no target is ahead',
      '2024-12-31',
      '2024-12-31 21',
      ['planned 22 done 21 off -1 (-0.0455)', 'a day 0.0574', '-'],
    ],
    [
      'without a result there is no pace, not one of 0',
      '2024-06-30',
      '',
      ['planned 16 done - off - (-)', 'a day -', '-'],
    ],
    [
      'a result after the date is not known on it',
      '2024-06-29',
      '2024-06-30 16',
      ['planned 15.9121 done - off - (-)', 'a day -', '-'],
    ],
  ])('%s', (_, asOf, results, expected) => expect(standing(asOf, results)).toEqual(expected));

  it('is asked for a checkpoint that is past: none', () => {
    const done = course(ROADS, '2024-06-30 12');
    expect(requiredPace(done, civilDate('2024-06-30'), 'half')).toBeUndefined();
    expect(requiredPace(done, civilDate('2024-07-01'), 'half')).toBeUndefined();
    expect(nextCheckpoint(done, civilDate('2024-06-29'))).toBe('half');
    expect(nextCheckpoint(done, civilDate('2024-12-31'))).toBeUndefined();
  });
});

describe('the pace of levels and limits', () => {
  const required = (indicator: Indicator, asOf: string, value: string) => {
    const found = paceOf(course(indicator, `${asOf} ${value}`), civilDate(asOf)).required;
    return `${found?.status} ${text(found?.left)}`;
  };
  it.each([
    ['a level that has to fall has a negative rest', HOUSES, '2024-06-30', '5200', 'open -400'],
    ['one below its target has to rise again', HOUSES, '2024-06-30', '4700', 'open 100'],
    ['one that stays has nothing left', LAND, '2024-03-31', '7000', 'reached 0'],
    [
      'a falling limit asks for what is above it',
      printed('存量 stock ≤5300套 ≤4800套'),
      '2024-06-30',
      '5000',
      'open -200',
    ],
    ['and nothing below', printed('存量 stock ≤5300套 ≤4800套'), '2024-06-30', '4700', 'reached 0'],
    ['a limit of a running total leaves room', printed('投诉 flow ≤5件 ≤10件'), '2024-06-30', '4', 'ceiling 6'],
    ['none when it is reached', printed('投诉 flow ≤5件 ≤10件'), '2024-06-30', '10', 'ceiling 0'],
    ['until it is passed', printed('投诉 flow ≤5件 ≤10件'), '2024-06-30', '11', 'exceeded 0'],
    ['＝0 is a limit too', printed('事故 flow ＝0起 ＝0起'), '2024-06-30', '1', 'exceeded 0'],
  ] as const)('%s', (_, indicator, asOf, value, expected) => expect(required(indicator, asOf, value)).toBe(expected));
});

describe('the pace of a line: 姑苏区征地和拆迁补偿, 34,000 of 79,531 万元 planned by 30 June', () => {
  const plan: Plan = { kind: 'approved', effectiveDate: civilDate('2024-01-01'), halfYearPlanFen: yuan('340000000') };
  const line = (...paid: readonly (readonly [string, string])[]) =>
    lineCourse({
      year: 2024,
      currentFen: yuan('795310000'),
      plans: [plan],
      paid: paid.map(([on, amount]) => ({ on: civilDate(on), fen: yuan(amount) })),
    });

  it('is in fen, from the plan that planned.ts gives', () => {
    const pace = paceOf(line(['2024-02-01', '100000000'], ['2024-03-31', '50000000']), civilDate('2024-03-31'));
    expect(
      [pace.planned?.value, pace.actual?.value, pace.deviation, pace.required?.left].map((of) => text(of)),
    ).toEqual(['17000000000', '15000000000', '-2000000000', '19000000000']);
    expect(text(pace.required?.perMonth)).toBe('6333333333.3333');
  });

  it('knows that nothing was paid: 0, unlike a result that is missing', () =>
    expect(paceOf(line(), civilDate('2024-06-30'))).toMatchObject({
      actual: { value: { numerator: 0n } },
      deviationShare: { numerator: expect.any(BigInt) },
      required: { checkpoint: 'annual', status: 'open' },
    }));

  it('falls by a return, and adds up what one day has in parts', () => {
    const paid = line(['2024-05-01', '10.00'], ['2024-04-01', '20.00'], ['2024-05-01', '-5.00']).actual;
    expect(paid.map(({ on, value }) => `${on} ${text(value)}`)).toEqual([
      '2023-12-31 0',
      '2024-04-01 2000',
      '2024-05-01 2500',
    ]);
  });

  it('without a half-year plan aims at the year end only', () => {
    const assumed = lineCourse({ year: 2024, currentFen: yuan('366'), plans: [], paid: [] });
    expect(paceOf(assumed, civilDate('2024-03-31'))).toMatchObject({
      planned: { assumed: true },
      required: { checkpoint: 'annual', daysLeft: 275 },
    });
  });
});

it('a curve has its plan for every date, and what was done up to the date asked for', () => {
  const dates = ['2023-12-31', '2024-03-31', '2024-06-30', '2024-09-30'].map(civilDate);
  const points = courseCurve(course(ROADS, '2024-03-15 7, 2024-08-01 17'), { asOf: civilDate('2024-06-30'), dates });
  expect(points.map((point) => `${text(point.planned?.value)} ${text(point.actual)}`)).toEqual([
    '0 -',
    '8 7',
    '16 7',
    '19 -',
  ]);
});

it('of several results of one date the last counts, whatever their order in time', () => {
  const found = course(ROADS, '2024-06-30 16, 2024-03-31 7, 2024-06-30 15');
  expect(text(actualOn(found, civilDate('2024-07-01'))?.value)).toBe('15');
  expect(text(actualOn(found, civilDate('2024-06-29'))?.value)).toBe('7');
});

describe('whatever the targets', () => {
  const hundredths = fc.integer({ min: 0, max: 10 ** 9 });
  const targets = fc.tuple(hundredths, hundredths).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const decimal = (value: number) => (value / 100).toFixed(2);
  const day = fc.integer({ min: 0, max: 366 });
  const dateOf = (elapsed: number): CivilDate =>
    civilDate(new Date(Date.UTC(2024, 0, elapsed)).toISOString().slice(0, 10));

  it('a flow is planned to rise or stay, between nothing and its full-year value', () => {
    fc.assert(
      fc.property(targets, day, day, ([half, annual], a, b) => {
        const planned = course(printed(`数量 flow ＝${decimal(half)}个 ＝${decimal(annual)}个`)).planned;
        const [before, after] = [planned(dateOf(Math.min(a, b))), planned(dateOf(Math.max(a, b)))];
        expect(compare(before!.value, after!.value)).toBeLessThanOrEqual(0);
        expect(before!.value.numerator >= 0n).toBe(true);
        expect(compare(after!.value, decimalRatio(decimal(annual)))).toBeLessThanOrEqual(0);
      }),
      { seed: 1622, numRuns: 300 },
    );
  });

  it('the required pace kept up to the checkpoint reaches it, by day and by month', () => {
    fc.assert(
      fc.property(targets, hundredths, fc.integer({ min: 0, max: 365 }), ([half, annual], done, elapsed) => {
        const asOf = dateOf(elapsed);
        const found = paceOf(
          course(printed(`数量 flow ＝${decimal(half)}个 ＝${decimal(annual)}个`), `${asOf} ${decimal(done)}`),
          asOf,
        ).required;
        if (annual === 0) return;
        const { target, left, perDay, daysLeft, on } = found!;
        expect(perDay.numerator * BigInt(daysLeft) * left.denominator).toBe(left.numerator * perDay.denominator);
        const missing = compare(decimalRatio(decimal(done)), target) >= 0;
        expect(left.numerator === 0n).toBe(missing);
        expect(daysLeft).toBe(daysBetween(asOf, on));
      }),
      { seed: 3006, numRuns: 300 },
    );
  });

  it('money and work run the same way: a line of whole yuan is planned like a count of fen', () => {
    fc.assert(
      fc.property(targets, day, ([half, annual], elapsed) => {
        const on = dateOf(elapsed);
        const plan: Plan = { kind: 'approved', effectiveDate: civilDate('2024-01-01'), halfYearPlanFen: fen(half) };
        const money = plannedToDate([plan], { year: 2024, asOf: on, currentFen: fen(annual) }).fen;
        const work = course(printed(`数量 flow ＝${half}分 ＝${annual}分`)).planned(on)!.value;
        expect(formatDecimal(work, 0)).toBe(String(money));
      }),
      { seed: 184, numRuns: 200 },
    );
  });

  it('a month left counts as one: on the last day of a month the rest is whole months', () => {
    for (let month = 1; month < 12; month += 1) {
      const asOf = lastDayOfMonth(2024, month);
      const found = requiredPace(course(printed('数量 flow - ＝100个'), `${asOf} 0`), asOf, 'annual');
      expect(text(found?.perMonth)).toBe(text({ numerator: 100n, denominator: BigInt(12 - month) }));
    }
  });
});
