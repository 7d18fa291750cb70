/**
 * Scoring profiles: the rules by which a table is scored, as plain data with a version (rule book 4, 13). A
 * self-evaluation stores the profile it was scored by, so that the same figures give the same scores for ever.
 *
 * NOTE: the shape is stored inside events; it is never edited. A new rule is a new optional field whose absence means what
 * was meant before, or a new `kind`.
 *
 * Numbers are decimal strings. Weights and points have at most two decimals; a share is a part of the weight (`0.80` is
 * 80 % of it); a `…Percent` is a percentage (`90` is 90 %).
 */

export type Points = string;
export type Share = string;
export type Percent = string;

export interface ProfileWords {
  readonly zh: string;
  readonly en: string;
}

/** Whether a step of a deduction that has begun counts: 2.29 points below in steps of 5 are 0, 1 or 0.458 steps. */
export type StepRounding = 'FLOOR' | 'CEIL' | 'LINEAR';

/** A part of the table with a weight of its own. */
export interface ScoringGroup {
  readonly group: string;
  readonly name: ProfileWords;
  readonly weight: Points;
  /** Names of first-level indicators that belong to it; empty for the execution rate of the funds block. */
  readonly level1: readonly string[];
  /** Second-level names that belong to it whatever stands above them; they go before `level1`. */
  readonly level2?: readonly string[];
  /** Groups that share its weight in equal parts when the table has no indicator for it. */
  readonly ifEmptyTo?: readonly string[];
}

export type ExecutionRateRule =
  /** weight × X / B. Uncapped, a rate above 100 % gives more than the weight. */
  | { readonly kind: 'proportional'; readonly capped: boolean }
  /** `finishedWithinBudget` when the work is done and X ≤ B, or X = B; else the first band from the top that X / B reaches. */
  | {
      readonly kind: 'bands';
      readonly finishedWithinBudget: Share;
      readonly bands: readonly { readonly fromPercent: Percent; readonly share: Share }[];
    }
  /** Full from `fullFromPercent`; `deduct` points off for every `stepPercent` below, never under 0. */
  | {
      readonly kind: 'steps';
      readonly fullFromPercent: Percent;
      readonly stepPercent: Percent;
      readonly deduct: Points;
      readonly stepRounding: StepRounding;
    }
  /** Like any other indicator, against its printed target. */
  | { readonly kind: 'by-target' };

/** Where the execution rate stands: in the funds block with the weight of a group, or as an indicator with its own weight. */
export type ExecutionRate = {
  readonly rule: ExecutionRateRule;
  /** Below it the rate needs an explanation, whatever its score. */
  readonly explainBelowPercent?: Percent;
} & (
  | { readonly place: 'funds-block'; readonly group: string }
  | { readonly place: 'indicator'; readonly level3: readonly string[]; readonly metric?: string }
);

/** Of a target of nothing, where a ratio to the target has no meaning. */
export type ZeroTarget =
  | { readonly kind: 'all-or-nothing' }
  /** `deduct` points off for every `step` above (in the unit of the target: percentage points for %), never under 0. */
  | {
      readonly kind: 'per-point';
      readonly step: string;
      readonly deduct: Points;
      readonly stepRounding: StepRounding;
    };

/** A deduction by steps for indicators by name, in place of the rule of their comparator. */
export interface StepDeduction {
  readonly level3: readonly string[];
  /** From where the steps are counted: the target, or a fixed value in the unit of the indicator. */
  readonly limit: 'target' | { readonly value: string };
  readonly side: 'above' | 'below';
  readonly step: string;
  readonly deduct: Points;
  readonly stepRounding: StepRounding;
}

export type QualitativeGrade = 'reached' | 'partly' | 'not-reached';

/** `from` belongs to the band, `to` does not, except for the weight itself in the highest. */
export interface QualitativeBand {
  readonly grade: QualitativeGrade;
  readonly from: Share;
  readonly to: Share;
}

export interface ScoringProfile {
  readonly id: string;
  readonly version: number;
  readonly name: ProfileWords;
  /** Document and clause of the rules. */
  readonly source: string;
  /** What of it no document says: it is the product's own, and every report says so. */
  readonly ownRules: readonly ('group-weights' | 'over-achievement-deduction')[];
  /** The sum of the weights of all groups. */
  readonly total: Points;
  readonly groups: readonly ScoringGroup[];
  /** Of indicators that state no weight: what the stated ones leave of the group, in equal parts. */
  readonly unstatedWeights: 'equal';
  readonly executionRate: ExecutionRate;
  /** ≤ a with b > a > 0. R1: weight × (1 − (b − a) / a), 0 from 2a; R2: weight × a / b. */
  readonly upperLimit: 'R1' | 'R2';
  readonly zeroTarget: ZeroTarget;
  /** ＝n of a stock level above n: full like any other ＝, or as a limit that was passed. */
  readonly stockAboveTarget: 'full' | 'upper-limit';
  /** A negative actual counts as 0; a negative rate of change stays what it is. */
  readonly negativeActual: 'zero-for-flows' | 'as-it-is';
  /** 0/0 of a ≤ or ＝0 target: its weight is left out of what is possible, or it counts as met. Others are left out. */
  readonly notApplicable: 'left-out' | 'met-for-upper-limits';
  /** Best first. */
  readonly qualitative: readonly QualitativeBand[];
  readonly overAchievement: {
    /** b / a from which an explanation is asked for. */
    readonly threshold: string;
    /** The same for a target of 0: b. */
    readonly zeroTargetThreshold: string;
    /** `beyond-threshold`: weight × min(1, b / a − threshold) off. */
    readonly deduct: 'none' | 'beyond-threshold';
  };
  readonly stepDeductions?: readonly StepDeduction[];
  /** Best first; `from` in points of `total`, the last one 0. */
  readonly grades: readonly { readonly grade: string; readonly name: ProfileWords; readonly from: Points }[];
}

const CASES = '财预〔2020〕10号';
const CORE = '财预〔2021〕101号';

const OUTPUT = ['产出指标', '产出', '绩效产出'] as const;
const BENEFIT = ['效益指标', '效益', '绩效效益'] as const;
const SATISFACTION = ['满意度指标', '满意度'] as const;
const SATISFACTION_LEVEL2 = ['服务对象满意度', '服务对象满意度指标'] as const;

const EXECUTION_GROUP: ScoringGroup = {
  group: 'execution',
  name: { zh: '预算执行率', en: 'Execution rate' },
  weight: '10',
  level1: [],
};

const group = (
  id: string,
  [zh, en]: readonly [string, string],
  weight: Points,
  level1: readonly string[],
  more: Pick<ScoringGroup, 'level2' | 'ifEmptyTo'> = {},
): ScoringGroup => ({ group: id, name: { zh, en }, weight, level1, ...more });

const PROJECT_GROUPS = [
  EXECUTION_GROUP,
  group('output', ['产出指标', 'Output'], '50', OUTPUT),
  group('benefit', ['效益指标', 'Benefit'], '30', BENEFIT),
  group('satisfaction', ['满意度指标', 'Satisfaction'], '10', SATISFACTION, {
    level2: SATISFACTION_LEVEL2,
    ifEmptyTo: ['benefit'],
  }),
] as const;

/** What all shipped profiles have in common: the rulings of rule book 13, 5 and the grades of 4.6. */
const COMMON = {
  version: 1,
  ownRules: [],
  total: '100',
  unstatedWeights: 'equal',
  executionRate: { place: 'funds-block', group: 'execution', rule: { kind: 'proportional', capped: true } },
  upperLimit: 'R2',
  zeroTarget: { kind: 'all-or-nothing' },
  stockAboveTarget: 'full',
  negativeActual: 'zero-for-flows',
  notApplicable: 'left-out',
  qualitative: [
    { grade: 'reached', from: '0.80', to: '1.00' },
    { grade: 'partly', from: '0.60', to: '0.80' },
    { grade: 'not-reached', from: '0', to: '0.60' },
  ],
  overAchievement: { threshold: '1.30', zeroTargetThreshold: '30', deduct: 'none' },
  grades: [
    { grade: 'excellent', name: { zh: '优', en: 'Excellent' }, from: '90' },
    { grade: 'good', name: { zh: '良', en: 'Good' }, from: '80' },
    { grade: 'fair', name: { zh: '中', en: 'Fair' }, from: '60' },
    { grade: 'poor', name: { zh: '差', en: 'Poor' }, from: '0' },
  ],
} as const satisfies Partial<ScoringProfile>;

export const SCORING_PROFILES = [
  {
    ...COMMON,
    id: 'national-project',
    name: { zh: '项目支出绩效自评（10/50/30/10）', en: 'Project self-evaluation 10/50/30/10' },
    source: `${CASES}，附件 1；默认定义`,
    groups: PROJECT_GROUPS,
  },
  {
    ...COMMON,
    id: 'core-indicators',
    name: { zh: '核心指标（含成本 20/40/20/10/10）', en: 'Core indicators, with cost 20/40/20/10/10' },
    source: `${CORE}；无成本指标时 50/30/10/10，无满意度指标时其权重计入效益；默认定义`,
    groups: [
      EXECUTION_GROUP,
      group('cost', ['成本指标', 'Cost'], '20', ['成本指标', '成本'], { ifEmptyTo: ['output', 'benefit'] }),
      group('output', ['产出指标', 'Output'], '40', OUTPUT),
      group('benefit', ['效益指标', 'Benefit'], '20', BENEFIT),
      group('satisfaction', ['满意度指标', 'Satisfaction'], '10', SATISFACTION, {
        level2: SATISFACTION_LEVEL2,
        ifEmptyTo: ['benefit'],
      }),
    ],
  },
  {
    ...COMMON,
    id: 'whole-department',
    name: { zh: '部门整体绩效自评（权重由单位设定）', en: 'Whole department, weights set by the unit' },
    source: '财预〔2013〕53号未规定权重；各级权重为本产品默认值，由单位设定',
    ownRules: ['group-weights'],
    groups: [
      group('decision', ['决策', 'Decision'], '10', ['决策', '决策指标']),
      group('process', ['过程', 'Process'], '30', ['过程', '过程指标']),
      group('duties', ['履职', 'Duties'], '35', ['履职', '履职指标', '履职效能']),
      group('benefit', ['效益', 'Benefit'], '15', BENEFIT),
      group('satisfaction', ['满意度', 'Satisfaction'], '10', SATISFACTION, {
        level2: SATISFACTION_LEVEL2,
        ifEmptyTo: ['benefit'],
      }),
    ],
    executionRate: {
      place: 'indicator',
      level3: ['预算执行率', '部门预算执行率'],
      metric: 'execution-rate',
      rule: { kind: 'by-target' },
    },
  },
  {
    ...COMMON,
    id: 'banded-execution',
    name: { zh: '项目支出绩效自评（执行率分档）', en: 'Project self-evaluation, execution rate by bands' },
    source: `${CORE}，执行率分档示例；默认定义`,
    groups: PROJECT_GROUPS,
    executionRate: {
      place: 'funds-block',
      group: 'execution',
      rule: {
        kind: 'bands',
        finishedWithinBudget: '1.00',
        bands: [
          { fromPercent: '80', share: '0.70' },
          { fromPercent: '60', share: '0.50' },
          { fromPercent: '0', share: '0' },
        ],
      },
    },
  },
  {
    ...COMMON,
    id: 'execution-by-steps',
    name: { zh: '部门整体绩效自评（执行率每低 5% 扣 1 分）', en: 'Whole department, execution rate minus 1 per 5 %' },
    source: '重庆市部门整体绩效自评表的执行率评分标准；各级权重为本产品默认值，由单位设定',
    ownRules: ['group-weights'],
    groups: [
      group('management', ['管理类', 'Management'], '10', ['管理类', '管理指标', '管理']),
      ...PROJECT_GROUPS.slice(1),
    ],
    executionRate: {
      place: 'indicator',
      level3: ['预算执行率', '部门预算执行率'],
      metric: 'execution-rate',
      rule: { kind: 'steps', fullFromPercent: '90', stepPercent: '5', deduct: '1', stepRounding: 'FLOOR' },
    },
  },
] as const satisfies readonly ScoringProfile[];

export type ProfileId = (typeof SCORING_PROFILES)[number]['id'];

/** A shipped profile; `undefined` for an id that none has. */
export const profileById = (id: string): ScoringProfile | undefined =>
  SCORING_PROFILES.find((profile) => profile.id === id);
