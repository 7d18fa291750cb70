/** The way back: the read models that were in use before the last rebuild, brought up to date and exchanged with those of now. */
import type { DataSource } from 'typeorm';
import { exchange, type ExchangeOptions } from '#read-model/projections/exchange.js';
import { Filling } from '#read-model/projections/filling.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { placesOf } from '#read-model/projections/in-use.js';
import type { Partitions } from '#read-model/projections/partitions.js';
import { stopsInUse } from '#read-model/projections/rebuild.js';
import { OLD, dropLeftovers, exchangeForOld, layoutOf, ownLayout } from '#read-model/projections/schema.js';

/** Why there is no way back. */
export type NoWayBack = 'NOTHING_KEPT' | 'OTHER_LAYOUT';

export interface RollbackOptions extends ExchangeOptions {
  /** How the log is delivered; as a whole unless given. */
  readonly partitions?: Partitions;
}

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
  options: RollbackOptions = {},
): Promise<RolledBack> {
  const refusal = await wayBack(dataSource);
  if (refusal !== undefined) throw new Error(refusal);
  await dropLeftovers(dataSource);
  const places = await placesOf(dataSource, OLD);
  if (places.size === 0) throw new Error('the read models that were kept have no position');
  const { partitions } = options;
  const delivered = partitions === undefined ? {} : { partitions };
  const stops = await stopsInUse(dataSource);
  const filling = new Filling({ dataSource, log, schema: OLD, places, stops, ...delivered });
  return { events: await exchange(filling, exchangeForOld, options) };
}
