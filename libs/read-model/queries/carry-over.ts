/**
 * What the read models know of carried-over money in all years of a unit. Reasons and sources of revisions and the lots of a
 * closing stand in their events: here is only where in the log those are.
 */
import type { CarryOverBroughtForward } from '#domain/budget/events.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { LotTransfer } from '#domain/budget/lineage.js';
import { fen, type Fen } from '#domain/money.js';
import { NOW, rowsOf, type At } from './at.js';
import type { ReadFrom } from './snapshot.js';

/** A unit, as known up to a place in the log's order; without one, as known now. */
export type OfUnit = Pick<At, 'unit' | 'knownAt'>;

const known = ({ knownAt = NOW }: OfUnit): string => String(knownAt);

/** Years of a unit that have budget lines by then, ascending. */
export async function budgetYears(from: ReadFrom, of: OfUnit): Promise<readonly number[]> {
  const rows = await rowsOf<{ year: number }>(
    from,
    'SELECT DISTINCT year FROM line_definition WHERE unit = $1 AND position <= $2 ORDER BY year',
    [of.unit, known(of)],
  );
  return rows.map(({ year }) => year);
}

/** A year closed, or opened again after a close. */
export interface CloseMark {
  readonly year: number;
  readonly kind: 'closed' | 'year-reopened';
  readonly closure: number;
  readonly position: bigint;
  readonly revision: number;
  readonly effectiveDate: CivilDate;
}

/** Closes and reopenings of every year, in the order recorded, whatever date they bear. */
export async function closeMarks(from: ReadFrom, of: OfUnit): Promise<readonly CloseMark[]> {
  const rows = await rowsOf<{
    year: number;
    kind: CloseMark['kind'];
    closure: number;
    position: string;
    revision: number;
    effective_date: string;
  }>(
    from,
    `SELECT year, kind, (detail->>'closure')::int AS closure, position, revision, effective_date FROM milestone
     WHERE unit = $1 AND position <= $2 AND kind IN ('closed', 'year-reopened') ORDER BY position`,
    [of.unit, known(of)],
  );
  return rows.map(({ position, effective_date, ...row }) => ({
    ...row,
    position: BigInt(position),
    effectiveDate: civilDate(effective_date),
  }));
}

/** One event that brought a carry-over in or revised it. `fen` is signed. */
export interface CarryOverEntry {
  readonly eventId: string;
  readonly position: bigint;
  readonly revision: number;
  readonly effectiveDate: CivilDate;
  /** UTC ms, the log's time. */
  readonly recordedAt: number;
  readonly fen: Fen;
}

export interface CarryOverRecord {
  readonly year: number;
  readonly carryOverId: string;
  readonly line: string;
  readonly originYear: number;
  readonly originLine: string;
  readonly source: CarryOverBroughtForward['data']['source'] | null;
  /** The first brought it in, each after it revised it. */
  readonly entries: readonly [CarryOverEntry, ...CarryOverEntry[]];
}

/** Until which date entries of a year count; all of the years that are not named. */
export interface Until {
  readonly year: number;
  readonly asOf: CivilDate;
}

interface EntryRow {
  readonly year: number;
  readonly carry_over_id: string;
  readonly line: string;
  readonly origin_year: number;
  readonly origin_line: string;
  readonly source: CarryOverRecord['source'];
  readonly event_id: string;
  readonly position: string;
  readonly revision: number;
  readonly effective_date: string;
  readonly recorded_at: string;
  readonly fen: string;
}

/** Carry-overs brought into every year up to the one after `year`, in the order recorded. */
export async function carryOverRecords(from: ReadFrom, of: OfUnit, until: Until): Promise<readonly CarryOverRecord[]> {
  const rows = await rowsOf<EntryRow>(
    from,
    `SELECT paper.year, paper.carry_over_id, paper.line, paper.origin_year, paper.origin_line, paper.source,
            journal.event_id, journal.position, journal.revision, journal.effective_date, journal.recorded_at,
            journal.fen::text AS fen
     FROM account
     JOIN journal ON journal.unit = account.unit AND journal.year = account.year AND journal.account = account.account
     JOIN carry_over AS paper
       ON paper.unit = account.unit AND paper.year = account.year AND paper.carry_over_id = journal.ref
     WHERE account.unit = $1 AND account.kind = 'carry-over-in' AND account.year <= $3 + 1 AND journal.position <= $2
       AND (account.year <> $3 OR journal.effective_date <= $4)
     ORDER BY journal.position, journal.seq`,
    [of.unit, known(of), until.year, until.asOf],
  );
  const records = new Map<
    string,
    Omit<CarryOverRecord, 'entries'> & { entries: [CarryOverEntry, ...CarryOverEntry[]] }
  >();
  for (const row of rows) {
    const { year, carry_over_id: carryOverId, line, origin_year, origin_line, source } = row;
    const record = records.get(`${year} ${carryOverId}`);
    if (record !== undefined) record.entries.push(entryOf(row));
    else {
      const paper = { year, carryOverId, line, originYear: origin_year, originLine: origin_line, source };
      records.set(`${year} ${carryOverId}`, { ...paper, entries: [entryOf(row)] });
    }
  }
  return [...records.values()];
}

const entryOf = (row: EntryRow): CarryOverEntry => ({
  eventId: row.event_id,
  position: BigInt(row.position),
  revision: row.revision,
  effectiveDate: civilDate(row.effective_date),
  recordedAt: Number(row.recorded_at),
  fen: fen(Number(row.fen)),
});

/** Money of earlier years moved between lines in every year up to `year`; what was taken back again is left out. */
export async function lotTransfers(from: ReadFrom, of: OfUnit, until: Until): Promise<readonly LotTransfer[]> {
  const rows = await rowsOf<{
    year: number;
    origin_year: number;
    from_line: string;
    line: string;
    fen: string;
    adjustment_ids: string[];
  }>(
    from,
    `SELECT year, origin_year, counter_line AS from_line, line, sum(fen)::text AS fen,
            array_agg(DISTINCT ref ORDER BY ref) AS adjustment_ids
     FROM account JOIN journal USING (unit, year, account)
     WHERE unit = $1 AND kind = 'transferred-in' AND origin_year IS NOT NULL AND year <= $3 AND position <= $2
       AND (year <> $3 OR effective_date <= $4)
     GROUP BY year, origin_year, counter_line, line HAVING sum(fen) <> 0
     ORDER BY year, line, origin_year, counter_line`,
    [of.unit, known(of), until.year, until.asOf],
  );
  return rows.map((row) => ({
    year: row.year,
    originYear: row.origin_year,
    fromLine: row.from_line,
    line: row.line,
    fen: fen(Number(row.fen)),
    adjustmentIds: row.adjustment_ids,
  }));
}

/** Surplus taken back in the budget of a year between two places in the log, reversals counted, whatever date it bears. */
export async function takenBack(
  from: ReadFrom,
  { year, ...of }: OfUnit & { readonly year: number },
  { after = -1n, upTo = NOW }: { readonly after?: bigint; readonly upTo?: bigint },
): Promise<readonly { readonly line: string; readonly originYear: number; readonly fen: Fen }[]> {
  const rows = await rowsOf<{ line: string; origin_year: number; fen: string }>(
    from,
    `SELECT line, origin_year, sum(fen)::text AS fen FROM account JOIN journal USING (unit, year, account)
     WHERE unit = $1 AND year = $3 AND kind = 'taken-back' AND position <= least($2::bigint, $5::bigint) AND position > $4
     GROUP BY line, origin_year HAVING sum(fen) <> 0 ORDER BY line, origin_year`,
    [of.unit, known(of), year, String(after), String(upTo)],
  );
  return rows.map((row) => ({ line: row.line, originYear: row.origin_year, fen: fen(Number(row.fen)) }));
}
