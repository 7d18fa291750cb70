/** The log as a file: out of this store, and into it while it is empty. */
import { exportLog, importLog } from '#event-store/log-file.js';
import type { EventStore } from '#event-store/port.js';
import type { LongWork } from '#platform/long-work.js';
import { checkStream } from './log-check.js';
import type { ProcessDesk } from './process-desk.js';

export interface LogFileParts {
  readonly store: EventStore;
  readonly processes: Pick<ProcessDesk, 'pausedDuring'>;
  readonly work: LongWork;
}

export class LogFile {
  constructor(private readonly parts: LogFileParts) {}

  /** A header line, then one line for each event. */
  lines(): AsyncIterable<string> {
    return exportLog(this.parts.store);
  }

  /** Takes a log file into an empty log. Throws `LogFileRefused`; nothing was written then. */
  take(lines: () => AsyncIterable<string>): Promise<{ readonly events: number }> {
    const { store, processes, work } = this.parts;
    return work.alone(() => processes.pausedDuring(() => importLog(store, lines, checkStream)));
  }
}
