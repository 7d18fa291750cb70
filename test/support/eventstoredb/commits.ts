/**
 * Writes in turn: all that came within one round of the event loop are decided, kept on disk together, shown to readers and
 * only then answered. So a reader sees nothing that a kill could take back, and no answer precedes its event.
 */
import type { LogFile } from './disk.js';
import type { EventLog } from './log.js';

/** A write, done in the log's turn; returns how to answer. */
export type Write = () => () => void;

export class Commits {
  #queue: Write[] = [];
  #scheduled = false;
  #paused = false;
  #stopped = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly log: EventLog,
    private readonly file: LogFile,
  ) {
    file.append(log.takeUnflushed());
  }

  /** Ignored once the node is stopped. */
  submit(write: Write): void {
    this.#queue.push(write);
    this.#schedule();
  }

  /** `listener` is told after every flush, before the answers. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  /** As if the process were gone: what waits is neither written nor answered. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#queue = [];
    this.#listeners.clear();
    this.file.close();
  }

  #schedule(): void {
    if (this.#scheduled || this.#paused || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#commit());
  }

  #commit(): void {
    this.#scheduled = false;
    if (this.#stopped || this.#paused) return;
    const queue = this.#queue;
    this.#queue = [];
    const replies = queue.map((write) => write());
    this.file.append(this.log.takeUnflushed());
    for (const listener of this.#listeners) listener();
    for (const reply of replies) reply();
  }
}
