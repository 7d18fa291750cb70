/** A comparison as its answer shows it: names of columns, yuan strings, and the link that means the same for ever. */
import { isMoved, type AmountChange, type RateChange } from '#domain/metrics/comparison.js';
import { isTurned } from '#domain/metrics/comparison-sentences.js';
import { figureOf } from '#domain/metrics/figures.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { whyMoved, type MovedSum } from '#domain/metrics/why-moved.js';
import { formatYuan } from '#domain/money.js';
import type { MovedEvent } from '#read-model/queries/moved.js';
import type { CompareSummaryDto, FigureChangeDto, MomentDto, RateChangeDto } from './compare.dto.js';
import { addressOf } from './place.js';
import type { MomentView, TwoMoments } from './two-moments.js';

/** A moment as the sentences name it. */
export const momentIn = ({ asOf, moment: { knownAt }, seal }: MomentView) => ({
  asOf,
  knownAt,
  ...(seal === undefined ? {} : { seal }),
});

export const momentDto = ({ asOf, moment, seal }: MomentView, approved: boolean): MomentDto => ({
  asOf,
  knownAt: new Date(moment.knownAt).toISOString(),
  position: moment.position,
  recordedAt: new Date(moment.recordedAt).toISOString(),
  ...(seal === undefined ? {} : { seal }),
  approved,
});

export const changeDto = ({ amount, a, b, change }: AmountChange): FigureChangeDto => ({
  figure: figureOf(amount).id,
  a: formatYuan(a),
  b: formatYuan(b),
  change: formatYuan(change),
});

export function rateChangeDto(change: RateChange): RateChangeDto {
  const { a, b, change: points } = change;
  const rate = b ?? a;
  if (rate === undefined) throw new Error('a rate of neither moment');
  const { metric, name, viewOf, scope, indicator } = rate;
  return {
    metric,
    name,
    ...(viewOf === undefined ? {} : { viewOf }),
    scope,
    ...(indicator === undefined ? {} : { indicator }),
    ...(a === undefined ? {} : { a }),
    ...(b === undefined ? {} : { b }),
    ...(points === undefined ? {} : { change: points }),
    moved: isMoved(change),
    ...(isTurned(change) ? { turned: true } : {}),
  };
}

/** Counts and sums of all events between the moments. */
export function summaryOf(sums: readonly MovedSum[]): Omit<CompareSummaryDto, 'sentences'> {
  const count = (groups: readonly MovedSum[]) => groups.reduce((total, { events }) => total + events, 0);
  return {
    events: count(sums),
    late: count(sums.filter(({ late }) => late)),
    groups: sums.map(({ amounts, ...group }) => ({
      ...group,
      amounts: amounts.map(({ kind, fen }) => ({ kind, amount: formatYuan(fen) })),
    })),
  };
}

export const movedDto = (type: string, { late, onlyIn, effects }: MovedEvent) => ({
  why: whyMoved(type),
  ...(late ? { late: true as const } : {}),
  onlyIn,
  effects: effects.map(({ line, kind, fen }) => ({ line, kind, amount: formatYuan(fen) })),
});

/** The address of the same comparison for ever. */
export function linkOf({ a, b }: TwoMoments, scope: Scope | undefined): string {
  const within =
    scope === undefined
      ? {}
      : { funds: scope.funds === 'all' ? 'all' : scope.funds.join(','), expenditure: scope.expenditure };
  return `${addressOf(b)}/compare?${new URLSearchParams({ a: a.text, b: b.text, ...within }).toString()}`;
}
