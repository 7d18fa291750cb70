import type { DataSource } from 'typeorm';
import type { Indicator } from '#domain/performance/events.js';
import { parameters, rowsOf, type At } from './at.js';

/** Indicators in printed order, as approved by `asOf` and known; none before the approval. */
export async function targets(dataSource: DataSource, at: At): Promise<readonly Indicator[]> {
  const rows = await rowsOf<{ definition: Indicator }>(
    dataSource,
    `SELECT DISTINCT ON (ordinal) definition FROM indicator
     WHERE unit = $1 AND year = $2 AND effective_date <= $3 AND position <= $4
     ORDER BY ordinal, position DESC`,
    parameters(at),
  );
  return rows.map(({ definition }) => definition);
}
