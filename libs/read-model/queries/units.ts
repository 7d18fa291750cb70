/** The directory and what there is of each unit. */
import { rowsOf } from './at.js';
import type { ReadFrom } from './snapshot.js';

export interface UnitRow {
  readonly unit: string;
  readonly name: string;
  readonly parent: string | null;
}

/** Units by code, as last named and placed. */
export const units = (from: ReadFrom): Promise<UnitRow[]> =>
  rowsOf<UnitRow>(
    from,
    `SELECT unit,
            (SELECT name FROM unit_change AS named WHERE named.unit = known.unit AND name IS NOT NULL
             ORDER BY valid_from DESC, position DESC LIMIT 1) AS name,
            (SELECT parent FROM unit_change AS placed WHERE placed.unit = known.unit AND placed.placed
             ORDER BY valid_from DESC, position DESC LIMIT 1) AS parent
     FROM (SELECT DISTINCT unit FROM unit_change) AS known ORDER BY unit`,
    [],
  );

/** Years of a unit that have a budget or targets, ascending. */
export async function years(from: ReadFrom, unit: string): Promise<readonly number[]> {
  const rows = await rowsOf<{ year: number }>(
    from,
    `SELECT DISTINCT substring(stream FROM '(\\d+)$')::int AS year FROM stream_position
     WHERE stream LIKE 'budget-' || $1 || '-%' OR stream LIKE 'performance-' || $1 || '-%' ORDER BY year`,
    [unit],
  );
  return rows.map(({ year }) => year);
}
