/**
 * The layout of the read models is that of the program that reads them. Tables of another one are not changed in place:
 * they are filled anew from the log beside the old, which stay for the program that made them.
 */
import type { DataSource } from 'typeorm';
import type { LogReader } from '#read-model/projections/log-reader.js';
import type { Partitions } from '#read-model/projections/partitions.js';
import { rebuild, type RebuildStep } from '#read-model/projections/rebuild.js';
import { rollback, wayBack } from '#read-model/projections/rollback.js';
import { IN_USE, layoutOf, ownLayout } from '#read-model/projections/schema.js';

export interface LayoutOptions {
  /** What read models of another layout are filled from; without it they are refused. */
  readonly log?: LogReader;
  /** How that log is delivered; as a whole unless given. */
  readonly partitions?: Partitions;
  /** Told while they are filled. */
  readonly onProgress?: (step: RebuildStep) => void;
}

/** Read models that a later version has put in use, beside which others of its processes run. The message says what to do. */
export class NewerLayout extends Error {
  override readonly name = 'NewerLayout';
  constructor(found: readonly string[]) {
    super(
      `the read models were made by a later version of this program (${found.join(', ')}): start that version. To go back to ` +
        'this one, stop all projectors of the other and drop what was projected (DROP SCHEMA read CASCADE): it is filled from ' +
        'the log again.',
    );
  }
}

/**
 * Makes the tables where there are none. Where there are those of another program, puts read models of this one in their
 * place: those kept from before if they are of this layout, else new ones.
 */
export async function ensureLayout(
  dataSource: DataSource,
  { log, partitions, onProgress }: LayoutOptions = {},
): Promise<void> {
  const found = await layoutOf(dataSource, IN_USE);
  if (found === undefined || found.length === 0) {
    await dataSource.runMigrations({ transaction: 'all' });
    return;
  }
  if (found.join() === ownLayout(dataSource).join()) return;
  if (log === undefined) {
    throw new Error(
      `the read models have another layout (${found.join(', ')}); only with the log can they be replaced`,
    );
  }
  // One process after another is replaced by the new version: those before must not take the read models back meanwhile.
  if (partitions !== undefined && timeOf(found) > timeOf(ownLayout(dataSource))) throw new NewerLayout(found);
  const delivered = partitions === undefined ? {} : { partitions };
  if ((await wayBack(dataSource)) === undefined) await rollback(dataSource, log, delivered);
  else await rebuild(dataSource, log, { ...delivered, ...(onProgress === undefined ? {} : { onProgress }) });
}

/** The names of migrations end in the time at which they were made. */
const timeOf = (layout: readonly string[]): number => Math.max(...layout.map((name) => Number(name.slice(-13))));
