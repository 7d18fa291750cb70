/** One group commit: the events of many appends in one statement, which is one transaction and one round trip. */
import type pg from 'pg';
import type { StoredEvent } from '../serialise.js';
import { bigintArray, byteaArray, integerArray, textArray, uuidArray } from './binary-array.js';

/**
 * The row lock and the insert are one statement, so no owner can change in between. The fence is locked, not updated: an
 * update leaves a dead row version per flush, and while any long transaction (a backup) keeps those alive every flush walks
 * them all; measured 0.29 → 0.45 ms over 16,000 flushes, and growing, against a steady 0.25 ms.
 */
const STATEMENT = `
  WITH fence AS (SELECT FROM log.fence WHERE epoch = $1 AND floor <= $2 FOR SHARE)
  INSERT INTO log.event (position, stream, revision, id, type, data, metadata, recorded_at)
  SELECT $3::bigint + event.ordinal, event.stream, event.revision, event.id, event.type, event.data, event.metadata,
         event.recorded_at
  FROM fence,
       unnest($4::text[], $5::integer[], $6::uuid[], $7::text[], $8::bytea[], $9::bytea[], $10::bigint[])
         WITH ORDINALITY AS event (stream, revision, id, type, data, metadata, recorded_at, ordinal)`;

/** Stores events that follow position `after`. False: the fence let nothing through. Fails as a whole or not at all. */
export async function flush(
  client: pg.Client,
  epoch: string,
  after: number,
  events: readonly StoredEvent[],
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'flush',
    text: STATEMENT,
    values: [
      epoch,
      events[0]?.recordedAt ?? 0,
      after,
      textArray(events.map((event) => event.stream)),
      integerArray(events.map((event) => event.revision)),
      uuidArray(events.map((event) => event.id)),
      textArray(events.map((event) => event.type)),
      byteaArray(events.map((event) => event.data)),
      byteaArray(events.map((event) => event.metadata)),
      bigintArray(events.map((event) => event.recordedAt)),
    ],
  });
  if (rowCount !== 0 && rowCount !== events.length)
    throw new Error(`${rowCount} of ${events.length} events were stored`);
  return rowCount === events.length;
}
