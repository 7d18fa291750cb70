/** The process store on PostgreSQL, in a schema of its own: no rebuild of read models touches it. */
import type pg from 'pg';
import type { Position } from '#domain/envelope.js';
import { AnotherRunner, type ProcessEntry, type ProcessRequests, type ProcessStore } from '../process/port.js';
import { connect, discard, readFailure, readingPool } from './connection.js';
import { processRequests, REQUESTS_DDL } from './process-requests.js';

/** `place` is the order of the event in the log; what is not asked for by column is in `body`. */
const DDL = `
  CREATE SCHEMA process;
  CREATE TABLE process.entry (
    id    uuid PRIMARY KEY,
    place bigint NOT NULL,
    unit  text COLLATE "C" NOT NULL,
    year  integer NOT NULL,
    state text COLLATE "C" NOT NULL,
    body  jsonb NOT NULL
  );
  CREATE INDEX entry_newest ON process.entry (place, id);
  CREATE TABLE process.progress (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position text COLLATE "C" NOT NULL
  );
  INSERT INTO process.progress VALUES (true, 'start');
`;

/** What makes the schema, step by step, each with a table that it brings. */
const STEPS = [
  ['process.progress', DDL],
  ['process.retry', REQUESTS_DDL],
] as const;

/** Any number that nothing else locks. */
const MIGRATION_LOCK = 4_207_302;

const TIMEOUT_MS = 5_000;

export interface PostgresProcessOptions {
  readonly url: string;
  readonly timeoutMs?: number;
  /** Told of idle connections that are lost. */
  readonly onError: (error: unknown) => void;
}

/** What a query answers, row by row. Throws `StoreUnavailable` when the database cannot be asked. */
export type Ask = <Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]) => Promise<Row[]>;

/** Opens the process store in a database, creating it if it is not there. */
export async function openPostgresProcessStore(
  options: PostgresProcessOptions,
): Promise<ProcessStore & ProcessRequests> {
  const { ready, processes } = createPostgresProcessStore(options);
  try {
    await ready();
    return processes;
  } catch (error) {
    await processes.close();
    throw error;
  }
}

/**
 * The same for a database that may be away: every call fails with `StoreUnavailable` until it is there, and then creates what
 * is missing first.
 */
export function createPostgresProcessStore(options: PostgresProcessOptions): {
  /** Resolves when all is there. */
  readonly ready: () => Promise<void>;
  readonly processes: ProcessStore & ProcessRequests;
} {
  const { url, timeoutMs = TIMEOUT_MS, onError } = options;
  let migrated: Promise<void> | undefined;
  const ready = (): Promise<void> =>
    (migrated ??= migrate(url, timeoutMs).catch((error: unknown) => {
      migrated = undefined;
      throw readFailure(error);
    }));
  const pool = readingPool(url, timeoutMs, onError);
  const ask: Ask = async <Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]) => {
    await ready();
    try {
      return (await pool.query<Row>(statement, [...values])).rows;
    } catch (error) {
      throw readFailure(error);
    }
  };
  return { ready, processes: { ...storeOn(ask), ...processRequests(ask), close: () => pool.end() } };
}

async function migrate(url: string, timeoutMs: number): Promise<void> {
  const client = await connect(url, timeoutMs);
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    for (const [table, ddl] of STEPS) {
      const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass($1) IS NOT NULL AS there`, [table]);
      if (!rows[0]?.there) await client.query(ddl);
    }
    await client.query('COMMIT');
  } finally {
    // Without a commit the transaction ends with the connection.
    discard(client);
  }
}

type Body = Omit<ProcessEntry, 'id' | 'order' | 'unit' | 'year' | 'state'>;

interface Row {
  readonly id: string;
  readonly place: string;
  readonly unit: string;
  readonly year: number;
  readonly state: ProcessEntry['state'];
  readonly body: Body;
}

const COLUMNS = 'id, place, unit, year, state, body';

function storeOn(ask: Ask): Omit<ProcessStore, 'close'> {
  const entries = async (statement: string, values: readonly unknown[]) =>
    (await ask<Row>(statement, values)).map(entryOf);
  const find = async (id: string) => (await entries(`SELECT ${COLUMNS} FROM process.entry WHERE id = $1`, [id]))[0];

  return {
    place: async () => {
      const [row] = await ask<{ position: Position }>('SELECT position FROM process.progress', []);
      if (row === undefined) throw new Error('the schema process has lost its row of progress');
      return row.position;
    },

    move: async (from, to) => {
      const moved = await ask(
        // An earlier try may have been stored without an answer.
        'UPDATE process.progress SET position = $2 WHERE position IN ($1, $2) RETURNING position',
        [from, to],
      );
      if (moved.length === 0) throw new AnotherRunner(from);
    },

    find,

    open: async (entry) => {
      const values = valuesOf(entry);
      const insert = `INSERT INTO process.entry (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`;
      await ask(insert, values);
      const held = await find(entry.id);
      if (held === undefined) throw new Error(`process ${entry.id} was not kept`);
      return held;
    },

    answer: async (entry) => {
      const [id, , , , state, body] = valuesOf(entry);
      const update = 'UPDATE process.entry SET state = $2, body = $3 WHERE id = $1 RETURNING id';
      if ((await ask(update, [id, state, body])).length === 0) throw new Error(`process ${entry.id} was never opened`);
    },

    list: ({ unit, year, states }, { limit, after }) =>
      entries(
        `SELECT ${COLUMNS} FROM process.entry
         WHERE ($1::text IS NULL OR unit = $1) AND ($2::integer IS NULL OR year = $2)
           AND ($3::text[] IS NULL OR state = ANY ($3))
           AND ($4::bigint IS NULL OR (place, id) < ($4, $5::uuid))
         ORDER BY place DESC, id DESC LIMIT $6`,
        [unit ?? null, year ?? null, states ?? null, after ? String(after.order) : null, after?.id ?? null, limit],
      ),
  };
}

function valuesOf({ id, order, unit, year, state, ...body }: ProcessEntry) {
  return [id, String(order), unit, year, state, JSON.stringify(body)] as const;
}

const entryOf = ({ id, place, unit, year, state, body }: Row): ProcessEntry => ({
  id,
  order: BigInt(place),
  unit,
  year,
  state,
  ...body,
});
