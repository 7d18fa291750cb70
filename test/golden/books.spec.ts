/**
 * Three ways to one picture: the books folded from events that seals rest on, the rows of the read models, and the oracle of
 * the worked examples. At every month's end of the sample and of the examples, as known now and half-way.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { lastDayOfMonth, type CivilDate } from '#domain/calendar.js';
import { pictureOf as pictureOfBooks } from '#domain/metrics/books.js';
import { lineQuantities, type Picture } from '#domain/metrics/quantities.js';
import { ratesReport } from '#domain/metrics/report.js';
import { importLog, logFileHeader, logFileLine } from '#event-store/log-file.js';
import { createMemoryStore } from '#event-store/memory.js';
import { openSources } from '#event-store/reports.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { picture } from '#read-model/queries/picture.js';
import { targets } from '#read-model/queries/performance.js';
import { SAMPLE_FILE } from '../../apps/standalone/sample/sample.js';
import { describeKafka } from '../support/kafka/available.js';
import { createDatabase } from '../support/postgres.js';
import { eventsOf, FOLDER, readGolden } from './journal.js';
import { pictureOf as pictureOfOracle } from './picture.js';
import { projectDistributed, type ProjectedLog } from './projected-log.js';

const examples = readdirSync(FOLDER).filter((name) => name.endsWith('.golden.txt'));
const linesOf = (file: string): string[] =>
  file === SAMPLE_FILE
    ? readFileSync(file, 'utf8').split('\n')
    : [logFileHeader(), ...eventsOf(readGolden(readFileSync(`${FOLDER}/${file}`, 'utf8')).journal).map(logFileLine)];

/** What readers see of a picture: every line, and every rate. */
const seen = (shown: Picture, indicators: Parameters<typeof ratesReport>[1]) => ({
  lines: [...lineQuantities(shown)],
  rates: ratesReport(shown, indicators),
});

/** In a log in memory and through one projector: the same as the read models of `npm start`. */
async function projectAtOnce(lines: readonly string[]): Promise<ProjectedLog> {
  const database = await createDatabase();
  const store = createMemoryStore();
  await importLog(store, () => lines);
  const events = await store.readAll('start', 10_000);
  const dataSource = await openReadModels(database.url);
  await (await createProjector({ dataSource, log: store })).handle(events);
  const stop = async () => {
    await dataSource.destroy();
    await store.close();
    await database.drop();
  };
  return { events, order: (position) => store.order(position), dataSource, stop };
}

describe('projected at once', () => describe.each([SAMPLE_FILE, ...examples])('%s', givesOnePicture(projectAtOnce)));
describeKafka('projected by a distributed system', () =>
  describe.each([SAMPLE_FILE, ...examples])('%s', givesOnePicture(projectDistributed)),
);

function givesOnePicture(project: (lines: readonly string[]) => Promise<ProjectedLog>) {
  return (file: string) => {
    let log: ProjectedLog;

    beforeAll(async () => {
      log = await project(linesOf(file));
    });
    afterAll(() => log.stop());

    const folded = (of: { unit: string; year: number; asOf: CivilDate }, until: bigint) => {
      const { streams, take, sources } = openSources(of);
      for (const stream of streams) {
        for (const event of log.events) if (event.stream === stream && log.order(event.position) <= until) take(event);
      }
      return sources();
    };

    it('gives the same lines and rates from the events and from the rows', async () => {
      const { events, dataSource, order } = log;
      const places = [
        ...new Set(events.map(({ stream }) => /^budget-(.+)-(\d{4})$/.exec(stream)).map((found) => found?.[0])),
      ];
      const [middle, end] = [events[Math.floor(events.length / 2) - 1], events.at(-1)].map((event) =>
        order(event!.position),
      ) as [bigint, bigint];
      let compared = 0;
      for (const place of places.filter((name) => name !== undefined)) {
        const [, unit = '', year = ''] = place.split('-');
        for (const month of [1, 3, 6, 7, 12]) {
          const of = { unit, year: Number(year), asOf: lastDayOfMonth(Number(year), month) };
          for (const until of [middle, end]) {
            const { books, before, targets: indicators } = folded(of, until);
            const at = { ...of, knownAt: until };
            expect([of, until, seen(pictureOfBooks(books, before), indicators)]).toEqual([
              ...[of, until, seen(await picture(dataSource, at), await targets(dataSource, at))],
            ]);
            compared += 1;
          }
          const known = folded(of, end);
          expect(seen(pictureOfBooks(known.books, known.before), known.targets)).toEqual(
            seen(pictureOfOracle(events, of), known.targets),
          );
        }
      }
      expect(compared).toBeGreaterThan(5);
    });
  };
}
