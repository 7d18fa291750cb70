/** How a result is compared with a target, in words (design 5; rule book 2.3, 8 and 4.3). */
import type { Checkpoint } from '#domain/calendar.js';
import type { Indicator } from '#domain/performance/events.js';
import { decimalRatio } from '#domain/ratio.js';
import { targetOf } from '#domain/scoring/verdict.js';

export const VERDICT_RULES = {
  'at-least': { zh: '不低于目标值为达成，不作舍入', en: 'met at the target or above, compared exactly' },
  'at-most': { zh: '不高于目标值为达成，不作舍入', en: 'met at the target or below, compared exactly' },
  'rounded-at-least': {
    zh: '按目标值的小数位四舍五入后，不低于目标值为达成',
    en: 'rounded half up to the decimals of the target: met at the target or above',
  },
  'rounded-at-most': {
    zh: '目标值为0：按其小数位四舍五入后，不高于0为达成',
    en: 'of a target of 0, rounded half up to its decimals: met at 0 or below',
  },
  'rounded-equal': {
    zh: '存量指标：按目标值的小数位四舍五入后，相等为达成',
    en: 'of a level, rounded half up to the decimals of the target: met only when equal',
  },
  word: {
    zh: '结果与目标用语相同或更高为达成；检查点按达到的比例定档',
    en: 'met by the same word or more; a checklist by the share of its points that are met',
  },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;
export type VerdictRule = keyof typeof VERDICT_RULES;

export function verdictRule(indicator: Indicator, checkpoint: Checkpoint): VerdictRule {
  const target = targetOf(indicator, checkpoint);
  if (target === undefined) return 'word';
  if (target.comparator === '>=') return 'at-least';
  if (target.comparator === '<=') return 'at-most';
  if (decimalRatio(target.value).numerator === 0n) return 'rounded-at-most';
  return target.kind === 'STOCK_LEVEL' ? 'rounded-equal' : 'rounded-at-least';
}
