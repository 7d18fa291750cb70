/**
 * Parts of a log that are delivered by themselves, each with a place of its own. A part brings whole streams in the order of
 * their revisions; every part has its row in `projection_position` from the start, or the least of them would not be how far
 * the read models are as a whole.
 */
import pg, { type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';

/** Name of the position of a log that is tailed as a whole. */
export const WHOLE_LOG = 'log';

/** One part. Its events carry the log's time as `recordedAt`: it cannot be told from a part of them. */
export interface Partition {
  readonly name: string;
  readonly owns: (stream: string) => boolean;
}

/** All parts of a log. */
export interface Partitions {
  readonly names: readonly string[];
  /** Name of the part that brings a stream. */
  readonly of: (stream: string) => string;
}

export const AS_A_WHOLE: Partitions = { names: [WHOLE_LOG], of: () => WHOLE_LOG };

export const partitionNamed = ({ of }: Partitions, name: string): Partition => ({
  name,
  owns: (stream) => of(stream) === name,
});

/** Read models filled from a log that is delivered otherwise than this program does. The message says what to do. */
export class OtherDelivery extends Error {
  override readonly name = 'OtherDelivery';
  constructor(found: readonly string[], wanted: readonly string[]) {
    super(
      `the read models of this database were filled ${told(found)}, and cannot go on ${told(wanted)}: the places of one are ` +
        'not those of the other. Give this program a database of its own (DATABASE_URL), or drop what was projected (DROP ' +
        'SCHEMA read CASCADE): it is filled from the log again.',
    );
  }
}

const told = (names: readonly string[]): string =>
  names.includes(WHOLE_LOG) ? 'from a log followed as a whole' : `in ${names.length} partitions`;

/**
 * Makes the rows of all partitions, at `start` (the order of the log's beginning) in new read models. Where other partitions
 * of the same log stand there, the new ones begin where the last of those is: what the others have beyond comes again and is
 * skipped by its revision. Throws `OtherDelivery` on read models that follow a log as a whole.
 */
export async function preparePartitions(
  dataSource: DataSource,
  names: readonly string[],
  start: bigint,
): Promise<void> {
  const isReady = (found: readonly string[]): boolean => [...found].sort().join() === [...names].sort().join();
  const rows: { partition: string }[] = await dataSource.query('SELECT partition FROM projection_position');
  if (isReady(rows.map(({ partition }) => partition))) return;
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as ClientBase;
  try {
    // Waits for every batch that is being written, and keeps out whoever else prepares.
    await client.query('BEGIN; LOCK TABLE projection_position IN SHARE ROW EXCLUSIVE MODE');
    const { rows } = await client.query(
      'SELECT partition, position, opaque, recorded_at FROM projection_position ORDER BY position',
    );
    const found = (rows as { partition: string }[]).map(({ partition }) => partition);
    if (found.includes(WHOLE_LOG)) throw new OtherDelivery(found, names);
    if (!isReady(found)) {
      const least = (rows as { position: string; opaque: string; recorded_at: string }[])[0];
      await client.query('DELETE FROM projection_position');
      await client.query(
        `INSERT INTO projection_position (partition, position, opaque, recorded_at)
         SELECT name, $2, $3, $4 FROM unnest($1::text[]) AS name`,
        [names, least?.position ?? String(start), least?.opaque ?? 'start', least?.recorded_at ?? '0'],
      );
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      // The connection is gone, and the transaction with it; `error` says why.
    });
    throw error;
  } finally {
    await runner.release();
  }
}

/** Makes the row of a log that is followed as a whole, unless there are rows. Throws `OtherDelivery` on partitions. */
export async function prepareWholeLog(dataSource: DataSource, start: bigint): Promise<void> {
  // One string without parameters is one transaction.
  await dataSource.query(
    `LOCK TABLE projection_position IN SHARE ROW EXCLUSIVE MODE;
     INSERT INTO projection_position (partition, position, opaque, recorded_at)
     SELECT ${pg.escapeLiteral(WHOLE_LOG)}, ${start}, 'start', 0 WHERE NOT EXISTS (SELECT FROM projection_position)`,
  );
  const rows: { partition: string }[] = await dataSource.query('SELECT partition FROM projection_position');
  const found = rows.map(({ partition }) => partition);
  if (!found.includes(WHOLE_LOG)) throw new OtherDelivery(found, [WHOLE_LOG]);
}
