import { describe, expect, it } from '@jest/globals';
import type { Envelope } from '#domain/envelope.js';
import { RecentEvents } from '#event-store/postgres/recent.js';

const events = (first: number, count: number): Envelope[] =>
  Array.from({ length: count }, (_, index) => ({ position: String(first + index) }) as unknown as Envelope);

const positions = (found: readonly Envelope[] | undefined): number[] | undefined =>
  found?.map((event) => Number(event.position));

describe('recent events', () => {
  it('answer from any position that they hold, and only then', () => {
    const recent = new RecentEvents();
    for (let first = 11; first <= 40; first += 3) recent.push(first, events(first, 3), 1);
    expect(positions(recent.after(10, 4))).toEqual([11, 12, 13, 14]);
    expect(positions(recent.after(12, 3))).toEqual([13, 14, 15]);
    expect(positions(recent.after(39, 100))).toEqual([40]);
    expect(positions(recent.after(10, 100))).toHaveLength(30);
    expect([recent.after(9, 5), recent.after(40, 5), recent.after(1_000, 5)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('forget the oldest beyond their bounds', () => {
    const recent = new RecentEvents();
    for (let first = 1; first <= 30_000; first += 1_000) recent.push(first, events(first, 1_000), 1);
    expect(recent.after(25_999, 1)).toBeUndefined();
    expect(positions(recent.after(26_000, 1))).toEqual([26_001]);
    recent.push(30_001, events(30_001, 1), 64 * 1024 * 1024);
    expect(recent.after(29_000, 1)).toBeUndefined();
    expect(positions(recent.after(30_000, 1))).toEqual([30_001]);
    recent.clear();
    expect(recent.after(30_000, 1)).toBeUndefined();
  });
});
