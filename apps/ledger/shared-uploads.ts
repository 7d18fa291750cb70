/**
 * Files that were previewed, for the ledger that is asked to book one: the next request of the same caller may reach another.
 * They are no facts and kept for a while only; what is booked of them stands in the log.
 */
import pg from 'pg';
import { StoreUnavailable } from '#event-store/port.js';
import type { ImportOptions, Upload } from './upload.js';

export interface KeptUpload {
  readonly upload: Upload;
  /** Of its last preview, wherever that was made. */
  readonly fingerprint: string;
}

/** Throws `StoreUnavailable` when the files cannot be reached. */
export interface Uploads {
  keep(kept: KeptUpload): Promise<void>;
  /** The fingerprint alone, for who has the file. */
  fingerprint(id: string): Promise<string | undefined>;
  find(id: string): Promise<KeptUpload | undefined>;
  close(): Promise<void>;
}

export interface SharedUploadsOptions {
  readonly url: string;
  /** Told of idle connections that are lost. */
  readonly onError: (error: unknown) => void;
}

const DDL = `
  CREATE SCHEMA IF NOT EXISTS import;
  CREATE TABLE IF NOT EXISTS import.upload (
    id          text COLLATE "C" PRIMARY KEY,
    options     jsonb NOT NULL,
    sha256      text NOT NULL,
    fingerprint text NOT NULL,
    bytes       bytea NOT NULL,
    until       timestamptz NOT NULL
  )`;

/** Any number that nothing else locks: two who create at once would be in each other's way. */
const MIGRATION_LOCK = 4_207_305;

const KEPT = `interval '1 day'`;
const CONNECT_MS = 3_000;
const TIMEOUT_MS = 30_000;

interface Row {
  readonly options: ImportOptions;
  readonly sha256: string;
  readonly fingerprint: string;
  readonly bytes: Buffer;
}

export function sharedUploads({ url, onError }: SharedUploadsOptions): Uploads {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: TIMEOUT_MS,
  });
  pool.on('error', onError);
  let made: Promise<unknown> | undefined;
  const ask = async <Result extends pg.QueryResultRow>(statement: string, values: unknown[]): Promise<Result[]> => {
    try {
      await (made ??= make(pool));
      return (await pool.query<Result>(statement, values)).rows;
    } catch (error) {
      made = undefined;
      throw new StoreUnavailable('refused', { cause: error });
    }
  };

  return {
    keep: async ({ upload: { id, sha256, bytes, ...options }, fingerprint }) => {
      await ask('DELETE FROM import.upload WHERE until < clock_timestamp()', []);
      await ask(
        `INSERT INTO import.upload (id, options, sha256, fingerprint, bytes, until)
         VALUES ($1, $2, $3, $4, $5, clock_timestamp() + ${KEPT})
         ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, until = excluded.until`,
        [id, JSON.stringify(options), sha256, fingerprint, Buffer.from(bytes)],
      );
    },
    fingerprint: async (id) => {
      const [row] = await ask<Row>('SELECT fingerprint FROM import.upload WHERE id = $1', [id]);
      return row?.fingerprint;
    },
    find: async (id) => {
      const [row] = await ask<Row>('SELECT * FROM import.upload WHERE id = $1', [id]);
      if (row === undefined) return undefined;
      const { options, sha256, fingerprint, bytes } = row;
      return { upload: { ...options, id, sha256, bytes }, fingerprint };
    },
    close: () => pool.end(),
  };
}

async function make(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${MIGRATION_LOCK}); ${DDL}; COMMIT`);
    client.release();
  } catch (error) {
    // Not lent out again: the transaction is still open in it.
    client.release(true);
    throw error;
  }
}
