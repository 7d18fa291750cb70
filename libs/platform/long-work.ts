/** Long work on the whole system, such as a rebuild or an import: one piece at a time in a process. */
import { Problem } from '#platform/problem.js';

export class LongWork {
  #busy = false;

  /** Begins; throws 409 `MAINTENANCE_RUNNING` while other work runs. Call the result when it is done. */
  claim(): () => void {
    if (this.#busy) throw maintenanceRunning();
    this.#busy = true;
    return () => void (this.#busy = false);
  }

  /** Does the work, or throws 409 `MAINTENANCE_RUNNING`. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.claim();
    try {
      return await work();
    } finally {
      done();
    }
  }
}

export const maintenanceRunning = (): Problem =>
  new Problem(409, 'MAINTENANCE_RUNNING', { detail: 'A verification or rebuild is running; wait for it.' });
