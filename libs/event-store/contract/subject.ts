/** What the contract suite needs of an adapter, and the events it appends. Specs of everything above may use the latter. */
import { randomUUID } from 'node:crypto';
import { civilDate } from '#domain/calendar.js';
import type { Envelope, NewEvent } from '#domain/envelope.js';
import type { EventStore } from '../port.js';

export interface StoreUnderTest {
  readonly store: EventStore;
  /** What the store takes for now, UTC ms; starts at any instant. */
  readonly clock: { now: number };
  /** Closes the store and opens one over the same log, as a restart does. */
  reopen(): Promise<EventStore>;
  /** The bytes that the log holds for one event. */
  storedBytes(stream: string, revision: number): Promise<{ readonly data: Uint8Array; readonly metadata: Uint8Array }>;
  dispose(): Promise<void>;
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
