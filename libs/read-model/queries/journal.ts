/** The journal, a page at a time: money effects in the order of their dates, with what a reader needs to find the paper. */
import type { EffectKind } from '#domain/budget/effects.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import { ALL, type Scope } from '#domain/metrics/quantities.js';
import { fen, type Fen } from '#domain/money.js';
import { parameters, type At } from './at.js';
import { reading, type ReadFrom, type Snapshot } from './snapshot.js';

/** What narrows the journal; all of it must hold. */
export interface JournalFilter {
  readonly line?: string;
  readonly kinds?: readonly EffectKind[];
  readonly scope?: Scope;
  /** Department economic codes: a class (3 digits) holds its items. */
  readonly economic?: readonly string[];
  /** Payee or actor, exactly. */
  readonly person?: string;
  readonly from?: CivilDate;
  readonly to?: CivilDate;
  /** Of the amount's size, whatever its sign. */
  readonly minFen?: Fen;
  readonly maxFen?: Fen;
  readonly ref?: string;
}

/** Place of an entry in the journal's order: date, place in the log, place in the event. */
export interface JournalPlace {
  readonly effectiveDate: CivilDate;
  readonly position: bigint;
  readonly seq: number;
}

export interface JournalEntry extends JournalPlace {
  readonly eventId: string;
  readonly revision: number;
  readonly kind: EffectKind;
  readonly line: string;
  readonly economic: string;
  readonly originYear?: number;
  readonly counterLine?: string;
  readonly ref?: string;
  readonly belongsTo?: CivilDate;
  /** UTC ms, the log's time. */
  readonly recordedAt: number;
  readonly fen: Fen;
  readonly payee?: string;
  readonly document?: string;
  readonly actor: { readonly id: string; readonly name?: string };
}

export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** More follow after the last entry. */
  readonly more: boolean;
}

interface Row {
  readonly event_id: string;
  readonly revision: number;
  readonly position: string;
  readonly seq: number;
  readonly effective_date: string;
  readonly belongs_to: string | null;
  readonly recorded_at: string;
  readonly fen: string;
  readonly kind: EffectKind;
  readonly line: string;
  readonly economic: string;
  readonly origin_year: number | null;
  readonly counter_line: string | null;
  readonly ref: string | null;
  readonly payee: string | null;
  readonly document: string | null;
  readonly actor: string;
  readonly actor_name: string | null;
}

/** Entries by date, then by place in the log, after `after`. What a filter says of lines, kinds and codes picks accounts. */
export const journal = (
  from: ReadFrom,
  at: At,
  {
    filter = {},
    after,
    limit,
  }: { readonly filter?: JournalFilter; readonly after?: JournalPlace; readonly limit: number },
): Promise<JournalPage> =>
  reading(from, async (snapshot) => {
    const { where, values } = conditions(at, filter);
    if (after !== undefined) {
      const first = values.push(after.effectiveDate, String(after.position), after.seq) - 2;
      where.push(`(effective_date, position, seq) > ($${first}::date, $${first + 1}::bigint, $${first + 2}::smallint)`);
    }
    const accounts = `$${values.push(await accountsOf(snapshot, at, filter))}::integer[]`;
    const page = { where, accounts, limit: `$${values.push(limit + 1)}` };
    const rows = await snapshot.rows<Row>(isPickedByAccount(filter) ? mergedPage(page) : searchedPage(page), values);
    return { entries: rows.slice(0, limit).map(entryOf), more: rows.length > limit };
  });

/** Conditions on the journal, and the places of parameters. */
interface PageQuery {
  readonly where: readonly string[];
  readonly accounts: string;
  readonly limit: string;
}

/** Each account has its entries in order: the page is merged from their next ones, however long the journal is. */
const mergedPage = ({ where, accounts, limit }: PageQuery): string =>
  named(`SELECT entry.* FROM unnest(${accounts}) AS wanted (account) CROSS JOIN LATERAL (
      SELECT * FROM journal WHERE ${where.join(' AND ')} AND journal.account = wanted.account ${ORDER} LIMIT ${limit}
    ) AS entry ${ORDER} LIMIT ${limit}`);

/** Papers have few entries and an index; persons and amounts have none, and reading all entries once is the least. */
const isPickedByAccount = ({ ref, person, minFen, maxFen }: JournalFilter): boolean =>
  ref === undefined && person === undefined && minFen === undefined && maxFen === undefined;

const searchedPage = ({ where, accounts, limit }: PageQuery): string =>
  named(`SELECT * FROM journal WHERE ${where.join(' AND ')} AND account = ANY(${accounts}) ${ORDER} LIMIT ${limit}`);

const ORDER = 'ORDER BY effective_date, position, seq';

const named = (page: string): string =>
  `SELECT entry.*, account.kind, account.line, account.economic, account.origin_year
   FROM (${page}) AS entry JOIN account USING (unit, year, account) ${ORDER}`;

/** Accounts that a filter leaves. */
async function accountsOf(
  snapshot: Snapshot,
  { unit, year }: At,
  { line, kinds, scope: { funds, expenditure } = ALL, economic }: JournalFilter,
): Promise<readonly number[]> {
  const { where, values, add } = conditionsOn(['unit = $1', 'year = $2'], [unit, year]);
  add((place) => `line = ${place}`, line);
  add((place) => `kind = ANY(${place}::text[])`, kinds);
  add((place) => `fund = ANY(${place}::text[])`, funds === 'all' ? undefined : funds);
  add((place) => `expenditure = ${place}`, expenditure === 'all' ? undefined : expenditure);
  add((place) => `(economic = ANY(${place}::text[]) OR left(economic, 3) = ANY(${place}::text[]))`, economic);
  const rows = await snapshot.rows<{ account: number }>(
    `SELECT account FROM account WHERE ${where.join(' AND ')} ORDER BY account`,
    values,
  );
  return rows.map(({ account }) => account);
}

function conditions(at: At, filter: JournalFilter): { where: string[]; values: unknown[] } {
  const { where, values, add } = conditionsOn(
    ['unit = $1', 'year = $2', 'effective_date <= $3', 'position <= $4'],
    parameters(at),
  );
  add((place) => `(payee = ${place} OR actor = ${place} OR actor_name = ${place})`, filter.person);
  add((place) => `effective_date >= ${place}`, filter.from);
  add((place) => `effective_date <= ${place}`, filter.to);
  add((place) => `abs(fen) >= ${place}`, filter.minFen);
  add((place) => `abs(fen) <= ${place}`, filter.maxFen);
  add((place) => `ref = ${place}`, filter.ref);
  return { where, values };
}

function conditionsOn(where: string[], values: unknown[]) {
  const add = (condition: (place: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  return { where, values, add };
}

const entryOf = (row: Row): JournalEntry => ({
  eventId: row.event_id,
  revision: row.revision,
  position: BigInt(row.position),
  seq: row.seq,
  effectiveDate: civilDate(row.effective_date),
  kind: row.kind,
  line: row.line,
  economic: row.economic,
  ...(row.origin_year === null ? {} : { originYear: row.origin_year }),
  ...(row.counter_line === null ? {} : { counterLine: row.counter_line }),
  ...(row.ref === null ? {} : { ref: row.ref }),
  ...(row.belongs_to === null ? {} : { belongsTo: civilDate(row.belongs_to) }),
  recordedAt: Number(row.recorded_at),
  fen: fen(Number(row.fen)),
  ...(row.payee === null ? {} : { payee: row.payee }),
  ...(row.document === null ? {} : { document: row.document }),
  actor: { id: row.actor, ...(row.actor_name === null ? {} : { name: row.actor_name }) },
});
