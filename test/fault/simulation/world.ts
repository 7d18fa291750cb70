/**
 * The world of a simulation: one clock that moves from task to task, one seeded source of chance, and a trace of what happened.
 * While a seed runs, timers and clock of the whole program are the world's, so the product needs no seam for them: whatever
 * waits, waits here, and the same seed does the same things in the same order.
 */
import { createHash } from 'node:crypto';
import { chanceOf, type Chance } from '../../support/chance.js';

interface Task {
  readonly at: number;
  readonly nth: number;
  readonly work: () => void;
  cancelled: boolean;
}

const START = Date.UTC(2024, 6, 1, 1);
/** Lines of the trace that a failure shows. */
const SHOWN = 60;

export class World {
  readonly chance: Chance;
  /** UTC ms. */
  now = START;
  #tasks = new Queue();
  #nth = 0;
  readonly #trace = createHash('sha256');
  readonly #last: string[] = [];
  /** How often each kind of thing happened that a simulation is for. */
  readonly happened = new Map<string, number>();

  constructor(readonly seed: number) {
    this.chance = chanceOf(seed);
  }

  later(ms: number, work: () => void): Task {
    const task = { at: this.now + Math.max(0, ms), nth: (this.#nth += 1), work, cancelled: false };
    this.#tasks.push(task);
    return task;
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve));
  }

  note(what: string): void {
    const line = `${this.now - START} ${what}`;
    this.#trace.update(`${line}\n`);
    this.#last.push(line);
    if (this.#last.length > SHOWN) this.#last.shift();
  }

  count(what: string): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + 1);
  }

  get lastLines(): readonly string[] {
    return this.#last;
  }

  /** SHA-256 of all that was noted. Call once, at the end. */
  traceHash(): string {
    return this.#trace.digest('hex');
  }

  /** Lets time pass, task by task, until a condition holds; false when it does not within `ms`, or nothing is left to do. */
  async until(condition: () => boolean, ms: number): Promise<boolean> {
    const end = this.now + ms;
    while (!condition()) {
      const task = this.#tasks.pop();
      if (task === undefined) return false;
      if (task.cancelled) continue;
      if (task.at > end) {
        this.#tasks.push(task);
        return false;
      }
      this.now = Math.max(this.now, task.at);
      task.work();
      await settled();
    }
    return true;
  }

  /** Runs `work` while the program's timers, clock and chance are the world's. */
  async rule<Result>(work: () => Promise<Result>): Promise<Result> {
    const own = { setTimeout, clearTimeout, setImmediate, clearImmediate, now: Date.now, random: Math.random };
    const timer = (task: Task) => Object.assign(task, { unref: () => task, ref: () => task, hasRef: () => true });
    const cancel = (task?: Task): void => {
      if (task !== undefined) task.cancelled = true;
    };
    Object.assign(globalThis, {
      setTimeout: (then: (...rest: unknown[]) => void, ms = 0, ...rest: unknown[]) =>
        timer(this.later(ms, () => then(...rest))),
      setImmediate: (then: (...rest: unknown[]) => void, ...rest: unknown[]) =>
        timer(this.later(0, () => then(...rest))),
      clearTimeout: cancel,
      clearImmediate: cancel,
    });
    Date.now = () => this.now;
    Math.random = () => {
      throw new Error('chance beside the seed');
    };
    try {
      return await work();
    } finally {
      const { now, random, ...timers } = own;
      Object.assign(globalThis, timers);
      Date.now = now;
      Math.random = random;
    }
  }
}

/** When nothing more happens without the passing of time: all that had been promised is done. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Tasks by time, those of one time in the order in which they came: a binary heap. */
class Queue {
  readonly #heap: Task[] = [];

  push(task: Task): void {
    const heap = this.#heap;
    let at = heap.push(task) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(task, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = task;
  }

  pop(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.nth < b.nth);
