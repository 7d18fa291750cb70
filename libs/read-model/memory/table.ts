/**
 * A table of the read models in memory. Its columns and its key are those of the entity; rows are copied on their way in and
 * out, as a database does, so nobody can change a stored row by holding on to it.
 */
import { getMetadataArgsStorage } from 'typeorm';
import { snakeCase } from '#read-model/entities/columns.js';
import type { Column, Table } from '#read-model/projections/tables.js';

/** Takes one change back; what a batch has changed is undone in reverse order. */
export type Undo = () => void;

export class MemoryTable<Row extends object> implements Table<Row> {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly #keys: readonly string[];
  readonly #documents: readonly string[];
  readonly #byUnitAndYear: boolean;
  /** By unit and year, where the key begins with them; each in the order of entry. */
  readonly #groups = new Map<string, Map<string, Row>>();

  constructor(entity: new () => Row) {
    const { name, columns } = described(entity);
    this.name = name;
    this.columns = columns;
    this.#keys = this.columns.filter(({ isKey }) => isKey).map(({ property }) => property);
    this.#documents = this.columns.filter(({ type }) => type === 'jsonb').map(({ property }) => property);
    this.#byUnitAndYear = this.#keys[0] === 'unit' && this.#keys[1] === 'year';
  }

  /** Every row, of one unit and year after another. */
  *all(): Generator<Row> {
    for (const row of this.rows()) yield this.#copyOf(row);
  }

  /** The same, not copied: to be read at once and never changed. */
  *rows(): Generator<Readonly<Row>> {
    for (const group of this.#groups.values()) yield* group.values();
  }

  /** Rows of one unit and year in the order of entry; not copied: to be read at once and never changed. */
  of(unit: string, year: number): Iterable<Readonly<Row>> {
    return this.#groups.get(`${unit} ${year}`)?.values() ?? [];
  }

  /** The row with the same key as `row`. */
  find(row: Partial<Row>): Row | undefined {
    const found = this.#groups.get(this.#groupOf(row))?.get(this.#keyOf(row));
    return found === undefined ? undefined : this.#copyOf(found);
  }

  /** Throws when there is a row with the same key. */
  add(row: Row, undo: Undo[]): void {
    if (this.find(row) !== undefined) throw new Error(`${this.name} has a row ${this.#keyOf(row)} already`);
    this.put(row, undo);
  }

  /** Enters a row in the place of the one with its key, if there is one. */
  put(row: Row, undo: Undo[]): void {
    const groupKey = this.#groupOf(row);
    const key = this.#keyOf(row);
    const group = this.#groups.get(groupKey) ?? new Map<string, Row>();
    this.#groups.set(groupKey, group);
    const before = group.get(key);
    undo.push(() => void (before === undefined ? group.delete(key) : group.set(key, before)));
    group.set(key, this.#copyOf(row));
  }

  /** Sets properties of the row with this key. Throws when there is none. */
  change(row: Partial<Row>, properties: readonly (keyof Row)[], undo: Undo[]): void {
    const stored = this.find(row);
    if (stored === undefined) throw new Error(`${this.name} has no row ${this.#keyOf(row)}`);
    for (const property of properties) stored[property] = row[property] as Row[keyof Row];
    this.put(stored, undo);
  }

  /** What was nested in a row becomes a document of its own, without members that are undefined. */
  #copyOf(row: Row): Row {
    const copy = { ...row } as Record<string, unknown>;
    for (const property of this.#documents) {
      const value = copy[property];
      if (typeof value === 'object' && value !== null) copy[property] = JSON.parse(JSON.stringify(value)) as unknown;
    }
    return copy as Row;
  }

  #groupOf(row: Partial<Row>): string {
    const { unit, year } = row as Readonly<Record<string, unknown>>;
    return this.#byUnitAndYear ? `${String(unit)} ${String(year)}` : '';
  }

  #keyOf(row: Partial<Row>): string {
    return this.#keys.map((property) => String((row as Readonly<Record<string, unknown>>)[property])).join(' ');
  }
}

interface Description {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** What the entity says of itself; looked up once. */
function described(entity: new () => object): Description {
  const known = DESCRIPTIONS.get(entity);
  if (known !== undefined) return known;
  const storage = getMetadataArgsStorage();
  const columns = storage.filterColumns(entity).map(({ propertyName, options }): Column => ({
    name: snakeCase(propertyName),
    property: propertyName,
    type: String(options.type),
    isKey: options.primary === true,
    read: (value) => value,
  }));
  const description = { name: storage.filterTables(entity)[0]?.name ?? '', columns };
  DESCRIPTIONS.set(entity, description);
  return description;
}

const DESCRIPTIONS = new Map<new () => object, Description>();
