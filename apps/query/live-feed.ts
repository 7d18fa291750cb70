/**
 * Follows the read models for all live streams of this process: one look at where they stand and one reading of the log,
 * however many listen. It runs only while somebody does.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { standing, type Standing } from '#read-model/queries/standing.js';
import type { Sources } from './sources.js';
import { tellings, type Telling } from './tellings.js';

/** Told of every step; `before` is where the last one led. Must not throw. */
export type Follower = (telling: Telling, before: Standing) => void;

/** A parked stream that goes on moves no position: that is found by looking. */
const IDLE_MS = 1_000;
/** Between two looks, so that a busy log is told of in few messages. */
const GATHER_MS = 50;
const FAILED_MS = 1_000;

interface Waiting {
  readonly resolve: (at: Standing) => void;
  readonly reject: (error: unknown) => void;
}

export class LiveFeed {
  readonly #followers = new Set<Follower>();
  readonly #log = new Logger('live updates');
  #waiting: Waiting[] = [];
  #at: Standing | undefined;
  #running = false;
  #wake: () => void = () => undefined;
  #failing = false;

  constructor(private readonly sources: Sources) {}

  get running(): boolean {
    return this.#running;
  }

  /** Where the last step led; only while somebody follows. */
  get at(): Standing {
    if (this.#at === undefined) throw new Error('nobody follows the read models');
    return this.#at;
  }

  /** Where the read models stand now. From here on `follower` is told of every step. Rejects with the database's error. */
  follow(follower: Follower): Promise<Standing> {
    this.#followers.add(follower);
    const looked = new Promise<Standing>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#wake();
    if (!this.#running) void this.#run();
    return looked;
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size === 0) this.#wake();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#followers.size > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        const at = await this.#look();
        for (const { resolve } of waiting) resolve(at);
        this.#failing = false;
        await this.#news(at);
      } catch (error) {
        for (const { reject } of waiting) reject(error);
        await this.#failed(error);
      }
    }
    this.#running = false;
    this.#at = undefined;
  }

  /** Tells all that has come in since the last look. Read models that were put back to an earlier place are waited for. */
  async #look(): Promise<Standing> {
    const now = await standing(this.sources.dataSource);
    this.#at ??= now;
    if (now.order < this.#at.order) return this.#at;
    for await (const telling of tellings(this.sources.store, this.#at, now)) {
      const before = this.#at;
      this.#at = telling.at;
      for (const follower of [...this.#followers]) follower(telling, before);
    }
    return this.#at;
  }

  async #news({ order }: Standing): Promise<void> {
    if (this.#waiting.length > 0 || this.#followers.size === 0) return;
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    const moved = this.sources.progress.waitFor(order + 1n, IDLE_MS);
    const told = await Promise.race([moved, woken.then(() => false)]);
    if (told) await Promise.race([pause(GATHER_MS, undefined, { ref: false }), woken]);
  }

  /** Streams stay open; it is tried again until the database is back. Whoever asked meanwhile has been told. */
  async #failed(error: unknown): Promise<void> {
    if (this.#waiting.length > 0 || this.#followers.size === 0) return;
    if (!this.#failing) this.#log.warn('the read models cannot be followed, trying again', error);
    this.#failing = true;
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    await Promise.race([pause(FAILED_MS, undefined, { ref: false }), woken]);
  }
}
