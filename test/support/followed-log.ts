/**
 * A log that is followed, in memory: what the relay sees of the event store, with places, marks and checkpoints, batches cut
 * by chance, and outages when a spec wants them.
 */
import type { Envelope, Position } from '#domain/envelope.js';
import { sampleEvent } from '#event-store/contract/subject.js';
import type { FollowedLog, LogEntry, Place } from '#event-store/eventstoredb/followed.js';
import { PositionBeyondEnd, type EventStore } from '#event-store/port.js';
import type { Chance } from './chance.js';

export interface WrittenLog extends FollowedLog, Pick<EventStore, 'readAll'> {
  /** What was written so far, in order. */
  readonly entries: readonly LogEntry[];
  /** The next event of a stream, stamped by the server at `at` (UTC ms). */
  write(stream: string, at: number): Envelope;
  mark(at: number): Place;
  checkpoint(): Place;
}

const STEP = 400n;

export function createWrittenLog(chance: Chance): WrittenLog {
  const entries: LogEntry[] = [];
  const revisions = new Map<string, number>();
  const wakers = new Set<() => void>();
  let end = 0n;
  const add = (entry: LogEntry): void => {
    entries.push(entry);
    for (const wake of wakers) wake();
  };
  const next = (): Place => {
    end += STEP;
    return { commit: end, prepare: end };
  };
  const isAfter = (after: Place | 'start') => (entry: LogEntry) =>
    after === 'start' || entry.place.commit > after.commit;

  return {
    entries,
    write(stream, at) {
      const place = next();
      const revision = (revisions.get(stream) ?? -1) + 1;
      revisions.set(stream, revision);
      const position = String(place.commit) as Position;
      const envelope: Envelope = { ...sampleEvent(), stream, revision, position, recordedAt: at };
      add({ kind: 'event', place, envelope });
      return envelope;
    },
    mark(at) {
      const place = next();
      add({ kind: 'mark', place, recordedAt: at });
      return place;
    },
    checkpoint() {
      const place = { ...next(), prepare: end - 7n };
      add({ kind: 'checkpoint', place });
      return place;
    },
    readAll: async (after, limit) => {
      const events = entries.filter((entry) => entry.kind === 'event');
      const rest = events.filter(({ place }) => after === 'start' || place.commit > BigInt(after));
      return rest.slice(0, limit).map(({ envelope }) => envelope);
    },
    follow(after, handler, { batchSize = 500, onError } = {}) {
      let stopped = false;
      let wake = (): void => undefined;
      const woken = (): void => wake();
      wakers.add(woken);
      const run = async (): Promise<void> => {
        if (after !== 'start' && after.commit > end) {
          onError?.(new PositionBeyondEnd(String(after.commit) as Position, String(end) as Position));
          return;
        }
        let from = entries.findIndex(isAfter(after));
        if (from < 0) from = entries.length;
        while (!stopped) {
          const batch = entries.slice(from, from + 1 + chance.below(batchSize));
          if (batch.length === 0) {
            await new Promise<void>((resolve) => (wake = resolve));
            continue;
          }
          await new Promise(setImmediate);
          await handler(batch).then(
            () => (from += batch.length),
            (error: unknown) => onError?.(error),
          );
        }
      };
      const finished = run();
      return {
        stop: async () => {
          stopped = true;
          wakers.delete(woken);
          wake();
          await finished;
        },
      };
    },
  };
}
