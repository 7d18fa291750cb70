/**
 * The log's time for what is read from a store whose clock may have stepped back: whoever follows the log in order knows the
 * running maximum and keeps the stretches in which the store's own stamps lie below it.
 */
import type { Envelope } from '#domain/envelope.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { pagesOf } from '#read-model/projections/pages.js';

/** A stretch of the log, both ends included, whose events carry `time` (UTC ms), although they were stamped earlier. */
export interface ClockStep {
  readonly from: bigint;
  readonly through: bigint;
  readonly time: number;
}

/** Those steps that touch a stretch of the log, both ends included. */
export type ClockSteps = (from: bigint, through: bigint) => Promise<readonly ClockStep[]>;

const PAGE = 500;

/** The same log; every event is `recordedAt` what it was stamped, or the time of the steps that cover it if that is later. */
export function loggedTime(log: LogReader, steps: ClockSteps): LogReader {
  async function timed(page: readonly Envelope[]): Promise<readonly Envelope[]> {
    const [first, last] = [page[0], page.at(-1)];
    if (first === undefined || last === undefined) return page;
    const found = await steps(log.order(first.position), log.order(last.position));
    return found.length === 0 ? page : page.map((event) => inLogTime(event, found));
  }

  function inLogTime(event: Envelope, found: readonly ClockStep[]): Envelope {
    const position = log.order(event.position);
    const covering = found.filter(({ from, through }) => from <= position && position <= through);
    const recordedAt = Math.max(event.recordedAt, ...covering.map(({ time }) => time));
    return recordedAt === event.recordedAt ? event : { ...event, recordedAt };
  }

  return {
    readAll: async (after, limit) => timed(await log.readAll(after, limit)),
    async *read(stream, options) {
      for await (const page of pagesOf(log.read(stream, options), PAGE)) yield* await timed(page);
    },
    settled: (instant) => log.settled(instant),
    order: (position) => log.order(position),
  };
}
