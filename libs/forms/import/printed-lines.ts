/**
 * The text layer of a printed table as lines of cells. The layer keeps no columns: cells of one printed line are apart by
 * blanks, a wrapped cell goes on in the next line, and blank lines come and go.
 */
import { type Findings, WHOLE_FILE, place } from '#forms/findings.js';

export interface Line {
  /** Counted from 1 in the file. */
  readonly no: number;
  readonly cells: readonly string[];
  /** A blank line stands before it. */
  readonly apart: boolean;
}

const PAGE_NUMBER = /^(第\s*\d+\s*页(\s*[,，/]?\s*共\s*\d+\s*页)?|[-—–]\s*\d{1,4}\s*[-—–]|\d{1,4}\s*\/\s*\d{1,4})$/;
/** Radicals that PDF fonts put where characters belong: ⼟ for 土. They compare as different text. */
const RADICALS = /[\u2f00-\u2fd5]/g;

/** A table of 2,000 lines and 2,000 indicators, all wrapped, has fewer. */
const PRINTED_LINES_LIMIT = 20_000;
/** No paragraph is as long. */
const LINE_LIMIT = 20_000;
/** Blank ones included. */
const FILE_LINES_LIMIT = 200_000;

/** Lines that hold anything, without page numbers; `undefined` when there are too many. Blanks of every width part cells. */
export function printedLines(text: string, findings: Findings): Line[] | undefined {
  const count = lineCount(text);
  if (count > FILE_LINES_LIMIT) {
    findings.problem(WHOLE_FILE, 'TOO_MANY_ROWS', { rows: count, limit: FILE_LINES_LIMIT });
    return undefined;
  }
  const lines: Line[] = [];
  let apart = false;
  text.split(/\r\n|[\n\r\u2028\u2029]/).forEach((raw, index) => {
    const printed = raw.replace(/\f/g, ' ').trim();
    if (printed === '' || PAGE_NUMBER.test(printed)) {
      apart = true;
      return;
    }
    if (printed.length > LINE_LIMIT) {
      findings.problem(place(index + 1), 'TEXT_TOO_LONG', { length: printed.length, limit: LINE_LIMIT });
      return;
    }
    const plain = printed.replace(RADICALS, (radical) => radical.normalize('NFKC'));
    if (plain !== printed) findings.note(place(index + 1), 'RADICALS_REPLACED', { found: printed });
    lines.push({ no: index + 1, cells: plain.split(/\s+/u), apart });
    apart = false;
  });
  if (lines.length <= PRINTED_LINES_LIMIT) return lines;
  findings.problem(WHOLE_FILE, 'TOO_MANY_ROWS', { rows: lines.length, limit: PRINTED_LINES_LIMIT });
  return undefined;
}

function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** A place between cells: the cell itself counts as after it. */
export interface Spot {
  readonly line: number;
  readonly cell: number;
}

export interface Label {
  readonly text: string;
  readonly no: number;
  readonly from: Spot;
  /** Just after the label. */
  readonly to: Spot;
}

export const START: Spot = { line: 0, cell: 0 };

/** A heading never wraps over more cells than this. */
const LABEL_CELLS = 12;

/** The first label at or after a spot that begins a line and, over as many cells as it is wrapped into, satisfies `accepts`. */
export function findLabel(
  lines: readonly Line[],
  from: Spot,
  accepts: (text: string) => boolean,
  longest: number,
): Label | undefined {
  for (let line = from.line; line < lines.length; line += 1) {
    const first = line === from.line ? from.cell : 0;
    const label = labelAt(lines, { line, cell: first }, accepts, longest);
    if (label !== undefined) return label;
  }
  return undefined;
}

/** The label that begins exactly at a spot, if there is one. `longest`: no label has more characters. */
export function labelAt(
  lines: readonly Line[],
  from: Spot,
  accepts: (text: string) => boolean,
  longest: number,
): Label | undefined {
  let text = '';
  let { line, cell } = from;
  for (let taken = 0; taken < LABEL_CELLS; taken += 1) {
    while (line < lines.length && cell >= (lines[line]?.cells.length ?? 0)) {
      line += 1;
      cell = 0;
    }
    const next = lines[line]?.cells[cell];
    if (next === undefined || text.length + next.length > longest) return undefined;
    text += next;
    cell += 1;
    if (accepts(text)) return { text, no: lines[from.line]?.no ?? 0, from, to: { line, cell } };
  }
  return undefined;
}

/** The lines from one spot to another; the first and the last may lose cells. */
export function linesBetween(lines: readonly Line[], from: Spot, to: Spot): Line[] {
  return lines.slice(from.line, to.line + 1).flatMap((line, offset) => {
    const index = from.line + offset;
    const cells = line.cells.slice(index === from.line ? from.cell : 0, index === to.line ? to.cell : undefined);
    return cells.length === 0 ? [] : [{ ...line, cells }];
  });
}

export const endOf = (lines: readonly Line[]): Spot => ({ line: lines.length, cell: 0 });
