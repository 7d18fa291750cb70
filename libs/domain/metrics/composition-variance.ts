import type { Metric } from '#domain/metrics/metric.js';
import { inScope, lineQuantities } from '#domain/metrics/quantities.js';
import { type MetricResult, share } from '#domain/metrics/result.js';
import { civilDate } from '#domain/calendar.js';
import { type Fen, divide, fen, sum } from '#domain/money.js';
import { ratio } from '#domain/ratio.js';

/**
 * How far the mix of lines moved from the one approved, whatever the level of spending: Σ |Xi − B0i · X/B0| ÷ X. The original
 * budget is always the base. The shown numerator is rounded to the fen, the ratio is exact.
 */
export const compositionVariance = {
  id: 'composition-variance',
  version: 1,
  name: { zh: '支出结构偏差率', en: 'Composition variance' },
  formula: 'Σ |Xi − B0i · X / B0| / X over the lines i of the scope',
  source: 'PEFA 2016 PI-2.1, applied to the lines of a unit (rule book 10.1)',
  parameters: { denominator: 'paid', base: 'original budget scaled to what was paid', heads: 'lines, none left out' },
  validFrom: civilDate('2016-01-01'),
  checkpointBasis: 'FULL_YEAR',
  checkpoints: { half: 'mix of what was paid to 30 June', annual: 'mix of what was paid in the year' },
  inputs: { kinds: ['paid', 'original'] },
  compute: (picture, scope) => {
    const lines = [...lineQuantities(picture).values()].filter((line) => inScope(scope, line));
    return variance(lines);
  },
} as const satisfies Metric;

function variance(lines: readonly { readonly paid: Fen; readonly original: Fen }[]): MetricResult {
  const paid = sum(lines.map((line) => line.paid));
  const original = sum(lines.map((line) => line.original));
  // Nothing approved or nothing paid: there is no mix to compare, and the scale X/B0 or the divisor X is missing.
  if (original === 0 || paid <= 0) return share(paid, original === 0 ? original : paid);
  // Times B0 throughout, so that nothing is divided before the end.
  const apart = lines.reduce((left, line) => {
    const difference = BigInt(line.paid) * BigInt(original) - BigInt(line.original) * BigInt(paid);
    return left + (difference < 0n ? -difference : difference);
  }, 0n);
  return {
    status: 'OK',
    numerator: fen(Number(divide(apart, BigInt(original), 'half-up'))),
    denominator: paid,
    ratio: ratio(apart, BigInt(original) * BigInt(paid)),
  };
}
