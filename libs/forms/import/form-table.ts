/** The rows of a table of a filled form: those that it always prints by their names, the others as many as there are. */
import type { AmountUnit } from '#forms/amount.js';
import type { Findings } from '#forms/findings.js';
import { isWording, type FixedRow, type FormColumn, type TableBlock } from '#forms/layout.js';
import type { ColumnPlace, Headings } from './form-headings.js';
import { readCell } from './form-cells.js';
import type { SheetView } from './sheet-view.js';

/** `at`: the cell of a column, `绩效目标表!F12, 全年指标值`. */
export interface ReadRow {
  readonly values: Readonly<Record<string, string>>;
  at(column: string): string;
}

export interface TableRead {
  readonly rows: readonly ReadRow[];
  /** Fields of the closing row. */
  readonly closing: Readonly<Record<string, string>>;
  /** The first row behind the table. */
  readonly end: number;
}

export interface TableReading {
  readonly block: TableBlock;
  readonly headings: Headings;
  readonly view: SheetView;
  readonly unit: AmountUnit;
  readonly findings: Findings;
}

/** Rows up to `end`, which is not of the table any more. */
export function readTable(reading: TableReading, end: number): TableRead {
  const { block, headings, view, findings } = reading;
  const rows = new RowsUnderWay(reading);
  let closing: Readonly<Record<string, string>> = {};
  let row = headings.body;
  for (; row < end; row += 1) {
    if (isBlank(view, row)) continue;
    if (isClosing(reading, row)) {
      closing = readClosing(reading, row);
      row += 1;
      break;
    }
    if (isRemark(view, row)) break;
    if (isHeadingAgain(reading, row)) continue;
    rows.take(row);
  }
  if (block.closing !== undefined && Object.keys(closing).length === 0) {
    findings.problem(`${view.name}!${row}`, 'ROW_MISSING', { row: block.closing.label });
  }
  rows.finish();
  return { rows: rows.read, closing, end: row };
}

/** Nothing of its own: a row inside merged ranges, or an inserted one. */
const isBlank = (view: SheetView, row: number): boolean => ownTexts(view, row).length === 0;

const ownTexts = (view: SheetView, row: number): readonly string[] =>
  Array.from({ length: view.columns }, (_, column) => view.ownText(row, column)).filter((text) => text !== '');

/** One text alone that begins as remarks and signatures below a table do. */
export function isRemark(view: SheetView, row: number): boolean {
  const [text = '', ...others] = ownTexts(view, row);
  return others.length === 0 && /^(注|备注|说明|填表|填报|制表|审核|联系|单位负责人|负责人|经办)/u.test(text);
}

/** Headings that a person printed again at a page break. */
function isHeadingAgain({ headings, view }: TableReading, row: number): boolean {
  const words = headings.columns.filter(({ column }) => column.label !== '');
  const same = words.filter(({ column, left }) => isWording(column, view.seenText(row, left)));
  return words.length > 1 && same.length * 2 > words.length;
}

function isClosing({ block, headings, view }: TableReading, row: number): boolean {
  const { closing } = block;
  const [first] = headings.columns;
  return closing !== undefined && first !== undefined && isWording(closing, view.seenText(row, first.left));
}

function readClosing(reading: TableReading, row: number): Readonly<Record<string, string>> {
  const { block, headings, view, unit, findings } = reading;
  const fields: Record<string, string> = {};
  for (const { column, left, heading } of headings.columns) {
    const field = block.closing?.fields[column.key];
    if (field === undefined) continue;
    const at = view.at(row, left, `${block.closing?.label ?? ''}, ${heading}`);
    const value = readCell(view.seen(row, left), column.format, { at, unit, findings });
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

/** `changed`: a heading that goes down over rows is another one than at the row before. */
interface ReadValue {
  readonly value: string | undefined;
  readonly changed: boolean;
}

/** What a heading that goes down over rows says at the row before. */
interface Above {
  readonly text: string;
  /** Rows directly above that each have the text written out. */
  readonly written: number;
}

class RowsUnderWay {
  readonly read: ReadRow[] = [];
  private readonly above = new Map<string, Above>();
  private readonly fixedRows = new Map<string, ReadRow>();
  private readonly filled = new Set<string>();

  constructor(private readonly reading: TableReading) {}

  take(row: number): void {
    const { headings, view, findings, block } = this.reading;
    const values: Record<string, string> = {};
    const before = findings.problemCount;
    const at = (key: string): string => {
      const place = headings.columns.find(({ column }) => column.key === key);
      return view.at(row, place?.left ?? 0, place?.heading);
    };
    let parentChanged = false;
    for (const place of headings.columns) {
      const { column } = place;
      if (column.format === 'row') continue;
      const { value, changed }: ReadValue = column.down
        ? this.downward(place, row, parentChanged)
        : this.single(place, row);
      parentChanged ||= changed;
      if (value !== undefined) values[column.key] = value;
    }
    this.reportBetween(row);
    const names = headings.columns.find(({ column }) => column.format === 'row');
    if (names !== undefined && !this.nameRow(names, row, values)) return;
    if (findings.problemCount === before) this.reportEmpty(values, at);
    const entry: ReadRow = { values, at };
    const fixed = block.fixed.find(({ key }) => key === values[names?.column.key ?? '']);
    if (fixed !== undefined && names !== undefined) this.fixedRows.set(fixed.key, entry);
    else this.read.push(entry);
  }

  private single({ column, left, right, heading }: ColumnPlace, row: number): ReadValue {
    const { view, unit, findings } = this.reading;
    const at = view.at(row, left, heading);
    const merge = view.merge(row, left);
    // A range that begins in another column belongs to that one; a figure over several rows to the first of them.
    const foreign = merge !== undefined && (merge.left < left || merge.left > right);
    const repeated = merge !== undefined && merge.top < row && column.format !== 'text';
    if (foreign || repeated) return { value: undefined, changed: false };
    return { value: readCell(view.seen(row, left), column.format, { at, unit, findings }), changed: false };
  }

  /** A heading over several rows: written here, seen here, or left behind where a merged range was cut apart. */
  private downward(place: ColumnPlace, row: number, parentChanged: boolean): ReadValue {
    const { view, unit, findings } = this.reading;
    const { column, left, heading } = place;
    const at = view.at(row, left, heading);
    const merge = view.merge(row, left);
    const seen = view.seenText(row, left);
    const { text, written } = this.above.get(column.key) ?? { text: '', written: 0 };
    if (seen !== '') {
      const first = merge === undefined || merge.top === row;
      const value = first ? readCell(view.seen(row, left), 'text', { at, unit, findings }) : seen;
      const same = value === text && !parentChanged;
      this.above.set(column.key, { text: value ?? '', written: same ? (first ? written + 1 : 0) : 1 });
      return { value, changed: value !== text };
    }
    if (parentChanged || text === '') {
      this.above.set(column.key, { text: '', written: 0 });
      if (column.required) findings.problem(at, 'MERGE_CUT_AMBIGUOUS', { above: text });
      return { value: undefined, changed: text !== '' };
    }
    const below = this.nextWritten(place, row);
    if (written > 1 && below !== text) {
      findings.problem(at, 'MERGE_CUT_AMBIGUOUS', { above: text, below });
      return { value: undefined, changed: false };
    }
    // A heading that is said again at the top of a page is not one that every row has.
    this.above.set(column.key, { text, written: 0 });
    this.noteFilled(at, column, text);
    return { value: text, changed: false };
  }

  private nextWritten({ left }: ColumnPlace, row: number): string {
    const { view } = this.reading;
    for (let next = row + 1; next < view.rows; next += 1) {
      const text = view.seenText(next, left);
      if (text !== '') return text;
    }
    return '';
  }

  private noteFilled(at: string, { key }: FormColumn, text: string): void {
    const once = `${key}\n${text}`;
    if (this.filled.has(once)) return;
    this.filled.add(once);
    this.reading.findings.note(at, 'MERGE_CUT_FILLED', { heading: text });
  }

  /** False, with a problem, when the row has a name that the form does not know or has had already. */
  private nameRow(names: ColumnPlace, row: number, values: Record<string, string>): boolean {
    const { block, view, findings } = this.reading;
    const at = view.at(row, names.right, block.sides.at(-1)?.label ?? names.heading);
    const name = this.nameOf(names, row);
    if (name === '') {
      if (Object.keys(values).length > 0) findings.problem(at, 'NAME_MISSING', { found: Object.values(values) });
      return false;
    }
    const fixed = block.fixed.find((known) => isWording(known, name));
    if (fixed === undefined && !block.repeats) {
      findings.problem(at, 'ROW_UNKNOWN', { found: name, expected: block.fixed.map(({ label }) => label) });
      return false;
    }
    if (fixed !== undefined && this.fixedRows.has(fixed.key)) {
      findings.problem(at, 'ROW_REPEATED', { row: name });
      return false;
    }
    values[names.column.key] = fixed?.key ?? name;
    return true;
  }

  /** The right-most text before the figures; a heading before neighbouring names stands left of it. */
  private nameOf({ left, right }: ColumnPlace, row: number): string {
    const { view } = this.reading;
    for (let column = right; column >= left; column -= 1) {
      const text = view.seenText(row, column);
      if (text !== '') return text;
    }
    return '';
  }

  /** Text between the columns, which no heading explains. */
  private reportBetween(row: number): void {
    const { headings, view, findings } = this.reading;
    const [first, last] = [headings.columns[0], headings.columns.at(-1)];
    for (let column = first?.left ?? 0; column <= (last?.right ?? -1); column += 1) {
      const inside = headings.columns.some(({ left, right }) => left <= column && column <= right);
      if (inside || view.ownText(row, column) === '') continue;
      findings.problem(view.at(row, column), 'TEXT_UNEXPECTED', { found: view.ownText(row, column) });
    }
    for (let column = (last?.right ?? 0) + 1; column < view.columns; column += 1) {
      if (view.ownText(row, column) !== '') findings.note(view.at(row, column), 'CELLS_NOT_READ');
    }
  }

  /** A heading alone, under which no indicator stands, has no figures either. */
  private reportEmpty(values: Readonly<Record<string, string>>, at: (key: string) => string): void {
    const { headings, findings } = this.reading;
    const own = headings.columns.filter(({ column }) => !column.down && column.format !== 'row');
    if (own.every(({ column }) => values[column.key] === undefined) && this.hasHeadings()) return;
    for (const { column } of own) {
      if (column.required && values[column.key] === undefined) findings.problem(at(column.key), 'CELL_EMPTY');
    }
  }

  private hasHeadings(): boolean {
    return this.reading.headings.columns.some(({ column }) => column.down);
  }

  /** The rows that the form always prints go first, in its order. */
  finish(): void {
    const { block, headings, view, findings } = this.reading;
    const found: ReadRow[] = block.fixed.flatMap((fixed: FixedRow) => {
      const row = this.fixedRows.get(fixed.key);
      if (row !== undefined) return [row];
      findings.problem(`${view.name}!${headings.body}`, 'ROW_MISSING', { row: fixed.label });
      return [];
    });
    this.read.unshift(...found);
  }
}
