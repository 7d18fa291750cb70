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
  const texts = [...table.all()].map((row) =>
    jsonb(
      Object.fromEntries(
        table.columns.map(({ name, property }) => [name, (row as Readonly<Record<string, unknown>>)[property] ?? null]),
      ),
    ),
  );
  return texts.sort(byCodePoint);
}

const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Members by the length of their names, then by code point; a space after each colon and comma. */
function jsonb(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonb).join(', ')}]`;
  const names = Object.keys(value).sort((a, b) => Buffer.byteLength(a) - Buffer.byteLength(b) || byCodePoint(a, b));
  return `{${names.map((name) => `${JSON.stringify(name)}: ${jsonb((value as Record<string, unknown>)[name])}`).join(', ')}}`;
}
