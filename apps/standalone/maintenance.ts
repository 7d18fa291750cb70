/** Long work on the whole system: one piece at a time, with its progress. */
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/port.js';
import { Problem } from '#platform/problem.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { verify } from '#read-model/projections/verify.js';

/** `total` is the number of events in the log when the work began. */
export type Report = (done: number, total: number) => void;

export class Maintenance {
  private busy = false;

  constructor(
    readonly store: EventStore,
    private readonly dataSource: DataSource,
    private readonly clock: () => number,
  ) {}

  /** Compares the read models with a fold of the log. */
  verify(report: Report): Promise<object> {
    return this.alone(async () => {
      const total = await this.events();
      const { equal, ...found } = await verify(this.dataSource, this.store, {
        onProgress: (done) => report(done, total),
      });
      return { ok: equal, ...found };
    });
  }

  /** Fills the read models from the log anew. */
  rebuild(report: Report): Promise<object> {
    return this.alone(async () => {
      const total = await this.events();
      const started = performance.now();
      const events = await rebuild(this.dataSource, this.store, { onProgress: (done) => report(done, total) });
      return { events, milliseconds: Math.round(performance.now() - started) };
    });
  }

  /** On PostgreSQL positions are dense, so the last one counts the events. */
  private async events(): Promise<number> {
    return Number(this.store.order(await this.store.settled(this.clock() - 1)));
  }

  /** Throws 409 while other work runs: asked before the answer begins. */
  requireIdle(): void {
    if (!this.busy) return;
    throw new Problem(409, 'MAINTENANCE_RUNNING', { detail: 'A verification or rebuild is running; wait for it.' });
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
