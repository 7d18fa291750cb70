/** A form as an xlsx file: the official layout with its merged headings, borders, widths and page, values exact in the cells. */
import type { Grid, GridCell } from '#forms/grid.js';
import { layOut } from '#forms/grid.js';
import type { FormContent, FormLayout, WritingOptions } from '#forms/layout.js';
import type { CellStyle, LayoutCell, SheetLayout } from '#forms/workbook/sheet-layout.js';
import { writeWorkbook } from '#forms/workbook/write-workbook.js';
import { paged } from './page-breaks.js';

/** Throws on content that the layout does not allow, and on texts that no cell can hold: content is made by programs. */
export const formWorkbook = (layout: FormLayout, content: FormContent, options: WritingOptions): Uint8Array =>
  writeWorkbook([sheetLayout(layOut(layout, content, options))]);

const BASE: CellStyle = { size: 10, wrap: true, border: 'thin' };
const PLAIN: Readonly<Record<GridCell['kind'], CellStyle>> = {
  title: { font: '黑体', size: 16, bold: true, wrap: true },
  heading: { ...BASE, bold: true, fill: 'F2F2F2' },
  label: { ...BASE, fill: 'F9F9F9' },
  body: BASE,
  note: { size: 10, wrap: true },
};

/** Name of the style of a cell; `@` keeps what a person types over a text from becoming a number or a formula. */
const styleName = ({ kind, align, value }: GridCell): string =>
  `${kind} ${align} ${value.kind === 'number' ? value.format : value.kind === 'text' ? '@' : 'empty'}`;

const styleOf = ({ kind, align, value }: GridCell): CellStyle => ({
  ...PLAIN[kind],
  horizontal: align,
  ...(value.kind === 'number' && { format: value.format }),
  ...(value.kind === 'text' && kind === 'body' && { format: '@' }),
});

/** The sheet of a grid, in the terms of the writer. */
export function sheetLayout(grid: Grid): SheetLayout {
  const { name, orientation, widths, heights, repeated } = grid;
  const { cells, breaks } = paged(grid);
  const rows: (LayoutCell | undefined)[][] = heights.map(() => []);
  const styles: Record<string, CellStyle> = {};
  for (const cell of cells) {
    const style = styleName(cell);
    styles[style] = styleOf(cell);
    for (let row = cell.row; row < cell.row + cell.rows; row += 1) {
      for (let column = cell.column; column < cell.column + cell.columns; column += 1) {
        const first = row === cell.row && column === cell.column;
        (rows[row] ??= [])[column] = { value: first ? valueOf(cell) : null, style };
      }
    }
  }
  const [first, last] = repeated;
  return {
    name,
    styles,
    rows,
    merges: cells
      .filter((cell) => cell.rows > 1 || cell.columns > 1)
      .map(({ row, column, rows: high, columns: wide }) => ({
        top: row,
        left: column,
        bottom: row + high - 1,
        right: column + wide - 1,
      })),
    widths,
    heights,
    print: {
      orientation,
      repeatRows: { first, last },
      breakBefore: breaks,
      margins: { left: 12, right: 12, top: 14, bottom: 14 },
      footer: { centre: '第 {page} 页，共 {pages} 页' },
    },
  };
}

function valueOf({ value }: GridCell): string | number | null {
  switch (value.kind) {
    case 'none':
      return null;
    case 'text':
      return value.text;
    case 'number':
      return Number(value.decimal);
  }
}
