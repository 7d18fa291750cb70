/** One pass over the log: its time, its streams, and whether any revision is missing. */
import type { Position } from '#domain/envelope.js';
import { advance, type Place } from '#read-model/projections/clock.js';
import type { LogReader } from '#read-model/projections/log-reader.js';

/** Revisions that a stream of the log should have and has not. */
export interface Gap {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
}

export interface Survey {
  readonly events: number;
  /** How many events of each stream may be folded: those before its first gap. */
  readonly streams: ReadonlyMap<string, number>;
  readonly gaps: readonly Gap[];
}

const PAGE = 1_000;

/** Reads the log up to and including `end`. `passed` is given the places of each page. */
export async function survey(
  log: LogReader,
  end: bigint,
  passed: (places: readonly Place[]) => Promise<void>,
): Promise<Survey> {
  const next = new Map<string, number>();
  const streams = new Map<string, number>();
  const gaps: Gap[] = [];
  let events = 0;
  let place: Place = { position: log.order('start'), opaque: 'start', recordedAt: 0 };
  for (let after: Position | 'start' | undefined = 'start'; after !== undefined;) {
    const page = await log.readAll(after, PAGE);
    const places: Place[] = [];
    for (const envelope of page) {
      const { stream, revision } = envelope;
      const position = log.order(envelope.position);
      if (position > end) break;
      const expected = next.get(stream) ?? 0;
      if (revision !== expected) gaps.push({ stream, from: expected, to: revision - 1 });
      else if (streams.get(stream) === undefined || streams.get(stream) === expected) streams.set(stream, revision + 1);
      next.set(stream, revision + 1);
      place = advance(place, envelope, position);
      places.push(place);
    }
    events += places.length;
    await passed(places);
    const isLast = page.length < PAGE || places.length < page.length;
    after = isLast ? undefined : page.at(-1)?.position;
  }
  return { events, streams, gaps };
}
