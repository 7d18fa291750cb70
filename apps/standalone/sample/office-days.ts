/** Days and hours at which a unit's office books, and how a sum is paid out over them. Nothing here is left to chance. */
import { createHash } from 'node:crypto';
import { civilDate, lastDayOfMonth, monthOf, nextDay, yearOf, type CivilDate } from '#domain/calendar.js';
import { allocate, parseWanYuan, type Fen } from '#domain/money.js';
import type { LocalTime } from './bookkeeper.js';

/** First and last days of the public holidays that fall on weekdays. */
const HOLIDAYS = `
  2023-01-02 2023-01-02   2023-01-23 2023-01-27   2023-04-05 2023-04-05   2023-05-01 2023-05-03
  2023-06-22 2023-06-23   2023-09-29 2023-10-06
  2024-01-01 2024-01-01   2024-02-12 2024-02-16   2024-04-04 2024-04-05   2024-05-01 2024-05-03
  2024-06-10 2024-06-10   2024-09-16 2024-09-17   2024-10-01 2024-10-07
`;
const CLOSED = [...HOLIDAYS.matchAll(/(\S+) (\S+)/g)].map(([, from = '', to = '']) => ({ from, to }));

const isOfficeDay = (date: CivilDate): boolean => {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !CLOSED.some(({ from, to }) => from <= date && date <= to);
};

/** The day itself if the office is open, else the next one that it is. */
export function officeDay(date: CivilDate | string): CivilDate {
  let day = civilDate(date);
  while (!isOfficeDay(day)) day = nextDay(day);
  return day;
}

/** The office day that comes `count` office days after `date`. */
export function officeDaysAfter(date: CivilDate, count: number): CivilDate {
  let day = date;
  for (let left = count; left > 0; left -= 1) day = officeDay(nextDay(day));
  return day;
}

export function officeDaysBefore(date: CivilDate, count: number): CivilDate {
  const days = officeDays(civilDate(`${yearOf(date)}-01-01`), date).filter((day) => day < date);
  return days.at(-count) ?? officeDay(`${yearOf(date)}-01-01`);
}

function officeDays(from: CivilDate, to: CivilDate): CivilDate[] {
  const days: CivilDate[] = [];
  for (let day = officeDay(from); day <= to; day = officeDay(nextDay(day))) days.push(day);
  return days;
}

/** A number in [0, 1) that belongs to the key for ever. */
const variation = (key: string): number => createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;

/** Some time in office hours of a day. */
export function officeTime(date: CivilDate, key: string): LocalTime {
  const worked = Math.floor(variation(`${date} ${key}`) * 6 * 3_600_000);
  const lunch = worked < 2.5 * 3_600_000 ? 0 : 2 * 3_600_000;
  const time = new Date(Date.parse(`${date}T09:00:00Z`) + worked + lunch);
  return time.toISOString().slice(0, -1);
}

/** `count` office days spread over the months `first` to `last`, in their order, none after the 27th of the last month. */
export function spread(
  key: string,
  count: number,
  year: number,
  [first, last]: readonly [number, number],
): CivilDate[] {
  const from = first === 1 ? `${year}-01-08` : `${year}-${String(first).padStart(2, '0')}-01`;
  const days = officeDays(civilDate(from), civilDate(`${lastDayOfMonth(year, last).slice(0, 8)}27`));
  return Array.from({ length: count }, (_, index) => {
    const place = (index + 0.15 + 0.7 * variation(`day ${key} ${index}`)) / count;
    return days[Math.floor(place * days.length)] ?? officeDay(from);
  });
}

/** A sum in `count` uneven parts that add up to it. */
export const parts = (key: string, total: Fen, count: number): Fen[] =>
  count === 0
    ? []
    : allocate(
        total,
        Array.from({ length: count }, (_, index) => 70 + Math.floor(60 * variation(`part ${key} ${index}`))),
      );

/** An amount written in 万元. */
export function wan(text: string): Fen {
  const amount = parseWanYuan(text);
  if (typeof amount === 'string') throw new Error(`${text}: ${amount}`);
  return amount;
}

/** Purposes name the month and the number of the payment: `{m}月电费`, `第{n}期工程进度款`. Every one says what it is. */
export const purposeOf = (words: string, date: CivilDate, number: number): string =>
  `${words.replace('{m}', String(monthOf(date))).replace('{n}', String(number))}（示例）`;
