import { describe, expect, it } from '@jest/globals';
import type { CarriedIn, UnitStory } from '#domain/budget/lineage.js';
import { civilDate } from '#domain/calendar.js';
import { carriedLots, lotTotals, totalsBy } from '#domain/metrics/carried-lots.js';
import { figures, yuan } from '#domain/metrics/picture.fixture.js';
import { formatYuan } from '#domain/money.js';

const BOOKED = figures(`
  A GP project original 100.00
  A GP project carry-over-in 75.00 lot=2023
  A GP project paid 20.00
  A GP project cut 5.00 lot=2023
  A GP project transferred-out 10.00 lot=2023
  A GP project taken-back 12.00 lot=2023
  B GF project original 10.00
  B GF project transferred-in 10.00 lot=2023
  B GF project cut 15.00
  C GP basic carry-over-in 30.00 lot=2022
  D GP project original 50.00
`).figures;

const LINES = [
  { line: 'A', fund: 'general-public', expenditure: 'project' },
  { line: 'B', fund: 'government-funds', expenditure: 'project' },
  { line: 'C', fund: 'general-public', expenditure: 'basic' },
  { line: 'D', fund: 'general-public', expenditure: 'project' },
] as const;

const carried = (carryOverId: string, line: string, originYear: number, from: string, to?: string): CarriedIn => {
  const booked = { eventId: 'e', effectiveDate: civilDate('2024-01-05'), recordedAt: 0 };
  const revision = { ...booked, fromFen: yuan(from), toFen: yuan(to ?? from), reason: 'audit', source: undefined };
  return {
    ...{ carryOverId, year: 2024, line, originYear, originLine: line, ...booked, broughtInFen: yuan(from) },
    source: undefined,
    revisions: to === undefined ? [] : [revision],
  };
};

const story: UnitStory = new Map([
  [
    2024,
    {
      year: 2024,
      state: 'open',
      closings: [],
      carriedIn: [
        carried('C1', 'A', 2023, '80.00', '75.00'),
        carried('C2', 'C', 2022, '30.00'),
        carried('C3', 'D', 2023, '9.00', '0.00'),
      ],
      transfers: [],
    },
  ],
]);

const lots = carriedLots({ year: 2024, figures: BOOKED, lines: LINES, unit: story });

describe('lots of earlier years', () => {
  it('are what came in, was moved, cut, paid and taken back, and what is left', () => {
    const rows = lots.map(({ line, originYear, age, surplus, ...sums }) => {
      const parts = [sums.broughtIn, sums.revised, sums.transferredIn, sums.transferredOut, sums.cut];
      const left = [sums.takenOtherwise, sums.budget, sums.paid, sums.takenBack, sums.unspent];
      return [line, originYear, age, ...[...parts, ...left].map(formatYuan), surplus.on ?? surplus.reason].join(' ');
    });
    expect(rows).toEqual([
      'A 2023 1 80.00 -5.00 0.00 10.00 5.00 0.00 60.00 20.00 12.00 28.00 2024-12-31',
      // The cut of 15.00 names no lot: 10.00 of it is the current year's money, 5.00 is carried-over money.
      'B 2023 1 0.00 0.00 10.00 0.00 0.00 5.00 5.00 0.00 0.00 5.00 2024-12-31',
      'C 2022 2 30.00 0.00 0.00 0.00 0.00 0.00 30.00 0.00 0.00 30.00 BASIC_EXPENDITURE',
      // Revised to nothing, it is still there to be asked about.
      'D 2023 1 9.00 -9.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 NOTHING_LEFT',
    ]);
  });

  it('are none of a scope that they are not in', () => {
    const basic = LINES.filter(({ expenditure }) => expenditure === 'basic');
    expect(carriedLots({ year: 2024, figures: BOOKED, lines: basic, unit: story }).map(({ line }) => line)).toEqual([
      'C',
    ]);
  });

  it('add up, by age, by fund and by what the close makes of them', () => {
    expect(formatYuan(lotTotals(lots).carryOverIn)).toBe('105.00');
    const unspent = (of: Parameters<typeof totalsBy>[1]) =>
      totalsBy(lots, of).map(({ group, totals }) => `${group} ${formatYuan(totals.unspent)}`);
    expect(unspent(({ age }) => age)).toEqual(['1 33.00', '2 30.00']);
    expect(unspent(({ fund }) => fund)).toEqual(['general-public 58.00', 'government-funds 5.00']);
    expect(unspent(({ classAtYearEnd }) => classAtYearEnd)).toEqual(['carry-over 30.00', 'surplus 33.00']);
  });
});
