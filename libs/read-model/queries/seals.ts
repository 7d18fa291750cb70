/** Seals of a unit's year, numbered 1, 2, 3 … in the order in which they were recorded. */
import { civilDate, type CivilDate } from '#domain/calendar.js';
import { rowsOf, type At } from './at.js';
import type { ReadFrom } from './snapshot.js';

/** What `seal:N` stands for: the date through which it seals, and the last place in the log that was known before it. */
export async function sealMoment(
  from: ReadFrom,
  { unit, year }: Pick<At, 'unit' | 'year'>,
  number: number,
): Promise<{ readonly asOf: CivilDate; readonly order: bigint } | undefined> {
  const [row] = await rowsOf<{ through: string; position: string }>(
    from,
    `SELECT detail ->> 'through' AS through, position FROM milestone
     WHERE unit = $1 AND year = $2 AND kind = 'sealed' ORDER BY position OFFSET $3 LIMIT 1`,
    [unit, year, number - 1],
  );
  return row === undefined ? undefined : { asOf: civilDate(row.through), order: BigInt(row.position) - 1n };
}
