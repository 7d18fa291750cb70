/** How far the projections have come, for those who wait for their own write to show. */
import type { DataSource } from 'typeorm';
import { snapshot } from '#read-model/queries/snapshot.js';

/** The projector of this process announces; the table is asked for what another process did. */
const POLL_MS = 100;

interface Waiter {
  readonly position: bigint;
  readonly reached: () => void;
}

export class Progress {
  #reached = -1n;
  readonly #waiters = new Set<Waiter>();
  /** One question for all who wait. */
  #asking: Promise<bigint> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** Says that everything up to `position` is in the read models. */
  announce(position: bigint): void {
    if (position <= this.#reached) return;
    this.#reached = position;
    for (const waiter of this.#waiters) if (waiter.position <= position) waiter.reached();
  }

  /** The same by who knows exactly how far they are: read models that were put in use may be behind those before. */
  standsAt(position: bigint): void {
    if (position < this.#reached) this.#reached = position;
    this.announce(position);
  }

  /** True as soon as everything up to `position` is in the read models, false when `timeoutMs` pass before. */
  async waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    while (position > this.#reached) {
      const left = end - Date.now();
      if (left <= 0) return false;
      await this.#announced(position, Math.min(left, POLL_MS));
      if (position > this.#reached) this.announce(await (this.#asking ??= this.#stored()));
    }
    return true;
  }

  #announced(position: bigint, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waiter = { position, reached: () => done() };
      const timer = setTimeout(() => done(), ms);
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve();
      };
      this.#waiters.add(waiter);
    });
  }

  async #stored(): Promise<bigint> {
    try {
      const rows = await snapshot(this.dataSource, (now) =>
        now.rows<{ position: string | null }>('SELECT min(position) AS position FROM projection_position', []),
      );
      return BigInt(rows[0]?.position ?? -1);
    } finally {
      this.#asking = undefined;
    }
  }
}
