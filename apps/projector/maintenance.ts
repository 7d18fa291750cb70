/** Long work on the read models: verification, rebuild and rollback, with their progress. */
import type { DataSource } from 'typeorm';
import type { LongWork } from '#platform/long-work.js';
import { Problem } from '#platform/problem.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
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

export class Maintenance {
  constructor(
    private readonly log: LogReader,
    private readonly dataSource: DataSource,
    private readonly work: LongWork,
  ) {}

  /** Compares the read models with a fold of the log. */
  verify(report: Report): Promise<object> {
    return this.work.alone(async () => {
      const events = await eventsTaken(this.dataSource);
      const { equal, ...found } = await verify(this.dataSource, this.log, {
        onProgress: (done) => report({ done, total: Math.max(done, events) }),
      });
      return { ok: equal, ...found };
    });
  }

  /** Fills new read models from the log, compares them with those in use and, unless `dryRun`, puts them in their place. */
  rebuild(report: Report, { dryRun }: { readonly dryRun: boolean }): Promise<object> {
    return this.work.alone(async () => {
      const events = await eventsTaken(this.dataSource);
      const started = performance.now();
      const rebuilt = await rebuild(this.dataSource, this.log, {
        dryRun,
        onProgress: ({ phase, done, total = Math.max(done, events) }) => report({ phase, done, total }),
      });
      return { ...rebuilt, milliseconds: Math.round(performance.now() - started) };
    });
  }

  /** Puts the read models from before the last rebuild in use again. Asked before: `requireWayBack`. */
  rollback(): Promise<object> {
    return this.work.alone(async () => {
      const started = performance.now();
      const { events } = await rollback(this.dataSource, this.log);
      return { events, milliseconds: Math.round(performance.now() - started) };
    });
  }

  /** Throws 409 `NO_WAY_BACK` when there are no read models from before that this program can read. */
  async requireWayBack(): Promise<void> {
    const refusal = await wayBack(this.dataSource);
    if (refusal !== undefined) throw noWayBack(refusal);
  }

  /** Throws 409 while other work runs: asked before the answer begins. */
  requireIdle(): void {
    this.work.requireIdle();
  }
}

const WHY_NOT: Readonly<Record<NoWayBack, string>> = {
  NOTHING_KEPT: 'No read models from before a rebuild are kept.',
  OTHER_LAYOUT:
    'The read models that are kept were made by another version of this program; start that version to use them.',
};

export const noWayBack = (reason: NoWayBack): Problem =>
  new Problem(409, 'NO_WAY_BACK', { detail: WHY_NOT[reason], reason });
