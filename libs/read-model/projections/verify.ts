/**
 * The read models against the log: the log is folded anew, every budget as a whole, into the rows that should be there, and
 * both are compared row by row. All of it happens in one transaction that is rolled back, on the read models as they stood
 * at its beginning, so nobody waits for it and nothing stays of it. In memory is one stream at a time.
 */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Envelope } from '#domain/envelope.js';
import type { Parked, ProjectionPosition } from '#read-model/entities/progress.js';
import { Absorber } from '#read-model/projections/absorb.js';
import { BulkWriter } from '#read-model/projections/bulk.js';
import { noChanges } from '#read-model/projections/changes.js';
import { clockRows, type Place } from '#read-model/projections/clock.js';
import { inUse, type InUse } from '#read-model/projections/in-use.js';
import { compareTables, type Comparison } from '#read-model/projections/compare.js';
import { emptyLedger, type Ledger } from '#read-model/projections/ledger.js';
import { wholeLedgers } from '#read-model/projections/ledgers.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { PoisonFound, type Poison } from '#read-model/projections/project.js';
import { AS_A_WHOLE, type Partitions } from '#read-model/projections/partitions.js';
import { allTables, readTables, type ReadTables } from '#read-model/projections/read-tables.js';
import { IN_USE, createTables } from '#read-model/projections/schema.js';
import { adding, changing, perform } from '#read-model/projections/statement.js';
import { sqlSource, type Source } from '#read-model/projections/source.js';
import { familyOf } from '#read-model/projections/streams.js';
import { TOTAL_COLUMNS, type LineTotals } from '#read-model/projections/sums.js';
import { survey, type Gap } from '#read-model/projections/survey.js';
import { rowOf } from '#read-model/projections/tables.js';

export interface Verification extends Comparison {
  /** Nothing differs, no revision is missing, and no stream is parked. */
  readonly equal: boolean;
  /** Events of the log up to where the read models are. */
  readonly events: number;
  readonly gaps: readonly Gap[];
  readonly parked: readonly Parked[];
}

export interface VerifyOptions {
  /** How the log is delivered; as a whole unless given. It is read as a whole here: see `loggedTime`. */
  readonly partitions?: Partitions;
  /** At most this many differences are shown (100); all are counted. */
  readonly limit?: number;
  /** Told how many events have been folded so far. */
  readonly onProgress?: (events: number) => void;
}

const CHECK = 'read_check';
const PAGE = 1_000;

/** Compares every row of every read model with a fold of the log. Rejects only when the database or the log fails. */
export async function verify(
  dataSource: DataSource,
  log: LogReader,
  { partitions = AS_A_WHOLE, limit = 100, onProgress }: VerifyOptions = {},
): Promise<Verification> {
  const tables = readTables(dataSource);
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as ClientBase;
    await runner.startTransaction('REPEATABLE READ');
    const used = await inUse(client);
    const places = await placesInUse(client, tables);
    const place = furthestOf(places, log);
    const within = withinReach(used, partitions, log);
    const parked = await parkedInUse(client, tables);
    await createTables(runner, dataSource, CHECK);
    const check = new Check({ client, tables, log, place });
    const { events, streams, gaps } = await survey(log, { end: place.position, within }, (passed) =>
      check.pass(passed),
    );
    await check.ready();
    let folded = 0;
    for (const [stream, count] of streams) {
      await check.fold(stream, count, parked.get(stream));
      onProgress?.((folded += count));
    }
    await check.finish(places);
    const compared = await compareTables(client, allTables(tables), { expected: CHECK, found: IN_USE, limit });
    const equal = compared.differenceCount === 0 && gaps.length === 0 && parked.size === 0;
    return { equal, events, ...compared, gaps, parked: [...parked.values()] };
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
  }
}

/** All places, each as its partition has reached it. */
async function placesInUse(client: ClientBase, tables: ReadTables): Promise<readonly ProjectionPosition[]> {
  const { rows } = await client.query(`SELECT * FROM ${IN_USE}.projection_position`);
  if (rows.length === 0) throw new Error('there is nothing to verify yet: no projector has ever started here');
  return (rows as Record<string, unknown>[]).map((row) => rowOf(tables.projectionPosition, row));
}

function furthestOf(places: readonly ProjectionPosition[], log: LogReader): Place {
  const start: Place = { position: log.order('start'), opaque: 'start', recordedAt: 0 };
  return places.reduce<Place>((furthest, { position, opaque, recordedAt }) => {
    return position > furthest.position ? { position, opaque: opaque as Place['opaque'], recordedAt } : furthest;
  }, start);
}

/** What the read models must hold: of every partition all up to its place. Throws where they are in other partitions. */
function withinReach(used: InUse | undefined, { of }: Partitions, log: LogReader) {
  return ({ stream }: Envelope, position: bigint): boolean => {
    const name = of(stream);
    const place = used?.places.get(name);
    if (used !== undefined && place === undefined) throw new Error(`the read models have no partition ${name}`);
    return position <= (place?.position ?? log.order('start'));
  };
}

async function parkedInUse(client: ClientBase, { parked }: ReadTables): Promise<Map<string, Parked>> {
  const { rows } = await client.query(`SELECT * FROM ${IN_USE}.parked ORDER BY stream`);
  return new Map((rows as Record<string, unknown>[]).map((raw) => rowOf(parked, raw)).map((row) => [row.stream, row]));
}

interface Checked {
  readonly client: ClientBase;
  readonly tables: ReadTables;
  readonly log: LogReader;
  readonly place: Place;
}

class Check {
  readonly #bulk: BulkWriter;
  readonly #source: Source;

  constructor(private readonly checked: Checked) {
    const { client, tables } = checked;
    this.#bulk = new BulkWriter(client, tables, false);
    const { timesAt } = sqlSource(tables, () => this.#bulk.settled().then(() => client));
    this.#source = { ...NOTHING_STORED, timesAt };
  }

  /** Enters the places of one page of the log into the clock. */
  async pass(places: readonly Place[]): Promise<void> {
    const { place } = this.checked;
    await this.#bulk.write({ changes: noChanges(), heads: [], parked: [], clock: clockRows(places), place });
  }

  /** The clock is whole: every event can be given its time. */
  async ready(): Promise<void> {
    await this.#bulk.finishClock();
    await this.checked.client.query('ANALYZE log_clock');
  }

  /** Folds the first `count` events of a stream. Whatever stops it stops it here as well, and is a difference if new. */
  async fold(stream: string, count: number, stop: Poison | undefined): Promise<void> {
    if (familyOf(stream) === undefined) return;
    const { client } = this.checked;
    await client.query('SAVEPOINT stream');
    try {
      await this.#foldOnce(stream, count, stop);
      await this.#bulk.settled();
    } catch (error) {
      if (!(error instanceof PoisonFound)) throw error;
      await this.#bulk.settled();
      await client.query('ROLLBACK TO SAVEPOINT stream');
      await this.#foldOnce(stream, count, error.poison);
      await this.#bulk.settled();
    }
    await client.query('RELEASE SAVEPOINT stream');
  }

  async finish(places: readonly ProjectionPosition[]): Promise<void> {
    await this.#bulk.sumUp({ lines: false });
    await perform(this.checked.client, [adding(this.checked.tables.projectionPosition, places)]);
  }

  async #foldOnce(stream: string, count: number, stop: Poison | undefined): Promise<void> {
    const { client, tables, log, place } = this.checked;
    const ledgers = wholeLedgers();
    const absorber = new Absorber(place, this.#source, log, ledgers);
    const stops = new Map(stop === undefined ? [] : [[stream, stop]]);
    const take = async (page: readonly Envelope[]) => {
      const absorbed = await absorber.absorbOnce(page, stops);
      await this.#bulk.write(absorbed);
    };
    let page: Envelope[] = [];
    for await (const envelope of log.read(stream, { limit: count })) {
      page.push(envelope);
      if (page.length < PAGE) continue;
      await take(page);
      page = [];
    }
    await take(page);
    await this.#bulk.settled();
    const ledger = ledgers.get(stream);
    if (ledger === undefined) return;
    const totals = { changing: Object.values(TOTAL_COLUMNS) };
    await perform(client, [changing(tables.budgetLine, foldedTotals(ledger), totals)]);
  }
}

const NOTHING_STORED: Omit<Source, 'timesAt'> = {
  heads: () => Promise.resolve([]),
  parked: () => Promise.resolve([]),
  ledger: (stream, unit, year) => Promise.resolve(emptyLedger(stream, unit, year)),
  enterPapers: () => Promise.resolve(),
};

/** Totals of the lines as the whole fold has them, not as a sum of journal rows. */
const foldedTotals = ({ unit, year, state }: Ledger): LineTotals[] =>
  [...state.lines].map(([line, { totals }]) => {
    const columns = Object.entries(TOTAL_COLUMNS).map(([kind, column]) => [
      column,
      totals[kind as keyof typeof totals],
    ]);
    return { unit, year, line, ...Object.fromEntries(columns) } as LineTotals;
  });
