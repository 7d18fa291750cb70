/** Lets tails in other processes hear of appends: `LISTEN` on a connection of its own, `NOTIFY` at most every 10 ms. */
import type pg from 'pg';
import { connect, discard } from './connection.js';

const CHANNEL = 'log_appended';

/** One NOTIFY per flush would wake every listener 2,500 times a second; what is written in between needs no call of its own. */
const NOTIFY_EVERY_MS = 10;

export class Notifier {
  #waiting: NodeJS.Timeout | undefined;
  #again = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The first call after a silence notifies at once, those that follow are gathered. */
  notify(): void {
    if (this.#waiting) {
      this.#again = true;
      return;
    }
    this.pool.query(`NOTIFY ${CHANNEL}`).catch(this.onError);
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.notify();
    }, NOTIFY_EVERY_MS);
  }

  close(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }
}

const RECONNECT_MS = 1_000;

/** Listens from `start` until `close`, and comes back by itself when the connection is lost; tails poll meanwhile. */
export class Listener {
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #state: 'idle' | 'listening' | 'closed' = 'idle';

  constructor(
    private readonly options: {
      readonly url: string;
      readonly timeoutMs: number;
      readonly onNotified: () => void;
      readonly onError: (error: unknown) => void;
    },
  ) {}

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'listening';
    void this.#listen();
  }

  async #listen(): Promise<void> {
    const { url, timeoutMs, onNotified, onError } = this.options;
    try {
      const client = await connect(url, timeoutMs);
      if (this.#state === 'closed') return discard(client);
      this.#client = client;
      client.on('notification', onNotified);
      client.once('end', () => this.#lost());
      await client.query(`LISTEN ${CHANNEL}`);
      onNotified();
    } catch (error) {
      // Closing ends the connection under a LISTEN that may be on its way: that is no failure.
      if (this.#state !== 'closed') onError(error);
      if (this.#client) discard(this.#client);
      else this.#lost();
    }
  }

  #lost(): void {
    this.#client = undefined;
    if (this.#state === 'closed') return;
    this.#retry = setTimeout(() => void this.#listen(), RECONNECT_MS);
    this.#retry.unref();
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#retry);
    if (this.#client) discard(this.#client);
  }
}
