/** Events of a few places of the log, read from it: the read models know where they are, not what they say. */
import { budgetDecider } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { budgetSentence } from '#domain/budget/labels.js';
import type { Envelope } from '#domain/envelope.js';
import { performanceDecider } from '#domain/performance/decide.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import { performanceSentence } from '#domain/performance/labels.js';
import type { Told, TellingOptions } from '#domain/sentence.js';
import type { HistoryPlace } from '#read-model/queries/history.js';
import type { Sources } from './sources.js';

/** Places of one stream that lie this near are read together with what lies between. */
const NEAR = 20;

/** In the order of the places. Throws when the log lacks one: then it is not the log that was projected. */
export async function eventsAt(
  store: Pick<Sources['store'], 'read'>,
  places: readonly Pick<HistoryPlace, 'stream' | 'revision'>[],
): Promise<readonly Envelope[]> {
  const found = new Map<string, Envelope>();
  for (const run of runsOf(places)) {
    const limit = run.last - run.first + 1;
    for await (const event of store.read(run.stream, { from: run.first, limit })) {
      found.set(`${run.stream} ${event.revision}`, event);
    }
  }
  return places.map(({ stream, revision }) => {
    const event = found.get(`${stream} ${revision}`);
    if (event === undefined) throw new Error(`the log has no revision ${revision} of ${stream}`);
    return event;
  });
}

interface Run {
  readonly stream: string;
  readonly first: number;
  last: number;
}

function runsOf(places: readonly Pick<HistoryPlace, 'stream' | 'revision'>[]): readonly Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  for (const { stream, revision } of places) {
    const run = open.get(stream);
    if (run !== undefined && revision - run.last <= NEAR) {
      run.last = revision;
      continue;
    }
    const begun = { stream, first: revision, last: revision };
    open.set(stream, begun);
    runs.push(begun);
  }
  return runs;
}

/** A stored event of a unit and year as a sentence, its data brought up to date first. */
export function sentenceOf(envelope: Envelope, options: TellingOptions): string {
  const { stream, type, version } = envelope;
  if (stream.startsWith('budget-')) {
    const data = BUDGET.upcast(type, version, envelope.data);
    return budgetSentence({ ...envelope, data } as Told<BudgetEvent>, options);
  }
  const data = PERFORMANCE.upcast(type, version, envelope.data);
  return performanceSentence({ ...envelope, data } as Told<PerformanceEvent>, options);
}

/** Upcasting is the same for every unit and year. */
const BUDGET = budgetDecider('', 0);
const PERFORMANCE = performanceDecider(0);
