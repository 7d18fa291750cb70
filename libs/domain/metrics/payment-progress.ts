import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric } from '#domain/metrics/metric.js';
import { quantities } from '#domain/metrics/quantities.js';
import { share } from '#domain/metrics/result.js';

/** Actual over planned progress: X ÷ P. Both shares have the annual budget as denominator, which falls out. */
export const paymentProgress = {
  id: 'payment-progress',
  version: 1,
  name: { zh: '支付进度符合率', en: 'Payment progress conformity' },
  formula: 'X / P',
  source: '财预〔2013〕53号 支付进度率, default definition (rule book 2.2; 13, 2 and 8)',
  parameters: { denominator: 'planned cumulative payment', plan: 'last plan in force, linear by day' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'PLAN_TO_DATE',
  checkpoints: { half: 'paid over planned by 30 June', annual: 'paid over planned by 31 December' },
  inputs: { kinds: ['paid', ...BUDGET_KINDS], plan: true },
  compute: (picture, scope) => {
    const { paid, planned, plannedAssumed } = quantities(picture, scope);
    return share(paid, planned, plannedAssumed ? { assumed: true } : {});
  },
} as const satisfies Metric;
