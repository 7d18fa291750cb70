/** 公用经费控制率: running cost is basic expenditure on goods and services (302) and capital financed as basic (310). */
import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric } from '#domain/metrics/metric.js';
import { type Side, both, economicAmount, ifAllCoded } from '#domain/metrics/economic.js';
import type { Picture, Scope } from '#domain/metrics/quantities.js';
import { type MetricResult, share } from '#domain/metrics/result.js';

const CODES = ['302', '310'];

/** Actual ÷ budgeted running cost: X ÷ B of basic expenditure in 302 and 310. */
export const runningCostControl = {
  id: 'running-cost-control',
  version: 1,
  name: { zh: '公用经费控制率', en: 'Running-cost control rate' },
  formula: 'X / B of basic expenditure under 302 and 310',
  source: '财预〔2013〕53号 公用经费控制率, default definition (rule book 2.2; 2.3, 10; 6.3)',
  parameters: { denominator: 'adjusted budget', economic: CODES.join(', '), expenditure: 'basic' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'FULL_YEAR',
  checkpoints: {
    half: 'running cost paid to 30 June over its full-year budget',
    annual: 'running cost paid in the year over its full-year budget',
  },
  inputs: { kinds: ['paid', ...BUDGET_KINDS], economic: CODES, expenditure: 'basic' },
  compute: (picture, scope) => control(picture, scope, 'current'),
} as const satisfies Metric;

/** The same over the original budget arrangement. */
export const runningCostControlOriginal = {
  ...runningCostControl,
  id: 'running-cost-control-original',
  name: { zh: '公用经费控制率（年初预算口径）', en: 'Running-cost control rate, original budget' },
  formula: 'X / B0 of basic expenditure under 302 and 310',
  parameters: { ...runningCostControl.parameters, denominator: 'original budget' },
  viewOf: 'running-cost-control',
  inputs: { kinds: ['paid', 'original'], economic: CODES, expenditure: 'basic' },
  compute: (picture, scope) => control(picture, scope, 'original'),
} as const satisfies Metric;

function control(picture: Picture, scope: Scope, budgetSide: Side): MetricResult {
  const basic: Scope = { ...scope, expenditure: 'basic' };
  // Project expenditure holds no running cost.
  const figures = scope.expenditure === 'project' ? [] : picture.figures;
  const budget = economicAmount(figures, basic, { codes: CODES, side: budgetSide });
  const paid = economicAmount(figures, basic, { codes: CODES, side: 'paid' });
  const coverage = both(budget.coverage, paid.coverage);
  return ifAllCoded(coverage, () => share(paid.fen, budget.fen, { coverage }));
}
