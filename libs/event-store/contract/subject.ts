/** What the contract suite needs of an adapter, and the events it appends. Specs of everything above may use the latter. */
import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { civilDate } from '#domain/calendar.js';
import type { Envelope, NewEvent, Position } from '#domain/envelope.js';
import type { EventStore } from '../port.js';

export interface StoreUnderTest {
  readonly store: EventStore;
  /** What the store takes for now, UTC ms; starts at any instant. Nobody sets that of a real server (`ofServer`). */
  readonly clock: { now: number };
  /** Closes the store and opens one over the same log, as a restart does. */
  reopen(): Promise<EventStore>;
  /** The bytes that the log holds for one event. */
  storedBytes(stream: string, revision: number): Promise<{ readonly data: Uint8Array; readonly metadata: Uint8Array }>;
  /** Everything after a position that bears on the time of the log, where that is more than its events. */
  readonly moments?: (after: Position | 'start') => Promise<readonly Moment[]>;
  /** End of the log before the test, where that is not empty. */
  end?(): Promise<Position | 'start'>;
  dispose(): Promise<void>;
}

/** What holds for all subjects of one adapter. */
export interface Traits {
  /** Why nobody can set the clock. */
  readonly ofServer?: string;
  /** An id is compared only with those at the revisions where it would stand; elsewhere it is not known again. */
  readonly knowsIdsInPlaceOnly?: boolean;
}

/** A stamp at a place of the log. */
export interface Moment {
  readonly position: Position;
  /** UTC ms. */
  readonly recordedAt: number;
}

/** A subject as one test sees it: names of its own, in a log that need not be empty. */
export interface Trial extends StoreUnderTest {
  /** The budget of a unit of this test alone. */
  readonly stream: (unit: string) => string;
  /** Where the log ended before the test. */
  readonly before: Position | 'start';
}

export async function trialOf(subject: StoreUnderTest): Promise<Trial> {
  const test = randomUUID().slice(0, 8).toUpperCase();
  const before = (await subject.end?.()) ?? 'start';
  return { ...subject, before, stream: (unit) => `budget-${test}${unit}-2024` };
}

/**
 * Log time of every event after the beginning of the test, in order: the running maximum of all stamps. Where the log holds
 * nothing but events, each is stamped with it.
 */
export async function logTimes({ store, before, moments }: Trial): Promise<Moment[]> {
  const events = await store.readAll(before, 10_000);
  const all = (await moments?.(before)) ?? events;
  const times = new Map<Position, number>();
  let time = 0;
  for (const { position, recordedAt } of all) times.set(position, (time = Math.max(time, recordedAt)));
  return events.map(({ position, recordedAt }) => {
    const of = times.get(position);
    if (of === undefined) throw new Error(`no moment at ${position}`);
    if (!moments) expect(recordedAt).toBe(of);
    return { position, recordedAt: of };
  });
}

/** A payment as it would be stored, with an id of its own. */
export function sampleEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  const commandId = randomUUID();
  return {
    id: randomUUID(),
    type: 'PaymentExecuted',
    version: 1,
    effectiveDate: civilDate('2024-06-28'),
    data: { voucherNo: 'V-1', line: 'P01', fen: 123_456, payee: { name: '苏州某公司', kind: 'organisation' } },
    meta: {
      commandId,
      actor: { id: 'clerk', name: '张会计' },
      requestHash: 'a'.repeat(64),
      causationId: commandId,
      correlationId: commandId,
    },
    ...overrides,
  };
}

export const sampleEvents = (count: number): NewEvent[] => Array.from({ length: count }, () => sampleEvent());

export async function collect(events: AsyncIterable<Envelope>): Promise<Envelope[]> {
  const all: Envelope[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Resolves once `condition` holds, looking again on later turns; the runner's own time limit is the only clock. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

export const ids = (events: readonly { readonly id: string }[]): string[] => events.map((event) => event.id);
