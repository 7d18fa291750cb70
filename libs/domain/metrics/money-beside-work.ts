/**
 * Money beside work: how much of an indicator's year is done, beside how much of the money of its budget lines is paid. Both
 * mismatches are told: money that runs ahead of the work, and work that runs ahead of its money. Facts only; no verdict.
 */
import { type DatedValue, courseKindOf } from '#domain/metrics/course.js';
import { type Fen, sum } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { type Ratio, compare, decimalRatio, dividedBy, minus, ratio, times, wholeRatio } from '#domain/ratio.js';
import { DEFAULT_THRESHOLDS, type LightThresholds } from '#domain/scoring/lights.js';

/** An indicator and the lines whose money does its work. */
export interface WorkLink {
  readonly indicator: Indicator;
  readonly lines: readonly string[];
  /** Of the date asked for, in the target's unit; absent when none was recorded. */
  readonly result?: DatedValue;
}

/** B and X of a line on the same date. */
export interface LineMoney {
  readonly currentFen: Fen;
  readonly paidFen: Fen;
}

export type WorkShare =
  | { readonly status: 'OK'; readonly done: DatedValue; readonly target: Ratio; readonly share: Ratio }
  | {
      readonly status: 'NONE';
      /** `NOT_CUMULATIVE`: a level, a ratio that holds at a date, or words; `IS_A_LIMIT`: ≤, less is better. */
      readonly reason: 'NO_RESULT' | 'NOT_CUMULATIVE' | 'IS_A_LIMIT' | 'NO_TARGET';
    };

export type MoneyShare =
  | { readonly status: 'OK'; readonly paidFen: Fen; readonly currentFen: Fen; readonly share: Ratio }
  | { readonly status: 'NONE'; readonly reason: 'NO_BUDGET'; readonly paidFen: Fen; readonly currentFen: Fen };

/** `gap` in percentage points, without sign; `allowed` as the thresholds state it. */
export type MismatchFlag =
  | {
      readonly code: 'PAID_AHEAD_OF_WORK' | 'WORK_AHEAD_OF_MONEY';
      readonly gap: Ratio;
      readonly allowed: string;
    }
  | { readonly code: 'PAID_WITHOUT_RESULT'; readonly paidFen: Fen }
  | { readonly code: 'WORK_FINISHED_NOTHING_PAID' }
  /** The line's money does the work of others too, so that its share says less about each. */
  | { readonly code: 'LINE_SHARED'; readonly line: string; readonly indicators: readonly string[] }
  | { readonly code: 'LINE_UNKNOWN'; readonly line: string };

export interface MoneyBesideWork {
  readonly indicator: string;
  readonly lines: readonly string[];
  readonly work: WorkShare;
  readonly money: MoneyShare;
  /** Share of money − share of work in percentage points, the work counted up to 100 %; absent unless both have one. */
  readonly gap?: Ratio;
  readonly flags: readonly MismatchFlag[];
}

/** One entry for each indicator with lines, in the order given. Fen in, exact shares out. */
export function moneyBesideWork(
  links: readonly WorkLink[],
  lines: ReadonlyMap<string, LineMoney>,
  { workMoneyGap }: Pick<LightThresholds, 'workMoneyGap'> = DEFAULT_THRESHOLDS,
): readonly MoneyBesideWork[] {
  const linked = links.filter((link) => link.lines.length > 0);
  return linked.map((link): MoneyBesideWork => {
    const work = workShare(link);
    const money = moneyShare(link.lines.flatMap((line) => lines.get(line) ?? []));
    const gap = work.status === 'OK' && money.status === 'OK' ? gapOf(work.share, money.share) : undefined;
    return {
      indicator: link.indicator.indicator,
      lines: link.lines,
      work,
      money,
      ...(gap === undefined ? {} : { gap }),
      flags: [
        ...gapFlags(gap, workMoneyGap),
        ...extremeFlags(work, money),
        ...link.lines.flatMap((line) => lineFlags(line, link, linked)),
        ...link.lines.filter((line) => !lines.has(line)).map((line) => ({ code: 'LINE_UNKNOWN' as const, line })),
      ],
    };
  });
}

const ONE = wholeRatio(1);
const least = (a: Ratio, b: Ratio): Ratio => (compare(a, b) <= 0 ? a : b);

/** Result ÷ full-year target of work that accumulates over the year. */
export function workShare({ indicator, result }: Pick<WorkLink, 'indicator' | 'result'>): WorkShare {
  const none = (reason: Extract<WorkShare, { status: 'NONE' }>['reason']): WorkShare => ({ status: 'NONE', reason });
  if (courseKindOf(indicator) === 'level') return none('NOT_CUMULATIVE');
  if (indicator.comparator === '<=') return none('IS_A_LIMIT');
  const target = decimalRatio(indicator.annual.value ?? '0');
  if (target.numerator <= 0n) return none('NO_TARGET');
  if (result === undefined) return none('NO_RESULT');
  return { status: 'OK', done: result, target, share: dividedBy(result.value, target) };
}

function moneyShare(lines: readonly LineMoney[]): MoneyShare {
  const paidFen = sum(lines.map((line) => line.paidFen));
  const currentFen = sum(lines.map((line) => line.currentFen));
  if (currentFen <= 0) return { status: 'NONE', reason: 'NO_BUDGET', paidFen, currentFen };
  return { status: 'OK', paidFen, currentFen, share: ratio(paidFen, currentFen) };
}

const gapOf = (work: Ratio, money: Ratio): Ratio => times(minus(money, least(work, ONE)), wholeRatio(100));

function gapFlags(gap: Ratio | undefined, allowed: string): readonly MismatchFlag[] {
  if (gap === undefined) return [];
  const without = gap.numerator < 0n ? minus(wholeRatio(0), gap) : gap;
  if (compare(without, decimalRatio(allowed)) <= 0) return [];
  return [{ code: gap.numerator > 0n ? 'PAID_AHEAD_OF_WORK' : 'WORK_AHEAD_OF_MONEY', gap: without, allowed }];
}

function extremeFlags(work: WorkShare, money: MoneyShare): readonly MismatchFlag[] {
  const nothingDone = work.status === 'OK' ? work.share.numerator <= 0n : work.reason === 'NO_RESULT';
  const isFinished = work.status === 'OK' && compare(work.share, ONE) >= 0;
  if (nothingDone && money.paidFen > 0) return [{ code: 'PAID_WITHOUT_RESULT', paidFen: money.paidFen }];
  return isFinished && money.paidFen <= 0 ? [{ code: 'WORK_FINISHED_NOTHING_PAID' }] : [];
}

function lineFlags(line: string, own: WorkLink, links: readonly WorkLink[]): readonly MismatchFlag[] {
  const others = links.filter((link) => link !== own && link.lines.includes(line));
  if (others.length === 0) return [];
  return [{ code: 'LINE_SHARED', line, indicators: others.map(({ indicator }) => indicator.indicator) }];
}
