import { describe, expect, it } from '@jest/globals';
import { civilDate, lastDayOfMonth } from '#domain/calendar.js';
import { figures, yuan } from '#domain/metrics/picture.fixture.js';
import type { Plan } from '#domain/metrics/planned.js';
import { ALL, type Scope } from '#domain/metrics/quantities.js';
import { type Definition, type Movement, type SeriesInputs, series } from '#domain/metrics/series.js';
import { formatYuan } from '#domain/money.js';
import { formatPercent } from '#domain/ratio.js';

/** `01-01 A GP project original 100.00`: the date, then a figure. */
const movements = (table: string): Movement[] =>
  table
    .trim()
    .split('\n')
    .map((row) => row.trim())
    .flatMap((row) => figures(row.slice(5)).figures.map((figure) => ({ figure, on: row.slice(0, 5) })))
    .map(({ figure, on }) => ({ ...figure, on: civilDate(`2024-${on}`) }) as Movement);

const defined = (line: string, fund: Definition['fund'], from = '2024-01-01', withdrawn = false): Definition => ({
  line,
  fund,
  expenditure: 'project',
  effectiveDate: civilDate(from),
  withdrawn,
});
const approvedPlan = (half: string, from = '2024-01-01'): Plan => ({
  kind: 'approved',
  effectiveDate: civilDate(from),
  halfYearPlanFen: yuan(half),
});

const BOOKED = movements(`
  01-01 A GP project original 100.00
  01-01 B GF project original 300.00
  01-01 A GP project carry-over-in 20.00 lot=2023
  02-29 A GP project paid 30.00
  03-15 A GP project added 80.00
  03-15 B GF project cut 100.00
  04-02 B GF project paid 50.00
  04-10 A GP project paid −10.00
`);

const inputs = (more: Partial<SeriesInputs> = {}): SeriesInputs => ({
  year: 2024,
  asOf: civilDate('2024-04-30'),
  dates: Array.from({ length: 12 }, (_, month) => lastDayOfMonth(2024, month + 1)),
  scope: ALL,
  movements: BOOKED,
  definitions: new Map([
    ['A', [defined('A', 'general-public')]],
    ['B', [defined('B', 'government-funds')]],
  ]),
  plans: new Map([
    ['A', [approvedPlan('60.00')]],
    ['B', [approvedPlan('150.00')]],
  ]),
  ...more,
});

/** `04-30 P 139.52 X 70.00 of 400.00 = 17.50%`; of a point that has only the plan `05-31 P 174.23`. */
const told = (of: SeriesInputs): string[] =>
  series(of).map(({ on, planned, plannedAssumed, actual }) => {
    const plan = `${on.slice(5)} P ${formatYuan(planned)}${plannedAssumed ? '*' : ''}`;
    if (actual === undefined) return plan;
    const { current, paid, executionRate: rate } = actual;
    const percent = rate.status === 'OK' ? `${formatPercent(rate.ratio)}%` : rate.reason;
    return `${plan} X ${formatYuan(paid)} of ${formatYuan(current)} = ${percent}`;
  });

const GENERAL: Scope = { funds: ['general-public'], expenditure: 'all' };

describe('the curves of a year', () => {
  it('have budget, payments and plan of every month’s end, and after the date asked for only the plan', () => {
    expect(told(inputs())).toEqual([
      '01-31 P 35.77 X 0.00 of 420.00 = 0.00%',
      '02-29 P 69.23 X 30.00 of 420.00 = 7.14%',
      '03-31 P 105.00 X 30.00 of 400.00 = 7.50%',
      '04-30 P 139.62 X 70.00 of 400.00 = 17.50%',
      '05-31 P 175.38',
      '06-30 P 210.00',
      '07-31 P 242.01',
      '08-31 P 274.02',
      '09-30 P 305.00',
      '10-31 P 337.01',
      '11-30 P 367.99',
      '12-31 P 400.00',
    ]);
  });

  it('follow one scope: its money, its plan and its rate', () => {
    expect(told(inputs({ scope: GENERAL })).slice(1, 5)).toEqual([
      '02-29 P 19.78 X 30.00 of 120.00 = 25.00%',
      '03-31 P 30.00 X 30.00 of 200.00 = 15.00%',
      '04-30 P 39.89 X 20.00 of 200.00 = 10.00%',
      '05-31 P 50.11',
    ]);
  });

  it('know no plan before its date, and none of a line that went with its approval', () => {
    const later = approvedPlan('90.00', '2024-03-01');
    const definitions = new Map([
      ['A', [defined('A', 'general-public')]],
      ['B', [defined('B', 'government-funds'), defined('B', 'government-funds', '2024-03-10', true)]],
    ]);
    const plans = new Map<string, Plan[]>([
      ['A', [approvedPlan('60.00'), later]],
      ['B', [approvedPlan('150.00'), { kind: 'withdrawn', effectiveDate: civilDate('2024-03-10') }]],
    ]);
    expect(told(inputs({ definitions, plans })).slice(1, 3)).toEqual([
      // 60 of 182 days of 60.00, and of 150.00
      '02-29 P 69.23 X 30.00 of 420.00 = 7.14%',
      // 91 of 182 days of 90.00
      '03-31 P 45.00 X 30.00 of 400.00 = 7.50%',
    ]);
  });

  it('follow the approval that came after a withdrawal, whatever date it bears', () => {
    const plans = new Map<string, Plan[]>([
      [
        'A',
        [approvedPlan('60.00'), { kind: 'withdrawn', effectiveDate: civilDate('2024-03-10') }, approvedPlan('91.00')],
      ],
    ]);
    // 60 and 91 of 182 days of 91.00: the second approval counts from its own date, the withdrawal no more.
    expect(told(inputs({ plans, scope: GENERAL })).slice(1, 3)).toEqual([
      '02-29 P 30.00 X 30.00 of 120.00 = 25.00%',
      '03-31 P 45.50 X 30.00 of 200.00 = 15.00%',
    ]);
  });

  it('say when a plan is assumed, and why there is no rate', () => {
    const nothing = inputs({ movements: [], plans: new Map(), asOf: civilDate('2024-01-31') });
    expect(told(nothing).slice(0, 2)).toEqual(['01-31 P 0.00 X 0.00 of 0.00 = ZERO_OVER_ZERO', '02-29 P 0.00']);
    const assumed = inputs({ plans: new Map([['A', [approvedPlan('60.00')]]]), asOf: civilDate('2024-01-31') });
    expect(told(assumed)[0]).toBe('01-31 P 35.63* X 0.00 of 420.00 = 0.00%');
  });
});
