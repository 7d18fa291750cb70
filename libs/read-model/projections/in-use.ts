/** Where the read models in use are in the log. */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { WHOLE_LOG } from '#read-model/projections/projector.js';
import { IN_USE } from '#read-model/projections/schema.js';

const POSITION = `SELECT position FROM ${IN_USE}.projection_position
  WHERE partition = '${WHOLE_LOG}' AND opaque <> 'start'`;

interface PositionRow {
  readonly position: string;
}

/** `undefined` when nothing has been taken into them yet. */
export const positionInUse = async (client: Pick<ClientBase, 'query'>): Promise<bigint | undefined> =>
  positionOf((await client.query(POSITION)).rows as PositionRow[]);

/** The same outside a transaction, as it is at this moment. */
export const positionNow = async (dataSource: DataSource): Promise<bigint | undefined> =>
  positionOf(await dataSource.query<PositionRow[]>(POSITION));

const positionOf = ([row]: readonly PositionRow[]): bigint | undefined =>
  row === undefined ? undefined : BigInt(row.position);
