/** Stamps never go back, and a settled instant stays as it was answered. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent } from '#domain/envelope.js';
import { FutureInstant, type EventStore } from '../port.js';
import { sampleEvent, type StoreUnderTest } from './subject.js';

export function timeContract(subject: () => StoreUnderTest): void {
  describe('time', () => {
    let store: EventStore;
    beforeEach(() => {
      store = subject().store;
    });

    it('stamps with the clock, and never back', async () => {
      const stamps: number[] = [];
      for (const [index, now] of [1_000_000, 1_000_005, 999_000, 1_000_004, 1_000_006].entries()) {
        subject().clock.now = now;
        const [event] = await store.append('budget-A-2024', index === 0 ? 'none' : index - 1, [sampleEvent()]);
        stamps.push(event?.recordedAt ?? 0);
      }
      expect(stamps).toEqual([1_000_000, 1_000_005, 1_000_005, 1_000_005, 1_000_006]);
    });

    it('never back after a restart either', async () => {
      subject().clock.now = 2_000_000;
      await store.append('budget-A-2024', 'none', [sampleEvent()]);
      subject().clock.now = 1_000_000;
      const reopened = await subject().reopen();
      const [event] = await reopened.append('budget-A-2024', 0, [sampleEvent()]);
      expect(event?.recordedAt).toBe(2_000_000);
    });

    it('keeps the instant of an imported event, in order and never ahead of now', async () => {
      subject().clock.now = 5_000;
      const at = (recordedAt: number): NewEvent => {
        const event = sampleEvent();
        return { ...event, meta: { ...event.meta, recordedAt } };
      };
      const imported = await store.append('budget-A-2024', 'none', [at(1_000), at(3_000), at(2_000), at(9_000)]);
      expect(imported.map((event) => event.recordedAt)).toEqual([1_000, 3_000, 3_000, 5_000]);
      expect(imported.map((event) => event.meta.recordedAt)).toEqual([1_000, 3_000, 2_000, 9_000]);
    });

    it('settles a past instant at the end of the log, and stamps later events after it', async () => {
      subject().clock.now = 1_000;
      expect(await store.settled(900)).toBe('start');
      const [first] = await store.append('budget-A-2024', 'none', [sampleEvent()]);
      subject().clock.now = 2_000;
      expect(await store.settled(1_999)).toBe(first?.position);
      subject().clock.now = 1_500;
      const [second] = await store.append('budget-A-2024', 0, [sampleEvent()]);
      expect(second?.recordedAt).toBe(2_000);
    });

    it('does not settle now or later', async () => {
      subject().clock.now = 1_000;
      for (const instant of [1_000, 1_001]) {
        await expect(store.settled(instant)).rejects.toBeInstanceOf(FutureInstant);
      }
    });

    it('has every append stamped at or before a settled instant in what was read', async () => {
      const streams = Array.from({ length: 16 }, (_, index) => `budget-U${index}-2024`);
      subject().clock.now = 1_000;
      const settled: { instant: number; end: bigint }[] = [];
      let writing = true;
      const asking = (async () => {
        for (; writing; await new Promise(setImmediate)) {
          const instant = subject().clock.now - 1;
          settled.push({ instant, end: store.order(await store.settled(instant)) });
        }
      })();
      await Promise.all(
        streams.map(async (stream) => {
          for (let index = 0; index < 20; index += 1) {
            subject().clock.now += 1;
            await store.append(stream, index === 0 ? 'none' : index - 1, [sampleEvent()]);
          }
        }),
      );
      writing = false;
      await asking;
      const all = await store.readAll('start', 1_000);
      expect(all).toHaveLength(320);
      for (const { instant, end } of settled) {
        const hidden = all.filter((event) => event.recordedAt <= instant && store.order(event.position) > end);
        expect(hidden).toEqual([]);
      }
    });
  });
}
