/** What the read side reads from, and how long it waits for it. */
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/port.js';
import type { Progress } from '#read-model/projections/progress.js';

export interface QueryParts {
  readonly dataSource: DataSource;
  /** The log: for sentences, and to know which moments of the past are settled. */
  readonly store: Pick<EventStore, 'read' | 'readAll' | 'settled' | 'order'>;
  readonly progress: Progress;
  /** UTC ms; the default is the system's clock. */
  readonly clock?: () => number;
  /** Longest wait for the projections, in ms. */
  readonly waitMs?: number;
  /** Between two signs of life on an idle live stream, in ms. */
  readonly heartbeatMs?: number;
}

/** Design 7: a read that names what it must include waits up to 5 s for it. */
const WAIT_MS = 5_000;
/** Proxies close connections that are silent for half a minute or longer. */
const HEARTBEAT_MS = 15_000;

/** The parts with their defaults; controllers are given this one. */
export class Sources {
  readonly dataSource: DataSource;
  readonly store: QueryParts['store'];
  readonly progress: Progress;
  readonly clock: () => number;
  readonly waitMs: number;
  readonly heartbeatMs: number;

  constructor(parts: QueryParts) {
    const { dataSource, store, progress, clock = Date.now, waitMs = WAIT_MS, heartbeatMs = HEARTBEAT_MS } = parts;
    this.dataSource = dataSource;
    this.store = store;
    this.progress = progress;
    this.clock = clock;
    this.waitMs = waitMs;
    this.heartbeatMs = heartbeatMs;
  }
}
