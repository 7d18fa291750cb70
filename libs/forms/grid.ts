/**
 * A form with its content as a grid: cells at their places, what is one cell over several rows or columns, widths, heights, and
 * how it is printed. Nothing here knows a file format.
 */
import { printedCell, type GridValue } from '#forms/cell-formats.js';
import {
  worded,
  type FieldsBlock,
  type FixedRow,
  type FormContent,
  type FormField,
  type FormLayout,
  type Row,
  type TableBlock,
  type WritingOptions,
} from '#forms/layout.js';

export type CellKind = 'title' | 'heading' | 'label' | 'body' | 'note';

/** Rows and columns count from 0. */
export interface GridCell {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly kind: CellKind;
  readonly align: 'left' | 'center' | 'right';
  readonly value: GridValue;
}

/** Rows that belong together on paper; the first `headings` of them are printed again after a page break. */
export interface GridSection {
  readonly from: number;
  readonly to: number;
  readonly headings: number;
}

export interface Grid {
  readonly name: string;
  readonly orientation: FormLayout['orientation'];
  /** One Chinese character is two. */
  readonly widths: readonly number[];
  /** Points. */
  readonly heights: readonly number[];
  readonly cells: readonly GridCell[];
  readonly sections: readonly GridSection[];
  /** Rows that a sheet prints again on every page, from and to. */
  readonly repeated: readonly [number, number];
}

/** Points of one line of text, and of the space around it. */
const LINE = 14;
const PADDING = 6;
/** No spreadsheet has higher rows (409 points). */
const HIGHEST = 390;

const ROUNDED = '注：金额按两位小数显示，单元格内为准确值；各行显示值之和与合计可能有0.01的尾差。';

export function layOut(layout: FormLayout, content: FormContent, options: WritingOptions): Grid {
  const paper = new Paper(layout, content, options);
  paper.head();
  for (const block of layout.blocks) {
    if (block.kind === 'fields') paper.fields(block);
    else paper.table(block);
  }
  return paper.grid();
}

interface OpenSide {
  readonly label: string;
  readonly from: number;
  readonly column: number;
  readonly span: number;
}

class Paper {
  private readonly cells: GridCell[] = [];
  private readonly sections: GridSection[] = [];
  private sides: readonly OpenSide[] = [];
  private row = 0;
  private rounded = false;
  private repeated: [number, number] = [0, 0];

  constructor(
    private readonly layout: FormLayout,
    private readonly content: FormContent,
    private readonly options: WritingOptions,
  ) {}

  head(): void {
    const { content, width } = this;
    this.text({ row: 0, column: 0, columns: width, kind: 'title' }, content.title);
    this.text({ row: 1, column: 0, columns: width, kind: 'note', align: 'center' }, `${content.year}年度`);
    this.sections.push({ from: 0, to: 2, headings: 0 });
    this.row = 2;
    this.repeated = [0, 1];
  }

  private get width(): number {
    return this.layout.widths.length;
  }

  fields({ rows }: FieldsBlock): void {
    this.closeSides([]);
    for (const fields of rows) {
      const from = this.row;
      const height = Math.max(...fields.map((field) => this.heightOf(field)));
      const count = Math.ceil(height / HIGHEST);
      let column = 0;
      for (const field of fields) {
        const { label, labelSpan, span, key, format, align = 'left' } = field;
        if (labelSpan > 0) {
          this.text({ row: from, column, rows: count, columns: labelSpan, kind: 'label' }, this.words(label));
        }
        column += labelSpan;
        const { value } = printedCell(
          this.fieldText(key, format),
          format === 'points' ? 'points' : 'text',
          this.options,
        );
        this.put({ row: from, column, rows: count, columns: span, kind: 'body', align, value });
        column += span;
      }
      this.row += count;
      this.sections.push({ from, to: this.row, headings: 0 });
    }
  }

  private heightOf({ key, format, span, labelSpan, label, lines = 1 }: FormField): number {
    const { widths } = this.layout;
    const wide = average(widths) * span;
    const text = this.fieldText(key, format) ?? '';
    const needed = Math.max(lines, linesOf(text, wide), linesOf(this.words(label), average(widths) * labelSpan));
    return needed * LINE + PADDING;
  }

  private fieldText(key: string, format: FormField['format']): string | undefined {
    const value = this.content.fields[key];
    return format === 'stage' && value !== undefined ? `1-${value}月` : value;
  }

  private words(label: string): string {
    const { stage } = this.content.fields;
    return worded(label, { unit: this.options.unit, ...(stage === undefined ? {} : { stage }) });
  }

  table(block: TableBlock): void {
    const { sides, columns, fixed, closing, key } = block;
    this.closeSides(sides.map(({ label }) => label));
    const from = this.row;
    this.openSides(block);
    const left = sides.reduce((sum, { span }) => sum + span, 0);
    const headings = this.headings(block, left);
    if (this.layout.headingsOf === key) this.repeated = [from, from + headings - 1];
    const rows = this.content.tables[key] ?? [];
    const first = this.row;
    const runs = runsDown(block, rows);
    rows.forEach((row, index) => {
      let column = left;
      for (const { key: name, span, format, align, dash } of columns) {
        const place = { row: this.row, column, columns: span };
        const length = runs.get(name)?.[index] ?? 1;
        if (format === 'row') this.rowName(fixed, index, { ...place, first }, row[name] ?? '');
        else if (length > 0) {
          const { value, rounded } = printedCell(row[name], format, this.options, dash);
          this.rounded ||= rounded;
          const own = align ?? (['amount', 'percent', 'points'].includes(format) ? 'right' : 'center');
          this.put({ ...place, rows: length, kind: 'body', align: own, value });
        }
        column += span;
      }
      this.row += 1;
    });
    if (closing !== undefined) this.closingRow(block, left);
    // A cell at the side begins beside the headings: they cannot be printed apart from it.
    const section = { from, to: this.row, headings: sides.length > 0 ? 0 : headings };
    const last = this.sections.at(-1);
    // What shares a cell at its side stays one piece.
    if (last !== undefined && this.sides.some((side) => side.from < from)) {
      this.sections[this.sections.length - 1] = { from: last.from, to: this.row, headings: 0 };
    } else this.sections.push(section);
  }

  /** Rows of headings: two when some have a heading over them. */
  private headings({ columns }: TableBlock, left: number): number {
    const levels = columns.some(({ group }) => group !== undefined) ? 2 : 1;
    let column = left;
    columns.forEach(({ label, group, span }, index) => {
      const place = { row: this.row, column, columns: span, kind: 'heading' as const };
      if (group === undefined) this.text({ ...place, rows: levels }, this.words(label));
      else {
        if (columns[index - 1]?.group !== group) {
          const same = columns.slice(index).findIndex((other) => other.group !== group);
          const members = columns.slice(index, same < 0 ? undefined : index + same);
          const wide = members.reduce((sum, member) => sum + member.span, 0);
          this.text({ ...place, columns: wide }, this.words(group));
        }
        this.text({ ...place, row: this.row + 1 }, this.words(label));
      }
      column += span;
    });
    this.row += levels;
    return levels;
  }

  /** The name of a row; a heading before neighbouring names takes the first of its columns. */
  private rowName(
    fixed: readonly FixedRow[],
    index: number,
    place: { readonly row: number; readonly column: number; readonly columns: number; readonly first: number },
    name: string,
  ): void {
    const { row, column, columns } = place;
    const own = fixed[index];
    const { under } = own ?? {};
    const text = own === undefined ? name : this.words(own.label);
    if (under === undefined) {
      this.text({ row, column, columns, kind: own === undefined ? 'body' : 'label', align: 'left' }, text);
      return;
    }
    if (fixed[index - 1]?.under !== under) {
      const beyond = fixed.slice(index).findIndex((other) => other.under !== under);
      const rows = beyond < 0 ? fixed.length - index : beyond;
      this.text({ row, column, rows, columns: 1, kind: 'label' }, this.words(under));
    }
    this.text({ row, column: column + 1, columns: columns - 1, kind: 'label', align: 'left' }, text);
  }

  private closingRow({ columns, closing }: TableBlock, left: number): void {
    if (closing === undefined) return;
    const first = columns.findIndex(({ key }) => key in closing.fields);
    const before = columns.slice(0, first).reduce((sum, { span }) => sum + span, 0);
    this.text({ row: this.row, column: left, columns: before, kind: 'label' }, this.words(closing.label));
    let column = left + before;
    for (const { key, span, format } of columns.slice(first)) {
      const field = closing.fields[key];
      const { value } = printedCell(field === undefined ? undefined : this.content.fields[field], format, this.options);
      this.put({ row: this.row, column, rows: 1, columns: span, kind: 'body', align: 'right', value });
      column += span;
    }
    this.row += 1;
  }

  private openSides({ sides }: TableBlock): void {
    let column = 0;
    const open = [...this.sides];
    sides.forEach(({ label, span }, index) => {
      if (index >= open.length) open.push({ label, from: this.row, column, span });
      column += span;
    });
    this.sides = open;
  }

  /** Ends the cells at the side that do not go on in the block with these words. */
  private closeSides(next: readonly string[]): void {
    const same = this.sides.findIndex(({ label }, index) => next[index] !== label);
    const kept = same < 0 ? this.sides.length : same;
    for (const { label, from, column, span } of this.sides.slice(kept)) {
      this.text({ row: from, column, rows: this.row - from, columns: span, kind: 'label' }, this.words(label));
    }
    this.sides = this.sides.slice(0, kept);
  }

  private text(
    place: {
      readonly row: number;
      readonly column: number;
      readonly rows?: number;
      readonly columns: number;
      readonly kind: CellKind;
      readonly align?: GridCell['align'];
    },
    text: string,
  ): void {
    this.put({ rows: 1, align: 'center', ...place, value: { kind: 'text', text } });
  }

  private put(cell: GridCell): void {
    this.cells.push(cell);
  }

  grid(): Grid {
    this.closeSides([]);
    if (this.rounded) {
      this.text({ row: this.row, column: 0, columns: this.width, kind: 'note', align: 'left' }, ROUNDED);
      this.sections.push({ from: this.row, to: this.row + 1, headings: 0 });
      this.row += 1;
    }
    const { sheetName: name, orientation, widths } = this.layout;
    const cells = [...this.cells].sort((a, b) => a.row - b.row || a.column - b.column);
    const heights = heightsOf(cells, widths, this.row);
    return { name, orientation, widths, heights, cells, sections: this.sections, repeated: this.repeated };
  }
}

/** By column: the rows that a cell takes at each row, 0 where the cell above goes on. */
function runsDown({ columns, fixed }: TableBlock, rows: readonly Row[]): ReadonlyMap<string, readonly number[]> {
  const down = columns.filter((column) => column.down);
  return new Map(
    down.map(({ key }, index) => {
      const keys = down.slice(0, index + 1).map((column) => column.key);
      const goesOn = (at: number): boolean =>
        at > fixed.length &&
        keys.every((name) => rows[at]?.[name] === rows[at - 1]?.[name]) &&
        (rows[at]?.[key] ?? '') !== '';
      const lengths = rows.map((_, at): number => {
        if (goesOn(at)) return 0;
        let end = at + 1;
        while (end < rows.length && goesOn(end)) end += 1;
        return end - at;
      });
      return [key, lengths] as const;
    }),
  );
}

/** Half-width columns that a text takes: everything beyond Latin letters is drawn twice as wide. */
export const widthOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) > 0xff ? 2 : 1), 0);

/** Lines that a text takes in a cell of this width; some of it is the space beside the text. */
export const linesOf = (text: string, width: number): number =>
  text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / Math.max(2, width - 1.5))), 0);

const average = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0) / widths.length;

/** Each row as high as its cells need; a cell over several rows makes its last one higher. */
function heightsOf(cells: readonly GridCell[], widths: readonly number[], rows: number): readonly number[] {
  const heights = Array.from({ length: rows }, () => LINE + PADDING);
  const needs = cells.map((cell) => {
    const width = widths.slice(cell.column, cell.column + cell.columns).reduce((sum, one) => sum + one, 0);
    const text = cell.value.kind === 'text' ? cell.value.text : '';
    const lines = linesOf(text, width);
    return { cell, points: cell.kind === 'title' ? 30 : lines * LINE + PADDING };
  });
  for (const { cell, points } of needs) {
    if (cell.rows === 1) heights[cell.row] = Math.min(HIGHEST, Math.max(heights[cell.row] ?? 0, points));
  }
  for (const { cell, points } of needs) {
    if (cell.rows === 1) continue;
    const there = heights.slice(cell.row, cell.row + cell.rows).reduce((sum, one) => sum + one, 0);
    const share = Math.max(0, points - there) / cell.rows;
    for (let row = cell.row; row < cell.row + cell.rows; row += 1) {
      heights[row] = Math.min(HIGHEST, (heights[row] ?? 0) + share);
    }
  }
  return heights.map((height) => Math.round(height * 4) / 4);
}
