/** Two schemas with the same tables, compared row by row. */
import type { ClientBase } from 'pg';
import type { Column, Table } from '#read-model/projections/tables.js';

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

/** Two schemas. */
export interface Sides {
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
    const limit = Math.max(0, sides.limit - differences.length);
    const compared = await compareRows(client, table, { ...sides, limit });
    differenceCount += compared.differenceCount;
    differences.push(...compared.differences);
  }
  return { rows, differenceCount, differences };
}

/** What of a table is compared: columns that both sides have, the whole key among them. */
export interface ComparedTable {
  readonly name: string;
  readonly columns: readonly Pick<Column, 'name' | 'isKey'>[];
}

export async function compareRows(
  client: ClientBase,
  table: ComparedTable,
  sides: Sides,
): Promise<Pick<Comparison, 'differenceCount' | 'differences'>> {
  // One row at least: it carries the count.
  const { rows } = await client.query(differing(table, { ...sides, limit: Math.max(1, sides.limit) }));
  const found = rows as Found[];
  return {
    differenceCount: Number(found[0]?.total ?? 0),
    differences: found.slice(0, sides.limit).map((pair) => differenceOf(table, pair)),
  };
}

interface Found {
  readonly expected: Columns | null;
  readonly found: Columns | null;
  readonly total: string;
}

const differing = ({ name, columns }: ComparedTable, { expected, found, limit }: Sides): string => {
  const key = columns.filter(({ isKey }) => isKey).map((column) => column.name);
  const compared = columns.map((column) => column.name).join(', ');
  return `SELECT to_jsonb(expected) AS expected, to_jsonb(found) AS found, count(*) OVER () AS total
    FROM (SELECT ${compared} FROM ${expected}.${name}) AS expected
    FULL JOIN (SELECT ${compared} FROM ${found}.${name}) AS found USING (${key.join(', ')})
    WHERE ROW (expected.*) IS DISTINCT FROM ROW (found.*)
    ORDER BY ${key.join(', ')} LIMIT ${limit}`;
};

function differenceOf({ name, columns }: ComparedTable, { expected, found }: Found): Difference {
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
