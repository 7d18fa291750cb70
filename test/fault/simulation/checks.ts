/** What must hold whenever the world stands still, whatever went wrong before. Findings as sentences; none is wanted. */
import { v5 as uuidv5 } from 'uuid';
import type { Envelope } from '#domain/envelope.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { available } from '#domain/budget/state.js';
import { createMemoryProjector } from '#read-model/memory/projector.js';
import { MemoryReadModels } from '#read-model/memory/read-models.js';
import { rowsInMemory } from '#read-model/memory/rows.js';
import { TOTAL_COLUMNS } from '#read-model/projections/sums.js';
import { RecordedLog } from '#read-model/specification.js';
import { foldOf, foldedAnswer, knownBy } from '../../support/fold.js';
import type { FindingKind } from '../table-row.js';
import { UNITS, YEAR, metaOf, type Answer, type Correspondence } from './ledger.js';
import { askedAgain, type Asked } from './reading.js';

export interface Checked {
  readonly events: readonly Envelope[];
  readonly models: MemoryReadModels;
  readonly correspondence: Correspondence;
  readonly asked: readonly Asked[];
  readonly inParts: boolean;
}

/** Each begins with its kind. */
export async function findings(checked: Checked): Promise<string[]> {
  const of = (kind: FindingKind, found: readonly string[]): string[] => found.map((what) => `${kind}: ${what}`);
  return [
    ...of('lost', notAsAcknowledged(checked)),
    ...of('doubled', notAsSent(checked)),
    ...of('order', logOrder(checked.events)),
    ...of('differing', refusals(checked)),
    ...of('differing', await rowsUnlikeFold(checked)),
    ...of('sums', sumsOpen(checked)),
    ...of('differing', answersMoved(checked)),
  ];
}

const byCommand = (events: readonly Envelope[]): ReadonlyMap<string, readonly Envelope[]> => {
  const found = new Map<string, Envelope[]>();
  for (const event of events) {
    const { commandId } = event.meta;
    found.set(commandId, [...(found.get(commandId) ?? []), event]);
  }
  return found;
};

/** Every acknowledged command is in the log once, as it was answered. */
function notAsAcknowledged({ events, correspondence: { answers } }: Checked): string[] {
  const commands = byCommand(events);
  return [...answers].flatMap(([key, answered]) => {
    const stored = commands.get(metaOf(key).commandId) ?? [];
    return answered.flatMap(({ answer }) => {
      if (answer.kind === 'rejected') return [];
      if (answer.kind !== 'done') return [`${key} was answered: ${answer.kind}`];
      if (answer.events.length === 0 || JSON.stringify(answer.events) === JSON.stringify(stored)) return [];
      return [`${key} was acknowledged with ${answer.events.length} events, the log has ${stored.length} or others`];
    });
  });
}

/** No request is in the log twice, or though nobody sent it, or though nobody who asked was told so. */
function notAsSent({ events, correspondence: { sent, answers } }: Checked): string[] {
  const found: string[] = [];
  const requests = new Map<string, Set<string>>();
  for (const { meta } of events) {
    if (meta.correlationId === undefined) continue;
    requests.set(meta.correlationId, (requests.get(meta.correlationId) ?? new Set()).add(meta.commandId));
  }
  for (const [key, commands] of requests) {
    if (commands.size > 1) found.push(`${key} is in the log ${commands.size} times`);
    if (!sent.has(key)) found.push(`${key} is in the log and nobody sent it`);
    const all = answers.get(key) ?? [];
    const told = all.some(({ answer }) => answer.kind === 'done' && answer.events.length > 0);
    if (!told && all.length > 0) found.push(`${key} is in the log and was answered: ${all[0]?.answer.kind}`);
  }
  for (const [commandId, own] of byCommand(events)) {
    const named = own.every(({ id }, nth) => id === uuidv5(String(nth), commandId));
    if (!named) found.push(`the events of ${commandId} have other ids than their command gives, or have them twice`);
  }
  return found;
}

/** Who is refused, or told that there is nothing to do, is so by the books as they stood at some moment while he waited. */
function refusals({ events, correspondence: { sent, answers } }: Checked): string[] {
  const waiting = [...answers].flatMap(([key, all]) => {
    const { unit, command } = sent.get(key)!;
    const written = all.filter(({ answer }) => wroteNothing(answer) !== undefined);
    return written.map(({ answer, from, to }) => ({ key, unit, command, outcome: wroteNothing(answer), from, to }));
  });
  const unfounded = new Set(waiting);
  for (const unit of UNITS) {
    const decider = budgetDecider(unit, YEAR);
    const state = decider.initialState();
    const own = waiting.filter((entry) => entry.unit === unit);
    for (let known = 0; known <= events.length; known += 1) {
      const event = events[known - 1];
      if (event?.stream === budgetStream(unit, YEAR)) decider.evolve(state, event as unknown as BudgetEvent);
      for (const entry of own) {
        if (!unfounded.has(entry) || known < entry.from || known > entry.to) continue;
        const decision = decider.decide(entry.command, state);
        const outcome = decision.accepted
          ? decision.events.length === 0
            ? NOTHING
            : undefined
          : decision.rejection.code;
        if (outcome === entry.outcome) unfounded.delete(entry);
      }
    }
  }
  return [...unfounded].map(({ key, outcome }) => `${key} was answered ${outcome}, which was at no time so`);
}

const NOTHING = 'nothing to write';

const wroteNothing = (answer: Answer): string | undefined => {
  if (answer.kind === 'rejected') return answer.rejection.code;
  return answer.kind === 'done' && answer.events.length === 0 ? NOTHING : undefined;
};

function logOrder(events: readonly Envelope[]): string[] {
  const found: string[] = [];
  const next = new Map<string, number>();
  let recordedAt = 0;
  for (const event of events) {
    const { stream, revision, position } = event;
    if (revision !== (next.get(stream) ?? 0))
      found.push(`${stream} has ${revision} after ${(next.get(stream) ?? 0) - 1}`);
    next.set(stream, revision + 1);
    if (event.recordedAt < recordedAt) found.push(`position ${position} is stamped before the one before it`);
    recordedAt = Math.max(recordedAt, event.recordedAt);
  }
  return found;
}

/** Rows against those of a projector that takes the whole log at once, undisturbed. */
async function rowsUnlikeFold({ events, models, inParts }: Checked): Promise<string[]> {
  const log = new RecordedLog();
  log.events.push(...events);
  const folded = new MemoryReadModels();
  const into = {
    source: folded.source,
    storedPlace: async (partition: string, start: bigint) => folded.storedPlace(partition, start),
    apply: async (...batch: Parameters<MemoryReadModels['apply']>) => folded.apply(...batch),
  };
  await (await createMemoryProjector({ into, log })).handle(events);
  const [rows, expected] = [rowsInMemory(models), rowsInMemory(folded)];
  return Object.keys(expected).flatMap((table) => {
    if (inParts && table === 'projection_position') return [];
    const missing = (expected[table] ?? []).filter((row) => !rows[table]?.includes(row));
    const surplus = (rows[table] ?? []).filter((row) => !expected[table]?.includes(row));
    return [
      ...missing.map((row) => `${table} lacks ${row}`),
      ...surplus.map((row) => `${table} has ${row} too many`),
      ...(rows[table]?.length === expected[table]?.length ? [] : [`${table} has ${rows[table]?.length} rows`]),
    ];
  });
}

/** Lines, day balances and journal hold the same money, and it is that of the budget's own state. */
function sumsOpen({ events, models: { tables } }: Checked): string[] {
  return UNITS.flatMap((unit) => {
    const { state, effects } = foldOf(events, unit);
    const found: string[] = [];
    const sumOf = (rows: Iterable<{ readonly fen: number }>): number =>
      [...rows].reduce((sum, { fen }) => sum + fen, 0);
    const sums = [sumOf(effects), sumOf(tables.journal.of(unit, YEAR)), sumOf(tables.dayBalance.of(unit, YEAR))];
    if (new Set(sums).size > 1) found.push(`${unit}: fold, journal and day balances sum up to ${sums.join(', ')}`);
    let moved = 0;
    for (const [line, { totals }] of state.lines) {
      const row = tables.budgetLine.find({ unit, year: YEAR, line });
      for (const [kind, column] of Object.entries(TOTAL_COLUMNS)) {
        const expected = totals[kind as keyof typeof totals];
        if (row?.[column] !== expected) found.push(`${unit} ${line}: ${kind} is ${row?.[column]}, not ${expected}`);
      }
      moved += totals['transferred-in'] - totals['transferred-out'];
      if (!Number.isSafeInteger(available(totals))) found.push(`${unit} ${line}: available is not exact`);
    }
    if (moved !== 0) found.push(`${unit}: transfers do not add up, by ${moved}`);
    return found;
  });
}

/** Each remembered answer is what a fold gives, and what the read models answer today. */
function answersMoved({ events, models, asked }: Checked): string[] {
  return asked.flatMap((question) => {
    const { unit, asOf, knownAt, instant, answer } = question;
    const place = instant === undefined ? Number(knownAt) : knownBy(events, instant);
    const expected = foldedAnswer(foldOf(events, unit).effects, asOf, place);
    const what = `${unit} as of ${asOf}, known at ${instant ?? `position ${knownAt}`}`;
    const found: string[] = [];
    if (answer.join() !== expected.join())
      found.push(`${what}: answered ${answer.join()}, a fold gives ${expected.join()}`);
    if (askedAgain(models, question).join() !== answer.join()) found.push(`${what}: another answer today`);
    return found;
  });
}
