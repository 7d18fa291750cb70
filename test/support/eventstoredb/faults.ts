/** What can go wrong with a server, switched on and off by a spec. Everything is off at first. */
import type { CallRefused } from './refusals.js';
import { unavailable } from './refusals.js';

/**
 * `refused`: connections break and none are taken, as when the process is gone. `answered`: connections stay, every call ends
 * with UNAVAILABLE. `silent`: nothing is answered or done until the fault is over, as with a process that was stopped; what was
 * asked meanwhile is then done.
 */
export type Unavailability = 'refused' | 'answered' | 'silent';

export interface Leader {
  readonly host: string;
  readonly port: number;
}

export interface Faults {
  /** From now on; calls that are open end with UNAVAILABLE, but for `silent`. Default: `answered`. */
  unavailable(how?: Unavailability): void;
  /** Every write is refused as by a follower that knows its leader, and gossip says so. */
  notLeader(leader: Leader): void;
  /** The next appends are stored and never answered; `ended` also ends their call with UNAVAILABLE. */
  loseReplies(count: number, how?: 'silent' | 'ended'): void;
  /** The next BatchAppend call that stores `count` more appends ends with UNAVAILABLE there, none of them answered. */
  endBatchAfter(count: number): void;
  /** Appends are stored at once and answered when the function that is returned is called. */
  holdReplies(): () => void;
  /** The next appends through BatchAppend are answered twice. */
  repeatReplies(count: number): void;
  /** Reads and subscriptions rest so many milliseconds before each event. */
  slowReads(ms: number): void;
  /** Nothing is wrong any more; replies that were held are sent. */
  none(): void;
}

/** How an append's answer leaves. */
export interface Reply {
  readonly send: () => void;
  readonly end: (refused: CallRefused) => void;
}

/** The switches as the stand-in sees them. `onUnavailable` is told of every change. */
export class FaultSwitches implements Faults {
  how: Unavailability | undefined;
  leader: Leader | undefined;
  #readDelayMs = 0;
  #lost = { count: 0, ended: false };
  #ending: { left: number; call: object | undefined } | undefined;
  #repeats = 0;
  #held: (() => void)[] | undefined;
  readonly #resting = new Set<() => void>();
  readonly #ended = new WeakSet<object>();

  constructor(private readonly onUnavailable: (how: Unavailability | undefined) => void) {}

  unavailable(how: Unavailability = 'answered'): void {
    this.how = how;
    this.onUnavailable(how);
  }

  notLeader(leader: Leader): void {
    this.leader = leader;
  }

  loseReplies(count: number, how: 'silent' | 'ended' = 'silent'): void {
    this.#lost = { count, ended: how === 'ended' };
  }

  endBatchAfter(count: number): void {
    this.#ending = { left: count, call: undefined };
  }

  holdReplies(): () => void {
    const held = (this.#held ??= []);
    return () => {
      if (this.#held === held) this.#held = undefined;
      for (const send of held.splice(0)) send();
    };
  }

  repeatReplies(count: number): void {
    this.#repeats = count;
  }

  slowReads(ms: number): void {
    this.#readDelayMs = ms;
  }

  none(): void {
    this.leader = undefined;
    this.#readDelayMs = 0;
    this.#lost = { count: 0, ended: false };
    this.#ending = undefined;
    this.#repeats = 0;
    this.holdReplies()();
    for (const goOn of this.#resting) goOn();
    if (this.how === undefined) return;
    this.how = undefined;
    this.onUnavailable(undefined);
  }

  /** What a read waits for before each event; undefined for nothing. */
  rest(): Promise<void> | undefined {
    if (this.#readDelayMs === 0) return undefined;
    return new Promise((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer);
        this.#resting.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, this.#readDelayMs);
      this.#resting.add(goOn);
    });
  }

  /** Sends the answer to an append that was stored, or does to it what is switched on. */
  reply({ send, end }: Reply): void {
    if (this.#lost.count > 0) {
      this.#lost.count -= 1;
      if (this.#lost.ended) end(unavailable());
    } else if (this.#held !== undefined) this.#held.push(send);
    else send();
  }

  /**
   * Whether an append of a BatchAppend call is stored, and answered; asked in the log's turn. The first call that stores
   * something is the one that ends; it is `gone` for what waits behind the last append that it stored.
   */
  fateInBatch(call: object): 'answered' | 'withheld' | 'last' | 'gone' {
    if (this.#ended.has(call)) return 'gone';
    const ending = this.#ending;
    if (ending === undefined || (ending.call ?? call) !== call) return 'answered';
    ending.call = call;
    ending.left -= 1;
    if (ending.left > 0) return 'withheld';
    this.#ending = undefined;
    this.#ended.add(call);
    return 'last';
  }

  /** The same for an append of a BatchAppend call. */
  replyInBatch({ send, end }: Reply): void {
    const twice = this.#repeats > 0;
    if (twice) this.#repeats -= 1;
    this.reply({
      send: () => {
        send();
        if (twice) send();
      },
      end,
    });
  }
}
