import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { civilDate, daysBetween, lastDayOf, lastDayOfMonth } from '#domain/calendar.js';
import { fen, formatYuan } from '#domain/money.js';
import { yuan } from '#domain/metrics/picture.fixture.js';
import { type Plan, plannedToDate } from '#domain/metrics/planned.js';

const approved = (halfYear?: string, from = '2024-01-01'): Plan => ({
  kind: 'approved',
  effectiveDate: civilDate(from),
  ...(halfYear === undefined ? {} : { halfYearPlanFen: yuan(halfYear) }),
});
const monthly = (from: string, ...cumulative: string[]): Plan => ({
  kind: 'monthly',
  effectiveDate: civilDate(from),
  cumulativeFen: cumulative.map(yuan),
});
const at = (asOf: string, current: string, plans: Plan[], year = 2024) => {
  const { fen: amount, assumed } = plannedToDate(plans, { year, asOf: civilDate(asOf), currentFen: yuan(current) });
  return `${formatYuan(amount)}${assumed ? ' assumed' : ''}`;
};

describe('a half-year value of 91.00 and a budget of 275.00', () => {
  it.each([
    ['2023-12-31', '0.00'],
    ['2024-01-01', '0.50'], // 91.00 over 182 days
    ['2024-03-31', '45.50'],
    ['2024-06-29', '90.50'],
    ['2024-06-30', '91.00'],
    ['2024-07-01', '92.00'], // 184.00 over 184 days
    ['2024-12-30', '274.00'],
    ['2024-12-31', '275.00'],
  ])('on %s plans %s', (asOf, planned) => expect(at(asOf, '275.00', [approved('91.00')])).toBe(planned));

  it('keeps its half-year value when the budget changes, and ends at the budget of the date', () => {
    expect(at('2024-06-30', '999.00', [approved('91.00')])).toBe('91.00');
    expect(at('2024-12-31', '999.00', [approved('91.00')])).toBe('999.00');
  });

  it('counts 181 days to 30 June in a common year', () =>
    expect(at('2023-01-01', '275.00', [approved('181.00', '2023-01-01')], 2023)).toBe('1.00'));

  it('falls where the budget was cut below it, rounding up from half as ever', () => {
    // 0.03 at 30 June, 0.00 at year end: 92 of 184 days later half a fen more than one.
    expect(at('2024-09-30', '0.00', [approved('0.03')])).toBe('0.02');
  });
});

describe('without a half-year value', () => {
  it.each([
    ['an approved line', [approved()]],
    ['a line only opened', []],
    ['a plan that begins later', [approved('91.00', '2024-10-01')]],
    ['an approval withdrawn', [approved('91.00'), { kind: 'withdrawn', effectiveDate: civilDate('2024-02-01') }]],
  ] as [string, Plan[]][])('%s plans by the day, and says so', (_, plans) => {
    expect(at('2024-06-30', '366.00', plans)).toBe('182.00 assumed');
    expect(at('2024-12-31', '366.00', [])).toBe('366.00 assumed');
  });
});

describe('a monthly plan', () => {
  const plan = monthly('2024-03-15', ...'31 31 31 61 61 61 61 61 61 61 61 100'.split(' '));

  it.each([
    ['2024-03-14', '274.00', '37.00'], // not yet in force: 91.00 × 74 / 182
    ['2024-03-15', '274.00', '31.00'], // replaces January to March too
    ['2024-04-01', '274.00', '32.00'],
    ['2024-04-30', '274.00', '61.00'],
    ['2024-06-30', '274.00', '61.00'], // the half-year value is gone
    ['2024-12-31', '274.00', '100.00'], // ends elsewhere than the budget
  ])('on %s with a budget of %s plans %s', (asOf, current, planned) =>
    expect(at(asOf, current, [approved('91.00'), plan])).toBe(planned),
  );

  it('starts January at nothing', () =>
    expect(at('2024-01-10', '0.00', [monthly('2024-01-01', ...Array<string>(12).fill('31'))])).toBe('10.00'));

  it('gives way to a later one, of the same date to the one recorded last', () => {
    const later = monthly('2024-03-15', ...Array<string>(12).fill('7'));
    expect(at('2024-05-31', '0.00', [plan, later])).toBe('7.00');
    expect(at('2024-05-31', '0.00', [later, plan])).toBe('61.00');
    expect(at('2024-05-31', '0.00', [plan, monthly('2024-02-01', ...Array<string>(12).fill('7'))])).toBe('61.00');
  });
});

it('refuses a date of another year, and a plan without twelve amounts', () => {
  expect(() => at('2025-01-01', '1.00', [])).toThrow('not in 2024');
  expect(() => at('2023-12-30', '1.00', [])).toThrow('not in 2024');
  expect(() => at('2024-05-01', '1.00', [monthly('2024-01-01', '1', '2')])).toThrow('twelve');
});

it('runs through its points, never outside them, within half a fen of the exact line', () => {
  const amount = fc.integer({ min: 0, max: 9 * 10 ** 14 }).map(fen);
  const day = fc.integer({ min: 0, max: 366 });
  fc.assert(
    fc.property(amount, amount, day, (half, current, elapsed) => {
      const plan: Plan = { kind: 'approved', effectiveDate: civilDate('2024-01-01'), halfYearPlanFen: half };
      const asOf = civilDate(new Date(Date.UTC(2024, 0, elapsed)).toISOString().slice(0, 10));
      const { fen: planned } = plannedToDate([plan], { year: 2024, asOf, currentFen: current });
      if (asOf === '2024-06-30') expect(planned).toBe(half);
      if (asOf === '2024-12-31') expect(planned).toBe(current);
      const first = asOf <= '2024-06-30';
      const [from, to, gone, whole] = first ? [0, half, elapsed, 182] : [half, current, elapsed - 182, 184];
      expect(planned).toBeGreaterThanOrEqual(Math.min(from, to));
      expect(planned).toBeLessThanOrEqual(Math.max(from, to));
      const off = BigInt(planned) * BigInt(whole) - (BigInt(from) * BigInt(whole - gone) + BigInt(to) * BigInt(gone));
      expect(2n * (off < 0n ? -off : off) <= BigInt(whole)).toBe(true);
    }),
    { seed: 20240630, numRuns: 500 },
  );
});

it('a monthly plan is exact at every month end', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10 ** 13 }), { minLength: 12, maxLength: 12 }), (steps) => {
      let reached = 0;
      const cumulativeFen = steps.map((step) => fen((reached += step)));
      const plan: Plan = { kind: 'monthly', effectiveDate: civilDate('2024-01-01'), cumulativeFen };
      for (let month = 1; month <= 12; month += 1) {
        const asOf = lastDayOfMonth(2024, month);
        expect(plannedToDate([plan], { year: 2024, asOf, currentFen: fen(0) }).fen).toBe(cumulativeFen[month - 1]);
      }
    }),
    { seed: 20241231, numRuns: 100 },
  );
  expect(daysBetween(lastDayOf(2023), lastDayOfMonth(2024, 12))).toBe(366);
});
