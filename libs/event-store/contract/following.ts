/** A live reader sees everything once it is there, in order and without gaps. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Envelope, Position } from '#domain/envelope.js';
import { PositionBeyondEnd, type EventStore } from '../port.js';
import { ids, sampleEvent, sampleEvents, until, type Trial } from './subject.js';

export function subscribeContract(subject: () => Trial): void {
  describe('subscribe', () => {
    let store: EventStore;
    let stream: Trial['stream'];
    let before: Trial['before'];
    beforeEach(() => {
      ({ store, stream, before } = subject());
    });

    it('shows a live reader every event of 64 writers, in order and without gaps', async () => {
      const seen: Envelope[] = [];
      const handler = async (events: readonly Envelope[]): Promise<void> => void seen.push(...events);
      const subscription = store.subscribe(before, handler);
      await Promise.all(
        Array.from({ length: 64 }, async (_, writer) => {
          let revision: number | 'none' = 'none';
          for (let index = 0; index < 20; index += 1) {
            const events = sampleEvents(1 + (index % 3));
            const appended: readonly Envelope[] = await store.append(stream(`U${writer}`), revision, events);
            revision = appended.at(-1)?.revision ?? 'none';
          }
        }),
      );
      const all = await store.readAll(before, 10_000);
      await until(() => seen.length >= all.length);
      await subscription.stop();
      expect(all).toHaveLength(64 * 39);
      expect(seen).toEqual(all);
    });

    it('goes on from a stored position, after a restart too', async () => {
      const earlier = await store.append(stream('A'), 'none', sampleEvents(10));
      const stored = earlier[3]?.position as Position;
      const reopened = await subject().reopen();
      const seen: Envelope[] = [];
      const subscription = reopened.subscribe(stored, async (events) => void seen.push(...events));
      await until(() => seen.length >= 6);
      const later = await reopened.append(stream('A'), 9, sampleEvents(2));
      await until(() => seen.length >= 8);
      await subscription.stop();
      expect(seen).toEqual([...earlier.slice(4), ...later]);
    });

    it('delivers in batches no larger than asked', async () => {
      await store.append(stream('A'), 'none', sampleEvents(25));
      const sizes: number[] = [];
      const subscription = store.subscribe(before, async (events) => void sizes.push(events.length), {
        batchSize: 10,
      });
      const delivered = (): number => sizes.reduce((sum, size) => sum + size, 0);
      await until(() => delivered() >= 25);
      await subscription.stop();
      expect(delivered()).toBe(25);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
      expect(Math.min(...sizes)).toBeGreaterThan(0);
    });

    it('delivers the batch again whose handler rejects, and tells why', async () => {
      await store.append(stream('A'), 'none', sampleEvents(4));
      const delivered: string[][] = [];
      const errors: unknown[] = [];
      const handler = async (events: readonly Envelope[]): Promise<void> => {
        delivered.push(ids(events));
        if (delivered.length <= 2) throw new Error(`no ${delivered.length}`);
      };
      const subscription = store.subscribe(before, handler, {
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
      await store.append(stream('A'), 'none', [sampleEvent()]);
      const calls: string[] = [];
      let release = (): void => undefined;
      const subscription = store.subscribe(before, async () => {
        calls.push('begin');
        await new Promise<void>((resolve) => (release = resolve));
        calls.push('end');
      });
      await until(() => calls.length === 1);
      const stopped = subscription.stop().then(() => calls.push('stopped'));
      await store.append(stream('A'), 0, [sampleEvent()]);
      release();
      await stopped;
      expect(calls).toEqual(['begin', 'end', 'stopped']);
    });

    it('refuses a position that the log has not reached', async () => {
      const [first] = await store.append(stream('A'), 'none', [sampleEvent()]);
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
}
