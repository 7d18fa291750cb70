/** Reading one stream and the whole log. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Envelope, Position } from '#domain/envelope.js';
import { type EventStore } from '../port.js';
import { collect, ids, sampleEvents, type Trial } from './subject.js';

export function readContract(subject: () => Trial): void {
  describe('read', () => {
    let store: EventStore;
    let stream: Trial['stream'];
    let before: Trial['before'];
    beforeEach(() => {
      ({ store, stream, before } = subject());
    });

    it('gives nothing for an unknown stream', async () => {
      expect(await collect(store.read(stream('A')))).toEqual([]);
    });

    it('tells the head of a stream', async () => {
      expect(await store.head(stream('A'))).toEqual({ revision: 'none' });
      const appended = await store.append(stream('A'), 'none', sampleEvents(3));
      expect(await store.head(stream('A'))).toEqual(appended[2]);
    });

    it('begins and ends where it is told', async () => {
      const events = sampleEvents(20);
      await store.append(stream('A'), 'none', events);
      await store.append(stream('B'), 'none', sampleEvents(5));
      const part = await collect(store.read(stream('A'), { from: 7, limit: 4 }));
      expect(part.map((event) => event.revision)).toEqual([7, 8, 9, 10]);
      expect(ids(part)).toEqual(ids(events.slice(7, 11)));
      expect(await collect(store.read(stream('A'), { from: 18, limit: 10 }))).toHaveLength(2);
      expect(await collect(store.read(stream('A'), { from: 20 }))).toEqual([]);
      expect(await collect(store.read(stream('A'), { limit: 0 }))).toEqual([]);
    });

    it('goes on over many pages', async () => {
      const batches = Array.from({ length: 5 }, () => sampleEvents(1_900));
      for (const [index, batch] of batches.entries()) {
        await store.append(stream('A'), index === 0 ? 'none' : index * 1_900 - 1, batch);
      }
      expect(ids(await collect(store.read(stream('A'))))).toEqual(ids(batches.flat()));
      expect(await collect(store.read(stream('A'), { from: 100, limit: 7_000 }))).toHaveLength(7_000);
    });

    it('gives all streams in the order of the log, page by page', async () => {
      for (let index = 0; index < 10; index += 1) {
        await store.append(stream(`U${index}`), 'none', sampleEvents(3));
      }
      const all = await store.readAll(before, 100);
      expect(all).toHaveLength(30);
      const pages: Envelope[] = [];
      let after: Position | 'start' = before;
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
}
