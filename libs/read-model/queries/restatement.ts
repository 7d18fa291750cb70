/**
 * What touches a sealed period and is not in its reports: money effects, and events that moved none, whose true date lies in
 * the period. Nearly all of it was recorded after the seal; a late fact that was booked behind the period before it was sealed
 * again was known, but the reports go by the date on which it was booked.
 */
import type { EffectKind } from '#domain/budget/effects.js';
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import { budgetStream } from '#domain/budget/decide.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { Figure } from '#domain/metrics/quantities.js';
import { fen, type Fen } from '#domain/money.js';
import { facetOf } from '#read-model/projections/accounts.js';
import { rowsOf, type At } from './at.js';
import type { HistoryPlace } from './history.js';
import { TARGET_EVENTS } from './performance.js';
import type { ReadFrom } from './snapshot.js';

/** A sealed period of a unit and year, and up to which place in the log's order it is looked at. */
export interface Sealed extends Pick<At, 'unit' | 'year'> {
  readonly through: CivilDate;
  /** Place of the last event that the seal cites. */
  readonly cited: bigint;
  /** Place of the first seal of the year: before it no fact could belong to a sealed period. */
  readonly firstSeal: bigint;
  readonly until: bigint;
}

/** The true date lies in the period, and the sealed figures do not hold it. `$1` unit, `$2` year, `$3` to `$6` below. */
const TOUCHES = `unit = $1 AND year = $2 AND position > $3 AND position <= $4
  AND coalesce(belongs_to, effective_date) <= $5 AND NOT (position <= $6 AND effective_date <= $5)`;
const touching = ({ unit, year, through, cited, firstSeal, until }: Sealed): unknown[] => [
  ...[unit, year, String(cited < firstSeal ? cited : firstSeal), String(until), through, String(cited)],
];

/** The same of the year before: its figures count as they stand at its end, whatever date they bear. */
const YEAR_BEFORE = `unit = $1 AND year = $2 AND position > $3 AND position <= $4`;
const before = ({ unit, year, cited, until }: Sealed): unknown[] => [unit, year - 1, String(cited), String(until)];

/** A sum of effects that touch the period, with the moment of the first of them (UTC ms). */
export type TouchingFigure = Figure & { readonly since: number };

interface SumRow {
  readonly line: string;
  readonly fund: FundNature;
  readonly expenditure: Expenditure;
  readonly kind: EffectKind;
  readonly economic: string;
  readonly facet: number | null;
  readonly origin_year: number | null;
  readonly fen: string;
  readonly since: string;
}

const sums = (condition: string): string => `
  SELECT account.line, account.fund, account.expenditure, account.kind, account.economic, account.facet,
         account.origin_year, sums.fen::text AS fen, sums.since::text AS since
  FROM (SELECT account, sum(fen) AS fen, min(recorded_at) AS since FROM journal WHERE ${condition} GROUP BY account) AS sums
  JOIN account ON account.unit = $1 AND account.year = $2 AND account.account = sums.account
  ORDER BY account.account`;

/** Sums of what touches the period, by account; a sum of nothing is there too, with when it began. */
export const touchingFigures = async (from: ReadFrom, sealed: Sealed): Promise<readonly TouchingFigure[]> =>
  (await rowsOf<SumRow>(from, sums(TOUCHES), touching(sealed))).map(figureOf);

/** Sums of what was recorded in the year before since the seal. */
export const figuresOfYearBefore = async (from: ReadFrom, sealed: Sealed): Promise<readonly TouchingFigure[]> =>
  (await rowsOf<SumRow>(from, sums(YEAR_BEFORE), before(sealed))).map(figureOf);

function figureOf(row: SumRow): TouchingFigure {
  const { line, fund, expenditure, kind, economic } = row;
  const facet = facetOf(row.facet);
  return {
    ...{ line, fund, expenditure, kind, economic },
    ...(facet === undefined ? {} : { facet }),
    ...(row.origin_year === null ? {} : { originYear: row.origin_year }),
    fen: fen(Number(row.fen)),
    since: Number(row.since),
  };
}

/** One money effect of an event that touches the period. */
export interface TouchingEffect {
  readonly position: bigint;
  readonly year: number;
  readonly line: string;
  readonly kind: EffectKind;
  readonly fen: Fen;
  readonly ref?: string;
  readonly document?: string;
}

export interface TouchingPlace extends HistoryPlace {
  readonly year: number;
}

/** Events with money effects that touch the period, in the order of the log after `after`, of this year and the year before. */
export async function touchingPlaces(
  from: ReadFrom,
  sealed: Sealed,
  {
    after,
    limit,
    kindsBefore,
  }: { readonly after: bigint; readonly limit: number; readonly kindsBefore: readonly EffectKind[] },
): Promise<readonly TouchingPlace[]> {
  const { unit } = sealed;
  const page = (condition: string, more: string, first: number) =>
    `SELECT DISTINCT ON (position) year, revision, position FROM journal WHERE ${condition} AND position > $${first}${more}
     ORDER BY position LIMIT $${first + 1}`;
  const own = await rowsOf<PlaceRow>(from, page(TOUCHES, '', 7), [...touching(sealed), String(after), limit]);
  const ofKinds = ` AND account = ANY(ARRAY(
    SELECT account FROM account WHERE unit = $1 AND year = $2 AND kind = ANY($7::text[])))`;
  const earlier = await rowsOf<PlaceRow>(from, page(YEAR_BEFORE, ofKinds, 5), [
    ...before(sealed),
    String(after),
    limit,
    kindsBefore,
  ]);
  return [...own, ...earlier]
    .map((row) => ({
      year: row.year,
      stream: budgetStream(unit, row.year),
      revision: row.revision,
      position: BigInt(row.position),
    }))
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .slice(0, limit);
}

interface PlaceRow {
  readonly year: number;
  readonly revision: number;
  readonly position: string;
}

/** How many events with money effects there are. */
export async function countTouching(
  from: ReadFrom,
  sealed: Sealed,
  kindsBefore: readonly EffectKind[],
): Promise<number> {
  const [own] = await rowsOf<{ count: number }>(
    from,
    `SELECT count(DISTINCT position)::integer AS count FROM journal WHERE ${TOUCHES}`,
    touching(sealed),
  );
  const [earlier] = await rowsOf<{ count: number }>(
    from,
    `SELECT count(DISTINCT position)::integer AS count FROM journal JOIN account USING (unit, year, account)
     WHERE ${YEAR_BEFORE} AND kind = ANY($5::text[])`,
    [...before(sealed), kindsBefore],
  );
  return (own?.count ?? 0) + (earlier?.count ?? 0);
}

/** Money effects of the events at these places, in their order. */
export async function effectsAt(
  from: ReadFrom,
  { unit, year }: Pick<At, 'unit' | 'year'>,
  positions: readonly bigint[],
): Promise<readonly TouchingEffect[]> {
  const rows = await rowsOf<{
    position: string;
    year: number;
    line: string;
    kind: EffectKind;
    fen: string;
    ref: string | null;
    document: string | null;
  }>(
    from,
    `SELECT position, year, line, kind, fen::text, ref, document FROM journal JOIN account USING (unit, year, account)
     WHERE unit = $1 AND year = ANY($2::smallint[]) AND position = ANY($3::bigint[]) ORDER BY position, seq`,
    [unit, [year - 1, year], positions.map(String)],
  );
  return rows.map(({ position, fen: amount, ref, document, ...row }) => ({
    ...row,
    position: BigInt(position),
    fen: fen(Number(amount)),
    ...(ref === null ? {} : { ref }),
    ...(document === null ? {} : { document }),
  }));
}

/**
 * Events without money effects that may touch the period: dated in it and recorded after what the seal cites, or dated later,
 * when only the event itself says whether it belongs to the period. Seals, reopenings and closings change no figure, and of a
 * performance table only targets stand in a report: results are no facts of a sealed period.
 */
export async function silentPlaces(from: ReadFrom, sealed: Sealed): Promise<readonly HistoryPlace[]> {
  const rows = await rowsOf<{ stream: string; revision: number; position: string }>(
    from,
    `SELECT DISTINCT mention.stream, mention.revision, mention.position FROM mention
     LEFT JOIN milestone USING (unit, year, position)
     LEFT JOIN performance_entry AS told USING (unit, year, position)
     WHERE unit = $1 AND year = $2 AND position > $3 AND position <= $4
       AND (mention.effective_date > $5 OR position > $6)
       AND NOT EXISTS (SELECT FROM journal
                       WHERE journal.unit = $1 AND journal.year = $2 AND journal.position = mention.position)
       AND coalesce(milestone.kind, '') NOT IN ('sealed', 'reopened', 'closed', 'year-reopened')
       AND (told.type IS NULL OR told.type = ANY($7::text[]))
     ORDER BY mention.position`,
    [...touching(sealed), TARGET_EVENTS],
  );
  return rows.map(({ stream, revision, position }) => ({ stream, revision, position: BigInt(position) }));
}

/** Approved lines whose approval belongs to the period though it is dated later: place and true date of their plans. */
export async function lateApprovals(from: ReadFrom, sealed: Sealed): Promise<ReadonlyMap<bigint, CivilDate>> {
  const rows = await rowsOf<{ position: string; belongs_to: string }>(
    from,
    `SELECT DISTINCT position, belongs_to FROM journal JOIN account USING (unit, year, account)
     WHERE ${TOUCHES} AND kind = 'original' AND effective_date > $5`,
    touching(sealed),
  );
  return new Map(rows.map(({ position, belongs_to }) => [BigInt(position), civilDate(belongs_to)]));
}
