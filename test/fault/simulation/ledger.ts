/** Processes that take commands, and clients that send each with one key until it is answered. */
import { v5 as uuidv5 } from 'uuid';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import type { BudgetRejection } from '#domain/budget/rejections.js';
import type { BudgetState } from '#domain/budget/state.js';
import type { EventMeta } from '#domain/envelope.js';
import { createHandler, type Handler, type Outcome } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import { nextCommand } from '../../support/walk.js';
import { never, type Process, type SharedLog } from './log.js';
import type { World } from './world.js';

export const UNITS = ['U1', 'U2', 'U3'] as const;
export type Unit = (typeof UNITS)[number];
export const YEAR = 2024;

export interface Request {
  readonly key: string;
  readonly unit: Unit;
  readonly command: BudgetCommand;
}

export type Answer = Outcome<BudgetEvent, BudgetRejection>;

/** One process of the ledger: its handler knows nothing of the others. */
export class LedgerProcess implements Process {
  dead = false;
  readonly #handler: Handler;

  constructor(
    readonly name: string,
    store: (process: Process) => EventStore,
  ) {
    this.#handler = createHandler({ store: store(this) });
  }

  /** Rejects as the handler does; a dead process never answers. */
  async handle({ unit, command }: Request, meta: EventMeta): Promise<Answer> {
    if (this.dead) return never();
    const answer = this.#handler.handle(budgetStream(unit, YEAR), budgetDecider(unit, YEAR), command, { meta });
    const given = await answer.catch((error: unknown) => (this.dead ? never() : Promise.reject(error)));
    return this.dead ? never() : given;
  }
}

const NAMESPACE = '6f1f6d0e-3c43-5b0b-8a43-6f0a5b7f4c11';

/** What a request is stored with. The correlation names the request whatever ids a process gives it. */
export function metaOf(key: string, commandId = uuidv5(key, NAMESPACE)): EventMeta {
  return { commandId, actor: { id: 'clerk' }, requestHash: key, causationId: commandId, correlationId: key };
}

export type Send = (ledger: LedgerProcess, request: Request, attempt: number) => Promise<Answer>;

export const sendOnce: Send = (ledger, request) => ledger.handle(request, metaOf(request.key));

/** An answer, and how many events the log had when the question was sent and when the answer came. */
export interface Answered {
  readonly answer: Answer;
  readonly from: number;
  readonly to: number;
}

/** What clients sent, and every answer that came, those of earlier tries too. */
export interface Correspondence {
  readonly sent: Map<string, Request>;
  readonly answers: Map<string, Answered[]>;
}

export interface Clients {
  readonly world: World;
  readonly log: SharedLog;
  readonly ledgers: () => readonly LedgerProcess[];
  readonly send: Send;
  readonly correspondence: Correspondence;
}

const PATIENCE_MS = [150, 600, 2_000] as const;

/** Sends some requests, one after the other; resolves when all are answered. */
export async function client(name: string, requests: number, clients: Clients): Promise<void> {
  const { world } = clients;
  for (let n = 0; n < requests; n += 1) {
    await world.pause(world.chance.below(80));
    const request = nextRequest(`${name}-${n}`, clients);
    clients.correspondence.sent.set(request.key, request);
    world.note(`${request.key} asks ${request.command.type} of ${request.unit}`);
    const twin = world.chance.happens(0.1) ? untilAnswered(request, clients) : undefined;
    const answer = await untilAnswered(request, clients);
    world.note(`${request.key} is answered: ${answer.kind}`);
    await twin;
    // Somebody presses the button again.
    if (world.chance.happens(0.1)) await untilAnswered(request, clients);
  }
}

function nextRequest(key: string, { world, log }: Clients): Request {
  const unit = world.chance.pick(UNITS);
  return { key, unit, command: nextCommand(world.chance, booksOf(log, unit), log.events.length + 1) };
}

/** The books as anybody could know them. */
function booksOf(log: SharedLog, unit: Unit): BudgetState {
  const books = BOOKS.get(log) ?? { taken: 0, states: {} };
  BOOKS.set(log, books);
  for (const event of log.events.slice(books.taken)) {
    const of = UNITS.find((known) => event.stream === budgetStream(known, YEAR));
    if (of === undefined) continue;
    const state = (books.states[of] ??= budgetDecider(of, YEAR).initialState());
    budgetDecider(of, YEAR).evolve(state, event as unknown as BudgetEvent);
  }
  books.taken = log.events.length;
  return (books.states[unit] ??= budgetDecider(unit, YEAR).initialState());
}

const BOOKS = new WeakMap<SharedLog, { taken: number; readonly states: Partial<Record<Unit, BudgetState>> }>();

async function untilAnswered(request: Request, clients: Clients): Promise<Answer> {
  const { world, log, ledgers, send, correspondence } = clients;
  for (let attempt = 0; ; attempt += 1) {
    const from = log.events.length;
    const trying = send(world.chance.pick(ledgers())!, request, attempt).then((answer) => {
      const answers = correspondence.answers.get(request.key) ?? [];
      correspondence.answers.set(request.key, [...answers, { answer, from, to: log.events.length }]);
      if (answer.kind === 'done' && answer.replayed) world.count('a repeat was answered');
      return answer;
    });
    const patience = world.pause(world.chance.pick(PATIENCE_MS)).then(() => 'late' as const);
    const answer = await Promise.race([trying, patience]).catch((error: unknown) => {
      world.note(`${request.key} fails: ${String(error)}`);
      return 'failed' as const;
    });
    // An attempt that is no longer waited for may fail unheard.
    trying.catch(() => undefined);
    if (answer !== 'late' && answer !== 'failed') return answer;
    await world.pause(20 + world.chance.below(60));
  }
}
