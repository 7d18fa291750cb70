import { type Lot, lotsOf } from '#domain/budget/lots.js';
import { fen, sum } from '#domain/money.js';
import { BUDGET_KINDS, FRAMEWORK_DATE, type Metric } from '#domain/metrics/metric.js';
import { ALL, type Figure, inScope, quantities } from '#domain/metrics/quantities.js';
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
    const earlier = linesWithLots(picture.figures.filter((figure) => inScope(scope, figure)))
      .flatMap((figures) => lotsOfLine(figures, picture.year))
      .filter(({ originYear }) => originYear < picture.year);
    // Money taken back was not spent either; giving it back improves no rate (rule book 2.3, 5).
    const unspent = sum(earlier.map(({ budget, paid }) => fen(budget - paid)));
    return share(unspent, sum(earlier.map(({ budget }) => budget)));
  },
} as const satisfies Metric;

function linesWithLots(figures: readonly Figure[]): Figure[][] {
  const lines = new Map<string, Figure[]>();
  for (const figure of figures) {
    const line = lines.get(figure.line);
    if (line) line.push(figure);
    else lines.set(figure.line, [figure]);
  }
  // Most lines brought nothing forward and have no earlier lot to work out.
  return [...lines.values()].filter((own) => own.some(({ originYear }) => originYear !== undefined));
}

function lotsOfLine(figures: readonly Figure[], year: number): readonly Lot[] {
  const totals = (some: readonly Figure[]) => {
    const { current, paid, takenBack } = quantities({ figures: some, planned: [] }, ALL);
    return { budget: current, paid, takenBack };
  };
  const years = new Set(figures.flatMap(({ originYear }) => originYear ?? []));
  const byOrigin = new Map([...years].map((y) => [y, totals(figures.filter(({ originYear }) => originYear === y))]));
  return lotsOf({ year, ...totals(figures), byOrigin });
}
