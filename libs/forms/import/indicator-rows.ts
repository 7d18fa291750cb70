/** Finds headers, first-level headings and values among the printed lines of the three indicator blocks. */
import { type Findings, place } from '#forms/findings.js';
import type { FirstLevel, FormDefinition, IndicatorColumn } from '#forms/performance-form.js';
import type { BlockRow, Segment } from './reading-path.js';
import { labelAt, START, type Line, type Spot } from './printed-lines.js';
import { pieceOf, type Piece } from './pieces.js';

/** Values as printed, the half-year one first. */
export type Values = readonly string[];

export interface FirstLevelSegment extends Segment<Values> {
  readonly firstLevel: FirstLevel;
  readonly no: number;
}

export interface IndicatorLines {
  readonly segments: readonly FirstLevelSegment[];
  /** Layouts whose header was found. */
  readonly headers: ReadonlySet<FirstLevel['layout']>;
  /** Some header names the full year before the half year. */
  readonly swapped: boolean;
}

/** Where the blocks begin: at the first header, else at the first first-level heading. */
export function startOfIndicators(lines: readonly Line[], from: Spot, form: FormDefinition): Spot | undefined {
  for (const find of [
    (spot: Spot) => headerAt(lines, spot, form) !== undefined,
    ({ line, cell }: Spot) => form.firstLevels.some(({ name }) => name === lines[line]?.cells[cell]),
  ]) {
    for (let line = from.line; line < lines.length; line += 1) {
      const spot = { line, cell: line === from.line ? from.cell : 0 };
      if (find(spot)) return spot;
    }
  }
  return undefined;
}

export function readIndicatorLines(lines: readonly Line[], form: FormDefinition, findings: Findings): IndicatorLines {
  const headers = new Set<FirstLevel['layout']>();
  const segments: FirstLevelSegment[] = [];
  let swappedNow = false;
  let swapped = false;
  let level = -1;
  for (let spot: Spot = START; spot.line < lines.length;) {
    const header = headerAt(lines, spot, form);
    if (header !== undefined) {
      swappedNow = reportOrder(header, form, findings);
      swapped ||= swappedNow;
      headers.add(header.layout);
      spot = header.to;
      continue;
    }
    const line = lines[spot.line];
    let cells = line?.cells.slice(spot.cell) ?? [];
    if (line === undefined) break;
    const found = form.firstLevels.findIndex(({ name }, index) => name === cells[0] && index >= level);
    const firstLevel = form.firstLevels[found];
    if (firstLevel !== undefined) {
      level = found;
      segments.push({ firstLevel, no: line.no, opensLevel1: true, rows: [], trailing: [] });
      cells = cells.slice(1);
    }
    addLine(segments.at(-1), { ...line, cells }, swappedNow, form, findings);
    spot = { line: spot.line + 1, cell: 0 };
  }
  for (const { no, values } of segments.flatMap(({ rows }) => rows)) reportCount(no, values, findings);
  return { segments, headers, swapped };
}

type Growing = { rows: BlockRow<string[]>[]; trailing: Piece[] };

/** Adds one printed line to a segment. Values that stand alone after a single value complete it. */
function addLine(
  segment: FirstLevelSegment | undefined,
  line: Line,
  swapped: boolean,
  form: FormDefinition,
  findings: Findings,
): void {
  const { text, values } = splitValues(line.cells, form);
  if (text.length === 0 && values.length === 0) return;
  if (segment === undefined) {
    findings.problem(place(line.no), 'TEXT_UNEXPECTED', { found: line.cells });
    return;
  }
  const { rows, trailing } = segment as unknown as Growing;
  if (/^\d+$/.test(line.cells.join(' '))) {
    findings.note(place(line.no), 'PAGE_NUMBER_SKIPPED', { found: line.cells });
    return;
  }
  const last = rows.at(-1);
  if (values.length === 1 && text.length === 0 && trailing.length === 0 && last?.values.length === 1) {
    if (swapped) last.values.unshift(...values);
    else last.values.push(...values);
    return;
  }
  const pieces = text.map((cell, index) =>
    pieceOf(cell, { no: line.no, sameLine: index > 0, apart: line.apart && index === 0 }),
  );
  if (values.length === 0) {
    trailing.push(...pieces);
    return;
  }
  const name = pieces.pop();
  rows.push({
    no: line.no,
    pieces: [...trailing, ...pieces],
    ...(name && { name }),
    values: swapped ? values.toReversed() : [...values],
  });
  trailing.length = 0;
}

/** Targets at the end of a line: with a comparator, a bare number, a word of the form, or one word twice. */
function splitValues(cells: readonly string[], form: FormDefinition): { text: string[]; values: string[] } {
  const all = respaced(cells, form);
  let start = all.length;
  while (start > 0 && isValue(all[start - 1] ?? '', form)) start -= 1;
  const [last, beforeLast] = [all.at(-1), all.at(-2)];
  if (start === all.length && last === beforeLast && /^\p{Script=Han}{2,4}$/u.test(last ?? '')) start -= 2;
  return { text: all.slice(0, start), values: all.slice(start) };
}

const isValue = (cell: string, form: FormDefinition): boolean =>
  /^([＝≥≤＞＜]|[=<>]=?)\s*\S/u.test(cell) ||
  /^[\d０-９][\d０-９.．,，]*[%％]?$/u.test(cell) ||
  form.qualitativeWords.includes(cell);

/** A target may be printed with blanks inside (`＝ 16 个`) or without one before it (`数量＝16个`). */
function respaced(cells: readonly string[], form: FormDefinition): string[] {
  const units = [...form.units, ...Object.keys(form.unitSpellings)].join('|');
  return cells
    .join(' ')
    .replace(/([＝≥≤＞＜]|[<>]=)\s+(?=[\d０-９])/gu, '$1')
    .replace(new RegExp(`([＝≥≤＞＜=][\\d０-９.．,，]+) (${units})(?= |$)`, 'gu'), '$1$2')
    .replace(/(?<=\S)(?=[＝≥≤＞＜][-－\d０-９])/gu, ' ')
    .split(' ')
    .filter((cell) => cell !== '');
}

function reportCount(no: number, values: Values, findings: Findings): void {
  if (values.length < 2) findings.problem(place(no, '全年指标值'), 'VALUE_MISSING', { found: values });
  if (values.length > 2) findings.problem(place(no, '全年指标值'), 'VALUE_UNEXPECTED', { found: values });
}

interface Header {
  readonly layout: FirstLevel['layout'];
  readonly no: number;
  readonly text: string;
  readonly to: Spot;
}

/** The column headings of a block, in whatever order, perhaps wrapped. */
function headerAt(lines: readonly Line[], spot: Spot, form: FormDefinition): Header | undefined {
  const first = lines[spot.line]?.cells[spot.cell];
  if (first === undefined || !isHeading(first, form)) return undefined;
  for (const layout of ['duties', 'plain'] as const) {
    const columns = form.layouts[layout];
    const length = columns.reduce((sum, { heading }) => sum + heading.length, 0);
    const complete = (text: string) => text.length === length && columns.every(({ heading }) => text.includes(heading));
    const label = labelAt(lines, spot, complete, length);
    if (label !== undefined) return { layout, no: label.no, text: label.text, to: label.to };
  }
  return damagedHeaderAt(lines, spot, form);
}

/** A line with most of the headings is a header still, so that its rest is not taken for names. */
function damagedHeaderAt(lines: readonly Line[], spot: Spot, form: FormDefinition): Header | undefined {
  const line = lines[spot.line];
  const cells = line?.cells.slice(spot.cell) ?? [];
  const known = form.layouts.duties.filter(({ heading }) => cells.includes(heading));
  if (line === undefined || known.length < 3) return undefined;
  const layout = known.some(({ key }) => key === 'keyWork') ? 'duties' : 'plain';
  return { layout, no: line.no, text: cells.join(' '), to: { line: spot.line + 1, cell: 0 } };
}

const isHeading = (cell: string, form: FormDefinition): boolean =>
  Object.values(form.layouts).some((columns) =>
    columns.some(({ heading }) => heading.startsWith(cell.slice(0, 3)) && cell.length > 1),
  );

/** Says whether the two value columns stand in each other's place. */
function reportOrder({ layout, no, text }: Header, form: FormDefinition, findings: Findings): boolean {
  const columns = form.layouts[layout];
  const order = (keys: readonly IndicatorColumn[]) => keys.map(({ heading }) => heading).join(' ');
  const printed = [...columns].sort((a, b) => text.indexOf(a.heading) - text.indexOf(b.heading));
  if (columns.some(({ heading }) => !text.includes(heading))) {
    findings.problem(place(no), 'HEADER_WRONG', { expected: order(columns), found: text });
    return false;
  }
  const wrong = printed.some(({ key }, index) => key !== columns[index]?.key);
  const rank = (key: string) => printed.findIndex((column) => column.key === key);
  const swapped = rank('half') > rank('annual');
  if (wrong) {
    const facts = { expected: order(columns), found: order(printed) };
    findings.problem(place(no), swapped ? 'COLUMNS_SWAPPED' : 'HEADER_WRONG', facts);
  }
  return swapped;
}
