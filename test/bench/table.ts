/** Rows of the benchmark as an aligned table. */
import type { Row } from './event-log.js';

const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });

export function renderTable(rows: readonly Row[]): string {
  const cells = [
    ['what', 'median', 'unit', 'p99', 'aim', 'met'],
    ...rows.map(({ name, unit, median, p99, aim, met }) => [
      name,
      number(median),
      unit,
      p99 === undefined ? '' : number(p99),
      aim,
      met === null ? '' : met ? 'yes' : 'NO',
    ]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          column === 1 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
