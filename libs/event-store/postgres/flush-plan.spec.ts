import { describe, expect, it } from '@jest/globals';
import { sampleEvents } from '#event-store/contract/subject.js';
import { planFlush, type Append, type Situation } from '#event-store/postgres/flush-plan.js';
import { encode } from '#event-store/serialise.js';

const ignore = (): void => undefined;

function append(stream: string, expected: number, count = 1, rest: Partial<Append> = {}): Append {
  const events = sampleEvents(count).map(encode);
  return { stream, expected, events, bytes: count * 500, resolve: ignore, reject: ignore, ...rest };
}

function plan(queue: readonly Append[], heads: Record<string, number>, rest: Partial<Situation> = {}) {
  const situation = {
    headOf: (stream: string) => heads[stream],
    lastPosition: 100,
    floor: 0,
    now: 5_000,
    served: 0,
    commitMs: 0.2,
  };
  return planFlush(queue, { ...situation, ...rest });
}

const writers = (count: number, events = 1): Append[] =>
  Array.from({ length: count }, (_, index) => append(`s${index}`, -1, events));
const newStreams = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, -1]));

describe('a flush', () => {
  it('numbers events in the order of the queue, also several appends to one stream', () => {
    const { events, heads } = plan([append('a', 4), append('b', -1, 2), append('a', 5)], { a: 4, b: -1 });
    expect(events).toMatchObject([
      { position: '101', stream: 'a', revision: 5 },
      { position: '102', stream: 'b', revision: 0 },
      { position: '103', stream: 'b', revision: 1 },
      { position: '104', stream: 'a', revision: 6 },
    ]);
    expect([...heads]).toEqual([
      ['a', 6],
      ['b', 1],
    ]);
  });

  it('sets aside what does not follow its head, and goes on', () => {
    const [late, early, fits] = [append('a', 3), append('a', 5), append('b', -1)];
    const { others, fitting, taken } = plan([late, early, fits], { a: 4, b: -1 });
    expect(others).toEqual([
      { append: late, head: 4 },
      { append: early, head: 4 },
    ]);
    expect(fitting).toEqual([fits]);
    expect(taken).toEqual([late, early, fits]);
  });

  it('takes everything that waits', () => {
    expect(plan(writers(1_000), newStreams(1_000)).taken).toHaveLength(1_000);
  });

  it('is closed by 1,000 events, and never splits an append', () => {
    expect(plan(writers(12, 300), newStreams(12)).events).toHaveLength(900);
    expect(plan([append('s0', -1, 2_500), append('s1', -1)], newStreams(2)).events).toHaveLength(2_500);
  });

  it('is closed by 4 MiB', () => {
    const large = writers(12).map((one) => ({ ...one, bytes: 1_000_000 }));
    expect(plan(large, newStreams(12)).taken).toHaveLength(4);
  });

  it('waits for the head of a stream that nobody has looked up', () => {
    expect(plan([append('s0', -1), append('s1', -1)], { s0: -1 }).taken).toHaveLength(1);
  });

  it('leaves an append alone that may have spoiled the last one', () => {
    const alone = append('s1', -1, 1, { alone: true });
    expect(plan([append('s0', -1), alone], newStreams(2)).taken).toHaveLength(1);
    expect(plan([alone, append('s0', -1)], newStreams(2)).taken).toEqual([alone]);
  });
});
