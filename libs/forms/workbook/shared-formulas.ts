/**
 * Formulas that several cells share: the first of them has the text, the others only its number, and mean it moved by as many
 * rows and columns as they lie from it (ECMA-376 part 1, 18.3.1.40).
 */
import { COLUMNS_OF_A_SHEET, ROWS_OF_A_SHEET, columnName, columnNumber } from './cells.js';

interface Place {
  readonly row: number;
  readonly column: number;
}

export class SharedFormulas {
  readonly #first = new Map<string, Place & { readonly text: string }>();

  /** The formula of a cell of the group `shared`. `''` when its first cell has not been seen. */
  textAt({ shared, text, row, column }: Place & { readonly shared: string; readonly text: string }): string {
    if (text !== '') {
      this.#first.set(shared, { text, row, column });
      return text;
    }
    const first = this.#first.get(shared);
    return first === undefined ? '' : movedFormula(first.text, row - first.row, column - first.column);
  }
}

/** What is no reference is taken whole: texts, quoted names of sheets, names of tables, functions and other names. */
const TOKENS =
  /"(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\]]*\]|(\$?)([A-Z]{1,3})(\$?)([1-9]\d{0,6})(?![\p{L}\p{N}_.(!])|[\p{L}_\\][\p{L}\p{N}_.\\]*|\d[\w.]*|[\s\S]/gu;

/** Relative references move, absolute ones stay; one that leaves the sheet becomes `#REF!`. */
export const movedFormula = (formula: string, rows: number, columns: number): string =>
  formula.replace(
    TOKENS,
    (token, fixedColumn: string, letters: string | undefined, fixedRow: string, digits: string) => {
      if (letters === undefined) return token;
      const column = columnNumber(letters) + (fixedColumn === '$' ? 0 : columns);
      const row = Number(digits) - 1 + (fixedRow === '$' ? 0 : rows);
      if (row < 0 || row >= ROWS_OF_A_SHEET || column < 0 || column >= COLUMNS_OF_A_SHEET) return '#REF!';
      return `${fixedColumn}${columnName(column)}${fixedRow}${row + 1}`;
    },
  );
