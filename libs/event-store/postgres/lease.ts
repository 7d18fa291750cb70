/**
 * Who may write. Ownership is a row with an epoch and an expiry by the database's clock, not an advisory lock, which a
 * paused process would keep. A new owner raises the epoch; every flush locks the row under its own epoch, so whatever an
 * earlier owner still has on its way finds no row and writes nothing.
 */
import type pg from 'pg';

export interface Lease {
  readonly epoch: string;
  /** No event may be stamped before this instant any more, UTC ms. */
  readonly floor: number;
  /** Position and stamp of the last event. */
  readonly lastPosition: number;
  readonly lastRecordedAt: number;
}

/**
 * A lease is free when it has run out, or when the session that it was taken through is gone: the processes of a killed
 * owner must not wait for the clock. That sign counts only if the server has not restarted since, for then every session
 * is gone and the owner is about to come back.
 */
const FREE = `
  lease_until <= clock_timestamp()
  OR (leased_at > pg_postmaster_start_time() AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = fence.backend))`;

const TAKE = `
  UPDATE log.fence AS fence
  SET epoch = epoch + 1, owner = $1, backend = pg_backend_pid(), leased_at = clock_timestamp(),
      lease_until = clock_timestamp() + $2 * interval '1 millisecond'`;

/** Takes a free lease; `undefined` if another holds it. */
export const takeLease = (client: pg.Client, owner: string, leaseMs: number): Promise<Lease | undefined> =>
  take(client, `${TAKE} WHERE ${FREE} RETURNING epoch, floor`, [owner, leaseMs]);

/**
 * Takes our own lease again through a new connection, even if it ran out while the database was away; `undefined` if
 * another took it. The epoch rises here too: a flush that the lost connection left on its way must not arrive later.
 */
export const retakeLease = (
  client: pg.Client,
  owner: string,
  leaseMs: number,
  epoch: string,
): Promise<Lease | undefined> =>
  take(client, `${TAKE} WHERE epoch = $3 AND owner = $1 RETURNING epoch, floor`, [owner, leaseMs, epoch]);

async function take(client: pg.Client, statement: string, values: readonly unknown[]): Promise<Lease | undefined> {
  const { rows } = await client.query<{ epoch: string; floor: string }>(statement, [...values]);
  const row = rows[0];
  if (!row) return undefined;
  // A statement of its own, with a snapshot taken after the row was ours: the first one's may be older than the last flush.
  const end = await client.query<{ position: string; recorded_at: string }>(
    'SELECT position, recorded_at FROM log.event ORDER BY position DESC LIMIT 1',
  );
  const last = end.rows[0];
  return {
    epoch: row.epoch,
    floor: Number(row.floor),
    lastPosition: Number(last?.position ?? 0),
    lastRecordedAt: Number(last?.recorded_at ?? 0),
  };
}

/** Extends the lease and stores the floor. False: another owner has taken over. */
export async function renewLease(client: pg.Client, epoch: string, leaseMs: number, floor: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE log.fence SET lease_until = clock_timestamp() + $2 * interval '1 millisecond', floor = greatest(floor, $3)
     WHERE epoch = $1`,
    [epoch, leaseMs, floor],
  );
  return rowCount === 1;
}

export async function releaseLease(client: pg.Client, epoch: string): Promise<void> {
  await client.query('UPDATE log.fence SET lease_until = clock_timestamp() WHERE epoch = $1', [epoch]);
}

/** The floor as others see it, if `epoch` still owns the log. */
export async function readFloor(client: pg.Client, epoch: string): Promise<number | undefined> {
  const { rows } = await client.query<{ floor: string }>('SELECT floor FROM log.fence WHERE epoch = $1', [epoch]);
  return rows[0] && Number(rows[0].floor);
}
