/**
 * Speed of the read side on PostgreSQL: events projected in small batches as they arrive live, and the rates of a unit over
 * journals of different length, at different moments.
 */
import type { DataSource } from 'typeorm';
import { budgetStream } from '#domain/budget/decide.js';
import { checkpointDate, lastDayOf } from '#domain/calendar.js';
import { ratesReport } from '#domain/metrics/report.js';
import { openPostgresStore, type PostgresStore } from '#event-store/postgres/store.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import type { At } from '#read-model/queries/at.js';
import { picture } from '#read-model/queries/picture.js';
import { targets } from '#read-model/queries/performance.js';
import { snapshot } from '#read-model/queries/snapshot.js';
import { LINES, YEAR, dayOf, fillLog } from './booked-log.js';
import type { Row } from './event-log.js';

const LIVE_EVENTS = 30_000;
const LIVE_BATCH = 50;
const ROUNDS = 5;
const QUESTIONS = 40;

export async function readModelBench(url: string): Promise<Row[]> {
  const store = await openPostgresStore({ url });
  const dataSource = await openReadModels(url);
  try {
    const rows = [await live(dataSource, store)];
    for (const entries of [10_000, 1_000_000]) {
      await writeJournal(dataSource, unitWith(entries), entries);
      rows.push(...(await rates(dataSource, entries)));
    }
    return rows;
  } finally {
    await dataSource.destroy();
    await store.close();
  }
}

// ---- From the log -------------------------------------------------------------------------------------------------

/** The log in batches as small as a busy system delivers them. */
async function live(dataSource: DataSource, store: PostgresStore): Promise<Row> {
  await fillLog(store, LIVE_EVENTS);
  const projector = await createProjector({ dataSource, log: store });
  const warm = LIVE_EVENTS / 10;
  let taken = 0;
  let started = 0;
  for (;;) {
    const batch = await store.readAll(projector.position, LIVE_BATCH);
    if (batch.length === 0) break;
    await projector.handle(batch);
    taken += batch.length;
    if (taken >= warm && started === 0) {
      started = performance.now();
      taken = 0;
    }
  }
  const perSecond = Math.round((taken / (performance.now() - started)) * 1_000);
  return {
    name: `projections, batches of ${LIVE_BATCH} events`,
    unit: 'events/s',
    median: perSecond,
    aim: '≥ 3,000',
    met: perSecond >= 3_000,
  };
}

// ---- Rates --------------------------------------------------------------------------------------------------------

const unitWith = (entries: number): string => `RATES${entries}`;

/** The read models of a unit with this many payments all over the year, recorded in no order of their dates. */
async function writeJournal(dataSource: DataSource, unit: string, entries: number): Promise<void> {
  const stream = budgetStream(unit, YEAR);
  const of = `'${unit}', ${YEAR}`;
  const lines = `generate_series(0, ${LINES - 1}) AS nth`;
  const line = `'P' || lpad((nth + 1)::text, 2, '0')`;
  for (const statement of [
    `INSERT INTO account SELECT ${of}, nth, ${line}, 'project', 'government-funds', 'original', '', NULL, NULL FROM ${lines}`,
    `INSERT INTO account SELECT ${of}, ${LINES} + nth, ${line}, 'project', 'government-funds', 'paid', '30227', NULL, NULL
     FROM ${lines}`,
    `INSERT INTO line_definition SELECT ${of}, ${line}, nth, '${YEAR}-01-01', 'approved', ${line}, 'project',
       'government-funds', '[{"from": "${YEAR}-01-01", "codes": {"departmentEconomic": "30227"}}]' FROM ${lines}`,
    `INSERT INTO plan SELECT ${of}, ${line}, nth, '${YEAR}-01-01', 'approved', 4000000000, NULL FROM ${lines}`,
    `INSERT INTO journal SELECT ${of}, nth, 0, nth, gen_random_uuid(), nth, '${YEAR}-01-01', NULL, 10000000000,
       NULL, NULL, NULL, NULL, 'clerk', NULL, nth FROM ${lines}`,
    `INSERT INTO journal SELECT ${of}, n, 0, n, gen_random_uuid(), ${LINES} + n % ${LINES},
       date '${YEAR}-01-01' + (n::bigint * 7919 % 366)::integer, NULL, 100000 + n % 1000,
       NULL, 'V-' || n, 'payee ' || n % 500, NULL, 'clerk', NULL, n
     FROM generate_series(${LINES}, ${entries} + ${LINES - 1}) AS n`,
    `INSERT INTO day_balance SELECT unit, year, account, effective_date, sum(fen) FROM journal WHERE unit = '${unit}'
     GROUP BY unit, year, account, effective_date`,
    `INSERT INTO stream_position VALUES ('${stream}', ${entries + LINES - 1}, 0, ${entries + LINES - 1})`,
  ]) {
    await dataSource.query(statement);
  }
  // What the server does by itself some time after so many rows.
  for (const table of ['journal', 'day_balance', 'account']) await dataSource.query(`VACUUM ANALYZE ${table}`);
}

async function rates(dataSource: DataSource, entries: number): Promise<Row[]> {
  const now: At = { unit: unitWith(entries), year: YEAR, asOf: lastDayOf(YEAR) };
  const past = (n: number): At => ({ ...now, asOf: dayOf((n * 37) % 366) });
  const known = (n: number): At => ({ ...past(n), knownAt: BigInt(Math.floor((entries * ((n * 61) % 100)) / 100)) });
  const moments: [string, (n: number) => At, number][] = [
    ['now', () => now, 20],
    ['at past dates', past, 20],
    ['as known at past moments', known, 150],
  ];
  const rows: Row[] = [];
  for (const [name, at, aim] of moments) rows.push(await ratesRow(dataSource, { name, at, aim, entries }));
  return rows;
}

interface Asked {
  readonly name: string;
  readonly at: (n: number) => At;
  readonly aim: number;
  readonly entries: number;
}

async function ratesRow(dataSource: DataSource, { name, at, aim, entries }: Asked): Promise<Row> {
  const p95s: number[] = [];
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times: number[] = [];
    for (let n = 0; n < QUESTIONS; n += 1) times.push(await took(() => ask(dataSource, at(round * QUESTIONS + n))));
    p95s.push(quantile(times, 0.95));
    all.push(...times);
  }
  const p95 = rounded(median(p95s));
  return {
    name: `rates over ${entries.toLocaleString('en-US')} journal rows ${name}, p95`,
    unit: 'ms',
    median: p95,
    p99: rounded(quantile(all, 0.99)),
    aim: `≤ ${aim}`,
    met: p95 <= aim,
  };
}

/** What one who asks for the rates waits for. */
export async function ask(dataSource: DataSource, at: At): Promise<void> {
  const [seen, indicators] = await snapshot(dataSource, async (moment) => [
    await picture(moment, at),
    await targets(moment, at),
  ]);
  const checkpoint = at.asOf <= checkpointDate(YEAR, 'half') ? 'half' : 'annual';
  if (ratesReport(seen, indicators, { checkpoint }).length === 0) throw new Error('no rates were answered');
}

export async function took(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
export const median = (values: readonly number[]): number => quantile(values, 0.5);
export const rounded = (ms: number): number => Math.round(ms * 100) / 100;
