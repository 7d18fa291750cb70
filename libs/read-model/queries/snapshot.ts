/**
 * Reading at one moment. All questions of one answer see the same state, so that the position an answer names is the one its
 * figures rest on.
 */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';

/** The read models as they stood at one moment. */
export interface Snapshot {
  rows<Row>(sql: string, values: readonly unknown[]): Promise<Row[]>;
}

/** Where a question is put: to an open snapshot together with others, or to the database for an answer of its own. */
export type ReadFrom = DataSource | Snapshot;

/** The database cannot be asked. The HTTP side knows it by this name. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  constructor(options: ErrorOptions) {
    super('the database of the read models is not available', options);
  }
}

/** Runs `read` on one snapshot. Throws `DatabaseUnavailable` when the connection fails, else whatever `read` throws. */
export async function snapshot<Result>(
  dataSource: DataSource,
  read: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as ClientBase;
    // The lock comes before the state is fixed: a rebuild that changes the schemas lets readers finish first.
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
      LOCK TABLE projection_position IN ACCESS SHARE MODE`);
    try {
      const result = await read({ rows: (sql, values) => prepared(client, sql, values) });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        // The connection is gone, and the snapshot with it; `error` says why.
      });
      throw error;
    }
  } catch (error) {
    throw isConnectionFailure(error) ? new DatabaseUnavailable({ cause: error }) : error;
  } finally {
    await runner.release();
  }
}

/** Puts a question to a snapshot that is open, or to one of its own. */
export const reading = <Result>(from: ReadFrom, read: (snapshot: Snapshot) => Promise<Result>): Promise<Result> =>
  'rows' in from ? read(from) : snapshot(from, read);

/** A question is planned once for each connection; there are few, whatever their parameters. */
async function prepared<Row>(client: ClientBase, text: string, values: readonly unknown[]): Promise<Row[]> {
  const known = NAMES.get(text);
  const name = known ?? (NAMES.size < NAMES_KEPT ? `read ${NAMES.size}` : undefined);
  if (known === undefined && name !== undefined) NAMES.set(text, name);
  const { rows } = await client.query({ ...(name === undefined ? {} : { name }), text, values: [...values] });
  return rows as Row[];
}

const NAMES = new Map<string, string>();
const NAMES_KEPT = 500;

/** SQLSTATE classes 08 and 57P, a session ended for its silence, a database that takes no connections, too many of them, a full disk, and what `pg` and the network say without one. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (
    typeof code === 'string' &&
    /^(08|57P|25P03|53100|53300|55000|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/.test(code)
  )
    return true;
  return /^Connection terminated|^Client has encountered a connection error|^timeout (exceeded|expired)|^Query read timeout/.test(
    error.message,
  );
}
