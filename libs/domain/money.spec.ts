import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  allocate,
  divide,
  fen,
  formatWanYuan,
  formatYuan,
  least,
  mulDiv,
  negate,
  parseWanYuan,
  parseYuan,
  subtract,
  sum,
  type Rounding,
} from '#domain/money.js';

const anyFen = fc.maxSafeInteger().map(fen);

describe('an amount of fen', () => {
  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)])('is not %d', (value) => {
    expect(() => fen(value)).toThrow(RangeError);
  });

  it('has one zero', () => {
    expect(Object.is(fen(-0), 0)).toBe(true);
    expect(Object.is(negate(fen(0)), 0)).toBe(true);
  });

  it('is added and taken away exactly, or not at all', () => {
    expect(add(fen(1), fen(2))).toBe(3);
    expect(subtract(fen(1), fen(2))).toBe(-1);
    expect(least(fen(1), fen(2))).toBe(1);
    expect(sum([])).toBe(0);
    expect(() => sum([fen(Number.MAX_SAFE_INTEGER), fen(1)])).toThrow(RangeError);
    expect(() => add(fen(Number.MAX_SAFE_INTEGER), fen(1))).toThrow(RangeError);
  });
});

describe('a decimal of yuan', () => {
  it.each<[string, number | string, string]>([
    // text | fen or problem | why
    ['92080000.00', 9_208_000_000, 'as the interface writes it'],
    ['1', 100, 'no decimals'],
    ['1.5', 150, 'one decimal'],
    ['-0.01', -1, 'below zero'],
    ['-0.00', 0, 'one zero'],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER, 'the largest exact amount'],
    ['90071992547409.92', 'AMOUNT_OUT_OF_RANGE', 'one fen more'],
    ['-90071992547409.92', 'AMOUNT_OUT_OF_RANGE', 'one fen less than the least'],
    ['9'.repeat(1_000_000), 'AMOUNT_OUT_OF_RANGE', 'a megabyte of digits, without converting it'],
    ['1.005', 'AMOUNT_TOO_PRECISE', 'three decimals'],
    ['1.000', 'AMOUNT_TOO_PRECISE', 'three decimals, even zeros'],
    ['1e3', 'AMOUNT_NOT_DECIMAL', 'an exponent'],
    ['1,000.00', 'AMOUNT_NOT_DECIMAL', 'a thousands separator'],
    ['１００', 'AMOUNT_NOT_DECIMAL', 'full-width digits'],
    ['+1', 'AMOUNT_NOT_DECIMAL', 'a plus sign'],
    ['01', 'AMOUNT_NOT_DECIMAL', 'a leading zero'],
    ['1.', 'AMOUNT_NOT_DECIMAL', 'no digit after the point'],
    ['.5', 'AMOUNT_NOT_DECIMAL', 'no digit before it'],
    [' 1', 'AMOUNT_NOT_DECIMAL', 'a space'],
    ['1\n', 'AMOUNT_NOT_DECIMAL', 'a line end'],
    ['', 'AMOUNT_NOT_DECIMAL', 'nothing'],
    ['NaN', 'AMOUNT_NOT_DECIMAL', 'a word'],
    ['0x10', 'AMOUNT_NOT_DECIMAL', 'another base'],
  ])('%.20s is %s: %s', (text, expected) => {
    expect(parseYuan(text)).toBe(expected);
  });

  it('is read back from what was written, whatever the amount', () => {
    fc.assert(fc.property(anyFen, (amount) => parseYuan(formatYuan(amount)) === amount));
  });

  it.each([
    [5, '0.05'],
    [-5, '-0.05'],
    [0, '0.00'],
    [123_456, '1234.56'],
  ])('%d fen is written %s', (amount, text) => expect(formatYuan(fen(amount))).toBe(text));
});

describe('万元', () => {
  it.each<[string, number | string, string]>([
    ['206142.24', 206_142_240_000, 'the printed total, exactly'],
    ['0.000001', 1, 'six decimals are one fen'],
    ['0.0000001', 'AMOUNT_TOO_PRECISE', 'seven decimals'],
  ])('%s is %s fen: %s', (text, expected) => expect(parseWanYuan(text)).toBe(expected));

  it.each([
    [206_142_240_000, '206142.24', ''],
    [5_000, '0.01', 'half up'],
    [4_999, '0.00', ''],
    [-5_000, '-0.01', 'away from zero'],
    [-4_999, '0.00', 'no minus zero'],
  ])('%d fen is shown as %s', (amount, text) => expect(formatWanYuan(fen(amount))).toBe(text));
});

describe('a quotient', () => {
  it.each<[bigint, bigint, Rounding, bigint]>([
    [7n, 2n, 'half-up', 4n],
    [-7n, 2n, 'half-up', -4n],
    [7n, -2n, 'half-up', -4n],
    [5n, 3n, 'half-up', 2n],
    [4n, 3n, 'half-up', 1n],
    [-4n, 3n, 'half-up', -1n],
    [7n, 2n, 'floor', 3n],
    [-7n, 2n, 'floor', -4n],
    [7n, 2n, 'ceil', 4n],
    [-7n, 2n, 'ceil', -3n],
    [6n, 2n, 'ceil', 3n],
  ])('%s / %s, %s, is %s', (numerator, denominator, rounding, expected) => {
    expect(divide(numerator, denominator, rounding)).toBe(expected);
  });

  it('of zero does not exist', () => expect(() => divide(1n, 0n, 'floor')).toThrow('division by zero'));

  it('is within one of the exact one, and never loses digits in between', () => {
    expect(mulDiv(Number.MAX_SAFE_INTEGER, 182, 366, 'half-up')).toBe(4_478_989_793_341_149);
    expect(() => mulDiv(Number.MAX_SAFE_INTEGER, 2, 1, 'floor')).toThrow(RangeError);
    fc.assert(
      fc.property(anyFen, fc.integer({ min: 0, max: 366 }), (total, days) => {
        const exact = BigInt(total) * BigInt(days);
        const error = BigInt(mulDiv(total, days, 366, 'half-up')) * 366n - exact;
        return (error < 0n ? -error : error) * 2n <= 366n;
      }),
    );
  });
});

describe('sharing out', () => {
  it('loses no fen and gives the largest remainders first', () => {
    expect(allocate(fen(100), [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(fen(-100), [1, 1, 1]).reduce((left, part) => left + part, 0)).toBe(-100);
    fc.assert(
      fc.property(anyFen, fc.array(fc.nat(), { minLength: 1 }), (total, weights) => {
        fc.pre(weights.some((weight) => weight > 0));
        const parts = allocate(total, weights);
        expect(sum(parts)).toBe(total);
        weights.forEach((weight, index) => (weight === 0 ? expect(parts[index]).toBe(0) : undefined));
      }),
    );
  });

  it('needs weights', () => {
    expect(() => allocate(fen(1), [])).toThrow(RangeError);
    expect(() => allocate(fen(1), [2, -1])).toThrow(RangeError);
  });
});
