import { type Fen, fen } from '#domain/money.js';
import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric, isYearEnd } from '#domain/metrics/metric.js';
import { type Figure, type Scope, quantities } from '#domain/metrics/quantities.js';
import { NO_PRIOR_YEAR, YEAR_END_ONLY, change } from '#domain/metrics/result.js';

/** (U of this year − U of last year) ÷ U of last year, on 31 December. Negative when less is left over. */
export const carryOverChange = {
  id: 'carry-over-change',
  version: 1,
  name: { zh: '结转结余变动率', en: 'Change of carry-over and surplus' },
  formula: '(U − U of the year before) / U of the year before, U = B − X on 31 December',
  source: '财预〔2013〕53号 结转结余变动率, default definition (rule book 2.2)',
  parameters: { denominator: 'unspent at the end of the year before' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'YEAR_END_ONLY',
  checkpoints: { half: 'not applicable', annual: 'unspent against the year before' },
  inputs: { kinds: ['paid', ...BUDGET_KINDS], priorYear: true },
  compute: (picture, scope) => {
    if (!isYearEnd(picture)) return YEAR_END_ONLY;
    if (picture.priorYear === undefined) return NO_PRIOR_YEAR;
    return change(unspent(picture.figures, scope), unspent(picture.priorYear, scope));
  },
} as const satisfies Metric;

function unspent(figures: readonly Figure[], scope: Scope): Fen {
  const { current, paid } = quantities({ figures, planned: [] }, scope);
  return fen(current - paid);
}
