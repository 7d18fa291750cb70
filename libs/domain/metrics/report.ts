/** The rates report: every registered metric in every scope asked for, each beside its target (design 8, rates). */
import { type Checkpoint, checkpointDate } from '#domain/calendar.js';
import { formatYuan } from '#domain/money.js';
import type { Metric } from '#domain/metrics/metric.js';
import { ALL, type Picture, type Scope, scopeKey } from '#domain/metrics/quantities.js';
import { METRICS, metricById, type MetricId } from '#domain/metrics/registry.js';
import { type MetricResult, isOverNothing } from '#domain/metrics/result.js';
import type { Comparator, Indicator } from '#domain/performance/events.js';
import { formatPercent } from '#domain/ratio.js';
import { type Judgement, judge, targetOf } from '#domain/scoring/verdict.js';

/** Amounts are yuan strings, percentages decimal strings with two decimals; `null` where there is no such figure. */
export interface Rate {
  readonly metric: MetricId;
  readonly version: number;
  readonly name: Metric['name'];
  /** The metric that this is a registered view of. */
  readonly viewOf?: string;
  readonly scope: Scope;
  readonly status: MetricResult['status'];
  /** Why there is no figure, or why a figure is not assessed yet. */
  readonly reason?: string;
  readonly numerator: string | null;
  readonly denominator: string | null;
  readonly percent: string | null;
  /** Of an absolute rate: the percentage with its sign. */
  readonly signed?: string;
  /** Of a change from nothing. */
  readonly increase?: string;
  readonly coverage?: { readonly coded: string; readonly total: string };
  readonly assumed?: true;
  readonly indicator?: string;
  readonly target?: {
    readonly checkpoint: Checkpoint;
    readonly comparator: Exclude<Comparator, 'word'>;
    readonly value: string;
  };
  readonly verdict?: Judgement['verdict'];
  /** result − target in the target's unit, signed. */
  readonly distance?: string;
  readonly exceeded?: true;
  readonly violation?: true;
}

export interface RatesOptions {
  /** Default: the next checkpoint from `asOf` on. */
  readonly checkpoint?: Checkpoint;
  /** Default: all funds, and the scope of each target. */
  readonly scopes?: readonly Scope[];
}

/**
 * One row for each metric and scope; where several indicators are bound to the same metric and scope, one for each. A target
 * without a scope means all funds. Targets of other metrics are results of their own, not rates.
 */
export function ratesReport(
  picture: Picture,
  targets: readonly Indicator[],
  { checkpoint = nextCheckpoint(picture), scopes }: RatesOptions = {},
): readonly Rate[] {
  const bound = targets.filter(({ metric }) => metric !== undefined);
  const listed = distinct(scopes ?? [ALL, ...bound.map(({ scope }) => scope ?? ALL)]);
  return METRICS.flatMap((metric) =>
    listed.flatMap((scope) => {
      const result = metric.compute(picture, scope);
      const row = rowOf(metric, scope, result);
      const judged = bound
        .filter((indicator) => indicator.metric === metric.id && scopeKey(indicator.scope ?? ALL) === scopeKey(scope))
        .map((indicator) => againstTarget(picture, result, { indicator, checkpoint }));
      return judged.length === 0 ? [row] : judged.map((verdict) => ({ ...row, ...verdict }));
    }),
  );
}

/** One metric in one scope, beside no target. Throws for an id that is not registered. */
export function rateOf(id: MetricId, picture: Picture, scope: Scope): Rate {
  const metric = metricById(id);
  if (metric === undefined) throw new Error(`${id} is not registered`);
  return rowOf(metric, scope, metric.compute(picture, scope));
}

export const nextCheckpoint = ({ year, asOf }: Pick<Picture, 'year' | 'asOf'>): Checkpoint =>
  asOf <= checkpointDate(year, 'half') ? 'half' : 'annual';

/** Fund natures sorted and named once, each scope once, in the order given. */
function distinct(scopes: readonly Scope[]): readonly Scope[] {
  const tidy = scopes.map(({ funds, expenditure }): Scope => ({
    funds: funds === 'all' ? funds : [...new Set(funds)].sort(),
    expenditure,
  }));
  return [...new Map(tidy.map((scope) => [scopeKey(scope), scope])).values()];
}

function rowOf(metric: (typeof METRICS)[number], scope: Scope, result: MetricResult): Rate {
  const { numerator, denominator, coverage } = result;
  return {
    metric: metric.id,
    version: metric.version,
    name: metric.name,
    ...(metric.viewOf === undefined ? {} : { viewOf: metric.viewOf }),
    scope,
    status: result.status,
    ...(result.status === 'OK' ? {} : { reason: result.reason }),
    numerator: numerator === undefined ? null : formatYuan(numerator),
    denominator: denominator === undefined ? null : formatYuan(denominator),
    percent: result.status === 'OK' ? formatPercent(result.ratio) : null,
    ...(result.status === 'OK' && result.signed ? { signed: formatPercent(result.signed) } : {}),
    ...(result.status === 'NOT_COMPUTABLE' && result.increaseFen !== undefined
      ? { increase: formatYuan(result.increaseFen) }
      : {}),
    ...(coverage ? { coverage: { coded: formatYuan(coverage.codedFen), total: formatYuan(coverage.totalFen) } } : {}),
    ...(result.assumed ? { assumed: true } : {}),
    ...(isOverNothing(result) ? { violation: true } : {}),
  };
}

function againstTarget(
  picture: Picture,
  result: MetricResult,
  { indicator, checkpoint }: { readonly indicator: Indicator; readonly checkpoint: Checkpoint },
): Partial<Rate> {
  const target = targetOf(indicator, checkpoint);
  if (target === undefined) return {};
  const judged = judge(result, target, {
    asOf: picture.asOf,
    checkpointDate: checkpointDate(picture.year, checkpoint),
  });
  return {
    indicator: indicator.indicator,
    target: { checkpoint, comparator: target.comparator, value: target.value },
    verdict: judged.verdict,
    ...(judged.reason === undefined ? {} : { reason: judged.reason }),
    ...(judged.distance ? { distance: judged.distance.text } : {}),
    ...(judged.exceeded ? { exceeded: true } : {}),
  };
}
