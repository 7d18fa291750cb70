/** The schema `log`: the one truth of the product. A rebuild of the read models never touches it. */
import type { ClientBase } from 'pg';

/**
 * `position` and `revision` are given by the sequencer, so they are dense and visible in order. Data and metadata are
 * `bytea`, not `jsonb`: the bytes that were hashed are the bytes that are kept. Names collate as C, whatever the database
 * does, because a linguistic order costs time in the index and none is wanted. The trigger keeps well-meant repairs out;
 * it fires once a statement and costs inserts nothing.
 *
 * `fence` has one row. `epoch` counts owners; `floor` is the instant (UTC ms) before which nothing may be stamped any
 * more; `backend` is the session that the owner writes through, held since `leased_at`.
 */
const DDL = `
  CREATE SCHEMA log;
  CREATE TABLE log.event (
    position    bigint PRIMARY KEY,
    stream      text COLLATE "C" NOT NULL,
    revision    integer NOT NULL CHECK (revision >= 0),
    id          uuid NOT NULL CONSTRAINT event_id UNIQUE,
    type        text COLLATE "C" NOT NULL,
    data        bytea NOT NULL,
    metadata    bytea NOT NULL,
    recorded_at bigint NOT NULL,
    CONSTRAINT event_stream_revision UNIQUE (stream, revision)
  );
  CREATE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'log.event is append-only'; END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.event
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
  CREATE TABLE log.fence (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch       bigint NOT NULL,
    floor       bigint NOT NULL,
    owner       text NOT NULL,
    backend     integer NOT NULL,
    leased_at   timestamptz NOT NULL,
    lease_until timestamptz NOT NULL
  );
  INSERT INTO log.fence VALUES (true, 0, 0, '', 0, '-infinity', '-infinity');
`;

/** Any number that nothing else locks: two processes that start at once must not create the schema twice. */
const MIGRATION_LOCK = 4_207_301;

/** Creates the schema `log` if it is not there; may be called any number of times, also at once. PostgreSQL 14 or later. */
export async function migrateLog(client: ClientBase): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('log.fence') IS NOT NULL AS there`);
    if (!rows[0]?.there) await client.query(DDL);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
