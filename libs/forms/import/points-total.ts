/** Whether the points of a self-evaluation add up: rows and execution rate against the total that the form prints. */
import { decimalRatio, formatDecimal, type Ratio } from '#domain/ratio.js';
import type { Findings } from '#forms/findings.js';
import type { ReadForm } from './form-workbook.js';

/** Points are decimals of two places; sums of them are exact. */
const hundredths = (decimal: string): bigint => {
  const { numerator, denominator }: Ratio = decimalRatio(decimal);
  return (numerator * 100n) / denominator;
};

/** The rows of the funds and of the indicators that bear points. A sum that lacks a figure is not checked. */
export function reportPoints(form: ReadForm, findings: Findings): void {
  const rows = [...(form.tables['funds'] ?? []), ...(form.tables['indicators'] ?? [])];
  for (const [column, field] of [
    ['points', 'possible'],
    ['score', 'total'],
  ] as const) {
    const printed = form.fields[field];
    if (printed === undefined) continue;
    const parts = rows.map(({ values }) => values[column]).filter((value) => value !== undefined);
    const sum = parts.reduce((left, part) => left + hundredths(part), 0n);
    if (sum === hundredths(printed)) continue;
    const actual = formatDecimal({ numerator: sum, denominator: 100n }, 2);
    findings.problem(form.sheet, 'POINTS_TOTAL_DIFFERS', { column, expected: printed, actual });
  }
}
