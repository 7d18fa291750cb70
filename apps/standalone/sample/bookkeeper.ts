/**
 * Keeps the books of the sample: every entry goes through the real deciders in the order in which it was recorded, so what
 * comes out is a log that the product could have written itself.
 */
import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { Decider, Rejection } from '#domain/decider.js';
import { DIRECTORY_STREAM, directoryDecider, type DirectoryCommand } from '#domain/directory/decide.js';
import type { DomainEvent, Envelope, Position } from '#domain/envelope.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import { canonicalBytes } from '#event-store/canonical.js';

const ACTOR = { id: 'sample', name: '示例数据' };
const NAMESPACE = '0d5a1f0e-52a7-5c55-9f6e-5b1f4a6f2024';

/** Local time in Shanghai, `2024-06-28T10:15:00.000`: such texts sort as the instants do. */
export type LocalTime = string;

/** One command, and when it was recorded. What it says may depend on what is booked by then. */
export interface Entry {
  readonly recorded: LocalTime;
  readonly post: (books: Books, recordedAt: number) => readonly Envelope[];
}

type Saying<Command> = Command | ((books: Books) => Command);
const said = <Command extends object>(saying: Saying<Command>, books: Books): Command =>
  typeof saying === 'function' ? saying(books) : saying;

export const inDirectory = (recorded: LocalTime, command: DirectoryCommand): Entry => ({
  recorded,
  post: (books, recordedAt) => books.directory.record(command, recordedAt),
});

/** Writes entries of one unit's budget of one year. */
export const inBudget =
  (unit: string, year: number) =>
  (recorded: LocalTime, saying: Saying<BudgetCommand>): Entry => ({
    recorded,
    post: (books, recordedAt) => books.budget(unit, year).record(said(saying, books), recordedAt),
  });

/** Writes entries of one unit's performance table of one year. */
export const inTargets =
  (unit: string, year: number) =>
  (recorded: LocalTime, saying: Saying<PerformanceCommand>): Entry => ({
    recorded,
    post: (books, recordedAt) => books.targets(unit, year).record(said(saying, books), recordedAt),
  });

/** One stream while it is written. */
export interface Book<Command> {
  readonly stream: string;
  readonly events: readonly Envelope[];
  readonly record: (command: Command, recordedAt: number) => readonly Envelope[];
}

export interface Books {
  readonly directory: Book<DirectoryCommand>;
  readonly budget: (unit: string, year: number) => Book<BudgetCommand>;
  readonly targets: (unit: string, year: number) => Book<PerformanceCommand>;
}

/** All events of the entries, in the order recorded. Throws on an entry that the rules refuse or that changes nothing. */
export function keepBooks(entries: readonly Entry[]): readonly Envelope[] {
  const books = openBooks();
  const order = [...entries].sort((a, b) => (a.recorded < b.recorded ? -1 : a.recorded > b.recorded ? 1 : 0));
  return order
    .flatMap(({ recorded, post }) => post(books, Date.parse(`${recorded}+08:00`)))
    .map((event, index) => ({ ...event, position: String(index + 1) as Position }));
}

function openBooks(): Books {
  const budgets = new Map<string, Book<BudgetCommand>>();
  const targets = new Map<string, Book<PerformanceCommand>>();
  const kept = <Command>(shelf: Map<string, Book<Command>>, stream: string, open: () => Book<Command>) => {
    const book = shelf.get(stream) ?? open();
    shelf.set(stream, book);
    return book;
  };
  return {
    directory: openBook(DIRECTORY_STREAM, directoryDecider),
    budget: (unit, year) => {
      const stream = budgetStream(unit, year);
      return kept(budgets, stream, () => openBook(stream, budgetDecider(unit, year)));
    },
    targets: (unit, year) => {
      const stream = performanceStream(unit, year);
      return kept(targets, stream, () => openBook(stream, performanceDecider(year)));
    },
  };
}

/** Shapes of the time in which these books were kept: what they held then is read as it always was. */
const RECORDED_AS: Readonly<Record<string, number>> = { YearClosed: 1 };

function openBook<State, Command extends { readonly type: string }, Event extends DomainEvent, No extends Rejection>(
  stream: string,
  { initialState, decide, evolve, versions }: Decider<State, Command, Event, No>,
): Book<Command> {
  let state = initialState();
  const written: Envelope[] = [];
  const record = (command: Command, recordedAt: number): readonly Envelope[] => {
    const decision = decide(command, state);
    if (!decision.accepted) throw new Error(`${stream} refuses ${told(command)}: ${told(decision.rejection)}`);
    if (decision.events.length === 0) throw new Error(`${stream}: ${told(command)} changes nothing`);
    const commandId = uuidv5(`sample\n${stream}\n${written.length}`, NAMESPACE);
    const requestHash = createHash('sha256').update(canonicalBytes(command)).digest('hex');
    const following = { commandId, actor: ACTOR };
    const leading = { ...following, requestHash, correlationId: commandId };
    const first = written.length;
    decision.events.forEach((event, index) => {
      const type: Event['type'] = event.type;
      state = evolve(state, event);
      const id = uuidv5(String(index), commandId);
      const place = { stream, revision: first + index, position: '' as Position, recordedAt };
      written.push({
        ...event,
        id,
        version: RECORDED_AS[type] ?? versions[type],
        meta: index === 0 ? leading : following,
        ...place,
      });
    });
    return written.slice(first);
  };
  return { stream, events: written, record };
}

const told = (value: unknown): string => JSON.stringify(value);
