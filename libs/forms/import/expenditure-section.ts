/** Reads the expenditure of the printed table: basic, project, and the project lines, two figures a row. */
import type { Fen } from '#domain/money.js';
import type { AmountUnit } from '#forms/amount.js';
import { type Findings, place } from '#forms/findings.js';
import type { FormDefinition } from '#forms/performance-form.js';
import { LINES_LIMIT, type PlannedAmount, type TableLine } from '#forms/table.js';
import { readBlock } from './block.js';
import { FIGURE, readAmount } from './figures.js';
import { labelAt, linesBetween, START, type Line } from './printed-lines.js';
import type { BlockRow, Segment } from './reading-path.js';
import { joined, pieceOf, type Piece } from './pieces.js';

export interface PrintedLine extends Partial<PlannedAmount>, Pick<TableLine, 'line' | 'name' | 'expenditure'> {
  readonly no: number;
}

/** The expenditure as far as it could be read, with the lines of the file it stands on. */
export interface ExpenditureSection {
  readonly basic: Partial<PlannedAmount>;
  readonly project: Partial<PlannedAmount>;
  readonly lines: readonly PrintedLine[];
  readonly basicLine: number | undefined;
  readonly projectLine: number | undefined;
}

/** Rows 基本支出, 项目支出 and the projects, two figures each, the half-year one first. */
export function readExpenditure(
  lines: readonly Line[],
  unit: AmountUnit,
  form: FormDefinition,
  findings: Findings,
): ExpenditureSection {
  const { body, swapped } = withoutHeaders(lines, form, findings);
  const { half, annual } = form.expenditureColumns;
  const blankLines = body.some(({ apart }) => apart);
  const [block] = readBlock(
    [figureRows(body, form, findings)],
    {
      widths: [undefined],
      layout: ([nameWidth = 0]) => ({ ways: () => [{ columns: [], weight: 0 }], nameWidth, blankLines }),
    },
    findings,
  );
  const rows = block?.rows ?? [];
  const read = rows.map(({ name, no, values: [first, second] }) => {
    const [halfText, annualText] = swapped ? [second, first] : [first, second];
    return {
      name,
      no,
      halfFen: halfText === undefined ? undefined : readAmount(halfText, place(no, half), unit, findings),
      annualFen: annualText === undefined ? undefined : readAmount(annualText, place(no, annual), unit, findings),
    };
  });
  reportOrder(read, swapped, form, findings);
  const basic = takeRow(read, form.expenditureRows.basic, findings);
  const project = takeRow(read, form.expenditureRows.project, findings);
  const projects = read.filter((row) => row !== basic && row !== project);
  if (projects.length > LINES_LIMIT) {
    findings.problem('支出', 'TOO_MANY_LINES', { lines: projects.length, limit: LINES_LIMIT });
  }
  const printed = projects.map((row, index): PrintedLine => ({
    line: lineId('P', index + 1),
    expenditure: 'project',
    name: row.name,
    no: row.no,
    ...amountsOf(row),
  }));
  const basics = basic
    ? [{ line: lineId('B', 1), expenditure: 'basic' as const, name: basic.name, no: basic.no, ...amountsOf(basic) }]
    : [];
  return {
    basic: basic ? amountsOf(basic) : {},
    project: project ? amountsOf(project) : {},
    lines: [...basics, ...printed],
    basicLine: basic?.no,
    projectLine: project?.no,
  };
}

interface ReadRow {
  readonly name: string;
  readonly no: number;
  readonly halfFen: Fen | undefined;
  readonly annualFen: Fen | undefined;
}

/** `B01`, `P01`, `P02`, … in printed order. Design 8. */
export const lineId = (letter: 'B' | 'P', number: number): string => `${letter}${String(number).padStart(2, '0')}`;

const amountsOf = ({ halfFen, annualFen }: ReadRow): Partial<PlannedAmount> => ({
  ...(halfFen === undefined ? {} : { halfFen }),
  ...(annualFen === undefined ? {} : { annualFen }),
});

/** The column headings stand at the beginning and again after a page break. */
function withoutHeaders(
  lines: readonly Line[],
  form: FormDefinition,
  findings: Findings,
): { body: readonly Line[]; swapped: boolean } {
  const { half, annual } = form.expenditureColumns;
  const longest = half.length + annual.length;
  const isHeader = (text: string) => text === half + annual || text === annual + half;
  const first = labelAt(lines, START, isHeader, longest);
  const swapped = first?.text === annual + half;
  const at = place(first?.no ?? lines[0]?.no ?? 0, '支出');
  const firstFigures = lines.findIndex(({ cells }) => cells.some((cell) => FIGURE.test(cell)));
  if (first === undefined) {
    const found = lines.slice(0, Math.max(firstFigures, 0)).flatMap(({ cells }) => cells);
    findings.problem(at, 'HEADER_WRONG', { expected: `${half} ${annual}`, found: found.slice(0, 8).join(' ') });
  } else if (swapped) {
    findings.problem(at, 'COLUMNS_SWAPPED', { expected: `${half} ${annual}`, found: `${annual} ${half}` });
  }
  const body: Line[] = [];
  const damaged = { line: Math.max(firstFigures, 0), cell: 0 };
  for (let spot = first?.to ?? damaged; spot.line < lines.length;) {
    const repeated =
      labelAt(
        lines,
        spot,
        (text) => form.sections.expenditure.some((name) => isHeaderAfter(text, name)),
        longest + 2,
      ) ?? labelAt(lines, spot, isHeader, longest);
    const next = repeated?.to ?? { line: spot.line + 1, cell: 0 };
    if (repeated === undefined) body.push(...linesBetween(lines, spot, next));
    spot = next;
  }
  return { body, swapped };

  function isHeaderAfter(text: string, name: string): boolean {
    return text.startsWith(name) && isHeader(text.slice(name.length));
  }
}

/** Names and figures by printed line; the last two numbers of a line are its figures. */
function figureRows(lines: readonly Line[], form: FormDefinition, findings: Findings): Segment<readonly string[]> {
  const { half, annual } = form.expenditureColumns;
  const expected = `${half} ${annual}`;
  const rows: (BlockRow<string[]> & { pieces: Piece[] })[] = [];
  let pieces: Piece[] = [];
  for (const { no, cells, apart } of lines) {
    const textCells = cells.slice(0, cells.findLastIndex((cell) => !FIGURE.test(cell)) + 1);
    const figures = cells.slice(textCells.length);
    const last = rows.at(-1);
    const text = pieceOf(joined(textCells), { no, sameLine: false, apart });
    if (figures.length === 1 && textCells.length === 0 && pieces.length === 0 && last?.values.length === 1) {
      last.values.push(...figures);
    } else if (figures.length === 0) {
      pieces.push(text);
    } else {
      rows.push({ no, pieces, ...(textCells.length > 0 && { name: text }), values: figures });
      pieces = [];
    }
  }
  for (const { no, values } of rows) {
    if (values.length < 2) findings.problem(place(no, annual), 'VALUE_MISSING', { expected, found: values });
    if (values.length > 2) findings.problem(place(no, annual), 'VALUE_UNEXPECTED', { expected, found: values });
  }
  return { opensLevel1: false, rows, trailing: pieces };
}

/** A half-year plan above the year's budget: one row is a slip, most of the rows are swapped columns. */
function reportOrder(rows: readonly ReadRow[], swapped: boolean, form: FormDefinition, findings: Findings): void {
  const { half, annual } = form.expenditureColumns;
  const above = rows.filter(
    ({ halfFen, annualFen }) => halfFen !== undefined && annualFen !== undefined && halfFen > annualFen,
  );
  const first = above[0];
  if (first === undefined) return;
  if (above.length * 2 > rows.length && !swapped) {
    findings.problem(place(first.no, '支出'), 'COLUMNS_SWAPPED', { rows: above.length, of: rows.length });
    return;
  }
  for (const { no, name } of above)
    findings.problem(place(no, `${half}, ${annual}`), 'HALF_ABOVE_ANNUAL', { row: name });
}

function takeRow(rows: readonly ReadRow[], labels: readonly string[], findings: Findings): ReadRow | undefined {
  const [first, second] = rows.filter(({ name }) => labels.includes(name));
  if (first === undefined) findings.problem('支出', 'ROW_MISSING', { row: labels[0] });
  if (second !== undefined) findings.problem(place(second.no), 'ROW_REPEATED', { row: second.name, first: first?.no });
  return first;
}
