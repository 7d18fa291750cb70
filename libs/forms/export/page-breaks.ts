/**
 * Where the pages of a printed sheet begin. A program that breaks pages by itself cuts headings that go down over rows, and leaves
 * the rest of them blank: pages begin between such headings where they can, and a heading that goes on is printed again.
 */
import type { Grid, GridCell } from '#forms/grid.js';

export interface Paged {
  readonly cells: readonly GridCell[];
  /** Rows that begin a page, without the first. */
  readonly breaks: readonly number[];
}

/** Points of A4 within the margins of `form-workbook.ts`. */
const PAGE = {
  portrait: { width: 527, height: 762 },
  landscape: { width: 774, height: 516 },
} as const satisfies Record<Grid['orientation'], object>;
/** Points of one character of a column in 宋体 at 11 points, eight pixels; a column has 0.71 of white besides. */
const CHARACTER = 6;
const WHITE = 0.71;
/** Programs measure columns and fonts differently: a page that is filled less never flows over. */
const FILLED = 0.94;
/** A page may end this much earlier for a better place. */
const EARLIEST = 0.6;

export function paged(grid: Grid): Paged {
  const breaks = breaksOf(grid);
  const starts = new Set(grid.sections.map(({ from }) => from));
  // A cell that begins with its section is a long text, or words at the side of a whole block: no heading of rows.
  const cells = grid.cells.flatMap((cell) => (starts.has(cell.row) ? [cell] : parts(cell, breaks)));
  return { cells, breaks };
}

function breaksOf(grid: Grid): readonly number[] {
  const { heights, repeated } = grid;
  const [first, last] = repeated;
  const again = heights.slice(first, last + 1).reduce((sum, height) => sum + height, 0);
  const room = roomOf(grid);
  const cut = cellsCutBefore(grid);
  const breaks: number[] = [];
  let from = 0;
  for (;;) {
    // Repeated rows take their part of every page behind them.
    const left = room - (from > last ? again : 0);
    const next = pageEnd(heights, from, left);
    if (next >= heights.length) return breaks;
    const earliest = Math.max(from + 1, pageEnd(heights, from, left * EARLIEST));
    let best = next;
    for (let row = next - 1; row >= earliest; row -= 1) if ((cut[row] ?? 0) < (cut[best] ?? 0)) best = row;
    breaks.push(best);
    from = best;
  }
}

/** Points of rows that a page holds once it is scaled to its width. */
function roomOf({ orientation, widths }: Grid): number {
  const { width, height } = PAGE[orientation];
  const wide = widths.reduce((sum, characters) => sum + (characters + WHITE) * CHARACTER, 0);
  return height * Math.max(1, wide / width) * FILLED;
}

/** The first row that does not fit any more; one row always does. */
function pageEnd(heights: readonly number[], from: number, room: number): number {
  let left = room - (heights[from] ?? 0);
  let row = from + 1;
  while (row < heights.length && (heights[row] ?? 0) <= left) {
    left -= heights[row] ?? 0;
    row += 1;
  }
  return row;
}

/** By row: how many cells a page that begins there cuts. A row of headings stays with the row behind it. */
function cellsCutBefore({ cells, heights, sections }: Grid): readonly number[] {
  const counts = heights.map(() => 0);
  for (const { row, rows } of cells)
    for (let at = row + 1; at < row + rows; at += 1) counts[at] = (counts[at] ?? 0) + 1;
  for (const { from, headings } of sections) {
    for (let at = from + 1; at <= from + headings; at += 1) counts[at] = (counts[at] ?? 0) + 9;
  }
  return counts;
}

/** The cell, once on each page that it is on. */
function parts(cell: GridCell, breaks: readonly number[]): GridCell[] {
  const end = cell.row + cell.rows;
  const rows = [cell.row, ...breaks.filter((row) => row > cell.row && row < end)];
  return rows.map((row, index) => ({ ...cell, row, rows: (rows[index + 1] ?? end) - row }));
}
