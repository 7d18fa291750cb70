/** Which events the history of a line, or of a whole year, tells of. The events themselves are read from the log. */
import { parameters, rowsOf, type At } from './at.js';
import type { ReadFrom } from './snapshot.js';

export interface HistoryPlace {
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
}

/** In the order of the log; without a line all events of the year, its targets among them. */
export async function historyPlaces(
  from: ReadFrom,
  at: At,
  { line, after, limit }: { readonly line?: string; readonly after?: bigint; readonly limit: number },
): Promise<{ readonly places: readonly HistoryPlace[]; readonly more: boolean }> {
  // Each side stops at the page's end by itself: together they would be sorted whole for every page.
  const rows = await rowsOf<{ stream: string; revision: number; position: string }>(
    from,
    `SELECT DISTINCT ON (position) stream, revision, position FROM (
       (SELECT DISTINCT ON (position) 'budget-' || unit || '-' || year AS stream, revision, position
        FROM journal
        WHERE unit = $1 AND year = $2 AND effective_date <= $3 AND position <= $4 AND position > $5
          AND ($6::text IS NULL OR account = ANY(
            ARRAY(SELECT account FROM account WHERE unit = $1 AND year = $2 AND line = $6)))
        ORDER BY position LIMIT $7)
       UNION ALL
       (SELECT DISTINCT ON (position) stream, revision, position FROM mention
        WHERE unit = $1 AND year = $2 AND effective_date <= $3 AND position <= $4 AND position > $5
          AND ($6::text IS NULL OR line IN ($6, ''))
        ORDER BY position LIMIT $7)
     ) AS place ORDER BY position LIMIT $7`,
    [...parameters(at), String(after ?? -1n), line ?? null, limit + 1],
  );
  const places = rows.map(({ stream, revision, position }) => ({ stream, revision, position: BigInt(position) }));
  return { places: places.slice(0, limit), more: places.length > limit };
}
