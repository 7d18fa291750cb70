/** Writing: exact revisions, repeats, sizes, and what only a bug can ask for. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { civilDate } from '#domain/calendar.js';
import type { NewEvent } from '#domain/envelope.js';
import { canonicalJson } from '../canonical.js';
import { AppendTooLarge, MAX_APPEND_BYTES, WrongRevision, type EventStore } from '../port.js';
import { collect, ids, sampleEvent, sampleEvents, type Traits, type Trial } from './subject.js';

export function appendContract(subject: () => Trial, { knowsIdsInPlaceOnly = false }: Traits): void {
  describe('append', () => {
    let store: EventStore;
    let stream: Trial['stream'];
    let before: Trial['before'];
    beforeEach(() => {
      ({ store, stream, before } = subject());
    });

    it('gives events back as they were stored, numbered from 0', async () => {
      const [first, second] = sampleEvents(2) as [NewEvent, NewEvent];
      const late = sampleEvent({ belongsTo: civilDate('2024-05-31') });
      const appended = await store.append(stream('A'), 'none', [first, second]);
      await store.append(stream('A'), 1, [late]);
      const stored = await collect(store.read(stream('A')));
      expect(stored).toMatchObject([
        { ...first, stream: stream('A'), revision: 0 },
        { ...second, stream: stream('A'), revision: 1 },
        { ...late, stream: stream('A'), revision: 2 },
      ]);
      expect(stored.slice(0, 2)).toEqual(appended);
      expect(stored.map((event) => 'belongsTo' in event)).toEqual([false, false, true]);
    });

    it('stores exactly the canonical JSON of the data, strings in form NFC', async () => {
      const event = sampleEvent({ data: { 10: 1, 9: 2, z: 'Cafe\u0301', a: [1, { y: null, x: '"\\\u2028土地' }] } });
      const [appended] = await store.append(stream('A'), 'none', [event]);
      const { data, metadata } = await subject().storedBytes(stream('A'), 0);
      expect(Buffer.from(data).toString('hex')).toBe(Buffer.from(canonicalJson(event.data)).toString('hex'));
      const { effectiveDate, version, meta } = event;
      expect(Buffer.from(metadata).toString()).toBe(canonicalJson({ ...meta, effectiveDate, version }));
      expect(appended?.data).toEqual({ a: [1, { x: '"\\\u2028土地', y: null }], z: 'Caf\u00e9', 9: 2, 10: 1 });
    });

    it.each([
      ['a stream that must not exist', 2, 'none'],
      ['a stream that must exist', 0, 0],
      ['an older revision', 3, 1],
      ['a revision that is not there yet', 3, 3],
    ] as const)('refuses a wrong revision: %s', async (_, existing, expected) => {
      if (existing > 0) await store.append(stream('A'), 'none', sampleEvents(existing));
      const refused = await store.append(stream('A'), expected, [sampleEvent()]).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(WrongRevision);
      expect(refused).toMatchObject({
        stream: stream('A'),
        expected,
        actual: existing === 0 ? 'none' : existing - 1,
      });
      expect(await collect(store.read(stream('A')))).toHaveLength(existing);
    });

    it('answers an exact repeat of a whole append with what is stored', async () => {
      const [one, two, three] = [sampleEvents(1), sampleEvents(2), sampleEvents(1)];
      await store.append(stream('A'), 'none', one);
      const appended = await store.append(stream('A'), 0, two);
      await store.append(stream('A'), 2, three);
      expect(await store.append(stream('A'), 0, two)).toEqual(appended);
      expect(await collect(store.read(stream('A')))).toHaveLength(4);
    });

    it('answers it after a restart too', async () => {
      const events = sampleEvents(3);
      const appended = await store.append(stream('A'), 'none', events);
      const reopened = await subject().reopen();
      expect(await reopened.append(stream('A'), 'none', events)).toEqual(appended);
      await reopened.append(stream('A'), 2, [sampleEvent()]);
      expect(await reopened.append(stream('A'), 'none', events)).toEqual(appended);
      expect(await collect(reopened.read(stream('A')))).toHaveLength(4);
    });

    it('books a repeat that overtakes its first answer once', async () => {
      const events = sampleEvents(2);
      const answers = await Promise.all(Array.from({ length: 10 }, () => store.append(stream('A'), 'none', events)));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await collect(store.read(stream('A')))).toHaveLength(2);
    });

    it('refuses an append that is equal only in part', async () => {
      const events = sampleEvents(2);
      const [first, second] = events as [NewEvent, NewEvent];
      await store.append(stream('A'), 'none', events);
      const tries = [
        store.append(stream('A'), 'none', [first]).then(() => 'a shorter one is a whole append of its own'),
        store.append(stream('A'), 'none', [...events, sampleEvent()]),
        store.append(stream('A'), 'none', [second, first]),
        store.append(stream('A'), 'none', [first, sampleEvent()]),
        store.append(stream('A'), 0, [sampleEvent()]),
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
      expect(ids(await collect(store.read(stream('A'))))).toEqual(ids(events));
    });

    const known = knowsIdsInPlaceOnly ? 'does not look for' : 'refuses';
    it(`${known} an id that is stored elsewhere, and harms nobody who appends meanwhile`, async () => {
      const event = sampleEvent();
      await store.append(stream('A'), 'none', [event]);
      const results = await Promise.allSettled([
        store.append(stream('B'), 'none', sampleEvents(2)),
        store.append(stream('C'), 'none', [sampleEvent(), event]),
        store.append(stream('D'), 'none', sampleEvents(2)),
        store.append(stream('D'), 1, sampleEvents(2)),
      ]);
      const [, elsewhere, ...others] = results;
      expect(others.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled']);
      expect(elsewhere?.status).toBe(knowsIdsInPlaceOnly ? 'fulfilled' : 'rejected');
      if (elsewhere?.status === 'rejected') expect(elsewhere.reason).toBeInstanceOf(WrongRevision);
      expect(await collect(store.read(stream('C')))).toHaveLength(knowsIdsInPlaceOnly ? 2 : 0);
      expect(await collect(store.read(stream('D')))).toHaveLength(4);
      await store.append(stream('C'), knowsIdsInPlaceOnly ? 1 : 'none', [sampleEvent()]);
    });

    it('numbers appends in the order of the calls, also several to one stream at once', async () => {
      const calls: NewEvent[] = sampleEvents(60);
      await Promise.all(
        calls.map((event, index) =>
          store.append(stream(`S${index % 3}`), index < 3 ? 'none' : Math.floor(index / 3) - 1, [event]),
        ),
      );
      expect(ids(await store.readAll(before, 100))).toEqual(ids(calls));
    });

    it('lets one of many writers at one revision through', async () => {
      await store.append(stream('A'), 'none', [sampleEvent()]);
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => store.append(stream('A'), 0, [sampleEvent()])),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect(await collect(store.read(stream('A')))).toHaveLength(2);
    });

    it('takes 2,000 events in one append', async () => {
      const events = sampleEvents(2_000);
      const appended = await store.append(stream('A'), 'none', events);
      expect(ids(appended)).toEqual(ids(events));
      expect(ids(await collect(store.read(stream('A'))))).toEqual(ids(events));
    });

    it('takes an append of exactly the limit and refuses one byte more, with the figure', async () => {
      const sized = (bytes: number): NewEvent => {
        const empty = sampleEvent({ data: '' });
        const { effectiveDate, version, meta } = empty;
        const rest = canonicalJson({ ...meta, effectiveDate, version });
        return { ...empty, data: 'x'.repeat(bytes - Buffer.byteLength(rest) - empty.type.length - 2) };
      };
      await store.append(stream('A'), 'none', [sized(MAX_APPEND_BYTES - 500_000), sized(500_000)]);
      const refused = await store
        .append(stream('A'), 1, [sized(MAX_APPEND_BYTES + 1)])
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(AppendTooLarge);
      expect(refused).toMatchObject({ stream: stream('A'), bytes: MAX_APPEND_BYTES + 1 });
      expect(await collect(store.read(stream('A')))).toHaveLength(2);
    });

    it.each<[string, string | undefined, 'none' | number, NewEvent[]]>([
      ['no events', undefined, 'none', []],
      ['a system stream', '$$budget-A-2024', 'none', [sampleEvent()]],
      ['a stream name with a space', 'budget A', 'none', [sampleEvent()]],
      ['a revision that is no revision', undefined, -1, [sampleEvent()]],
      ['an id that is no UUID', undefined, 'none', [sampleEvent({ id: '1' })]],
      ['a bigint', undefined, 'none', [sampleEvent({ data: { fen: 1n } })]],
      ['undefined', undefined, 'none', [sampleEvent({ data: { fen: undefined } })]],
      ['version 0', undefined, 'none', [sampleEvent({ version: 0 })]],
    ])('throws on a bug: %s', async (_, name, expected, events) => {
      await expect(store.append(name ?? stream('A'), expected, events)).rejects.toBeInstanceOf(TypeError);
      expect(await store.readAll(before, 10)).toEqual([]);
    });

    it('throws on one id twice', async () => {
      const event = sampleEvent();
      await expect(store.append(stream('A'), 'none', [event, event])).rejects.toBeInstanceOf(TypeError);
    });
  });
}
