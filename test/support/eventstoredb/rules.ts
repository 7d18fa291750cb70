/** Which append or deletion is done, which is a repeat of one that was done, and which is refused. */
import { NO_STREAM, systemEvent, TOMBSTONE, type EventLog } from './log.js';
import { LAST_REVISION, type ProposedEvent } from './messages.js';

/** What is expected of a stream: its last revision, or `NO_STREAM`. */
export type Expected = 'any' | 'exists' | number;

export type Outcome =
  | { readonly kind: 'written'; readonly last: number; readonly position: number }
  | { readonly kind: 'wrong-version'; readonly last: number }
  | { readonly kind: 'deleted' };

export function append(log: EventLog, stream: string, expected: Expected, events: readonly ProposedEvent[]): Outcome {
  if (log.isTombstoned(stream)) return { kind: 'deleted' };
  const last = log.lastRevision(stream);
  const refused: Outcome = { kind: 'wrong-version', last };
  const softDeleted = log.isSoftDeleted(stream);
  if (typeof expected === 'number') {
    if (expected > last) return refused;
    const repeated = expected < last ? repeatAt(log, stream, expected, events) : undefined;
    if (repeated !== undefined) return repeated;
    if (expected < last && !(softDeleted && expected === NO_STREAM)) return refused;
  } else {
    if (expected === 'exists' && last === NO_STREAM) return refused;
    if (expected === 'exists' && softDeleted) return { kind: 'deleted' };
    const repeated = repeatOfKnown(log, stream, events);
    if (repeated !== undefined) return repeated === 'partly' ? refused : repeated;
  }
  return write(log, stream, events, softDeleted);
}

/** An exact revision that lies behind: the ids must be those of the events from there on, all of them. */
function repeatAt(
  log: EventLog,
  stream: string,
  expected: number,
  events: readonly ProposedEvent[],
): Outcome | undefined {
  const last = expected + events.length;
  if (events.length === 0 || last > log.lastRevision(stream)) return undefined;
  for (const [index, { id }] of events.entries()) {
    if (log.eventOf(stream, expected + 1 + index).id !== id) return undefined;
  }
  return { kind: 'written', last, position: log.eventOf(stream, last).position };
}

/** No exact revision: the first id decides whether it is a repeat, and then all must be known, in whatever order. */
function repeatOfKnown(
  log: EventLog,
  stream: string,
  events: readonly ProposedEvent[],
): Outcome | 'partly' | undefined {
  const revisions = events.map(({ id }) => log.revisionOf(stream, id));
  if (revisions[0] === undefined) return undefined;
  if (revisions.includes(undefined)) return 'partly';
  const last = revisions.at(-1)!;
  return { kind: 'written', last, position: log.eventOf(stream, last).position };
}

/** Where a stream begins again after its deletion, its metadata say from where, after the events. */
function write(log: EventLog, stream: string, events: readonly ProposedEvent[], beginsAgain: boolean): Outcome {
  const before = log.lastRevision(stream);
  if (events.length === 0) return { kind: 'written', last: before, position: log.leaveBlank() };
  const metadata = JSON.stringify({ ...log.metadataOf(stream), $tb: before + 1 });
  const more = beginsAgain ? [{ stream: `$$${stream}`, events: [systemEvent('$metadata', metadata)] }] : [];
  const written = log.write({ stream, events }, ...more);
  const { revision, position } = written[events.length - 1]!;
  return { kind: 'written', last: revision, position };
}

/** Marks a stream as deleted; it may begin again. */
export function softDelete(log: EventLog, stream: string, expected: Expected): Outcome {
  const last = log.lastRevision(stream);
  const refused = refusedDeletion(log, stream, expected);
  if (refused !== undefined) return refused;
  if (last === NO_STREAM) return { kind: 'wrong-version', last };
  const metadata = systemEvent('$metadata', `{"$tb":${LAST_REVISION}}`);
  const [written] = log.write({ stream: `$$${stream}`, events: [metadata] });
  return { kind: 'written', last, position: written!.position };
}

/** Ends a stream for ever, also one that never was. */
export function tombstone(log: EventLog, stream: string, expected: Expected): Outcome {
  const refused = refusedDeletion(log, stream, expected);
  if (refused !== undefined) return refused;
  return { kind: 'written', last: TOMBSTONE, position: log.bury(stream).position };
}

function refusedDeletion(log: EventLog, stream: string, expected: Expected): Outcome | undefined {
  if (log.isTombstoned(stream)) return { kind: 'deleted' };
  const last = log.lastRevision(stream);
  const fits = expected === 'any' || (expected === 'exists' ? last !== NO_STREAM : expected === last);
  return fits ? undefined : { kind: 'wrong-version', last };
}
