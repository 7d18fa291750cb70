/** A formula over base facts 基础数据: like `Metric`, with facts of the performance table where that has money. */
import type { CivilDate } from '#domain/calendar.js';
import type { Formula } from '#domain/metrics/metric.js';
import { type MetricResult, share } from '#domain/metrics/result.js';
import { type Fen, ZERO, parseYuan, subtract } from '#domain/money.js';
import type { FactKind } from '#domain/performance/facts.js';
import type { FactState } from '#domain/performance/state.js';

/** Facts by kind, by date; the last one dated by `asOf` holds. A standing is one. */
export interface FactPicture {
  readonly year: number;
  readonly asOf: CivilDate;
  readonly facts: ReadonlyMap<FactKind, readonly FactState[]>;
}

export interface FactMetric extends Formula {
  /** What it is made of, so that an explanation lists these facts and no others. */
  readonly facts: readonly FactKind[];
  readonly compute: (picture: FactPicture) => FactFigure;
}

/** Amounts of the result are hundredths of the facts' unit: fen of yuan, and so of people and tasks. */
export interface FactFigure {
  readonly result: MetricResult;
  /** The facts that it rests on, in the order of the formula. */
  readonly used: readonly FactState[];
}

/** The fact of that kind that holds at the date. */
export const factOn = ({ facts }: Pick<FactPicture, 'facts'>, kind: FactKind): FactState | undefined =>
  facts.get(kind)?.at(-1);

interface Parts {
  readonly part: FactKind;
  /** Taken from the part where it was recorded. */
  readonly less?: FactKind;
  readonly whole: FactKind;
  /** Stands in for the whole where that was not recorded. */
  readonly orWhole?: FactKind | undefined;
}

/** part ÷ whole, exact. What nobody recorded is named; 0/0 and x/0 as of money (rule book 2.3, 7). */
export function factShare(picture: FactPicture, { part, less, whole, orWhole }: Parts): FactFigure {
  const [own, taken] = [factOn(picture, part), less && factOn(picture, less)];
  const base = factOn(picture, whole) ?? (orWhole && factOn(picture, orWhole));
  const used = [own, taken, base].filter((fact) => fact !== undefined);
  if (own === undefined || base === undefined) {
    const missing = [...(own === undefined ? [part] : []), ...(base === undefined ? [whole] : [])];
    return { result: { status: 'NOT_COMPUTABLE', reason: 'NO_FACTS', missing }, used };
  }
  const numerator = subtract(amountOf(own), taken === undefined ? ZERO : amountOf(taken));
  return { result: share(numerator, amountOf(base)), used };
}

/** In hundredths. Throws on what no rule lets in. */
function amountOf({ factId, value }: FactState): Fen {
  const amount = parseYuan(value);
  if (typeof amount === 'string') throw new RangeError(`base fact ${factId}: ${value} is ${amount}`);
  return amount;
}
