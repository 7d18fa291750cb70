/**
 * Read models filled from the log anew, beside those in use (design 6.7): filled while the others serve, compared with them
 * at the same position, and put in their place by one short transaction. Those before stay for a rollback. Wherever it
 * breaks off, the ones in use are untouched, and the next rebuild clears away what is left.
 */
import type { DataSource } from 'typeorm';
import type { Parked } from '#read-model/entities/progress.js';
import { compareSchemas, type SchemaComparison } from '#read-model/projections/compare-schemas.js';
import { exchange, type ExchangeOptions } from '#read-model/projections/exchange.js';
import { Filling } from '#read-model/projections/filling.js';
import { inUse } from '#read-model/projections/in-use.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import type { Partitions } from '#read-model/projections/partitions.js';
import type { Poison } from '#read-model/projections/project.js';
import { IN_USE, NEXT, dropLeftovers, exchangeForNext } from '#read-model/projections/schema.js';
import { isRefusedData } from '#read-model/projections/transaction.js';

/** What a rebuild is at: events taken in, tables compared, and whether it has switched. */
export interface RebuildStep {
  readonly phase: 'filling' | 'comparing' | 'switching';
  readonly done: number;
  /** Absent while events are counted: the log may grow. */
  readonly total?: number;
}

export interface RebuildOptions extends ExchangeOptions {
  /** How the log is delivered; as a whole unless given. It is read as a whole here: see `loggedTime`. */
  readonly partitions?: Partitions;
  /** Compares and does not switch. */
  readonly dryRun?: boolean;
  /** At most this many differences are shown (100); all are counted. */
  readonly limit?: number;
  readonly onProgress?: (step: RebuildStep) => void;
}

export interface Rebuilt {
  /** Events taken in. */
  readonly events: number;
  /** Of those in use with the new ones; absent when those in use are empty or far behind, so that they cannot be compared. */
  readonly comparison?: SchemaComparison;
  readonly switched: boolean;
}

/**
 * Fills all read models from the log, compares them with those in use and puts them in their place, whatever differs: the
 * log is the truth. Projector and readers go on meanwhile. Rejects with the database's or the log's error; nothing has
 * changed then, unless it says that the read models are rebuilt.
 */
export async function rebuild(dataSource: DataSource, log: LogReader, options: RebuildOptions = {}): Promise<Rebuilt> {
  const { partitions } = options;
  const filled = { dataSource, log, schema: NEXT, ...(partitions === undefined ? {} : { partitions }) };
  try {
    return await rebuildOnce(new Filling(filled), dataSource, options);
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    // An event that only the database refuses, not the fold. Where such events stop their streams is known by now.
    const filling = new Filling({ ...filled, stops: await stopsInUse(dataSource) });
    return await rebuildOnce(filling, dataSource, options);
  }
}

async function rebuildOnce(filling: Filling, dataSource: DataSource, options: RebuildOptions): Promise<Rebuilt> {
  const { dryRun = false, limit = 100, onProgress = () => undefined } = options;
  await dropLeftovers(dataSource);
  try {
    let events = await filling.fill((done) => onProgress({ phase: 'filling', done }));
    events += await filling.approach({ matching: true });
    const { more, comparison } = await compared(filling, { limit, onProgress });
    events += more;
    if (!dryRun) {
      onProgress({ phase: 'switching', done: 0, total: 1 });
      events += await exchange(filling, exchangeForNext, options);
      onProgress({ phase: 'switching', done: 1, total: 1 });
    }
    await dropLeftovers(dataSource).catch((cause: unknown) => {
      const what = dryRun ? 'compared' : 'rebuilt';
      throw new Error(`the read models are ${what}; what is left over stays until the next rebuild`, { cause });
    });
    return { events, ...(comparison === undefined ? {} : { comparison }), switched: !dryRun };
  } catch (error) {
    await dropLeftovers(dataSource).catch(() => {
      // The database is gone, as `error` says; the next rebuild clears away.
    });
    throw error;
  }
}

interface Comparing {
  readonly limit: number;
  readonly onProgress: (step: RebuildStep) => void;
}

/** Both sides as one snapshot sees them, the new one brought to exactly where each partition of the other is. */
const compared = (
  filling: Filling,
  { limit, onProgress }: Comparing,
): Promise<{ readonly more: number; readonly comparison: SchemaComparison | undefined }> =>
  filling.transaction(async (client) => {
    const used = await inUse(client);
    if (used === undefined || !filling.canMatch(used)) return { more: 0, comparison: undefined };
    const more = await filling.match(used);
    const onTable = (done: number, total: number): void => onProgress({ phase: 'comparing', done, total });
    return { more, comparison: await compareSchemas(client, { expected: NEXT, found: IN_USE, limit, onTable }) };
  }, 'REPEATABLE READ');

/** Where streams stopped in the read models in use. */
export async function stopsInUse(dataSource: DataSource): Promise<ReadonlyMap<string, Poison>> {
  const rows: Pick<Parked, 'stream' | 'revision' | 'error'>[] = await dataSource.query(
    `SELECT stream, revision, error FROM ${IN_USE}.parked`,
  );
  return new Map(rows.map((row) => [row.stream, row]));
}
