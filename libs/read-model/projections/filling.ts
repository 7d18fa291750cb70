/** Read models beside those in use, brought along the log while nobody reads them. */
import type { ClientBase } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Envelope, Position } from '#domain/envelope.js';
import { Absorber } from '#read-model/projections/absorb.js';
import { BulkWriter } from '#read-model/projections/bulk.js';
import type { Place } from '#read-model/projections/clock.js';
import { positionInUse, positionNow } from '#read-model/projections/in-use.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import type { Poison } from '#read-model/projections/project.js';
import { WHOLE_LOG } from '#read-model/projections/projector.js';
import { allTables, readTables, type ReadTables } from '#read-model/projections/read-tables.js';
import { createTables, dropIndexes } from '#read-model/projections/schema.js';
import { sqlSource } from '#read-model/projections/source.js';
import { writeBatch } from '#read-model/projections/write.js';

/** Small enough for what a page leaves behind to be collected while it is young. */
const PAGE = 500;

/** What is left to do when a round ends is worth a round of its own from here on. */
const FAR = 2_000;

export interface FillingOptions {
  readonly dataSource: DataSource;
  readonly log: LogReader;
  readonly schema: string;
  /** Where the tables stand; `start` for those that are not there yet. */
  readonly place?: Place;
  /** Events that stop their streams in any case, by stream. */
  readonly stops?: ReadonlyMap<string, Poison>;
}

export class Filling {
  readonly schema: string;
  readonly #dataSource: DataSource;
  readonly #log: LogReader;
  readonly #tables: ReadTables;
  readonly #stops: ReadonlyMap<string, Poison>;
  readonly #absorber: Absorber;
  /** The connection of the transaction that is open. */
  #client: ClientBase | undefined;
  /** Only while tables are filled by COPY. */
  #bulk: BulkWriter | undefined;

  constructor({ dataSource, log, schema, place, stops = new Map() }: FillingOptions) {
    this.schema = schema;
    this.#dataSource = dataSource;
    this.#log = log;
    this.#tables = readTables(dataSource);
    this.#stops = stops;
    const start: Place = { position: log.order('start'), opaque: 'start', recordedAt: 0 };
    const source = sqlSource(this.#tables, () => this.#whenWritten());
    this.#absorber = new Absorber(place ?? start, source, log);
  }

  get position(): bigint {
    return this.#absorber.place.position;
  }

  /**
   * One transaction that looks into these tables. When it fails, they are as they were before it, and so is what is kept of
   * them in memory.
   */
  async transaction<Result>(
    work: (client: ClientBase, runner: QueryRunner) => Promise<Result>,
    isolation: 'READ COMMITTED' | 'REPEATABLE READ' = 'READ COMMITTED',
  ): Promise<Result> {
    const before = this.#absorber.place;
    const runner = this.#dataSource.createQueryRunner();
    try {
      this.#client = (await runner.connect()) as ClientBase;
      await this.#client.query(`BEGIN ISOLATION LEVEL ${isolation}; SET LOCAL search_path = ${this.schema}`);
      const result = await work(this.#client, runner);
      await this.#client.query('COMMIT');
      return result;
    } catch (error) {
      await this.#client?.query('ROLLBACK').catch(() => {
        // The connection is gone, and the transaction with it; `error` says why.
      });
      this.#absorber.forget(before);
      throw error;
    } finally {
      this.#bulk = undefined;
      this.#client = undefined;
      await runner.release();
    }
  }

  /**
   * Makes the tables and takes the log in up to where the read models in use are by then, or to its end when these are
   * empty. Reading, folding and writing overlap; indexes and sums are made last. Returns the number of events.
   */
  fill(onProgress: (events: number) => void = () => undefined): Promise<number> {
    return this.transaction(async (client, runner) => {
      await createTables(runner, this.#dataSource, this.schema);
      const bulk = new BulkWriter(client, this.#tables, true);
      this.#bulk = bulk;
      const createIndexes = await dropIndexes(client);
      let events = 0;
      for (;;) {
        const before = events;
        for await (const page of this.#pages(await positionInUse(client))) {
          await bulk.write(await this.#absorber.absorb(page, this.#stops));
          onProgress((events += page.length));
        }
        if (events - before < FAR) break;
      }
      await bulk.finishClock();
      await bulk.sumUp({ lines: true });
      await bulk.reach(WHOLE_LOG, this.#absorber.place);
      await createIndexes();
      // A small sample is enough: rows are found by key, and the server looks again by itself later.
      await client.query('SET LOCAL default_statistics_target = 20');
      for (const { name } of allTables(this.#tables)) await client.query(`ANALYZE ${name}`);
      return events;
    });
  }

  /** Within a transaction: takes in what came since, exactly up to a position. Returns the number of events. */
  async upTo(position: bigint): Promise<number> {
    let events = 0;
    for await (const page of this.#pages(position)) {
      const absorbed = await this.#absorber.absorb(page, this.#stops);
      await writeBatch(await this.#whenWritten(), this.#tables, { partition: WHOLE_LOG, absorbed });
      events += page.length;
    }
    return events;
  }

  /**
   * Takes in what came since in transactions of its own, until the read models in use are not far ahead, or no longer come
   * nearer. Returns the number of events.
   */
  async approach(): Promise<number> {
    let events = 0;
    for (let before = Infinity; ;) {
      const position = (await positionNow(this.#dataSource)) ?? this.position;
      const taken = await this.transaction(() => this.upTo(position));
      events += taken;
      if (taken < FAR || taken >= before) return events;
      before = taken;
    }
  }

  async #whenWritten(): Promise<ClientBase> {
    if (this.#client === undefined)
      throw new Error(`the tables of ${this.schema} are reached only within a transaction`);
    await this.#bulk?.settled();
    return this.#client;
  }

  /** Events from here up to a position, or to the end of the log; the next page is read while this one is taken in. */
  async *#pages(end: bigint | undefined): AsyncGenerator<readonly Envelope[]> {
    const { place } = this.#absorber;
    if (end !== undefined && place.position >= end) return;
    let next = this.#readAfter(place.opaque);
    for (;;) {
      const page = await next;
      const last = page.at(-1);
      const reached = end !== undefined && last !== undefined && this.#log.order(last.position) >= end;
      if (last !== undefined && page.length === PAGE && !reached) next = this.#readAfter(last.position);
      if (end !== undefined && !reached && page.length < PAGE) {
        throw new Error(`the log ends before position ${end}, which the read models in use have reached`);
      }
      if (page.length === 0) return;
      yield reached ? page.filter(({ position }) => this.#log.order(position) <= end) : page;
      if (reached || page.length < PAGE) return;
    }
  }

  #readAfter(position: Position | 'start'): Promise<readonly Envelope[]> {
    const page = this.#log.readAll(position, PAGE);
    // Read ahead: a failure is told when the page is wanted, which may be never.
    page.catch(() => undefined);
    return page;
  }
}
