/**
 * Joins wrapped cells again. Between two rows with values the text layer prints pieces of headings and names, one printed
 * line each; which pieces make one cell is not marked. What tells is typesetting: a line is broken when the next character
 * does not fit its column, and never before a closing mark. Each way to read a gap is weighed by how much it contradicts
 * that; nothing contradicts it anywhere in the published table.
 */
import { textOfAll, type Gap, type HeadingColumn, type Layout, type Piece } from './pieces.js';
import { VERY_UNLIKELY, weighCells, weighName, weighTail } from './weights.js';

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
/** Two are enough to say that a gap is ambiguous; a few more show how. */
const RIVALS_LIMIT = 5;

/** All readings that may turn out the lightest, by how many lines they give to the names before and after. */
export function readingsOf(gap: Gap, layout: Layout): GapReading[] {
  if (gap.pieces.length > PIECES_LIMIT) return [];
  const likely = readingsUpTo(VERY_UNLIKELY, gap, layout);
  return likely.length > 0 ? likely : readingsUpTo(Infinity, gap, layout);
}

/** Readings whose name lines weigh less than `limit`, and those that give no line of the gap to a name. */
function readingsUpTo(limit: number, gap: Gap, layout: Layout): GapReading[] {
  const { pieces, before, next } = gap;
  const readings: GapReading[] = [];
  const ways = layout.ways(gap);
  const mostTail = before === undefined ? 0 : Math.min(pieces.length, NAME_LINES_LIMIT);
  for (let tailLines = 0; tailLines <= mostTail; tailLines += 1) {
    const mostLead = next === 'end' ? 0 : Math.min(pieces.length - tailLines, NAME_LINES_LIMIT);
    for (let leadLines = 0; leadLines <= mostLead; leadLines += 1) {
      const names = namesIn(gap, tailLines, leadLines, layout);
      if (names.weight >= limit && tailLines + leadLines > 0) continue;
      readings.push(...lightestWith(names, ways, layout));
    }
  }
  return readings;
}

export const textOf = ({ tail, headings, name }: GapReading): string =>
  [tail === '' ? '' : `… ${tail}`, ...headings.map(({ text }) => text), name].filter((part) => part !== '').join(' | ');

/** The lines of a gap that belong to names, and what that weighs. */
interface Names {
  readonly tail: readonly Piece[];
  readonly headings: readonly Piece[];
  /** Lines of the next name, that of the values included. */
  readonly lines: readonly Piece[];
  readonly leadLines: number;
  readonly weight: number;
}

function namesIn(gap: Gap, tailLines: number, leadLines: number, layout: Layout): Names {
  const { pieces, name } = gap;
  const tail = pieces.slice(0, tailLines);
  // Blank lines around the line of the values mean nothing.
  const onLine = name === undefined ? [] : [{ ...name, apart: true }];
  const lines = [...pieces.slice(pieces.length - leadLines), ...onLine];
  const weight = weighTail(gap, tail, pieces[tailLines], layout) + weighName(lines, gap, layout);
  return { tail, headings: pieces.slice(tailLines, pieces.length - leadLines), lines, leadLines, weight };
}

/** The lightest ways to read the headings between the names; several if they weigh the same. */
function lightestWith(names: Names, ways: ReturnType<Layout['ways']>, layout: Layout): GapReading[] {
  const { tail, headings, lines, leadLines } = names;
  let least = Infinity;
  let lightest: { columns: readonly HeadingColumn[]; cells: readonly (readonly Piece[])[]; ofWay: number }[] = [];
  for (const { columns, weight: ofWay } of ways) {
    if (columns.length > headings.length || (columns.length === 0 && headings.length > 0)) continue;
    for (const cells of partitions(headings, columns.length)) {
      const total = ofWay + weighCells(cells, columns, lines[0], layout);
      if (total < least) lightest = [];
      if (total <= least && lightest.length < RIVALS_LIMIT) lightest.push({ columns, cells, ofWay });
      least = Math.min(least, total);
    }
  }
  return lightest.map(({ columns, cells, ofWay }) => ({
    weight: least + names.weight,
    strain: least + names.weight - ofWay,
    tail: textOfAll(tail),
    tailLines: tail.length,
    headings: columns.map(({ key }, index) => ({ key, text: textOfAll(cells[index] ?? []) })),
    name: textOfAll(lines),
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
