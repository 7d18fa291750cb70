/** What a layout must keep to so that every program opens the file as it was meant. Breaking it is a bug of the caller. */
import { COLUMNS_OF_A_SHEET, type MergedRange, ROWS_OF_A_SHEET, cellPlace } from './cells.js';
import { WORKBOOK_LIMITS } from './limits.js';
import type { SheetLayout } from './sheet-layout.js';
import { forbiddenCharacter } from './xml-text.js';

const LONGEST_SHEET_NAME = 31;

/** Throws RangeError naming the first sheet or cell that is not as it must be. */
export function checkLayouts(sheets: readonly SheetLayout[]): void {
  if (sheets.length === 0) throw new RangeError('a workbook has one sheet at least');
  const names = new Set<string>();
  for (const sheet of sheets) {
    checkName(sheet.name);
    if (names.has(sheet.name.toLowerCase())) throw new RangeError(`two sheets have the name ${sheet.name}`);
    names.add(sheet.name.toLowerCase());
    checkCells(sheet);
    checkMerges(sheet);
  }
}

function checkName(name: string): void {
  const valid = name.length > 0 && name.length <= LONGEST_SHEET_NAME && !/[[\]:*?/\\]|^'|'$/.test(name);
  if (!valid || forbiddenCharacter(name) !== undefined)
    throw new RangeError(`not a name of a sheet: ${JSON.stringify(name)}`);
}

function checkCells({ name, rows }: SheetLayout): void {
  rows.forEach((cells, row) =>
    cells.forEach((cell, column) => {
      const value = cell?.value;
      const refuse = (why: string): never => {
        throw new RangeError(`${cellPlace(name, row, column)}: ${why}`);
      };
      if (row >= ROWS_OF_A_SHEET || column >= COLUMNS_OF_A_SHEET) refuse('beyond the last row or column of a sheet');
      if (typeof value === 'number' && !Number.isFinite(value)) refuse(`${value} is no number of a spreadsheet`);
      if (typeof value !== 'string') return;
      if (value.length > WORKBOOK_LIMITS.textLength)
        refuse(`${value.length} characters, at most ${WORKBOOK_LIMITS.textLength} fit`);
      const character = forbiddenCharacter(value);
      if (character !== undefined) refuse(`the character ${character} cannot be written`);
    }),
  );
}

function checkMerges({ name, rows, merges = [] }: SheetLayout): void {
  const taken = new Set<string>();
  for (const { top, left, bottom, right } of merges) {
    const at = cellPlace(name, top, left);
    if (!isRange({ top, left, bottom, right })) throw new RangeError(`${at}: not a range of cells to merge`);
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        const cell = `${row},${column}`;
        if (taken.has(cell)) throw new RangeError(`${cellPlace(name, row, column)}: in two merged ranges`);
        taken.add(cell);
        const hidden = (row > top || column > left) && (rows[row]?.[column]?.value ?? null) !== null;
        if (hidden) throw new RangeError(`${cellPlace(name, row, column)}: hidden by the merged range at ${at}`);
      }
    }
  }
}

/** More than one cell; not so many that looking at each would be dear. */
const isRange = ({ top, left, bottom, right }: MergedRange): boolean =>
  [top, left, bottom, right].every((edge) => Number.isInteger(edge) && edge >= 0) &&
  bottom >= top &&
  right >= left &&
  (bottom > top || right > left) &&
  bottom < WORKBOOK_LIMITS.rows &&
  right < WORKBOOK_LIMITS.columns;
