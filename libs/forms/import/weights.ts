/** What speaks against a reading of wrapped cells, as weights: nothing weighs 0. */
import { textOfAll, type Gap, type HeadingColumn, type Layout, type Piece } from './pieces.js';

/** Weights: what a reading takes that no typesetter does, down to what is merely rare. */
const APART_ON_ONE_LINE = 100;
const NAMELESS = 30;
const TOO_LONG = 20;
/** From here on a reading contradicts the typesetting, up to here it is only rare. */
export const BROKEN_WITHOUT_NEED = 10;
export const VERY_UNLIKELY = 2 * BROKEN_WITHOUT_NEED;
const SWALLOWS_A_USUAL_HEADING = 10;
const UNUSUAL_EMPTY_HEADING = 8;
const PARTED_WITHOUT_BLANK_LINE = 3;
const JOINED_WITHOUT_NEED_OR_BLANK_LINE = 2;
const FILLS_ITS_LINE = 1;

export function weighCells(
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
export function weighName(lines: readonly Piece[], { next }: Gap, layout: Layout): number {
  if (next === 'end') return 0;
  return lines.length === 0 ? NAMELESS : weighLines(lines, layout.nameWidth, layout);
}

/** The name of the row before goes on after its values, or does not. */
export function weighTail({ before }: Gap, tail: readonly Piece[], next: Piece | undefined, layout: Layout): number {
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
