import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare, decimalRatio, formatDecimal, formatPercent, minus, ratio, roundTo } from '#domain/ratio.js';

const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const ratios = fc
  .tuple(
    whole,
    whole.filter((value) => value !== 0n),
  )
  .map(([n, d]) => ratio(n, d));

describe('a ratio', () => {
  it('is exact: 10.4 % misses ≤10 %, and 38.20 % rounds to ＝38 %', () => {
    expect(compare(ratio(104, 1000), ratio(10, 100))).toBe(1);
    const general = ratio(75_081, 196_566);
    expect(formatPercent(general)).toBe('38.20');
    expect(compare(roundTo(ratio(general.numerator * 100n, general.denominator), 0), decimalRatio('38'))).toBe(0);
    expect(compare(general, ratio(38, 100))).toBe(1);
  });

  it('has a positive denominator', () => {
    expect(ratio(1, -2)).toEqual({ numerator: -1n, denominator: 2n });
    expect(() => ratio(1, 0)).toThrow(RangeError);
  });

  it.each([
    ['38', '38.00'],
    ['-0.5', '-0.50'],
    ['0.005', '0.01'],
    ['-0.005', '-0.01'],
    ['-0.001', '0.00'],
    ['007', '7.00'],
  ])('of the decimal %s is written %s', (text, expected) => {
    expect(formatDecimal(decimalRatio(text), 2)).toBe(expected);
  });

  it.each(['', '38%', '1e3', '.5', '1.', '＋1', '1,0'])('of %j does not exist', (text) => {
    expect(() => decimalRatio(text)).toThrow(RangeError);
  });

  it('compares like the difference, both ways round', () => {
    fc.assert(
      fc.property(ratios, ratios, (a, b) => {
        const sign = minus(a, b).numerator;
        expect(compare(a, b)).toBe(sign > 0n ? 1 : sign < 0n ? -1 : 0);
        expect(compare(b, a) + compare(a, b)).toBe(0);
      }),
    );
  });

  it('rounds to what is then written, and by half a unit at most', () => {
    fc.assert(
      fc.property(ratios, fc.nat(6), (value, decimals) => {
        const rounded = roundTo(value, decimals);
        expect(formatDecimal(rounded, decimals)).toBe(formatDecimal(value, decimals));
        expect(compare(decimalRatio(formatDecimal(value, decimals)), rounded)).toBe(0);
        const { numerator, denominator } = minus(rounded, value);
        expect((numerator < 0n ? -numerator : numerator) * 2n * 10n ** BigInt(decimals) <= denominator).toBe(true);
      }),
    );
  });
});
