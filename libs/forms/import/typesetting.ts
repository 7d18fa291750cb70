/**
 * How wide the columns of a block are and where the values of a wrapped name stand: as the form has it, unless that
 * contradicts the block, and then as its own lines suggest.
 */
import {
  ALIGNMENTS,
  allReadings,
  lightestPath,
  type Alignment,
  type Segment,
  type Typesetting,
} from './reading-path.js';
import type { Piece, Layout } from './pieces.js';

export interface Columns {
  /** Of the form, the name column last; `undefined` when the form does not say. */
  readonly widths: readonly (number | undefined)[];
  readonly layout: (widths: readonly number[]) => Layout;
}

/**
 * The form's own typesetting if nothing contradicts it. Else another, if at least two gaps read better with it; what a
 * single gap says is only a doubt.
 */
export function chooseTypesetting<Values>(
  segments: readonly Segment<Values>[],
  columns: Columns,
): { readonly adopted: Typesetting; readonly doubt?: Typesetting } {
  const declared = {
    widths: columns.widths.map((width) => width ?? longestOf(segments)),
    alignment: 'middle',
  } as const;
  const own = { layout: columns.layout(declared.widths), alignment: declared.alignment };
  const ownWeights = gapWeights(segments, own);
  if (total(ownWeights) < UNFAMILIAR) return { adopted: own };
  const { widths, alignment } = searchTypesetting(segments, columns, declared);
  const found = { layout: columns.layout(widths), alignment };
  const weights = gapWeights(segments, found);
  if (total(weights) + UNFAMILIAR > total(ownWeights)) return { adopted: own };
  const lighter = weights.filter((weight, index) => weight < (ownWeights[index] ?? 0)).length;
  return lighter > 1 ? { adopted: found } : { adopted: own, doubt: found };
}

const gapWeights = <Values>(segments: readonly Segment<Values>[], typesetting: Typesetting): number[] =>
  segments.flatMap((segment) => lightestPath(segment, typesetting).gaps.map(({ weight }) => weight));
const total = (weights: readonly number[]): number => weights.reduce((left, right) => left + right, 0);

const lengthsOf = <Values>(segments: readonly Segment<Values>[]): number[] =>
  [...new Set(segments.flatMap(piecesOf).map(({ width }) => Math.ceil(width)))].filter(
    (length) => length <= WIDEST_COLUMN,
  );
const longestOf = <Values>(segments: readonly Segment<Values>[]): number => Math.max(1, ...lengthsOf(segments));

/** Tries the widths that occur, one column at a time. */
function searchTypesetting<Values>(
  segments: readonly Segment<Values>[],
  columns: Columns,
  declared: Omit<Candidate, 'weight'>,
): Candidate {
  const lengths = lengthsOf(segments);
  // A name that stands on the line of its values is not broken by its column.
  const names = segments.flatMap(({ rows }) => rows.flatMap(({ name }) => (name ? [Math.ceil(name.width)] : [])));
  const narrowest = Math.max(1, ...names.filter((width) => width <= WIDEST_COLUMN));
  const choices = columns.widths.map((_, column) =>
    column === columns.widths.length - 1 ? lengths.filter((length) => length >= narrowest) : lengths,
  );
  const sample = firstRows(segments, Math.ceil(SEARCH_LIMIT / (lengths.length * columns.widths.length)));
  const known = new Map<string, ReturnType<typeof allReadings>[]>();
  const weigh: Weigh = (widths, alignment) => {
    const layout = columns.layout(widths);
    const key = widths.join(' ');
    const readings = known.get(key) ?? sample.map((segment) => allReadings(segment, layout));
    known.set(key, readings);
    return total(sample.map((segment, index) => lightestPath(segment, { layout, alignment }, readings[index]).weight));
  };
  let best: Candidate = { ...declared, weight: weigh(declared.widths, declared.alignment) };
  for (const alignment of ALIGNMENTS) {
    for (const widths of [best.widths, best.widths.map(() => longestOf(segments))]) {
      if (best.weight > 0) best = descend({ ...best, widths, alignment }, best, choices, weigh);
    }
  }
  return best;
}

/** Enough of a long block to see how it is typeset: rows until the work of reading them is spent. */
function firstRows<Values>(segments: readonly Segment<Values>[], work: number): Segment<Values>[] {
  let left = work;
  return segments.flatMap((segment) => {
    const rows = segment.rows.filter(({ pieces }) => {
      left -= (pieces.length + 1) ** 3;
      return left > 0;
    });
    if (rows.length === segment.rows.length) return [segment];
    return rows.length === 0 ? [] : [{ ...segment, rows, trailing: [] }];
  });
}

type Weigh = (widths: readonly number[], alignment: Alignment) => number;

interface Candidate {
  readonly widths: readonly number[];
  readonly alignment: Alignment;
  readonly weight: number;
}

/** Other widths or another alignment must explain the block better by this much. */
const UNFAMILIAR = 2;
/** Readings times widths tried, about two seconds at most; a table like the published one needs a quarter. */
const SEARCH_LIMIT = 400_000;
/** Longer lines are prose. */
const WIDEST_COLUMN = 40;

/** Improves one width after the other until none gets lighter; `best` when that leads to nothing better. */
function descend(start: Candidate, best: Candidate, choices: readonly (readonly number[])[], weigh: Weigh): Candidate {
  const { alignment } = start;
  let here: Candidate = { ...start, weight: weigh(start.widths, alignment) };
  for (let improved = true; improved && here.weight > 0;) {
    improved = false;
    for (const [column, lengths] of choices.entries()) {
      for (const length of lengths) {
        const widths = here.widths.with(column, length);
        const weight = weigh(widths, alignment);
        if (weight >= here.weight) continue;
        here = { widths, alignment, weight };
        improved = true;
      }
    }
  }
  return here.weight < best.weight ? here : best;
}

const piecesOf = <Values>({ rows, trailing }: Segment<Values>): readonly Piece[] => [
  ...rows.flatMap(({ pieces, name }) => (name === undefined ? pieces : [...pieces, name])),
  ...trailing,
];
