/**
 * Money effects: what one event does to the base quantities of rule book 2.1. The one place that says so: the aggregate
 * folds them, the projections store them as journal rows, and an explanation lists them.
 */
import type { Fen } from '#domain/money.js';

/**
 * Base quantities that events move. B = original + carry-over-in + added − cut + transferred-in − transferred-out;
 * available = B − taken-back − frozen − requested − paid.
 */
export const EFFECT_KINDS = [
  'original',
  'carry-over-in',
  'added',
  'cut',
  'transferred-in',
  'transferred-out',
  'frozen',
  'requested',
  'paid',
  'taken-back',
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** How an adjustment counts: exempt (reason and document), structural, and whether it crosses basic and project. */
export interface Facet {
  readonly exempt: boolean;
  readonly structural: boolean;
  readonly crossing: boolean;
}

export interface Effect {
  readonly line: string;
  readonly kind: EffectKind;
  /** Signed: a reversal carries the opposite sign of what it takes back. */
  readonly fen: Fen;
  /** Department economic code, `''` when uncoded. */
  readonly economic: string;
  /** Only on `added`, `cut`, `transferred-in` and `transferred-out`. */
  readonly facet?: Facet;
  /** The lot that the amount names: origin year of carried-over money. */
  readonly originYear?: number;
  /** On transfers: the line at the other end. */
  readonly counterLine?: string;
  /** Number of the paper it rests on: voucher, adjustment, request, freeze, carry-over or take-back id. */
  readonly ref?: string;
}
