/** The directory and what there is of each unit. */
import { lastDayOf, type CivilDate } from '#domain/calendar.js';
import { NOW, rowsOf } from './at.js';
import type { ReadFrom } from './snapshot.js';

export interface UnitRow {
  readonly unit: string;
  readonly name: string;
  readonly parent: string | null;
  /** From when on there is such a unit. */
  readonly validFrom: CivilDate;
}

/** Without a date: as last named and placed, whatever the date of that. Without a place in the log: as known now. */
export interface UnitsAt {
  readonly asOf?: CivilDate;
  readonly knownAt?: bigint;
}

/** Any date that a change can bear. */
const FOR_EVER = lastDayOf(9999);

/** The change in force at `$1`, else the first one: a unit that begins later is shown as it begins. */
const IN_FORCE = `ORDER BY (valid_from <= $1) DESC, CASE WHEN valid_from <= $1 THEN valid_from END DESC NULLS LAST,
  CASE WHEN valid_from <= $1 THEN position END DESC NULLS LAST, valid_from, position LIMIT 1`;

/** Units by code, each with its name and parent at a date, as known by a place in the log. */
export async function units(from: ReadFrom, { asOf = FOR_EVER, knownAt = NOW }: UnitsAt = {}): Promise<UnitRow[]> {
  const rows = await rowsOf<Omit<UnitRow, 'validFrom'> & { readonly valid_from: CivilDate }>(
    from,
    `SELECT unit, valid_from,
            (SELECT name FROM unit_change AS named
             WHERE named.unit = known.unit AND name IS NOT NULL AND position <= $2 ${IN_FORCE}) AS name,
            (SELECT parent FROM unit_change AS placed
             WHERE placed.unit = known.unit AND placed.placed AND position <= $2 ${IN_FORCE}) AS parent
     FROM (SELECT unit, min(valid_from) AS valid_from FROM unit_change WHERE position <= $2 GROUP BY unit) AS known
     ORDER BY unit`,
    [asOf, String(knownAt)],
  );
  return rows.map(({ valid_from, ...row }) => ({ ...row, validFrom: valid_from }));
}

/** Years of a unit that have a budget or targets, ascending, as known by a place in the log. */
export async function years(from: ReadFrom, unit: string, knownAt = NOW): Promise<readonly number[]> {
  const rows = await rowsOf<{ year: number }>(
    from,
    `SELECT DISTINCT substring(stream FROM '(\\d+)$')::int AS year FROM stream_position
     WHERE (stream LIKE 'budget-' || $1 || '-%' OR stream LIKE 'performance-' || $1 || '-%')
       AND first_position <= $2 ORDER BY year`,
    [unit, String(knownAt)],
  );
  return rows.map(({ year }) => year);
}
