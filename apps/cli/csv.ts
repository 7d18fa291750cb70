/** CSV for programs and spreadsheets: RFC 4180, stable English column names, figures exactly as the system gives them. */

/** A `figure` (amount, percentage, date, revision) is never altered; `text` is guarded against spreadsheets. */
export interface CsvColumn<Row> {
  readonly name: string;
  readonly kind: 'text' | 'figure';
  readonly of: (row: Row) => string | number | boolean | null | undefined;
}

export const text = <Row>(name: string, of: CsvColumn<Row>['of']): CsvColumn<Row> => ({ name, kind: 'text', of });
export const figure = <Row>(name: string, of: CsvColumn<Row>['of']): CsvColumn<Row> => ({ name, kind: 'figure', of });

/** The header row. Lines end with CR LF, the last one too. */
export const csvHeader = <Row>(columns: readonly CsvColumn<Row>[]): string =>
  `${columns.map(({ name }) => name).join(',')}\r\n`;

export const csvRows = <Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string =>
  rows.map((row) => `${columns.map((column) => cellOf(column, row)).join(',')}\r\n`).join('');

export const csv = <Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string =>
  csvHeader(columns) + csvRows(columns, rows);

function cellOf<Row>({ kind, of }: CsvColumn<Row>, row: Row): string {
  const value = of(row);
  const cell = value === null || value === undefined ? '' : String(value);
  const safe = kind === 'text' ? guarded(cell) : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A spreadsheet runs a cell that begins like a formula; an apostrophe before it makes it text again. */
const guarded = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
