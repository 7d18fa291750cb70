/** "三公经费"控制率. Needs every amount coded to the item on both sides. */
import { type Side, THREE_PUBLIC, both, economicAmount, ifAllCoded } from '#domain/metrics/economic.js';
import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric } from '#domain/metrics/metric.js';
import type { Picture, Scope } from '#domain/metrics/quantities.js';
import { type MetricResult, share } from '#domain/metrics/result.js';

/** Actual ÷ budget: X ÷ B of three-public items. */
export const threePublicControl = {
  id: 'three-public-control',
  version: 1,
  name: { zh: '“三公经费”控制率', en: 'Three-public control rate' },
  formula: 'X / B of three-public items',
  source: '财预〔2013〕53号 “三公经费”控制率, default definition (rule book 2.2; 2.3, 10; 6.3)',
  parameters: { denominator: 'adjusted budget', economic: THREE_PUBLIC.join(', ') },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'FULL_YEAR',
  checkpoints: {
    half: 'three-public money paid to 30 June over its full-year budget',
    annual: 'three-public money paid in the year over its full-year budget',
  },
  inputs: { kinds: ['paid', ...BUDGET_KINDS], economic: THREE_PUBLIC },
  compute: (picture, scope) => control(picture, scope, 'current'),
} as const satisfies Metric;

/** The same over the original budget arrangement. */
export const threePublicControlOriginal = {
  ...threePublicControl,
  id: 'three-public-control-original',
  name: { zh: '“三公经费”控制率（年初预算口径）', en: 'Three-public control rate, original budget' },
  formula: 'X / B0 of three-public items',
  parameters: { ...threePublicControl.parameters, denominator: 'original budget' },
  viewOf: 'three-public-control',
  inputs: { kinds: ['paid', 'original'], economic: THREE_PUBLIC },
  compute: (picture, scope) => control(picture, scope, 'original'),
} as const satisfies Metric;

function control(picture: Picture, scope: Scope, budgetSide: Side): MetricResult {
  const budget = economicAmount(picture.figures, scope, { codes: THREE_PUBLIC, side: budgetSide });
  const paid = economicAmount(picture.figures, scope, { codes: THREE_PUBLIC, side: 'paid' });
  const coverage = both(budget.coverage, paid.coverage);
  return ifAllCoded(coverage, () => share(paid.fen, budget.fen, { coverage }));
}
