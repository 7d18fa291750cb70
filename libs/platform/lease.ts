/**
 * One of several processes does a thing, by a lease in PostgreSQL: a row with an epoch and an expiry by the database's clock.
 * A paused process keeps nothing by it: another takes the lease when it has run out, which raises the epoch, and whatever
 * the earlier holder still writes under its own epoch finds no row (`guard`).
 */
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export interface LeaseOptions {
  /** `postgres://` URL of the database; the schema `lease` is made there. */
  readonly url: string;
  /** Small letters and dashes. */
  readonly name: string;
  /** How long a holder that says nothing more keeps it, ms. */
  readonly leaseMs?: number;
  /** The lease is ours. Called again after it was lost, with a higher epoch. */
  readonly onTaken: (holding: Holding) => void;
  /** It is ours no more, and perhaps somebody else's already: what runs under it must end. Not called by `stop`. */
  readonly onLost: (holding: Holding) => void;
  /** A database that cannot be asked; the lease is tried again by itself. */
  readonly onError: (error: unknown) => void;
}

export interface Holding {
  /** Rises with every holder of this lease, by the same process too. */
  readonly epoch: bigint;
  /** False as soon as it may have run out; a process that was paused knows it from its first step on. */
  readonly isOurs: () => boolean;
  /**
   * SQL of a query that gives one row while the epoch is ours and none afterwards. `UPDATE … WHERE EXISTS (guard)`: nobody
   * takes the lease before the transaction ends, and in one that comes too late nothing is written.
   */
  readonly guard: string;
}

export interface Lease {
  readonly holding: Holding | undefined;
  /** Gives the lease back, so that another need not wait for it to run out. End first what runs under it. */
  stop(): Promise<void>;
}

const LEASE_MS = 9_000;
/** How often one who waits looks; renewals come as often, so two in a row may fail. */
const LOOK_SHARE = 1 / 6;
const SHORTEST_TIMEOUT_MS = 1_000;

/** Waits for the lease, takes it and keeps it until `stop`. Throws a TypeError for a malformed name. */
export function createLease(options: LeaseOptions): Lease {
  if (!/^[a-z][a-z-]{0,62}$/.test(options.name)) throw new TypeError(`not the name of a lease: ${options.name}`);
  return new Keeper(options);
}

class Keeper implements Lease {
  readonly #stopping = new AbortController();
  readonly #leaseMs: number;
  readonly #finished: Promise<void>;
  #client: pg.Client | undefined;
  #holding: Holding | undefined;
  /** Up to here the lease is surely ours, by the clock of this process that never steps. */
  #deadline = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(private readonly options: LeaseOptions) {
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    this.#finished = this.#run();
  }

  get holding(): Holding | undefined {
    return this.#holding?.isOurs() === true ? this.#holding : undefined;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#finished;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await (this.#holding === undefined ? this.#take() : this.#renew());
      } catch (error) {
        this.options.onError(error);
        this.#disconnect();
      }
      const { signal } = this.#stopping;
      await pause(this.#leaseMs * LOOK_SHARE, undefined, { signal }).catch(() => undefined);
    }
    await this.#release().catch(this.options.onError);
    this.#disconnect();
  }

  async #take(): Promise<void> {
    const { name, onTaken } = this.options;
    const began = performance.now();
    const holder = `${hostname()}:${process.pid}`;
    const { rows } = await this.#query<{ epoch: string }>(TAKE, [name, this.#leaseMs, holder]);
    const epoch = rows[0]?.epoch;
    if (epoch === undefined) return;
    const holding: Holding = {
      epoch: BigInt(epoch),
      isOurs: () => this.#holding === holding && performance.now() < this.#deadline,
      guard: `SELECT 1 FROM lease.lease WHERE name = '${name}' AND epoch = ${epoch} FOR SHARE`,
    };
    this.#holding = holding;
    if (this.#oursUntil(began)) onTaken(holding);
    else this.#holding = undefined;
  }

  async #renew(): Promise<void> {
    const began = performance.now();
    const holding = this.#holding!;
    const { rowCount } = await this.#query(RENEW, [this.options.name, this.#leaseMs, String(holding.epoch)]);
    // Meanwhile the lease may have run out here, and been told so.
    if (this.#holding !== holding) return;
    if (rowCount === 0 || !this.#oursUntil(began)) this.#lose();
  }

  /** The database counted from some instant after `began`. False when the answer came too late to be of use. */
  #oursUntil(began: number): boolean {
    this.#deadline = began + this.#leaseMs;
    clearTimeout(this.#watch);
    const left = this.#deadline - performance.now();
    if (left > 0) this.#watch = setTimeout(() => this.#lose(), left);
    return left > 0;
  }

  #lose(): void {
    clearTimeout(this.#watch);
    const holding = this.#holding;
    this.#holding = undefined;
    if (holding !== undefined) this.options.onLost(holding);
  }

  async #release(): Promise<void> {
    clearTimeout(this.#watch);
    const holding = this.#holding;
    this.#holding = undefined;
    if (holding !== undefined) await this.#query(RELEASE, [this.options.name, String(holding.epoch)]);
  }

  async #query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<pg.QueryResult<Row>> {
    this.#client ??= await connect(this.options.url, Math.max(this.#leaseMs / 3, SHORTEST_TIMEOUT_MS));
    return this.#client.query<Row>(text, [...values]);
  }

  #disconnect(): void {
    this.#client?.end().catch(() => undefined);
    this.#client = undefined;
  }
}

/**
 * Free is a lease that has run out, and one whose session is gone, so that nobody waits for a killed process. That sign
 * counts only if the server has not restarted since: then every session is gone, and the holder about to come back.
 */
const TAKE = `
  INSERT INTO lease.lease AS lease (name, epoch, holder, backend, leased_at, until)
  VALUES ($1, 1, $3, pg_backend_pid(), clock_timestamp(), clock_timestamp() + $2 * interval '1 millisecond')
  ON CONFLICT (name) DO UPDATE SET epoch = lease.epoch + 1, holder = excluded.holder, backend = excluded.backend,
    leased_at = clock_timestamp(), until = clock_timestamp() + $2 * interval '1 millisecond'
  WHERE lease.until <= clock_timestamp() OR (lease.leased_at > pg_postmaster_start_time()
    AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = lease.backend))
  RETURNING epoch`;

const RENEW = `
  UPDATE lease.lease SET backend = pg_backend_pid(), leased_at = clock_timestamp(),
    until = clock_timestamp() + $2 * interval '1 millisecond'
  WHERE name = $1 AND epoch = $3`;

const RELEASE = 'UPDATE lease.lease SET until = clock_timestamp() WHERE name = $1 AND epoch = $2';

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS lease;
  CREATE TABLE IF NOT EXISTS lease.lease (
    name      text COLLATE "C" PRIMARY KEY,
    epoch     bigint NOT NULL,
    holder    text NOT NULL,
    backend   integer NOT NULL,
    leased_at timestamptz NOT NULL,
    until     timestamptz NOT NULL
  )`;

/** Any number that nothing else locks. */
const SCHEMA_LOCK = 4_207_303;

async function connect(url: string, timeoutMs: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
  });
  // Whoever waits for an answer hears of a lost connection; its event, if nobody listened, would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${SCHEMA_LOCK}); ${SCHEMA}; COMMIT`);
    return client;
  } catch (error) {
    client.end().catch(() => undefined);
    throw error;
  }
}
