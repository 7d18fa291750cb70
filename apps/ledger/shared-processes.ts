/**
 * The process manager of several ledgers on one log: the one that holds the lease runs it, all answer for it. Those that do
 * not run it read its place and its answers from the database, and ask there for what only the runner may do. Nothing here
 * waits for the database to be there: without it the ledger books all the same, and what events cause is answered later.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#domain/envelope.js';
import { RETRIED, type ProcessEntry } from '#event-store/process/port.js';
import type { Holding, Lease } from '#platform/lease.js';
import { maintenanceRunning } from '#platform/long-work.js';
import { Problem } from '#platform/problem.js';
import type { Answering } from './process-desk.js';
import { Duty, type DutyOptions } from './process-duty.js';

/** A lease that is competed for until `stop`, which does not call `onLost`. */
export type TakeLease = (duty: {
  readonly onTaken: (holding: Pick<Holding, 'isOurs'>) => void;
  readonly onLost: () => void;
}) => Pick<Lease, 'stop'>;

export interface SharedProcessesOptions extends DutyOptions {
  readonly lease: TakeLease;
  /** UTC ms. */
  readonly clock: () => number;
}

/** How often the database is asked by those who wait. */
const POLL_MS = 100;
/** A retry is asked again by its caller after this; it stays asked for. */
const RETRY_WAIT_MS = 10_000;
/** A pause that is not asked for again ends after this: whoever asked is gone. */
const PAUSE_MS = 15_000;
const PAUSE_RENEWED_MS = 3_000;
/** Longer than it takes another ledger to take over from one that died. */
const PAUSE_WAIT_MS = 30_000;
/** An event that nobody has looked at after this says that nobody runs the processes. */
const UNANSWERED_MS = 60_000;

export class SharedProcesses implements Answering {
  readonly #lease: Pick<Lease, 'stop'>;
  #duty: Duty | undefined;
  #stopping = false;
  /** Duties that end, one after another. */
  #ending: Promise<void> = Promise.resolve();

  constructor(private readonly options: SharedProcessesOptions) {
    this.#lease = options.lease({ onTaken: (holding) => this.#begin(holding), onLost: () => this.#end() });
  }

  /** Whether this process runs them. */
  get onDuty(): boolean {
    return this.#duty !== undefined;
  }

  through(): Promise<Position | 'start'> {
    return this.options.processes.place();
  }

  async waitFor(order: bigint, timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      if (await this.#isAnswered(order)) return true;
      if (performance.now() >= end) return false;
      await pause(POLL_MS);
    }
  }

  /** A place between two events is answered with the one before it. */
  async #isAnswered(order: bigint): Promise<boolean> {
    const { store } = this.options;
    const place = await this.through();
    if (store.order(place) >= order) return true;
    const [next] = await store.readAll(place, 1);
    return next === undefined || store.order(next.position) > order;
  }

  /** Carried out by the runner, in turn with what the log brings. Throws 503 `PROCESSES_BEHIND` when it is not in time. */
  async retry(id: string): Promise<ProcessEntry | undefined> {
    const { processes } = this.options;
    const entry = await processes.find(id);
    if (entry === undefined || !RETRIED.includes(entry.state)) return entry;
    await processes.askRetry(id);
    const end = performance.now() + RETRY_WAIT_MS;
    while (await processes.isAsked(id)) {
      if (performance.now() >= end) throw retryWaits();
      await pause(POLL_MS);
    }
    return processes.find(id);
  }

  /** Throws 409 `MAINTENANCE_RUNNING` while others have asked for a pause, 503 `PROCESSES_BEHIND` when nobody grants it. */
  async pausedDuring<Result>(work: () => Promise<Result>): Promise<Result> {
    const { processes, onError } = this.options;
    const owner = randomUUID();
    await this.#granted(owner);
    const renewing = setInterval(() => void processes.askPause(owner, PAUSE_MS).catch(onError), PAUSE_RENEWED_MS);
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      // It ends by itself when this cannot be said.
      await processes.endPause(owner).catch(onError);
    }
  }

  async #granted(owner: string): Promise<void> {
    const { processes, onError } = this.options;
    const end = performance.now() + PAUSE_WAIT_MS;
    for (;;) {
      const answer = await processes.askPause(owner, PAUSE_MS);
      if (answer === 'others') throw maintenanceRunning();
      if (answer === 'granted') return;
      if (performance.now() >= end) {
        await processes.endPause(owner).catch(onError);
        throw pauseWaits();
      }
      await pause(POLL_MS);
    }
  }

  /** Rejects with the cause while what events cause is not answered, here or by whoever runs it. */
  async check(): Promise<void> {
    if (this.#duty !== undefined) return this.#duty.check();
    const { store, clock } = this.options;
    const [next] = await store.readAll(await this.through(), 1);
    if (next === undefined || clock() - next.recordedAt < UNANSWERED_MS) return;
    throw new Error(`nobody answers what event ${next.id} at ${next.position} causes`);
  }

  async stop(): Promise<void> {
    // First what is done under the lease, then the lease: the next runner begins on what this one has left.
    this.#stopping = true;
    this.#end();
    await this.#ending;
    await this.#lease.stop();
  }

  #begin({ isOurs }: Pick<Holding, 'isOurs'>): void {
    this.#end();
    if (this.#stopping) return;
    this.#duty = new Duty(this.options, isOurs, this.#ending);
  }

  #end(): void {
    const duty = this.#duty;
    this.#duty = undefined;
    if (duty !== undefined) this.#ending = duty.end();
  }
}

const retryWaits = (): Problem =>
  new Problem(
    503,
    'PROCESSES_BEHIND',
    { detail: 'The retry is asked for and not carried out yet. The same request may be sent again.' },
    { 'retry-after': '1' },
  );

const pauseWaits = (): Problem =>
  new Problem(
    503,
    'PROCESSES_BEHIND',
    { detail: 'Nobody runs the processes at present, so they cannot be made to rest. Try again.' },
    { 'retry-after': '5' },
  );
