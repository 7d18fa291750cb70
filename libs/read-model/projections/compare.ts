/** Two schemas with the same tables, compared row by row. */
import type { ClientBase } from 'pg';
import type { Table } from '#read-model/projections/tables.js';

type Columns = Readonly<Record<string, unknown>>;

/** A row that is missing, too much, or not as it should be. */
export interface Difference {
  readonly table: string;
  /** The row's primary key. */
  readonly key: Columns;
  /** Columns that differ, as they should be; absent for a row that should not be there. */
  readonly expected?: Columns;
  /** The same columns as they are; absent for a row that is missing. */
  readonly found?: Columns;
}

export interface Comparison {
  /** Rows that should be there. */
  readonly rows: number;
  readonly differenceCount: number;
  readonly differences: readonly Difference[];
}

interface Sides {
  readonly expected: string;
  readonly found: string;
  /** At most this many differences are shown; all are counted. */
  readonly limit: number;
}

export async function compareTables(
  client: ClientBase,
  tables: readonly Table<unknown>[],
  sides: Sides,
): Promise<Comparison> {
  let rows = 0;
  let differenceCount = 0;
  const differences: Difference[] = [];
  for (const table of tables) {
    const counted = await client.query(`SELECT count(*) AS rows FROM ${sides.expected}.${table.name}`);
    rows += Number((counted.rows as { rows: string }[])[0]?.rows);
    const { rows: found } = await client.query(differing(table, sides));
    differenceCount += Number((found as { total: string }[])[0]?.total ?? 0);
    const shown = (found as Found[]).slice(0, Math.max(0, sides.limit - differences.length));
    differences.push(...shown.map((pair) => differenceOf(table, pair)));
  }
  return { rows, differenceCount, differences };
}

interface Found {
  readonly expected: Columns | null;
  readonly found: Columns | null;
}

const differing = ({ name, columns }: Table<unknown>, { expected, found, limit }: Sides): string => {
  const key = columns.filter(({ isKey }) => isKey).map((column) => column.name);
  return `SELECT to_jsonb(expected) AS expected, to_jsonb(found) AS found, count(*) OVER () AS total
    FROM ${expected}.${name} AS expected FULL JOIN ${found}.${name} AS found USING (${key.join(', ')})
    WHERE ROW (expected.*) IS DISTINCT FROM ROW (found.*)
    ORDER BY ${key.join(', ')} LIMIT ${limit}`;
};

function differenceOf({ name, columns }: Table<unknown>, { expected, found }: Found): Difference {
  const key = pick(
    expected ?? found ?? {},
    columns.filter(({ isKey }) => isKey).map((column) => column.name),
  );
  const differ = columns
    .filter(({ isKey }) => !isKey)
    .map((column) => column.name)
    .filter((column) => JSON.stringify(expected?.[column]) !== JSON.stringify(found?.[column]));
  return {
    table: name,
    key,
    ...(expected === null ? {} : { expected: pick(expected, differ) }),
    ...(found === null ? {} : { found: pick(found, differ) }),
  };
}

const pick = (row: Columns, names: readonly string[]): Columns =>
  Object.fromEntries(names.map((column) => [column, row[column]]));
