/** One sheet as XML, in the order of elements that the format prescribes (ECMA-376 part 1, 18.3.1.99). */
import { type MergedRange, cellName, columnName } from './cells.js';
import type { LayoutCell, PageLine, PrintSetup, SheetLayout } from './sheet-layout.js';
import type { StyleTable } from './style-table.js';
import { MAIN_NAMESPACE, XML_DECLARATION, attributes, escapeXml } from './xml-text.js';

/** What all sheets share: texts and styles by number. */
export interface SharedTables {
  readonly styles: StyleTable;
  textNumber(text: string): number;
}

/** Such a text would run, or ask to, once somebody edits its cell or exports it to CSV. */
const LIKE_A_FORMULA = /^[=+\-@\t\r]/;
const MILLIMETRES_OF_AN_INCH = 25.4;
const PAPER = { A3: 8, A4: 9 } as const satisfies Record<NonNullable<PrintSetup['paper']>, number>;
const MARGINS = { left: 15, right: 15, top: 18, bottom: 18 } as const;
/** Beside the characters a column has room for its grid line and a little white. */
const COLUMN_PADDING = 0.71;

export function sheetXml(layout: SheetLayout, shared: SharedTables): string {
  const { print, merges = [], widths = [], frozenRows = 0 } = layout;
  const rows = withMergedCells(layout);
  const parts = [
    print?.fitToWidth === false ? '' : '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    viewXml(frozenRows),
    '<sheetFormatPr defaultRowHeight="15"/>',
    widths.length === 0 ? '' : `<cols>${widths.map(columnXml).join('')}</cols>`,
    `<sheetData>${rows.map((row, index) => rowXml(row, index, layout, shared)).join('')}</sheetData>`,
    merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.map(mergeXml).join('')}</mergeCells>`,
    print === undefined ? '' : printXml(print),
  ];
  return `${XML_DECLARATION}<worksheet xmlns="${MAIN_NAMESPACE}">${parts.join('')}</worksheet>`;
}

/** `A1:C7`. */
export const rangeName = ({ top, left, bottom, right }: MergedRange): string =>
  `${cellName(top, left)}:${cellName(bottom, right)}`;

/** Every cell of a merged range bears its style, else only a part of its border is drawn. */
function withMergedCells({ rows, merges = [] }: SheetLayout): readonly (readonly (LayoutCell | undefined)[])[] {
  const full: (LayoutCell | undefined)[][] = rows.map((row) => [...row]);
  for (const { top, left, bottom, right } of merges) {
    const style = full[top]?.[left]?.style;
    if (style === undefined) continue;
    for (let row = top; row <= bottom; row += 1) {
      const cells = (full[row] ??= []);
      for (let column = left; column <= right; column += 1) cells[column] ??= { value: null, style };
    }
  }
  // Rows beyond the last that were reached by a merged range leave holes.
  return Array.from(full, (row) => row ?? []);
}

function viewXml(frozenRows: number): string {
  if (frozenRows === 0) return '<sheetViews><sheetView workbookViewId="0"/></sheetViews>';
  const pane = attributes({
    ySplit: frozenRows,
    topLeftCell: cellName(frozenRows, 0),
    activePane: 'bottomLeft',
    state: 'frozen',
  });
  return `<sheetViews><sheetView workbookViewId="0"><pane${pane}/><selection pane="bottomLeft"/></sheetView></sheetViews>`;
}

const columnXml = (characters: number, index: number): string =>
  `<col${attributes({ min: index + 1, max: index + 1, width: rounded(characters + COLUMN_PADDING), customWidth: 1 })}/>`;

const mergeXml = (range: MergedRange): string => `<mergeCell ref="${rangeName(range)}"/>`;

function rowXml(
  row: readonly (LayoutCell | undefined)[],
  index: number,
  layout: SheetLayout,
  shared: SharedTables,
): string {
  const height = layout.heights?.[index];
  const cells = Array.from(row, (cell, column) => (cell === undefined ? '' : cellXml(cell, index, column)));
  const content = cells.join('');
  if (content === '' && height === undefined) return '';
  return `<row${attributes({ r: index + 1, ht: height, customHeight: height && 1 })}>${content}</row>`;

  function cellXml({ value, style }: LayoutCell, rowIndex: number, column: number): string {
    const quoted = typeof value === 'string' && LIKE_A_FORMULA.test(value);
    const s = style === undefined && !quoted ? undefined : shared.styles.numberOf(styleOf(layout, style), quoted);
    const r = cellName(rowIndex, column);
    if (value === null) return s === undefined ? '' : `<c${attributes({ r, s })}/>`;
    if (typeof value === 'number') return `<c${attributes({ r, s })}><v>${value === 0 ? 0 : value}</v></c>`;
    return `<c${attributes({ r, s, t: 's' })}><v>${shared.textNumber(value)}</v></c>`;
  }
}

function styleOf({ name, styles }: SheetLayout, style: string | undefined) {
  if (style === undefined) return {};
  const found = Object.hasOwn(styles, style) ? styles[style] : undefined;
  if (found === undefined) throw new RangeError(`the sheet ${name} has no style ${style}`);
  return found;
}

function printXml({ orientation, paper = 'A4', fitToWidth = true, centred = true, ...print }: PrintSetup): string {
  const { left, right, top, bottom } = print.margins ?? MARGINS;
  const margins = { left, right, top, bottom, header: Math.min(top, 8), footer: Math.min(bottom, 8) };
  const inches = Object.entries(margins).map(([side, length]) => [side, rounded(length / MILLIMETRES_OF_AN_INCH)]);
  const setup = {
    paperSize: PAPER[paper],
    fitToWidth: fitToWidth ? 1 : undefined,
    fitToHeight: fitToWidth ? 0 : undefined,
    orientation,
  };
  const lines = [
    print.header === undefined ? '' : `<oddHeader>${escapeXml(pageLine(print.header))}</oddHeader>`,
    print.footer === undefined ? '' : `<oddFooter>${escapeXml(pageLine(print.footer))}</oddFooter>`,
  ].join('');
  const breaks = print.breakBefore ?? [];
  const breakXml = breaks.map((row) => `<brk${attributes({ id: row, max: 16_383, man: 1 })}/>`).join('');
  return [
    centred ? '<printOptions horizontalCentered="1"/>' : '',
    `<pageMargins${attributes(Object.fromEntries(inches) as Record<string, number>)}/>`,
    `<pageSetup${attributes(setup)}/>`,
    lines === '' ? '' : `<headerFooter>${lines}</headerFooter>`,
    breakXml === ''
      ? ''
      : `<rowBreaks${attributes({ count: breaks.length, manualBreakCount: breaks.length })}>${breakXml}</rowBreaks>`,
  ].join('');
}

/** `&C第 &P 页`: sections and figures are marked by an ampersand, which itself is doubled. */
function pageLine({ left, centre, right }: PageLine): string {
  const section = (mark: string, text: string | undefined): string =>
    text === undefined ? '' : mark + text.replaceAll('&', '&&').replaceAll('{page}', '&P').replaceAll('{pages}', '&N');
  return section('&L', left) + section('&C', centre) + section('&R', right);
}

const rounded = (length: number): number => Number(length.toFixed(4));

/** `'自评表'!$A$1:$K$93` and `'自评表'!$1:$3`, as names of the workbook that printing goes by. */
export const printArea = (sheet: string, { top, left, bottom, right }: MergedRange): string =>
  `${quotedSheet(sheet)}!$${columnName(left)}$${top + 1}:$${columnName(right)}$${bottom + 1}`;

export const printTitles = (sheet: string, { first, last }: NonNullable<PrintSetup['repeatRows']>): string =>
  `${quotedSheet(sheet)}!$${first + 1}:$${last + 1}`;

const quotedSheet = (sheet: string): string => `'${sheet.replaceAll("'", "''")}'`;
