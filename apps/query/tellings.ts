/**
 * What has come into the read models between two of their standings, told in the order of the log. An event is told once and
 * only when a read would show it: those that a stopped stream keeps back are told when the stream goes on.
 */
import type { Envelope, Position } from '#domain/envelope.js';
import type { EventStore } from '#event-store/port.js';
import { currentEvent, familyOf, type Family } from '#read-model/projections/streams.js';
import type { Standing, Stop } from '#read-model/queries/standing.js';

/** Events of one unit and year, or of a unit in the directory, that have come in. */
export interface Change {
  readonly family: Family['family'];
  readonly unit: string;
  /** Absent for the directory. */
  readonly year?: number;
  /** Of the last of them, in its stream. */
  readonly revision: number;
  readonly events: number;
  /** Each once, in the order in which they came first. */
  readonly types: readonly string[];
}

/** One step from standing to standing: events that came in, or a stream that stopped. `at` is where it leads. */
export type Telling =
  { readonly at: Standing; readonly changes: readonly Change[] } | { readonly at: Standing; readonly stop: Stop };

export type Log = Pick<EventStore, 'read' | 'readAll' | 'order'>;

/** Events read at a time, and told in one change at most. */
const PAGE = 500;

/**
 * Steps that lead from one standing to a later one; the last leads to `to` itself, where there need not be an event: read
 * models also move on when the log's time does. In memory is one page at a time.
 */
export async function* tellings(log: Log, from: Standing, to: Standing): AsyncGenerator<Telling> {
  let at: Standing = { ...from, parked: kept(from, to) };
  yield { at, changes: await released(log, from, to) };
  for (const stop of to.parked.values()) {
    if (stop.order > from.order || at.parked.has(stop.stream)) continue;
    at = stoppedAt(at, stop);
    yield { at, stop };
  }
  while (at.order < to.order) {
    const page = await log.readAll(at.position, PAGE);
    for (const telling of inPage(log, page, { at, to })) {
      at = telling.at;
      yield telling;
    }
    const last = page.at(-1);
    if (last === undefined || log.order(last.position) > to.order) break;
  }
  yield { at: to, changes: [] };
}

/** A stop ends a change: a reader that breaks off between the two goes on with the other one. */
function* inPage(
  log: Log,
  page: readonly Envelope[],
  { at: before, to }: { readonly at: Standing; readonly to: Standing },
): Generator<Telling> {
  let at = before;
  let summary = new Summary();
  for (const envelope of page) {
    const place = placeOf(log, envelope);
    if (place.order > to.order) break;
    const stop = to.parked.get(envelope.stream);
    if (stop !== undefined && envelope.revision === stop.revision) {
      if (summary.size > 0) yield { at, changes: summary.changes };
      summary = new Summary();
      at = stoppedAt({ ...at, ...place }, stop);
      yield { at, stop };
      continue;
    }
    at = { ...at, ...place };
    if (stop === undefined || envelope.revision < stop.revision) summary.add(envelope);
  }
  yield { at, changes: summary.changes };
}

const placeOf = (log: Log, { position, recordedAt }: Envelope): Omit<Standing, 'parked'> => ({
  order: log.order(position),
  position,
  recordedAt,
});

const stoppedAt = (at: Standing, stop: Stop): Standing => ({
  ...at,
  parked: new Map([...at.parked, [stop.stream, stop]]),
});

const isSame = (stop: Stop, other: Stop | undefined): boolean => stop.revision === other?.revision;

/** Stops that were told before and still stand. */
const kept = (from: Standing, to: Standing): Standing['parked'] =>
  new Map([...from.parked].filter(([stream, stop]) => isSame(stop, to.parked.get(stream))));

/** Events that streams kept back at `from` and that have come in since, as far as they lie before it. */
async function released(log: Log, from: Standing, to: Standing): Promise<readonly Change[]> {
  const summary = new Summary();
  for (const [stream, stop] of from.parked) {
    const now = to.parked.get(stream);
    if (isSame(stop, now)) continue;
    const limit = now === undefined ? Infinity : now.revision - stop.revision;
    for await (const envelope of log.read(stream, { from: stop.revision, limit })) {
      if (log.order(envelope.position) > from.order) break;
      summary.add(envelope);
    }
  }
  return summary.changes;
}

class Summary {
  readonly #changes = new Map<string, Change & { revision: number; events: number; types: string[] }>();

  get size(): number {
    return this.#changes.size;
  }

  get changes(): readonly Change[] {
    return [...this.#changes.values()];
  }

  /** Streams that feed no read model change none. */
  add(envelope: Envelope): void {
    const family = familyOf(envelope.stream);
    if (family === undefined) return;
    const { type, revision } = envelope;
    const unit = family.family === 'directory' ? unitOf(family, envelope) : family.unit;
    const key = `${envelope.stream} ${unit}`;
    const known = this.#changes.get(key);
    if (known === undefined) {
      const { family: name } = family;
      const year = 'year' in family ? { year: family.year } : {};
      this.#changes.set(key, { family: name, unit, ...year, revision, events: 1, types: [type] });
      return;
    }
    known.revision = revision;
    known.events += 1;
    if (!known.types.includes(type)) known.types.push(type);
  }
}

const unitOf = (family: Family, envelope: Envelope): string =>
  (currentEvent(family, envelope).data as { readonly unit: string }).unit;

/** A standing at a position that a reader has come to, as far as what stands now tells. */
export const standingAfter = (log: Log, position: Position | 'start', now: Standing): Standing => {
  const order = log.order(position);
  const parked = new Map([...now.parked].filter(([, stop]) => stop.order <= order));
  return { order, position, recordedAt: 0, parked };
};
