/** Long work on the whole system, such as a rebuild or an import: one piece at a time in a process. */
import { Problem } from '#platform/problem.js';

export class LongWork {
  #busy = false;

  /** Throws 409 `MAINTENANCE_RUNNING` while other work runs: asked before an answer begins. */
  requireIdle(): void {
    if (this.#busy) throw maintenanceRunning();
  }

  /** Does the work, or throws 409 `MAINTENANCE_RUNNING`. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    this.requireIdle();
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }
}

export const maintenanceRunning = (): Problem =>
  new Problem(409, 'MAINTENANCE_RUNNING', { detail: 'A verification or rebuild is running; wait for it.' });
