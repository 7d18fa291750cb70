/** What a seat makes of batches: those that are taken away in the middle, and those that do not follow one another. */
import { describe, expect, it } from '@jest/globals';
import { approved, pay } from '#domain/budget/specification.js';
import type { Envelope } from '#domain/envelope.js';
import { eventMessage } from '#messaging/event-message.js';
import type { Batch, IncomingMessage } from '#messaging/port.js';
import type { Place } from '#read-model/projections/clock.js';
import type { Projector } from '#read-model/projections/projector.js';
import { RecordedLog } from '#read-model/specification.js';
import { isPassing } from './failures.js';
import { Seat, TakenAway } from './seat.js';

const log = new RecordedLog();
log.book('A', 2024, approved({ L: '9000.00' }));
const [payment] = log.book('A', 2024, pay('V1', 'L', '1.00'));

/** The payment again and again, at offsets from `offset` on. */
const messages = (count: number, offset = 0): IncomingMessage[] => {
  const { version, effectiveDate, meta, data, recordedAt: time } = payment!;
  const texts = { data: JSON.stringify(data), metadata: JSON.stringify({ ...meta, version, effectiveDate }) };
  const message = eventMessage({ envelope: payment!, ...texts, time }, { partitions: 1, source: 'spec' });
  return Array.from({ length: count }, (_, nth) => ({ ...message, offset: BigInt(offset + nth) }));
};

/** A seat over a projector that only tells what it was given. */
function seated() {
  const given: (number | 'doubt')[] = [];
  const place: Place = { position: 0n, opaque: 'start', recordedAt: 0 };
  const projector: Pick<Projector, 'place' | 'handle' | 'doubt'> = {
    place,
    handle: async (events: readonly Envelope[]) => void given.push(events.length),
    doubt: () => void given.push('doubt'),
  };
  const seat = new Seat({
    projector: projector as Projector,
    log,
    owns: () => true,
    onUnreadable: (error) => {
      throw error;
    },
  });
  const take = (batch: readonly IncomingMessage[], isOurs = () => true): Promise<void> =>
    seat.take({ partition: 0, messages: batch, heartbeat: async () => undefined, isOurs } satisfies Batch);
  return { given, seat, take };
}

describe('a batch', () => {
  it('that is taken away in the middle is not done, and says so in a way that passes', async () => {
    const { given, seat, take } = seated();
    const failure = await take(messages(4_500), () => given.length < 1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TakenAway);
    expect(isPassing(failure)).toBe(true);
    expect([given, seat.events, seat.next]).toEqual([[2_000], 2_000, 2_000n]);
    await take(messages(2_500, 2_000));
    expect([given, seat.next]).toEqual([[2_000, 2_000, 500], 4_500n]);
  });

  it('is looked for in the log where its offset is not the next one', async () => {
    const { given, take } = seated();
    for (const [count, offset] of [
      [3, 10],
      [2, 13],
      [1, 16],
      [4, 0],
      [1, 4],
    ] as const)
      await take(messages(count, offset));
    expect(given).toEqual([3, 2, 'doubt', 1, 'doubt', 4, 1]);
  });
});
