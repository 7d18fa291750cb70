/** A log file taken into the distributed system, and the read models that came of it through the broker. */
import type { DataSource } from 'typeorm';
import type { Envelope } from '#domain/envelope.js';
import type { EventStore } from '#event-store/port.js';
import { createReadDataSource } from '#read-model/data-source.js';
import { startDistributedSystem } from '../support/distributed.js';
import { until } from '../support/until.js';

/** What a log holds, and what was projected of it. */
export interface ProjectedLog {
  readonly events: readonly Envelope[];
  readonly order: EventStore['order'];
  readonly dataSource: DataSource;
  readonly stop: () => Promise<void>;
}

export async function projectDistributed(lines: readonly string[]): Promise<ProjectedLog> {
  const system = await startDistributedSystem({ ledgers: 1, queries: 1 });
  const headers = { 'content-type': 'application/x-ndjson' };
  const body = lines.map((line) => line.trimEnd()).join('\n');
  const taken = await fetch(`${system.address}/api/v1/admin/log`, { method: 'POST', headers, body });
  if (taken.status !== 201) throw new Error(`the log was not taken: ${await taken.text()}`);
  // Whatever its events cause is in the file already; what nobody has caused yet is asked for now.
  for (const path of ['/api/v1/processes', '/api/v1/units']) {
    await until(
      async () => system.get(`${path}?atLeast=${await system.end()}`),
      ({ status }) => status === 200,
    );
  }
  const dataSource = await createReadDataSource(system.url).initialize();
  return {
    events: await system.log.readAll('start', 10_000),
    order: (position) => system.log.order(position),
    dataSource,
    stop: async () => {
      await dataSource.destroy();
      await system.stop();
    },
  };
}
