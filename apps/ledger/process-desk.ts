/** The process manager as callers of the API meet it, wherever it runs. */
import type { Position } from '#domain/envelope.js';
import type { EventStore } from '#event-store/port.js';
import type { ProcessEntry, ProcessFilter, ProcessPage, ProcessStore } from '#event-store/process/port.js';
import type { ProcessRunner } from '#event-store/process/runner.js';
import { Problem } from '#platform/problem.js';

/** Design 7: who names what must be included waits up to 5 s for it. */
const WAIT_MS = 5_000;

/** Whoever answers what events cause: the runner of this process, or of another one. */
export interface Answering extends Pick<ProcessRunner, 'waitFor' | 'retry' | 'pausedDuring'> {
  /** Everything up to here is answered. */
  through(): Promise<Position | 'start'>;
}

/** The runner of this very process. */
export const answeredHere = (runner: ProcessRunner): Answering => ({
  through: async () => runner.through,
  waitFor: (order, timeoutMs) => runner.waitFor(order, timeoutMs),
  retry: (id) => runner.retry(id),
  pausedDuring: (work) => runner.pausedDuring(work),
});

export class ProcessDesk {
  constructor(
    private readonly answering: Answering,
    private readonly processes: Pick<ProcessStore, 'list'>,
    private readonly store: Pick<EventStore, 'order'>,
  ) {}

  through(): Promise<string> {
    return this.answering.through();
  }

  /** Resolves when everything up to a position is answered; 503 `PROCESSES_BEHIND` when it is not in time. */
  async answered(position: Position): Promise<void> {
    if (await this.answering.waitFor(this.store.order(position), WAIT_MS)) return;
    throw new Problem(
      503,
      'PROCESSES_BEHIND',
      {
        detail: `What position ${position} causes is not answered yet. Ask again.`,
        through: await this.through(),
      },
      { 'retry-after': '1' },
    );
  }

  /** A log that is taken in brings what its events caused: nothing must be asked before it is whole. */
  pausedDuring<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.answering.pausedDuring(work);
  }

  list(filter: ProcessFilter, page: ProcessPage): Promise<readonly ProcessEntry[]> {
    return this.processes.list(filter, page);
  }

  retry(id: string): Promise<ProcessEntry | undefined> {
    return this.answering.retry(id);
  }
}
