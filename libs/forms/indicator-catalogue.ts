/**
 * What the name of an indicator says about it: which formula computes it, what its checkpoint values are measured against,
 * and whether it is a running total or a level. One table; a name that is not here falls back on its figures.
 */
import { compare, decimalRatio } from '#domain/ratio.js';
import type { CheckpointBasis, IndicatorKind } from '#domain/performance/events.js';
import { FLOW_WORDS, LEVEL_WORDS } from '#domain/performance/name-words.js';

interface NamedIndicator {
  readonly names: readonly string[];
  readonly metric: string;
  /** What it is computed from: the money of the books, or base facts that are recorded. */
  readonly from: 'money' | 'facts';
  readonly checkpointBasis: CheckpointBasis;
}

/** Source: rule book 1.6 and 2.2; as in the registries of formulas. Names without quotation marks. */
export const NAMED_INDICATORS: readonly NamedIndicator[] = [
  {
    names: ['预算执行率', '预算完成率'],
    metric: 'execution-rate',
    from: 'money',
    checkpointBasis: 'FULL_YEAR',
  },
  { names: ['预算调整率'], metric: 'adjustment-rate', from: 'money', checkpointBasis: 'FULL_YEAR' },
  {
    names: ['支付进度符合率', '支付进度率'],
    metric: 'payment-progress',
    from: 'money',
    checkpointBasis: 'PLAN_TO_DATE',
  },
  { names: ['预算偏差率'], metric: 'budget-deviation', from: 'money', checkpointBasis: 'PLAN_TO_DATE' },
  { names: ['结转结余率'], metric: 'carry-over-rate', from: 'money', checkpointBasis: 'YEAR_END_ONLY' },
  { names: ['结转结余变动率'], metric: 'carry-over-change', from: 'money', checkpointBasis: 'YEAR_END_ONLY' },
  { names: ['公用经费控制率'], metric: 'running-cost-control', from: 'money', checkpointBasis: 'FULL_YEAR' },
  { names: ['三公经费变动率'], metric: 'three-public-change', from: 'money', checkpointBasis: 'POINT_IN_TIME' },
  { names: ['三公经费控制率'], metric: 'three-public-control', from: 'money', checkpointBasis: 'FULL_YEAR' },
  { names: ['政府采购执行率'], metric: 'procurement-execution', from: 'facts', checkpointBasis: 'PLAN_TO_DATE' },
  {
    names: ['非税收入预算完成率'],
    metric: 'non-tax-completion',
    from: 'facts',
    checkpointBasis: 'PLAN_TO_DATE',
  },
  {
    names: ['固定资产利用率'],
    metric: 'fixed-asset-utilisation',
    from: 'facts',
    checkpointBasis: 'POINT_IN_TIME',
  },
  { names: ['在职人员控制率'], metric: 'staff-control', from: 'facts', checkpointBasis: 'POINT_IN_TIME' },
  { names: ['绩效管理覆盖率'], metric: 'performance-coverage', from: 'facts', checkpointBasis: 'POINT_IN_TIME' },
  {
    names: ['组织建设工作及时完成率'],
    metric: 'organisation-timeliness',
    from: 'facts',
    checkpointBasis: 'PLAN_TO_DATE',
  },
  {
    names: ['业务学习与培训及时完成率'],
    metric: 'training-timeliness',
    from: 'facts',
    checkpointBasis: 'PLAN_TO_DATE',
  },
];

/** Ids of the metrics that an indicator may be bound to. */
export const COMPUTED_METRICS: readonly string[] = NAMED_INDICATORS.map(({ metric }) => metric);

const named = new Map(NAMED_INDICATORS.flatMap((entry) => entry.names.map((name) => [name, entry] as const)));

export interface Classification {
  readonly kind: IndicatorKind;
  readonly checkpointBasis: CheckpointBasis;
  readonly metric?: string;
}

export interface TargetFigures {
  readonly unit: string;
  /** Absent for a word. */
  readonly half?: string;
  readonly annual?: string;
}

/** Defaults of an indicator, from its name first and its figures second. The JSON form may state others. */
export function classify(name: string, { unit, half, annual }: TargetFigures): Classification {
  const entry = named.get(name.replace(/[“”"＂「」‘’']/g, ''));
  const kind = half === undefined || annual === undefined ? 'QUALITATIVE' : kindOf(name, unit, half, annual);
  if (entry !== undefined) {
    const { checkpointBasis, metric } = entry;
    return { kind, checkpointBasis, ...(kind === 'RATIO' ? { metric } : {}) };
  }
  return { kind, checkpointBasis: kind === 'RATIO' && half === annual ? 'POINT_IN_TIME' : BASIS[kind] };
}

const BASIS: Readonly<Record<IndicatorKind, CheckpointBasis>> = {
  FLOW_CUMULATIVE: 'FULL_YEAR',
  RATIO: 'FULL_YEAR',
  STOCK_LEVEL: 'POINT_IN_TIME',
  QUALITATIVE: 'POINT_IN_TIME',
};

/** A target that falls cannot be a running total; one that stays is a level unless its name says otherwise (1.3). */
function kindOf(name: string, unit: string, half: string, annual: string): IndicatorKind {
  if (unit === '%') return 'RATIO';
  if (LEVEL_WORDS.some((word) => name.includes(word))) return 'STOCK_LEVEL';
  const course = compare(decimalRatio(annual), decimalRatio(half));
  if (course < 0) return 'STOCK_LEVEL';
  return course > 0 || FLOW_WORDS.some((word) => name.includes(word)) ? 'FLOW_CUMULATIVE' : 'STOCK_LEVEL';
}
