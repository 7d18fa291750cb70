/** The cells of one sheet, read as they come. Faults of cells are collected; what is wrong with the sheet as such ends it. */
import { type Findings } from '#forms/findings.js';
import { type Cell, type MergedRange, cellPlace, parseCellName, parseRange } from './cells.js';
import { TextCollector } from './cell-text.js';
import { type NumberKind, numberCell } from './number-formats.js';
import type { Parts } from './parts.js';
import { Refusal, corrupt } from './refusal.js';
import { SharedFormulas } from './shared-formulas.js';
import { type Element, readXml } from './xml.js';

/** What the cells of all sheets refer to. */
export interface SharedContent {
  readonly strings: readonly string[];
  /** By style. */
  readonly kinds: readonly NumberKind[];
  readonly since1904: boolean;
}

export interface SheetContent {
  readonly rows: readonly (readonly (Cell | undefined)[])[];
  readonly merges: readonly MergedRange[];
}

export interface SheetSource {
  readonly parts: Parts;
  readonly part: string;
  /** As its tab shows it, for places of problems. */
  readonly name: string;
  readonly content: SharedContent;
}

export function readSheet(source: SheetSource, findings: Findings): SheetContent {
  const reader = new SheetReader(source, findings);
  readXml(source.parts, source.part, reader);
  return { rows: reader.rows, merges: reader.merges };
}

/** A cell under way. */
interface OpenCell {
  readonly row: number;
  readonly column: number;
  /** `n` number, `s` shared string, `inlineStr`, `str` result of a formula, `b`, `e`, `d` date. */
  readonly type: string;
  readonly kind: NumberKind;
  value: string | undefined;
  inline: string | undefined;
  formula: { readonly text: string; readonly shared: string | undefined } | undefined;
}

class SheetReader {
  readonly rows: (Cell | undefined)[][] = [];
  readonly merges: MergedRange[] = [];

  readonly #formulas = new SharedFormulas();
  readonly #inline: TextCollector;
  /** Counted on for rows and cells that do not name their place. */
  #row = -1;
  #column = -1;
  #cell: OpenCell | undefined;
  #text: string | undefined;
  /** The group of cells that share the formula under way. */
  #shared: string | undefined;

  constructor(
    readonly source: SheetSource,
    readonly findings: Findings,
  ) {
    this.#inline = new TextCollector(source.parts.budget.limits.textLength);
  }

  open(element: Element): void {
    const { name } = element;
    if (name === 'row') this.#openRow(element);
    else if (name === 'c') this.#openCell(element);
    else if (name === 'mergeCell') this.#takeMerge(element);
    if (this.#cell === undefined) return;
    this.#inline.open(name);
    if (name === 'f') this.#shared = element.attribute('t') === 'shared' ? element.attribute('si') : undefined;
    if (name === 'v' || name === 'f') this.#text = '';
  }

  text(text: string): void {
    const { textLength } = this.source.parts.budget.limits;
    if (this.#text !== undefined) this.#text += text.slice(0, Math.max(0, textLength + 1 - this.#text.length));
    else if (this.#cell !== undefined) this.#inline.add(text);
  }

  close(name: string): void {
    const cell = this.#cell;
    if (cell === undefined) return;
    this.#inline.close(name);
    if (name === 'v') cell.value = this.#text ?? '';
    else if (name === 'f') cell.formula = { text: this.#text ?? '', shared: this.#shared };
    else if (name === 'is') cell.inline = this.#inline.take();
    else if (name === 'c') this.#closeCell(cell);
    if (name === 'v' || name === 'f') this.#text = undefined;
  }

  #openRow({ attribute }: Element): void {
    const given = attribute('r');
    if (given !== undefined && !/^[1-9]\d{0,6}$/.test(given))
      throw corrupt(this.source.part, `a row numbered ${given}`);
    this.#row = given === undefined ? this.#row + 1 : Number(given) - 1;
    this.#column = -1;
  }

  #openCell({ attribute }: Element): void {
    const given = attribute('r');
    const place = given === undefined ? undefined : parseCellName(given);
    const column = place?.column ?? this.#column + 1;
    if ((given !== undefined && place === undefined) || this.#row < 0)
      throw corrupt(this.source.part, `a cell named ${given ?? 'nothing'}`);
    if (place !== undefined && place.row !== this.#row)
      throw corrupt(this.source.part, `the cell ${given} stands in row ${this.#row + 1}`);
    this.#column = column;
    const style = attribute('s');
    const kind = style === undefined ? undefined : this.source.content.kinds[Number(style)];
    this.#cell = {
      row: this.#row,
      column,
      type: attribute('t') ?? 'n',
      kind: kind ?? 'number',
      value: undefined,
      inline: undefined,
      formula: undefined,
    };
  }

  #takeMerge({ attribute }: Element): void {
    const reference = attribute('ref') ?? '';
    const range = parseRange(reference);
    if (range === undefined) throw corrupt(this.source.part, `merged cells ${reference}`);
    this.source.parts.budget.takeCells(1, () => cellPlace(this.source.name, range.top, range.left));
    this.merges.push(range);
  }

  #closeCell(open: OpenCell): void {
    this.#cell = undefined;
    const { row, column } = open;
    // Nothing but a format: there may be a million of these.
    if (open.value === undefined && open.inline === undefined && open.formula === undefined) return;
    const value = this.#value(open);
    const formula = this.#formulaOf(open);
    if (value === undefined && formula === undefined) return;
    const cells = this.#rowFor(row, column);
    const cell = value ?? { value: null, text: '' };
    this.#checkLength(cell.text, open);
    cells[column] = formula === undefined ? cell : { ...cell, formula };
  }

  #formulaOf({ formula, row, column }: OpenCell): string | undefined {
    if (formula === undefined) return undefined;
    const { text, shared } = formula;
    const full = shared === undefined ? text : this.#formulas.textAt({ shared, text, row, column });
    this.#checkLength(full, { row, column });
    return full;
  }

  /** The row as far as the cell before this one. */
  #rowFor(row: number, column: number): (Cell | undefined)[] {
    const { name, part, parts } = this.source;
    const { rows, columns } = parts.budget.limits;
    const at = (): string => cellPlace(name, row, column);
    if (row >= rows) throw new Refusal(at(), 'WORKBOOK_TOO_MANY_ROWS', { rows: row + 1, limit: rows });
    if (column >= columns)
      throw new Refusal(at(), 'WORKBOOK_TOO_MANY_COLUMNS', { columns: column + 1, limit: columns });
    while (this.rows.length <= row) this.rows.push([]);
    const cells = this.rows[row]!;
    if (cells[column] !== undefined) throw corrupt(part, `two cells at ${at()}`);
    parts.budget.takeCells(Math.max(1, column + 1 - cells.length), at);
    while (cells.length < column) cells.push(undefined);
    return cells;
  }

  /** Undefined when there is nothing in the cell, or nothing that can be read; the latter is then a problem. */
  #value({ row, column, type, kind, value, inline }: OpenCell): Cell | undefined {
    const cell =
      type === 'inlineStr' ? textCell(inline) : value === undefined ? undefined : this.#stored(type, kind, value);
    if (cell !== 'not valid') return cell;
    const at = cellPlace(this.source.name, row, column);
    this.findings.problem(at, 'WORKBOOK_CELL_NOT_VALID', { type, found: value ?? '' });
    return undefined;
  }

  #stored(type: string, kind: NumberKind, stored: string): Cell | undefined | 'not valid' {
    const { strings, since1904 } = this.source.content;
    const value = stored.trim();
    switch (type) {
      case 'n':
        return value === '' ? undefined : (numberCell(value, kind, since1904) ?? 'not valid');
      case 's':
        return value === ''
          ? undefined
          : (textCell(/^\d+$/.test(value) ? strings[Number(value)] : undefined) ?? 'not valid');
      case 'str':
        return textCell(stored);
      case 'b':
        return /^([01]|true|false)$/.test(value) ? booleanCell(value === '1' || value === 'true') : 'not valid';
      case 'e':
        return { value: null, text: value, error: value };
      case 'd':
        return /^\d{4}-\d{2}-\d{2}/.test(value) ? { value, text: value.slice(0, 10), shownAs: 'date' } : 'not valid';
      default:
        return 'not valid';
    }
  }

  #checkLength(text: string, { row, column }: Pick<OpenCell, 'row' | 'column'>): void {
    const { limits } = this.source.parts.budget;
    const at = (): string => cellPlace(this.source.name, row, column);
    this.source.parts.budget.takeCharacters(text.length, at);
    if (text.length > limits.textLength)
      this.findings.problem(at(), 'WORKBOOK_TEXT_TOO_LONG', { limit: limits.textLength });
  }
}

const textCell = (text: string | undefined): Cell | undefined =>
  text === undefined ? undefined : { value: text, text };
const booleanCell = (value: boolean): Cell => ({ value, text: value ? 'TRUE' : 'FALSE' });
