/** The way back: the read models that were in use before the last rebuild, brought up to date and exchanged with those of now. */
import type { DataSource } from 'typeorm';
import { exchange, type ExchangeOptions } from '#read-model/projections/exchange.js';
import { Filling } from '#read-model/projections/filling.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { WHOLE_LOG } from '#read-model/projections/projector.js';
import { stopsInUse } from '#read-model/projections/rebuild.js';
import { OLD, dropLeftovers, exchangeForOld, layoutOf, ownLayout } from '#read-model/projections/schema.js';
import type { Position } from '#domain/envelope.js';
import type { Place } from '#read-model/projections/clock.js';

/** Why there is no way back. */
export type NoWayBack = 'NOTHING_KEPT' | 'OTHER_LAYOUT';

export interface RolledBack {
  /** Events that the read models had missed. */
  readonly events: number;
}

/** Whether a rollback can be made: `NOTHING_KEPT` before any rebuild, `OTHER_LAYOUT` when only another program can read them. */
export async function wayBack(dataSource: DataSource): Promise<NoWayBack | undefined> {
  const kept = await layoutOf(dataSource, OLD);
  if (kept === undefined) return 'NOTHING_KEPT';
  return kept.join() === ownLayout(dataSource).join() ? undefined : 'OTHER_LAYOUT';
}

/**
 * Exchanges the read models in use with those before the last rebuild, in one transaction, after these have taken in what
 * they missed: no reader sees an earlier state. A second rollback exchanges them once more. Rejects with `NoWayBack` as
 * message, or the database's or the log's error; nothing has changed then.
 */
export async function rollback(
  dataSource: DataSource,
  log: LogReader,
  options: ExchangeOptions = {},
): Promise<RolledBack> {
  const refusal = await wayBack(dataSource);
  if (refusal !== undefined) throw new Error(refusal);
  await dropLeftovers(dataSource);
  const place = await placeKept(dataSource);
  const filling = new Filling({ dataSource, log, schema: OLD, place, stops: await stopsInUse(dataSource) });
  return { events: await exchange(filling, exchangeForOld, options) };
}

async function placeKept(dataSource: DataSource): Promise<Place> {
  const rows: { position: string; opaque: Position | 'start'; recorded_at: string }[] = await dataSource.query(
    `SELECT position, opaque, recorded_at FROM ${OLD}.projection_position WHERE partition = $1`,
    [WHOLE_LOG],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the read models that were kept have no position');
  return { position: BigInt(row.position), opaque: row.opaque, recordedAt: Number(row.recorded_at) };
}
