/** Payments of the invented unit: text tables of what each line paid for in a year, and in how many payments. */
import type { CivilDate } from '#domain/calendar.js';
import type { Fen } from '#domain/money.js';
import { officeDay, parts, purposeOf, spread, wan } from './office-days.js';
import { organisation, people, type Payment } from './vouchers.js';

/**
 * Rows: line, economic code, sum in 万元, number of payments, first and last month, payee, purpose, and the origin year of
 * the lot if the payments name one. A number of payments for all months falls on the 10th of each.
 */
export function paymentsOf(year: number, course: string): Payment[] {
  return course
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [line = '', code = '', total = '', count = '', months = '', payee = '', words = '', origin] = row
        .trim()
        .split(/\s+/);
      const key = `${line}-${code}${origin === undefined ? '' : `-${origin}`}`;
      const dates = datesOf(key, year, Number(count), months);
      const amounts = parts(`${year} ${key}`, wan(total), Number(count));
      return dates.map((date, index): Payment => ({
        key: `${key}#${index + 1}`,
        line,
        date,
        fen: amounts[index] as Fen,
        payee: payee === '职工' ? people(payee) : organisation(payee),
        purpose: purposeOf(words, date, index + 1),
        code,
        ...(origin === undefined ? {} : { originYear: Number(origin) }),
      }));
    });
}

function datesOf(key: string, year: number, count: number, months: string): CivilDate[] {
  const [first = 1, last = 12] = months.split('-').map(Number);
  if (count !== last - first + 1) return spread(`${year} ${key}`, count, year, [first, last]);
  return Array.from({ length: count }, (_, index) => officeDay(`${year}-${String(first + index).padStart(2, '0')}-10`));
}
