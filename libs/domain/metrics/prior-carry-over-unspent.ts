import { fen, sum } from '#domain/money.js';
import { lotsByLine } from '#domain/metrics/line-lots.js';
import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric } from '#domain/metrics/metric.js';
import { inScope } from '#domain/metrics/quantities.js';
import { share } from '#domain/metrics/result.js';

/**
 * What earlier years' money is not yet paid ÷ that money (brought in, moved here, less moved away and cut). Shown at mid-year
 * in place of 结转结余率. Payments that name an origin year use that lot first, the rest the oldest.
 */
export const priorCarryOverUnspent = {
  id: 'prior-carry-over-unspent',
  version: 1,
  name: { zh: '上年结转未使用率', en: 'Unspent part of the carry-over brought in' },
  formula: 'unspent lots of earlier years / lots of earlier years',
  source: 'our definition, the mid-year reading of 结转结余率 (rule book 1.6; 13, 4)',
  parameters: { denominator: 'carry-over after transfers and cuts', order: 'named lot first, then the oldest' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'POINT_IN_TIME',
  checkpoints: { half: 'unspent on 30 June', annual: 'unspent on 31 December' },
  inputs: { kinds: ['paid', ...BUDGET_KINDS] },
  compute: (picture, scope) => {
    const earlier = [
      ...lotsByLine(
        picture.figures.filter((figure) => inScope(scope, figure)),
        picture.year,
      ).values(),
    ]
      .flat()
      .filter(({ originYear }) => originYear < picture.year);
    // Money taken back was not spent either; giving it back improves no rate (rule book 2.3, 5).
    const unspent = sum(earlier.map(({ budget, paid }) => fen(budget - paid)));
    return share(unspent, sum(earlier.map(({ budget }) => budget)));
  },
} as const satisfies Metric;
