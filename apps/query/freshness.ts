/**
 * From what a caller says was known to a place in the log that the read models have passed for good. A place is resolved
 * through the log's time, and only when nothing can be recorded at or before it any more: a frozen answer stays frozen.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#domain/envelope.js';
import { Problem } from '#platform/problem.js';
import { freshness, placeAt, timeOf, type Freshness, type KnownPlace } from '#read-model/queries/known.js';
import { snapshot, type Snapshot } from '#read-model/queries/snapshot.js';
import type { Known } from './moment.js';
import type { Sources } from './sources.js';

/** Which place an answer is about: worked out on the snapshot that the answer is read from. */
export interface Moment extends KnownPlace {
  /** As answers print it, UTC ms: the instant asked for, or when the last event included was recorded. */
  readonly knownAt: number;
  /** Everything in the snapshot is known at this moment. */
  readonly newest: boolean;
}

export type MomentIn = (opened: Snapshot) => Promise<Moment>;

/** Resolves when the read models include a position; 503 `READ_MODEL_BEHIND` with the lag when they do not in time. */
export async function awaitPosition(sources: Sources, position: Position | 'start'): Promise<void> {
  const order = sources.store.order(position);
  if (await reached(sources, order)) return;
  const at = await snapshot(sources.dataSource, freshness);
  if (at.order >= order) return;
  throw behind(at, order);
}

const behind = (at: KnownPlace, order: bigint): Problem =>
  new Problem(
    503,
    'READ_MODEL_BEHIND',
    {
      detail: `The answer does not include position ${order} yet. Ask again.`,
      position: at.position,
      lag: String(order - at.order),
    },
    { 'retry-after': '1' },
  );

async function reached({ progress, dataSource, waitMs }: Sources, order: bigint): Promise<boolean> {
  try {
    return await progress.waitFor(order, waitMs);
  } catch (error) {
    // Says what is wrong with the database, if that is it.
    await snapshot(dataSource, freshness);
    throw error;
  }
}

/** What is in the read models, up to where all of it is. */
export const asKnownNow: MomentIn = async (opened) => {
  const { last, ...place } = await freshness(opened);
  return { ...place, knownAt: place.recordedAt, newest: place.order >= last };
};

/** What was recorded up to an instant or a position. Throws 422 `KNOWN_AT_NOT_PAST` and 503 `READ_MODEL_BEHIND`. */
export async function asKnown(sources: Sources, known: Known): Promise<MomentIn> {
  return 'instant' in known ? asKnownAtInstant(sources, known.instant) : asKnownAtPosition(sources, known.position);
}

async function asKnownAtInstant(sources: Sources, instant: number): Promise<MomentIn> {
  const end = await settled(sources, instant);
  if (end === undefined) {
    throw notPast(`${new Date(instant).toISOString()} is not past yet; leave knownAt out to ask for now.`);
  }
  await awaitPosition(sources, end);
  return async (opened) => {
    const { last } = await passed(opened, sources.store.order(end));
    const place = await placeAt(opened, instant);
    return { ...place, knownAt: instant, newest: place.order >= last };
  };
}

async function asKnownAtPosition(sources: Sources, position: Position): Promise<MomentIn> {
  const order = sources.store.order(position);
  // What the read models hold is past; only for what they do not hold the log is asked.
  if ((await snapshot(sources.dataSource, freshness)).order < order) {
    const end = await settled(sources, sources.clock() - 1);
    if (end !== undefined && order > sources.store.order(end)) {
      throw notPast(`The log has no position ${position} yet; it ends at ${end}. Leave knownAt out to ask for now.`);
    }
    await awaitPosition(sources, position);
  }
  return async (opened) => {
    const { last } = await passed(opened, order);
    const recordedAt = (await timeOf(opened, order)) ?? 0;
    return { order, position, recordedAt, knownAt: recordedAt, newest: order >= last };
  };
}

/** Where the read models stand, once past a place: a database that lost its last commits is behind what was said of it. */
async function passed(opened: Snapshot, order: bigint): Promise<Freshness> {
  const now = await freshness(opened);
  if (now.order < order) throw behind(now, order);
  return now;
}

/** Longest time that an event keeps the stamp of the present, in steps of a millisecond. */
const SETTLING_TRIES = 50;

/**
 * Now, as an instant that gives the same answer for ever: the stamp of the last event included, when no other event can get
 * that stamp any more.
 */
export async function asKnownForEver(sources: Sources): Promise<MomentIn> {
  for (let tries = 0; tries < SETTLING_TRIES; tries += 1) {
    const { recordedAt, position } = await snapshot(sources.dataSource, freshness);
    if (position === 'start') return asKnownNow;
    const end = await settled(sources, recordedAt);
    if (end !== undefined) {
      await awaitPosition(sources, end);
      return asKnownAtInstant(sources, recordedAt);
    }
    await pause(1);
  }
  return asKnownNow;
}

/** End of the log when nothing stamped by `instant` can come any more; `undefined` for an instant that is not past. */
export async function settled({ store }: Sources, instant: number): Promise<Position | 'start' | undefined> {
  try {
    return await store.settled(instant);
  } catch (error) {
    if ((error as Error).name === 'FutureInstant') return undefined;
    throw error;
  }
}

const notPast = (detail: string): Problem =>
  new Problem(422, 'KNOWN_AT_NOT_PAST', {
    detail,
    faults: [{ parameter: 'knownAt', code: 'KNOWN_AT_NOT_PAST', message: 'knownAt must be before now' }],
  });
