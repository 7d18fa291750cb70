/** Text tables whose columns stand straight under Chinese headings: a Chinese character is two columns wide. */
import stringWidth from 'string-width';

export type Tone = 'good' | 'bad' | 'dim';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly heading: string;
  readonly align?: 'right';
}

export interface TableOptions {
  /** Set off by a rule below the rows: totals. */
  readonly foot?: readonly (string | Cell)[];
  readonly colours?: boolean;
}

const GAP = '  ';
const CODES: Readonly<Record<Tone, string>> = { good: '\x1b[32m', bad: '\x1b[31m', dim: '\x1b[2m' };
const RESET = '\x1b[0m';

/** Lines of text with a line break at the end of each; no blanks at the end of a line. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | Cell)[])[],
  { foot, colours = false }: TableOptions = {},
): string {
  const head = columns.map(({ heading }) => heading);
  const all = [head, ...rows, ...(foot ? [foot] : [])].map((row) => row.map(toCell));
  const widths = columns.map((_, index) => Math.max(...all.map((row) => stringWidth(row[index]?.text ?? ''))));
  const rule = widths.map((width) => '-'.repeat(width)).join(GAP);
  const lines = all.map((row) => line(row, { columns, widths, colours }));
  if (foot) lines.splice(-1, 0, rule);
  lines.splice(1, 0, rule);
  return lines.map((text) => `${text}\n`).join('');
}

interface Layout {
  readonly columns: readonly Column[];
  readonly widths: readonly number[];
  readonly colours: boolean;
}

function line(cells: readonly Cell[], { columns, widths, colours }: Layout): string {
  const last = cells.reduce((found, { text }, index) => (text === '' ? found : index), -1);
  return cells
    .slice(0, last + 1)
    .map((cell, index) => {
      const padding = ' '.repeat((widths[index] ?? 0) - stringWidth(cell.text));
      const text = colours ? paint(cell) : cell.text;
      if (columns[index]?.align === 'right') return `${padding}${text}`;
      return index === last ? text : `${text}${padding}`;
    })
    .join(GAP);
}

/** The text in the colour of its tone; for terminals only. */
export const paint = ({ text, tone }: Cell): string =>
  tone === undefined || text === '' ? text : `${CODES[tone]}${text}${RESET}`;

const toCell = (cell: string | Cell): Cell =>
  typeof cell === 'string' ? { text: printable(cell) } : { ...cell, text: printable(cell.text) };

/**
 * Text as a terminal may show it: names and purposes come from files of others, and an escape sequence or a character that
 * turns the direction of writing in one of them must not act on the reader's screen.
 */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' || character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
