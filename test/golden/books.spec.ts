/**
 * Three ways to one picture: the books folded from events that seals rest on, the rows of the read models, and the oracle of
 * the worked examples. At every month's end of the sample and of the examples, as known now and half-way.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { lastDayOfMonth, type CivilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { pictureOf as pictureOfBooks } from '#domain/metrics/books.js';
import { lineQuantities, type Picture } from '#domain/metrics/quantities.js';
import { ratesReport } from '#domain/metrics/report.js';
import { importLog, logFileHeader, logFileLine } from '#event-store/log-file.js';
import { createMemoryStore } from '#event-store/memory.js';
import type { EventStore } from '#event-store/port.js';
import { openSources } from '#event-store/reports.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { picture } from '#read-model/queries/picture.js';
import { targets } from '#read-model/queries/targets.js';
import { SAMPLE_FILE } from '../../apps/standalone/sample/sample.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { eventsOf, FOLDER, readGolden } from './journal.js';
import { pictureOf as pictureOfOracle } from './picture.js';

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

describe.each([SAMPLE_FILE, ...examples])('%s', (file) => {
  let database: TestDatabase;
  let store: EventStore;
  let dataSource: DataSource;
  let events: readonly Envelope[];

  beforeAll(async () => {
    database = await createDatabase();
    store = createMemoryStore();
    await importLog(store, () => linesOf(file));
    events = await store.readAll('start', 10_000);
    dataSource = await openReadModels(database.url);
    await (await createProjector({ dataSource, log: store })).handle(events);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await store.close();
    await database.drop();
  });

  const folded = (of: { unit: string; year: number; asOf: CivilDate }, until: bigint) => {
    const { streams, take, sources } = openSources(of);
    for (const stream of streams) {
      for (const event of events) if (event.stream === stream && store.order(event.position) <= until) take(event);
    }
    return sources();
  };

  it('gives the same lines and rates from the events and from the rows', async () => {
    const places = [
      ...new Set(events.map(({ stream }) => /^budget-(.+)-(\d{4})$/.exec(stream)).map((found) => found?.[0])),
    ];
    const end = store.order(events.at(-1)!.position);
    let compared = 0;
    for (const place of places.filter((name) => name !== undefined)) {
      const [, unit = '', year = ''] = place.split('-');
      for (const month of [1, 3, 6, 7, 12]) {
        const of = { unit, year: Number(year), asOf: lastDayOfMonth(Number(year), month) };
        for (const until of [end / 2n, end]) {
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
});
