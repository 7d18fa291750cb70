/** A file before it is booked, and what became of it, as text for people. */
import { shownAmount } from './amounts.js';
import { inputWord, valueWord } from './labels.js';
import { PLAIN, type Style } from './page.js';
import { printable, table, type Cell, type Column } from './table.js';

type Row = Readonly<Record<string, unknown>>;

/** Of a file that could not be read the system knows neither unit nor year. Facts stand beside the message of a problem. */
export interface PreviewBody {
  readonly id: string;
  /** Of what was previewed; a confirmation names it. */
  readonly fingerprint: string;
  readonly sha256: string;
  readonly kind: string;
  readonly unit?: string;
  readonly unitName?: string;
  readonly newUnit?: boolean;
  readonly year?: number;
  /** The first rows; `rowCount` has them all, `repeats` those that are booked already. */
  readonly rows: readonly Row[];
  readonly rowCount: number;
  readonly indicatorCount?: number;
  readonly repeats?: number;
  readonly controls: readonly Control[];
  readonly notes?: readonly ProblemAt[];
  readonly inferences: readonly { readonly what: string; readonly value: unknown; readonly why: string }[];
  readonly differences: readonly { readonly what: string; readonly stored: unknown; readonly file: unknown }[];
  readonly problems: readonly ProblemAt[];
  readonly problemCount: number;
  readonly confirmable: boolean;
}

interface Control {
  readonly check: string;
  readonly name?: string;
  readonly expected: string;
  readonly actual: string | null;
  readonly ok: boolean;
}

type ProblemAt = Row & { readonly at: string; readonly code: string; readonly message: string };

/** Rows booked and left; `refused` has the rows at fault, `null` for a fault that no single row has. */
export interface OutcomeBody {
  readonly id: string;
  readonly state: 'booked' | 'partly';
  readonly booked: number;
  /** Events that this booking wrote. */
  readonly written: number;
  readonly refused: readonly { readonly row: number | null; readonly code: string; readonly message: string }[];
  readonly left: number;
  readonly position?: string;
}

/** Rows beyond these are only counted. */
const ROWS_SHOWN = 40;

export function renderPreview(preview: PreviewBody, style: Style = PLAIN): string {
  const { problems, problemCount, inferences, differences, notes = [] } = preview;
  const hidden = problemCount - problems.length;
  const parts = [
    headPart(preview),
    rowsPart(preview, style),
    controlsPart(preview, style),
    list('Notes', notes.map(problemWords)),
    list(
      'Inferred, not stated',
      inferences.map(({ what, value, why }) => `${what}: ${shown(value)} (${why})`),
    ),
    list(
      'Different from what is booked',
      differences.map(({ what, stored, file }) => `${what}: booked ${shown(stored)}, file ${shown(file)}`),
    ),
    list(`Problems (${problemCount})`, [
      ...problems.map(problemWords),
      ...(hidden > 0 ? [`… and ${hidden} more`] : []),
    ]),
    preview.confirmable ? '' : 'This file cannot be booked; nothing was changed.',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** `rowCount`: rows of the file that was booked. */
export function renderOutcome({ state, booked, written, refused, left, position }: OutcomeBody, rowCount: number) {
  const where = position === undefined ? '' : `, log position ${position}`;
  if (state === 'booked') {
    const nothing = `Nothing new was written: all ${rowCount} rows are booked already.`;
    return `${written === 0 ? nothing : printable(`Booked: rows ${rowCount}, events ${written}${where}.`)}\n`;
  }
  const lines = [
    `Booked in part: rows booked ${booked}, left ${left}${where}.`,
    ...refused.map(({ row, code, message }) => `  ${row === null ? '' : `row ${row}: `}${message} [${code}]`),
    'Mend what was refused and give the same command again: what is booked is not booked twice.',
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function headPart({
  kind,
  unit,
  unitName = '',
  newUnit,
  year,
  sha256,
  rowCount,
  indicatorCount,
  repeats,
}: PreviewBody): string {
  const where =
    unit === undefined ? '' : ` for ${unit}${unitName && ` ${unitName}`}${newUnit ? ' (new unit)' : ''}, ${year}`;
  const counts = [
    `${rowCount} rows`,
    indicatorCount === undefined ? '' : `${indicatorCount} indicators`,
    repeats ? `${repeats} rows booked already` : '',
    `SHA-256 ${sha256}`,
  ];
  return [`Preview of ${kind}${where}`, counts.filter(Boolean).join(', ')].map(printable).join('\n');
}

/** Whatever columns the rows of this kind of file have, in the order in which they first appear. */
function rowsPart({ rows, rowCount }: PreviewBody, { language, moneyUnit, colours }: Style): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) return '';
  const columns = names.map((name): Column => {
    const figures = rows.every((row) => row[name] === undefined || isFigure(row[name]));
    const heading = inputWord(name, language);
    return figures ? { heading, align: 'right' } : { heading };
  });
  const listed = rows.slice(0, ROWS_SHOWN);
  const cells = listed.map((row) => names.map((name) => cell(row[name], { name, language, moneyUnit })));
  const text = table(columns, cells, { colours }).trimEnd();
  return rowCount > listed.length ? `${text}\n… and ${rowCount - listed.length} more rows` : text;
}

function controlsPart({ controls }: PreviewBody, { language, moneyUnit, colours }: Style): string {
  if (controls.length === 0) return '';
  const [check, stated, summed] = language === 'zh' ? ['核对', '表列', '相加'] : ['Check', 'Stated', 'Added up'];
  const columns: Column[] = [
    { heading: '' },
    { heading: check },
    { heading: stated, align: 'right' },
    { heading: summed, align: 'right' },
  ];
  const rows = controls.map((control): (string | Cell)[] => [
    control.ok ? { text: '✓', tone: 'good' } : { text: '✗', tone: 'bad' },
    control.name ?? control.check,
    shownAmount(control.expected, moneyUnit),
    control.actual === null ? '?' : shownAmount(control.actual, moneyUnit),
  ]);
  return table(columns, rows, { colours }).trimEnd();
}

function problemWords({ at, code, message, ...facts }: ProblemAt): string {
  const rest = Object.entries(facts).filter(([, fact]) => fact !== undefined && fact !== null);
  const said = rest.length === 0 ? '' : ` (${rest.map(([name, fact]) => `${name} ${shown(fact)}`).join(', ')})`;
  return `${at === '' ? '' : `${at}: `}${message}${said} [${code}]`;
}

const list = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : [`${title}:`, ...items.map((item) => `  ${item}`)].map(printable).join('\n');

const isFigure = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));

const isAmount = (value: unknown): value is string => typeof value === 'string' && /^-?\d+\.\d{2}$/.test(value);

/** Columns whose values are codes that have words. */
const CODED = ['fund', 'expenditure', 'kind'];

function cell(value: unknown, { name, language, moneyUnit }: Pick<Style, 'language' | 'moneyUnit'> & { name: string }) {
  if (isAmount(value)) return shownAmount(value, moneyUnit);
  return CODED.includes(name) ? valueWord(shown(value), language) : shown(value);
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
