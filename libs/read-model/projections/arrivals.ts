/**
 * What of a batch is new: duplicates are dropped by revision, gaps are filled from the log, and every event gets the log's
 * time at its place.
 */
import type { Envelope } from '#domain/envelope.js';
import type { LogClock } from '#read-model/entities/progress.js';
import { advance, clockRows, type Place, type Recorded } from '#read-model/projections/clock.js';
import { LogBehind, type LogReader } from '#read-model/projections/log-reader.js';

export interface Arrived {
  /** New events by stream, each in the order of its revisions. */
  readonly streams: ReadonlyMap<string, readonly Recorded[]>;
  readonly clock: readonly LogClock[];
  /** The last place in the log that the batch reaches. */
  readonly place: Place;
}

export interface Known {
  readonly place: Place;
  /** Revision of the stream's last event that was taken in; −1 for none, `undefined` for a stream that is left alone. */
  readonly revision: (stream: string) => number | undefined;
  /** The log's time at places passed before; `undefined` where each event carries it as its `recordedAt`. */
  readonly timesAt: ((positions: readonly bigint[]) => Promise<readonly number[]>) | undefined;
}

/** `recordedAt` is undefined until the place of the event has been passed. */
interface Placed {
  readonly envelope: Envelope;
  readonly position: bigint;
  recordedAt: number | undefined;
}

export async function arrivals(
  batch: readonly Envelope[],
  known: Known,
  log: Pick<LogReader, 'read' | 'order'>,
): Promise<Arrived> {
  const placed = (envelope: Envelope): Placed => ({
    envelope,
    position: log.order(envelope.position),
    recordedAt: undefined,
  });
  const all = batch.map(placed);
  const { fresh, missing } = await newOnes(all, known, async (stream, from, to) =>
    (await revisions(log, stream, from, to)).map(placed),
  );
  const passed = missing.length === 0 ? all : [...all, ...missing];
  const { timesAt } = known;
  const { place, clock } =
    timesAt === undefined ? passCarrying(passed, known.place) : await pass(passed, known.place, timesAt);
  const streams = new Map<string, Recorded[]>();
  for (const event of fresh) {
    if (!isRecorded(event)) throw new Error(`the clock has no time at position ${event.envelope.position}`);
    const events = streams.get(event.envelope.stream);
    if (events === undefined) streams.set(event.envelope.stream, [event]);
    else events.push(event);
  }
  return { streams, clock, place };
}

const isRecorded = (event: Placed): event is Placed & Recorded => event.recordedAt !== undefined;

/** Events above the known revisions, once each; `missing`: those among them that the batch itself left out. */
async function newOnes(
  all: readonly Placed[],
  known: Known,
  fetch: (stream: string, from: number, to: number) => Promise<Placed[]>,
): Promise<{ fresh: Placed[]; missing: Placed[] }> {
  const last = new Map<string, number>();
  const fresh: Placed[] = [];
  const missing: Placed[] = [];
  for (const event of all) {
    const { stream, revision } = event.envelope;
    const before = last.get(stream) ?? known.revision(stream);
    if (before === undefined || revision <= before) continue;
    if (revision > before + 1) {
      const between = await fetch(stream, before + 1, revision);
      fresh.push(...between);
      missing.push(...between);
    }
    fresh.push(event);
    last.set(stream, revision);
  }
  return { fresh, missing };
}

async function revisions(log: Pick<LogReader, 'read'>, stream: string, from: number, to: number): Promise<Envelope[]> {
  const found: Envelope[] = [];
  for await (const envelope of log.read(stream, { from, limit: to - from })) found.push(envelope);
  const whole = found.length === to - from && found.every(({ revision }, index) => revision === from + index);
  if (!whole) throw new LogBehind(`the log has no revisions ${from} to ${to - 1} of ${stream}`);
  return found;
}

/** Gives every event the log's time at its place; what the clock showed at places not passed before, and the last place. */
async function pass(
  events: readonly Placed[],
  start: Place,
  timesAt: (positions: readonly bigint[]) => Promise<readonly number[]>,
): Promise<{ place: Place; clock: readonly LogClock[] }> {
  const old = events.filter(({ position }) => position <= start.position);
  const times = old.length === 0 ? [] : await timesAt(old.map(({ position }) => position));
  old.forEach((event, index) => (event.recordedAt = times[index]));
  let place = start;
  const passed: Place[] = [];
  for (const event of inOrder(events)) {
    if (event.position <= place.position) {
      // The same event once more.
      event.recordedAt ??= place.recordedAt;
      continue;
    }
    place = advance(place, event.envelope, event.position);
    event.recordedAt = place.recordedAt;
    passed.push(place);
  }
  return { place, clock: clockRows(passed) };
}

/** The same for events that may come after others which the log recorded later. */
function passCarrying(events: readonly Placed[], start: Place): { place: Place; clock: readonly LogClock[] } {
  let place = start;
  const passed: Place[] = [];
  for (const event of events) {
    const { position, envelope } = event;
    const reached = { position, opaque: envelope.position, recordedAt: envelope.recordedAt };
    event.recordedAt = envelope.recordedAt;
    passed.push(reached);
    if (position > place.position) place = reached;
  }
  return { place, clock: clockRows(passed) };
}

function inOrder(events: readonly Placed[]): readonly Placed[] {
  const before = (a: Placed, b: Placed | undefined): boolean => b === undefined || a.position <= b.position;
  if (events.every((event, index) => before(event, events[index + 1]))) return events;
  return [...events].sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0));
}
