/** What the system says of its projections and processes at `/metrics`. */
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/port.js';
import { RETRIED } from '#event-store/process/port.js';
import {
  parkedMetrics,
  processMetrics,
  projectorMetrics,
  type PartitionProgress,
  type ReadOptions,
} from '#platform/metrics.js';
import { WHOLE_LOG } from '#read-model/projections/partitions.js';
import type { Projector } from '#read-model/projections/projector.js';
import { parkedStreams } from '#read-model/queries/parked.js';
import type { ProcessDesk } from '../ledger/process-desk.js';

/** Processes and waiting events are counted no further: whoever is told of a thousand has enough to do. */
const COUNTED = 1_000;

export interface Measured {
  readonly store: EventStore;
  readonly projector: Projector;
  readonly dataSource: DataSource;
  readonly processes: Pick<ProcessDesk, 'list'>;
  /** UTC ms. */
  readonly clock: () => number;
  /** Events put into the read models since the process started. */
  readonly projected: () => number;
}

export function measureSystem(options: ReadOptions, parts: Measured): void {
  const { dataSource, processes } = parts;
  projectorMetrics(options, async () => [await progressOf(parts)]);
  parkedMetrics(options, async () => (await parkedStreams(dataSource)).length);
  processMetrics(options, async () => (await processes.list({ states: RETRIED }, { limit: COUNTED })).length);
}

async function progressOf({ store, projector, clock, projected }: Measured): Promise<PartitionProgress> {
  const { position } = projector;
  // Not by asking what is settled: that would move the time of a log that is just being taken in.
  const waiting = await store.readAll(position, COUNTED);
  const [first] = waiting;
  const lagSeconds = first === undefined ? 0 : Math.max(0, (clock() - first.recordedAt) / 1_000);
  return { partition: WHOLE_LOG, lagEvents: waiting.length, lagSeconds, events: projected() };
}
