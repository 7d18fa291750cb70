import { describe, expect, it } from '@jest/globals';
import type { Closing } from '#domain/budget/lineage.js';
import { civilDate } from '#domain/calendar.js';
import { reportDateOf, yearColumn } from '#domain/metrics/over-years.js';
import { picture, yuan } from '#domain/metrics/picture.fixture.js';
import { ALL } from '#domain/metrics/quantities.js';
import { formatYuan } from '#domain/money.js';

const LINES = [
  { line: 'A', fund: 'general-public', expenditure: 'project' },
  { line: 'B', fund: 'government-funds', expenditure: 'project' },
] as const;
const TABLE = `
  A GP project original 100.00
  A GP project paid 70.00
  B GF project original 300.00
  B GF project paid 250.00
`;
const closing: Closing = {
  ...{ year: 2024, stream: 'budget-U1-2024', revision: 9, closure: 1 },
  ...{ eventId: 'e', effectiveDate: civilDate('2024-12-31'), recordedAt: 0 },
  lots: [
    { line: 'A', originYear: 2024, fen: yuan('30.00'), class: 'carry-over', reason: 'unspent' },
    { line: 'B', originYear: 2024, fen: yuan('50.00'), class: 'surplus', reason: 'finished' },
  ],
};

describe('a year of the report over years', () => {
  it('has what the close split, in a scope, and the rates of what was left', () => {
    const known = {
      picture: picture('2024-12-31', TABLE, 'A GP project original 40.00'),
      closing,
      lines: LINES,
      takenBackBefore: [],
    };
    const whole = yearColumn({ ...known, state: 'closed' }, ALL);
    expect([whole.atClose?.carryOver, whole.atClose?.surplus, whole.unspent]).toEqual(
      ['30.00', '50.00', '80.00'].map(yuan),
    );
    expect([whole.executionRate, whole.carryOverRate, whole.carryOverChange].map(({ percent }) => percent)).toEqual([
      '80.00',
      '20.00',
      '100.00',
    ]);
    const general = yearColumn({ ...known, state: 'closed' }, { funds: ['general-public'], expenditure: 'all' });
    expect(general).toMatchObject({
      atClose: { carryOver: yuan('30.00'), surplus: 0 },
      carryOverRate: { percent: '30.00' },
    });
  });

  it('counts as surplus what was taken back before the close, which no lot holds any more', () => {
    const back = [{ line: 'B', fen: yuan('20.00') }];
    const lots = closing.lots.map((lot) => (lot.line === 'B' ? { ...lot, fen: yuan('30.00') } : lot));
    const known = { picture: picture('2024-12-31', TABLE), closing: { ...closing, lots }, lines: LINES };
    const whole = yearColumn({ ...known, state: 'closed', takenBackBefore: back }, ALL);
    expect([whole.atClose?.carryOver, whole.atClose?.surplus, whole.unspent]).toEqual(
      ['30.00', '50.00', '80.00'].map(yuan),
    );
  });

  it('that is not closed has only what is unspent so far, and reasons in place of rates', () => {
    const known = { picture: picture('2024-06-30', TABLE), closing: undefined, lines: LINES, takenBackBefore: [] };
    const column = yearColumn({ ...known, state: 'open' }, ALL);
    expect(column).not.toHaveProperty('atClose');
    expect(formatYuan(column.unspent)).toBe('80.00');
    expect([column.carryOverRate.reason, column.carryOverChange.reason]).toEqual(['YEAR_END_ONLY', 'YEAR_END_ONLY']);
  });

  it.each([
    ['2024-06-15', '2024-06-15', 'a running year goes up to the day'],
    ['2025-02-01', '2024-12-31', 'a past one to its end'],
    ['2023-12-20', '2024-01-01', 'one that has not begun to its first day'],
  ])('on %s is as of %s: %s', (today, asOf) => expect(reportDateOf(2024, civilDate(today))).toBe(asOf));
});
