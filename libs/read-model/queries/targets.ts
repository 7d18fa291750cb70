import type { Indicator } from '#domain/performance/events.js';
import { parameters, rowsOf, type At } from './at.js';
import type { ReadFrom } from './snapshot.js';

/** Indicators in printed order, as approved by `asOf` and known; none before the approval. An approval is a whole table. */
export async function targets(from: ReadFrom, at: At): Promise<readonly Indicator[]> {
  const rows = await rowsOf<{ definition: Indicator }>(
    from,
    `SELECT definition FROM indicator
     WHERE unit = $1 AND year = $2 AND position = (
       SELECT position FROM indicator WHERE unit = $1 AND year = $2 AND effective_date <= $3 AND position <= $4
       ORDER BY effective_date DESC, position DESC LIMIT 1)
     ORDER BY ordinal`,
    parameters(at),
  );
  return rows.map(({ definition }) => definition);
}
