/** What decided a score: one id for each way a score can come about, for explanations and for scoring again by hand. */
import type { Words } from '#domain/sentence.js';

export type ScoringRule =
  | 'TARGET_MET'
  | 'MET_AFTER_ROUNDING'
  | 'MET_WITHIN_TOLERANCE'
  | 'PROPORTIONAL'
  | 'ALL_OR_NOTHING'
  | 'ZERO_TARGET_PER_POINT'
  | 'UPPER_LIMIT_R1'
  | 'UPPER_LIMIT_R2'
  | 'STEP_DEDUCTION'
  | 'BEYOND_THRESHOLD'
  | 'EXECUTION_PROPORTIONAL'
  | 'EXECUTION_BAND'
  | 'EXECUTION_STEPS'
  | 'GRADE_CHOSEN'
  | 'GRADE_PROPOSED'
  | 'CHECKLIST_PROPOSED'
  | 'NOT_APPLICABLE'
  | 'NOT_APPLICABLE_MET'
  | 'OVER_NOTHING'
  | 'NO_SCORE';

export interface RuleDescription {
  /** w weight, a target, b actual. */
  readonly formula: string;
  readonly name: Words;
  /** Clause of the rule book. */
  readonly source: string;
}

export const SCORING_RULES: Readonly<Record<ScoringRule, RuleDescription>> = {
  TARGET_MET: { formula: 'w', name: { zh: '达到指标值', en: 'target met' }, source: '4.2' },
  MET_AFTER_ROUNDING: {
    formula: 'w',
    name: { zh: '按指标值小数位四舍五入后达到', en: 'met after rounding to the decimals of the target' },
    source: '2.3, 8',
  },
  MET_WITHIN_TOLERANCE: {
    formula: 'w',
    name: { zh: '在允许误差内', en: 'met within the tolerance of the indicator' },
    source: '4.2',
  },
  PROPORTIONAL: { formula: 'w·b/a', name: { zh: '按完成比例得分', en: 'in proportion' }, source: '4.2' },
  ALL_OR_NOTHING: {
    formula: '0',
    name: { zh: '未达到即不得分', en: 'nothing unless the target is met' },
    source: '4.2',
  },
  ZERO_TARGET_PER_POINT: {
    formula: 'w − d·(b − a), 0 at least',
    name: { zh: '零值指标按超出幅度扣分', en: 'points off for each step above a target of nothing' },
    source: '4.2',
  },
  UPPER_LIMIT_R1: {
    formula: 'w·(1 − (b − a)/a), 0 from 2a',
    name: { zh: '上限指标 R1', en: 'upper limit, R1' },
    source: '4.2',
  },
  UPPER_LIMIT_R2: { formula: 'w·a/b', name: { zh: '上限指标 R2', en: 'upper limit, R2' }, source: '4.2; 13, 5' },
  STEP_DEDUCTION: {
    formula: 'w − d · steps, 0 at least',
    name: { zh: '按档扣分', en: 'points off for each step beyond the limit' },
    source: '4.2',
  },
  BEYOND_THRESHOLD: {
    formula: 'w − w·min(1, b/a − threshold)',
    name: { zh: '超额完成扣分（本产品规则）', en: 'points off for over-achievement (a rule of this product)' },
    source: '4.4',
  },
  EXECUTION_PROPORTIONAL: {
    formula: 'w·X/B',
    name: { zh: '执行率按比例得分', en: 'execution rate in proportion' },
    source: '4.2',
  },
  EXECUTION_BAND: {
    formula: 'w·share of the band of X/B',
    name: { zh: '执行率分档得分', en: 'execution rate by bands' },
    source: '4.5',
  },
  EXECUTION_STEPS: {
    formula: 'w − d · steps below, 0 at least',
    name: { zh: '执行率按档扣分', en: 'points off for each step of the execution rate below' },
    source: '4.5',
  },
  GRADE_CHOSEN: {
    formula: 'chosen inside the band of the grade',
    name: { zh: '评价人在等次区间内给分', en: 'chosen by the evaluator inside the band of the grade' },
    source: '4.3',
  },
  GRADE_PROPOSED: {
    formula: 'top of the band',
    name: { zh: '达成预期，建议满分', en: 'reached: the top of the band is proposed' },
    source: '4.3',
  },
  CHECKLIST_PROPOSED: {
    formula: 'w · points met / points',
    name: { zh: '按评价要点达成比例建议得分', en: 'the share of the check points met is proposed' },
    source: '2.4, 4.3',
  },
  NOT_APPLICABLE: {
    formula: 'left out',
    name: { zh: '不适用，不计分', en: 'not applicable: left out' },
    source: '2.3, 7',
  },
  NOT_APPLICABLE_MET: {
    formula: 'w',
    name: { zh: '不适用，按达到计', en: 'not applicable: counts as met' },
    source: '2.3, 7',
  },
  OVER_NOTHING: {
    formula: '0',
    name: { zh: '基数为零而有发生，违规', en: 'something on a base of nothing: a violation' },
    source: '2.3, 7',
  },
  NO_SCORE: { formula: '—', name: { zh: '尚无得分', en: 'no score yet' }, source: '4' },
};
