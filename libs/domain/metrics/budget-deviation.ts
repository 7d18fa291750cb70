/** 预算偏差率 and the alternatives in use. Not in 财预〔2013〕53号: every report names the one it chose (rule book 2.2). */
import { fen } from '#domain/money.js';
import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric, isYearEnd } from '#domain/metrics/metric.js';
import { quantities } from '#domain/metrics/quantities.js';
import { YEAR_END_ONLY, absoluteShare } from '#domain/metrics/result.js';

/** |X − P| ÷ P before year end, |X − B| ÷ B on 31 December; the sign is kept beside it. */
export const budgetDeviation = {
  id: 'budget-deviation',
  version: 1,
  name: { zh: '预算偏差率', en: 'Budget deviation rate' },
  formula: '|X − P| / P before year end; |X − B| / B on 31 December',
  source: 'our default definition, in no regulation read (rule book 2.2; 13, 2)',
  parameters: { denominator: 'planned cumulative payment; at year end the adjusted budget', sign: 'kept beside it' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'PLAN_TO_DATE',
  checkpoints: { half: 'off the plan to 30 June', annual: 'off the full-year budget' },
  inputs: { kinds: ['paid', ...BUDGET_KINDS], plan: true },
  compute: (picture, scope) => {
    const { paid, planned, plannedAssumed, current } = quantities(picture, scope);
    if (isYearEnd(picture)) return absoluteShare(fen(paid - current), current);
    return absoluteShare(fen(paid - planned), planned, plannedAssumed ? { assumed: true } : {});
  },
} as const satisfies Metric;

/** |B − B0| ÷ B0: the adjusted budget against the original one. */
export const budgetDeviationAdjusted = {
  ...budgetDeviation,
  id: 'budget-deviation-adjusted',
  name: { zh: '预算偏差率（调整预算口径）', en: 'Deviation of the adjusted from the original budget' },
  formula: '|B − B0| / B0',
  source: 'alternative definition (rule book 2.2)',
  parameters: { denominator: 'original budget', sign: 'kept beside it' },
  checkpointBasis: 'POINT_IN_TIME',
  checkpoints: { half: 'budget as it stands on 30 June', annual: 'budget as it stands on 31 December' },
  viewOf: 'budget-deviation',
  inputs: { kinds: BUDGET_KINDS },
  compute: (picture, scope) => {
    const { current, original } = quantities(picture, scope);
    return absoluteShare(fen(current - original), original);
  },
} as const satisfies Metric;

/** |X − B0| ÷ B0: the original budget against the final account, 预决算偏离. */
export const budgetDeviationFinalAccount = {
  ...budgetDeviation,
  id: 'budget-deviation-final-account',
  name: { zh: '预算偏差率（预决算偏离口径）', en: 'Deviation of the final account from the original budget' },
  formula: '|X − B0| / B0, on 31 December',
  source: 'alternative definition (rule book 2.2)',
  parameters: { denominator: 'original budget', sign: 'kept beside it' },
  checkpointBasis: 'YEAR_END_ONLY',
  checkpoints: { half: 'not applicable', annual: 'paid in the year against the original budget' },
  viewOf: 'budget-deviation',
  inputs: { kinds: ['paid', 'original'] },
  compute: (picture, scope) => {
    if (!isYearEnd(picture)) return YEAR_END_ONLY;
    const { paid, original } = quantities(picture, scope);
    return absoluteShare(fen(paid - original), original);
  },
} as const satisfies Metric;
