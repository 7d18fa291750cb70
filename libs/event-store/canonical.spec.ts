import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, toNfc } from '#event-store/canonical.js';

const DECOMPOSED = 'Cafe\u0301';
const COMPOSED = 'Caf\u00e9';

describe('canonical JSON', () => {
  it.each([
    ['keys by code unit, digits as text', { b: 1, '10': 2, '9': 3, a: 4 }, '{"10":2,"9":3,"a":4,"b":1}'],
    ['keys beyond the basic plane', { '\uff21': 2, '\u{1f600}': 1 }, '{"\u{1f600}":1,"\uff21":2}'],
    ['numbers', [0, -0, 1e21, 1e-7, 9007199254740991, 0.1], '[0,0,1e+21,1e-7,9007199254740991,0.1]'],
    ['escapes', '"\\\b\f\n\r\t\u0001/\u2028', '"\\"\\\\\\b\\f\\n\\r\\t\\u0001/\u2028"'],
    ['Chinese', { 单位: '苏州市土地储备中心' }, '{"单位":"苏州市土地储备中心"}'],
    ['nothing', [null, true, false, {}, []], '[null,true,false,{},[]]'],
    ['form NFC', { [DECOMPOSED]: DECOMPOSED }, `{"${COMPOSED}":"${COMPOSED}"}`],
    ['a key called __proto__', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])('writes %s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    ['undefined in an object', { a: undefined }],
    ['undefined in an array', [undefined]],
    ['a hole', new Array(1)],
    ['a bigint', { fen: 1n }],
    ['NaN', { fen: Number.NaN }],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a lone surrogate', '\ud800'],
    ['a date', { at: new Date(0) }],
    ['a map', new Map()],
    ['a function', { f: () => 0 }],
    ['a symbol', [Symbol('x')]],
    ['keys that differ in Unicode form only', { [DECOMPOSED]: 1, [COMPOSED]: 2 }],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('agrees with an independent implementation on any JSON value, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const normal = toNfc(value);
        expect(canonicalJson(normal)).toBe(canonicalize(normal));
        expect(JSON.parse(canonicalJson(normal))).toEqual(JSON.parse(JSON.stringify(normal)));
      }),
      { numRuns: 500 },
    );
  });

  it('gives one text for any order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(object));
      }),
    );
  });
});

describe('form NFC', () => {
  it('keeps a value that is normal already, as the same object', () => {
    const value = { line: 'P01', payee: { name: '苏州某公司' }, parts: [{ fen: 1 }] };
    expect(toNfc(value)).toBe(value);
  });

  it('normalises strings and keys at any depth', () => {
    expect(toNfc({ a: [{ [DECOMPOSED]: DECOMPOSED }] })).toEqual({ a: [{ [COMPOSED]: COMPOSED }] });
  });
});
