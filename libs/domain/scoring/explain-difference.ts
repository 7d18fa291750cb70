/**
 * Why a score that somebody gave by hand differs from ours: the rules that would have given exactly that score, the likeliest
 * first. Several may; that none does is an answer, too.
 */
import { divide } from '#domain/money.js';
import { type Ratio, compare, minus, ratio } from '#domain/ratio.js';
import { scoreExecutionRate } from '#domain/scoring/execution-score.js';
import { type Hundredths, NO_POINTS, hundredths, shareOf } from '#domain/scoring/points.js';
import type { ExecutionRateRule, ScoringProfile, StepRounding } from '#domain/scoring/profile.js';
import { boundsOf } from '#domain/scoring/qualitative.js';
import { type NumericTarget, numericTarget } from '#domain/scoring/quantitative.js';
import { type IndicatorCase, type Score, scoreIndicator } from '#domain/scoring/score.js';
import type { Words } from '#domain/sentence.js';

export type ExplanationId =
  | 'ROUNDED_DOWN'
  | 'ROUNDED_TO_TENTHS'
  | 'ROUNDED_TO_WHOLE'
  | 'PERCENT_ROUNDED_FIRST'
  | 'UPPER_LIMIT_R1'
  | 'UPPER_LIMIT_R2'
  | 'ALL_OR_NOTHING'
  | 'PER_POINT'
  | 'NOT_CAPPED'
  | 'OVER_ACHIEVEMENT_DEDUCTED'
  | 'COMPARED_EXACTLY'
  | 'STOCK_AS_UPPER_LIMIT'
  | 'LIMIT_READ_AS_AT_LEAST'
  | 'AT_LEAST_READ_AS_LIMIT'
  | 'FULL_ALTHOUGH_MISSED'
  | 'OTHER_GRADE'
  | 'EXECUTION_BANDS'
  | 'EXECUTION_STEPS'
  | 'EXECUTION_PROPORTIONAL'
  | 'OF_ORIGINAL_BUDGET'
  | 'ONE_HUNDREDTH'
  | 'ABOVE_WEIGHT'
  | 'UNEXPLAINED';

export interface Explanation {
  readonly id: ExplanationId;
  readonly facts?: Readonly<Record<string, string>>;
}

export const EXPLANATIONS: Readonly<Record<ExplanationId, Words>> = {
  ROUNDED_DOWN: { zh: '直接舍去小数', en: 'cut off in place of rounded half up' },
  ROUNDED_TO_TENTHS: { zh: '四舍五入到一位小数', en: 'rounded to one decimal' },
  ROUNDED_TO_WHOLE: { zh: '四舍五入到整数', en: 'rounded to whole points' },
  PERCENT_ROUNDED_FIRST: { zh: '先对完成率取整再计分', en: 'the percentage was rounded before it was scored' },
  UPPER_LIMIT_R1: { zh: '上限指标按 R1 计分', en: 'upper limit scored by R1' },
  UPPER_LIMIT_R2: { zh: '上限指标按 R2 计分', en: 'upper limit scored by R2' },
  ALL_OR_NOTHING: { zh: '未达到即不得分', en: 'nothing for a target that was missed' },
  PER_POINT: { zh: '按超出幅度扣分', en: 'points off for each step above the target' },
  NOT_CAPPED: { zh: '超过 100% 部分未封顶', en: 'what is above 100 % was not capped' },
  OVER_ACHIEVEMENT_DEDUCTED: { zh: '对超额完成扣分', en: 'points off for over-achievement' },
  COMPARED_EXACTLY: { zh: '未按指标值小数位取整比较', en: 'compared without rounding to the decimals of the target' },
  STOCK_AS_UPPER_LIMIT: {
    zh: '存量超过指标值视为未达到',
    en: 'a level above its target taken for a limit that was passed',
  },
  LIMIT_READ_AS_AT_LEAST: { zh: '上限指标按下限计分', en: 'a limit scored as if more were better' },
  AT_LEAST_READ_AS_LIMIT: { zh: '下限指标按上限计分', en: 'a target to reach scored as if less were better' },
  FULL_ALTHOUGH_MISSED: { zh: '未达到仍得满分', en: 'full points although the target was missed' },
  OTHER_GRADE: { zh: '得分属于其他等次区间', en: 'points of another grade than the word says' },
  EXECUTION_BANDS: { zh: '执行率按分档计分', en: 'execution rate scored by bands' },
  EXECUTION_STEPS: { zh: '执行率按每低 5% 扣 1 分', en: 'execution rate: minus 1 for every 5 % under 90 %' },
  EXECUTION_PROPORTIONAL: { zh: '执行率按比例计分', en: 'execution rate in proportion' },
  OF_ORIGINAL_BUDGET: { zh: '以年初预算数为分母', en: 'of the original budget' },
  ONE_HUNDREDTH: { zh: '相差 0.01 分，尾数', en: 'one hundredth apart' },
  ABOVE_WEIGHT: { zh: '得分高于分值', en: 'more than the points of the row' },
  UNEXPLAINED: { zh: '无规则可解释', en: 'no rule gives this score' },
};

type Tried = readonly [ExplanationId, Hundredths | undefined, Readonly<Record<string, string>>?];

/** Of an indicator row; nothing when the scores agree. */
export function explainDifference(
  given: Hundredths,
  scored: IndicatorCase,
  profile: ScoringProfile,
): readonly Explanation[] {
  const computed = { ...scored, assessment: undefined };
  const target = numericTarget(scored.indicator);
  if (target === undefined) return explainGrade(given, scored, profile);
  const ours = scoreIndicator(computed, profile);
  if (ours.points === given) return [];
  return found(given, scored.weight, [
    ...roundingsOf(ours, exactShareOf(ours)),
    ...(ours.why.rule.startsWith('EXECUTION') && ours.why.achieved !== undefined
      ? executionRules(ours.why.achieved, scored.weight)
      : rulesOf(computed, target, ours, profile)),
  ]);
}

/** Of the execution rate in the funds block. `ofOriginal`: X / B0, which some forms print in its place. */
export function explainExecution(
  given: Hundredths,
  ours: Score,
  ofOriginal: Ratio | undefined,
): readonly Explanation[] {
  const { weight, points } = ours;
  const rate = ours.why.achieved;
  if (points === given || rate === undefined) return [];
  return found(given, weight, [
    ...roundingsOf(ours, exactShareOf(ours)),
    ...executionRules(rate, weight),
    ['OF_ORIGINAL_BUDGET', ofOriginal && scoreExecutionRate(ofOriginal, weight, PROPORTIONAL).points],
  ]);
}

function found(given: Hundredths, weight: Hundredths, tried: readonly Tried[]): readonly Explanation[] {
  const seen = new Set<string>();
  const matching = tried.flatMap(([id, points, facts]): readonly Explanation[] => {
    if (points !== given || seen.has(id)) return [];
    seen.add(id);
    return [facts === undefined ? { id } : { id, facts }];
  });
  if (given > weight && matching.length === 0) return [{ id: 'ABOVE_WEIGHT' }];
  return matching.length > 0 ? matching : [{ id: 'UNEXPLAINED' }];
}

/** The share of the weight before it was rounded, of rules that are a proportion. */
function exactShareOf({ rule, why: { achieved } }: Score): Ratio | undefined {
  if (achieved === undefined || achieved.numerator <= 0n) return undefined;
  switch (rule) {
    case 'PROPORTIONAL':
      return achieved;
    case 'EXECUTION_PROPORTIONAL':
      return compare(achieved, ONE) > 0 ? undefined : achieved;
    case 'UPPER_LIMIT_R2':
      return ratio(achieved.denominator, achieved.numerator);
    case 'UPPER_LIMIT_R1':
      return minus(ratio(2, 1), achieved);
    default:
      return undefined;
  }
}

const ONE = ratio(1, 1);

/** The same rule, rounded in another way or at another place. */
function roundingsOf({ weight, points }: Score, share: Ratio | undefined): readonly Tried[] {
  if (share === undefined) return [];
  const to = (unit: bigint, rounding: 'floor' | 'half-up'): Hundredths =>
    hundredths(Number(divide(BigInt(weight) * share.numerator, share.denominator * unit, rounding) * unit));
  const percent = (scale: bigint): Hundredths =>
    shareOf(weight, ratio(divide(share.numerator * scale, share.denominator, 'half-up'), scale));
  return [
    ['ROUNDED_DOWN', to(1n, 'floor')],
    ['ROUNDED_TO_TENTHS', to(10n, 'half-up')],
    ['ROUNDED_TO_WHOLE', to(100n, 'half-up')],
    ['PERCENT_ROUNDED_FIRST', percent(10_000n), { decimals: '2' }],
    ['PERCENT_ROUNDED_FIRST', percent(100n), { decimals: '0' }],
    ['ROUNDED_DOWN', to(10n, 'floor'), { decimals: '1' }],
    ['ROUNDED_DOWN', to(100n, 'floor'), { decimals: '0' }],
    ['ONE_HUNDREDTH', hundredths(points + 1)],
    ['ONE_HUNDREDTH', hundredths(points - 1)],
  ];
}

/** The same figures under other rules of the profile, and under readings that forms show. */
function rulesOf(scored: IndicatorCase, target: NumericTarget, ours: Score, profile: ScoringProfile): readonly Tried[] {
  const { weight } = scored;
  const { achieved } = ours.why;
  const missed = ours.met === false;
  const under = (changes: Partial<ScoringProfile>) => scoreIndicator(scored, { ...profile, ...changes }).points;
  const positive = achieved !== undefined && achieved.numerator > 0n ? achieved : undefined;
  const over = positive && compare(positive, ONE) > 0 ? positive : undefined;
  const below = positive && compare(positive, ONE) < 0 ? positive : undefined;
  const limit = target.comparator === '<=';
  const other = profile.upperLimit === 'R1' ? 'R2' : 'R1';
  return [
    [`UPPER_LIMIT_${other}`, under({ upperLimit: other })],
    ['ALL_OR_NOTHING', missed ? NO_POINTS : undefined],
    ...(missed ? perPoint(under) : []),
    ['COMPARED_EXACTLY', ours.rule === 'MET_AFTER_ROUNDING' && positive ? shareOf(weight, positive) : undefined],
    ['STOCK_AS_UPPER_LIMIT', under({ stockAboveTarget: 'upper-limit' })],
    [
      'OVER_ACHIEVEMENT_DEDUCTED',
      under({ overAchievement: { ...profile.overAchievement, deduct: 'beyond-threshold' } }),
    ],
    ['NOT_CAPPED', over && !limit ? shareOf(weight, over) : undefined],
    ['LIMIT_READ_AS_AT_LEAST', below && limit ? shareOf(weight, below) : undefined],
    ['AT_LEAST_READ_AS_LIMIT', over && !limit ? shareOf(weight, ratio(over.denominator, over.numerator)) : undefined],
    ['FULL_ALTHOUGH_MISSED', missed ? weight : undefined],
  ];
}

const STEP_ROUNDINGS: readonly StepRounding[] = ['LINEAR', 'FLOOR', 'CEIL'];
/** Points off for each percentage point that published sheets print (rule book 4.2). */
const PRINTED_DEDUCTIONS = ['0.30', '0.10', '0.50', '1.00'];

function perPoint(under: (changes: Partial<ScoringProfile>) => Hundredths): readonly Tried[] {
  return PRINTED_DEDUCTIONS.flatMap((deduct) =>
    STEP_ROUNDINGS.map((stepRounding): Tried => {
      const zeroTarget = { kind: 'per-point', step: '1', deduct, stepRounding } as const;
      return ['PER_POINT', under({ zeroTarget }), { deduct, stepRounding }];
    }),
  );
}

const PROPORTIONAL = { kind: 'proportional', capped: true } as const satisfies ExecutionRateRule;
const BANDS = {
  kind: 'bands',
  finishedWithinBudget: '1.00',
  bands: [
    { fromPercent: '80', share: '0.70' },
    { fromPercent: '60', share: '0.50' },
    { fromPercent: '0', share: '0' },
  ],
} as const satisfies ExecutionRateRule;
const STEPS = { kind: 'steps', fullFromPercent: '90', stepPercent: '5', deduct: '1' } as const;

function executionRules(rate: Ratio, weight: Hundredths): readonly Tried[] {
  const by = (rule: Parameters<typeof scoreExecutionRate>[2], finished = false): Hundredths =>
    scoreExecutionRate(rate, weight, rule, finished).points;
  return [
    ['EXECUTION_PROPORTIONAL', by(PROPORTIONAL)],
    ['NOT_CAPPED', by({ kind: 'proportional', capped: false })],
    ['EXECUTION_BANDS', by(BANDS), { finished: 'false' }],
    ['EXECUTION_BANDS', by(BANDS, true), { finished: 'true' }],
    ...STEP_ROUNDINGS.map((stepRounding): Tried => [
      'EXECUTION_STEPS',
      by({ ...STEPS, stepRounding }),
      { stepRounding },
    ]),
  ];
}

/** Points of a word: they lie in its band, or in that of another grade. */
function explainGrade(given: Hundredths, scored: IndicatorCase, profile: ScoringProfile): readonly Explanation[] {
  const { grade, points } = scoreIndicator({ ...scored, assessment: undefined }, profile);
  if (points === given) return [];
  if (given > scored.weight) return [{ id: 'ABOVE_WEIGHT' }];
  const meant = profile.qualitative.find((band) => given >= boundsOf(band.grade, scored.weight, profile).from)?.grade;
  if (meant === undefined || meant === grade) return [];
  return [{ id: 'OTHER_GRADE', facts: { grade: meant, ...(grade === undefined ? {} : { expected: grade }) } }];
}
