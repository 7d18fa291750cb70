/** What earlier batches left in the read models, as far as the events of a batch depend on it. */
import type { ClientBase } from 'pg';
import type { Effect } from '#domain/budget/effects.js';
import { fen } from '#domain/money.js';
import type { Account, Journal } from '#read-model/entities/money.js';
import type { Parked, StreamPosition } from '#read-model/entities/progress.js';
import { accountKey, facetOf } from '#read-model/projections/accounts.js';
import type { PaperKind, PaperRows } from '#read-model/projections/changes.js';
import { emptyLedger, lineState, type Ledger } from '#read-model/projections/ledger.js';
import { PAPERS } from '#read-model/projections/paper-entries.js';
import { enterPaper } from '#read-model/projections/papers.js';
import type { ReadTables } from '#read-model/projections/read-tables.js';
import { arrayLiteral, columnList, rowOf, type Table } from '#read-model/projections/tables.js';

export interface Source {
  readonly heads: (streams: readonly string[]) => Promise<readonly StreamPosition[]>;
  readonly parked: () => Promise<readonly Parked[]>;
  /** Lines, accounts and approval of a budget; an empty ledger for one that is not there yet. */
  readonly ledger: (stream: string, unit: string, year: number) => Promise<Ledger>;
  /** Enters papers into the ledger; `all` for every one of the kind. Numbers that no row has stay unknown. */
  readonly enterPapers: (ledger: Ledger, kind: PaperKind, ids: ReadonlySet<string> | 'all') => Promise<void>;
  /** The log's time at places that it passed before, in their order. Absent where every event carries it. */
  readonly timesAt: ((positions: readonly bigint[]) => Promise<readonly number[]>) | undefined;
}

/** For one part of a log that is delivered in parts: each event carries the log's time. */
export const sourceOfPart = (source: Source, owns: (stream: string) => boolean = () => true): Source => ({
  ...source,
  parked: async () => (await source.parked()).filter(({ stream }) => owns(stream)),
  timesAt: undefined,
});

/** `client` gives the connection on which the batch is written, when all that was written before is on it. */
export function sqlSource(tables: ReadTables, client: () => Promise<ClientBase>): Source {
  const rows = async <Row>(
    table: Table<Row>,
    name: string,
    where: string,
    values: readonly unknown[],
  ): Promise<Row[]> => {
    const text = `SELECT ${columnList(table)} FROM ${table.name} ${where}`;
    const { rows: raw } = await (await client()).query({ name: `load ${name}`, text, values: [...values] });
    return raw.map((row: Record<string, unknown>) => rowOf(table, row));
  };
  const loadPapers = async <Kind extends PaperKind>(
    ledger: Ledger,
    kind: Kind,
    ids: ReadonlySet<string> | 'all',
  ): Promise<void> => {
    const table = tables.papers[kind];
    const number = table.columns.find(({ property }) => property === PAPERS[kind].id)?.name ?? '';
    const named = ids === 'all' ? '' : `AND ${number} = ANY($3::text[])`;
    // The latest booking of a number: it comes last and is the one that stays.
    const where = `WHERE unit = $1 AND year = $2 ${named} ORDER BY ${number}, position`;
    const values = [ledger.unit, ledger.year, ...(ids === 'all' ? [] : [arrayLiteral([...ids], 'text')])];
    const found = await rows<PaperRows[Kind]>(table, `${kind} ${ids === 'all' ? 'all' : ''}`, where, values);
    const latest = new Map(found.map((row) => [String(row[PAPERS[kind].id]), row]));
    for (const row of latest.values()) {
      const movements = kind === 'adjustments' ? await movementsOf(row as PaperRows['adjustments']) : [];
      enterPaper(ledger, kind, row, movements);
    }
  };
  const movementsOf = async ({ unit, year, adjustmentId, position, lastPosition }: PaperRows['adjustments']) => {
    const found = await effects(
      'movements',
      `position BETWEEN $3 AND $4 AND ref = $5 AND kind IN ('added', 'cut', 'transferred-in', 'transferred-out')`,
      [unit, year, position, lastPosition, adjustmentId],
    );
    return found;
  };
  const effects = async (name: string, where: string, values: readonly unknown[]): Promise<Effect[]> => {
    const text = `SELECT line, kind, fen, economic, facet, origin_year AS "originYear", counter_line AS "counterLine", ref
      FROM journal JOIN account USING (unit, year, account)
      WHERE unit = $1 AND year = $2 AND ${where} ORDER BY position, seq`;
    const { rows: found } = await (await client()).query({ name: `load ${name}`, text, values: [...values] });
    return found.map(effectOf);
  };
  return {
    heads: (streams) =>
      rows(tables.streamPosition, 'heads', 'WHERE stream = ANY($1::text[])', [arrayLiteral([...streams], 'text')]),
    parked: () => rows(tables.parked, 'parked', '', []),
    enterPapers: loadPapers,
    async ledger(stream, unit, year) {
      const ledger = emptyLedger(stream, unit, year);
      const lines = await rows(tables.budgetLine, 'lines', 'WHERE unit = $1 AND year = $2 ORDER BY line', [unit, year]);
      for (const line of lines) ledger.state.lines.set(line.line, lineState(line));
      const accounts = await rows(tables.account, 'accounts', 'WHERE unit = $1 AND year = $2 ORDER BY account', [
        unit,
        year,
      ]);
      for (const account of accounts) ledger.accounts.set(accountKey(account), account);
      const [approval] = await rows(
        tables.milestone,
        'approval',
        `WHERE unit = $1 AND year = $2 AND kind IN ('approved', 'withdrawn') ORDER BY position DESC LIMIT 1`,
        [unit, year],
      );
      if (approval?.kind !== 'approved') return ledger;
      // An approval's lines follow it at once, so its plans end where its amounts end.
      const where = `kind = 'original' AND position > $3
        AND position <= (SELECT max(position) FROM plan WHERE unit = $1 AND year = $2 AND kind = 'approved')`;
      const amounts = await effects('approved', where, [unit, year, approval.position]);
      ledger.state.approval = { on: approval.effectiveDate, effects: amounts };
      return ledger;
    },
    async timesAt(positions) {
      const text = `SELECT (SELECT recorded_at FROM log_clock WHERE first_position <= place ORDER BY first_position DESC LIMIT 1) AS time
        FROM unnest($1::bigint[]) WITH ORDINALITY AS places (place, nth) ORDER BY nth`;
      const values = [arrayLiteral(positions, 'bigint')];
      const { rows: found } = await (await client()).query({ name: 'load times', text, values });
      return found.map(({ time }: { time: string }) => Number(time));
    },
  };
}

type EffectRow = Pick<Account, 'line' | 'kind' | 'economic' | 'facet' | 'originYear'> &
  Pick<Journal, 'counterLine' | 'ref'> & { readonly fen: string };

function effectOf({ line, kind, fen: amount, economic, facet, originYear, counterLine, ref }: EffectRow): Effect {
  const counted = facetOf(facet);
  return {
    line,
    kind,
    fen: fen(Number(amount)),
    economic,
    ...(counted === undefined ? {} : { facet: counted }),
    ...(originYear === null ? {} : { originYear }),
    ...(counterLine === null ? {} : { counterLine }),
    ...(ref === null ? {} : { ref }),
  };
}
