/**
 * The common load: sixteen clients that write and read. A write is sent with the same key until it is answered; only the
 * first client is hasty and gives a write up when it gets no answer, so that some stay without an acknowledgement.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { approvePlan, Clerk, LINES, registerUnit, UNITS, yearPath, type Command } from './commands.js';
import { yuan } from './oracle-sums.js';
import type { Random } from './random.js';

const CLIENTS = 16;
/** Between two commands of a client: people think, and the log of a run stays small enough to be checked each round. */
const THINKING_MS = 8;
/** When an attempt counts as unanswered. Longer than a pause, shorter than what a lost connection may take. */
const ATTEMPT_MS = 4_000;
const AGAIN_MS = 20;

export interface Sent extends Command {
  /** `open`: nobody knows. */
  outcome: 'open' | 'acknowledged' | 'refused';
  attempts: number;
  /** The events as they were acknowledged. */
  events: readonly { readonly id: string; readonly revision: number }[];
  position: string;
}

export class Load {
  readonly sent: Sent[] = [];
  /** Answers that no client may ever get: unknown refusals, unexpected errors, reads whose sums are not closed. */
  readonly faults: string[] = [];
  /** How often each problem was answered. */
  readonly problems = new Map<string, number>();
  acknowledged = 0;
  reads = 0;
  #running = false;
  #clients: Promise<unknown> = Promise.resolve();
  readonly #clerks: readonly { readonly clerk: Clerk; readonly random: Random; readonly isHasty: boolean }[];

  /** `address`: where the system is, as far as its users know. */
  constructor(
    private readonly address: () => string | undefined,
    random: Random,
  ) {
    this.#clerks = Array.from({ length: CLIENTS }, (_, index) => {
      const own = random.fork();
      return { clerk: new Clerk(`${index}`, own), random: own.fork(), isHasty: index === 0 };
    });
  }

  /** Five units with ten lines each. */
  async prepare(): Promise<void> {
    for (const unit of UNITS) {
      await this.perform(registerUnit(unit));
      await this.perform(approvePlan(unit));
    }
  }

  begin(): void {
    this.#running = true;
    this.#clients = Promise.all(this.#clerks.map((client) => this.#work(client)));
  }

  /** Resolves when every client has had its last answer. */
  async rest(): Promise<void> {
    this.#running = false;
    await this.#clients;
  }

  /** Resolves when so many more commands were acknowledged; throws when that takes for ever. */
  async moves(count: number): Promise<void> {
    const wanted = this.acknowledged + count;
    const deadline = performance.now() + 60_000;
    while (this.acknowledged < wanted) {
      if (performance.now() > deadline) throw new Error(`no ${count} acknowledgements within a minute`);
      await pause(5);
    }
  }

  /** Sends a command until it is answered. */
  async perform(command: Command): Promise<Sent> {
    const sent = this.#enter(command);
    while (!(await this.#attempt(sent))) await pause(AGAIN_MS);
    return sent;
  }

  /** Sends a command once, to `address`. True when it was answered. */
  attempt(command: Command, address: string): Promise<{ sent: Sent; answered: boolean }> {
    const sent = this.#enter(command);
    return this.#attempt(sent, address).then((answered) => ({ sent, answered }));
  }

  async #work({ clerk, random, isHasty }: { clerk: Clerk; random: Random; isHasty: boolean }): Promise<void> {
    while (this.#running) {
      if (random.fraction() < 0.2) {
        await this.#read(random);
      } else {
        const sent = this.#enter(clerk.next());
        while (!(await this.#attempt(sent))) {
          await pause(AGAIN_MS);
          if (isHasty) break;
        }
        if (sent.outcome === 'acknowledged') clerk.acknowledged(sent);
      }
      await pause(random.between(0, THINKING_MS));
    }
  }

  #enter(command: Command): Sent {
    const sent: Sent = { ...command, outcome: 'open', attempts: 0, events: [], position: '' };
    this.sent.push(sent);
    return sent;
  }

  /** True when the system has said yes or no. */
  async #attempt(sent: Sent, address = this.address()): Promise<boolean> {
    sent.attempts += 1;
    const { method, path, headers, key, body } = sent;
    const answer = await request(address, path, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
      body: JSON.stringify(body),
    });
    if (answer === undefined) return false;
    if (answer.status < 300) {
      Object.assign(sent, { outcome: 'acknowledged', events: answer.body.events, position: answer.body.position });
      this.acknowledged += 1;
      return true;
    }
    return this.#refused(sent, answer);
  }

  #refused(sent: Sent, { status, body }: Answer): boolean {
    const code = String(body.code);
    this.problems.set(code, (this.problems.get(code) ?? 0) + 1);
    if (status === 503 && saysWhatToDo(body)) return false;
    sent.outcome = 'refused';
    if (!RULES.has(code)) this.faults.push(`${sent.path} answered ${status}: ${JSON.stringify(body)}`);
    return true;
  }

  /** Lines of a unit at some date; whenever it is answered, the totals are the sums of the lines. */
  async #read(random: Random): Promise<void> {
    const asOf = `2024-${String(random.between(1, 12)).padStart(2, '0')}-28`;
    const path = `${yearPath(random.oneOf(UNITS))}/lines?asOf=${asOf}`;
    const answer = await request(this.address(), path, {});
    if (answer === undefined || answer.status === 503) return;
    this.reads += 1;
    const lines = (answer.body.lines ?? []) as Record<string, string>[];
    const paid = lines.reduce((sum, line) => sum + yuan(line['paid']), 0n);
    const isWhole = answer.status === 200 && lines.length === LINES.length && yuan(answer.body.totals?.paid) === paid;
    if (!isWhole) this.faults.push(`${path} answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 500)}`);
  }
}

/** What rules say no to in this load, which is right: amounts are drawn without a look at the books. */
const RULES = new Set(['LINE_OVERDRAWN', 'RETURN_EXCEEDS_PAYMENT', 'REQUEST_SETTLED']);

const saysWhatToDo = ({ detail }: { readonly detail?: unknown }): boolean =>
  typeof detail === 'string' && /\bagain\b/i.test(detail);

interface Answer {
  readonly status: number;
  readonly body: any;
}

/** Undefined when there is no answer, or only a part of one. */
async function request(address: string | undefined, path: string, init: RequestInit): Promise<Answer | undefined> {
  if (address === undefined) return undefined;
  try {
    const answer = await fetch(`${address}${path}`, { ...init, signal: AbortSignal.timeout(ATTEMPT_MS) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as unknown) };
  } catch {
    return undefined;
  }
}
