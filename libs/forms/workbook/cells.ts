/** What a workbook holds, as plain data: what reading gives, whatever program wrote the file. Rows and columns count from 0. */

export interface Cell {
  /** As stored; a date is the number of its day, an empty result of a formula and an error are `null`. */
  readonly value: string | number | boolean | null;
  /**
   * What a person reads: the text; a number as its shortest decimal, never with an exponent and without the noise of binary
   * sums beyond the 15 digits that spreadsheets show; `2025-03-31` for a number formatted as a date; `38%` for 0.38 formatted
   * as a percentage (all its digits, not only those shown); `TRUE`, `FALSE`; the error; `''` when there is nothing.
   */
  readonly text: string;
  /** Of a number: exactly the characters that the file has for it, such as `8.6199999999999992`. */
  readonly source?: string;
  /** Of a number whose format makes `text` something else than the number. */
  readonly shownAs?: 'date' | 'percent';
  /** Present when the cell holds a formula, without the equals sign; `value` and `text` are then what was last computed. */
  readonly formula?: string;
  /** `#DIV/0!`, `#REF!`, … */
  readonly error?: string;
}

/** Inclusive on all sides. The value of a merged range is that of its top left cell. */
export interface MergedRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface Sheet {
  readonly name: string;
  /** Hidden, or hidden so that only a program can show it. */
  readonly hidden: boolean;
  /** Up to the last row, and in each row up to the last cell, that holds anything; formatted empty cells are left out. */
  readonly rows: readonly (readonly (Cell | undefined)[])[];
  readonly merges: readonly MergedRange[];
}

export interface Workbook {
  /** In the order of their tabs. A sheet that is only a chart has no rows. */
  readonly sheets: readonly Sheet[];
}

/** `(6, 2)` → `C7`. */
export const cellName = (row: number, column: number): string => `${columnName(column)}${row + 1}`;

/** `0` → `A`, `26` → `AA`. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

/** `AA` → `26`. */
export function columnNumber(letters: string): number {
  let number = 0;
  for (let at = 0; at < letters.length; at += 1) number = number * 26 + letters.charCodeAt(at) - 64;
  return number - 1;
}

/** `C7` → `{ row: 6, column: 2 }`; undefined for anything else, also beyond what spreadsheets can have. */
export function parseCellName(name: string): { readonly row: number; readonly column: number } | undefined {
  if (!/^[A-Z]{1,3}[1-9]\d{0,6}$/.test(name)) return undefined;
  const letters = name.search(/\d/);
  const column = columnNumber(name.slice(0, letters));
  const row = Number(name.slice(letters)) - 1;
  return row < ROWS_OF_A_SHEET && column < COLUMNS_OF_A_SHEET ? { row, column } : undefined;
}

/** What the file format allows; what is accepted here is far less (`limits.ts`). */
export const ROWS_OF_A_SHEET = 1_048_576;
export const COLUMNS_OF_A_SHEET = 16_384;

/** `A1:C7`, or `A1` for a single cell. */
export function parseRange(reference: string): MergedRange | undefined {
  const [from = '', to = from, ...more] = reference.split(':');
  const [start, end] = [parseCellName(from), parseCellName(to)];
  if (start === undefined || end === undefined || more.length > 0) return undefined;
  if (end.row < start.row || end.column < start.column) return undefined;
  return { top: start.row, left: start.column, bottom: end.row, right: end.column };
}

/** A place in a workbook as problems name it: `自评表!C7`. */
export const cellPlace = (sheet: string, row: number, column: number): string => `${sheet}!${cellName(row, column)}`;
