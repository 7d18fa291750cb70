/** Performance tables: the events of one, and what they come to at a date as the domain folds them. */
import type { CivilDate } from '#domain/calendar.js';
import type { Actor } from '#domain/envelope.js';
import type { Indicator, PerformanceEvent } from '#domain/performance/events.js';
import { standingOf, type Standing } from '#domain/performance/standing.js';
import { NOW, rowsOf, type At } from './at.js';
import type { ReadFrom } from './snapshot.js';

/** An event with its place in the log. `recordedAt`: the log's time, UTC ms. */
export type PerformanceEntry = PerformanceEvent & {
  readonly eventId: string;
  readonly position: bigint;
  readonly revision: number;
  readonly recordedAt: number;
  readonly actor: Actor;
};

interface Row {
  readonly position: string;
  readonly revision: number;
  readonly event_id: string;
  /** A column of dates holds nothing else: to read each again would take as long as the fold. */
  readonly effective_date: CivilDate;
  readonly belongs_to: CivilDate | null;
  readonly type: PerformanceEvent['type'];
  readonly data: PerformanceEvent['data'];
  readonly actor: string;
  readonly actor_name: string | null;
  readonly recorded_at: string;
}

type OfYear = Pick<At, 'unit' | 'year' | 'knownAt'>;

/** All events known, whatever their dates, in the order recorded; only those of some types where these are given. */
export async function performanceEntries(
  from: ReadFrom,
  { unit, year, knownAt = NOW }: OfYear,
  types?: readonly PerformanceEvent['type'][],
): Promise<readonly PerformanceEntry[]> {
  const rows = await rowsOf<Row>(
    from,
    `SELECT position, revision, event_id, effective_date, belongs_to, type, data, actor, actor_name, recorded_at
     FROM performance_entry
     WHERE unit = $1 AND year = $2 AND position <= $3 AND ($4::text[] IS NULL OR type = ANY($4))
     ORDER BY position`,
    [unit, year, String(knownAt), types ?? null],
  );
  return rows.map(entryOf);
}

function entryOf({ type, data, ...row }: Row): PerformanceEntry {
  const { actor: id, actor_name: name } = row;
  return {
    type,
    data,
    effectiveDate: row.effective_date,
    ...(row.belongs_to === null ? {} : { belongsTo: row.belongs_to }),
    eventId: row.event_id,
    position: BigInt(row.position),
    revision: row.revision,
    recordedAt: Number(row.recorded_at),
    actor: { id, ...(name === null ? {} : { name }) },
  } as PerformanceEntry;
}

/** What the table is at a date, as known. Reads no more of each event than the fold looks at: there may be thousands. */
export async function performanceStanding(from: ReadFrom, at: At): Promise<Standing> {
  const { unit, year, knownAt = NOW } = at;
  const rows = await rowsOf<Pick<Row, 'type' | 'effective_date' | 'data'>>(
    from,
    `SELECT type, effective_date, data FROM performance_entry
     WHERE unit = $1 AND year = $2 AND position <= $3 ORDER BY position`,
    [unit, year, String(knownAt)],
  );
  return standingOf(rows.map(eventOf), at.asOf, year);
}

const eventOf = ({ type, effective_date, data }: Pick<Row, 'type' | 'effective_date' | 'data'>): PerformanceEvent =>
  ({ type, effectiveDate: effective_date, data }) as PerformanceEvent;

/** Events that say what the indicators and their targets are. */
export const TARGET_EVENTS = [
  'TargetsApproved',
  'TargetRevised',
  'IndicatorAdded',
  'IndicatorWithdrawn',
] as const satisfies readonly PerformanceEvent['type'][];

/** Indicators in printed order, as approved and revised by `asOf` and known; none before the approval. No other event moves them. */
export const targets = async (from: ReadFrom, at: At): Promise<readonly Indicator[]> =>
  standingOf(await performanceEntries(from, at, TARGET_EVENTS), at.asOf, at.year).indicators;
