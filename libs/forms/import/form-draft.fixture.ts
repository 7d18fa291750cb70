/** A form as it was exported, to be changed as people change such files, and read again. */
import type { AmountUnit } from '#forms/amount.js';
import { formWorkbook } from '#forms/export/form-workbook.js';
import type { FormContent, FormLayout } from '#forms/layout.js';
import { parseCellName, type Cell, type MergedRange, type Sheet, type Workbook } from '#forms/workbook/cells.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';

export class Draft {
  rows: (Cell | undefined)[][];
  merges: MergedRange[];
  hidden = false;

  constructor(
    readonly name: string,
    sheet: Sheet,
  ) {
    this.rows = sheet.rows.map((row) => [...row]);
    this.merges = [...sheet.merges];
  }

  cell(name: string): Cell | undefined {
    const { row, column } = parseCellName(name)!;
    return this.rows[row]?.[column];
  }

  /** A text, a number, or a whole cell; `undefined` empties it. */
  set(name: string, value: string | number | Partial<Cell> | undefined): this {
    const { row, column } = parseCellName(name)!;
    (this.rows[row] ??= [])[column] = value === undefined ? undefined : cellOf(value);
    return this;
  }

  /** The place of the first cell with this text, from a row on; row and column count from 0. */
  find(text: string, from = 0): { readonly row: number; readonly column: number } {
    for (let row = from; row < this.rows.length; row += 1) {
      const column = (this.rows[row] ?? []).findIndex((cell) => cell?.text.replace(/\s/gu, '') === text);
      if (column >= 0) return { row, column };
    }
    throw new Error(`no cell with ${text}`);
  }

  /** Merged ranges cut apart: the value stays in the first cell. */
  cut(where: (merge: MergedRange) => boolean = () => true): this {
    this.merges = this.merges.filter((merge) => !where(merge));
    return this;
  }

  insertColumn(at: number): this {
    for (const row of this.rows) if (row.length > at) row.splice(at, 0, undefined);
    this.merges = this.merges.map(({ left, right, ...rows }) => ({
      ...rows,
      left: left >= at ? left + 1 : left,
      right: right >= at ? right + 1 : right,
    }));
    return this;
  }

  insertRow(at: number): this {
    this.rows.splice(at, 0, []);
    this.merges = this.merges.map(({ top, bottom, ...columns }) => ({
      ...columns,
      top: top >= at ? top + 1 : top,
      bottom: bottom >= at ? bottom + 1 : bottom,
    }));
    return this;
  }

  removeRows(from: number, to: number): this {
    const count = to - from;
    this.rows.splice(from, count);
    this.merges = this.merges
      .filter(({ top, bottom }) => bottom < from || top >= to)
      .map(({ top, bottom, ...columns }) => ({
        ...columns,
        top: top >= to ? top - count : top,
        bottom: bottom >= to ? bottom - count : bottom,
      }));
    return this;
  }

  sheet(): Sheet {
    const { name, hidden, rows, merges } = this;
    return { name, hidden, rows, merges };
  }
}

const cellOf = (value: string | number | Partial<Cell>): Cell =>
  typeof value === 'object' ? { value: null, text: '', ...value } : { value, text: String(value) };

/** The form as its writer writes it. */
export function draftOf(layout: FormLayout, content: FormContent, unit: AmountUnit = '万元'): Draft {
  const { content: workbook, problems } = readWorkbook(formWorkbook(layout, content, { unit }));
  const [sheet] = workbook?.sheets ?? [];
  if (sheet === undefined) throw new Error(JSON.stringify(problems));
  return new Draft(sheet.name, sheet);
}

export const workbookOf = (...drafts: readonly Draft[]): Workbook => ({ sheets: drafts.map((draft) => draft.sheet()) });
