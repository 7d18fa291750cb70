/** Streams that stopped at an event which cannot be projected. */
import { familyOf } from '#read-model/projections/streams.js';
import { rowsOf } from './at.js';
import type { ReadFrom } from './snapshot.js';

export interface ParkedStream {
  readonly stream: string;
  /** Absent for the directory, which belongs to no unit and year. */
  readonly unit?: string;
  readonly year?: number;
  /** Of the event that stopped it. */
  readonly revision: number;
  readonly type: string;
  readonly error: string;
  /** Events that are not in the read models: that one and all after it. */
  readonly heldBack: number;
  /** When that event was recorded, UTC ms. */
  readonly since: number;
}

/** By name; with `stream` only that one, if it is parked. */
export async function parkedStreams(from: ReadFrom, stream?: string): Promise<readonly ParkedStream[]> {
  const rows = await rowsOf<{
    stream: string;
    revision: number;
    type: string;
    error: string;
    held_back: number;
    since: string;
  }>(
    from,
    `SELECT stream, revision, type, error, held_revision - revision + 1 AS held_back,
            (SELECT recorded_at FROM log_clock WHERE first_position <= parked.position
             ORDER BY first_position DESC LIMIT 1) AS since
     FROM parked WHERE $1::text IS NULL OR stream = $1 ORDER BY stream`,
    [stream ?? null],
  );
  return rows.map(({ held_back: heldBack, since, ...row }) => {
    const family = familyOf(row.stream);
    const place = family !== undefined && 'unit' in family ? { unit: family.unit, year: family.year } : {};
    return { ...row, ...place, heldBack, since: Number(since) };
  });
}
