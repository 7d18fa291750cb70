/** Tables as their entities describe them, and rows in the two text forms in which PostgreSQL takes many at once. */
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { finished } from 'node:stream/promises';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';

export interface Column {
  readonly name: string;
  readonly property: string;
  readonly type: string;
  readonly isKey: boolean;
  readonly read: (value: unknown) => unknown;
}

export interface Table<Row> {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Only for the type of its rows. */
  readonly row?: Row;
}

export type Entity<Row> = EntityTarget<Row & ObjectLiteral>;

export function tableOf<Row>(dataSource: DataSource, entity: Entity<Row>): Table<Row> {
  const metadata = dataSource.getMetadata(entity);
  return {
    name: metadata.tableName,
    columns: metadata.columns.map(({ databaseName, propertyName, type, isPrimary, transformer }) => ({
      name: databaseName,
      property: propertyName,
      type: String(type),
      isKey: isPrimary,
      read: (value) => (transformer && 'from' in transformer ? (transformer.from(value) as unknown) : value),
    })),
  };
}

const UNQUOTED = new Set(['bigint', 'integer', 'smallint', 'boolean', 'date', 'uuid']);

/** `{1,NULL,2}`: PostgreSQL's text form of an array. Made here because the driver's own is several times slower. */
export function arrayLiteral(values: readonly unknown[], type: string): string {
  const element = UNQUOTED.has(type) ? plain : type === 'jsonb' ? quotedJson : quoted;
  let literal = '{';
  let separator = '';
  for (const value of values) {
    literal += separator + (value === null || value === undefined ? 'NULL' : element(value));
    separator = ',';
  }
  return `${literal}}`;
}

function quoted(value: unknown): string {
  const text = plain(value);
  return TO_ESCAPE.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"${text}"`;
}

const TO_ESCAPE = /["\\]/;
/** Text, numbers and booleans as PostgreSQL reads them. */
const plain = (value: unknown): string => (typeof value === 'string' ? value : String(value));
const quotedJson = (value: unknown): string => quoted(JSON.stringify(value));

/** The statement that takes rows as text. `freeze` only in the transaction that made the table. */
export const copyInto = ({ name, columns }: Table<unknown>, freeze: boolean): string =>
  `COPY ${name} (${columns.map((column) => column.name).join(', ')}) FROM STDIN${freeze ? ' WITH (FREEZE)' : ''}`;

/** Rows in COPY's text form. */
export function copyText<Row>({ columns }: Table<Row>, rows: readonly Row[]): string {
  let text = '';
  for (const row of rows as readonly Record<string, unknown>[]) {
    let separator = '';
    for (const { property, type } of columns) {
      text += separator + copyField(row[property], type);
      separator = '\t';
    }
    text += '\n';
  }
  return text;
}

function copyField(value: unknown, type: string): string {
  if (value === null || value === undefined) return '\\N';
  if (UNQUOTED.has(type)) return plain(value);
  const text = type === 'jsonb' ? JSON.stringify(value) : plain(value);
  return /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (letter) => COPY_ESCAPES[letter] ?? letter) : text;
}

const COPY_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Sends the text of a COPY. */
export async function copy(client: ClientBase, statement: string, chunks: readonly Buffer[]): Promise<void> {
  const stream = client.query(copyFrom(statement));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
}

/** Columns to select so that `rowOf` can read them. */
export const columnList = ({ columns }: Table<unknown>): string => columns.map(({ name }) => name).join(', ');

/** A row as its entity describes it, from the driver's row. */
export const rowOf = <Row>({ columns }: Table<Row>, raw: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(columns.map(({ name, property, read }) => [property, read(raw[name])])) as Row;
