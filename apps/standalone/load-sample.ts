/** Loads the sample into a new log: two units, labelled as samples in every entry. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { importLog } from '#event-store/log-file.js';
import type { EventStore } from '#event-store/port.js';
import type { Logger } from '#platform/logging.js';

/** Beside the sources: the build copies no data. */
const SAMPLE = new URL('../../../apps/standalone/sample/sample.ndjson', import.meta.url);

/** Does nothing when the log holds anything. */
export async function loadSample(store: EventStore, logger: Logger): Promise<void> {
  const [first] = await store.readAll('start', 1);
  if (first !== undefined) return;
  const open = () => createInterface({ input: createReadStream(SAMPLE), crlfDelay: Infinity });
  const { events } = await importLog(store, open);
  logger.info({ events }, 'sample loaded');
}
