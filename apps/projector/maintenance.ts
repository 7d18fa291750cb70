/** Long work on the read models: verification, rebuild and rollback, with their progress. */
import type { DataSource } from 'typeorm';
import { maintenanceRunning, type LongWork } from '#platform/long-work.js';
import { Problem } from '#platform/problem.js';
import { tryHold } from '#read-model/held.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import type { Partitions } from '#read-model/projections/partitions.js';
import { rebuild, type RebuildStep } from '#read-model/projections/rebuild.js';
import { rollback, wayBack, type NoWayBack } from '#read-model/projections/rollback.js';
import { verify } from '#read-model/projections/verify.js';
import { eventsTaken } from '#read-model/queries/known.js';

/** How far the work is. Without a `phase`, and while a rebuild is `filling`, events of the log are counted. */
export interface Step {
  readonly phase?: RebuildStep['phase'];
  readonly done: number;
  readonly total: number;
}
export type Report = (step: Step) => void;

export interface MaintenanceParts {
  readonly dataSource: DataSource;
  readonly log: LogReader;
  /** How the log is delivered; as a whole unless given. */
  readonly partitions?: Partitions;
  readonly work: LongWork;
}

export class Maintenance {
  constructor(private readonly parts: MaintenanceParts) {}

  /**
   * Begins before the answer does: throws 409 `MAINTENANCE_RUNNING` while other work runs, here or in another process. Call
   * the result when the work is done.
   */
  async claim(): Promise<() => Promise<void>> {
    const done = this.parts.work.claim();
    try {
      const letGo = await tryHold(this.parts.dataSource, 'maintenance');
      if (letGo === undefined) throw maintenanceRunning();
      return () => letGo().finally(done);
    } catch (error) {
      done();
      throw error;
    }
  }

  /** Compares the read models with a fold of the log. */
  async verify(report: Report): Promise<object> {
    const { dataSource, log } = this.parts;
    const events = await eventsTaken(dataSource);
    const { equal, ...found } = await verify(dataSource, log, {
      ...this.delivered,
      onProgress: (done) => report({ done, total: Math.max(done, events) }),
    });
    return { ok: equal, ...found };
  }

  /** Fills new read models from the log, compares them with those in use and, unless `dryRun`, puts them in their place. */
  async rebuild(report: Report, { dryRun }: { readonly dryRun: boolean }): Promise<object> {
    const { dataSource, log } = this.parts;
    const events = await eventsTaken(dataSource);
    const started = performance.now();
    const rebuilt = await rebuild(dataSource, log, {
      ...this.delivered,
      dryRun,
      onProgress: ({ phase, done, total = Math.max(done, events) }) => report({ phase, done, total }),
    });
    return { ...rebuilt, milliseconds: Math.round(performance.now() - started) };
  }

  /** Puts the read models from before the last rebuild in use again. Asked before: `requireWayBack`. */
  async rollback(): Promise<object> {
    const started = performance.now();
    const { events } = await rollback(this.parts.dataSource, this.parts.log, this.delivered);
    return { events, milliseconds: Math.round(performance.now() - started) };
  }

  /** Throws 409 `NO_WAY_BACK` when there are no read models from before that this program can read. */
  async requireWayBack(): Promise<void> {
    const refusal = await wayBack(this.parts.dataSource);
    if (refusal !== undefined) throw noWayBack(refusal);
  }

  private get delivered(): { readonly partitions?: Partitions } {
    const { partitions } = this.parts;
    return partitions === undefined ? {} : { partitions };
  }
}

const WHY_NOT: Readonly<Record<NoWayBack, string>> = {
  NOTHING_KEPT: 'No read models from before a rebuild are kept.',
  OTHER_LAYOUT:
    'The read models that are kept were made by another version of this program; start that version to use them.',
};

export const noWayBack = (reason: NoWayBack): Problem =>
  new Problem(409, 'NO_WAY_BACK', { detail: WHY_NOT[reason], reason });
