/**
 * Sums of money effects. For what is known now they come from the day balances, so they cost the same at any number of
 * journal rows. For a past known-at they are either the day balances less what was recorded since, or a sum over the journal
 * up to then, whichever has fewer rows to read.
 */
import type { EffectKind } from '#domain/budget/effects.js';
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import { budgetStream } from '#domain/budget/decide.js';
import type { Figure } from '#domain/metrics/quantities.js';
import { fen } from '#domain/money.js';
import { facetOf } from '#read-model/projections/accounts.js';
import { parameters, type At } from './at.js';
import { reading, type ReadFrom, type Snapshot } from './snapshot.js';

interface SumRow {
  readonly line: string;
  readonly fund: FundNature;
  readonly expenditure: Expenditure;
  readonly kind: EffectKind;
  readonly economic: string;
  readonly facet: number | null;
  readonly origin_year: number | null;
  readonly fen: string;
}

/** One sum for each account that has any effect by then, by account. Fen; exact. */
export const figures = (from: ReadFrom, at: At): Promise<readonly Figure[]> =>
  reading(from, async (snapshot) => {
    const sums = at.knownAt === undefined ? FROM_BALANCES : await pastSums(snapshot, at);
    const rows = await snapshot.rows<SumRow>(withAccounts(sums.sql), sums.values(at));
    return rows.map(figureOf);
  });

function figureOf(row: SumRow): Figure {
  const facet = facetOf(row.facet);
  return {
    line: row.line,
    fund: row.fund,
    expenditure: row.expenditure,
    kind: row.kind,
    economic: row.economic,
    ...(facet === undefined ? {} : { facet }),
    ...(row.origin_year === null ? {} : { originYear: row.origin_year }),
    fen: fen(Number(row.fen)),
  };
}

interface Sums {
  /** Selects `account, fen`. */
  readonly sql: string;
  readonly values: (at: At) => string[];
}

const FROM_BALANCES: Sums = {
  sql: `SELECT account, sum(fen) AS fen FROM day_balance
        WHERE unit = $1 AND year = $2 AND effective_date <= $3 GROUP BY account`,
  values: (at) => parameters(at).slice(0, 3),
};

const FROM_JOURNAL: Sums = {
  sql: `SELECT account, sum(fen) AS fen FROM journal
        WHERE unit = $1 AND year = $2 AND position <= $4 AND effective_date <= $3 GROUP BY account`,
  values: parameters,
};

/** Each side is summed by itself: it is read without the rows, and by several workers where it is long. */
const LESS_LATER: Sums = {
  sql: `SELECT account, sum(fen) AS fen FROM (
          SELECT account, sum(fen) AS fen FROM day_balance
          WHERE unit = $1 AND year = $2 AND effective_date <= $3 GROUP BY account
          UNION ALL
          SELECT account, -sum(fen) FROM journal
          WHERE unit = $1 AND year = $2 AND position > $4 AND effective_date <= $3 GROUP BY account
        ) AS known GROUP BY account`,
  values: parameters,
};

/** Accounts without any effect by then are left out, so that a past answer does not show that they came later. */
const withAccounts = (sums: string): string => `
  SELECT account.line, account.fund, account.expenditure, account.kind, account.economic, account.facet,
         account.origin_year, sums.fen::text AS fen
  FROM (${sums}) AS sums
  JOIN account ON account.unit = $1 AND account.year = $2 AND account.account = sums.account
  WHERE sums.fen <> 0
  ORDER BY account.account`;

/** The revision known then against the newest tells which side of the journal is shorter. */
async function pastSums(snapshot: Snapshot, at: At): Promise<Sums> {
  const [unit, year, , knownAt] = parameters(at);
  const [row] = await snapshot.rows<{ known: number | null; newest: number | null }>(
    `SELECT (SELECT revision FROM journal WHERE unit = $1 AND year = $2 AND position <= $3
             ORDER BY position DESC LIMIT 1) AS known,
            (SELECT revision FROM stream_position WHERE stream = $4) AS newest`,
    [unit, year, knownAt, budgetStream(at.unit, at.year)],
  );
  const known = (row?.known ?? -1) + 1;
  const newest = (row?.newest ?? -1) + 1;
  return known * 2 > newest ? LESS_LATER : FROM_JOURNAL;
}
