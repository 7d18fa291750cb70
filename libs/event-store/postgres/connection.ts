/** Connections to the log's database with bounded waiting, and what their failures mean. */
import pg from 'pg';
import { StoreUnavailable } from '../port.js';

const CONNECT_TIMEOUT_MS = 3_000;

/**
 * The server gives up a little before the client does: its word that nothing was written is worth more than silence. A
 * hung server says nothing, so the client has a limit too.
 */
const SERVER_SHARE = 0.9;

/**
 * Session settings. The planner is held to the indexes: on a table that grew since its last ANALYZE it takes a page of a
 * stream for small, reads all the rest and sorts it. Before PostgreSQL 18 a plan that is held so looks dear enough to be
 * compiled each time: hence no JIT. A server that does not wait for its disk is told to. A process that is paused within a
 * transaction must not keep its locks.
 */
const settings = (timeoutMs: number): string => `
  SET statement_timeout = ${Math.floor(timeoutMs * SERVER_SHARE)}; SET idle_in_transaction_session_timeout = ${timeoutMs};
  SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
  SET plan_cache_mode = force_generic_plan; SET jit = off;
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`;

/** A connection of its own. `timeoutMs` bounds every statement; after a failure that is not `rolledBack`, `discard` it. */
export async function connect(url: string, timeoutMs: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: timeoutMs,
    keepAlive: true,
  });
  ignoreErrorEvents(client);
  try {
    await client.connect();
    await client.query(settings(timeoutMs));
    return client;
  } catch (error) {
    discard(client);
    throw error;
  }
}

/** A lost connection is told to whoever waits for an answer; its error event, if nobody listened, would end the process. */
function ignoreErrorEvents(client: pg.ClientBase): void {
  client.on('error', () => undefined);
}

/** Ends a connection that may hang, without waiting for it. */
export function discard(client: pg.Client): void {
  client.end().catch(() => undefined);
}

/** A pool for reading. `onError` hears of idle connections that are lost; queries tell their own callers. */
export function readingPool(url: string, timeoutMs: number, onError: (error: unknown) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: timeoutMs,
    keepAlive: true,
    // Unlike an event, this is waited for before the connection is lent out.
    verify: (client, done) => {
      ignoreErrorEvents(client);
      client.query(settings(timeoutMs)).then(() => done(), done);
    },
  });
  pool.on('error', onError);
  return pool;
}

const UNIQUE_VIOLATION = '23505';

interface ServerError {
  readonly severity: string;
  readonly code: string;
}

const isServerError = (error: unknown): error is ServerError =>
  error instanceof Error && 'severity' in error && 'code' in error;

/** True if the server itself said that the statement failed: nothing of it is stored. FATAL may follow a commit. */
export const rolledBack = (error: unknown): boolean => isServerError(error) && error.severity === 'ERROR';

export const isUniqueViolation = (error: unknown): boolean =>
  rolledBack(error) && (error as ServerError).code === UNIQUE_VIOLATION;

/** Classes of SQLSTATE that blame the server's state and not the statement: connection, resources, intervention, system. */
const TROUBLE = /^(08|53|57|58|25006)/;

/** What a failed read means to a caller of the port: the store cannot be asked, or there is a bug, which is thrown on. */
export function readFailure(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error;
  const bug = isServerError(error) && error.severity === 'ERROR' && !TROUBLE.test(error.code);
  return bug ? error : new StoreUnavailable('refused', { cause: error });
}
