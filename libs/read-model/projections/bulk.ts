/**
 * Writes batches into tables that nobody reads yet: rows by COPY, sums not at all (they are made at the end, in one pass).
 * While some batches are written the next are folded.
 */
import type { ClientBase } from 'pg';
import type { LogClock, Parked, StreamPosition } from '#read-model/entities/progress.js';
import type { Absorbed } from '#read-model/projections/absorb.js';
import { PAPER_KINDS, noChanges, type Changes } from '#read-model/projections/changes.js';
import { joined } from '#read-model/projections/clock.js';
import type { ReadTables } from '#read-model/projections/read-tables.js';
import { snakeCase } from '#read-model/entities/columns.js';
import { TOTAL_COLUMNS } from '#read-model/projections/sums.js';
import { adding, perform } from '#read-model/projections/statement.js';
import { copy, copyInto, copyText, type Table } from '#read-model/projections/tables.js';
import { additions, headsReached, linesDefined, papersChanged } from '#read-model/projections/write.js';

/**
 * Rows of all tables after which what was gathered is written. Each table is a COPY of its own and answers only between two
 * pages of the fold, so many small ones would keep it waiting.
 */
const FULL = 32_000;

/** What batches add and change. What is added is bytes already: kept as objects, it would cost more to collect than to make. */
interface Gathered {
  readonly added: Map<Table<unknown>, Buffer[]>;
  readonly lines: Changes['lines'];
  readonly changed: Changes['changed'];
  readonly heads: Map<string, StreamPosition>;
  readonly parked: Map<string, Parked>;
  rows: number;
}

export class BulkWriter {
  #gathered = nothingGathered();
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
  async settled(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /**
   * Takes a batch in, as its rows are now. Waits only while much is gathered and what was gathered before is still being written.
   */
  async write({ changes, clock, heads, parked }: Absorbed): Promise<void> {
    const gathered = this.#gathered;
    const additional = [...additions(this.tables, changes), { table: this.tables.logClock, rows: this.#clock(clock) }];
    for (const { table, rows } of additional) {
      if (rows.length === 0) continue;
      const chunks = gathered.added.get(table) ?? [];
      gathered.added.set(table, chunks);
      chunks.push(Buffer.from(copyText(table, rows)));
      gathered.rows += rows.length;
    }
    for (const [key, line] of changes.lines) gathered.lines.set(key, line);
    for (const kind of PAPER_KINDS) for (const row of changes.changed[kind]) addTo(gathered.changed[kind], row);
    for (const head of heads) gathered.heads.set(head.stream, head);
    for (const row of parked) gathered.parked.set(row.stream, row);
    if (gathered.rows >= FULL) await this.#flush();
  }

  /** Begins to write what was gathered, once what was gathered before is written. */
  async #flush(): Promise<void> {
    const gathered = this.#gathered;
    this.#gathered = nothingGathered();
    await this.#writing;
    this.#writing = this.#store(gathered);
    // A failure is told to whoever waits next.
    this.#writing.catch(() => undefined);
  }

  async #store({ added, heads, parked, ...changes }: Gathered): Promise<void> {
    for (const [table, chunks] of added) await copy(this.client, copyInto(table, this.freeze), chunks);
    await perform(this.client, [
      linesDefined(this.tables, changes),
      ...papersChanged(this.tables, changes),
      ...headsReached(this.tables, { heads: [...heads.values()], parked: [...parked.values()] }),
    ]);
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

  #clock(rows: readonly LogClock[]): LogClock[] {
    const passed: LogClock[] = [];
    for (const row of rows) {
      const latest = this.#latest;
      if (latest !== undefined && latest.recordedAt !== row.recordedAt) passed.push(latest);
      this.#latest = latest?.recordedAt === row.recordedAt ? joined(latest, row) : row;
    }
    return passed;
  }
}

function nothingGathered(): Gathered {
  const { lines, changed } = noChanges();
  return { added: new Map(), lines, changed, heads: new Map(), parked: new Map(), rows: 0 };
}

const addTo = (rows: ReadonlySet<unknown>, row: unknown): void => void (rows as Set<unknown>).add(row);

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
