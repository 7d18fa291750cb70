/** One pass over the log: its time, its streams, and whether any revision is missing. */
import type { Envelope, Position } from '#domain/envelope.js';
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

/** What a survey looks at. */
export interface Surveyed {
  /** Nothing beyond. */
  readonly end: bigint;
  /** Whether an event is looked at; of each stream all up to some revision. */
  readonly within: (envelope: Envelope, position: bigint) => boolean;
}

/** Reads the log. `passed` is given the places of each page. */
export async function survey(
  log: LogReader,
  { end, within }: Surveyed,
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
    let isLast = page.length < PAGE;
    for (const envelope of page) {
      const { stream, revision } = envelope;
      const position = log.order(envelope.position);
      if (position > end) {
        isLast = true;
        break;
      }
      place = advance(place, envelope, position);
      if (!within(envelope, position)) continue;
      const expected = next.get(stream) ?? 0;
      if (revision !== expected) gaps.push({ stream, from: expected, to: revision - 1 });
      else if (streams.get(stream) === undefined || streams.get(stream) === expected) streams.set(stream, revision + 1);
      next.set(stream, revision + 1);
      places.push(place);
    }
    events += places.length;
    await passed(places);
    after = isLast ? undefined : page.at(-1)?.position;
  }
  return { events, streams, gaps };
}
