/** What a sheet to be written looks like, in the terms of a printed form. Rows and columns count from 0. */
import type { MergedRange } from './cells.js';

export interface CellStyle {
  /** Default 宋体, 11 points. */
  readonly font?: string;
  readonly size?: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  /** Six hexadecimal digits, red first: `CC0000`. */
  readonly color?: string;
  readonly fill?: string;
  /** Default: texts to the left, numbers to the right. */
  readonly horizontal?: 'left' | 'center' | 'right';
  /** Default `center`, as forms have it. */
  readonly vertical?: 'top' | 'center' | 'bottom';
  readonly indent?: number;
  /** Long texts go on in the next line of the cell; line breaks are shown. */
  readonly wrap?: boolean;
  /** A line of this weight on all four sides. */
  readonly border?: 'hair' | 'thin' | 'medium' | 'thick';
  /** Of numbers: `0.00`, `#,##0.00`, `0.00%`; `@` takes whatever is typed as text. Default `General`. */
  readonly format?: string;
}

export interface LayoutCell<Style extends string = string> {
  /**
   * A text is always written as text, whatever it begins with. A number is written with all its digits; spreadsheets keep 15 of
   * them, so an amount with more (above 9,999,999,999,999.99) belongs into a text.
   */
  readonly value: string | number | null;
  readonly style?: Style;
}

export interface PrintSetup {
  readonly orientation: 'portrait' | 'landscape';
  /** Default A4. */
  readonly paper?: 'A4' | 'A3';
  /** Default: everything that is written. */
  readonly area?: MergedRange;
  /** Rows printed at the top of every page, inclusive. */
  readonly repeatRows?: { readonly first: number; readonly last: number };
  /** Scaled so that all columns fit on one page, on as many pages as the rows need. Default true. */
  readonly fitToWidth?: boolean;
  /** In the middle of the page, from side to side. Default true. */
  readonly centred?: boolean;
  /** Millimetres. */
  readonly margins?: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly header?: PageLine;
  readonly footer?: PageLine;
  /** A new page begins with each of these rows. */
  readonly breakBefore?: readonly number[];
}

/** A line outside of the printed area: `第 {page} 页，共 {pages} 页`. */
export interface PageLine {
  readonly left?: string;
  readonly centre?: string;
  readonly right?: string;
}

export interface SheetLayout<Style extends string = string> {
  /** At most 31 characters, none of `[]:*?/\`. */
  readonly name: string;
  readonly styles: Readonly<Record<Style, CellStyle>>;
  /** Undefined and missing cells are empty and have no style. */
  readonly rows: readonly (readonly (LayoutCell<Style> | undefined)[])[];
  /** Cells of a merged range other than its first are empty; without a style of their own they get the first one's borders. */
  readonly merges?: readonly MergedRange[];
  /** Of the columns from the left, in characters (half a Chinese one). */
  readonly widths?: readonly number[];
  /** Of the rows from the top, in points; without one the program that shows the sheet chooses. */
  readonly heights?: readonly (number | undefined)[];
  /** Rows at the top that stay in sight. */
  readonly frozenRows?: number;
  readonly print?: PrintSetup;
}
