/**
 * The time of the log never goes back, and a settled instant stays as it was answered. Log time is the running maximum of the
 * stamps; a store may stamp with it at once, or leave the maximum to whoever reads the log in order.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent } from '#domain/envelope.js';
import { FutureInstant, type EventStore } from '../port.js';
import { logTimes, sampleEvent, type Traits, type Trial } from './subject.js';

export function timeContract(subject: () => Trial, { ofServer }: Traits): void {
  describe('time', () => {
    let store: EventStore;
    let stream: Trial['stream'];
    beforeEach(() => {
      ({ store, stream } = subject());
    });
    const times = async (from: Trial = subject()): Promise<number[]> =>
      (await logTimes(from)).map(({ recordedAt }) => recordedAt);

    const set = ofServer === undefined ? describe : describe.skip;
    set(`by a clock that is set${ofServer === undefined ? '' : `, left out because ${ofServer}`}`, () => {
      it('is what the clock says, and never goes back', async () => {
        for (const [index, now] of [1_000_000, 1_000_005, 999_000, 1_000_004, 1_000_006].entries()) {
          subject().clock.now = now;
          await store.append(stream('A'), index === 0 ? 'none' : index - 1, [sampleEvent()]);
        }
        expect(await times()).toEqual([1_000_000, 1_000_005, 1_000_005, 1_000_005, 1_000_006]);
      });

      it('never goes back after a restart either', async () => {
        subject().clock.now = 2_000_000;
        await store.append(stream('A'), 'none', [sampleEvent()]);
        subject().clock.now = 1_000_000;
        const reopened = await subject().reopen();
        await reopened.append(stream('A'), 0, [sampleEvent()]);
        expect(await times({ ...subject(), store: reopened })).toEqual([2_000_000, 2_000_000]);
      });

      it('keeps the instant of an imported event, in order and never ahead of now', async () => {
        subject().clock.now = 5_000;
        const at = (recordedAt: number): NewEvent => {
          const event = sampleEvent();
          return { ...event, meta: { ...event.meta, recordedAt } };
        };
        const imported = await store.append(stream('A'), 'none', [at(1_000), at(3_000), at(2_000), at(9_000)]);
        expect(await times()).toEqual([1_000, 3_000, 3_000, 5_000]);
        expect(imported.map((event) => event.meta.recordedAt)).toEqual([1_000, 3_000, 2_000, 9_000]);
      });

      it('settles a past instant behind all that is stamped until then, and counts later events after it', async () => {
        subject().clock.now = 1_000;
        expect(await store.settled(900)).toBe('start');
        const [first] = await store.append(stream('A'), 'none', [sampleEvent()]);
        subject().clock.now = 2_000;
        const settled = store.order(await store.settled(1_999));
        subject().clock.now = 1_500;
        const [second] = await store.append(stream('A'), 0, [sampleEvent()]);
        expect(await times()).toEqual([1_000, 2_000]);
        expect(settled).toBeGreaterThanOrEqual(store.order(first?.position ?? 'start'));
        expect(settled).toBeLessThan(store.order(second?.position ?? 'start'));
        expect(store.order(await store.settled(1_100))).toBeLessThan(store.order(second?.position ?? 'start') + 1n);
      });

      it('does not settle now or later', async () => {
        subject().clock.now = 1_000;
        for (const instant of [1_000, 1_001]) {
          await expect(store.settled(instant)).rejects.toBeInstanceOf(FutureInstant);
        }
      });
    });

    it('has every append stamped at or before a settled instant in what was read', async () => {
      const { clock } = subject();
      const streams = Array.from({ length: 16 }, (_, index) => stream(`U${index}`));
      if (ofServer === undefined) clock.now = 1_000;
      const settled: { instant: number; end: bigint }[] = [];
      let writing = true;
      const asking = (async () => {
        for (; writing; await new Promise(setImmediate)) {
          const instant = clock.now - 1;
          settled.push({ instant, end: store.order(await store.settled(instant)) });
        }
      })();
      await Promise.all(
        streams.map(async (name) => {
          for (let index = 0; index < 20; index += 1) {
            if (ofServer === undefined) clock.now += 1;
            await store.append(name, index === 0 ? 'none' : index - 1, [sampleEvent()]);
          }
        }),
      );
      writing = false;
      await asking;
      const all = await logTimes(subject());
      expect(all).toHaveLength(320);
      for (const { instant, end } of settled) {
        const hidden = all.filter((event) => event.recordedAt <= instant && store.order(event.position) > end);
        expect(hidden).toEqual([]);
      }
    });
  });
}
