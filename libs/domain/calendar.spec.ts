import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkpointDate,
  civilDate,
  daysBetween,
  endOfShanghaiDay,
  firstDayOf,
  lastDayOf,
  lastDayOfMonth,
  monthOf,
  nextDay,
  parseCivilDate,
  shanghaiDate,
  yearOf,
} from '#domain/calendar.js';

const days = fc
  .integer({ min: 0, max: 50_000 })
  .map((n) => civilDate(new Date(n * 86_400_000).toISOString().slice(0, 10)));

describe('a civil date', () => {
  it.each(['2024-02-29', '2000-02-29', '2024-12-31'])('%s exists', (text) => expect(parseCivilDate(text)).toBe(text));

  it.each([
    '2023-02-29', // no leap year
    '1900-02-29', // a century
    '2024-02-30',
    '2024-04-31',
    '2024-00-10',
    '2024-13-01',
    '2024-01-00',
    '2024-6-1',
    '2024/06/01',
    '2024-06-01T00:00',
    '２０２４-06-01',
    '2024-06-01\n',
    '',
  ])('%j does not', (text) => {
    expect(parseCivilDate(text)).toBeUndefined();
    expect(() => civilDate(text)).toThrow(RangeError);
  });

  it('has a year, a month and a next day', () => {
    expect([yearOf(civilDate('2024-06-30')), monthOf(civilDate('2024-06-30'))]).toEqual([2024, 6]);
    expect(nextDay(civilDate('2024-02-28'))).toBe('2024-02-29');
    expect(nextDay(civilDate('2024-12-31'))).toBe('2025-01-01');
    expect([1, 2, 4, 12].map((month) => lastDayOfMonth(2024, month))).toEqual([
      '2024-01-31',
      '2024-02-29',
      '2024-04-30',
      '2024-12-31',
    ]);
  });

  it.each([999, 10_000, 2024.5, NaN])('is of no year %d', (year) => {
    expect(() => firstDayOf(year)).toThrow(RangeError);
    expect(() => lastDayOf(year)).toThrow(RangeError);
  });

  it('counts 181 days from 1 January to 30 June of a leap year, 182 with it, and 184 after (rule book 13, 8)', () => {
    const half = checkpointDate(2024, 'half');
    expect(half).toBe('2024-06-30');
    expect(daysBetween(firstDayOf(2024), half) + 1).toBe(182);
    expect(daysBetween(half, lastDayOf(2024))).toBe(184);
    expect(checkpointDate(2024, 'annual')).toBe('2024-12-31');
  });

  it('orders as text, and day follows day without a gap', () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        expect(daysBetween(a, nextDay(a))).toBe(1);
        expect(a < b).toBe(daysBetween(a, b) > 0);
        expect(daysBetween(a, b) + daysBetween(b, a)).toBe(0);
      }),
    );
  });
});

describe('a day in Shanghai', () => {
  it.each([
    ['2024-06-30T15:59:59.999Z', '2024-06-30', 'the last millisecond'],
    ['2024-06-30T16:00:00.000Z', '2024-07-01', 'midnight there'],
    ['2024-12-31T16:00:00.000Z', '2025-01-01', 'the new year is eight hours early'],
  ])('at %s it is %s: %s', (instant, date) => expect(shanghaiDate(Date.parse(instant))).toBe(date));

  it('ends where the next begins, in any time zone of the machine', () => {
    fc.assert(
      fc.property(days, (date) => {
        expect(shanghaiDate(endOfShanghaiDay(date))).toBe(date);
        expect(shanghaiDate(endOfShanghaiDay(date) + 1)).toBe(nextDay(date));
      }),
    );
    expect(endOfShanghaiDay(civilDate('9999-12-31'))).toBe(Date.parse('9999-12-31T15:59:59.999Z'));
  });
});
