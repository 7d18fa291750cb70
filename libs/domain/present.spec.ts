import { describe, expect, it } from '@jest/globals';
import { presentMoney } from '#domain/present.js';

describe('money as people read it', () => {
  it.each([
    [{ fen: 12_050 }, { amount: '120.50' }],
    [{ shortFen: -1 }, { short: '-0.01' }],
    [{ cumulativeFen: [0, 100] }, { cumulative: ['0.00', '1.00'] }],
    [
      { originalFen: 0, line: '205' },
      { original: '0.00', line: '205' },
    ],
    [{ lots: [{ fen: 1, originYear: 2023 }] }, { lots: [{ amount: '0.01', originYear: 2023 }] }],
    [{ first: { data: { economic: [{ fen: 5 }] } } }, { first: { data: { economic: [{ amount: '0.05' }] } } }],
    [
      { fen: undefined, limitFen: null },
      { amount: undefined, limit: null },
    ],
    [
      { often: 3, Fennel: 4 },
      { often: 3, Fennel: 4 },
    ],
    [
      [1, 'a', null, true],
      [1, 'a', null, true],
    ],
    [undefined, undefined],
  ])('%j becomes %j', (value, expected) => expect(presentMoney(value)).toEqual(expected));

  it('changes nothing in what it is given', () => {
    const value = { fen: 1, inner: { xFen: 2 } };
    presentMoney(value);
    expect(value).toEqual({ fen: 1, inner: { xFen: 2 } });
  });

  it('keeps a key called __proto__ a key', () => {
    const shown = presentMoney(JSON.parse('{"__proto__":{"fen":1}}')) as object;
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
    expect(Object.keys(shown)).toEqual(['__proto__']);
  });

  it('refuses what is no exact amount', () => expect(() => presentMoney({ fen: 0.5 })).toThrow(RangeError));
});
