/** 结转结余率: the unspent money of a year (U = B − X, carry-over and surplus). Taken back money is still unspent money. */
import { fen } from '#domain/money.js';
import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric, isYearEnd } from '#domain/metrics/metric.js';
import { quantities } from '#domain/metrics/quantities.js';
import { YEAR_END_ONLY, share } from '#domain/metrics/result.js';

/** U ÷ B on 31 December; before it not applicable, see `prior-carry-over-unspent`. Negative where more was paid than budgeted. */
export const carryOverRate = {
  id: 'carry-over-rate',
  version: 1,
  name: { zh: '结转结余率', en: 'Carry-over and surplus rate' },
  formula: '(B − X) / B on 31 December',
  source: '财预〔2013〕53号 结转结余率, default definition (rule book 2.2; 13, 4)',
  parameters: { denominator: 'adjusted budget', takenBack: 'counts as unspent' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'YEAR_END_ONLY',
  checkpoints: {
    half: 'not applicable; prior-carry-over-unspent is shown',
    annual: 'unspent over the full-year budget',
  },
  inputs: { kinds: ['paid', ...BUDGET_KINDS] },
  compute: (picture, scope) => {
    if (!isYearEnd(picture)) return YEAR_END_ONLY;
    const { current, paid } = quantities(picture, scope);
    return share(fen(current - paid), current);
  },
} as const satisfies Metric;

/** U ÷ X on 31 December. */
export const carryOverRateOfSpending = {
  ...carryOverRate,
  id: 'carry-over-rate-of-spending',
  name: { zh: '结转结余率（支出完成口径）', en: 'Carry-over and surplus over spending' },
  formula: '(B − X) / X on 31 December',
  source: 'variant of 结转结余率 over completed spending (rule book 2.2)',
  parameters: { denominator: 'paid', takenBack: 'counts as unspent' },
  checkpoints: { half: 'not applicable', annual: 'unspent over what was paid in the year' },
  viewOf: 'carry-over-rate',
  compute: (picture, scope) => {
    if (!isYearEnd(picture)) return YEAR_END_ONLY;
    const { current, paid } = quantities(picture, scope);
    return share(fen(current - paid), paid);
  },
} as const satisfies Metric;
