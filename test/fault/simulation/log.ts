/** The log as processes reach it: over a network that delays, loses requests and replies, and fails now and then. */
import type { Envelope } from '#domain/envelope.js';
import { createMemoryLog, createMemoryStore, type MemoryLog } from '#event-store/memory.js';
import { StoreUnavailable, WrongRevision, type EventStore } from '#event-store/port.js';
import { decode } from '#event-store/serialise.js';
import type { World } from './world.js';

/** What goes wrong, and since when it does not. */
export interface Faults {
  on: boolean;
  /** Until then nobody reaches the log, in the world's time. */
  outageUntil: number;
  /** How far the log's clock is off, ms. */
  skew: number;
}

/** A process: what it does after its death never reaches anybody. */
export interface Process {
  readonly name: string;
  dead: boolean;
}

export class SharedLog {
  readonly memory: MemoryLog = createMemoryLog();
  #decoded: Envelope[] = [];

  constructor(
    private readonly world: World,
    readonly faults: Faults,
  ) {}

  /** All events in order, as they are stored. */
  get events(): readonly Envelope[] {
    for (const event of this.memory.events.slice(this.#decoded.length)) this.#decoded.push(decode(event));
    return this.#decoded;
  }

  /** Read again from what is stored, as who starts anew would. */
  decodedAnew(): readonly Envelope[] {
    this.#decoded = [];
    return this.events;
  }

  /** The store of one process. */
  storeFor(process: Process): EventStore {
    const store = createMemoryStore({ log: this.memory, clock: () => this.world.now + this.faults.skew });
    return {
      ...store,
      append: async (stream, expected, events) => {
        const fault = this.#fault({ none: 88, refused: 3, requestLost: 4, replyLost: 5 });
        await this.#travel(process);
        if (this.world.now < this.faults.outageUntil || fault === 'refused') this.#refuse();
        if (fault === 'requestLost') return this.#lost(process, `an append to ${stream} was lost`);
        // On its way it arrives, whatever becomes of who sent it.
        const stored = await store.append(stream, expected, events).catch((error: unknown) => {
          if (error instanceof WrongRevision) this.world.count('another process was first');
          throw error;
        });
        this.world.note(`${process.name} appended ${events.length} to ${stream} from ${stored[0]?.revision}`);
        if (fault === 'replyLost') return this.#lost(process, `the reply to an append to ${stream} was lost`);
        return this.#arrived(process, stored);
      },
      read: (stream, options) => this.#reading(process, () => store.read(stream, options)),
      readAll: async (after, limit) => {
        await this.#asked(process);
        return this.#arrived(process, await store.readAll(after, limit));
      },
      settled: async (instant) => {
        await this.#asked(process);
        return this.#arrived(process, await store.settled(instant));
      },
    };
  }

  async *#reading(process: Process, read: () => AsyncIterable<Envelope>): AsyncGenerator<Envelope> {
    await this.#asked(process);
    for await (const event of read()) yield this.#arrived(process, event);
  }

  async #asked(process: Process): Promise<void> {
    const fault = this.#fault({ none: 96, refused: 4 });
    await this.#travel(process);
    if (this.world.now < this.faults.outageUntil || fault === 'refused') this.#refuse();
  }

  #refuse(): never {
    this.world.count('the log refused');
    throw new StoreUnavailable('refused');
  }

  #fault<Kind extends string>(weights: Readonly<Record<Kind | 'none', number>>): Kind | 'none' {
    const drawn = this.world.chance.weighted(weights);
    return this.faults.on ? drawn : 'none';
  }

  async #lost(process: Process, what: string): Promise<never> {
    this.world.note(what);
    this.world.count('the outcome of an append was unknown');
    await this.world.pause(TIMEOUT_MS);
    if (process.dead) return never();
    throw new StoreUnavailable('unknown');
  }

  async #travel(process: Process): Promise<void> {
    const { chance } = this.world;
    await this.world.pause(chance.happens(0.05) && this.faults.on ? chance.below(300) : chance.below(4));
    if (process.dead) return never();
  }

  #arrived<Answer>(process: Process, answer: Answer): Answer | Promise<never> {
    return process.dead ? never() : answer;
  }
}

/** What a dead process waits for. */
export const never = (): Promise<never> => new Promise(() => undefined);

/** After which a reply that has not come is given up. */
const TIMEOUT_MS = 200;
