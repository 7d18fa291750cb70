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
/** Until the hasty client tries something else. */
const HASTY_MS = 200;

export interface Sent extends Command {
  /** `open`: nobody knows. */
  outcome: 'open' | 'acknowledged' | 'refused';
  attempts: number;
  /** Of the problem that refused it. */
  code?: string;
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
  #givenUp = false;
  #clients: Promise<unknown> = Promise.resolve();
  readonly #clerks: readonly { readonly clerk: Clerk; readonly random: Random; readonly isHasty: boolean }[];

  /** `address`: where the system is, as far as its users know. `name`: of this load among several on one log. */
  constructor(
    private readonly address: () => string | undefined,
    random: Random,
    name = '',
  ) {
    this.#clerks = Array.from({ length: CLIENTS }, (_, index) => {
      const own = random.fork();
      return { clerk: new Clerk(`${name}${index}`, own), random: own.fork(), isHasty: index === 0 };
    });
  }

  /** Five units with ten lines each, also for those who read. */
  async prepare(): Promise<void> {
    for (const unit of UNITS) await this.perform(registerUnit(unit));
    for (const unit of UNITS) {
      const { position } = await this.perform(approvePlan(unit));
      const path = `${yearPath(unit)}/lines?atLeast=${position}`;
      while ((await request(this.address(), path, {}))?.status !== 200) await pause(AGAIN_MS);
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

  /** The same without waiting for answers that may never come. */
  async giveUp(): Promise<void> {
    this.#givenUp = true;
    await this.rest();
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

  /** Sends a command until it is answered; it must be accepted, or refused with the code given. */
  async perform(command: Command, refusal?: string): Promise<Sent> {
    const sent = this.#enter(command);
    while (!(await this.#attempt(sent, refusal))) {
      if (this.#givenUp) throw new Error(`${sent.path} was never answered`);
      await pause(AGAIN_MS);
    }
    if (sent.code !== refusal)
      this.faults.push(`${sent.path}: ${sent.code ?? 'accepted'} instead of ${refusal ?? 'yes'}`);
    return sent;
  }

  /** Sends a command a single time; what becomes of it afterwards nobody asks. */
  async once(
    command: Command,
    {
      address = this.address(),
      patienceMs = ATTEMPT_MS,
    }: { readonly address?: string | undefined; readonly patienceMs?: number } = {},
  ): Promise<{ readonly sent: Sent; readonly answer: Answer | undefined }> {
    const sent = this.#enter(command);
    sent.attempts += 1;
    const answer = await send(address, sent, patienceMs);
    this.#isAnswer(sent, answer);
    return { sent, answer };
  }

  async #work({ clerk, random, isHasty }: { clerk: Clerk; random: Random; isHasty: boolean }): Promise<void> {
    while (this.#running) {
      if (random.fraction() < 0.2) {
        await this.#read(random);
      } else {
        const sent = this.#enter(clerk.next());
        while (!(await this.#attempt(sent))) {
          await pause(isHasty ? HASTY_MS : AGAIN_MS);
          if (isHasty || this.#givenUp) break;
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

  async #attempt(sent: Sent, refusal?: string): Promise<boolean> {
    sent.attempts += 1;
    return this.#isAnswer(sent, await send(this.address(), sent), refusal);
  }

  /** True when the system has said yes or no. */
  #isAnswer(sent: Sent, answer: Answer | undefined, refusal?: string): boolean {
    if (answer === undefined) return false;
    if (answer.status >= 300) return this.#isRefusal(sent, answer, refusal);
    Object.assign(sent, { outcome: 'acknowledged', events: answer.body.events, position: answer.body.position });
    this.acknowledged += 1;
    return true;
  }

  #isRefusal(sent: Sent, { status, body }: Answer, refusal: string | undefined): boolean {
    const code = String(body.code);
    this.problems.set(code, (this.problems.get(code) ?? 0) + 1);
    if (status === 503 && saysWhatToDo(body)) return false;
    Object.assign(sent, { outcome: 'refused', code });
    if (!RULES.has(code) && code !== refusal)
      this.faults.push(`${sent.path} answered ${status}: ${JSON.stringify(body)}`);
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

export interface Answer {
  readonly status: number;
  readonly body: any;
}

const send = (
  address: string | undefined,
  { method, path, headers, key, body }: Command,
  patienceMs = ATTEMPT_MS,
): Promise<Answer | undefined> =>
  request(
    address,
    path,
    {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
      body: JSON.stringify(body),
    },
    patienceMs,
  );

/** Undefined when there is no answer, or only a part of one; a proxy says so with 502. */
async function request(
  address: string | undefined,
  path: string,
  init: RequestInit,
  patienceMs = ATTEMPT_MS,
): Promise<Answer | undefined> {
  if (address === undefined) return undefined;
  try {
    const answer = await fetch(`${address}${path}`, { ...init, signal: AbortSignal.timeout(patienceMs) });
    const text = await answer.text();
    if (answer.status === 502) return undefined;
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as unknown) };
  } catch {
    return undefined;
  }
}
