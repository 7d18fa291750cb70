/** Two forms of one kind, row by row: where the second is not what the first says. */
import type { FormDifferenceDto } from './submission.dto.js';

type Row = Readonly<Record<string, unknown>>;

/** By what the rows of a block are told apart. Of a form that has no such block nothing is compared. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  funds: ['row'],
  indicators: ['indicator'],
  groups: ['group'],
  checks: ['check', 'at'],
};

/** In the order of the form: its head, then block by block; a row that one of them lacks is one difference. */
export function formDifferences(submitted: object, now: object): readonly FormDifferenceDto[] {
  const [before, after] = [submitted as Row, now as Row];
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return members.flatMap((member): readonly FormDifferenceDto[] => {
    const keys = KEYS[member];
    if (keys === undefined) return memberDifference({ block: '', row: '', member }, before[member], after[member]);
    return blockDifferences(member, keys, [rowsOf(before[member]), rowsOf(after[member])]);
  });
}

const rowsOf = (block: unknown): readonly Row[] => (Array.isArray(block) ? (block as readonly Row[]) : []);

function blockDifferences(
  block: string,
  keys: readonly string[],
  [before, after]: readonly [readonly Row[], readonly Row[]],
): readonly FormDifferenceDto[] {
  const keyOf = (row: Row): string =>
    keys
      .map((key) => text(row[key]) ?? '')
      .join(' ')
      .trim();
  const [first, second] = [before, after].map((rows) => new Map(rows.map((row) => [keyOf(row), row])));
  return [...new Set([...before, ...after].map(keyOf))].flatMap((row): readonly FormDifferenceDto[] => {
    const [left, right] = [first?.get(row), second?.get(row)];
    if (left === undefined || right === undefined) return memberDifference({ block, row, member: '' }, left, right);
    const members = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return members.flatMap((member) => memberDifference({ block, row, member }, left[member], right[member]));
  });
}

function memberDifference(
  at: Pick<FormDifferenceDto, 'block' | 'row' | 'member'>,
  before: unknown,
  after: unknown,
): readonly FormDifferenceDto[] {
  const [submitted, now] = [text(before), text(after)];
  if (submitted === now) return [];
  return [{ ...at, ...(submitted === undefined ? {} : { submitted }), ...(now === undefined ? {} : { now }) }];
}

/** A text as it is, anything else as JSON with its members in order; nothing for what is not there. */
function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, inner]) => [name, sorted(inner)]));
}
