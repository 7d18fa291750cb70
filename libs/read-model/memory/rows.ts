/** Rows in memory as text, letter for letter as PostgreSQL writes them as `jsonb`: two sets of read models can be compared. */
import type { MemoryReadModels } from '#read-model/memory/read-models.js';
import type { MemoryTable } from '#read-model/memory/table.js';

/** Every row of every table, by the table's name, in the order of its text by code point. */
export function rowsInMemory({ tables }: MemoryReadModels): Record<string, readonly string[]> {
  const { papers, ...others } = tables;
  const all = [...Object.values(others), ...Object.values(papers)] as unknown as readonly MemoryTable<object>[];
  return Object.fromEntries(all.map((table) => [table.name, textsOf(table)]));
}

function textsOf(table: MemoryTable<object>): string[] {
  const columns = [...table.columns].sort((a, b) => byName(a.name, b.name));
  const texts = [...table.rows()].map((row) => {
    const values = row as Readonly<Record<string, unknown>>;
    return `{${columns.map(({ name, property }) => `"${name}": ${jsonb(values[property] ?? null)}`).join(', ')}}`;
  });
  return texts
    .map((text) => ({ text, bytes: Buffer.from(text) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ text }) => text);
}

/** By length, then by code point. */
const byName = (a: string, b: string): number =>
  Buffer.byteLength(a) - Buffer.byteLength(b) || Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Members in the order of their names; a space after each colon and comma. */
function jsonb(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonb).join(', ')}]`;
  const names = Object.keys(value).sort(byName);
  return `{${names.map((name) => `${JSON.stringify(name)}: ${jsonb((value as Record<string, unknown>)[name])}`).join(', ')}}`;
}
