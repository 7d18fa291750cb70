/** Loads the sample into a new log: two units, labelled as samples in every entry. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { importLog, LogFileRefused } from '#event-store/log-file.js';
import type { EventStore } from '#event-store/port.js';
import type { Logger } from '#platform/logging.js';

/** Beside the sources: the build copies no data. */
const SAMPLE = new URL('../../../apps/standalone/sample/sample.ndjson', import.meta.url);

/** Fills a new log, or goes on where a killed start stopped; does nothing when the log holds anything else. */
export async function loadSample(store: EventStore, logger: Logger): Promise<void> {
  try {
    const open = () => createInterface({ input: createReadStream(SAMPLE), crlfDelay: Infinity });
    const [before] = await store.readAll('start', 1);
    const { events } = await importLog(store, open);
    if (before === undefined) logger.info({ events }, 'sample loaded');
  } catch (error) {
    if (!(error instanceof LogFileRefused && error.code === 'LOG_NOT_EMPTY')) throw error;
  }
}
