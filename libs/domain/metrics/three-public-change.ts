/**
 * "三公经费"变动率. Needs every amount of both years coded to the item. Source: 财预〔2013〕53号, default definition (rule book 2.2;
 * 2.3, 6 and 7; 6.3).
 */
import { ZERO } from '#domain/money.js';
import { type Side, THREE_PUBLIC, both, economicAmount, ifAllCoded } from '#domain/metrics/economic.js';
import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric, isYearEnd } from '#domain/metrics/metric.js';
import type { Picture, Scope } from '#domain/metrics/quantities.js';
import { type MetricResult, NO_PRIOR_YEAR, YEAR_END_ONLY, change } from '#domain/metrics/result.js';
import { ratio } from '#domain/ratio.js';

/** Budget of this year against the budget of the year before, both as adjusted. May be negative, which is a saving. */
export const threePublicChange = {
  id: 'three-public-change',
  version: 1,
  name: { zh: '“三公经费”变动率', en: 'Change of the three public expenses' },
  formula: '(B − B of the year before) / B of the year before, of three-public items',
  source: '财预〔2013〕53号 “三公经费”变动率, default definition (rule book 2.2; 2.3, 6 and 7; 6.3)',
  parameters: { basis: 'BUDGET', economic: THREE_PUBLIC.join(', '), zeroToZero: '0 %' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'POINT_IN_TIME',
  checkpoints: {
    half: 'budget on 30 June against the year before',
    annual: 'budget on 31 December against the year before',
  },
  inputs: { kinds: BUDGET_KINDS, economic: THREE_PUBLIC, priorYear: true },
  compute: (picture, scope) => changeOf(picture, scope, 'current'),
} as const satisfies Metric;

/** Consumption of this year against consumption of the year before, on 31 December. */
export const threePublicChangeActual = {
  ...threePublicChange,
  id: 'three-public-change-actual',
  name: { zh: '“三公经费”变动率（决算口径）', en: 'Change of the three public expenses, as spent' },
  formula: '(X − X of the year before) / X of the year before, of three-public items, on 31 December',
  parameters: { ...threePublicChange.parameters, basis: 'ACTUAL' },
  checkpointBasis: 'YEAR_END_ONLY',
  checkpoints: { half: 'not applicable', annual: 'spent in the year against the year before' },
  viewOf: 'three-public-change',
  inputs: { kinds: ['paid'], economic: THREE_PUBLIC, priorYear: true },
  compute: (picture, scope) => (isYearEnd(picture) ? changeOf(picture, scope, 'paid') : YEAR_END_ONLY),
} as const satisfies Metric;

function changeOf(picture: Picture, scope: Scope, side: Side): MetricResult {
  if (picture.priorYear === undefined) return NO_PRIOR_YEAR;
  const now = economicAmount(picture.figures, scope, { codes: THREE_PUBLIC, side });
  const before = economicAmount(picture.priorYear, scope, { codes: THREE_PUBLIC, side });
  const coverage = both(now.coverage, before.coverage);
  return ifAllCoded(coverage, () => {
    if (now.fen !== 0 || before.fen !== 0) return change(now.fen, before.fen, { coverage });
    // Nothing then and nothing now is no change, unlike any other 0/0.
    return { status: 'OK', numerator: ZERO, denominator: ZERO, ratio: ratio(0, 1), coverage };
  });
}
