/**
 * Many rows in many tables by one statement: each round trip costs more than the rows of a small batch. Every table is one
 * part, its columns are array parameters.
 */
import type { ClientBase } from 'pg';
import { arrayLiteral, type Column, type Table } from '#read-model/projections/tables.js';

/** What is to be done with rows of one table. A row may be in one part of a statement only. */
export interface Part {
  /** Parts of the same name have the same text. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly unknown[];
  /** `source` is the rows as `rows (c0, c1, …)`. */
  readonly sql: (source: string) => string;
}

/** Adds rows. */
export const adding = <Row>(table: Table<Row>, rows: readonly Row[]): Part => ({
  name: `add ${table.name}`,
  columns: table.columns,
  rows,
  sql: (source) => insertion(table, table.columns, source),
});

/** Adds rows; of those that are there already it sets `changing`, or adds to them what the rows hold (`sum`). */
export function entering<Row>(
  table: Table<Row>,
  rows: readonly Row[],
  { changing, sum = false }: { readonly changing: readonly (keyof Row)[]; readonly sum?: boolean },
): Part {
  const set = columnsOf(table, changing).map(
    ({ name }) => `${name} = ${sum ? `${table.name}.${name} + ` : ''}excluded.${name}`,
  );
  return merging(table, rows, set.join(', '));
}

/** Adds rows; `how` says what becomes of those that are there already, in SQL over `excluded` and the table's own name. */
export function merging<Row>(table: Table<Row>, rows: readonly Row[], how: string): Part {
  const keys = table.columns.filter(({ isKey }) => isKey).map(({ name }) => name);
  return {
    name: `enter ${table.name}`,
    columns: table.columns,
    rows,
    sql: (source) => `${insertion(table, table.columns, source)} ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${how}`,
  };
}

/** Of rows that are there it sets `changing`, or adds to them what the rows hold (`sum`). */
export function changing<Row>(
  table: Table<Row>,
  rows: readonly object[],
  { changing: changed, sum = false }: { readonly changing: readonly (keyof Row)[]; readonly sum?: boolean },
): Part {
  const keys = table.columns.filter(({ isKey }) => isKey);
  const columns = [...keys, ...columnsOf(table, changed)];
  const set = columns.flatMap((column, index) =>
    column.isKey ? [] : `${column.name} = ${sum ? `target.${column.name} + ` : ''}${selected(column, index)}`,
  );
  const same = keys.map(({ name }, index) => `target.${name} = c${index}`);
  return {
    name: `change ${table.name}`,
    columns,
    rows,
    sql: (source) => `UPDATE ${table.name} AS target SET ${set.join(', ')} FROM ${source} WHERE ${same.join(' AND ')}`,
  };
}

/** Does all parts that have rows, in no order: none sees what another does. */
export async function perform(client: ClientBase, parts: readonly Part[]): Promise<void> {
  const filled = parts.filter(({ rows }) => rows.length > 0);
  if (filled.length === 0) return;
  const { name, text } = statementOf(filled);
  await client.query({ ...(name === undefined ? {} : { name }), text, values: filled.flatMap(valuesOf) });
}

interface Prepared {
  readonly name: string | undefined;
  readonly text: string;
}

/** Combinations that have occurred, each prepared once by a connection; beyond this many they are planned every time. */
const KEPT = 64;
const prepared = new Map<string, Prepared>();

function statementOf(parts: readonly Part[]): Prepared {
  const key = parts.map(({ name }) => name).join(', ');
  const known = prepared.get(key);
  if (known !== undefined) return known;
  let first = 1;
  const texts = parts.map(({ columns, sql }) => {
    const source = `unnest(${parameters(columns, first)}) AS rows (${columns.map((_column, nth) => `c${nth}`).join(', ')})`;
    first += columns.length;
    return sql(source);
  });
  const others = texts.slice(0, -1).map((text, nth) => `part${nth} AS (${text})`);
  const text = `${others.length > 0 ? `WITH ${others.join(',\n')}\n` : ''}${texts.at(-1)}`;
  if (prepared.size >= KEPT) return { name: undefined, text };
  const statement = { name: `write ${prepared.size}`, text };
  prepared.set(key, statement);
  return statement;
}

const insertion = ({ name }: Pick<Table<unknown>, 'name'>, columns: readonly Column[], source: string): string =>
  `INSERT INTO ${name} (${columns.map((column) => column.name).join(', ')})
   SELECT ${columns.map(selected).join(', ')} FROM ${source}`;

const columnsOf = <Row>({ columns }: Table<Row>, properties: readonly (keyof Row)[]): readonly Column[] =>
  columns.filter(({ property }) => properties.includes(property as keyof Row));

/** `c3`, or `c3::jsonb` for what an array of text stands for. */
const selected = ({ type }: Column, index: number): string => (type === 'jsonb' ? `c${index}::jsonb` : `c${index}`);

const parameters = (columns: readonly Column[], first: number): string =>
  columns.map(({ type }, index) => `$${first + index}::${type === 'jsonb' ? 'text' : type}[]`).join(', ');

const valuesOf = ({ columns, rows }: Part): string[] =>
  columns.map(({ property, type }) =>
    arrayLiteral(
      rows.map((row) => (row as Record<string, unknown>)[property]),
      type,
    ),
  );
