/**
 * 预算调整率 and its registered views. All are over the original budget; carry-over brought in is no adjustment; a transfer
 * counts once. Source: 财预〔2013〕53号, default definition (rule book 2.2; 2.3, 1–4; 13, 3).
 */
import { fen } from '#domain/money.js';
import { FRAMEWORK_DATE, type Metric } from '#domain/metrics/metric.js';
import { quantities } from '#domain/metrics/quantities.js';
import { share } from '#domain/metrics/result.js';

const SOURCE = '财预〔2013〕53号 预算调整率, default definition (rule book 2.2; 2.3, 1, 2, 4 and 10; 13, 3)';
const CHECKPOINTS = {
  half: 'adjusted by 30 June over the original full-year budget',
  annual: 'adjusted in the year over the original budget',
};
const EXEMPT_REASONS = 'NATIONAL_POLICY, FORCE_MAJEURE, SUPERIOR_TASK; with document number and date';

/** (A+ + A− + T) ÷ B0, gross; what national policy, force majeure or a superior's documented task caused is left out. */
export const adjustmentRate = {
  id: 'adjustment-rate',
  version: 1,
  name: { zh: '预算调整率', en: 'Budget adjustment rate' },
  formula: '(A+ + A− + T) / B0, each transfer once, exempt ones left out',
  source: SOURCE,
  parameters: {
    denominator: 'original budget',
    transfers: 'once',
    exempt: 'left out',
    exemptReasons: EXEMPT_REASONS,
  },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'FULL_YEAR',
  checkpoints: CHECKPOINTS,
  inputs: { kinds: ['added', 'cut', 'transferred-in', 'transferred-out', 'original'] },
  compute: (picture, scope) => {
    const { original, added, cut, transferred, exempt } = quantities(picture, scope);
    const gross = added + cut + transferred - exempt.added - exempt.cut - exempt.transferred;
    return share(fen(gross), original);
  },
} as const satisfies Metric;

/** (A+ − A−) ÷ B0: what national data tables keep as 调整金额, apart from 调剂金额; may be negative. */
export const adjustmentRateNet = {
  ...adjustmentRate,
  id: 'adjustment-rate-net',
  name: { zh: '预算调整率（净额口径）', en: 'Net adjustment of the budget' },
  formula: '(A+ − A−) / B0, exempt ones included',
  parameters: { denominator: 'original budget', transfers: 'left out', exempt: 'included' },
  viewOf: 'adjustment-rate',
  inputs: { kinds: ['added', 'cut', 'original'] },
  compute: (picture, scope) => {
    const { original, added, cut } = quantities(picture, scope);
    return share(fen(added - cut), original);
  },
} as const satisfies Metric;

/** (A+ + A− + T) ÷ B0 with nothing left out. */
export const adjustmentRateAll = {
  ...adjustmentRate,
  id: 'adjustment-rate-all',
  name: { zh: '预算调整率（含豁免）', en: 'Budget adjustment rate, exempt ones included' },
  formula: '(A+ + A− + T) / B0, each transfer once, exempt ones included',
  parameters: { denominator: 'original budget', transfers: 'once', exempt: 'included' },
  viewOf: 'adjustment-rate',
  compute: (picture, scope) => {
    const { original, added, cut, transferred } = quantities(picture, scope);
    return share(fen(added + cut + transferred), original);
  },
} as const satisfies Metric;

/** The default with structural transfers only. */
export const adjustmentRateStructuralOnly = {
  ...adjustmentRate,
  id: 'adjustment-rate-structural-only',
  name: { zh: '预算调整率（仅结构调剂）', en: 'Budget adjustment rate, structural transfers only' },
  formula: '(A+ + A− + structural T) / B0, each transfer once, exempt ones left out',
  parameters: { ...adjustmentRate.parameters, transfers: 'structural ones, once' },
  viewOf: 'adjustment-rate',
  compute: (picture, scope) => {
    const { original, added, cut, transferred, exempt, notStructural } = quantities(picture, scope);
    const gross = added + cut + transferred - exempt.added - exempt.cut - exempt.transferred - notStructural;
    return share(fen(gross), original);
  },
} as const satisfies Metric;
