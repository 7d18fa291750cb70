import { describe, expect, it } from '@jest/globals';
import { civilDate } from '#domain/calendar.js';
import {
  type LineMoney,
  type MismatchFlag,
  type WorkLink,
  moneyBesideWork,
} from '#domain/metrics/money-beside-work.js';
import { parseWanYuan, type Fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { decimalRatio, formatDecimal, formatPercent } from '#domain/ratio.js';

const wan = (text: string): Fen => {
  const amount = parseWanYuan(text);
  if (typeof amount === 'string') throw new Error(`${text}: ${amount}`);
  return amount;
};

/** `P13: 12017/24036`: paid of budget, in 万元. */
const lines = (text: string): ReadonlyMap<string, LineMoney> =>
  new Map(
    text.split(', ').map((entry) => {
      const [line = '', paid = '', current = ''] = entry.split(/: |\//);
      return [line, { paidFen: wan(paid), currentFen: wan(current) }];
    }),
  );

const link = (indicator: Indicator, on: readonly string[], result?: string): WorkLink => ({
  indicator,
  lines: on,
  ...(result === undefined ? {} : { result: { on: civilDate('2024-06-30'), value: decimalRatio(result) } }),
});

const flagText = (flag: MismatchFlag): string =>
  'gap' in flag
    ? `${flag.code} by ${formatDecimal(flag.gap, 2)}, allowed ${flag.allowed}`
    : 'indicators' in flag
      ? `${flag.code} ${flag.line} with ${flag.indicators.join(' ')}`
      : 'line' in flag
        ? `${flag.code} ${flag.line}`
        : flag.code;

/** `work 72.73 money 50.00 gap -22.73`, then the flags. */
function told(links: readonly WorkLink[], money: ReadonlyMap<string, LineMoney>, workMoneyGap = '20'): string[][] {
  return moneyBesideWork(links, money, { workMoneyGap }).map(({ work, money: paid, gap, flags }) => [
    [
      `work ${work.status === 'OK' ? formatPercent(work.share) : work.reason}`,
      `money ${paid.status === 'OK' ? formatPercent(paid.share) : paid.reason}`,
      ...(gap === undefined ? [] : [`gap ${formatDecimal(gap, 2)}`]),
    ].join(', '),
    ...flags.map(flagText),
  ]);
}

const ROADS = printed('道路工程数量 flow ＝16条 ＝22条');
const ROAD_AREA = printed('道路建设规模 flow ＝112800平米 ＝220000平米');
const AS_PLANNED = lines('P13: 12017/24036');

describe('roads finished against road money paid: 姑苏区上市地块周边道路建设, 24,036 万元', () => {
  it.each([
    [
      'carried out as planned at mid-year, the count of roads is ahead of its money by the plan itself',
      link(ROADS, ['P13'], '16'),
      AS_PLANNED,
      ['work 72.73, money 50.00, gap -22.73', 'WORK_AHEAD_OF_MONEY by 22.73, allowed 20'],
    ],
    ['and their area is not', link(ROAD_AREA, ['P13'], '112800'), AS_PLANNED, ['work 51.27, money 50.00, gap -1.28']],
    [
      'half of the money and a quarter of the roads',
      link(ROADS, ['P13'], '6'),
      AS_PLANNED,
      ['work 27.27, money 50.00, gap 22.72', 'PAID_AHEAD_OF_WORK by 22.72, allowed 20'],
    ],
    [
      'exactly 20 points apart is allowed',
      link(ROADS, ['P13'], '11'),
      lines('P13: 70/100'),
      ['work 50.00, money 70.00, gap 20.00'],
    ],
    [
      'a hair more is not',
      link(ROADS, ['P13'], '11'),
      lines('P13: 70.0001/100'),
      ['work 50.00, money 70.00, gap 20.00', 'PAID_AHEAD_OF_WORK by 20.00, allowed 20'],
    ],
    [
      'money paid and no result recorded',
      link(ROADS, ['P13']),
      AS_PLANNED,
      ['work NO_RESULT, money 50.00', 'PAID_WITHOUT_RESULT'],
    ],
    [
      'money paid and nothing done',
      link(ROADS, ['P13'], '0'),
      AS_PLANNED,
      ['work 0.00, money 50.00, gap 50.00', 'PAID_AHEAD_OF_WORK by 50.00, allowed 20', 'PAID_WITHOUT_RESULT'],
    ],
    [
      'all done and nothing paid',
      link(ROADS, ['P13'], '22'),
      lines('P13: 0/24036'),
      [
        'work 100.00, money 0.00, gap -100.00',
        'WORK_AHEAD_OF_MONEY by 100.00, allowed 20',
        'WORK_FINISHED_NOTHING_PAID',
      ],
    ],
    [
      'half more than asked for, all paid: finished is finished',
      link(ROADS, ['P13'], '33'),
      lines('P13: 24036/24036'),
      ['work 150.00, money 100.00, gap 0.00'],
    ],
    [
      'paid more than the budget is not cut off',
      link(ROADS, ['P13'], '22'),
      lines('P13: 30/24'),
      ['work 100.00, money 125.00, gap 25.00', 'PAID_AHEAD_OF_WORK by 25.00, allowed 20'],
    ],
    ['neither begun', link(ROADS, ['P13'], '0'), lines('P13: 0/24036'), ['work 0.00, money 0.00, gap 0.00']],
    ['neither begun nor recorded', link(ROADS, ['P13']), lines('P13: 0/24036'), ['work NO_RESULT, money 0.00']],
  ])('%s', (_, linked, money, expected) => expect(told([linked], money)).toEqual([expected]));

  it('goes by a gap that the unit has set', () =>
    expect(told([link(ROADS, ['P13'], '16')], AS_PLANNED, '25')).toEqual([['work 72.73, money 50.00, gap -22.73']]));
});

describe('what is no share of the work of a year', () => {
  it.each([
    [printed('管理存量房数量 stock ＝5300套 ＝4800套'), 'NOT_CUMULATIVE'],
    [printed('工程验收合格率 ratio ＝100% ＝100%'), 'NOT_CUMULATIVE'],
    [printed('治理及时性 word 及时 及时'), 'NOT_CUMULATIVE'],
    [printed('投诉 flow ≤5件 ≤10件'), 'IS_A_LIMIT'],
    [printed('事故 flow ＝0起 ＝0起'), 'NO_TARGET'],
  ])('%# has money beside it and no mismatch', (indicator, reason) =>
    expect(told([link(indicator, ['P13'], '1')], AS_PLANNED)).toEqual([[`work ${reason}, money 50.00`]]),
  );
});

describe('lines', () => {
  it('of one indicator are added up', () =>
    expect(told([link(ROADS, ['P02', 'P13'], '11')], lines('P02: 0/50, P13: 50/50'))).toEqual([
      ['work 50.00, money 50.00, gap 0.00'],
    ]));

  it('of several indicators are named with the others', () =>
    expect(told([link(ROADS, ['P13'], '11'), link(ROAD_AREA, ['P13'], '110000'), link(ROADS, [])], AS_PLANNED)).toEqual(
      [
        ['work 50.00, money 50.00, gap 0.00', 'LINE_SHARED P13 with 道路建设规模'],
        ['work 50.00, money 50.00, gap 0.00', 'LINE_SHARED P13 with 道路工程数量'],
      ],
    ));

  it('that the budget does not have are named, and leave no share when there are no others', () =>
    expect(told([link(ROADS, ['P99'], '11'), link(ROADS, ['P13', 'P98'], '11')], AS_PLANNED)).toEqual([
      ['work 50.00, money NO_BUDGET', 'LINE_UNKNOWN P99'],
      ['work 50.00, money 50.00, gap 0.00', 'LINE_UNKNOWN P98'],
    ]));
});
