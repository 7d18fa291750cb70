/**
 * What lies between two moments of one unit and year: the events that one of them includes and the other does not. A moment is
 * the region { dated by asOf, recorded by knownAt }; what counts is the symmetric difference of both, read on the journal and
 * on what changes plans, lines and targets without money.
 */
import { budgetStream } from '#domain/budget/decide.js';
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import { civilDate } from '#domain/calendar.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { type MovedSum, type OnlyIn, type Why, WHYS } from '#domain/metrics/why-moved.js';
import { fen, type Fen } from '#domain/money.js';
import { parameters, type At } from './at.js';
import type { HistoryPlace } from './history.js';
import { TARGET_EVENTS } from './performance.js';
import { reading, type ReadFrom, type Snapshot } from './snapshot.js';

/** Two moments of the same unit and year, and the money that is looked at. */
export interface Between {
  readonly a: At;
  readonly b: At;
  readonly scope: Scope;
}

export interface MovedEvent extends HistoryPlace {
  readonly onlyIn: OnlyIn;
  /** It belongs to the period of `a` and was recorded after what `a` knew. */
  readonly late: boolean;
  /** As booked, by line and kind in the order of the event; none where it moved no money of the scope. */
  readonly effects: readonly MovedEffect[];
}

export interface MovedEffect {
  readonly line: string;
  readonly kind: EffectKind;
  readonly fen: Fen;
}

// ---- Where they differ --------------------------------------------------------------------------------------------

/**
 * `$1` unit, `$2` year, `$3` and `$4` asOf and known-at of a, `$5` and `$6` of b, `$7` fund natures or null, `$8` kind of
 * expenditure or null, `$9` and `$10` bounds between which all positions lie: without them every row would be looked at when
 * two moments differ only in the last few that are known.
 */
function questionOf({ a, b, scope }: Between, after?: bigint): unknown[] {
  const [unit, year, asOfA, knownA] = parameters(a);
  const [, , asOfB, knownB] = parameters(b);
  const [low, high] = [BigInt(knownA ?? 0), BigInt(knownB ?? 0)].sort((left, right) => (left < right ? -1 : 1));
  const from = asOfA === asOfB ? low : -1n;
  return [
    ...[unit, year, asOfA, knownA, asOfB, knownB],
    scope.funds === 'all' ? null : scope.funds,
    scope.expenditure === 'all' ? null : scope.expenditure,
    String(after !== undefined && after > (from ?? -1n) ? after : from),
    String(high),
  ];
}

const IN_A = '(effective_date <= $3::date AND position <= $4::bigint)';
const IN_B = '(effective_date <= $5::date AND position <= $6::bigint)';
const BETWEEN = `unit = $1 AND year = $2 AND position > $9::bigint AND position <= $10::bigint AND ${IN_A} <> ${IN_B}`;

const IN_SCOPE = '($7::text[] IS NULL OR fund = ANY($7)) AND ($8::text IS NULL OR expenditure = $8)';
const ACCOUNTS = `account = ANY(ARRAY(SELECT account FROM account WHERE unit = $1 AND year = $2 AND ${IN_SCOPE}))`;
const LINES = `line = ANY(ARRAY(SELECT line FROM line_definition WHERE unit = $1 AND year = $2 AND ${IN_SCOPE}))`;

/** Events of a performance table that change results, or what these are measured by, as `whyMoved` says of their types. */
const OF_TABLE: Readonly<Partial<Record<Why, readonly PerformanceEvent['type'][]>>> = {
  entry: ['IndicatorResultRecorded', 'BaseFactRecorded'],
  correction: ['ResultCorrected', 'BaseFactCorrected'],
  reversal: ['ResultWithdrawn', 'BaseFactWithdrawn'],
  target: TARGET_EVENTS,
};
const OF_TABLE_WHY = `CASE ${Object.entries(OF_TABLE)
  .map(([why, types]) => `WHEN type IN (${types.map((type) => `'${type}'`).join(', ')}) THEN '${why}'`)
  .join(' ')} END`;

/** Events that change figures, or what they are measured by, without any money. Lines approved have money. */
const WITHOUT_MONEY = `
  SELECT position, effective_date, 'plan' AS why FROM plan WHERE ${BETWEEN} AND kind = 'monthly' AND ${LINES}
  UNION ALL
  SELECT position, effective_date, 'line' FROM line_definition
  WHERE ${BETWEEN} AND kind IN ('opened', 'reclassified') AND ${LINES}
  UNION ALL
  SELECT position, effective_date, 'entry' FROM milestone WHERE ${BETWEEN} AND kind = 'approved'
  UNION ALL
  SELECT position, effective_date, ${OF_TABLE_WHY} FROM performance_entry
  WHERE ${BETWEEN} AND ${OF_TABLE_WHY} IS NOT NULL`;

// ---- One by one ---------------------------------------------------------------------------------------------------

/** Events in the order of the log, after `after`. */
export const movedEvents = (
  from: ReadFrom,
  between: Between,
  { after, limit }: { readonly after?: bigint; readonly limit: number },
): Promise<{ readonly events: readonly MovedEvent[]; readonly more: boolean }> =>
  reading(from, async (snapshot) => {
    const question = questionOf(between, after);
    const rows = await snapshot.rows<{ position: string }>(
      // Each side stops at the page's end by itself; the journal's is answered from its key alone.
      `SELECT position FROM (
         (SELECT DISTINCT position FROM journal WHERE ${BETWEEN} AND ${ACCOUNTS} ORDER BY position LIMIT $11)
         UNION
         (SELECT position FROM (${WITHOUT_MONEY}) AS other ORDER BY position LIMIT $11)
       ) AS place ORDER BY position LIMIT $11`,
      [...question, limit + 1],
    );
    const positions = rows.slice(0, limit).map(({ position }) => position);
    return { events: await eventsOf(snapshot, between, positions), more: rows.length > limit };
  });

interface EffectRow {
  readonly position: string;
  readonly revision: number;
  readonly effective_date: string;
  readonly belongs_to: string | null;
  readonly line: string;
  readonly kind: EffectKind;
  readonly fen: string;
}

interface MentionRow {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly effective_date: string;
}

async function eventsOf(
  snapshot: Snapshot,
  { a, b, scope }: Between,
  positions: readonly string[],
): Promise<readonly MovedEvent[]> {
  const { unit, year } = a;
  const effects = await snapshot.rows<EffectRow>(
    `SELECT position, revision, effective_date, belongs_to, line, kind, fen::text
     FROM journal JOIN account USING (unit, year, account)
     WHERE unit = $1 AND year = $2 AND position = ANY($3::bigint[])
       AND ($4::text[] IS NULL OR fund = ANY($4)) AND ($5::text IS NULL OR expenditure = $5)
     ORDER BY position, seq`,
    [
      unit,
      year,
      positions,
      scope.funds === 'all' ? null : scope.funds,
      scope.expenditure === 'all' ? null : scope.expenditure,
    ],
  );
  const mentions = await snapshot.rows<MentionRow>(
    `SELECT DISTINCT ON (position) position, stream, revision, effective_date FROM mention
     WHERE unit = $1 AND year = $2 AND position = ANY($3::bigint[]) ORDER BY position, line`,
    [unit, year, positions],
  );
  const rows = new Map<string, EffectRow[]>();
  for (const row of effects) rows.set(row.position, [...(rows.get(row.position) ?? []), row]);
  const mentioned = new Map(mentions.map((row) => [row.position, row]));
  return positions.map((position) => {
    const own = rows.get(position) ?? [];
    const row = own[0] ?? mentioned.get(position);
    if (row === undefined) throw new Error(`no row says which event is at ${position}`);
    const order = BigInt(position);
    return {
      stream: 'stream' in row ? row.stream : budgetStream(unit, year),
      revision: row.revision,
      position: order,
      onlyIn: includes(b, row.effective_date, order) ? 'b' : 'a',
      late: order > (a.knownAt ?? order) && belongsUntil(a, row),
      effects: effectsOf(own),
    };
  });
}

const includes = ({ asOf, knownAt }: At, date: string, position: bigint): boolean =>
  civilDate(date) <= asOf && position <= (knownAt ?? position);

const belongsUntil = ({ asOf }: At, row: EffectRow | MentionRow): boolean =>
  row.effective_date <= asOf || ('belongs_to' in row && row.belongs_to !== null && row.belongs_to <= asOf);

/** Parts under different codes or lots are one effect here. */
function effectsOf(rows: readonly EffectRow[]): readonly MovedEffect[] {
  const effects = new Map<string, MovedEffect>();
  for (const { line, kind, fen: text } of rows) {
    const key = `${kind} ${line}`;
    effects.set(key, { line, kind, fen: fen((effects.get(key)?.fen ?? 0) + Number(text)) });
  }
  return [...effects.values()];
}

// ---- All together -------------------------------------------------------------------------------------------------

/**
 * What a row's event was, as `whyMoved` says of its type, which the journal does not hold. It shows in the papers that the
 * event began and in the signs of its effects: all amounts are positive as booked, and a correction takes and gives.
 */
const WHY = `CASE
    WHEN position IN (SELECT position FROM milestone WHERE unit = $1 AND year = $2 AND kind = 'withdrawn') THEN 'reversal'
    WHEN kind IN ('original', 'frozen', 'requested') THEN 'entry'
    WHEN kind = 'carry-over-in' THEN
      CASE WHEN position IN (SELECT position FROM carry_over WHERE unit = $1 AND year = $2) THEN 'entry' ELSE 'correction' END
    WHEN kind <> 'paid' THEN CASE WHEN fen < 0 THEN 'reversal' ELSE 'entry' END
    WHEN position IN (SELECT position FROM payment WHERE unit = $1 AND year = $2) THEN 'entry'
    WHEN position IN (SELECT position FROM payment_return WHERE unit = $1 AND year = $2) THEN 'entry'
    WHEN EXISTS (SELECT FROM journal AS other WHERE other.unit = $1 AND other.year = $2
                   AND other.position = moved.position AND sign(other.fen) <> sign(moved.fen)) THEN 'correction'
    ELSE 'reversal'
  END`;

interface SumRow {
  readonly why: Why;
  readonly late: boolean;
  readonly in_b: boolean;
  readonly kind: EffectKind | null;
  readonly fen: string | null;
  readonly events: string;
}

/** Counts and sums of all events between the moments, by what they were, whether they came late, and which moment has them. */
export const movedSums = (from: ReadFrom, between: Between): Promise<readonly MovedSum[]> =>
  reading(from, async (snapshot) => {
    const rows = await snapshot.rows<SumRow>(
      `WITH moved AS (
         SELECT position, fen, kind, ${IN_B} AS in_b,
                position > $4::bigint AND (effective_date <= $3::date OR coalesce(belongs_to <= $3::date, false)) AS late
         FROM (SELECT * FROM journal WHERE ${BETWEEN} AND ${ACCOUNTS}) AS journal JOIN account USING (unit, year, account)
       ), told AS (SELECT *, ${WHY} AS why FROM moved)
       SELECT why, late, in_b, kind, sum(fen)::text AS fen, count(DISTINCT position) AS events FROM told
       GROUP BY GROUPING SETS ((why, late, in_b, kind), (why, late, in_b))
       UNION ALL
       SELECT why, position > $4::bigint AND effective_date <= $3::date, ${IN_B}, NULL, NULL, count(*)
       FROM (${WITHOUT_MONEY}) AS other GROUP BY 1, 2, 3`,
      questionOf(between),
    );
    return gathered(rows);
  });

/** The rows without a kind count events, the others sum what those booked. */
function gathered(rows: readonly SumRow[]): readonly MovedSum[] {
  const groups = new Map<string, { events: number; of: SumRow; amounts: { kind: EffectKind; fen: Fen }[] }>();
  for (const row of rows) {
    const key = `${row.in_b ? 'b' : 'a'} ${WHYS.indexOf(row.why)} ${row.late}`;
    const group = groups.get(key) ?? { events: 0, of: row, amounts: [] };
    groups.set(key, group);
    if (row.kind === null) group.events += Number(row.events);
    else group.amounts.push({ kind: row.kind, fen: fen(Number(row.fen)) });
  }
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { events, of, amounts }]) => ({
      why: of.why,
      late: of.late,
      onlyIn: of.in_b ? 'b' : 'a',
      events,
      amounts: amounts.sort((left, right) => EFFECT_KINDS.indexOf(left.kind) - EFFECT_KINDS.indexOf(right.kind)),
    }));
}
