/** The JSON Schema (draft 2020-12) of a whole scoring profile; whether its numbers hold together is for the domain to say. */
const DECIMAL = { type: 'string', minLength: 1, maxLength: 40 } as const;
const TEXT = {
  type: 'string',
  minLength: 1,
  maxLength: 300,
  pattern: '^[^\\p{Cc}]*\\S[^\\p{Cc}]*$',
  description: 'words on one line',
} as const;
const NAMES = { type: 'array', maxItems: 100, items: TEXT, uniqueItems: true } as const;
const ID = {
  type: 'string',
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'small letters, digits and hyphens',
} as const;

const strict = <const Properties extends object>(
  properties: Properties,
  optional: readonly (keyof Properties & string)[] = [],
) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.some((other) => other === name)),
  properties,
});
const kind = <const Name extends string>(name: Name) => ({ const: name });
const choice = (...values: readonly string[]) => ({ enum: values });
/** One of several shapes, told apart by a member, so that only faults of that shape are found. */
const byMember = (member: string, shapes: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: [member],
  properties: { [member]: { enum: Object.keys(shapes) } },
  allOf: Object.entries(shapes).map(([name, shape]) => ({
    if: { properties: { [member]: { const: name } }, required: [member] },
    then: shape,
  })),
});

const WORDS = strict({ zh: TEXT, en: TEXT });
const STEP_ROUNDING = choice('FLOOR', 'CEIL', 'LINEAR');

const RATE_RULE = byMember('kind', {
  proportional: strict({ kind: kind('proportional'), capped: { type: 'boolean' } }),
  bands: strict({
    kind: kind('bands'),
    finishedWithinBudget: DECIMAL,
    bands: { type: 'array', minItems: 1, maxItems: 20, items: strict({ fromPercent: DECIMAL, share: DECIMAL }) },
  }),
  steps: strict({
    kind: kind('steps'),
    fullFromPercent: DECIMAL,
    stepPercent: DECIMAL,
    deduct: DECIMAL,
    stepRounding: STEP_ROUNDING,
  }),
  'by-target': strict({ kind: kind('by-target') }),
});

const EXECUTION_RATE = byMember('place', {
  'funds-block': strict({ place: kind('funds-block'), group: ID, rule: RATE_RULE, explainBelowPercent: DECIMAL }, [
    'explainBelowPercent',
  ]),
  indicator: strict(
    { place: kind('indicator'), level3: NAMES, metric: TEXT, rule: RATE_RULE, explainBelowPercent: DECIMAL },
    ['metric', 'explainBelowPercent'],
  ),
});

export const SCORING_PROFILE_SCHEMA = strict(
  {
    id: ID,
    version: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    name: WORDS,
    source: TEXT,
    ownRules: { type: 'array', uniqueItems: true, items: choice('group-weights', 'over-achievement-deduction') },
    total: DECIMAL,
    groups: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: strict({ group: ID, name: WORDS, weight: DECIMAL, level1: NAMES, level2: NAMES, ifEmptyTo: NAMES }, [
        'level2',
        'ifEmptyTo',
      ]),
    },
    unstatedWeights: choice('equal'),
    executionRate: EXECUTION_RATE,
    upperLimit: choice('R1', 'R2'),
    zeroTarget: byMember('kind', {
      'all-or-nothing': strict({ kind: kind('all-or-nothing') }),
      'per-point': strict({ kind: kind('per-point'), step: DECIMAL, deduct: DECIMAL, stepRounding: STEP_ROUNDING }),
    }),
    stockAboveTarget: choice('full', 'upper-limit'),
    negativeActual: choice('zero-for-flows', 'as-it-is'),
    notApplicable: choice('left-out', 'met-for-upper-limits'),
    qualitative: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      items: strict({ grade: choice('reached', 'partly', 'not-reached'), from: DECIMAL, to: DECIMAL }),
    },
    overAchievement: strict({
      threshold: DECIMAL,
      zeroTargetThreshold: DECIMAL,
      deduct: choice('none', 'beyond-threshold'),
    }),
    stepDeductions: {
      type: 'array',
      maxItems: 100,
      items: strict({
        level3: NAMES,
        limit: { oneOf: [{ const: 'target' }, strict({ value: DECIMAL })] },
        side: choice('above', 'below'),
        step: DECIMAL,
        deduct: DECIMAL,
        stepRounding: STEP_ROUNDING,
      }),
    },
    grades: { type: 'array', minItems: 1, maxItems: 20, items: strict({ grade: ID, name: WORDS, from: DECIMAL }) },
  },
  ['stepDeductions'],
);
