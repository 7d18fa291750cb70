/**
 * Rows of a CSV file with a fixed header, bounded before anything is parsed. Cells are trimmed; a row is known by its
 * number as a spreadsheet shows it, the header being row 1.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { type Findings, WHOLE_FILE, place } from '#forms/findings.js';
import { decodeText } from './decode.js';

/** Rows of one file without the header. Design 6.3. */
export const ROWS_LIMIT = 100_000;

export interface Header<Column extends string> {
  readonly required: readonly Column[];
  /** May follow the required ones, in this order, each present or not. */
  readonly optional: readonly Column[];
}

export interface CsvRow<Column extends string> {
  readonly row: number;
  /** Trimmed, in NFC; `''` for an empty cell and for an optional column that the file does not have. */
  readonly cell: (column: Column) => string;
}

/** All rows, or `undefined` with the problem of the file named. Rows of the wrong width are named and left out. */
export function readRows<Column extends string>(
  bytes: Uint8Array,
  header: Header<Column>,
  findings: Findings,
): readonly CsvRow<Column>[] | undefined {
  const text = decodeText(bytes, findings);
  if (text === undefined) return undefined;
  const count = countRecords(text) - 1;
  if (count > ROWS_LIMIT) {
    findings.problem(WHOLE_FILE, 'TOO_MANY_ROWS', { rows: count, limit: ROWS_LIMIT });
    return undefined;
  }
  const records = parseRecords(text, findings);
  if (records === undefined) return undefined;
  const columns = columnsOf(records[0] ?? [], header, findings);
  if (columns === undefined) return undefined;
  const rows = records.flatMap((cells, index): CsvRow<Column>[] => {
    if (index === 0 || isBlank(cells)) return [];
    const row = index + 1;
    if (cells.length !== columns.size) {
      findings.problem(place(row), 'ROW_WIDTH_WRONG', { expected: columns.size, found: cells.length });
      return [];
    }
    return [{ row, cell: (column) => cells[columns.get(column) ?? -1]?.trim() ?? '' }];
  });
  if (rows.length === 0 && findings.problemCount === 0) findings.problem(WHOLE_FILE, 'NO_ROWS');
  return rows;
}

/** Records of a CSV text by its line ends outside quotes, without parsing a cell. Blank lines do not count. */
function countRecords(text: string): number {
  let count = 0;
  let quoted = false;
  let filled = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 0x22) quoted = !quoted;
    if (character === 0x0a && !quoted) {
      if (filled) count += 1;
      filled = false;
    } else if (character !== 0x0d) filled = true;
  }
  return filled ? count + 1 : count;
}

function parseRecords(text: string, findings: Findings): string[][] | undefined {
  try {
    return parse(text, { relaxColumnCount: true, skipEmptyLines: false });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const { lines } = cause as CsvError & { readonly lines?: number };
    findings.problem(lines === undefined ? WHOLE_FILE : place(lines), 'CSV_NOT_READABLE', { reason: cause.message });
    return undefined;
  }
}

const isBlank = (cells: readonly string[]): boolean => cells.length <= 1 && (cells[0] ?? '').trim() === '';

/** Where each column stands; the header must be exactly as documented. */
function columnsOf<Column extends string>(
  found: readonly string[],
  { required, optional }: Header<Column>,
  findings: Findings,
): ReadonlyMap<Column, number> | undefined {
  const names = found.map((name) => name.trim());
  const extra = names.slice(required.length);
  const expected = [...required, ...optional.filter((column) => extra.includes(column))];
  if (names.length === expected.length && expected.every((column, index) => column === names[index])) {
    return new Map(expected.map((column, index) => [column, index]));
  }
  const optionally = optional.length === 0 ? '' : `[,${optional.join('][,')}]`;
  findings.problem(place(1), 'HEADER_WRONG', {
    expected: required.join(',') + optionally,
    found: names.slice(0, 30).join(',').slice(0, 500),
  });
  return undefined;
}
