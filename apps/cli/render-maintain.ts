/** What verifying found, as text for people. */
import { printable } from './table.js';

type Columns = Readonly<Record<string, unknown>>;

/** Without `expected` the row should not be there, without `found` it is missing. */
export interface DifferenceBody {
  readonly table: string;
  readonly key: Columns;
  readonly expected?: Columns;
  readonly found?: Columns;
}

/** `ok`: nothing differs, no revision is missing, and no stream is parked. At most 100 differences are listed. */
export interface VerifiedBody {
  readonly ok: boolean;
  readonly events: number;
  readonly rows: number;
  readonly differenceCount: number;
  readonly differences: readonly DifferenceBody[];
  readonly gaps: readonly { readonly stream: string; readonly from: number; readonly to: number }[];
  /** Streams whose projection stopped at an event. */
  readonly parked: readonly { readonly stream: string; readonly revision: number; readonly error: string }[];
}

export function renderVerified({ ok, events, rows, differenceCount, ...found }: VerifiedBody): string {
  const { differences, gaps, parked } = found;
  const head = `Verified ${rows} rows against ${events} events`;
  if (ok) return `${head}: nothing differs.\n`;
  const hidden = differenceCount - differences.length;
  const lines = [
    `${head}: rows that differ ${differenceCount}, gaps in revisions ${gaps.length}, parked streams ${parked.length}.`,
    ...differences.map(differenceWords),
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
    ...gaps.map(({ stream, from, to }) => `  ${stream}: revisions ${from} to ${to} are missing`),
    ...parked.map(({ stream, revision, error }) => `  ${stream}: parked at revision ${revision}: ${error}`),
    'The log is the truth: `budget rebuild` fills the read models from it again.',
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

export function differenceWords({ table, key, expected, found }: DifferenceBody): string {
  const row = `  ${table} ${columnsOf(key)}`;
  if (found === undefined) return `${row}: is missing`;
  if (expected === undefined) return `${row}: should not be there`;
  return `${row}: should be ${columnsOf(expected)}, is ${columnsOf(found)}`;
}

const columnsOf = (columns: Columns): string =>
  Object.entries(columns)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
