/** Read models beside those in use, brought along the log while nobody reads them. */
import type { ClientBase } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Envelope, Position } from '#domain/envelope.js';
import { Absorber } from '#read-model/projections/absorb.js';
import { BulkWriter } from '#read-model/projections/bulk.js';
import { advance, type Place } from '#read-model/projections/clock.js';
import { inUse, inUseNow, type InUse } from '#read-model/projections/in-use.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { AS_A_WHOLE, type Partitions } from '#read-model/projections/partitions.js';
import type { Poison } from '#read-model/projections/project.js';
import { allTables, readTables, type ReadTables } from '#read-model/projections/read-tables.js';
import { createTables, dropIndexes } from '#read-model/projections/schema.js';
import { sourceOfPart, sqlSource } from '#read-model/projections/source.js';
import { adding, perform } from '#read-model/projections/statement.js';
import { writeBatch } from '#read-model/projections/write.js';

/** Small enough for what a page leaves behind to be collected while it is young. */
const PAGE = 500;

/** What is left to do when a round ends is worth a round of its own from here on. */
const FAR = 2_000;

export interface FillingOptions {
  readonly dataSource: DataSource;
  /** Of a log that is delivered in partitions: see `loggedTime`. */
  readonly log: LogReader;
  readonly schema: string;
  /** How the log is delivered; as a whole unless given. */
  readonly partitions?: Partitions;
  /** Where the tables stand, by partition; none for those that are not there yet. */
  readonly places?: ReadonlyMap<string, Place>;
  /** Events that stop their streams in any case, by stream. */
  readonly stops?: ReadonlyMap<string, Poison>;
}

/** How far the tables are. The log is read as a whole, whatever partitions it is delivered in. */
interface Reached {
  /** Everything up to there is in them. */
  readonly floor: Place;
  /** What is in them beyond, by partition. */
  readonly taken: ReadonlyMap<string, bigint>;
}

export class Filling {
  readonly schema: string;
  readonly #dataSource: DataSource;
  readonly #log: LogReader;
  readonly #partitions: Partitions;
  readonly #tables: ReadTables;
  readonly #stops: ReadonlyMap<string, Poison>;
  readonly #absorber: Absorber;
  #reached: Reached;
  /** The connection of the transaction that is open. */
  #client: ClientBase | undefined;
  /** Only while tables are filled by COPY. */
  #bulk: BulkWriter | undefined;

  constructor(options: FillingOptions) {
    const {
      dataSource,
      log,
      schema,
      partitions = AS_A_WHOLE,
      places = new Map<string, Place>(),
      stops = new Map(),
    } = options;
    this.schema = schema;
    this.#dataSource = dataSource;
    this.#log = log;
    this.#partitions = partitions;
    this.#tables = readTables(dataSource);
    this.#stops = stops;
    const start: Place = { position: log.order('start'), opaque: 'start', recordedAt: 0 };
    const [floor = start] = [...places.values()].sort((a, b) => (a.position < b.position ? -1 : 1));
    this.#reached = { floor, taken: new Map([...places].map(([name, { position }]) => [name, position])) };
    // Pages come with the log's time, and may hold events that were taken in before.
    this.#absorber = new Absorber(floor, sourceOfPart(sqlSource(this.#tables, () => this.#whenWritten())), log);
  }

  /** Whether read models in use can be compared with these: they are in the same partitions, and nowhere behind. */
  canMatch({ places }: InUse): boolean {
    const { names } = this.#partitions;
    if (places.size !== names.length || !names.every((name) => places.has(name))) return false;
    return [...places].every(([name, { position }]) => position >= this.#takenOf(name));
  }

  /**
   * One transaction that looks into these tables. When it fails, they are as they were before it, and so is what is kept of
   * them in memory.
   */
  async transaction<Result>(
    work: (client: ClientBase, runner: QueryRunner) => Promise<Result>,
    isolation: 'READ COMMITTED' | 'REPEATABLE READ' = 'READ COMMITTED',
  ): Promise<Result> {
    const before = { reached: this.#reached, place: this.#absorber.place };
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
      this.#reached = before.reached;
      this.#absorber.forget(before.place);
      throw error;
    } finally {
      this.#bulk = undefined;
      this.#client = undefined;
      await runner.release();
    }
  }

  /**
   * Makes the tables and takes the log in up to where all partitions of the read models in use are by then, or to its end when
   * these are empty. Reading, folding and writing overlap; indexes and sums are made last. Returns the number of events.
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
        const used = await inUse(client);
        for await (const page of this.#pages(used && { end: used.least, lastEvent: used.lastEvent })) {
          await bulk.write(await this.#absorber.absorb(page, this.#stops));
          onProgress((events += page.length));
        }
        if (events - before < FAR) break;
      }
      await bulk.finishClock();
      await bulk.sumUp({ lines: true });
      await this.#reach(client, undefined);
      await createIndexes();
      // A small sample is enough: rows are found by key, and the server looks again by itself later.
      await client.query('SET LOCAL default_statistics_target = 20');
      for (const { name } of allTables(this.#tables)) await client.query(`ANALYZE ${name}`);
      return events;
    });
  }

  /**
   * Within a transaction: takes in what came since, of each partition exactly up to where it is in use. Returns the number of
   * events.
   */
  async match(used: InUse): Promise<number> {
    const within = (event: Envelope): boolean => {
      const place = used.places.get(this.#partitions.of(event.stream));
      return place !== undefined && this.#log.order(event.position) <= place.position;
    };
    const events = await this.#take({ end: used.furthest, lastEvent: used.lastEvent, within });
    const taken = new Map([...used.places].map(([name, { position }]) => [name, position]));
    this.#reached = { ...this.#reached, taken };
    await this.#replacePlaces(used.places);
    return events;
  }

  /** Within a transaction: takes in what came since, up to the furthest place in use. Returns the number of events. */
  async pass(used: InUse): Promise<number> {
    const events = await this.#take({ end: used.furthest, lastEvent: used.lastEvent });
    await this.#reach(await this.#whenWritten(), used);
    return events;
  }

  /**
   * Takes in what came since in transactions of its own, until the read models in use are not far ahead, or no longer come
   * nearer. `matching`: of each partition no more than is in use. Returns the number of events.
   */
  async approach({ matching }: { readonly matching: boolean }): Promise<number> {
    let events = 0;
    for (let before = Infinity; ;) {
      const used = await inUseNow(this.#dataSource);
      if (used === undefined || (matching && !this.canMatch(used))) return events;
      const taken = await this.transaction(() => (matching ? this.match(used) : this.pass(used)));
      events += taken;
      if (taken < FAR || taken >= before) return events;
      before = taken;
    }
  }

  async #take(limits: Limits): Promise<number> {
    let events = 0;
    for await (const page of this.#pages(limits)) {
      const absorbed = await this.#absorber.absorb(page, this.#stops);
      await writeBatch(await this.#whenWritten(), this.#tables, { absorbed });
      events += page.length;
    }
    return events;
  }

  /** Every partition is where the log was read to, or beyond, where it knows that nothing of it follows. */
  async #reach(client: ClientBase, used: InUse | undefined): Promise<void> {
    const { floor } = this.#reached;
    const reached = (place: Place | undefined): Place =>
      place !== undefined && place.position > floor.position ? place : floor;
    const names = used === undefined ? this.#partitions.names : [...used.places.keys()];
    this.#reached = { floor, taken: new Map() };
    await this.#replacePlaces(new Map(names.map((name) => [name, reached(used?.places.get(name))])), client);
  }

  async #replacePlaces(places: ReadonlyMap<string, Place>, client?: ClientBase): Promise<void> {
    const on = client ?? (await this.#whenWritten());
    await on.query('DELETE FROM projection_position');
    const rows = [...places].map(([partition, place]) => ({ partition, ...place }));
    await perform(on, [adding(this.#tables.projectionPosition, rows)]);
  }

  async #whenWritten(): Promise<ClientBase> {
    if (this.#client === undefined)
      throw new Error(`the tables of ${this.schema} are reached only within a transaction`);
    await this.#bulk?.settled();
    return this.#client;
  }

  #takenOf(partition: string): bigint {
    const { floor, taken } = this.#reached;
    const beyond = taken.get(partition) ?? floor.position;
    return beyond > floor.position ? beyond : floor.position;
  }

  /**
   * Events that are not taken in yet, each with the log's time, up to a position or to the end of the log; the next page is
   * read while this one is taken in. The floor moves along as far as nothing is left out.
   */
  async *#pages(limits: Limits | undefined): AsyncGenerator<readonly Envelope[]> {
    const { end, lastEvent, within = () => true } = limits ?? {};
    let { floor: at } = this.#reached;
    if (end !== undefined && at.position >= end) return;
    let leftOut = false;
    let next = this.#readAfter(at.opaque);
    for (;;) {
      const page = await next;
      const last = page.at(-1);
      const isReached = end !== undefined && last !== undefined && this.#order(last) >= end;
      const isLast = isReached || page.length < PAGE;
      if (last !== undefined && !isLast) next = this.#readAfter(last.position);
      const wanted: Envelope[] = [];
      let { floor } = this.#reached;
      for (const event of page) {
        const position = this.#order(event);
        if (end !== undefined && position > end) break;
        at = advance(at, event, position);
        const isTaken = position <= this.#takenOf(this.#partitions.of(event.stream));
        if (!isTaken && !within(event)) leftOut = true;
        else if (!isTaken)
          wanted.push(event.recordedAt === at.recordedAt ? event : { ...event, recordedAt: at.recordedAt });
        if (!leftOut) floor = at;
      }
      if (isLast && !isReached && lastEvent !== undefined && at.position < lastEvent) {
        throw new Error(`the log ends before position ${lastEvent}, which the read models in use have reached`);
      }
      if (wanted.length > 0) yield wanted;
      this.#reached = { ...this.#reached, floor };
      if (isLast) return;
    }
  }

  #order({ position }: Envelope): bigint {
    return this.#log.order(position);
  }

  #readAfter(position: Position | 'start'): Promise<readonly Envelope[]> {
    const page = this.#log.readAll(position, PAGE);
    // Read ahead: a failure is told when the page is wanted, which may be never.
    page.catch(() => undefined);
    return page;
  }
}

/** What is read of the log. */
interface Limits {
  /** Nothing beyond. */
  readonly end: bigint;
  /** The log must go as far as this. */
  readonly lastEvent: bigint;
  /** Whether an event is wanted; the others are read again later. */
  readonly within?: (event: Envelope) => boolean;
}
