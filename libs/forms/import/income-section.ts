/** Reads the income of the printed table: one figure a row. */
import type { Fen } from '#domain/money.js';
import type { AmountUnit } from '#forms/amount.js';
import { type Findings, place } from '#forms/findings.js';
import type { FormDefinition } from '#forms/performance-form.js';
import { INCOME_ROWS, type IncomeRow } from '#forms/table.js';
import { FIGURE, readAmount } from './figures.js';
import { endOf, labelAt, linesBetween, START, type Line } from './printed-lines.js';

export interface IncomeSection {
  readonly income: Readonly<Partial<Record<IncomeRow, Fen>>>;
  /** Lines of the file on which the rows stand. */
  readonly incomeLines: Readonly<Partial<Record<IncomeRow, number>>>;
}

/** Rows 资金总额 … 其他资金, one figure each. A label may be wrapped, also around its figure. */
export function readIncome(
  lines: readonly Line[],
  unit: AmountUnit,
  form: FormDefinition,
  findings: Findings,
): IncomeSection {
  const [annual = ''] = form.incomeColumns;
  const income: Partial<Record<IncomeRow, Fen>> = {};
  const incomeLines: Partial<Record<IncomeRow, number>> = {};
  const header = labelAt(lines, START, (text) => text === annual, annual.length);
  if (header === undefined) {
    const found = lines[0]?.cells.join(' ') ?? '';
    findings.problem(place(lines[0]?.no ?? 0, '收入'), 'HEADER_WRONG', { expected: annual, found });
  }
  let pending = '';
  for (const { no, cells } of header ? linesBetween(lines, header.to, endOf(lines)) : lines) {
    const figures = cells.filter((cell) => FIGURE.test(cell));
    pending += cells.filter((cell) => !FIGURE.test(cell)).join('');
    const [figure] = figures;
    if (figure === undefined) continue;
    const label = labelEnding(pending, form);
    if (figures.length > 1) findings.problem(place(no, annual), 'VALUE_UNEXPECTED', { found: figures });
    if (label === undefined) findings.problem(place(no), 'ROW_UNKNOWN', { found: pending });
    else if (incomeLines[label.row] !== undefined) {
      findings.problem(place(no), 'ROW_REPEATED', { row: pending, first: incomeLines[label.row] });
    } else {
      if (label.before !== '') findings.problem(place(no), 'TEXT_UNEXPECTED', { found: label.before });
      incomeLines[label.row] = no;
      const amount = readAmount(figure, place(no, annual), unit, findings);
      if (amount !== undefined) income[label.row] = amount;
    }
    pending = '';
  }
  if (pending !== '') findings.problem(place(lines.at(-1)?.no ?? 0), 'VALUE_MISSING', { row: pending });
  for (const row of INCOME_ROWS) {
    if (incomeLines[row] === undefined) findings.problem('收入', 'ROW_MISSING', { row: form.incomeRows[row][0] });
  }
  return { income, incomeLines };
}

/** The income row whose label the text ends with, and what stands before it apart from headings without a figure. */
function labelEnding(text: string, form: FormDefinition): { row: IncomeRow; before: string } | undefined {
  const fitting = INCOME_ROWS.flatMap((row) => form.incomeRows[row].map((label) => ({ row, label })))
    .filter(({ label }) => text.endsWith(label))
    .sort((a, b) => b.label.length - a.label.length);
  const [longest] = fitting;
  if (longest === undefined) return undefined;
  const before = form.incomeHeadings.reduce(
    (rest, heading) => rest.replace(heading, ''),
    text.slice(0, -longest.label.length),
  );
  return { row: longest.row, before };
}
