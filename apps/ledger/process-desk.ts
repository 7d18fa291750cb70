/** The process manager as callers of the API meet it. */
import type { Position } from '#domain/envelope.js';
import type { EventStore } from '#event-store/port.js';
import type { ProcessEntry, ProcessFilter, ProcessPage, ProcessStore } from '#event-store/process/port.js';
import type { ProcessRunner } from '#event-store/process/runner.js';
import { Problem } from '#platform/problem.js';

/** Design 7: who names what must be included waits up to 5 s for it. */
const WAIT_MS = 5_000;

export class ProcessDesk {
  constructor(
    private readonly runner: Pick<ProcessRunner, 'through' | 'waitFor' | 'retry' | 'pausedDuring'>,
    private readonly processes: Pick<ProcessStore, 'list'>,
    private readonly store: Pick<EventStore, 'order'>,
  ) {}

  get through(): string {
    return this.runner.through;
  }

  /** Resolves when everything up to a position is answered; 503 `PROCESSES_BEHIND` when it is not in time. */
  async answered(position: Position): Promise<void> {
    if (await this.runner.waitFor(this.store.order(position), WAIT_MS)) return;
    throw new Problem(
      503,
      'PROCESSES_BEHIND',
      { detail: `What position ${position} causes is not answered yet. Ask again.`, through: this.through },
      { 'retry-after': '1' },
    );
  }

  /** A log that is taken in brings what its events caused: nothing must be asked before it is whole. */
  pausedDuring<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.runner.pausedDuring(work);
  }

  list(filter: ProcessFilter, page: ProcessPage): Promise<readonly ProcessEntry[]> {
    return this.processes.list(filter, page);
  }

  retry(id: string): Promise<ProcessEntry | undefined> {
    return this.runner.retry(id);
  }
}
