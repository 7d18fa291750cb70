/**
 * A blue/green rebuild of 1,000,000 events while people ask for rates: filled, compared row for row by checksum, switched,
 * and what was old before that removed. Beside it, in the same run, what PostgreSQL alone takes for the rows of the journal.
 */
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { openPostgresStore } from '#event-store/postgres/store.js';
import type { EventStore } from '#event-store/port.js';
import { openReadModels } from '#read-model/data-source.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { YEAR, dayOf, fillLog } from './booked-log.js';
import type { Row } from './event-log.js';
import { ask, median, quantile, rounded, took } from './read-model.js';

const EVENTS = 1_000_000;
const ROUNDS = 3;
/** People who ask, one question after the other, with a moment to look at each answer. */
const READERS = 2;
const LOOK_MS = 20;

export async function rebuildBench(url: string): Promise<Row[]> {
  const store = await openPostgresStore({ url });
  const dataSource = await openReadModels(url);
  try {
    const units = await fillLog(store, EVENTS);
    // What the next ones are compared with.
    await rebuild(dataSource, store);
    const copied = await bareCopies(url);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await oneRound(dataSource, store, units));
    return [...rows(rounds), copied];
  } finally {
    await dataSource.destroy();
    await store.close();
  }
}

interface Round {
  readonly perSecond: number;
  /** Milliseconds of each question that was asked meanwhile. */
  readonly reads: readonly number[];
}

async function oneRound(dataSource: DataSource, store: EventStore, units: readonly string[]): Promise<Round> {
  let done = false;
  const reads: number[] = [];
  const reading = async (reader: number): Promise<void> => {
    for (let n = reader; !done; n += READERS) {
      const now = { unit: units[n % units.length] ?? '', year: YEAR, asOf: dayOf((n * 37) % 366) };
      // Every other one about a moment of the past.
      const known = { ...now, knownAt: BigInt(Math.floor((EVENTS * ((n * 61) % 100)) / 100)) };
      reads.push(await took(() => ask(dataSource, n % 4 < READERS ? now : known)));
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  const readers = Promise.all(Array.from({ length: READERS }, (_, reader) => reading(reader)));
  const started = performance.now();
  const { events, comparison } = await rebuild(dataSource, store).finally(() => (done = true));
  const perSecond = (events / (performance.now() - started)) * 1_000;
  await readers;
  if (comparison === undefined || comparison.differenceCount > 0) throw new Error('the rebuilt read models differ');
  return { perSecond, reads };
}

function rows(rounds: readonly Round[]): Row[] {
  const perSecond = Math.round(median(rounds.map((round) => round.perSecond)));
  const p99 = rounded(
    quantile(
      rounds.flatMap(({ reads }) => reads),
      0.99,
    ),
  );
  return [
    {
      name: `blue/green rebuild of ${EVENTS.toLocaleString('en-US')} events`,
      unit: 'events/s',
      median: perSecond,
      aim: '≥ 40,000',
      met: perSecond >= 40_000,
    },
    { name: 'reads during it, p99', unit: 'ms', median: p99, aim: '≤ 200', met: p99 <= 200 },
  ];
}

/** The journal's rows, ready as text, into a table of the same shape with the same key. */
async function bareCopies(url: string): Promise<Row> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of client.query(copyTo('COPY read.journal TO STDOUT'))) chunks.push(chunk as Buffer);
    const { rows: counted } = await client.query('SELECT count(*) AS rows FROM read.journal');
    const count = Number((counted as { rows: string }[])[0]?.rows);
    const speeds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const ms = await took(async () => {
        await client.query('BEGIN; CREATE TABLE public.bare (LIKE read.journal)');
        await client.query('ALTER TABLE public.bare ADD PRIMARY KEY (unit, year, position, seq)');
        const stream = client.query(copyFrom('COPY public.bare FROM STDIN WITH (FREEZE)'));
        for (const chunk of chunks)
          if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
        stream.end();
        await finished(stream);
        await client.query('COMMIT');
      });
      speeds.push((count / ms) * 1_000);
      await client.query('DROP TABLE public.bare');
    }
    const perSecond = Math.round(median(speeds));
    return {
      name: `bare COPY of its ${count.toLocaleString('en-US')} journal rows`,
      unit: 'rows/s',
      median: perSecond,
      aim: 'yardstick',
      met: null,
    };
  } finally {
    await client.end();
  }
}
