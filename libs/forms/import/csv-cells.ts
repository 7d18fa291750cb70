/** Cells of a CSV row: dates, amounts, words and lines. Each names its problem and gives what it could read. */
import { parseCivilDate, yearOf, type CivilDate } from '#domain/calendar.js';
import { parseYuan, type Fen } from '#domain/money.js';
import type { Findings } from '#forms/findings.js';

/** Lines that a file may name, by id or by exact name. */
export interface LineDirectory {
  readonly ids: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

export function lineDirectory(lines: Iterable<{ readonly line: string; readonly name: string }>): LineDirectory {
  const ids = new Set<string>();
  const byName = new Map<string, string[]>();
  for (const { line, name } of lines) {
    ids.add(line);
    byName.set(name, [...(byName.get(name) ?? []), line]);
  }
  return { ids, byName };
}

export interface CsvOptions {
  /** Year of the books: dates outside it are refused. */
  readonly year: number;
  readonly lines: LineDirectory;
}

/** A number that stands in the file before; `same` tells an equal row from a different one. */
export function reportDuplicate(
  seen: Map<string, { row: number; same: string }>,
  key: string,
  entry: { row: number; same: string },
  at: string,
  findings: Findings,
  number = key,
): void {
  const first = seen.get(key);
  if (first === undefined) seen.set(key, entry);
  else findings.problem(at, 'DUPLICATE_IN_FILE', { number, first: first.row, equal: first.same === entry.same });
}

export function wordCell<const Word extends string>(
  value: string,
  allowed: readonly Word[],
  at: string,
  findings: Findings,
): Word | undefined {
  const found = allowed.find((word) => word === value);
  if (found === undefined) findings.problem(at, 'VALUE_NOT_ALLOWED', { found: value.slice(0, 80), allowed });
  return found;
}

export function dateCell(value: string, year: number, at: string, findings: Findings): CivilDate | undefined {
  const date = parseCivilDate(value);
  if (date === undefined) findings.problem(at, 'DATE_NOT_VALID', { found: value.slice(0, 40) });
  else if (yearOf(date) !== year) findings.problem(at, 'DATE_OUTSIDE_YEAR', { found: date, year });
  return date;
}

/** A date that may be left out. */
export const optionalDateCell = (value: string, year: number, at: string, findings: Findings): CivilDate | undefined =>
  value === '' ? undefined : dateCell(value, year, at, findings);

/** Yuan with at most two decimals, above zero. */
export function amountCell(value: string, at: string, findings: Findings): Fen | undefined {
  const amount = value.length > 40 ? 'AMOUNT_OUT_OF_RANGE' : parseYuan(value);
  if (typeof amount === 'string') findings.problem(at, amount, { found: value.slice(0, 80) });
  else if (amount > 0) return amount;
  else findings.problem(at, 'AMOUNT_NOT_POSITIVE', { found: value });
  return undefined;
}

/** An id goes before a name. */
export function lineCell(value: string, lines: LineDirectory, at: string, findings: Findings): string | undefined {
  if (lines.ids.has(value)) return value;
  const named = lines.byName.get(value.normalize('NFC')) ?? [];
  if (named.length === 1) return named[0];
  if (value === '') findings.problem(at, 'CELL_EMPTY');
  else if (named.length === 0) findings.problem(at, 'LINE_UNKNOWN', { found: value.slice(0, 80) });
  else findings.problem(at, 'LINE_AMBIGUOUS', { found: value, lines: named });
  return undefined;
}
