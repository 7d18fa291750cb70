/** Where the read models stand in the log, and which place a moment of the past stands for. */
import type { Position } from '#domain/envelope.js';
import { familyOf } from '#read-model/projections/streams.js';
import { NOW, rowsOf } from './at.js';
import type { ReadFrom } from './snapshot.js';

/** A place in the log as answers name it. */
export interface KnownPlace {
  readonly order: bigint;
  readonly position: Position | 'start';
  /** The log's time there, UTC ms; 0 before the first event. */
  readonly recordedAt: number;
}

interface PlaceRow {
  readonly position: string;
  readonly opaque: string;
  readonly recorded_at: string;
}

const placeOf = ({ position, opaque, recorded_at }: PlaceRow): KnownPlace => ({
  order: BigInt(position),
  position: opaque as Position,
  recordedAt: Number(recorded_at),
});

export const START: KnownPlace = { order: -1n, position: 'start', recordedAt: 0 };

export interface Freshness extends KnownPlace {
  /** The last event that the read models hold: beyond the place where some partitions are ahead of others. */
  readonly last: bigint;
}

/**
 * The last place that the read models include, with the time of the last event up to there. Where the log arrives in
 * partitions it is that of the one that is least far, and there need not be an event.
 */
export async function freshness(from: ReadFrom): Promise<Freshness> {
  const [row] = await rowsOf<PlaceRow & { readonly last: string }>(
    from,
    `SELECT position, opaque,
            coalesce((SELECT recorded_at FROM log_clock WHERE first_position <= projection_position.position
                      ORDER BY first_position DESC LIMIT 1), 0) AS recorded_at,
            coalesce((SELECT position FROM log_clock ORDER BY recorded_at DESC LIMIT 1), -1) AS last
     FROM projection_position ORDER BY position LIMIT 1`,
    [],
  );
  return row === undefined ? { ...START, last: START.order } : { ...placeOf(row), last: BigInt(row.last) };
}

/** The last place whose time is at or before an instant (UTC ms). Exact once the projections have passed that instant. */
export async function placeAt(from: ReadFrom, instant: number): Promise<KnownPlace> {
  const [row] = await rowsOf<PlaceRow>(
    from,
    'SELECT position, opaque, recorded_at FROM log_clock WHERE recorded_at <= $1 ORDER BY recorded_at DESC LIMIT 1',
    [instant],
  );
  return row === undefined ? START : placeOf(row);
}

/** The log's time at a position, which need not be that of an event: the time of the last event up to there. */
export async function timeOf(from: ReadFrom, order: bigint): Promise<number | undefined> {
  const [row] = await rowsOf<{ recorded_at: string }>(
    from,
    'SELECT recorded_at FROM log_clock WHERE first_position <= $1 ORDER BY first_position DESC LIMIT 1',
    [String(order)],
  );
  return row === undefined ? undefined : Number(row.recorded_at);
}

/** Position of the first event of a stream; `undefined` when it has none. */
export async function firstPosition(from: ReadFrom, streams: readonly string[]): Promise<bigint | undefined> {
  const [row] = await rowsOf<{ position: string | null }>(
    from,
    'SELECT min(first_position) AS position FROM stream_position WHERE stream = ANY($1)',
    [streams],
  );
  return row?.position == null ? undefined : BigInt(row.position);
}

/** Revision of the last event of a stream that the read models include, up to a place (now). */
export async function streamRevision(from: ReadFrom, stream: string, order = NOW): Promise<number | undefined> {
  const [row] = await rowsOf<{ revision: number; position: string; first_position: string }>(
    from,
    'SELECT revision, position, first_position FROM stream_position WHERE stream = $1',
    [stream],
  );
  if (row === undefined || BigInt(row.first_position) > order) return undefined;
  return BigInt(row.position) <= order ? row.revision : earlierRevision(from, stream, order);
}

/** Every event of a unit and year leaves a money effect or a mention. */
async function earlierRevision(from: ReadFrom, stream: string, order: bigint): Promise<number | undefined> {
  const family = familyOf(stream);
  if (family === undefined || !('unit' in family)) return undefined;
  const entries = family.family === 'budget' ? ['journal', 'mention'] : ['mention'];
  const latest = entries.map(
    (table) => `(SELECT revision FROM ${table} WHERE unit = $1 AND year = $2 AND position <= $3
      ${table === 'mention' ? 'AND stream = $4' : 'AND $4::text IS NOT NULL'} ORDER BY position DESC LIMIT 1)`,
  );
  const [row] = await rowsOf<{ revision: number | null }>(
    from,
    `SELECT max(revision) AS revision FROM (${latest.join(' UNION ALL ')}) AS latest`,
    [family.unit, family.year, String(order), stream],
  );
  return row?.revision ?? undefined;
}

/** Why reads of these streams up to a place (now) are stale: the event at which one of them stopped before it. */
export async function staleReason(
  from: ReadFrom,
  streams: readonly string[],
  order = NOW,
): Promise<{ readonly stream: string; readonly revision: number; readonly error: string } | undefined> {
  const [row] = await rowsOf<{ stream: string; revision: number; error: string }>(
    from,
    'SELECT stream, revision, error FROM parked WHERE stream = ANY($1) AND position <= $2 ORDER BY stream LIMIT 1',
    [streams, String(order)],
  );
  return row;
}

/** How many events the read models have taken in, those that stopped streams keep back included. */
export async function eventsTaken(from: ReadFrom): Promise<number> {
  const [row] = await rowsOf<{ events: string }>(
    from,
    `SELECT coalesce(sum(greatest(revision, held_revision) + 1), 0) AS events
     FROM (SELECT stream, revision FROM stream_position) AS reached FULL JOIN (SELECT stream, held_revision FROM parked) AS held USING (stream)`,
    [],
  );
  return Number(row?.events ?? 0);
}
