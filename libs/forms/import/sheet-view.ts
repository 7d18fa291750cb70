/** A sheet as a person sees it: a merged range is one cell, and every place has the name that the program shows for it. */
import { cellName, type Cell, type MergedRange, type Sheet } from '#forms/workbook/cells.js';

/** A form has at most some thousand rows of some twenty columns; merged ranges that cover more are no form. */
const MERGED_CELLS = 500_000;
const COLUMNS = 16_384;

export class SheetView {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  private readonly merges = new Map<number, MergedRange>();
  /** False when the merged ranges cover more cells than a form can have; then they are not known. */
  readonly measured: boolean;

  constructor(private readonly sheet: Sheet) {
    this.name = sheet.name;
    this.rows = sheet.rows.length;
    this.columns = sheet.rows.reduce((most, row) => Math.max(most, row.length), 0);
    this.measured = this.indexMerges();
  }

  private indexMerges(): boolean {
    let left = MERGED_CELLS;
    for (const merge of this.sheet.merges) {
      const bottom = Math.min(merge.bottom, this.rows - 1);
      const right = Math.min(merge.right, this.columns - 1);
      left -= Math.max(0, bottom - merge.top + 1) * Math.max(0, right - merge.left + 1);
      if (left < 0) return false;
      for (let row = merge.top; row <= bottom; row += 1) {
        for (let column = merge.left; column <= right; column += 1) this.merges.set(row * COLUMNS + column, merge);
      }
    }
    return true;
  }

  merge(row: number, column: number): MergedRange | undefined {
    return this.merges.get(row * COLUMNS + column);
  }

  /** The cell at this very place; of a merged range only its first has one. */
  own(row: number, column: number): Cell | undefined {
    return this.sheet.rows[row]?.[column];
  }

  ownText(row: number, column: number): string {
    return plainText(this.own(row, column)?.text ?? '');
  }

  /** The cell that is seen here. */
  seen(row: number, column: number): Cell | undefined {
    const { top, left } = this.merge(row, column) ?? { top: row, left: column };
    return this.own(top, left);
  }

  seenText(row: number, column: number): string {
    return plainText(this.seen(row, column)?.text ?? '');
  }

  /** The last column of what is seen here. */
  rightOf(row: number, column: number): number {
    return this.merge(row, column)?.right ?? column;
  }

  /** `绩效目标表!F12`, and the column as the form calls it. */
  at(row: number, column: number, heading?: string): string {
    const { top, left } = this.merge(row, column) ?? { top: row, left: column };
    const place = `${this.name}!${cellName(top, left)}`;
    return heading === undefined || heading === '' ? place : `${place}, ${heading}`;
  }
}

/** Without blanks at its ends and with one kind of line break. */
export const plainText = (text: string): string => text.replace(/\r\n?/g, '\n').trim();
