/** Reads a block of rows whose headings and names may be wrapped. What typesetting leaves open is reported. */
import { type Findings, place } from '#forms/findings.js';
import { lightestPath, type Segment } from './reading-path.js';
import { chooseTypesetting, type Columns } from './typesetting.js';
import type { Gap } from './pieces.js';
import { BROKEN_WITHOUT_NEED } from './weights.js';
import { textOf, type GapReading } from './wrapped-cells.js';

export interface ReadRow<Values> {
  readonly no: number;
  readonly headings: GapReading['headings'];
  readonly name: string;
  readonly values: Values;
}

export interface ReadSegment<Values> {
  readonly rows: readonly ReadRow<Values>[];
  /** Headings after the last row. */
  readonly trailing: GapReading['headings'];
  /** Line in the file of the first of them. */
  readonly trailingNo: number;
}

export function readBlock<Values>(
  segments: readonly Segment<Values>[],
  columns: Columns,
  findings: Findings,
): ReadSegment<Values>[] {
  const { adopted, doubt } = chooseTypesetting(segments, columns);
  return segments.map((segment) => {
    const rows: { no: number; headings: GapReading['headings']; name: string; values: Values }[] = [];
    let trailing: GapReading['headings'] = [];
    const doubted = doubt && lightestPath(segment, doubt).gaps;
    for (const [index, { gap, row, reading, rivals }] of lightestPath(segment, adopted).gaps.entries()) {
      const other = doubted?.[index]?.reading;
      reportGap(gap, reading, other === undefined ? rivals : [...rivals, other], findings);
      const { tail = '', headings = [], name = gap.name?.text ?? '' } = reading ?? {};
      const last = rows.at(-1);
      if (last !== undefined) last.name += tail;
      if (row === undefined) trailing = headings;
      else rows.push({ no: row.no, headings, name, values: row.values });
    }
    for (const { no, name } of rows) if (name === '') findings.problem(place(no), 'NAME_MISSING');
    return { rows, trailing, trailingNo: segment.trailing[0]?.no ?? rows.at(-1)?.no ?? 0 };
  });
}

/** A gap that can be read in several ways, or only against all typesetting, is for a person to put right. */
function reportGap(gap: Gap, reading: GapReading | undefined, rivals: readonly GapReading[], findings: Findings): void {
  if (reading === undefined) {
    const found = gap.pieces.slice(0, 5).map(({ text }) => text);
    findings.problem(spanOf(gap), 'TEXT_UNEXPECTED', { found });
    return;
  }
  const readings = [...new Set([reading, ...rivals].map(textOf))];
  const strained = gap.pieces.length > 0 && reading.strain >= BROKEN_WITHOUT_NEED;
  if (readings.length > 1 || strained) {
    findings.problem(spanOf(gap), 'WRAPPED_NAME_AMBIGUOUS', { readings: readings.slice(0, 5) });
  }
}

const spanOf = ({ pieces, name }: Gap): string => {
  const first = pieces[0]?.no ?? name?.no ?? 0;
  const last = name?.no ?? pieces.at(-1)?.no ?? first;
  return first === last ? place(first) : `第 ${first}–${last} 行`;
};
