/**
 * The process manager: tails the log, asks of other budgets what an event causes, keeps the answer, and only then its place.
 * A redelivered event finds its answer, or a command whose id comes from the event's own, so nothing is booked twice.
 */
import { v5 as uuidv5 } from 'uuid';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { PROCESSES, type Cause, type Demand, type ProcessRule } from '#domain/budget/process.js';
import type { Envelope, EventMeta, Position } from '#domain/envelope.js';
import { continued, traceparentOf } from '#platform/trace.js';
import type { Handler } from '../handler.js';
import { AppendTooLarge, PositionBeyondEnd, StoreUnavailable, WrongRevision, type EventStore } from '../port.js';
import { Reached } from './reached.js';
import { AnotherRunner, RETRIED, type ProcessEntry, type ProcessStore } from './port.js';

export interface RunnerOptions {
  readonly store: EventStore;
  readonly handler: Handler;
  readonly processes: ProcessStore;
  readonly rules?: readonly ProcessRule[];
  /** Keeps the place after every batch, for those who wait for it elsewhere. */
  readonly told?: boolean;
  /** Looked at before anything is asked of a budget: false once another runner may have taken over. */
  readonly isOurs?: () => boolean;
  /** Told of every failure that is tried again, and of what a rule failed on. */
  readonly onError: (error: unknown) => void;
}

export interface ProcessRunner {
  /** Everything up to here is answered. */
  readonly through: Position | 'start';
  /** True as soon as everything up to a place in the log is answered, false when `timeoutMs` pass before. */
  waitFor(order: bigint, timeoutMs: number): Promise<boolean>;
  /** Answers it anew, unless it is settled; `undefined` when there is none. Throws what the log throws. */
  retry(id: string): Promise<ProcessEntry | undefined>;
  /** Rejects with the cause while the last try failed and is made again. */
  check(): Promise<void>;
  /** Does work that writes whole streams, while nothing is asked of any budget. */
  pausedDuring<Result>(work: () => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
}

/** Events without a rule are many: their place is kept now and then only. */
const PLACE_EVERY = 1_000;

/** Goes on from the stored place. */
export async function startProcesses(options: RunnerOptions): Promise<ProcessRunner> {
  const runner = new Runner(options, await options.processes.place());
  runner.start();
  return runner;
}

class Runner implements ProcessRunner {
  readonly #rules: readonly ProcessRule[];
  readonly #reached: Reached;
  /** As stored. */
  #kept: Position | 'start';
  #through: Position | 'start';
  #passed = 0;
  #failure: Error | undefined;
  #subscription: { stop(): Promise<void> } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: RunnerOptions,
    place: Position | 'start',
  ) {
    this.#rules = options.rules ?? PROCESSES;
    this.#kept = place;
    this.#through = place;
    this.#reached = new Reached(options.store.order(place));
  }

  start(): void {
    const { store, onError } = this.options;
    this.#subscription = store.subscribe(this.#kept, (batch) => this.#inTurn(() => this.#handle(batch)), {
      onError: (error) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        onError(error);
      },
    });
  }

  get through(): Position | 'start' {
    return this.#through;
  }

  waitFor(order: bigint, timeoutMs: number): Promise<boolean> {
    return this.#reached.waitFor(order, timeoutMs);
  }

  pausedDuring<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#inTurn(work);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async check(): Promise<void> {
    if (this.#failure === undefined) return;
    // A log that could not be read for a while may have nothing new to tell when it can be.
    const isFinal = this.#failure instanceof PositionBeyondEnd;
    if (isFinal || (await this.options.store.readAll(this.#through, 1)).length > 0) throw this.#failure;
    this.#failure = undefined;
  }

  async stop(): Promise<void> {
    await this.#subscription?.stop();
    try {
      await this.#keepPlace();
    } catch (error) {
      // What was passed since is looked at again and changes nothing.
      this.options.onError(error);
    }
  }

  /** In turn with what the log brings: a closure that came meanwhile must come after. */
  retry(id: string): Promise<ProcessEntry | undefined> {
    return this.#inTurn(() => this.#retry(id));
  }

  async #retry(id: string): Promise<ProcessEntry | undefined> {
    const { processes, store } = this.options;
    const entry = await processes.find(id);
    if (entry === undefined || !RETRIED.includes(entry.state)) return entry;
    const { stream, revision } = entry.cause;
    const rule = this.#rules.find(({ name }) => name === entry.rule);
    for await (const event of store.read(stream, { from: revision, limit: 1 })) {
      if (rule === undefined) throw new Error(`process ${id} rests on the rule ${entry.rule}, which there is not`);
      return this.#answer(entry, event, rule);
    }
    throw new Error(`process ${id} rests on revision ${revision} of ${stream}, which the log does not hold`);
  }

  async #handle(batch: readonly Envelope[]): Promise<void> {
    let caused = false;
    for (const event of batch) {
      for (const rule of this.#rules) {
        const place = (rule.on as readonly string[]).includes(event.type) ? placeOf(event.stream) : undefined;
        if (place === undefined) continue;
        await this.#take(event, rule, place);
        caused = true;
      }
      this.#through = event.position;
    }
    this.#passed += batch.length;
    if (caused || this.options.told || this.#passed >= PLACE_EVERY) await this.#keepPlace();
    this.#failure = undefined;
    this.#reached.announce(this.options.store.order(this.#through));
  }

  async #keepPlace(): Promise<void> {
    const through = this.#through;
    if (through === this.#kept || through === 'start') return;
    await this.options.processes.move(this.#kept, through);
    this.#kept = through;
    this.#passed = 0;
  }

  async #take(event: Envelope, rule: ProcessRule, place: Place): Promise<void> {
    const { processes, store } = this.options;
    const { id: eventId, type, stream, revision, position, recordedAt } = event;
    const entry = await processes.open({
      id: uuidv5(rule.name, eventId),
      rule: rule.name,
      ...place,
      cause: { eventId, type, stream, revision, position, recordedAt },
      order: store.order(position),
      state: 'open',
      attempts: 0,
    });
    if (entry.state === 'open') await this.#answer(entry, event, rule);
  }

  async #answer(entry: ProcessEntry, event: Envelope, rule: ProcessRule): Promise<ProcessEntry> {
    const { rejection: _before, written: _then, ...opened } = entry;
    const answered = { ...opened, attempts: entry.attempts + 1, ...(await this.#outcome(entry, event, rule)) };
    await this.options.processes.answer(answered);
    return answered;
  }

  /** Throws only what is worth another try. */
  async #outcome(entry: ProcessEntry, event: Envelope, rule: ProcessRule): Promise<Answer> {
    try {
      const cause = causeOf(event);
      const { state } = await this.#load(cause);
      const reaction = rule.react(cause, state);
      if (reaction.superseded) return { state: 'superseded' };
      const answer = await this.#ask(entry, event, reaction.demand);
      return answer.state === 'refused' && rule.whenRefused ? await this.#undo(entry, event, rule, answer) : answer;
    } catch (error) {
      if (isTransient(error)) throw error;
      this.options.onError(error);
      return { state: 'failed', rejection: failureOf(error) };
    }
  }

  async #undo(entry: ProcessEntry, event: Envelope, rule: ProcessRule, refused: Answer): Promise<Answer> {
    const cause = causeOf(event);
    const { state } = await this.#load(cause);
    const demand = rule.whenRefused?.(cause, state);
    const undone = demand && (await this.#ask(entry, event, demand, 'undo '));
    return undone?.state === 'done' ? { ...refused, state: 'undone' } : refused;
  }

  #load({ unit, year, stream }: Cause) {
    return this.options.handler.load(stream, budgetDecider(unit, year));
  }

  /** One command after another; ids come from the process, so that a second try writes the same events or finds them. */
  async #ask(entry: ProcessEntry, event: Envelope, demand: Demand, part = ''): Promise<Answer> {
    const { unit, year, commands } = demand;
    const stream = budgetStream(unit, year);
    const target = { unit, year, stream };
    let written: NonNullable<ProcessEntry['written']> = { revision: -1, position: 'start', events: 0 };
    for (const [index, command] of commands.entries()) {
      if (this.options.isOurs?.() === false) throw new AnotherRunner(this.#kept);
      const meta = metaOf(event, uuidv5(`${part}${index}`, entry.id));
      const outcome = await this.options.handler.handle(stream, budgetDecider(unit, year), command, { meta });
      if (outcome.kind === 'rejected') return { state: 'refused', target, rejection: outcome.rejection };
      if (outcome.kind !== 'done') throw new Error(`process ${entry.id} was answered ${outcome.kind}`);
      const { revision, position, events } = outcome;
      written = { revision, position, events: written.events + events.length };
    }
    return { state: 'done', target, written };
  }
}

type Answer = Pick<ProcessEntry, 'state' | 'target' | 'written' | 'rejection'>;

/** The log or the own store cannot be asked, or others kept writing: the batch is delivered again after a pause. */
const isTransient = (error: unknown): boolean =>
  error instanceof StoreUnavailable || error instanceof WrongRevision || error instanceof AnotherRunner;

const failureOf = (error: unknown): NonNullable<ProcessEntry['rejection']> =>
  error instanceof AppendTooLarge
    ? { code: 'APPEND_TOO_LARGE', bytes: error.bytes, message: error.message }
    : { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };

/** Whoever caused it did it; what led to it is told along. */
function metaOf({ id: causationId, meta }: Envelope, commandId: string): EventMeta {
  const { actor, correlationId, traceparent } = meta;
  return {
    commandId,
    actor,
    causationId,
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(traceparent === undefined ? {} : { traceparent: traceparentOf(continued(traceparent)) }),
  };
}

const STREAM = /^budget-([A-Z0-9]{1,21})-(\d{4})$/;

interface Place {
  readonly unit: string;
  readonly year: number;
}

function placeOf(stream: string): Place | undefined {
  const [, unit, year] = STREAM.exec(stream) ?? [];
  return unit === undefined ? undefined : { unit, year: Number(year) };
}

/** The event in its current shape. Throws on a stream or version that this program does not know. */
function causeOf({ stream, revision, type, version, effectiveDate, belongsTo, data }: Envelope): Cause {
  const place = placeOf(stream);
  if (place === undefined) throw new Error(`${stream} is not the stream of a budget`);
  const current = budgetDecider(place.unit, place.year).upcast(type, version, data);
  const dates = belongsTo === undefined ? { effectiveDate } : { effectiveDate, belongsTo };
  return { ...place, stream, revision, event: { type, ...dates, data: current } as BudgetEvent };
}
