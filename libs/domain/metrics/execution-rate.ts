import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric } from '#domain/metrics/metric.js';
import { quantities } from '#domain/metrics/quantities.js';
import { share } from '#domain/metrics/result.js';

/** Share of the adjusted budget paid by `asOf`: X ÷ B. Money taken back stays in B, or giving it back would make 100 %. */
export const executionRate = {
  id: 'execution-rate',
  version: 1,
  name: { zh: '预算执行率', en: 'Budget execution rate' },
  formula: 'X / B, B = B0 + C0 + A+ − A− + net transfers, not lowered by take-backs',
  source: '财预〔2013〕53号 预算完成率, default definition (rule book 2.2; 2.3, 4, 5 and 10; 13, 1)',
  parameters: { denominator: 'adjusted budget', carryOver: 'included', takenBack: 'not deducted' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'FULL_YEAR',
  checkpoints: {
    half: 'paid to 30 June over the full-year budget',
    annual: 'paid in the year over the full-year budget',
  },
  inputs: { kinds: ['paid', ...BUDGET_KINDS] },
  compute: (picture, scope) => {
    const { paid, current } = quantities(picture, scope);
    return share(paid, current);
  },
} as const satisfies Metric;

/** X ÷ B0. Also PEFA's aggregate outturn (rule book 10.1, PI-1.1) over the unit. */
export const executionRateOriginal = {
  ...executionRate,
  id: 'execution-rate-original',
  name: { zh: '预算执行率（年初预算口径）', en: 'Execution of the original budget (aggregate outturn)' },
  formula: 'X / B0',
  source: 'variant of 预算执行率 with the original budget; PEFA 2016 PI-1.1 (rule book 2.2, 10.1)',
  parameters: { denominator: 'original budget' },
  checkpoints: {
    half: 'paid to 30 June over the original budget',
    annual: 'paid in the year over the original budget',
  },
  viewOf: 'execution-rate',
  inputs: { kinds: ['paid', 'original'] },
  compute: (picture, scope) => {
    const { paid, original } = quantities(picture, scope);
    return share(paid, original);
  },
} as const satisfies Metric;
