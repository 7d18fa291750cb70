/** The projector's transaction: whoever holds the position's row is the owner until it ends. */
import pg, { type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Position } from '#domain/envelope.js';
import type { Place } from '#read-model/projections/clock.js';

/** Another projector has moved the position, or the read models were changed for rebuilt ones. */
export class AnotherOwner extends Error {
  override readonly name = 'AnotherOwner';
  constructor(partition: string, place: Place) {
    super(
      `the projections of ${partition} are no longer at position ${place.position}: another projector has moved them`,
    );
  }
}

/** The stored place of a partition; one is made at `start` for a new partition. */
export async function storedPlace(dataSource: DataSource, partition: string, start: bigint): Promise<Place> {
  await dataSource.query(
    `INSERT INTO projection_position (partition, position, opaque, recorded_at) VALUES ($1, $2, 'start', 0)
     ON CONFLICT (partition) DO NOTHING`,
    [partition, start.toString()],
  );
  const rows: { position: string; opaque: string; recorded_at: string }[] = await dataSource.query(
    'SELECT position, opaque, recorded_at FROM projection_position WHERE partition = $1',
    [partition],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`the position of ${partition} was removed`);
  return {
    position: BigInt(row.position),
    opaque: row.opaque as Position | 'start',
    recordedAt: Number(row.recorded_at),
  };
}

interface Ownership {
  readonly dataSource: DataSource;
  readonly partition: string;
  readonly place: Place;
}

/**
 * A process that is paused holds the position no longer than this: PostgreSQL ends its transaction, and the one that has
 * taken the log over meanwhile goes on. Below the lease of the log, far above what lies between two statements.
 */
const SILENT_MS = 5_000;

/**
 * Runs `work` in one transaction that holds the position at `place`. Throws `AnotherOwner` when it is elsewhere. The commit
 * does not wait for the disk: what a crash loses is in the log. `discard`: rolls back at the end in any case.
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
      SELECT FROM projection_position
      WHERE partition = ${pg.escapeLiteral(partition)} AND position = ${place.position} FOR UPDATE`)) as unknown;
    if ((begun as { rowCount: number }[]).at(-1)?.rowCount !== 1) throw new AnotherOwner(partition, place);
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
