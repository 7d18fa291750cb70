import { describe, expect, it } from '@jest/globals';
import { checkProfile, withGroupWeights } from '#domain/scoring/profile-check.js';
import { SCORING_PROFILES, type ScoringProfile, profileById } from '#domain/scoring/profile.js';
import { profileWith } from '#domain/scoring/scoring.fixture.js';

describe('the shipped profiles', () => {
  it.each(SCORING_PROFILES.map((profile) => [profile.id, profile] as const))('%s can score', (id, profile) => {
    expect(checkProfile(profile)).toEqual([]);
    expect(profileById(id)).toBe(profile);
  });

  it('are plain data: what was stored scores as before', () => {
    for (const profile of SCORING_PROFILES) expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });

  it('weigh as rule book 4.1 says, and name what is the product’s own', () => {
    const weights = SCORING_PROFILES.map(
      ({ id, groups, ownRules }) => `${id} ${groups.map(({ weight }) => weight).join('/')} ${ownRules.join() || '—'}`,
    );
    expect(weights).toEqual([
      'national-project 10/50/30/10 —',
      'core-indicators 10/20/40/20/10 —',
      'whole-department 10/30/35/15/10 group-weights',
      'banded-execution 10/50/30/10 —',
      'execution-by-steps 10/50/30/10 group-weights',
    ]);
  });

  it('are known by their ids only', () => expect(profileById('no-such')).toBeUndefined());
});

describe('a profile that does not hold together', () => {
  const [reached, partly, not] = profileWith().qualitative;
  const execution = profileWith().executionRate;
  const cases: readonly (readonly [string, Partial<ScoringProfile>, readonly object[]])[] = [
    [
      'weights of 99',
      { groups: weighing('9') },
      [{ at: '/groups', code: 'GROUP_WEIGHTS_DO_NOT_ADD_UP', sum: '99.00', total: '100.00' }],
    ],
    [
      'a weight with three decimals',
      { groups: weighing('10.001') },
      [{ at: '/groups/0/weight', code: 'NOT_POINTS', found: '10.001' }, { code: 'GROUP_WEIGHTS_DO_NOT_ADD_UP' }],
    ],
    [
      'a negative weight',
      { groups: weighing('-10') },
      [{ at: '/groups/0/weight', code: 'NOT_POINTS', found: '-10' }, { code: 'GROUP_WEIGHTS_DO_NOT_ADD_UP' }],
    ],
    [
      'one name in two groups',
      {
        groups: profileWith().groups.map((group) =>
          group.group === 'benefit' ? { ...group, level1: ['产出'] } : group,
        ),
      },
      [{ at: '/groups/2', code: 'NAME_IN_TWO_GROUPS', name: '产出' }],
    ],
    [
      'an heir that there is not',
      {
        groups: profileWith().groups.map((group) =>
          group.group === 'satisfaction' ? { ...group, ifEmptyTo: ['cost'] } : group,
        ),
      },
      [{ at: '/groups/3/ifEmptyTo', code: 'GROUP_UNKNOWN', group: 'cost' }],
    ],
    [
      'an execution rate without its group',
      { executionRate: { place: 'funds-block', group: 'funds', rule: { kind: 'proportional', capped: true } } },
      [{ at: '/executionRate/group', code: 'GROUP_UNKNOWN', group: 'funds' }],
    ],
    [
      'bands that overlap',
      { qualitative: [reached!, { ...partly!, to: '0.85' }, not!] },
      [{ at: '/qualitative/0', code: 'BANDS_OVERLAP_OR_GAP', upper: '0.80', lower: '0.85' }],
    ],
    [
      'bands with a gap',
      { qualitative: [reached!, partly!, { ...not!, to: '0.59' }] },
      [{ at: '/qualitative/1', code: 'BANDS_OVERLAP_OR_GAP', upper: '0.60', lower: '0.59' }],
    ],
    [
      'bands that end above nothing',
      { qualitative: [reached!, partly!, { ...not!, from: '0.10' }] },
      [{ at: '/qualitative', code: 'BANDS_NOT_WHOLE' }],
    ],
    [
      'a band upside down',
      { qualitative: [reached!, { ...partly!, from: '0.80', to: '0.80' }, { ...not!, to: '0.80' }] },
      [{ at: '/qualitative/1', code: 'BANDS_NOT_DESCENDING' }],
    ],
    [
      'a share over 1',
      { qualitative: [{ ...reached!, to: '1.20' }, partly!, not!] },
      [{ at: '/qualitative/0/to', code: 'NOT_A_SHARE', found: '1.20' }],
    ],
    [
      'grades that do not descend',
      { grades: [...profileWith().grades].reverse() },
      [
        { at: '/grades', code: 'GRADES_NOT_DESCENDING' },
        { at: '/grades', code: 'GRADES_NOT_TO_ZERO' },
      ],
    ],
    [
      'execution bands that do not descend',
      {
        executionRate: {
          ...execution,
          rule: {
            kind: 'bands',
            finishedWithinBudget: '1',
            bands: [
              { fromPercent: '60', share: '0.5' },
              { fromPercent: '80', share: '0.7' },
            ],
          },
        },
      },
      [{ at: '/executionRate/rule/bands', code: 'BANDS_NOT_DESCENDING' }],
    ],
    [
      'steps of nothing',
      {
        executionRate: {
          ...execution,
          rule: { kind: 'steps', fullFromPercent: '90', stepPercent: '0', deduct: '1', stepRounding: 'CEIL' },
        },
      },
      [{ at: '/executionRate/rule/stepPercent', code: 'STEP_NOT_POSITIVE', found: '0' }],
    ],
    [
      'a threshold of 1',
      { overAchievement: { threshold: '1', zeroTargetThreshold: '30', deduct: 'none' } },
      [{ at: '/overAchievement/threshold', code: 'THRESHOLD_TOO_LOW', found: '1' }],
    ],
    [
      'a deduction of the product’s own that is not named',
      { overAchievement: { threshold: '1.30', zeroTargetThreshold: '30', deduct: 'beyond-threshold' } },
      [{ at: '/ownRules', code: 'OWN_RULE_NOT_NAMED', rule: 'over-achievement-deduction' }],
    ],
    [
      'a deduction that is no number',
      {
        stepDeductions: [
          {
            level3: ['在职人员控制率'],
            limit: { value: 'all' },
            side: 'above',
            step: '-1',
            deduct: '0.1',
            stepRounding: 'FLOOR',
          },
        ],
      },
      [
        { at: '/stepDeductions/0/step', code: 'STEP_NOT_POSITIVE', found: '-1' },
        { at: '/stepDeductions/0/limit/value', code: 'NOT_A_NUMBER', found: 'all' },
      ],
    ],
  ];

  function weighing(execution: string): ScoringProfile['groups'] {
    return profileWith().groups.map((group) => (group.group === 'execution' ? { ...group, weight: execution } : group));
  }

  it.each(cases)('%s', (_what, changes, expected) => {
    const problems = checkProfile(profileWith(changes));
    expect(problems).toHaveLength(expected.length);
    expect(problems).toMatchObject(expected);
  });
});

describe('a unit’s own group weights', () => {
  const department = profileWith({}, 'whole-department');

  it('replace the product’s, which are then no longer named as such', () => {
    const { profile, problems } = withGroupWeights(department, { decision: '5', process: '35' });
    expect(problems).toEqual([]);
    expect(profile.groups.map(({ weight }) => weight)).toEqual(['5', '35', '35', '15', '10']);
    expect(profile.ownRules).toEqual([]);
  });

  it('must add up and name groups that there are', () => {
    const { problems } = withGroupWeights(department, { decision: '20', outcome: '5' });
    expect(problems).toEqual([
      { at: '/groups/outcome', code: 'GROUP_UNKNOWN', group: 'outcome' },
      { at: '/groups', code: 'GROUP_WEIGHTS_DO_NOT_ADD_UP', sum: '110.00', total: '100.00' },
    ]);
  });
});
