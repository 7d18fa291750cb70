/**
 * Points and weights: integers of hundredths of a point inside, decimal strings with two decimals outside, so that scores
 * are rounded once and add up exactly (rule book 4.2).
 */
import { type Ratio, decimalRatio } from '#domain/ratio.js';
import { divide } from '#domain/money.js';

declare const hundredthsBrand: unique symbol;
/** Hundredths of a point: 862 is 8.62 points. */
export type Hundredths = number & { readonly [hundredthsBrand]: true };

/** The only way to make `Hundredths`. Throws a RangeError for anything but a safe integer: a bug, not bad input. */
export function hundredths(value: number): Hundredths {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not hundredths of a point: ${value}`);
  return (value === 0 ? 0 : value) as Hundredths;
}

export const NO_POINTS = hundredths(0);

const POINTS = /^(\d{1,9})(?:\.(\d{1,2}))?$/;

/** Reads `"8.62"`, `"10"`: at most two decimals, not negative, nine digits at most. `undefined` for anything else. */
export function readPoints(text: string): Hundredths | undefined {
  const match = POINTS.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  return hundredths(Number(whole) * 100 + Number(fraction.padEnd(2, '0')));
}

/** Points of a checked profile. Throws on text that `readPoints` cannot read. */
export function pointsOf(text: string): Hundredths {
  const points = readPoints(text);
  if (points === undefined) throw new RangeError(`not points: ${text}`);
  return points;
}

/** `"8.62"`: two decimals always. */
export function formatPoints(points: Hundredths): string {
  const digits = String(Math.abs(points)).padStart(3, '0');
  return `${points < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export const sumPoints = (points: Iterable<Hundredths>): Hundredths => {
  let total = 0;
  for (const each of points) total += each;
  return hundredths(total);
};

/** A share of a weight, rounded half up to the hundredth: the one rounding of a score (rule book 4.2). */
export const shareOf = (weight: Hundredths, share: Ratio): Hundredths =>
  hundredths(Number(divide(BigInt(weight) * share.numerator, share.denominator, 'half-up')));

/** The share of a weight that a profile states, such as the bound of a band: `0.80` of 3.35 is 2.68. */
export const statedShareOf = (weight: Hundredths, share: string): Hundredths => shareOf(weight, decimalRatio(share));

/**
 * `whole` in `count` parts that add up to it: equal, but for single hundredths that the first ones have more (the largest
 * remainder, which is the same for all, so the order decides).
 */
export function equalParts(whole: Hundredths, count: number): readonly Hundredths[] {
  const least = Math.floor(whole / count);
  const more = whole - least * count;
  return Array.from({ length: count }, (_, index) => hundredths(least + (index < more ? 1 : 0)));
}
