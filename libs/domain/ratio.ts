/**
 * Exact ratios. A ratio is a pair of integers; a percentage is formed only at output, and comparisons with a target are
 * made on the exact pair (design: money and numbers).
 */
import { divide } from '#domain/money.js';

export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A ratio with a positive denominator. Throws on a zero denominator: 0/0 and x/0 are statuses, not ratios. */
export function ratio(numerator: number | bigint, denominator: number | bigint): Ratio {
  const n = BigInt(numerator);
  const d = BigInt(denominator);
  if (d === 0n) throw new RangeError('a ratio needs a denominator');
  return d < 0n ? { numerator: -n, denominator: -d } : { numerator: n, denominator: d };
}

/** −1, 0 or 1, exactly. */
export function compare(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const left = a.numerator * b.denominator;
  const right = b.numerator * a.denominator;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** a − b, exactly. */
export function minus(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
}

/** The ratio of a decimal string (`"38"`, `"-0.5"`): exact. Throws on anything else. */
export function decimalRatio(text: string): Ratio {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`not a decimal: ${text}`);
  const [, sign, whole, fraction = ''] = match;
  return ratio(BigInt(`${sign}${whole}${fraction}`), 10n ** BigInt(fraction.length));
}

/** The ratio rounded half up to `decimals` decimals, as a ratio again. */
export function roundTo(value: Ratio, decimals: number): Ratio {
  const scale = 10n ** BigInt(decimals);
  return ratio(divide(value.numerator * scale, value.denominator, 'half-up'), scale);
}

/** A decimal string with exactly `decimals` decimals, rounded half up. */
export function formatDecimal(value: Ratio, decimals: number): string {
  const scaled = divide(value.numerator * 10n ** BigInt(decimals), value.denominator, 'half-up');
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return scaled < 0n ? `-${text}` : text;
}

/** Percent with two decimals (`"38.20"`), as answers print it. */
export const formatPercent = (value: Ratio): string =>
  formatDecimal(ratio(value.numerator * 100n, value.denominator), 2);

/** a + b, exactly. */
export function plus(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

/** a × b, exactly. */
export const times = (a: Ratio, b: Ratio): Ratio => ratio(a.numerator * b.numerator, a.denominator * b.denominator);

/** a ÷ b, exactly. Throws a RangeError when b is 0. */
export const dividedBy = (a: Ratio, b: Ratio): Ratio => ratio(a.numerator * b.denominator, a.denominator * b.numerator);

/** A whole number as a ratio. */
export const wholeRatio = (value: number | bigint): Ratio => ratio(value, 1);
