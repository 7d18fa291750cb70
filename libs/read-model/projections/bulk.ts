/**
 * Writes batches into tables that nobody reads yet: rows by COPY, sums not at all (they are made at the end, in one pass).
 * While one batch is written the next is folded.
 */
import type { ClientBase } from 'pg';
import type { LogClock } from '#read-model/entities/progress.js';
import type { Absorbed } from '#read-model/projections/absorb.js';
import type { Place } from '#read-model/projections/clock.js';
import type { ReadTables } from '#read-model/projections/read-tables.js';
import { snakeCase } from '#read-model/entities/columns.js';
import { TOTAL_COLUMNS } from '#read-model/projections/sums.js';
import { adding, perform } from '#read-model/projections/statement.js';
import { copy, copyInto, copyText, type Table } from '#read-model/projections/tables.js';
import { additions, headsReached, linesDefined, papersChanged } from '#read-model/projections/write.js';

export class BulkWriter {
  #writing: Promise<void> = Promise.resolve();
  /** The clock may still have this time at a later place. */
  #latest: LogClock | undefined;

  constructor(
    private readonly client: ClientBase,
    private readonly tables: ReadTables,
    /** Rows are visible to all at once and need no later vacuum; only in the transaction that made the tables. */
    private readonly freeze: boolean,
  ) {}

  /** Resolves when all batches so far are written, and rejects when one could not be. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Begins to write a batch after the one before; rows are taken as they are now. */
  write(absorbed: Absorbed): void {
    const { changes } = absorbed;
    const copies = [
      ...additions(this.tables, changes).map(({ table, rows }) => this.#copy(table, rows)),
      this.#copy(this.tables.logClock, this.#clock(absorbed.clock)),
    ];
    const others = [
      linesDefined(this.tables, changes),
      ...papersChanged(this.tables, changes),
      ...headsReached(this.tables, absorbed),
    ];
    this.#writing = this.#writing.then(async () => {
      for (const { statement, text } of copies) if (text !== '') await copy(this.client, statement, text);
      await perform(this.client, others);
    });
    // A failure is told by `settled`, which may be asked later.
    this.#writing.catch(() => undefined);
  }

  /** Writes what was held back of the clock. */
  async finishClock(): Promise<void> {
    await this.settled();
    const { client, tables } = this;
    if (this.#latest !== undefined) await perform(client, [adding(tables.logClock, [this.#latest])]);
    this.#latest = undefined;
  }

  /** Sums the journal by day and, unless they are there already, by line. */
  async sumUp({ lines }: { readonly lines: boolean }): Promise<void> {
    await this.settled();
    await this.client.query(DAY_BALANCES);
    if (lines) await this.client.query(LINE_TOTALS);
  }

  async reach(partition: string, place: Place): Promise<void> {
    await perform(this.client, [adding(this.tables.projectionPosition, [{ partition, ...place }])]);
  }

  #copy<Row>(table: Table<Row>, rows: readonly Row[]): { statement: string; text: string } {
    return { statement: copyInto(table, this.freeze), text: copyText(table, rows) };
  }

  #clock(rows: readonly LogClock[]): LogClock[] {
    const latest = rows.at(-1);
    if (latest === undefined) return [];
    const before = this.#latest;
    this.#latest = latest;
    const passed = before !== undefined && before.recordedAt < (rows[0]?.recordedAt ?? 0) ? [before] : [];
    return [...passed, ...rows.slice(0, -1)];
  }
}

const DAY_BALANCES = `INSERT INTO day_balance (unit, year, account, effective_date, fen)
  SELECT unit, year, account, effective_date, sum(fen) FROM journal GROUP BY unit, year, account, effective_date`;

const totals = Object.entries(TOTAL_COLUMNS).map(([kind, property]) => ({ kind, name: snakeCase(property) }));

const LINE_TOTALS = `UPDATE budget_line AS line SET ${totals.map(({ name }) => `${name} = total.${name}`).join(', ')}
  FROM (
    SELECT unit, year, line,
      ${totals.map(({ kind, name }) => `coalesce(sum(fen) FILTER (WHERE kind = '${kind}'), 0)::bigint AS ${name}`).join(',\n')}
    FROM day_balance JOIN account USING (unit, year, account) GROUP BY unit, year, line
  ) AS total
  WHERE line.unit = total.unit AND line.year = total.year AND line.line = total.line`;
