/** Where the read models in use are in the log. */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Position } from '#domain/envelope.js';
import type { Place } from '#read-model/projections/clock.js';
import { IN_USE } from '#read-model/projections/schema.js';

export interface InUse {
  /** By partition. */
  readonly places: ReadonlyMap<string, Place>;
  /** Everything up to there is in them. */
  readonly least: bigint;
  /** Nothing beyond is in them. */
  readonly furthest: bigint;
  /** The last event that is in them: the log has it. */
  readonly lastEvent: bigint;
}

/** `undefined` when nothing has been taken into them yet. */
export const inUse = async (client: Pick<ClientBase, 'query'>): Promise<InUse | undefined> =>
  inUseOf((await client.query(placesIn(IN_USE))).rows as PlaceRow[]);

/** The same outside a transaction, as it is at this moment. */
export const inUseNow = async (dataSource: DataSource): Promise<InUse | undefined> =>
  inUseOf(await dataSource.query<PlaceRow[]>(placesIn(IN_USE)));

/** Where the read models of a schema stand, by partition. */
export const placesOf = async (dataSource: DataSource, schema: string): Promise<ReadonlyMap<string, Place>> =>
  placesFrom(await dataSource.query<PlaceRow[]>(placesIn(schema)));

interface PlaceRow {
  readonly partition: string;
  readonly position: string;
  readonly opaque: string;
  readonly recorded_at: string;
  readonly last: string | null;
}

const placesIn = (schema: string): string => `
  SELECT partition, position, opaque, recorded_at,
         (SELECT position FROM ${schema}.log_clock ORDER BY recorded_at DESC LIMIT 1) AS last
  FROM ${schema}.projection_position ORDER BY position, partition`;

const placesFrom = (rows: readonly PlaceRow[]): ReadonlyMap<string, Place> =>
  new Map(
    rows.map(({ partition, position, opaque, recorded_at }) => [
      partition,
      { position: BigInt(position), opaque: opaque as Position | 'start', recordedAt: Number(recorded_at) },
    ]),
  );

function inUseOf(rows: readonly PlaceRow[]): InUse | undefined {
  const [least, furthest] = [rows[0], rows.at(-1)];
  if (least === undefined || furthest === undefined || furthest.opaque === 'start') return undefined;
  return {
    places: placesFrom(rows),
    least: BigInt(least.position),
    furthest: BigInt(furthest.position),
    lastEvent: BigInt(furthest.last ?? least.position),
  };
}
