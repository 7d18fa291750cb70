/**
 * The sample and the worked examples in a real log and through the real projections on PostgreSQL: at every date asked for,
 * and as known at every moment, the rows add up to what the events say.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { civilDate, endOfShanghaiDay } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { importLog, logFileHeader, logFileLine } from '#event-store/log-file.js';
import { openPostgresStore } from '#event-store/postgres/store.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { SAMPLE_FILE } from '../../apps/standalone/sample/sample.js';
import { describeKafka } from '../support/kafka/available.js';
import { createDatabase } from '../support/postgres.js';
import { eventsOf, FOLDER, readGolden } from './journal.js';
import { booksOf, type Question } from './picture.js';
import { projectDistributed, type ProjectedLog } from './projected-log.js';

const examples = readdirSync(FOLDER).filter((name) => name.endsWith('.golden.txt'));
const textOf = (file: string): string[] =>
  file === SAMPLE_FILE
    ? readFileSync(file, 'utf8').split('\n')
    : [logFileHeader(), ...eventsOf(readGolden(readFileSync(`${FOLDER}/${file}`, 'utf8')).journal).map(logFileLine)];

const QUESTIONS = `
  unit   year  as of       known at
  U0001  2024  2024-06-30  2024-06-30
  U0001  2024  2024-06-30  2024-07-31
  U0001  2024  2024-06-30
  U0001  2024  2024-12-31
  U0002  2023  2023-06-30  2023-07-15
  U0002  2023  2023-06-30
  U0002  2023  2023-12-31  2024-01-10
  U0002  2023  2023-12-31
  U0002  2024  2024-01-31
  U0002  2024  2024-02-05  2024-02-05
  U0002  2024  2024-12-31
`;
/** Each with its row as title; an example asks only about the unit that it books. */
const questionsOf = (file: string) =>
  QUESTIONS.trim()
    .split('\n')
    .slice(1)
    .map((row) => row.trim())
    .filter((row) => file === SAMPLE_FILE || row.startsWith('U0001'))
    .map((row): readonly [string, Question] => {
      const [unit = '', year, asOf = '', known] = row.split(/\s+/);
      const question = { unit, year: Number(year), asOf: civilDate(asOf) };
      return [row, known === undefined ? question : { ...question, knownAt: endOfShanghaiDay(civilDate(known)) }];
    });

/** In the log of `npm start`, everything delivered twice. */
async function projectTwice(lines: readonly string[]): Promise<ProjectedLog> {
  const database = await createDatabase();
  const store = await openPostgresStore({ url: database.url });
  await importLog(store, () => lines);
  const events = await store.readAll('start', 10_000);
  const dataSource = await openReadModels(database.url);
  const projector = await createProjector({ dataSource, log: store });
  for (let from = 0; from < events.length; from += 100) {
    const batch = events.slice(from, from + 100);
    await projector.handle(batch);
    await projector.handle(batch);
  }
  const stop = async () => {
    await dataSource.destroy();
    await store.close();
    await database.drop();
  };
  return { events, order: (position) => store.order(position), dataSource, stop };
}

describe('projected twice', () => describe.each([SAMPLE_FILE, ...examples])('%s', addsUp(projectTwice)));
describeKafka('projected by a distributed system', () =>
  describe.each([SAMPLE_FILE, ...examples])('%s', addsUp(projectDistributed)),
);

function addsUp(project: (lines: readonly string[]) => Promise<ProjectedLog>) {
  return (file: string) => {
    let log: ProjectedLog;

    beforeAll(async () => {
      log = await project(textOf(file));
    });
    afterAll(() => log.stop());

    it('parks nothing', async () => expect(await log.dataSource.query('SELECT stream FROM parked')).toEqual([]));

    it.each(questionsOf(file))('adds up for %s', async (_row, question) => {
      const sums = folded(log.events, question);
      expect(Object.keys(sums)).not.toEqual([]);
      expect(await projected(log.dataSource, question)).toEqual(sums);
    });
  };
}

type Sums = Readonly<Record<string, number>>;

/** Sums by line, kind, code and lot; those of nothing are left out. */
function folded(events: readonly Envelope[], question: Question): Sums {
  const sums: Record<string, number> = {};
  for (const { effect } of booksOf(events, question).entries) {
    const key = [effect.line, effect.kind, effect.economic, effect.originYear ?? ''].join(' ');
    sums[key] = (sums[key] ?? 0) + effect.fen;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

/** The same from the rows: day balances answer for now, the journal for a moment of the past. */
async function projected(dataSource: DataSource, { unit, year, asOf, knownAt }: Question): Promise<Sums> {
  const rows = knownAt === undefined ? 'day_balance' : 'journal';
  const known = knownAt === undefined ? '' : 'AND recorded_at <= $4';
  const found = await dataSource.query<{ key: string; fen: string }[]>(
    `SELECT concat_ws(' ', line, kind, economic, coalesce(origin_year::text, '')) AS key, sum(fen)::text AS fen
     FROM ${rows} JOIN account USING (unit, year, account)
     WHERE unit = $1 AND year = $2 AND effective_date <= $3 ${known}
     GROUP BY line, kind, economic, origin_year HAVING sum(fen) <> 0`,
    [unit, year, asOf, ...(knownAt === undefined ? [] : [knownAt])],
  );
  return Object.fromEntries(found.map(({ key, fen }) => [key, Number(fen)]));
}
