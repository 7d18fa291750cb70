/** Long work on the whole system: one piece at a time, with its progress. */
import type { DataSource } from 'typeorm';
import { importLog } from '#event-store/log-file.js';
import type { EventStore } from '#event-store/port.js';
import { Problem } from '#platform/problem.js';
import { rebuild, type RebuildStep } from '#read-model/projections/rebuild.js';
import { rollback, wayBack, type NoWayBack } from '#read-model/projections/rollback.js';
import { verify } from '#read-model/projections/verify.js';
import type { ProcessDesk } from '../ledger/process-desk.js';
import { checkStream } from './log-check.js';

/** How far the work is. Without a `phase`, and while a rebuild is `filling`, events of the log are counted. */
export interface Step {
  readonly phase?: RebuildStep['phase'];
  readonly done: number;
  readonly total: number;
}
export type Report = (step: Step) => void;

export class Maintenance {
  private busy = false;

  constructor(
    readonly store: EventStore,
    private readonly dataSource: DataSource,
    private readonly clock: () => number,
    private readonly processes: Pick<ProcessDesk, 'pausedDuring'>,
  ) {}

  /** Takes a log file into an empty log. Throws `LogFileRefused`; nothing was written then. */
  importLog(lines: () => AsyncIterable<string>): Promise<{ readonly events: number }> {
    return this.alone(() => this.processes.pausedDuring(() => importLog(this.store, lines, checkStream)));
  }

  /** Compares the read models with a fold of the log. */
  verify(report: Report): Promise<object> {
    return this.alone(async () => {
      const total = await this.events();
      const { equal, ...found } = await verify(this.dataSource, this.store, {
        onProgress: (done) => report({ done, total }),
      });
      return { ok: equal, ...found };
    });
  }

  /** Fills new read models from the log, compares them with those in use and, unless `dryRun`, puts them in their place. */
  rebuild(report: Report, { dryRun }: { readonly dryRun: boolean }): Promise<object> {
    return this.alone(async () => {
      const events = await this.events();
      const started = performance.now();
      const rebuilt = await rebuild(this.dataSource, this.store, {
        dryRun,
        onProgress: ({ phase, done, total = Math.max(done, events) }) => report({ phase, done, total }),
      });
      return { ...rebuilt, milliseconds: Math.round(performance.now() - started) };
    });
  }

  /** Puts the read models from before the last rebuild in use again. Asked before: `requireWayBack`. */
  rollback(): Promise<object> {
    return this.alone(async () => {
      const started = performance.now();
      const { events } = await rollback(this.dataSource, this.store);
      return { events, milliseconds: Math.round(performance.now() - started) };
    });
  }

  /** Throws 409 `NO_WAY_BACK` when there are no read models from before that this program can read. */
  async requireWayBack(): Promise<void> {
    const refusal = await wayBack(this.dataSource);
    if (refusal !== undefined) throw noWayBack(refusal);
  }

  /** On PostgreSQL positions are dense, so the last one counts the events. */
  private async events(): Promise<number> {
    return Number(this.store.order(await this.store.settled(this.clock() - 1)));
  }

  /** Throws 409 while other work runs: asked before the answer begins. */
  requireIdle(): void {
    if (!this.busy) return;
    throw maintenanceRunning();
  }

  private async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    this.requireIdle();
    this.busy = true;
    try {
      return await work();
    } finally {
      this.busy = false;
    }
  }
}

export const maintenanceRunning = (): Problem =>
  new Problem(409, 'MAINTENANCE_RUNNING', { detail: 'A verification or rebuild is running; wait for it.' });

const WHY_NOT: Readonly<Record<NoWayBack, string>> = {
  NOTHING_KEPT: 'No read models from before a rebuild are kept.',
  OTHER_LAYOUT:
    'The read models that are kept were made by another version of this program; start that version to use them.',
};

export const noWayBack = (reason: NoWayBack): Problem =>
  new Problem(409, 'NO_WAY_BACK', { detail: WHY_NOT[reason], reason });
