/** The projector's transaction: whoever holds the position's row is the owner until it ends. */
import pg, { DatabaseError, type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Position } from '#domain/envelope.js';
import type { Place } from '#read-model/projections/clock.js';

/** Another projector has moved the position. */
export class AnotherOwner extends Error {
  override readonly name = 'AnotherOwner';
  constructor(partition: string, place: Place) {
    super(
      `the projections of ${partition} are no longer at position ${place.position}: another projector has moved them`,
    );
  }
}

/** Other read models have been put in the place of those that the memory of a projector belongs to. */
export class Exchanged extends Error {
  override readonly name = 'Exchanged';
  constructor() {
    super('the read models were exchanged for others');
  }
}

/** A place as it is stored in one schema. */
export interface StoredPlace extends Place {
  /** The table (its oid) that holds it: it keeps its identity when schemas are renamed. */
  readonly table: number;
}

/** The stored place of a partition; one is made at `start` for a new partition. */
export async function storedPlace(dataSource: DataSource, partition: string, start: bigint): Promise<StoredPlace> {
  await dataSource.query(
    `INSERT INTO projection_position (partition, position, opaque, recorded_at) VALUES ($1, $2, 'start', 0)
     ON CONFLICT (partition) DO NOTHING`,
    [partition, start.toString()],
  );
  const rows: { position: string; opaque: string; recorded_at: string; of: string }[] = await dataSource.query(
    'SELECT position, opaque, recorded_at, tableoid::text AS of FROM projection_position WHERE partition = $1',
    [partition],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`the position of ${partition} was removed`);
  return {
    position: BigInt(row.position),
    opaque: row.opaque as Position | 'start',
    recordedAt: Number(row.recorded_at),
    table: Number(row.of),
  };
}

interface Ownership {
  readonly dataSource: DataSource;
  readonly partition: string;
  readonly place: StoredPlace;
}

/**
 * A process that is paused holds the position no longer than this: PostgreSQL ends its transaction, and the one that has
 * taken the log over meanwhile goes on. Below the lease of the log, far above what lies between two statements.
 */
const SILENT_MS = 5_000;

/**
 * Runs `work` in one transaction that holds the position at `place`. Throws `Exchanged` when these are other read models,
 * at whatever position, and `AnotherOwner` when the position is elsewhere. The commit does not wait for the disk: what a
 * crash loses is in the log. `discard`: rolls back at the end in any case.
 */
export async function owning<Result>(
  { dataSource, partition, place }: Ownership,
  work: (client: ClientBase) => Promise<Result>,
  { discard = false } = {},
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as ClientBase;
  try {
    // The lock comes before any snapshot: a rebuild may change the schemas while this waits (design 6.7).
    const begun = (await client.query(`BEGIN; SET LOCAL synchronous_commit = off;
      SET LOCAL idle_in_transaction_session_timeout = ${SILENT_MS};
      LOCK TABLE projection_position IN ROW EXCLUSIVE MODE;
      SELECT position, tableoid::text AS of FROM projection_position
      WHERE partition = ${pg.escapeLiteral(partition)} FOR UPDATE`)) as unknown;
    const stored = (begun as { rows: { position: string; of: string }[] }[]).at(-1)?.rows[0];
    if (stored !== undefined && Number(stored.of) !== place.table) throw new Exchanged();
    if (stored === undefined || BigInt(stored.position) !== place.position) throw new AnotherOwner(partition, place);
    const result = await work(client);
    await client.query(discard ? 'ROLLBACK' : 'COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      // The connection is gone, and the transaction with it; `error` says why.
    });
    throw error;
  } finally {
    await runner.release();
  }
}

/** Whether the database refused the data (SQLSTATE classes 22 and 23), not the connection or the statement. */
export const isRefusedData = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && /^2[23]/.test(error.code ?? '');
