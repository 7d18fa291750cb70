/** Whether the events of a log file can follow each other: each stream is folded by the decider that would have written it. */
import { budgetDecider } from '#domain/budget/decide.js';
import type { Decider } from '#domain/decider.js';
import { DIRECTORY_STREAM, directoryDecider } from '#domain/directory/decide.js';
import type { DomainEvent, NewEvent } from '#domain/envelope.js';
import { performanceDecider } from '#domain/performance/decide.js';
import { LogFileRefused } from '#event-store/log-file.js';

/** Throws `LogFileRefused` for an unknown stream, or for the first event of a stream that cannot follow. */
export function checkStream(events: readonly NewEvent[], stream: string): void {
  const decider = deciderOf(stream);
  if (decider === undefined) throw refused(stream, 'is none of this ledger');
  let state = decider.initialState();
  for (const [revision, event] of events.entries()) {
    try {
      const data = decider.upcast(event.type, event.version, event.data);
      state = decider.evolve(state, { ...event, data } as DomainEvent as never);
    } catch (error) {
      throw refused(stream, `revision ${revision}, ${event.type}: ${(error as Error).message}`);
    }
  }
}

const refused = (stream: string, why: string) => new LogFileRefused('LOG_FILE_LINE', 0, `stream ${stream}: ${why}`);

type AnyDecider = Pick<Decider<unknown, never, never, never>, 'initialState' | 'evolve' | 'upcast'>;

function deciderOf(stream: string): AnyDecider | undefined {
  if (stream === DIRECTORY_STREAM) return directoryDecider as AnyDecider;
  const [, family, unit = '', year = ''] = /^(budget|performance)-([A-Z0-9]{1,21})-(\d{4})$/.exec(stream) ?? [];
  if (family === 'budget') return budgetDecider(unit, Number(year)) as AnyDecider;
  return family === 'performance' ? (performanceDecider(Number(year)) as AnyDecider) : undefined;
}
