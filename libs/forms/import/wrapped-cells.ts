/**
 * Joins wrapped cells again. Between two rows with values the text layer prints pieces of headings and names, one printed
 * line each; which pieces make one cell is not marked. What tells is typesetting: a line is broken when the next character
 * does not fit its column, and never before a closing mark. Each way to read a gap is weighed by how much it contradicts
 * that; nothing contradicts it anywhere in the published table.
 */
import { joined, type Piece } from './pieces.js';

export interface HeadingColumn {
  readonly key: 'level2' | 'keyWork';
  /** Chinese characters that one printed line of it holds. */
  readonly width: number;
  /** Texts that are surely a whole cell. */
  readonly usual: ReadonlySet<string>;
}

export interface Layout {
  /** Which headings may stand in a gap, each way with its weight. */
  readonly ways: (gap: Gap) => readonly { readonly columns: readonly HeadingColumn[]; readonly weight: number }[];
  readonly nameWidth: number;
  /** The text has blank lines at all, so that two lines without one between belong together. */
  readonly blankLines: boolean;
}

/** What stands between the values of one row and those of the next, or the end of the block. */
export interface Gap {
  readonly pieces: readonly Piece[];
  /** Name on the line of the next values. */
  readonly name?: Piece;
  /** `end`: no values follow. */
  readonly next: 'values' | 'end';
  /** A first-level heading stands at the beginning of the gap. */
  readonly opensLevel1: boolean;
  /** Last printed line of the name before, which may go on in this gap. */
  readonly before?: Piece;
}

/** One way to read a gap. */
export interface GapReading {
  readonly weight: number;
  /** The part of it that is typesetting, without what the form's structure lacks. */
  readonly strain: number;
  /** Rest of the name of the row before, and how many lines it takes. */
  readonly tail: string;
  readonly tailLines: number;
  readonly headings: readonly { readonly key: HeadingColumn['key']; readonly text: string }[];
  /** Name of the next row up to its values, and how many lines of it stand above them. */
  readonly name: string;
  readonly leadLines: number;
}

/** A gap with more pieces is no part of such a table. */
const PIECES_LIMIT = 16;
/** No name goes on for more lines above or below its values. */
const NAME_LINES_LIMIT = 5;

/** All readings that may turn out the lightest, by how many lines they give to the names before and after. */
export function readingsOf(gap: Gap, layout: Layout): GapReading[] {
  const { pieces, before, next } = gap;
  if (pieces.length > PIECES_LIMIT) return [];
  const readings: GapReading[] = [];
  const ways = layout.ways(gap);
  const mostTail = before === undefined ? 0 : Math.min(pieces.length, NAME_LINES_LIMIT);
  for (let tailLines = 0; tailLines <= mostTail; tailLines += 1) {
    const mostLead = next === 'end' ? 0 : Math.min(pieces.length - tailLines, NAME_LINES_LIMIT);
    for (let leadLines = 0; leadLines <= mostLead; leadLines += 1) {
      readings.push(...lightestWith({ tailLines, leadLines }, ways, gap, layout));
    }
  }
  return readings;
}

export const textOf = ({ tail, headings, name }: GapReading): string =>
  [tail === '' ? '' : `… ${tail}`, ...headings.map(({ text }) => text), name].filter((part) => part !== '').join(' | ');

const textOfAll = (pieces: readonly Piece[]): string => joined(pieces.map(({ text }) => text));

/** The lightest readings that give so many lines to the names before and after; several if they weigh the same. */
function lightestWith(
  { tailLines, leadLines }: Pick<GapReading, 'tailLines' | 'leadLines'>,
  ways: ReturnType<Layout['ways']>,
  gap: Gap,
  layout: Layout,
): GapReading[] {
  const { pieces, name } = gap;
  const tail = pieces.slice(0, tailLines);
  const headings = pieces.slice(tailLines, pieces.length - leadLines);
  // Blank lines around the line of the values mean nothing.
  const onLine = name === undefined ? [] : [{ ...name, apart: true }];
  const nameLines = [...pieces.slice(pieces.length - leadLines), ...onLine];
  let least = Infinity;
  let lightest: { columns: readonly HeadingColumn[]; cells: readonly (readonly Piece[])[]; ofWay: number }[] = [];
  for (const { columns, weight: ofWay } of ways) {
    if (columns.length > headings.length || (columns.length === 0 && headings.length > 0)) continue;
    for (const cells of partitions(headings, columns.length)) {
      const total = ofWay + weighCells(cells, columns, nameLines[0], layout);
      if (total < least) lightest = [];
      if (total <= least) lightest.push({ columns, cells, ofWay });
      least = Math.min(least, total);
    }
  }
  if (lightest.length === 0) return [];
  const weight = least + weighTail(gap, tail, pieces[tailLines], layout) + weighName(nameLines, gap, layout);
  return lightest.map(({ columns, cells, ofWay }) => ({
    weight,
    strain: weight - ofWay,
    tail: textOfAll(tail),
    tailLines,
    headings: columns.map(({ key }, index) => ({ key, text: textOfAll(cells[index] ?? []) })),
    name: textOfAll(nameLines),
    leadLines,
  }));
}

/** All ways to cut a row of pieces into exactly `count` cells, none empty. */
function* partitions(pieces: readonly Piece[], count: number): Generator<readonly (readonly Piece[])[]> {
  if (count === 0) {
    if (pieces.length === 0) yield [];
    return;
  }
  for (let length = 1; length <= pieces.length - (count - 1); length += 1) {
    for (const rest of partitions(pieces.slice(length), count - 1)) yield [pieces.slice(0, length), ...rest];
  }
}

/** Weights: what a reading takes that no typesetter does, down to what is merely rare. */
const APART_ON_ONE_LINE = 100;
const NAMELESS = 30;
const TOO_LONG = 20;
/** From here on a reading contradicts the typesetting, up to here it is only rare. */
export const BROKEN_WITHOUT_NEED = 10;
const SWALLOWS_A_USUAL_HEADING = 10;
const UNUSUAL_EMPTY_HEADING = 8;
const PARTED_WITHOUT_BLANK_LINE = 3;
const JOINED_WITHOUT_NEED_OR_BLANK_LINE = 2;
const FILLS_ITS_LINE = 1;

function weighCells(
  cells: readonly (readonly Piece[])[],
  columns: readonly HeadingColumn[],
  name: Piece | undefined,
  layout: Layout,
): number {
  return cells.reduce((weight, cell, index) => {
    const column = columns[index];
    const last = cell.at(-1);
    if (column === undefined || last === undefined) return weight;
    const next = cells[index + 1]?.[0] ?? name;
    const swallows = cell.length > 1 && cell.some(({ text }) => column.usual.has(text));
    const empty = next === undefined || columns[index + 1]?.key === column.key;
    return (
      weight +
      weighLines(cell, column.width, layout) +
      (swallows ? SWALLOWS_A_USUAL_HEADING : 0) +
      (empty && !column.usual.has(textOfAll(cell)) ? UNUSUAL_EMPTY_HEADING : 0) +
      (next === undefined ? 0 : weighParting(last, next, column.width, layout))
    );
  }, 0);
}

/** Printed lines of one cell: none too long, each broken for a reason. */
function weighLines(lines: readonly Piece[], width: number, layout: Layout): number {
  return lines.reduce((weight, piece, index) => {
    const before = lines[index - 1];
    const tooLong = piece.width > width ? TOO_LONG : 0;
    return weight + tooLong + (before === undefined ? 0 : weighJoining(before, piece, width, layout));
  }, 0);
}

/** Two pieces that are lines of one cell. */
function weighJoining(before: Piece, piece: Piece, width: number, layout: Layout): number {
  if (piece.sameLine) return APART_ON_ONE_LINE;
  if (isFull(before, piece, width) || piece.goesOn) return 0;
  return layout.blankLines && !piece.apart ? JOINED_WITHOUT_NEED_OR_BLANK_LINE : BROKEN_WITHOUT_NEED;
}

/** Two pieces that are in different cells. */
function weighParting(last: Piece, next: Piece, width: number, layout: Layout): number {
  if (next.sameLine) return 0;
  if (next.goesOn) return BROKEN_WITHOUT_NEED;
  const full = isFull(last, next, width) ? FILLS_ITS_LINE : 0;
  return full + (layout.blankLines && !next.apart ? PARTED_WITHOUT_BLANK_LINE : 0);
}

/** The name of the next row, as far as it stands above its values or beside them. */
function weighName(lines: readonly Piece[], { next }: Gap, layout: Layout): number {
  if (next === 'end') return 0;
  return lines.length === 0 ? NAMELESS : weighLines(lines, layout.nameWidth, layout);
}

/** The name of the row before goes on after its values, or does not. */
function weighTail({ before }: Gap, tail: readonly Piece[], next: Piece | undefined, layout: Layout): number {
  const [first] = tail;
  const width = layout.nameWidth;
  if (before === undefined) return 0;
  if (first === undefined) {
    if (next === undefined || next.sameLine) return 0;
    return isFull(before, next, width) ? FILLS_ITS_LINE : 0;
  }
  const last = tail.at(-1) ?? first;
  const parting = next === undefined ? 0 : weighParting(last, next, width, layout);
  return weighJoining(before, { ...first, apart: true }, width, layout) + weighLines(tail, width, layout) + parting;
}

/** The line was broken because what follows, up to where a break is allowed, did not fit. */
const isFull = (line: Piece, following: Piece, width: number): boolean => line.width + following.head > width;
