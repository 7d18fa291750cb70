import { describe, expect, it } from '@jest/globals';
import { upcast as upcastBudget } from '#domain/budget/upcast.js';
import { upcaster } from '#domain/upcaster.js';

describe('an upcast', () => {
  const upcast = upcaster(
    { Painted: 3, Sold: 1 },
    {
      Painted: {
        1: (data) => ({ ...(data as object), coats: 1 }),
        2: (data) => ({ ...(data as object), colour: 'white' }),
      },
    },
  );

  it.each([
    [1, { wall: 'north' }, { wall: 'north', coats: 1, colour: 'white' }],
    [2, { wall: 'north', coats: 2 }, { wall: 'north', coats: 2, colour: 'white' }],
    [3, { wall: 'north', coats: 2, colour: 'red' }, { wall: 'north', coats: 2, colour: 'red' }],
  ])('takes every step from version %i on', (version, data, expected) => {
    expect(upcast('Painted', version, data)).toEqual(expected);
  });

  it('leaves current data alone', () => {
    const data = { to: 'x' };
    expect(upcast('Sold', 1, data)).toBe(data);
  });

  it.each([
    ['Painted', 4, 'unknown version 4 of Painted; this program knows 1 to 3'],
    ['Painted', 0, 'unknown version 0'],
    ['Painted', 1.5, 'unknown version 1.5'],
    ['Burnt', 1, 'unknown event type Burnt'],
    ['constructor', 1, 'unknown event type constructor'],
  ])('does not guess at %s version %d', (type, version, message) => {
    expect(() => upcast(type, version, {})).toThrow(message);
  });

  it('is not built with a step missing', () => {
    expect(() => upcaster({ Painted: 3 }, { Painted: { 1: (data) => data } })).toThrow(
      'no step from version 2 of Painted',
    );
  });

  it('of a budget knows nothing newer than this program', () => {
    expect(() => upcastBudget('PaymentExecuted', 2, {})).toThrow('this program knows 1 to 1');
  });
});
