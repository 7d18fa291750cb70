/** The projector's transaction: whoever holds the position's row is the owner until it ends. */
import pg, { DatabaseError, type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Position } from '#domain/envelope.js';
import type { Parked } from '#read-model/entities/progress.js';
import type { Place } from '#read-model/projections/clock.js';
import { WHOLE_LOG, prepareWholeLog } from '#read-model/projections/partitions.js';

/** Another projector has moved the position. */
export class AnotherOwner extends Error {
  override readonly name = 'AnotherOwner';
  constructor(partition: string, place: Place) {
    super(
      `the projections of ${partition} are no longer at position ${place.position}: another projector has moved them`,
    );
  }
}

/**
 * Other read models have been put in the place of those that the memory of a projector belongs to, or another process has
 * projected a parked stream of them again.
 */
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

/** The partition has no row: nobody prepared it, or it was prepared for another number of partitions since. */
export class NoSuchPartition extends Error {
  override readonly name = 'NoSuchPartition';
  constructor(partition: string) {
    super(
      `the read models have no partition ${partition}: another process has prepared them for other partitions. Start all ` +
        'projectors with the same number of partitions (KAFKA_PARTITIONS).',
    );
  }
}

interface PlaceRow {
  readonly position: string;
  readonly opaque: string;
  readonly recorded_at: string;
  readonly of: string;
}

const PLACE = `SELECT position, opaque, recorded_at, tableoid::text AS of FROM projection_position WHERE partition =`;

const placeOf = ({ position, opaque, recorded_at, of }: PlaceRow): StoredPlace => ({
  position: BigInt(position),
  opaque: opaque as Position | 'start',
  recordedAt: Number(recorded_at),
  table: Number(of),
});

/** The stored place of a partition; of a log that is followed as a whole one is made at `start`. */
export async function storedPlace(dataSource: DataSource, partition: string, start: bigint): Promise<StoredPlace> {
  const look = (): Promise<PlaceRow[]> => dataSource.query(`${PLACE} $1`, [partition]);
  let [row] = await look();
  if (row === undefined && partition === WHOLE_LOG) {
    await prepareWholeLog(dataSource, start);
    [row] = await look();
  }
  if (row === undefined) throw new NoSuchPartition(partition);
  return placeOf(row);
}

interface Ownership {
  readonly dataSource: DataSource;
  readonly partition: string;
  /** Where the position must be; without it, it may be anywhere. */
  readonly place?: StoredPlace;
}

/** What is stored when the position is held. */
export interface Held {
  readonly place: StoredPlace;
  /** Streams that are stopped, of all partitions. */
  readonly parked: readonly Pick<Parked, 'stream' | 'revision'>[];
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
  work: (client: ClientBase, held: Held) => Promise<Result>,
  { discard = false } = {},
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as ClientBase;
  try {
    // The lock comes before any snapshot: a rebuild may change the schemas while this waits (design 6.7).
    const begun = (await client.query(`BEGIN; SET LOCAL synchronous_commit = off;
      SET LOCAL idle_in_transaction_session_timeout = ${SILENT_MS};
      LOCK TABLE projection_position IN ROW EXCLUSIVE MODE;
      ${PLACE} ${pg.escapeLiteral(partition)} FOR UPDATE;
      SELECT stream, revision FROM parked`)) as unknown;
    const [placed, parked] = (begun as { rows: unknown[] }[]).slice(-2).map(({ rows }) => rows);
    const row = (placed as PlaceRow[])[0];
    if (row === undefined) throw new NoSuchPartition(partition);
    const stored = placeOf(row);
    if (place !== undefined && stored.table !== place.table) throw new Exchanged();
    if (place !== undefined && stored.position !== place.position) throw new AnotherOwner(partition, place);
    const result = await work(client, { place: stored, parked: parked as Held['parked'] });
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
