/**
 * Exact money. An amount is an integer number of fen (1 yuan = 100 fen, 1 万元 = 1,000,000 fen) inside the safe integer
 * range, so sums and differences are plain arithmetic checked by `fen()`, and products and quotients go through `mulDiv`.
 */
declare const fenBrand: unique symbol;
export type Fen = number & { readonly [fenBrand]: true };

/** The only way to make a `Fen`. Throws a RangeError for anything but a safe integer: that is a bug, not bad input. */
export function fen(value: number): Fen {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an exact amount of fen: ${value}`);
  return (value === 0 ? 0 : value) as Fen;
}

export const ZERO = fen(0);

export const add = (a: Fen, b: Fen): Fen => fen(a + b);
export const subtract = (a: Fen, b: Fen): Fen => fen(a - b);
export const negate = (a: Fen): Fen => fen(-a);
export const least = (a: Fen, b: Fen): Fen => (a <= b ? a : b);

/** Sum in fen; 0 for nothing. */
export function sum(amounts: Iterable<Fen>): Fen {
  let total = 0;
  for (const amount of amounts) total = fen(total + amount);
  return total as Fen;
}

export type Rounding = 'half-up' | 'floor' | 'ceil';

/** a × b ÷ c with one rounding at the end, exact inside. `half-up` rounds halves away from zero. Throws on c = 0. */
export function mulDiv(a: number, b: number, c: number, rounding: Rounding): Fen {
  return fen(Number(divide(BigInt(a) * BigInt(b), BigInt(c), rounding)));
}

/** Quotient of two bigints under a named rounding. Throws a RangeError on a zero divisor. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 0n) throw new RangeError('division by zero');
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
  const quotient = n / d;
  const rest = n % d;
  if (rest === 0n) return quotient;
  switch (rounding) {
    case 'floor':
      return n < 0n ? quotient - 1n : quotient;
    case 'ceil':
      return n > 0n ? quotient + 1n : quotient;
    case 'half-up': {
      const twice = 2n * (rest < 0n ? -rest : rest);
      if (twice < d) return quotient;
      return n < 0n ? quotient - 1n : quotient + 1n;
    }
  }
}

/** Shares `total` out by integer weights without losing a fen: the parts add up to `total`. Largest remainders first. */
export function allocate(total: Fen, weights: readonly number[]): Fen[] {
  const whole = weights.reduce((left, right) => left + BigInt(right), 0n);
  if (weights.some((weight) => weight < 0) || whole === 0n) throw new RangeError('weights must be positive');
  const shares = weights.map((weight, index) => {
    const product = BigInt(total) * BigInt(weight);
    const share = divide(product, whole, 'floor');
    return { index, share, rest: product - share * whole };
  });
  let missing = Number(BigInt(total) - shares.reduce((left, { share }) => left + share, 0n));
  const byRest = [...shares].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const entry of byRest) {
    if (missing === 0) break;
    entry.share += 1n;
    missing -= 1;
  }
  return shares.map(({ share }) => fen(Number(share)));
}

export type AmountProblem = 'AMOUNT_NOT_DECIMAL' | 'AMOUNT_TOO_PRECISE' | 'AMOUNT_OUT_OF_RANGE';

const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;

function parseScaled(text: string, decimals: number): Fen | AmountProblem {
  const match = DECIMAL.exec(text);
  if (!match) return 'AMOUNT_NOT_DECIMAL';
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length > decimals) return 'AMOUNT_TOO_PRECISE';
  if (whole.length > 16) return 'AMOUNT_OUT_OF_RANGE'; // a megabyte of digits is not worth converting
  const value = BigInt(`${sign}${whole}${fraction.padEnd(decimals, '0')}`);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  if (value > limit || value < -limit) return 'AMOUNT_OUT_OF_RANGE';
  return fen(Number(value));
}

/** Reads a decimal string of yuan with at most two decimals (`"92080000.00"`), exactly. A problem code for anything else. */
export const parseYuan = (text: string): Fen | AmountProblem => parseScaled(text, 2);

/** Reads a decimal string of 万元 with at most six decimals (six decimals of 万元 are one fen), exactly. */
export const parseWanYuan = (text: string): Fen | AmountProblem => parseScaled(text, 6);

/** Yuan with exactly two decimals, as the API and the files write it: `"92080000.00"`. Exact. */
export function formatYuan(amount: Fen): string {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** 万元 with two decimals, rounded half up: a display unit only. */
export function formatWanYuan(amount: Fen): string {
  const hundredths = divide(BigInt(amount), 10_000n, 'half-up');
  const digits = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, '0');
  return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
