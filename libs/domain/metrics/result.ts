/** What a formula answers: an exact ratio, or a reason why there is none (rule book 2.3, 7; design 5). */
import { type Fen, fen } from '#domain/money.js';
import type { FactKind } from '#domain/performance/facts.js';
import { type Ratio, ratio } from '#domain/ratio.js';

/** Why a figure has no value. `NOT_APPLICABLE` leaves it out, `NOT_COMPUTABLE` says that something is missing or wrong. */
export type NotApplicableReason = 'ZERO_OVER_ZERO' | 'YEAR_END_ONLY';
export type NotComputableReason =
  'ZERO_DENOMINATOR' | 'NEGATIVE_DENOMINATOR' | 'NOT_ALL_CODED' | 'NO_PRIOR_YEAR' | 'NO_FACTS';

/** How much of the amounts that a formula by economic code looks at carries a code that decides the question. */
export interface Coverage {
  readonly codedFen: Fen;
  readonly totalFen: Fen;
}

interface Shown {
  readonly coverage?: Coverage;
  /** P(t) rests on a line without a half-year value. */
  readonly assumed?: true;
}

/** `numerator` and `denominator` are the amounts to show, in fen; `ratio` is exact and decides. */
export interface Computed extends Shown {
  readonly status: 'OK';
  readonly numerator: Fen;
  readonly denominator: Fen;
  readonly ratio: Ratio;
  /** Of an absolute rate: the same with its sign. */
  readonly signed?: Ratio;
}

export interface NotApplicable extends Shown {
  readonly status: 'NOT_APPLICABLE';
  readonly reason: NotApplicableReason;
  readonly numerator?: Fen;
  readonly denominator?: Fen;
}

export interface NotComputable extends Shown {
  readonly status: 'NOT_COMPUTABLE';
  readonly reason: NotComputableReason;
  readonly numerator?: Fen;
  readonly denominator?: Fen;
  /** Of a change from nothing: the absolute increase. */
  readonly increaseFen?: Fen;
  /** Of `NO_FACTS`: the base facts that nobody recorded by then. */
  readonly missing?: readonly FactKind[];
}

export type MetricResult = Computed | NotApplicable | NotComputable;

export const YEAR_END_ONLY: NotApplicable = { status: 'NOT_APPLICABLE', reason: 'YEAR_END_ONLY' };
export const NO_PRIOR_YEAR: NotComputable = { status: 'NOT_COMPUTABLE', reason: 'NO_PRIOR_YEAR' };

/** Something spent or moved on a base of nothing (or less): no figure, a missed target and a violation. */
export const isOverNothing = (result: MetricResult): boolean =>
  result.status === 'NOT_COMPUTABLE' &&
  (result.reason === 'ZERO_DENOMINATOR' || result.reason === 'NEGATIVE_DENOMINATOR');

/**
 * numerator ÷ denominator in fen, exact. 0/0 → NOT_APPLICABLE, x/0 → NOT_COMPUTABLE: never 0 or 100 %. A negative base (a
 * carry-over revised to less than was moved away) gives no meaningful share either. Source: rule book 2.3, 7.
 */
export function share(numerator: Fen, denominator: Fen, shown: Shown = {}): MetricResult {
  if (denominator > 0) return { status: 'OK', numerator, denominator, ratio: ratio(numerator, denominator), ...shown };
  if (denominator < 0) {
    return { status: 'NOT_COMPUTABLE', reason: 'NEGATIVE_DENOMINATOR', numerator, denominator, ...shown };
  }
  return numerator === 0
    ? { status: 'NOT_APPLICABLE', reason: 'ZERO_OVER_ZERO', numerator, denominator, ...shown }
    : { status: 'NOT_COMPUTABLE', reason: 'ZERO_DENOMINATOR', numerator, denominator, ...shown };
}

/** |difference| ÷ base, the signed value beside it (rule book 2.3, 6). */
export function absoluteShare(difference: Fen, base: Fen, shown: Shown = {}): MetricResult {
  const result = share(fen(Math.abs(difference)), base, shown);
  return result.status === 'OK' ? { ...result, signed: ratio(difference, base) } : result;
}

/** (now − before) ÷ before; may be negative. From nothing to something there is only the absolute increase. */
export function change(now: Fen, before: Fen, shown: Shown = {}): MetricResult {
  const difference = fen(now - before);
  const result = share(difference, before, shown);
  return result.status === 'NOT_COMPUTABLE' ? { ...result, increaseFen: difference } : result;
}
