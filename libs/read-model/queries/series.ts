/**
 * Money effects of a year grouped by date, for curves: one question whatever the number of points. For what is known now
 * they come from the day balances; for a past known-at from the journal, exactly.
 */
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import { civilDate, lastDayOfMonth, type CivilDate } from '#domain/calendar.js';
import type { Plan } from '#domain/metrics/planned.js';
import {
  SERIES_KINDS,
  type Definition,
  type Movement,
  type SeriesInputs,
  type SeriesKind,
} from '#domain/metrics/series.js';
import { inScope, type Scope } from '#domain/metrics/quantities.js';
import { fen } from '#domain/money.js';
import { parameters, rowsOf, type At } from './at.js';
import { recordedPlans } from './lines.js';
import { reading, type ReadFrom } from './snapshot.js';

export const STEPS = ['month', 'day'] as const;
export type Step = (typeof STEPS)[number];

interface Asked {
  readonly by: Step;
  readonly scope: Scope;
  /** Only this line. */
  readonly line?: string;
}

/**
 * What a curve is made of. Points lie at every month's end and at `asOf`; by day also on every day on which the budget or
 * what is paid moved in the scope.
 */
export const seriesInputs = (from: ReadFrom, at: At, { by, scope, line }: Asked): Promise<SeriesInputs> =>
  reading(from, async (snapshot) => {
    const movements = await movementsBy(snapshot, at, { by, ...(line === undefined ? {} : { line }) });
    const definitions = only(await recordedDefinitions(snapshot, at), line);
    const plans: ReadonlyMap<string, readonly Plan[]> = await recordedPlans(snapshot, at);
    const days = by === 'month' ? [] : movements.filter((movement) => inScope(scope, movement)).map(({ on }) => on);
    const monthEnds = Array.from({ length: 12 }, (_, index) => lastDayOfMonth(at.year, index + 1));
    const dates = [...new Set([...days, ...monthEnds, at.asOf])].sort();
    return { year: at.year, asOf: at.asOf, dates, scope, movements, definitions, plans };
  });

interface MovementRow {
  readonly line: string;
  readonly fund: FundNature;
  readonly expenditure: Expenditure;
  readonly kind: SeriesKind;
  readonly on: string;
  readonly fen: string;
}

async function movementsBy(
  from: ReadFrom,
  at: At,
  { by, line }: { readonly by: Step; readonly line?: string },
): Promise<readonly Movement[]> {
  const sums = at.knownAt === undefined ? FROM_BALANCES[by] : FROM_JOURNAL[by];
  const values = [...parameters(at).slice(0, at.knownAt === undefined ? 3 : 4), SERIES_KINDS, line ?? null];
  const rows = await rowsOf<MovementRow>(from, ofAccounts(sums, values.length), values);
  return rows.map((row) => ({ ...row, on: civilDate(row.on), fen: fen(Number(row.fen)) }));
}

/** The end of a span is never after the date asked for, which is a point itself. */
const SPANS = {
  month: `least((date_trunc('month', effective_date::timestamp) + interval '1 month - 1 day')::date, $3::date)`,
  day: 'effective_date',
} as const satisfies Record<Step, string>;

/** Selects `account, span_end, fen`. What came to nothing within a day is no movement. */
const grouped = (table: string, span: Step): string => `
  SELECT account, ${SPANS[span]} AS span_end, sum(fen) AS fen FROM ${table}
  GROUP BY account, span_end HAVING sum(fen) <> 0`;

const BALANCES = `day_balance WHERE unit = $1 AND year = $2 AND effective_date <= $3`;
const JOURNAL = `journal WHERE unit = $1 AND year = $2 AND position <= $4 AND effective_date <= $3`;

const FROM_BALANCES = { month: grouped(BALANCES, 'month'), day: grouped(BALANCES, 'day') };
const FROM_JOURNAL = { month: grouped(JOURNAL, 'month'), day: grouped(JOURNAL, 'day') };

const ofAccounts = (sums: string, values: number): string => `
  SELECT line, fund, expenditure, kind, span_end AS on, sum(sums.fen)::text AS fen
  FROM (${sums}) AS sums
  JOIN account ON account.unit = $1 AND account.year = $2 AND account.account = sums.account
  WHERE kind = ANY($${values - 1}::text[]) AND ($${values}::text IS NULL OR line = $${values})
  GROUP BY line, fund, expenditure, kind, span_end
  ORDER BY span_end, line, fund, expenditure, kind`;

interface DefinitionRow {
  readonly line: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  readonly kind: string;
  readonly effective_date: string;
}

/** Every definition of every line known by then, in the order recorded. */
async function recordedDefinitions(from: ReadFrom, at: At): Promise<ReadonlyMap<string, readonly Definition[]>> {
  const [unit, year, , knownAt] = parameters(at);
  const rows = await rowsOf<DefinitionRow>(
    from,
    `SELECT line, expenditure, fund, kind, effective_date FROM line_definition
     WHERE unit = $1 AND year = $2 AND position <= $3 ORDER BY line, position`,
    [unit, year, knownAt],
  );
  const definitions = new Map<string, Definition[]>();
  for (const { line, expenditure, fund, kind, effective_date } of rows) {
    const date: CivilDate = civilDate(effective_date);
    const definition = { line, expenditure, fund, effectiveDate: date, withdrawn: kind === 'withdrawn' };
    const known = definitions.get(line);
    if (known === undefined) definitions.set(line, [definition]);
    else known.push(definition);
  }
  return definitions;
}

const only = <Value>(all: ReadonlyMap<string, Value>, line: string | undefined): ReadonlyMap<string, Value> =>
  line === undefined ? all : new Map([...all].filter(([id]) => id === line));
