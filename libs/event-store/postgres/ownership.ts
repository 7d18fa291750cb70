/** The connection that the owner of the log writes through, and whether this process is the owner. */
import type pg from 'pg';
import { connect, discard } from './connection.js';
import { releaseLease, renewLease, retakeLease, takeLease, type Lease } from './lease.js';

/** `fenced` is final: another process has taken the log over, and whatever this one believes about it is stale. */
export type Role = 'standby' | 'owner' | 'fenced';

export interface OwnershipOptions {
  readonly url: string;
  /** Names this process among all that ever wrote; a new one for every start. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly timeoutMs: number;
  /** The floor to store with the next renewal, UTC ms. */
  readonly floor: () => number;
  /** The log is ours, now or again; everything known of it comes from this lease. */
  readonly onTaken: (lease: Lease) => void;
}

/** Used by one loop at a time; nothing here may run twice at once. */
export class Ownership {
  #role: Role = 'standby';
  #client: pg.Client | undefined;
  #lease: Lease | undefined;
  #validUntil = 0;
  #nextUpkeep = 0;

  constructor(private readonly options: OwnershipOptions) {}

  get role(): Role {
    return this.#role;
  }

  get epoch(): string {
    if (!this.#lease) throw new Error('no epoch before the lease was taken');
    return this.#lease.epoch;
  }

  /** True while nobody else can have become the owner: no answer of this process about the end of the log is stale. */
  get holds(): boolean {
    return this.#role === 'owner' && this.#client !== undefined && performance.now() < this.#validUntil;
  }

  /** True when the lease should be renewed, or tried for. */
  get upkeepDue(): boolean {
    return this.#role !== 'fenced' && performance.now() >= this.#nextUpkeep;
  }

  get upkeepMs(): number {
    return Math.min(1_000, this.options.leaseMs / 3);
  }

  /**
   * The connection to write through; takes, takes again or renews the lease where due. `undefined` for a standby that has
   * to go on waiting, and once fenced. Fails if the database cannot be reached.
   */
  async writer(): Promise<pg.Client | undefined> {
    if (this.#role === 'fenced') return undefined;
    const due = this.upkeepDue;
    if (due) this.#nextUpkeep = performance.now() + this.upkeepMs;
    const asked = performance.now();
    if (this.#client && this.#role === 'owner') {
      if (due) await this.#renew(this.#client, asked);
    } else {
      await this.#take(this.#client ?? (await this.#connect()), asked);
    }
    return this.#role === 'owner' ? this.#client : undefined;
  }

  async #renew(client: pg.Client, asked: number): Promise<void> {
    const { leaseMs, floor } = this.options;
    if (await renewLease(client, this.epoch, leaseMs, floor())) this.#validUntil = asked + leaseMs;
    else this.fence();
  }

  async #take(client: pg.Client, asked: number): Promise<void> {
    const { owner, leaseMs, onTaken } = this.options;
    const lease = this.#lease
      ? await retakeLease(client, owner, leaseMs, this.#lease.epoch)
      : await takeLease(client, owner, leaseMs);
    if (lease) {
      this.#lease = lease;
      this.#role = 'owner';
      this.#validUntil = asked + leaseMs;
      onTaken(lease);
    } else if (this.#lease) {
      this.fence();
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = await connect(this.options.url, this.options.timeoutMs);
    client.once('end', () => {
      if (this.#client === client) this.#client = undefined;
    });
    this.#client = client;
    return client;
  }

  /** The connection failed or hangs: the next `writer()` makes another one. */
  drop(): void {
    if (this.#client) discard(this.#client);
    this.#client = undefined;
  }

  fence(): void {
    this.#role = 'fenced';
    this.drop();
  }

  /** Gives the lease back, so that the next owner need not wait for its end. */
  async release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    try {
      if (this.#role === 'owner') await releaseLease(client, this.epoch);
    } finally {
      discard(client);
    }
  }
}
