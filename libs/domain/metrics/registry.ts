/** The formula registry: every formula and registered view of one, in the order in which reports list them. */
import {
  adjustmentRate,
  adjustmentRateAll,
  adjustmentRateNet,
  adjustmentRateStructuralOnly,
} from '#domain/metrics/adjustment-rate.js';
import {
  budgetDeviation,
  budgetDeviationAdjusted,
  budgetDeviationFinalAccount,
} from '#domain/metrics/budget-deviation.js';
import { carryOverChange } from '#domain/metrics/carry-over-change.js';
import { carryOverRate, carryOverRateOfSpending } from '#domain/metrics/carry-over-rate.js';
import { compositionVariance } from '#domain/metrics/composition-variance.js';
import { executionRate, executionRateOriginal } from '#domain/metrics/execution-rate.js';
import type { Metric } from '#domain/metrics/metric.js';
import { paymentProgress } from '#domain/metrics/payment-progress.js';
import { priorCarryOverUnspent } from '#domain/metrics/prior-carry-over-unspent.js';
import { runningCostControl, runningCostControlOriginal } from '#domain/metrics/running-cost-control.js';
import { threePublicChange, threePublicChangeActual } from '#domain/metrics/three-public-change.js';
import { threePublicControl, threePublicControlOriginal } from '#domain/metrics/three-public-control.js';

const REGISTERED = [
  executionRate,
  executionRateOriginal,
  paymentProgress,
  adjustmentRate,
  adjustmentRateNet,
  adjustmentRateAll,
  adjustmentRateStructuralOnly,
  budgetDeviation,
  budgetDeviationAdjusted,
  budgetDeviationFinalAccount,
  carryOverRate,
  carryOverRateOfSpending,
  priorCarryOverUnspent,
  carryOverChange,
  runningCostControl,
  runningCostControlOriginal,
  threePublicChange,
  threePublicChangeActual,
  threePublicControl,
  threePublicControlOriginal,
  compositionVariance,
] as const satisfies readonly Metric[];

export type MetricId = (typeof REGISTERED)[number]['id'];

export const METRICS: readonly (Metric & { readonly id: MetricId })[] = REGISTERED;

const byId: ReadonlyMap<string, (typeof METRICS)[number]> = new Map(METRICS.map((metric) => [metric.id, metric]));

/** The formula of that id; `undefined` for an id that is not registered. */
export const metricById = (id: string): (typeof METRICS)[number] | undefined => byId.get(id);
