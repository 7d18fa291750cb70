/** Decides the commands that wait for one stream, one after another on the evolving state, without any I/O. */
import { v5 as uuidv5 } from 'uuid';
import type { DomainEvent, Envelope, EventMeta, NewEvent, Position } from '#domain/envelope.js';
import type { Rejection } from '#domain/decider.js';
import { evolve, expectedOf, type AnyDecider, type Folded } from './folded.js';
import type { HandleContext, Loaded, Outcome } from './handler.js';
import { AppendTooLarge, MAX_APPEND_BYTES, type ExpectedRevision } from './port.js';
import { sizeOf } from './serialise.js';

export type AnyOutcome = Outcome<DomainEvent, Rejection>;

export interface CommandTask {
  readonly kind: 'command';
  readonly decider: AnyDecider;
  readonly command: unknown;
  readonly context: HandleContext;
  /** How often another writer came first. */
  conflicts: number;
  readonly resolve: (outcome: AnyOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface LoadTask {
  readonly kind: 'load';
  readonly decider: AnyDecider;
  readonly resolve: (loaded: Loaded<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

export type Task = CommandTask | LoadTask;

/** What becomes of one task once the batch is stored. */
export type Verdict =
  | { readonly kind: 'append'; readonly task: CommandTask; readonly first: number; readonly count: number }
  /** The same command as an `append` of this batch. */
  | { readonly kind: 'twin'; readonly task: CommandTask; readonly first: number; readonly count: number }
  /** A repeat of what the log holds already. */
  | { readonly kind: 'stored'; readonly task: CommandTask; readonly first: number; readonly count: number }
  /** Decided that there is nothing to write. */
  | { readonly kind: 'nothing'; readonly task: CommandTask; readonly revision: number; readonly first: number }
  | { readonly kind: 'answer'; readonly task: CommandTask; readonly outcome: AnyOutcome }
  | { readonly kind: 'load'; readonly task: LoadTask };

export interface Batch {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** Of the stream's last stored event before this batch. */
  readonly position: Position | 'start';
  readonly events: NewEvent[];
  readonly verdicts: Verdict[];
  /** Bytes of the combined append. */
  bytes: number;
  /** A decider threw while the state changed: the state is spoiled and all other verdicts with it. */
  spoiled: boolean;
}

/** A single command may write more; this bounds only what is put together. */
const MAX_COMBINED_EVENTS = 500;

/** Takes tasks from the front of `waiting` and advances `folded`. A task that fails by itself is rejected here. */
export function decideBatch(stream: string, folded: Folded, waiting: Task[]): Batch {
  const expected = expectedOf(folded);
  const { position } = folded;
  const batch: Batch = { stream, expected, position, events: [], verdicts: [], bytes: 0, spoiled: false };
  const before = folded.revision;
  let taken = 0;
  for (const task of waiting) {
    if (batch.spoiled) break;
    const verdict = task.kind === 'load' ? ({ kind: 'load', task } as const) : decideOne(folded, before, batch, task);
    if (verdict === 'full') break;
    taken += 1;
    if (verdict !== 'failed') batch.verdicts.push(verdict);
  }
  waiting.splice(0, taken);
  return batch;
}

function decideOne(folded: Folded, before: number, batch: Batch, task: CommandTask): Verdict | 'full' | 'failed' {
  const { decider, command, context } = task;
  const repeat = context.dryRun ? undefined : repeatOf(folded, before, batch, task);
  if (repeat) return repeat;
  if (context.ifRevision !== undefined && context.ifRevision !== expectedOf(folded)) {
    return { kind: 'answer', task, outcome: { kind: 'revision-mismatch', actual: expectedOf(folded) } };
  }
  try {
    const decision = decider.decide(command, folded.state);
    if (!decision.accepted) {
      return { kind: 'answer', task, outcome: { kind: 'rejected', rejection: decision.rejection } };
    }
    const events = newEvents(decision.events, decider, context);
    const bytes = bytesOf(batch.stream, events);
    if (context.dryRun) return { kind: 'answer', task, outcome: { kind: 'trial', events: decision.events } };
    const first = batch.events.length;
    if (events.length === 0) return { kind: 'nothing', task, revision: folded.revision, first };
    return include(folded, batch, task, { events, bytes });
  } catch (error) {
    task.reject(error);
    return 'failed';
  }
}

/** Looked up before the revision and all rules: the answer to a repeat does not depend on what happened since. */
function repeatOf(folded: Folded, before: number, batch: Batch, task: CommandTask): Verdict | undefined {
  const { commandId, requestHash } = task.context.meta;
  const known = folded.commands.find(commandId);
  if (!known) return undefined;
  if (known.first <= before) return { kind: 'stored', task, ...known };
  const first = known.first - before - 1;
  if (batch.events[first]?.meta.requestHash !== requestHash) {
    return { kind: 'answer', task, outcome: { kind: 'key-reused' } };
  }
  return { kind: 'twin', task, first, count: known.count };
}

function include(
  folded: Folded,
  batch: Batch,
  task: CommandTask,
  { events, bytes }: { readonly events: readonly NewEvent[]; readonly bytes: number },
): Verdict | 'full' | 'failed' {
  const first = batch.events.length;
  const together = first + events.length <= MAX_COMBINED_EVENTS && batch.bytes + bytes <= MAX_APPEND_BYTES;
  if (first > 0 && !together) return 'full';
  try {
    for (const event of events) evolve(folded, task.decider, event, event.meta.commandId);
  } catch (error) {
    batch.spoiled = true;
    task.reject(error);
    return 'failed';
  }
  batch.events.push(...events);
  batch.bytes += bytes;
  return { kind: 'append', task, first, count: events.length };
}

/** What one append of these events counts. Throws `AppendTooLarge`. */
function bytesOf(stream: string, events: readonly NewEvent[]): number {
  const bytes = events.reduce((total, event) => total + sizeOf(event), 0);
  if (bytes > MAX_APPEND_BYTES) throw new AppendTooLarge(stream, bytes);
  return bytes;
}

/** Ids come from the command's id, so a second try writes the same events and not others beside them. */
function newEvents(decided: readonly DomainEvent[], decider: AnyDecider, { meta }: HandleContext): NewEvent[] {
  return decided.map((event, index) => {
    const version = decider.versions[event.type];
    if (version === undefined) throw new TypeError(`the decider has no version for ${event.type}`);
    const { type, effectiveDate, belongsTo, data } = event;
    const id = uuidv5(String(index), meta.commandId);
    const stored = { id, type, version, effectiveDate, data, meta: index === 0 ? meta : followingMeta(meta) };
    return belongsTo === undefined ? stored : { ...stored, belongsTo };
  });
}

/** What is the same for all events of a command stands on its first; a plan of 2,000 lines would not fit otherwise. */
const followingMeta = ({ commandId, actor }: EventMeta): EventMeta => ({ commandId, actor });

/** The answer to a command whose events are stored. */
export function done(events: readonly Envelope[], replayed: boolean): AnyOutcome {
  const last = events.at(-1);
  if (!last) throw new Error('a command that wrote nothing has no stored events');
  return { kind: 'done', events, replayed, revision: last.revision, position: last.position };
}
