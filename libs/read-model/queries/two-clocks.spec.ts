/**
 * The two clocks: what a fold of the log gives for (effective up to E, known at T) is what the read models answer, for any
 * history and any question, and an answer about a T that is past stays as it was. One history again, by the seed that a
 * failure prints: HISTORY_SEED=1234 npm test -- libs/read-model/queries/two-clocks.spec.ts
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { civilDate, nextDay, type CivilDate } from '#domain/calendar.js';
import { openReadModels } from '#read-model/data-source.js';
import { figuresInMemory, placeInMemory } from '#read-model/memory/figures.js';
import { MemoryReadModels } from '#read-model/memory/read-models.js';
import { Absorber } from '#read-model/projections/absorb.js';
import { createProjector } from '#read-model/projections/projector.js';
import { figures } from '#read-model/queries/figures.js';
import { placeAt } from '#read-model/queries/known.js';
import type { Snapshot } from '#read-model/queries/snapshot.js';
import { allRows, type RecordedLog } from '#read-model/specification.js';
import { chanceOf, type Chance } from '../../../test/support/chance.js';
import { answerText, foldOf, foldedAnswer, knownBy } from '../../../test/support/fold.js';
import { longHistory } from '../../../test/support/histories.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

const EVENTS = 200;
const QUESTIONS = 500;
/** Zones matter only where dates meet the database: other zones than the first ask fewer. */
const ELSEWHERE = !['UTC', undefined].includes(process.env['TZ']);
const HISTORIES = ELSEWHERE ? 30 : 300;
const STORED_HISTORIES = ELSEWHERE ? 2 : 20;

const GIVEN_SEED = process.env['HISTORY_SEED'];
const FIRST_SEED = GIVEN_SEED === undefined ? Date.now() % 1_000_000_000 : Number(GIVEN_SEED);
const seeds = (count: number): number[] =>
  Array.from({ length: GIVEN_SEED === undefined ? count : 1 }, (_, nth) => FIRST_SEED + nth);

// ---- Questions ----------------------------------------------------------------------------------------------------

interface Question {
  readonly asOf: CivilDate;
  /** As an instant (UTC ms) or as a position. */
  readonly known: { readonly instant: number } | { readonly position: number };
}

/** Any day of the year, often one with entries or the day before or after; any place, often an instant shared by several. */
function questionsAbout(log: RecordedLog, chance: Chance): Question[] {
  const year = daysOf2024();
  const dates = log.events.map(({ effectiveDate }) => effectiveDate).filter((date) => date.startsWith('2024'));
  return Array.from({ length: QUESTIONS }, () => {
    const asOf = chance.happens(0.5) ? chance.pick(year)! : chance.pick(dates)!;
    if (chance.happens(0.5)) return { asOf, known: { position: chance.below(log.events.length + 1) } };
    const stamp = chance.pick(log.events)!.recordedAt;
    return { asOf, known: { instant: stamp + chance.pick([0, 0, 0, -1, 1, 500, -86_400_000]) } };
  });
}

function daysOf2024(): CivilDate[] {
  const days: CivilDate[] = [];
  for (let day = civilDate('2024-01-01'); day <= '2024-12-31'; day = nextDay(day)) days.push(day);
  return days;
}

/** How many events were known, by position or by instant. */
const placeOf = ({ known }: Question, log: RecordedLog): number =>
  'position' in known ? known.position : knownBy(log.events, known.instant);

/** Whether nothing that follows the first `half` of the log can be known then. */
const isPast = ({ known }: Question, log: RecordedLog, half: number): boolean =>
  'position' in known
    ? known.position <= half
    : log.events.slice(0, half).some(({ recordedAt }) => recordedAt > known.instant);

/** Compared as text first: the matcher alone takes longer than all the sums. */
function expectSame(found: object, expected: object): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected);
}

// ---- In memory ----------------------------------------------------------------------------------------------------

async function takeIn(models: MemoryReadModels, log: RecordedLog, to: number): Promise<void> {
  const place = models.storedPlace('log', 0n);
  const absorber = new Absorber(place, models.source, log);
  models.apply('log', place, await absorber.absorb(log.events.slice(Number(place.position), to)));
}

describe('a question with two clocks', () => {
  it(`gets what a fold gives, and the same for ever: ${QUESTIONS} of each of ${HISTORIES} histories`, async () => {
    for (const seed of seeds(HISTORIES)) {
      const log = longHistory(seed, EVENTS);
      const questions = questionsAbout(log, chanceOf(seed));
      const models = new MemoryReadModels();
      const ask = ({ asOf, known }: Question): string => {
        const knownAt = 'position' in known ? BigInt(known.position) : placeInMemory(models, known.instant).order;
        const found = figuresInMemory(models, { unit: 'U1', year: 2024, asOf, knownAt });
        return answerText(found).join('\n');
      };
      const half = Math.floor(log.events.length / 2);
      await takeIn(models, log, half);
      const past = questions.filter((question) => isPast(question, log, half));
      const then = past.map(ask);
      await takeIn(models, log, log.events.length);
      const { effects } = foldOf(log.events, 'U1');
      questions.forEach((question) => {
        const expected = foldedAnswer(effects, question.asOf, placeOf(question, log)).join('\n');
        const answer = ask(question);
        if (answer !== expected) expect({ seed, ...question, answer }).toEqual({ seed, ...question, answer: expected });
      });
      expectSame({ seed, answers: past.map(ask) }, { seed, answers: then });
    }
  }, 300_000);
});

// ---- In PostgreSQL ------------------------------------------------------------------------------------------------

/** A snapshot that knows what it will be asked: for a past known-at, first which side of the journal is shorter. */
const answering = (
  side: Side,
  rows: readonly FoundRow[],
  heard: (sql: string) => void = () => undefined,
): Snapshot => ({
  rows: async <Row>(sql: string): Promise<Row[]> => {
    if (sql.includes('AS newest')) return [{ known: side === 'earlier' ? 0 : 9, newest: 9 }] as Row[];
    heard(sql);
    return [...rows] as Row[];
  },
});

type Side = 'earlier' | 'later';
interface FoundRow {
  readonly nth: string;
  readonly side: Side;
}

/** The statement that a question of the product puts, its parameters named. */
async function statementOf(
  ask: (spy: Snapshot) => Promise<unknown>,
  side: Side,
  names: readonly string[],
): Promise<string> {
  let statement = '';
  await ask(answering(side, [], (sql) => (statement = sql)));
  return statement.replaceAll(/\$(\d)/g, (_all, nth) => names[Number(nth) - 1]!);
}

/** All questions by one statement, each answered from both sides of the journal. */
async function askAtOnce(dataSource: DataSource, questions: readonly Question[]): Promise<string[][][]> {
  const at = (asOf: CivilDate, knownAt: bigint) => ({ unit: 'U1', year: 2024, asOf, knownAt });
  const sums = (side: Side) =>
    statementOf((spy) => figures(spy, at(civilDate('2024-06-30'), 1n)), side, ["'U1'", '2024', 'as_of', 'known_at']);
  const place = await statementOf((spy) => placeAt(spy, 0), 'earlier', ['instant']);
  const [earlier, later] = [await sums('earlier'), await sums('later')];
  expect(earlier).not.toBe(later);
  const rows: FoundRow[] = await dataSource.query(
    `WITH asked AS (
       SELECT nth, as_of, coalesce(given, place.position, -1) AS known_at
       FROM unnest($1::date[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS question (as_of, given, instant, nth)
       LEFT JOIN LATERAL (${place}) AS place ON true)
     SELECT nth, 'earlier' AS side, sums.* FROM asked CROSS JOIN LATERAL (${earlier}) AS sums
     UNION ALL
     SELECT nth, 'later' AS side, sums.* FROM asked CROSS JOIN LATERAL (${later}) AS sums`,
    [
      questions.map(({ asOf }) => asOf),
      questions.map(({ known }) => ('position' in known ? known.position : null)),
      questions.map(({ known }) => ('instant' in known ? known.instant : null)),
    ],
  );
  const found = new Map<string, FoundRow[]>();
  for (const row of rows) {
    const key = `${row.nth} ${row.side}`;
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return Promise.all(
    questions.map(({ asOf }, index) =>
      Promise.all(
        SIDES.map(async (side) => {
          const own = found.get(`${index + 1} ${side}`) ?? [];
          return answerText(await figures(answering(side, own), at(asOf, 1n)));
        }),
      ),
    ),
  );
}

const SIDES: readonly Side[] = ['earlier', 'later'];

describe('the statements that sum money', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createDatabase();
    dataSource = await openReadModels(database.url);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it(`give what a fold gives, and the same for ever: ${QUESTIONS} at once of each of ${STORED_HISTORIES} histories`, async () => {
    for (const seed of seeds(STORED_HISTORIES)) {
      for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
      const log = longHistory(seed, EVENTS);
      const questions = questionsAbout(log, chanceOf(seed));
      const projector = await createProjector({ dataSource, log });
      const half = Math.floor(log.events.length / 2);
      await projector.handle(log.events.slice(0, half));
      const past = questions.filter((question) => isPast(question, log, half));
      const then = await askAtOnce(dataSource, past);
      await projector.handle(log.events);
      const { effects } = foldOf(log.events, 'U1');
      const expected = questions.map((question) => foldedAnswer(effects, question.asOf, placeOf(question, log)));
      const answers = await askAtOnce(dataSource, questions);
      expectSame({ seed, answers }, { seed, answers: expected.map((answer) => [answer, answer]) });
      expectSame({ seed, answers: await askAtOnce(dataSource, past) }, { seed, answers: then });
    }
  }, 300_000);
});
