/** Finds the headings of a table of a form by their words, wherever they stand, and tells which are missing or moved. */
import type { Findings } from '#forms/findings.js';
import { isWording, plainWords, type FormColumn, type TableBlock } from '#forms/layout.js';
import { cellName } from '#forms/workbook/cells.js';
import type { SheetView } from './sheet-view.js';

/** Columns of the sheet that a column of the form takes, both inclusive. */
export interface ColumnPlace {
  readonly column: FormColumn;
  readonly left: number;
  readonly right: number;
  /** As it stands in the file. */
  readonly heading: string;
}

export interface Headings {
  readonly row: number;
  /** First row behind the headings. */
  readonly body: number;
  readonly columns: readonly ColumnPlace[];
}

interface SeenHeading {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

const levelsOf = ({ columns }: TableBlock): number => (columns.some(({ group }) => group !== undefined) ? 2 : 1);
const named = ({ columns }: TableBlock): readonly FormColumn[] => columns.filter(({ label }) => label !== '');
/** Columns whose heading other offices leave out, or whose name stands in no heading, do not make a table. */
const needed = (block: TableBlock): readonly FormColumn[] =>
  named(block).filter(({ optional, format }) => !optional && format !== 'row');

/** What stands in a row of headings: under a heading over several, the words below it. */
function seenHeadings(view: SheetView, row: number, levels: number): readonly SeenHeading[] {
  const found: SeenHeading[] = [];
  for (let column = 0; column < view.columns;) {
    const below = levels === 2 ? view.seenText(row + 1, column) : '';
    const line = below === '' ? row : row + 1;
    const right = view.rightOf(line, column);
    const text = below === '' ? view.seenText(row, column) : below;
    // A heading over several whose merged range was not cut ends with the columns below it.
    if (text !== '') found.push({ text, left: column, right });
    column = right + 1;
  }
  return found;
}

const matchesOf = (columns: readonly FormColumn[], seen: readonly SeenHeading[]): number =>
  columns.filter((column) => seen.some(({ text }) => isWording(column, text))).length;

/** The words at its side tell apart tables with equal headings. */
const hasSide = ({ sides }: TableBlock, view: SheetView, row: number): boolean => {
  const side = sides.at(-1);
  if (side === undefined) return true;
  for (let column = 0; column < view.columns; column += 1) if (isWording(side, view.seenText(row, column))) return true;
  return false;
};

/** The first row at or behind `from` with most of a table's headings, that fits no other table better. */
export function findHeadingRow(
  block: TableBlock,
  others: readonly TableBlock[],
  view: SheetView,
  from: number,
): number | undefined {
  const wanted = needed(block);
  const countAt = (row: number): number => matchesOf(wanted, seenHeadings(view, row, levelsOf(block)));
  for (let row = from; row < view.rows; row += 1) {
    const count = countAt(row);
    if (count * 2 < wanted.length || count === 0 || !hasSide(block, view, row)) continue;
    // Of two rows of headings the first is wanted: the row before it sees half of them.
    if (count < wanted.length && countAt(row + 1) > count) continue;
    const whole = count === wanted.length;
    const better = others.some((other) => {
      const theirs = needed(other);
      const matched = matchesOf(theirs, seenHeadings(view, row, levelsOf(other)));
      return matched === theirs.length && matched >= count + (whole ? 1 : 0) && hasSide(other, view, row);
    });
    if (!better) return row;
  }
  return undefined;
}

/** Places of the columns; `undefined` with problems when one is missing, stands twice, is not known or has moved. */
export function readHeadings(
  block: TableBlock,
  row: number,
  view: SheetView,
  findings: Findings,
): Headings | undefined {
  const levels = levelsOf(block);
  const seen = seenHeadings(view, row, levels);
  const before = findings.problemCount;
  const places = named(block).flatMap((column) => placeOf(column, { seen, row, view, findings }));
  reportUnknown(block, seen, { row, view, findings });
  reportMoved(places, { row, view, findings });
  if (findings.problemCount > before) return undefined;
  return { row, body: row + levels, columns: withNames(block, places, view, row) };
}

interface HeadingRow {
  readonly row: number;
  readonly view: SheetView;
  readonly findings: Findings;
}

function placeOf(
  column: FormColumn,
  { seen, row, view, findings }: HeadingRow & { readonly seen: readonly SeenHeading[] },
): ColumnPlace[] {
  const [first, second] = seen.filter(({ text }) => isWording(column, text));
  if (first === undefined) {
    if (column.optional || column.format === 'row') return [];
    const found = seen.map(({ text }) => plainWords(text)).join(' ');
    findings.problem(`${view.name}!${row + 1}`, 'HEADER_WRONG', { expected: column.label, found });
    return [];
  }
  if (second !== undefined) {
    findings.problem(view.at(row, second.left, column.label), 'HEADING_REPEATED', { first: cellName(row, first.left) });
  }
  return [{ column, left: first.left, right: first.right, heading: plainWords(first.text) }];
}

function reportUnknown(block: TableBlock, seen: readonly SeenHeading[], { row, view, findings }: HeadingRow): void {
  const known = (text: string): boolean =>
    [...block.columns, ...block.sides].some((words) => isWording(words, text)) ||
    block.columns.some(({ group }) => group !== undefined && isWording({ label: group }, text));
  for (const { text, left } of seen) {
    const outer = block.sides.length > 0 && left < (seen.find((one) => known(one.text))?.left ?? 0);
    if (!known(text) && !outer) findings.problem(view.at(row, left), 'HEADING_UNKNOWN', { found: text });
  }
}

/** Columns outside the longest run that is in order are those that have moved. */
function reportMoved(places: readonly ColumnPlace[], { row, view, findings }: HeadingRow): void {
  const inOrder = longestRun(places.map(({ left }) => left));
  places.forEach(({ column, left }, index) => {
    if (inOrder.has(index)) return;
    const before = places.slice(0, index).findLast((_, at) => inOrder.has(at));
    findings.problem(view.at(row, left, column.label), 'COLUMN_MOVED', {
      heading: column.label,
      expected: before === undefined ? '最前' : `“${before.column.label}”之后`,
      found: cellName(row, left),
    });
  });
}

/** Indices of a longest increasing subsequence; forms have some twenty columns. */
function longestRun(values: readonly number[]): ReadonlySet<number> {
  const runs: number[][] = [];
  values.forEach((value, index) => {
    const before = runs.filter((run) => (values[run.at(-1) ?? 0] ?? 0) < value);
    const longest = before.reduce<number[]>((best, run) => (run.length > best.length ? run : best), []);
    runs.push([...longest, index]);
  });
  return new Set(runs.reduce<number[]>((best, run) => (run.length > best.length ? run : best), []));
}

/** The names of rows stand between the words at the side and the first column with a heading. */
function withNames(block: TableBlock, places: readonly ColumnPlace[], view: SheetView, row: number): ColumnPlace[] {
  const names = block.columns.find(({ format }) => format === 'row');
  if (names === undefined || places.some(({ column }) => column === names)) return [...places];
  const [first] = places;
  const side = block.sides.at(-1);
  let left = 0;
  for (let column = 0; side !== undefined && column < (first?.left ?? 0); column += 1) {
    if (isWording(side, view.seenText(row, column))) left = view.rightOf(row, column) + 1;
  }
  return [{ column: names, left, right: (first?.left ?? left + 1) - 1, heading: '' }, ...places];
}
