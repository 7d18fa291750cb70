/**
 * What every adapter of the event store must do, as one suite. An adapter's spec calls `eventStoreContract` with a way to
 * make a store over a log of its own; nothing here knows which adapter it runs against.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { civilDate } from '#domain/calendar.js';
import type { Envelope, NewEvent, Position } from '#domain/envelope.js';
import { canonicalJson } from './canonical.js';
import {
  AppendTooLarge,
  FutureInstant,
  MAX_APPEND_BYTES,
  PositionBeyondEnd,
  StoreUnavailable,
  WrongRevision,
  type EventStore,
} from './port.js';

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

const ids = (events: readonly { readonly id: string }[]): string[] => events.map((event) => event.id);

export function eventStoreContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as an event store`, () => {
    let subject: StoreUnderTest;
    let store: EventStore;
    beforeEach(async () => {
      subject = await create();
      store = subject.store;
    });
    afterEach(() => subject.dispose());

    describe('append', () => {
      it('gives events back as they were stored, numbered from 0', async () => {
        const [first, second] = sampleEvents(2) as [NewEvent, NewEvent];
        const late = sampleEvent({ belongsTo: civilDate('2024-05-31') });
        const appended = await store.append('budget-A-2024', 'none', [first, second]);
        await store.append('budget-A-2024', 1, [late]);
        const stored = await collect(store.read('budget-A-2024'));
        expect(stored).toMatchObject([
          { ...first, stream: 'budget-A-2024', revision: 0 },
          { ...second, stream: 'budget-A-2024', revision: 1 },
          { ...late, stream: 'budget-A-2024', revision: 2 },
        ]);
        expect(stored.slice(0, 2)).toEqual(appended);
        expect(stored.map((event) => 'belongsTo' in event)).toEqual([false, false, true]);
      });

      it('stores exactly the canonical JSON of the data, strings in form NFC', async () => {
        const event = sampleEvent({ data: { z: 'Cafe\u0301', a: [1, { y: null, x: '"\\\u2028土地' }] } });
        const [appended] = await store.append('budget-A-2024', 'none', [event]);
        const { data, metadata } = await subject.storedBytes('budget-A-2024', 0);
        expect(Buffer.from(data).toString('hex')).toBe(Buffer.from(canonicalJson(event.data)).toString('hex'));
        const { effectiveDate, version, meta } = event;
        expect(Buffer.from(metadata).toString()).toBe(canonicalJson({ ...meta, effectiveDate, version }));
        expect(appended?.data).toEqual({ a: [1, { x: '"\\\u2028土地', y: null }], z: 'Caf\u00e9' });
      });

      it.each([
        ['a stream that must not exist', 2, 'none'],
        ['a stream that must exist', 0, 0],
        ['an older revision', 3, 1],
        ['a revision that is not there yet', 3, 3],
      ] as const)('refuses a wrong revision: %s', async (_, existing, expected) => {
        if (existing > 0) await store.append('budget-A-2024', 'none', sampleEvents(existing));
        const refused = await store.append('budget-A-2024', expected, [sampleEvent()]).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(WrongRevision);
        expect(refused).toMatchObject({
          stream: 'budget-A-2024',
          expected,
          actual: existing === 0 ? 'none' : existing - 1,
        });
        expect(await collect(store.read('budget-A-2024'))).toHaveLength(existing);
      });

      it('answers an exact repeat of a whole append with what is stored', async () => {
        const [one, two, three] = [sampleEvents(1), sampleEvents(2), sampleEvents(1)];
        await store.append('budget-A-2024', 'none', one);
        const appended = await store.append('budget-A-2024', 0, two);
        await store.append('budget-A-2024', 2, three);
        expect(await store.append('budget-A-2024', 0, two)).toEqual(appended);
        expect(await collect(store.read('budget-A-2024'))).toHaveLength(4);
      });

      it('answers it after a restart too', async () => {
        const events = sampleEvents(3);
        const appended = await store.append('budget-A-2024', 'none', events);
        const reopened = await subject.reopen();
        expect(await reopened.append('budget-A-2024', 'none', events)).toEqual(appended);
        await reopened.append('budget-A-2024', 2, [sampleEvent()]);
        expect(await reopened.append('budget-A-2024', 'none', events)).toEqual(appended);
        expect(await collect(reopened.read('budget-A-2024'))).toHaveLength(4);
      });

      it('books a repeat that overtakes its first answer once', async () => {
        const events = sampleEvents(2);
        const answers = await Promise.all(
          Array.from({ length: 10 }, () => store.append('budget-A-2024', 'none', events)),
        );
        for (const answer of answers) expect(answer).toEqual(answers[0]);
        expect(await collect(store.read('budget-A-2024'))).toHaveLength(2);
      });

      it('refuses an append that is equal only in part', async () => {
        const events = sampleEvents(2);
        const [first, second] = events as [NewEvent, NewEvent];
        await store.append('budget-A-2024', 'none', events);
        const tries = [
          store.append('budget-A-2024', 'none', [first]).then(() => 'a shorter one is a whole append of its own'),
          store.append('budget-A-2024', 'none', [...events, sampleEvent()]),
          store.append('budget-A-2024', 'none', [second, first]),
          store.append('budget-A-2024', 'none', [first, sampleEvent()]),
          store.append('budget-A-2024', 0, [sampleEvent()]),
        ];
        const results = await Promise.allSettled(tries);
        expect(results.map((result) => result.status)).toEqual([
          'fulfilled',
          'rejected',
          'rejected',
          'rejected',
          'rejected',
        ]);
        for (const result of results.slice(1)) {
          expect((result as PromiseRejectedResult).reason).toBeInstanceOf(WrongRevision);
        }
        expect(ids(await collect(store.read('budget-A-2024')))).toEqual(ids(events));
      });

      it('refuses an id that is stored elsewhere, and harms nobody who appends meanwhile', async () => {
        const event = sampleEvent();
        await store.append('budget-A-2024', 'none', [event]);
        const results = await Promise.allSettled([
          store.append('budget-B-2024', 'none', sampleEvents(2)),
          store.append('budget-C-2024', 'none', [sampleEvent(), event]),
          store.append('budget-D-2024', 'none', sampleEvents(2)),
          store.append('budget-D-2024', 1, sampleEvents(2)),
        ]);
        expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
        expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(WrongRevision);
        expect(await collect(store.read('budget-C-2024'))).toEqual([]);
        expect(await collect(store.read('budget-D-2024'))).toHaveLength(4);
        await store.append('budget-C-2024', 'none', [sampleEvent()]);
      });

      it('numbers appends in the order of the calls, also several to one stream at once', async () => {
        const calls: NewEvent[] = sampleEvents(60);
        await Promise.all(
          calls.map((event, index) =>
            store.append(`budget-S${index % 3}-2024`, index < 3 ? 'none' : Math.floor(index / 3) - 1, [event]),
          ),
        );
        expect(ids(await store.readAll('start', 100))).toEqual(ids(calls));
      });

      it('lets one of many writers at one revision through', async () => {
        await store.append('budget-A-2024', 'none', [sampleEvent()]);
        const results = await Promise.allSettled(
          Array.from({ length: 20 }, () => store.append('budget-A-2024', 0, [sampleEvent()])),
        );
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
        expect(await collect(store.read('budget-A-2024'))).toHaveLength(2);
      });

      it('takes 2,000 events in one append', async () => {
        const events = sampleEvents(2_000);
        const appended = await store.append('budget-A-2024', 'none', events);
        expect(ids(appended)).toEqual(ids(events));
        expect(ids(await collect(store.read('budget-A-2024')))).toEqual(ids(events));
      });

      it('takes an append of exactly the limit and refuses one byte more, with the figure', async () => {
        const sized = (bytes: number): NewEvent => {
          const empty = sampleEvent({ data: '' });
          const { effectiveDate, version, meta } = empty;
          const rest = canonicalJson({ ...meta, effectiveDate, version });
          return { ...empty, data: 'x'.repeat(bytes - Buffer.byteLength(rest) - empty.type.length - 2) };
        };
        await store.append('budget-A-2024', 'none', [sized(MAX_APPEND_BYTES - 500_000), sized(500_000)]);
        const refused = await store.append('budget-A-2024', 1, [sized(MAX_APPEND_BYTES + 1)]).catch((error) => error);
        expect(refused).toBeInstanceOf(AppendTooLarge);
        expect(refused).toMatchObject({ stream: 'budget-A-2024', bytes: MAX_APPEND_BYTES + 1 });
        expect(await collect(store.read('budget-A-2024'))).toHaveLength(2);
      });

      it.each<[string, string, 'none' | number, NewEvent[]]>([
        ['no events', 'budget-A-2024', 'none', []],
        ['a system stream', '$$budget-A-2024', 'none', [sampleEvent()]],
        ['a stream name with a space', 'budget A', 'none', [sampleEvent()]],
        ['a revision that is no revision', 'budget-A-2024', -1, [sampleEvent()]],
        ['an id that is no UUID', 'budget-A-2024', 'none', [sampleEvent({ id: '1' })]],
        ['a bigint', 'budget-A-2024', 'none', [sampleEvent({ data: { fen: 1n } })]],
        ['undefined', 'budget-A-2024', 'none', [sampleEvent({ data: { fen: undefined } })]],
        ['version 0', 'budget-A-2024', 'none', [sampleEvent({ version: 0 })]],
      ])('throws on a bug: %s', async (_, stream, expected, events) => {
        await expect(store.append(stream, expected, events)).rejects.toBeInstanceOf(TypeError);
        expect(await store.readAll('start', 10)).toEqual([]);
      });

      it('throws on one id twice', async () => {
        const event = sampleEvent();
        await expect(store.append('budget-A-2024', 'none', [event, event])).rejects.toBeInstanceOf(TypeError);
      });
    });

    describe('read', () => {
      it('gives nothing for an unknown stream', async () => {
        expect(await collect(store.read('budget-A-2024'))).toEqual([]);
      });

      it('tells the head of a stream', async () => {
        expect(await store.head('budget-A-2024')).toEqual({ revision: 'none' });
        const appended = await store.append('budget-A-2024', 'none', sampleEvents(3));
        expect(await store.head('budget-A-2024')).toEqual(appended[2]);
      });

      it('begins and ends where it is told', async () => {
        const events = sampleEvents(20);
        await store.append('budget-A-2024', 'none', events);
        await store.append('budget-B-2024', 'none', sampleEvents(5));
        const part = await collect(store.read('budget-A-2024', { from: 7, limit: 4 }));
        expect(part.map((event) => event.revision)).toEqual([7, 8, 9, 10]);
        expect(ids(part)).toEqual(ids(events.slice(7, 11)));
        expect(await collect(store.read('budget-A-2024', { from: 18, limit: 10 }))).toHaveLength(2);
        expect(await collect(store.read('budget-A-2024', { from: 20 }))).toEqual([]);
        expect(await collect(store.read('budget-A-2024', { limit: 0 }))).toEqual([]);
      });

      it('goes on over many pages', async () => {
        const batches = Array.from({ length: 5 }, () => sampleEvents(1_900));
        for (const [index, batch] of batches.entries()) {
          await store.append('budget-A-2024', index === 0 ? 'none' : index * 1_900 - 1, batch);
        }
        expect(ids(await collect(store.read('budget-A-2024')))).toEqual(ids(batches.flat()));
        expect(await collect(store.read('budget-A-2024', { from: 100, limit: 7_000 }))).toHaveLength(7_000);
      });

      it('gives all streams in the order of the log, page by page', async () => {
        for (let index = 0; index < 10; index += 1) {
          await store.append(`budget-U${index}-2024`, 'none', sampleEvents(3));
        }
        const all = await store.readAll('start', 100);
        expect(all).toHaveLength(30);
        const pages: Envelope[] = [];
        let after: Position | 'start' = 'start';
        for (;;) {
          const page: readonly Envelope[] = await store.readAll(after, 7);
          pages.push(...page);
          after = page.at(-1)?.position ?? after;
          if (page.length < 7) break;
        }
        expect(pages).toEqual(all);
        expect(await store.readAll(after, 7)).toEqual([]);
        const order = all.map((event) => store.order(event.position));
        expect(order.every((value, index) => value > (order[index - 1] ?? store.order('start')))).toBe(true);
      });
    });

    describe('time', () => {
      it('stamps with the clock, and never back', async () => {
        const stamps: number[] = [];
        for (const [index, now] of [1_000_000, 1_000_005, 999_000, 1_000_004, 1_000_006].entries()) {
          subject.clock.now = now;
          const [event] = await store.append('budget-A-2024', index === 0 ? 'none' : index - 1, [sampleEvent()]);
          stamps.push(event?.recordedAt ?? 0);
        }
        expect(stamps).toEqual([1_000_000, 1_000_005, 1_000_005, 1_000_005, 1_000_006]);
      });

      it('never back after a restart either', async () => {
        subject.clock.now = 2_000_000;
        await store.append('budget-A-2024', 'none', [sampleEvent()]);
        subject.clock.now = 1_000_000;
        const reopened = await subject.reopen();
        const [event] = await reopened.append('budget-A-2024', 0, [sampleEvent()]);
        expect(event?.recordedAt).toBe(2_000_000);
      });

      it('keeps the instant of an imported event, in order and never ahead of now', async () => {
        subject.clock.now = 5_000;
        const at = (recordedAt: number): NewEvent => {
          const event = sampleEvent();
          return { ...event, meta: { ...event.meta, recordedAt } };
        };
        const imported = await store.append('budget-A-2024', 'none', [at(1_000), at(3_000), at(2_000), at(9_000)]);
        expect(imported.map((event) => event.recordedAt)).toEqual([1_000, 3_000, 3_000, 5_000]);
        expect(imported.map((event) => event.meta.recordedAt)).toEqual([1_000, 3_000, 2_000, 9_000]);
      });

      it('settles a past instant at the end of the log, and stamps later events after it', async () => {
        subject.clock.now = 1_000;
        expect(await store.settled(900)).toBe('start');
        const [first] = await store.append('budget-A-2024', 'none', [sampleEvent()]);
        subject.clock.now = 2_000;
        expect(await store.settled(1_999)).toBe(first?.position);
        subject.clock.now = 1_500;
        const [second] = await store.append('budget-A-2024', 0, [sampleEvent()]);
        expect(second?.recordedAt).toBe(2_000);
      });

      it('does not settle now or later', async () => {
        subject.clock.now = 1_000;
        for (const instant of [1_000, 1_001]) {
          await expect(store.settled(instant)).rejects.toBeInstanceOf(FutureInstant);
        }
      });

      it('has every append stamped at or before a settled instant in what was read', async () => {
        const streams = Array.from({ length: 16 }, (_, index) => `budget-U${index}-2024`);
        subject.clock.now = 1_000;
        const settled: { instant: number; end: bigint }[] = [];
        await Promise.all([
          ...streams.map(async (stream) => {
            for (let index = 0; index < 20; index += 1) {
              subject.clock.now += 1;
              await store.append(stream, index === 0 ? 'none' : index - 1, [sampleEvent()]);
            }
          }),
          (async () => {
            for (let round = 0; round < 20; round += 1) {
              const instant = subject.clock.now - 1;
              settled.push({ instant, end: store.order(await store.settled(instant)) });
            }
          })(),
        ]);
        const all = await store.readAll('start', 1_000);
        expect(all).toHaveLength(320);
        for (const { instant, end } of settled) {
          const hidden = all.filter((event) => event.recordedAt <= instant && store.order(event.position) > end);
          expect(hidden).toEqual([]);
        }
      });
    });

    describe('subscribe', () => {
      it('shows a live reader every event of 64 writers, in order and without gaps', async () => {
        const seen: Envelope[] = [];
        const handler = async (events: readonly Envelope[]): Promise<void> => void seen.push(...events);
        const subscription = store.subscribe('start', handler);
        await Promise.all(
          Array.from({ length: 64 }, async (_, writer) => {
            let revision: number | 'none' = 'none';
            for (let index = 0; index < 20; index += 1) {
              const events = sampleEvents(1 + (index % 3));
              const appended: readonly Envelope[] = await store.append(`budget-U${writer}-2024`, revision, events);
              revision = appended.at(-1)?.revision ?? 'none';
            }
          }),
        );
        const all = await store.readAll('start', 10_000);
        await until(() => seen.length >= all.length);
        await subscription.stop();
        expect(all).toHaveLength(64 * 39);
        expect(seen).toEqual(all);
      });

      it('goes on from a stored position, after a restart too', async () => {
        const before = await store.append('budget-A-2024', 'none', sampleEvents(10));
        const stored = before[3]?.position as Position;
        const reopened = await subject.reopen();
        const seen: Envelope[] = [];
        const subscription = reopened.subscribe(stored, async (events) => void seen.push(...events));
        await until(() => seen.length >= 6);
        const after = await reopened.append('budget-A-2024', 9, sampleEvents(2));
        await until(() => seen.length >= 8);
        await subscription.stop();
        expect(seen).toEqual([...before.slice(4), ...after]);
      });

      it('delivers in batches no larger than asked', async () => {
        await store.append('budget-A-2024', 'none', sampleEvents(25));
        const sizes: number[] = [];
        const subscription = store.subscribe('start', async (events) => void sizes.push(events.length), {
          batchSize: 10,
        });
        await until(() => sizes.length >= 3);
        await subscription.stop();
        expect(sizes).toEqual([10, 10, 5]);
      });

      it('delivers the batch again whose handler rejects, and tells why', async () => {
        await store.append('budget-A-2024', 'none', sampleEvents(4));
        const delivered: string[][] = [];
        const errors: unknown[] = [];
        const handler = async (events: readonly Envelope[]): Promise<void> => {
          delivered.push(ids(events));
          if (delivered.length <= 2) throw new Error(`no ${delivered.length}`);
        };
        const subscription = store.subscribe('start', handler, {
          batchSize: 2,
          onError: (error) => errors.push(error),
        });
        await until(() => delivered.length >= 4);
        await subscription.stop();
        expect(delivered[1]).toEqual(delivered[0]);
        expect(delivered[2]).toEqual(delivered[0]);
        expect(delivered[3]).not.toEqual(delivered[0]);
        expect(errors).toEqual([new Error('no 1'), new Error('no 2')]);
      });

      it('waits for the handler before it stops, and delivers nothing after', async () => {
        await store.append('budget-A-2024', 'none', [sampleEvent()]);
        const calls: string[] = [];
        let release = (): void => undefined;
        const subscription = store.subscribe('start', async () => {
          calls.push('begin');
          await new Promise<void>((resolve) => (release = resolve));
          calls.push('end');
        });
        await until(() => calls.length === 1);
        const stopped = subscription.stop().then(() => calls.push('stopped'));
        await store.append('budget-A-2024', 0, [sampleEvent()]);
        release();
        await stopped;
        expect(calls).toEqual(['begin', 'end', 'stopped']);
      });

      it('refuses a position that the log has not reached', async () => {
        const [first] = await store.append('budget-A-2024', 'none', [sampleEvent()]);
        const beyond = String(store.order(first?.position as Position) + 1_000n) as Position;
        const errors: unknown[] = [];
        const seen: Envelope[] = [];
        const subscription = store.subscribe(beyond, async (events) => void seen.push(...events), {
          onError: (error) => errors.push(error),
        });
        await until(() => errors.length > 0);
        await subscription.stop();
        expect(errors).toEqual([expect.any(PositionBeyondEnd)]);
        expect(seen).toEqual([]);
      });
    });

    describe('close', () => {
      it('stops subscriptions and refuses what comes after', async () => {
        store.subscribe('start', async () => undefined);
        await store.close();
        const refused = await store.append('budget-A-2024', 'none', [sampleEvent()]).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(StoreUnavailable);
        expect(refused).toMatchObject({ outcome: 'refused' });
      });
    });
  });
}
