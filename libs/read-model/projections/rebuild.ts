/**
 * Read models filled from the log anew, beside those in use: the new ones grow in a schema of their own and take the others'
 * place in the transaction that filled them. Readers go on with the old ones until then, and a failure leaves them as they
 * were.
 */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Envelope, Position } from '#domain/envelope.js';
import { Absorber } from '#read-model/projections/absorb.js';
import { BulkWriter } from '#read-model/projections/bulk.js';
import type { Place } from '#read-model/projections/clock.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { WHOLE_LOG } from '#read-model/projections/projector.js';
import { allTables, readTables, type ReadTables } from '#read-model/projections/read-tables.js';
import { IN_USE, createTables, dropIndexes, exchange } from '#read-model/projections/schema.js';
import { sqlSource } from '#read-model/projections/source.js';
import { writeBatch } from '#read-model/projections/write.js';

const NEXT = 'read_next';
const OLD = 'read_old';
/** Small enough for what a page leaves behind to be collected while it is young. */
const PAGE = 500;

export interface RebuildOptions {
  /** Told after each page how many events have been taken in. */
  readonly onProgress?: (events: number) => void;
}

/**
 * Fills all read models from the log and puts them in the place of the old ones. A projector may go on meanwhile: it waits
 * for the change at the end, and when the log was ahead of it, its next batch finds another owner and comes again. Resolves
 * with the number of events taken in. Rejects with the database's or the log's error; nothing has changed then.
 */
export async function rebuild(dataSource: DataSource, log: LogReader, options: RebuildOptions = {}): Promise<number> {
  await dropSchemas(dataSource);
  const tables = readTables(dataSource);
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as ClientBase;
    await runner.startTransaction();
    await createTables(runner, dataSource, NEXT);
    const filling = new Filling(client, tables, log);
    const events = await filling.toTheEnd(options);
    // From here on the projector waits, and readers that have begun are let finish.
    await client.query(`LOCK TABLE ${IN_USE}.projection_position IN ACCESS EXCLUSIVE MODE`);
    const more = await filling.upTo(await positionInUse(client));
    await exchange(client, { next: NEXT, old: OLD });
    await runner.commitTransaction();
    await dropSchemas(dataSource).catch((cause: unknown) => {
      throw new Error('the read models are rebuilt; the old ones stay until the next rebuild', { cause });
    });
    return events + more;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

/** What an earlier rebuild may have left behind, and what this one replaces. */
async function dropSchemas(dataSource: DataSource): Promise<void> {
  await dataSource.query(`DROP SCHEMA IF EXISTS ${NEXT} CASCADE`);
  await dataSource.query(`DROP SCHEMA IF EXISTS ${OLD} CASCADE`);
}

async function positionInUse(client: ClientBase): Promise<bigint> {
  const { rows } = await client.query(`SELECT position FROM ${IN_USE}.projection_position WHERE partition = $1`, [
    WHOLE_LOG,
  ]);
  return BigInt((rows as { position: string }[])[0]?.position ?? -1);
}

class Filling {
  readonly #absorber: Absorber;
  readonly #bulk: BulkWriter;

  constructor(
    private readonly client: ClientBase,
    private readonly tables: ReadTables,
    private readonly log: LogReader,
  ) {
    const start: Place = { position: log.order('start'), opaque: 'start', recordedAt: 0 };
    this.#bulk = new BulkWriter(client, tables, true);
    const source = sqlSource(tables, async () => {
      await this.#bulk.settled();
      return client;
    });
    this.#absorber = new Absorber(start, source, log);
  }

  /** Takes in the whole log: reading, folding and writing overlap. Indexes and sums are made at the end. */
  async toTheEnd({ onProgress }: RebuildOptions): Promise<number> {
    const createIndexes = await dropIndexes(this.client);
    let events = 0;
    let next = this.#readAfter(this.#absorber.place.opaque);
    for (let isLast = false; !isLast;) {
      const page = await next;
      const last = page.at(-1);
      if (last === undefined) break;
      isLast = page.length < PAGE;
      if (!isLast) next = this.#readAfter(last.position);
      const absorbed = await this.#absorber.absorb(page);
      await this.#bulk.write(absorbed);
      events += page.length;
      onProgress?.(events);
    }
    await this.#bulk.finishClock();
    await this.#bulk.sumUp({ lines: true });
    await this.#bulk.reach(WHOLE_LOG, this.#absorber.place);
    await createIndexes();
    // A small sample is enough: rows are found by key, and the server looks again by itself later.
    await this.client.query('SET LOCAL default_statistics_target = 20');
    for (const { name } of allTables(this.tables)) await this.client.query(`ANALYZE ${name}`);
    return events;
  }

  /** Takes in what came since, at least up to a position. */
  async upTo(position: bigint): Promise<number> {
    let events = 0;
    while (this.#absorber.place.position < position) {
      const page = await this.#readAfter(this.#absorber.place.opaque);
      if (page.length === 0)
        throw new Error(`the log ends before position ${position}, which the read models have reached`);
      const absorbed = await this.#absorber.absorb(page);
      await writeBatch(this.client, this.tables, { partition: WHOLE_LOG, absorbed });
      events += page.length;
    }
    return events;
  }

  #readAfter(position: Position | 'start'): Promise<readonly Envelope[]> {
    const page = this.log.readAll(position, PAGE);
    // Read ahead: a failure is told when the page is wanted, which may be never.
    page.catch(() => undefined);
    return page;
  }
}
