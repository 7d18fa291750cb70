/** What the read side reads from, and how long it waits for it. */
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/port.js';
import type { Progress } from '#read-model/projections/progress.js';

export interface QueryParts {
  readonly dataSource: DataSource;
  /** The log: for sentences, and to know which moments of the past are settled. */
  readonly store: Pick<EventStore, 'read' | 'settled' | 'order'>;
  readonly progress: Progress;
  /** UTC ms; the default is the system's clock. */
  readonly clock?: () => number;
  /** Longest wait for the projections, in ms. */
  readonly waitMs?: number;
}

/** Design 7: a read that names what it must include waits up to 5 s for it. */
const WAIT_MS = 5_000;

/** The parts with their defaults; controllers are given this one. */
export class Sources {
  readonly dataSource: DataSource;
  readonly store: QueryParts['store'];
  readonly progress: Progress;
  readonly clock: () => number;
  readonly waitMs: number;

  constructor({ dataSource, store, progress, clock = Date.now, waitMs = WAIT_MS }: QueryParts) {
    this.dataSource = dataSource;
    this.store = store;
    this.progress = progress;
    this.clock = clock;
    this.waitMs = waitMs;
  }
}
