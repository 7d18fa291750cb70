/** What the ledger that holds the lease does for all: it runs the process manager, rests when asked to, and carries out retries. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Handler } from '#event-store/handler.js';
import { StoreUnavailable, type EventStore } from '#event-store/port.js';
import { AnotherRunner, type ProcessRequests, type ProcessStore } from '#event-store/process/port.js';
import { startProcesses, type ProcessRunner } from '#event-store/process/runner.js';

export interface DutyOptions {
  readonly store: EventStore;
  readonly handler: Handler;
  readonly processes: ProcessStore & ProcessRequests;
  readonly onError: (error: unknown) => void;
}

/** How often the runner looks for what is asked of it. */
const LOOK_MS = 200;
const FAILED_MS = 1_000;

/** The time for which this process holds the lease. */
export class Duty {
  readonly #over = new AbortController();
  readonly #done: Promise<void>;
  #runner: ProcessRunner | undefined;
  #failure: Error | undefined;
  /** Another runner has moved the place: this one goes on from where it is now. */
  #overtaken = false;

  constructor(
    private readonly options: DutyOptions,
    /** False once the lease may have run out, which a process that was paused learns only later. */
    private readonly isOurs: () => boolean,
    /** Of the duty before: it must have ended. */
    before: Promise<void>,
  ) {
    this.#done = before.then(() => this.#run());
  }

  async check(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await this.#runner?.check();
  }

  /** Resolves when nothing is asked any more. */
  end(): Promise<void> {
    this.#over.abort();
    return this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#serve();
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        // Of an outage that lasts, once.
        if (failure.message !== this.#failure?.message) this.options.onError(failure);
        this.#failure = failure;
        await this.#pause(FAILED_MS);
      }
    }
    await this.#leave();
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** One after another: nothing is asked of any budget while somebody has asked for a pause, from the first moment on. */
  async #serve(): Promise<void> {
    const { processes } = this.options;
    while (!this.#isOver) {
      if ((await processes.pause()) !== undefined) {
        if (this.#runner === undefined) await this.#rest();
        else await this.#runner.pausedDuring(() => this.#rest());
      }
      if (this.#overtaken) await this.#leave();
      this.#runner ??= await this.#start();
      for (const id of await processes.retries()) await this.#retry(this.#runner, id);
      this.#failure = undefined;
      await this.#pause(LOOK_MS);
    }
  }

  #start(): Promise<ProcessRunner> {
    const { store, handler, processes } = this.options;
    const onError = (error: unknown): void => {
      this.#overtaken ||= error instanceof AnotherRunner;
      this.options.onError(error);
    };
    return startProcesses({
      store,
      handler,
      processes,
      onError,
      told: true,
      isOurs: () => !this.#isOver && this.isOurs(),
    });
  }

  async #leave(): Promise<void> {
    await this.#runner?.stop();
    this.#runner = undefined;
    this.#overtaken = false;
  }

  /** Until nobody asks for a pause any more. */
  async #rest(): Promise<void> {
    const { processes } = this.options;
    while (!this.#isOver) {
      const asked = await processes.pause();
      if (asked === undefined) return;
      if (!asked.granted) await processes.grantPause(asked.owner);
      await this.#pause(LOOK_MS);
    }
  }

  async #retry(runner: ProcessRunner, id: string): Promise<void> {
    try {
      await runner.retry(id);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      // Tried again it would fail again: the entry stays as it is.
      this.options.onError(error);
    }
    await this.options.processes.retried(id);
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#over.signal, ref: false }).catch(() => {
      // The duty is over.
    });
  }
}
