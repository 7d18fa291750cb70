/**
 * The lightest way to read all gaps of a block together. The values of a wrapped row stand at its middle, so that lines of
 * its name above and below them belong together: the gaps are not independent.
 */
import type { Piece, Gap, Layout } from './pieces.js';
import { readingsOf, type GapReading } from './wrapped-cells.js';

export interface BlockRow<Values> {
  /** Line in the file on which the values stand. */
  readonly no: number;
  /** Text between the row before and this one. */
  readonly pieces: readonly Piece[];
  /** Text on the line of the values. */
  readonly name?: Piece;
  readonly values: Values;
}

/** Rows up to the next first-level heading, or to the end. */
export interface Segment<Values> {
  readonly opensLevel1: boolean;
  readonly rows: readonly BlockRow<Values>[];
  readonly trailing: readonly Piece[];
}

export const ALIGNMENTS = ['middle', 'top', 'bottom'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

export interface Typesetting {
  readonly layout: Layout;
  readonly alignment: Alignment;
}

/** Where the values of a wrapped name stand: lines of the name above and below them. */
function weighAlignment(alignment: Alignment, named: boolean, above: number, below: number): number {
  if (named && above === 0 && below === 0) return 0;
  // Some layers give a cell that the values stand at the middle of before the values.
  if (!named && below === 0) return above % 2 === 1 ? 4 : 0;
  const fits = { middle: above === below, top: named && above === 0, bottom: named && below === 0 };
  return fits[alignment] ? 0 : 6;
}

export interface ChosenGap<Values> {
  readonly gap: Gap;
  /** `undefined` for what follows the last row. */
  readonly row: BlockRow<Values> | undefined;
  /** `undefined` when the gap cannot be read at all. */
  readonly reading: GapReading | undefined;
  /** Its own weight, and that of the alignment of the name it leads to. */
  readonly weight: number;
  /** Readings that are part of another path of the same weight. */
  readonly rivals: readonly GapReading[];
}

const UNREADABLE = 200;

/** All readings of each gap of a segment; they depend on the column widths only. */
export const allReadings = <Values>(segment: Segment<Values>, layout: Layout): readonly (readonly GapReading[])[] =>
  gapsOf(segment).map(({ gap }) => readingsOf(gap, layout));

/** Weighs whole paths through the gaps forwards and backwards: what lies on a lightest path, and what else does. */
export function lightestPath<Values>(
  segment: Segment<Values>,
  { layout, alignment }: Typesetting,
  readings = allReadings(segment, layout),
): { readonly weight: number; readonly gaps: readonly ChosenGap<Values>[] } {
  const gaps = gapsOf(segment);
  const step = (index: number, from: GapReading | undefined, to: GapReading): number =>
    from === undefined
      ? 0
      : weighAlignment(alignment, gaps[index - 1]?.gap.name !== undefined, from.leadLines, to.tailLines);
  const forward: number[][] = [];
  readings.forEach((options, index) => {
    const before = readings[index - 1] ?? [];
    const carried = forward[index - 1] ?? [];
    const floor = Math.min(...(carried.length === 0 ? [0] : carried));
    const ways = (to: GapReading) =>
      before.length === 0 ? floor : Math.min(...before.map((from, at) => (carried[at] ?? 0) + step(index, from, to)));
    forward.push(options.length === 0 ? [floor + UNREADABLE] : options.map((to) => ways(to) + to.weight));
  });
  const weight = Math.min(...(forward.at(-1) ?? [0]));
  let allowed = weight;
  let next: GapReading | undefined;
  const chosen: ChosenGap<Values>[] = [];
  for (let index = gaps.length - 1; index >= 0; index -= 1) {
    const { gap, row } = gaps[index] ?? {};
    const options = readings[index] ?? [];
    if (gap === undefined) break;
    const onward = (from: GapReading) => (next === undefined ? 0 : step(index + 1, from, next));
    const best = options.filter((from, at) => (forward[index]?.[at] ?? 0) + onward(from) === allowed);
    const [reading] = best;
    const weightHere = reading === undefined ? UNREADABLE : reading.weight + onward(reading);
    chosen.unshift({ gap, row, reading, weight: weightHere, rivals: best.slice(1) });
    allowed -= weightHere;
    next = reading;
  }
  return { weight, gaps: chosen };
}

function gapsOf<Values>(segment: Segment<Values>): { readonly gap: Gap; readonly row: BlockRow<Values> | undefined }[] {
  const { rows, trailing, opensLevel1 } = segment;
  const lastLine = (row: BlockRow<Values> | undefined) => row?.name ?? row?.pieces.at(-1);
  const ends: readonly (BlockRow<Values> | undefined)[] = [...rows, undefined];
  return ends.map((row, index) => {
    const before = lastLine(rows[index - 1]);
    const gap: Gap = {
      pieces: row?.pieces ?? trailing,
      ...(row?.name && { name: row.name }),
      next: row === undefined ? 'end' : 'values',
      opensLevel1: opensLevel1 && index === 0,
      ...(before !== undefined && { before }),
    };
    return { gap, row };
  });
}
