/**
 * What the relay keeps in PostgreSQL, schema `relay`: how far each topic is filled, and the stretches of the log in which the
 * event store's clock was behind. A place is written under the epoch of the lease, so that of two relays that both take
 * themselves for the active one only the newer can.
 */
import pg from 'pg';
import type { Place } from '#event-store/eventstoredb/followed.js';
import type { Holding } from '#platform/lease.js';

/** Up to `at` everything is in the topic. */
export interface StoredPlace {
  readonly at: Place | 'start';
  /** Log time there, UTC ms. */
  readonly time: number;
  /** Of each partition the offset of the last message that the brokers acknowledged; empty at the start. */
  readonly offsets: readonly bigint[];
}

/** The events from one position through another carry this log time, although the store stamped them earlier. */
export interface ClockStep {
  readonly from: bigint;
  readonly through: bigint;
  /** UTC ms. */
  readonly time: number;
}

/** A newer relay has the place: this one has to stop. */
export class PlaceTaken extends Error {
  override readonly name = 'PlaceTaken';
  constructor(readonly epoch: bigint) {
    super(`another relay has taken over from the one of epoch ${epoch}`);
  }
}

export interface Places {
  /** Makes the place the caller's own. Throws `PlaceTaken` if a later epoch has it. */
  claim(epoch: bigint): Promise<StoredPlace>;
  /** Throws `PlaceTaken`. */
  store(epoch: bigint, place: StoredPlace): Promise<void>;
  /** Each with its end as far as it is known; a later call may move the end on. */
  keepSteps(steps: readonly ClockStep[]): Promise<void>;
  /** Whether nobody has taken the lease since: then no other relay can have taken the place. */
  isCurrent(holding: Holding): Promise<boolean>;
  /** Rejects when the database does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS relay;
  CREATE TABLE IF NOT EXISTS relay.place (
    topic            text COLLATE "C" PRIMARY KEY,
    epoch            bigint NOT NULL,
    commit_position  bigint,
    prepare_position bigint,
    log_time         bigint NOT NULL DEFAULT 0,
    offsets          bigint[] NOT NULL DEFAULT '{}',
    CHECK ((commit_position IS NULL) = (prepare_position IS NULL))
  );
  CREATE TABLE IF NOT EXISTS relay.clock_step (
    from_position    bigint PRIMARY KEY,
    through_position bigint NOT NULL,
    time             bigint NOT NULL
  )`;

/** Any number that nothing else locks. */
const SCHEMA_LOCK = 4_207_304;
const TIMEOUT_MS = 5_000;

/** The places of one topic. The schema is made when the database is first asked. */
export function openPlaces(options: { url: string; topic: string; onError: (error: unknown) => void }): Places {
  const { url, topic, onError } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', onError);
  let made = false;
  const rows = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> => {
    if (!made) await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(${SCHEMA_LOCK}); ${SCHEMA}; COMMIT`);
    made = true;
    return (await pool.query<Row>(text, [...values])).rows;
  };

  return {
    claim: async (epoch) => {
      const [row] = await rows<Row>(CLAIM, [topic, String(epoch)]);
      if (row === undefined) throw new PlaceTaken(epoch);
      return placeOf(row);
    },
    store: async (epoch, { at, time, offsets }) => {
      const [commit, prepare] = at === 'start' ? [null, null] : [String(at.commit), String(at.prepare)];
      const stored = await rows(STORE, [topic, String(epoch), commit, prepare, time, offsets.map(String)]);
      if (stored.length === 0) throw new PlaceTaken(epoch);
    },
    keepSteps: async (steps) => {
      const column = (of: (step: ClockStep) => bigint | number): string[] => steps.map((step) => String(of(step)));
      await rows(STEPS, [column(({ from }) => from), column(({ through }) => through), column(({ time }) => time)]);
    },
    isCurrent: async ({ guard }) => (await rows(guard, [])).length > 0,
    check: async () => void (await pool.query('SELECT 1')),
    close: () => pool.end(),
  };
}

const CLAIM = `
  INSERT INTO relay.place AS place (topic, epoch) VALUES ($1, $2)
  ON CONFLICT (topic) DO UPDATE SET epoch = excluded.epoch WHERE place.epoch <= excluded.epoch
  RETURNING commit_position, prepare_position, log_time, offsets::text[] AS offsets`;

const STORE = `
  UPDATE relay.place SET commit_position = $3, prepare_position = $4, log_time = $5, offsets = $6
  WHERE topic = $1 AND epoch = $2 RETURNING topic`;

const STEPS = `
  INSERT INTO relay.clock_step AS step (from_position, through_position, time)
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
  ON CONFLICT (from_position) DO UPDATE
  SET through_position = greatest(step.through_position, excluded.through_position), time = excluded.time`;

interface Row {
  readonly commit_position: string | null;
  readonly prepare_position: string | null;
  readonly log_time: string;
  readonly offsets: readonly string[];
}

const placeOf = ({
  commit_position: commit,
  prepare_position: prepare,
  log_time: time,
  offsets,
}: Row): StoredPlace => ({
  at: commit === null || prepare === null ? 'start' : { commit: BigInt(commit), prepare: BigInt(prepare) },
  time: Number(time),
  offsets: offsets.map(BigInt),
});
