/**
 * Two schemas of read models side by side: a checksum of every table, then row by row those tables whose checksums differ.
 * They may have been made by different programs: what only one of them has is named, what both have is compared.
 */
import type { ClientBase } from 'pg';
import { compareRows, type Comparison, type Difference, type Sides } from '#read-model/projections/compare.js';

/** A table or column that only one side has; a column whose type differs counts as two. */
export interface LayoutDifference {
  readonly table: string;
  readonly column?: string;
  readonly only: 'expected' | 'found';
}

export interface TableComparison {
  readonly table: string;
  readonly rows: { readonly expected: number; readonly found: number };
  /** Of all rows, in no order; 16 hexadecimal digits. Over the columns that both sides have. */
  readonly checksums: { readonly expected: string; readonly found: string };
}

export interface SchemaComparison extends Comparison {
  /** By name. */
  readonly tables: readonly TableComparison[];
  readonly layout: readonly LayoutDifference[];
  /** Tables that differ but have no key in common by which their rows could be told apart. */
  readonly notByRow: readonly string[];
}

interface CompareOptions extends Sides {
  /** Told after each table. */
  readonly onTable?: (done: number, total: number) => void;
}

/** Within one transaction that sees both at the same position. */
export async function compareSchemas(client: ClientBase, options: CompareOptions): Promise<SchemaComparison> {
  const { expected, found, limit, onTable = () => undefined } = options;
  const [ours, theirs] = [await shapesOf(client, expected), await shapesOf(client, found)];
  const names = [...ours.keys()].filter((name) => theirs.has(name));
  const tables: TableComparison[] = [];
  const notByRow: string[] = [];
  const differences: Difference[] = [];
  let differenceCount = 0;
  for (const [nth, table] of names.entries()) {
    const shared = sharedColumns(ours.get(table) ?? [], theirs.get(table) ?? []);
    const [left, right] = [await summed(client, expected, table, shared), await summed(client, found, table, shared)];
    tables.push({
      table,
      rows: { expected: left.rows, found: right.rows },
      checksums: { expected: left.checksum, found: right.checksum },
    });
    if (left.checksum !== right.checksum || left.rows !== right.rows) {
      const shown = Math.max(0, limit - differences.length);
      if (shared.some(({ isKey }) => isKey)) {
        const rows = await compareRows(client, { name: table, columns: shared }, { expected, found, limit: shown });
        differenceCount += rows.differenceCount;
        differences.push(...rows.differences);
      } else {
        notByRow.push(table);
      }
    }
    onTable(nth + 1, names.length);
  }
  const rows = tables.reduce((total, table) => total + table.rows.expected, 0);
  return { rows, differenceCount, differences, tables, layout: layoutDifferences(ours, theirs), notByRow };
}

interface ShapeColumn {
  readonly name: string;
  readonly type: string;
  readonly isKey: boolean;
}

/** Columns by table, but for the list of migrations. */
async function shapesOf(client: ClientBase, schema: string): Promise<ReadonlyMap<string, readonly ShapeColumn[]>> {
  const { rows } = await client.query(
    `SELECT relname AS table, attname AS name, format_type(atttypid, atttypmod) AS type,
            coalesce(attnum = ANY ((indkey::int2[])[0:indnkeyatts - 1]), false) AS "isKey"
     FROM pg_class
     JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
     LEFT JOIN pg_index ON indrelid = pg_class.oid AND indisprimary
     WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND relname <> 'migrations'
     ORDER BY relname, attnum`,
    [schema],
  );
  const shapes = new Map<string, ShapeColumn[]>();
  for (const { table, ...column } of rows as (ShapeColumn & { table: string })[]) {
    shapes.set(table, [...(shapes.get(table) ?? []), column]);
  }
  return shapes;
}

const isSame = (a: ShapeColumn, b: ShapeColumn): boolean => a.name === b.name && a.type === b.type;

/** Columns of both; as keys only where the whole key is the same, since half a key tells no rows apart. */
function sharedColumns(ours: readonly ShapeColumn[], theirs: readonly ShapeColumn[]): readonly ShapeColumn[] {
  const keyOf = (columns: readonly ShapeColumn[]): string =>
    JSON.stringify(columns.filter(({ isKey }) => isKey).map(({ name, type }) => [name, type]));
  const sameKey = keyOf(ours) === keyOf(theirs);
  return ours
    .filter((column) => theirs.some((other) => isSame(column, other)))
    .map((column) => ({ ...column, isKey: sameKey && column.isKey }));
}

function layoutDifferences(
  ours: ReadonlyMap<string, readonly ShapeColumn[]>,
  theirs: ReadonlyMap<string, readonly ShapeColumn[]>,
): LayoutDifference[] {
  const onlyIn = (here: typeof ours, there: typeof ours, only: LayoutDifference['only']): readonly LayoutDifference[] =>
    [...here].flatMap(([table, columns]): LayoutDifference[] => {
      const others = there.get(table);
      if (others === undefined) return [{ table, only }];
      return columns
        .filter((column) => !others.some((other) => isSame(column, other)))
        .map(({ name }) => ({ table, column: name, only }));
    });
  return [...onlyIn(ours, theirs, 'expected'), ...onlyIn(theirs, ours, 'found')];
}

interface Summed {
  readonly rows: number;
  readonly checksum: string;
}

/** The sum of the rows' hashes, which no order changes. */
async function summed(
  client: ClientBase,
  schema: string,
  table: string,
  columns: readonly ShapeColumn[],
): Promise<Summed> {
  const row = `ROW (${columns.map(({ name }) => `"${name}"`).join(', ')})`;
  const { rows } = await client.query(
    `SELECT count(*) AS rows, coalesce(sum(hash_record_extended(${row}, 0)), 0)::text AS sum FROM ${schema}.${table}`,
  );
  const found = (rows as { rows: string; sum: string }[])[0];
  const checksum = BigInt.asUintN(64, BigInt(found?.sum ?? 0))
    .toString(16)
    .padStart(16, '0');
  return { rows: Number(found?.rows ?? 0), checksum };
}
