import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Ratio, formatDecimal, formatPercent, ratio } from '#domain/ratio.js';
import { scoreExecutionRate } from '#domain/scoring/execution-score.js';
import { formatPoints, hundredths } from '#domain/scoring/points.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import { SCORING_RULES } from '#domain/scoring/rules.js';
import type { Indicator } from '#domain/performance/events.js';
import { numericTarget } from '#domain/scoring/quantitative.js';
import { type Score, scoreFundsBlock, scoreIndicator } from '#domain/scoring/score.js';
import { indicatorOf, profileWith, resultOf, rowsOf, scoreRow, shareOfYuan } from '#domain/scoring/scoring.fixture.js';
import { judgeValue } from '#domain/scoring/verdict.js';

const shown = ({ points, rule }: Score): string => `${formatPoints(points)} ${rule}`;

const EXECUTION = `
  215457.6/250000  10  8.62   # rule book 4.2: a published self-evaluation
  9034/20000       10  4.52   # rule book 4.2: a published self-evaluation
  8771/10000       10  8.77   # rule book 4.5: 87.71 %, in proportion
  12000/10000      10  10.00  # rule book 4.2: capped; the excess is a violation
  0/10000          10  0.00   # nothing was spent
  -5/10000         10  0.00   # more was returned than paid
  1/3              20  6.67   # half up, once
`;

describe('the execution rate of the funds block', () => {
  const rated = (
    actual: string,
    weight: string,
    rule?: ScoringProfile['executionRate']['rule'],
    finished?: boolean,
  ) => {
    const [numerator = '', denominator = ''] = actual.split('/');
    const base = profileWith();
    const profile = rule === undefined ? base : profileWith({ executionRate: { ...base.executionRate, rule } });
    const result = shareOfYuan(numerator, denominator);
    return scoreFundsBlock({ result, finished }, hundredths(Number(weight) * 100), profile);
  };

  it.each(rowsOf(EXECUTION))('%s of %s points: %s (%s)', (actual = '', weight = '', points) =>
    expect(formatPoints(rated(actual, weight).points)).toBe(points),
  );

  it('over 100 % is capped where the profile caps, is more where it does not, and is flagged in both', () => {
    const uncapped = rated('12000/10000', '10', { kind: 'proportional', capped: false });
    expect([formatPoints(uncapped.points), uncapped.flags]).toEqual(['12.00', ['OVER_EXECUTED']]);
    expect(rated('12000/10000', '10').flags).toEqual(['OVER_EXECUTED']);
  });

  it.each(
    rowsOf(`
      10000/10000  no   10.00  # rule book 4.5: all spent, within the budget
      9500/10000   yes  10.00  # finished within the budget
      9500/10000   no   7.00   # 80 to 100 %
      8000/10000   no   7.00   # the bound belongs to the upper band
      7999/10000   no   5.00   # 60 to 80 %
      6000/10000   no   5.00   # the bound belongs to the upper band
      5999/10000   no   0.00   # under 60 %
      10001/10000  yes  7.00   # finished, but not within the budget
    `),
  )('by bands: %s, finished %s: %s (%s)', (actual = '', finished, points) => {
    const { executionRate } = profileWith({}, 'banded-execution');
    const score = rated(actual, '10', executionRate.rule, finished === 'yes');
    expect(shown(score)).toBe(`${points} EXECUTION_BAND`);
  });

  it.each(
    rowsOf(`
      87.71/100  FLOOR   10.00  # rule book 4.5: 2.29 below is no whole step
      87.71/100  CEIL    9.00   # the step that has begun counts
      87.71/100  LINEAR  9.54   # 2.29 / 5 = 0.458 steps
      90/100     CEIL    10.00  # full from 90 %
      85/100     FLOOR   9.00   # one whole step
      85/100     CEIL    9.00   # exactly one step
      84.99/100  CEIL    8.00   # the second one has begun
      20/100     FLOOR   0.00   # 14 steps, never under 0
    `),
  )('by steps of 5 %% under 90 %%: %s, %s: %s (%s)', (actual = '', stepRounding, points) => {
    const rule = { kind: 'steps', fullFromPercent: '90', stepPercent: '5', deduct: '1' } as const;
    const score = rated(actual, '10', { ...rule, stepRounding: stepRounding as 'FLOOR' });
    expect(formatPoints(score.points)).toBe(points);
  });

  it('says which rate decided', () => {
    const { why, possible } = rated('215457.6/250000', '10');
    expect({ achieved: formatPercent(why.achieved!), rule: why.rule, possible }).toEqual({
      achieved: '86.18',
      rule: 'EXECUTION_PROPORTIONAL',
      possible: 1000,
    });
  });

  it('asks for an explanation under a rate that the profile names, even with full points', () => {
    const { executionRate } = profileWith({}, 'banded-execution');
    const profile = profileWith({ executionRate: { ...executionRate, explainBelowPercent: '90' } });
    const rated89 = scoreFundsBlock({ result: shareOfYuan('89', '100'), finished: true }, hundredths(1000), profile);
    expect([rated89.points, rated89.asks]).toEqual([1000, ['LOW_EXECUTION']]);
  });

  it('of no budget is left out; money spent on no budget gets nothing and is a violation', () => {
    expect(rated('0/0', '10')).toMatchObject({ status: 'left-out', possible: 0, points: 0, rule: 'NOT_APPLICABLE' });
    expect(rated('5/0', '10')).toMatchObject({ status: 'scored', possible: 1000, points: 0, flags: ['OVER_NOTHING'] });
  });

  it('stays open without a figure', () =>
    expect(scoreFundsBlock({ result: undefined }, hundredths(1000), profileWith())).toMatchObject({
      status: 'open',
      possible: 1000,
      points: 0,
      problems: [{ code: 'NO_RESULT' }],
    }));
});

const NUMBERS = `
  ≥100%    100       10.00  TARGET_MET             # 4.2
  ≥100%    99.9999   10.00  PROPORTIONAL           # missed, though the rounded points are full
  ≥95%     90        9.47   PROPORTIONAL           # 10·90/95 = 9.4737
  ＝100%   50        5.00   PROPORTIONAL           # ＝ reads as at least
  ＝100%   99.5      10.00  MET_AFTER_ROUNDING     # 2.3, 8: equal after rounding to the printed decimals
  ＝100%   99.49     9.95   PROPORTIONAL           # 2.3, 8: not equal
  ＝29个   22        7.59   PROPORTIONAL           # 10·22/29 = 7.586
  ＝29个   31        10.00  TARGET_MET             # b ≥ a
  ＝29个   -3        0.00   PROPORTIONAL           # a flow: negative counts as nothing
  ＝0%     0         10.00  TARGET_MET             # 4.2: ＝0
  ＝0%     0.49      10.00  MET_AFTER_ROUNDING     # 2.3, 8
  ＝0%     0.5       0.00   ALL_OR_NOTHING         # 4.2: b > 0
  ＝0%     -3        10.00  TARGET_MET             # a negative rate of change is not zeroed
  ≤0%      -12.34    10.00  TARGET_MET             # 2.3, 6
  ≤0%      0.01      0.00   ALL_OR_NOTHING         # 4.2: R1 and R2 with a = 0
  ≤10%     10        10.00  TARGET_MET             # 4.2
  ≤10%     10.4      9.62   UPPER_LIMIT_R2         # ≤ is not rounded: 10·10/10.4
  ≤100     150       6.67   UPPER_LIMIT_R2         # 4.2: 0.667w
  ≤100%    225.54    4.43   UPPER_LIMIT_R2         # 2.3, 10: 10·100/225.54
  ≥0       5         10.00  TARGET_MET             # at least nothing
  ≥0%      -1        0.00   ALL_OR_NOTHING         # below nothing there is no proportion
  ≤-5%     -4        0.00   ALL_OR_NOTHING         # a fall that was wanted and did not come
`;

describe('a number against its target, 10 points (rule book 4.2)', () => {
  it.each(rowsOf(NUMBERS))('%s with %s: %s by %s (%s)', (target = '', actual = '', points, rule) =>
    expect(shown(scoreRow({ target, actual }))).toBe(`${points} ${rule}`),
  );

  it.each(
    rowsOf(`
      ≤100  100  10.00  10.00  # met
      ≤100  150  5.00   6.67   # 4.2: 0.5w against 0.667w
      ≤100  199  0.10   5.03   # just before 2a
      ≤100  200  0.00   5.00   # from 2a R1 gives nothing
      ≤100  900  0.00   1.11   # R2 never comes to nothing
    `),
  )('%s with %s: R1 %s, R2 %s (%s)', (target = '', actual = '', r1, r2) => {
    const points = (upperLimit: 'R1' | 'R2') =>
      formatPoints(scoreRow({ target, actual, profile: { upperLimit } }).points);
    expect([points('R1'), points('R2')]).toEqual([r1, r2]);
  });

  it('prints the achieved share of published figures', () => {
    const achieved = (actual: string) => formatPercent(scoreRow({ target: '≤100%', actual }).why.achieved!);
    // rule book 2.2: staff control of a real table; 2.3, 10: running cost of a Hunan township.
    expect([achieved('50/46'), achieved('193.42/85.76')]).toEqual(['108.70', '225.54']);
  });

  it('takes a computed share in the unit of the target', () => {
    const { why, points } = scoreRow({ target: '≥100%', actual: '9034/20000' });
    expect([formatDecimal(why.actual as Ratio, 2), formatPoints(points)]).toEqual(['45.17', '4.52']);
  });

  it.each(
    rowsOf(`
      ≤0%  0      10.00  # Hunan sheet: full at 0 or less
      ≤0%  1      9.70   # one percentage point above
      ≤0%  2.5    9.25   # in proportion within a point
      ≤0%  33.34  0.00   # never under 0
      ＝0%  1      9.70   # the same of ＝0
    `),
  )('a target of nothing, minus 0.3 for each point above: %s with %s: %s (%s)', (target = '', actual = '', points) => {
    const zeroTarget = { kind: 'per-point', step: '1', deduct: '0.30', stepRounding: 'LINEAR' } as const;
    expect(formatPoints(scoreRow({ target, actual, profile: { zeroTarget } }).points)).toBe(points);
  });

  it.each(
    rowsOf(`
      50/46   FLOOR   9.20  # Hunan sheet: 108.70 %, 8 whole points above 100
      50/46   CEIL    9.10  # 9 begun
      50/46   LINEAR  9.13  # 8.6957 points
      46/46   LINEAR  10.00 # at the limit
      40/46   LINEAR  10.00 # under it
    `),
  )('staff control, minus 0.1 for each point above 100: %s, %s: %s (%s)', (actual = '', stepRounding, points) => {
    const stepDeductions = [
      {
        level3: ['在职人员控制率'],
        limit: { value: '100' },
        side: 'above',
        step: '1',
        deduct: '0.10',
        stepRounding: stepRounding as 'FLOOR',
      } as const,
    ];
    const score = scoreRow({
      target: '≤100%',
      actual,
      profile: { stepDeductions },
      indicator: { level3: '在职人员控制率' },
    });
    expect(formatPoints(score.points)).toBe(points);
  });

  it.each(
    rowsOf(`
      ＝100%  98    2    10.00  MET_WITHIN_TOLERANCE  # 2 points below
      ＝100%  97.9  2    9.79   PROPORTIONAL          # outside; the points are of the whole distance
      ≤10%    10.5  0.5  10.00  MET_WITHIN_TOLERANCE  # at the edge
      ≤10%    10.6  0.5  9.43   UPPER_LIMIT_R2        # over it
      ≥90%    89.9  0.1  10.00  MET_WITHIN_TOLERANCE  # below by no more
      ＝0%    0.6   1    10.00  MET_WITHIN_TOLERANCE  # of nothing
    `),
  )('%s with %s and tolerance %s: %s by %s (%s)', (target = '', actual = '', tolerance = '', points, rule) =>
    expect(shown(scoreRow({ target, actual, indicator: { tolerance } }))).toBe(`${points} ${rule}`),
  );

  it('a level above ＝n is full, or a limit that was passed, as the profile says', () => {
    // rule book 1.3: a stock that shrinks to its target; 4.2 reads ＝n as at least n.
    const stock = { target: '＝4800套', actual: '5000', indicator: { kindName: 'stock' } };
    expect(shown(scoreRow(stock))).toBe('10.00 TARGET_MET');
    expect(shown(scoreRow({ ...stock, profile: { stockAboveTarget: 'upper-limit' } }))).toBe('9.60 UPPER_LIMIT_R2');
    expect(shown(scoreRow({ ...stock, actual: '4800', profile: { stockAboveTarget: 'upper-limit' } }))).toBe(
      '10.00 TARGET_MET',
    );
  });

  it('a negative actual is nothing for a flow only, and where the profile says so', () => {
    const flow = scoreRow({ target: '≤10个', actual: '-1' });
    expect([flow.points, flow.flags]).toEqual([1000, ['NEGATIVE_AS_ZERO']]);
    expect(scoreRow({ target: '≤10%', actual: '-1' }).flags).toEqual([]);
    expect(scoreRow({ target: '≤10个', actual: '-1', profile: { negativeActual: 'as-it-is' } }).flags).toEqual([]);
  });
});

describe('over-achievement (rule book 4.4)', () => {
  it.each(
    rowsOf(`
      ≥100%  129.99  —                 10.00  # under the threshold
      ≥100%  130     OVER_ACHIEVEMENT  10.00  # a Guangxi deployment: from 1.3 × target
      ＝16条  22      OVER_ACHIEVEMENT  10.00  # 1.375
      ≥0     29      —                 10.00  # of a target of nothing: from 30
      ≥0     30      OVER_ACHIEVEMENT  10.00  # the same
      ≤100%  10      —                 10.00  # staying under a limit is no over-achievement
    `),
  )('%s with %s asks %s and deducts nothing: %s (%s)', (target = '', actual = '', ask, points) => {
    const score = scoreRow({ target, actual });
    expect([score.asks.join() || '—', formatPoints(score.points)]).toEqual([ask, points]);
  });

  it.each(
    rowsOf(`
      130  10.00  TARGET_MET        # at the threshold nothing is beyond it
      150  8.00   BEYOND_THRESHOLD  # 10 − 10·(1.5 − 1.3)
      230  0.00   BEYOND_THRESHOLD  # 1 beyond: all of it
      900  0.00   BEYOND_THRESHOLD  # no more than all
    `),
  )('where the profile deducts what is beyond: %s %% gives %s by %s (%s)', (actual = '', points, rule) => {
    const overAchievement = { threshold: '1.30', zeroTargetThreshold: '30', deduct: 'beyond-threshold' } as const;
    const score = scoreRow({ target: '≥100%', actual, profile: { overAchievement } });
    expect(shown(score)).toBe(`${points} ${rule}`);
  });

  it('says that the deduction is the product’s own', () =>
    expect(SCORING_RULES.BEYOND_THRESHOLD.name).toEqual({
      zh: '超额完成扣分（本产品规则）',
      en: 'points off for over-achievement (a rule of this product)',
    }));
});

describe('words and checklists (rule book 4.3)', () => {
  it.each(
    rowsOf(`
      健全  健全      reached      10.00  GRADE_PROPOSED      # the word itself
      有效  有效      reached      10.00  GRADE_PROPOSED      # the same
      健全  较健全    partly       0.00   NO_SCORE            # how much less, nobody said
      健全  不健全    not-reached  0.00   NO_SCORE            # the same
      健全  4of4      reached      10.00  CHECKLIST_PROPOSED  # all check points
      健全  4of5      reached      8.00   CHECKLIST_PROPOSED  # 0.80 belongs to the upper band
      健全  3of4      partly       7.50   CHECKLIST_PROPOSED  # their share
      健全  3of5      partly       6.00   CHECKLIST_PROPOSED  # 0.60 belongs to the middle band
      健全  1of2      not-reached  5.00   CHECKLIST_PROPOSED  # their share
    `),
  )('%s with %s is %s: %s by %s (%s)', (target = '', actual = '', grade, points, rule) => {
    const score = scoreRow({ target, actual });
    expect([score.grade, shown(score)]).toEqual([grade, `${points} ${rule}`]);
  });

  it('proposes, and says that it does', () => {
    expect(scoreRow({ target: '健全', actual: '健全' }).flags).toEqual(['PROPOSED']);
    expect(scoreRow({ target: '健全', actual: '健全', assessment: { score: '9.5' } }).flags).toEqual([]);
  });

  it.each(
    rowsOf(`
      10    reached      10     inside   # the weight belongs to the top band
      10    reached      8      inside   # 0.80w belongs to it
      10    reached      7.99   outside  # under it
      10    partly       7.99   inside   # [0.60w, 0.80w)
      10    partly       8      outside  # the upper bound does not belong
      10    partly       6      inside   # the lower one does
      10    partly       5.99   outside  # under it
      10    not-reached  5.99   inside   # [0, 0.60w)
      10    not-reached  0      inside   # nothing
      10    not-reached  6      outside  # the upper bound does not belong
      3.33  reached      2.66   inside   # 2.664 rounded to 2.66
      3.33  reached      2.65   outside  # under the rounded bound
      3.33  partly       2.00   inside   # 1.998 rounded to 2.00
      3.33  partly       1.99   outside  # under the rounded bound
      10    reached      10.01  outside  # over the weight
    `),
  )('of %s points, %s: a score of %s is %s its band (%s)', (weight = '', grade, score = '', where) => {
    const assessment = { grade: grade as 'partly', score };
    const scored = scoreRow({ target: '健全', actual: '—', weight, assessment });
    expect(scored.problems.map(({ code }) => code)).toEqual(where === 'inside' ? [] : ['SCORE_OUTSIDE_BAND']);
    expect(scored.status).toBe(where === 'inside' ? 'scored' : 'open');
  });

  it('names the band that a score lies outside of', () =>
    expect(scoreRow({ target: '健全', actual: '较健全', weight: '3.33', assessment: { score: '3' } }).problems).toEqual(
      [{ code: 'SCORE_OUTSIDE_BAND', found: '3', grade: 'partly', from: '2.00', to: '2.66' }],
    ));

  it('asks for a score where a word says less than reached, and names its band', () =>
    expect(scoreRow({ target: '健全', actual: '基本健全' }).problems).toEqual([
      { code: 'SCORE_NOT_CHOSEN', grade: 'partly', from: '6.00', to: '8.00' },
    ]));

  it('does not let a grade contradict the result', () =>
    expect(scoreRow({ target: '健全', actual: '较健全', assessment: { grade: 'reached' } }).problems).toEqual([
      { code: 'GRADE_CONTRADICTS_RESULT', found: 'reached', expected: 'partly' },
    ]));

  it('takes the grade of a score that stands alone', () =>
    expect(scoreRow({ target: '健全', actual: '—', assessment: { score: '7' } })).toMatchObject({ grade: 'partly' }));

  it('takes an evaluator’s grade for a word that says none', () => {
    expect(scoreRow({ target: '健全', actual: '按要求推进' }).problems).toEqual([
      { code: 'WORD_NOT_UNDERSTOOD', found: '按要求推进' },
    ]);
    const graded = scoreRow({ target: '健全', actual: '按要求推进', assessment: { grade: 'partly', score: '7.2' } });
    expect(shown(graded)).toBe('7.20 GRADE_CHOSEN');
  });
});

describe('what cannot be scored', () => {
  it.each(
    rowsOf(`
      ≥100%  —          NO_RESULT            # nothing was recorded
      健全   —          NO_RESULT            # nothing was said
      ≥100%  及时       RESULT_NOT_A_NUMBER  # a word for a number
      健全   12         RESULT_NOT_A_WORD    # a number for a word
      ≥100%  1e5        RESULT_NOT_DECIMAL   # not plain
      健全   0of0       CHECKLIST_EMPTY      # no check points
    `),
  )('%s with %s stays open: %s (%s)', (target = '', actual = '', code) => {
    const { status, possible, points, problems } = scoreRow({ target, actual });
    expect({ status, possible, points, codes: problems.map((problem) => problem.code) }).toEqual({
      status: 'open',
      possible: 1000,
      points: 0,
      codes: [code],
    });
  });

  it('0/0 is left out of what is possible; the profile may count it as met for limits', () => {
    const left = { status: 'left-out', possible: 0, points: 0 };
    const met = { status: 'scored', possible: 1000, points: 1000, rule: 'NOT_APPLICABLE_MET' };
    const profile = { notApplicable: 'met-for-upper-limits' } as const;
    for (const target of ['≤0%', '＝0%']) {
      expect(scoreRow({ target, actual: '0/0' })).toMatchObject(left);
      expect(scoreRow({ target, actual: '0/0', profile })).toMatchObject(met);
    }
    expect(scoreRow({ target: '≥100%', actual: '0/0', profile })).toMatchObject(left);
  });

  it('x/0 gets nothing, is a violation and needs a cause', () =>
    expect(scoreRow({ target: '≤0%', actual: '5/0' })).toMatchObject({
      status: 'scored',
      possible: 1000,
      points: 0,
      rule: 'OVER_NOTHING',
      flags: ['OVER_NOTHING'],
      asks: ['CAUSE'],
    }));

  it('a figure that lacks data stays open', () => {
    const result = { metric: { status: 'NOT_COMPUTABLE', reason: 'NO_PRIOR_YEAR' } } as const;
    const score = scoreIndicator({ indicator: indicatorOf('≤0%'), weight: hundredths(500), result }, profileWith());
    expect(score.problems).toEqual([{ code: 'RESULT_NOT_COMPUTABLE', reason: 'NO_PRIOR_YEAR' }]);
  });

  it('the points of a number are computed, never chosen', () =>
    expect(scoreRow({ target: '≥100%', actual: '90', assessment: { score: '10' } }).problems).toEqual([
      { code: 'SCORE_NOT_TO_CHOOSE', found: '10' },
    ]));
});

describe('the execution rate as a row of its own', () => {
  const indicator = { level3: '预算执行率', level1: '管理类' };
  const row = (actual: string, target = '≥90%') =>
    scoreIndicator(
      { indicator: indicatorOf(target, indicator), weight: hundredths(1000), result: resultOf(actual) },
      profileWith({}, 'execution-by-steps'),
    );

  it('is scored by the rule of the profile, reported or computed', () => {
    expect([shown(row('87.71')), shown(row('8771/10000'))]).toEqual(['10.00 EXECUTION_STEPS', '10.00 EXECUTION_STEPS']);
    expect(shown(row('79.99'))).toBe('8.00 EXECUTION_STEPS');
  });

  it('counts by its target where the unit sets the weights', () => {
    const scored = scoreIndicator(
      { indicator: indicatorOf('＝100%', indicator), weight: hundredths(500), result: resultOf('9034/20000') },
      profileWith({}, 'whole-department'),
    );
    expect(shown(scored)).toBe('2.26 PROPORTIONAL');
  });
});

describe('whatever the figures', () => {
  const value = fc.tuple(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.bigInt({ min: 1n, max: 10n ** 5n }));
  const target = fc.record({
    text: fc
      .tuple(fc.constantFrom('＝', '≥', '≤'), fc.integer({ min: -500, max: 50_000 }), fc.constantFrom('%', '个'))
      .map(([sign, n, unit]) => `${sign}${(n / 100).toFixed(2)}${unit}`),
    kindName: fc.constantFrom('ratio', 'flow', 'stock'),
  });
  const weight = fc.integer({ min: 0, max: 5_000 });
  const changes = fc.record({
    upperLimit: fc.constantFrom('R1' as const, 'R2' as const),
    zeroTarget: fc.constantFrom<ScoringProfile['zeroTarget']>(
      { kind: 'all-or-nothing' },
      { kind: 'per-point', step: '1', deduct: '0.30', stepRounding: 'CEIL' },
    ),
    stockAboveTarget: fc.constantFrom('full' as const, 'upper-limit' as const),
    overAchievement: fc.record({
      threshold: fc.constantFrom('1.10', '1.30'),
      zeroTargetThreshold: fc.constant('30'),
      deduct: fc.constantFrom('none' as const, 'beyond-threshold' as const),
    }),
  });
  const metricOf = (n: bigint, d: bigint) => ({
    metric: { status: 'OK', ratio: ratio(n, d), numerator: 0 as never, denominator: 0 as never } as const,
  });
  const score = (indicator: Indicator, points: number, [n, d]: [bigint, bigint], profile: Partial<ScoringProfile>) =>
    scoreIndicator({ indicator, weight: hundredths(points), result: metricOf(n, d) }, profileWith(profile));

  it('a score lies between nothing and the weight', () => {
    fc.assert(
      fc.property(target, weight, value, changes, ({ text, kindName }, points, actual, profile) => {
        const scored = score(indicatorOf(text, { kindName }), points, actual, profile);
        expect(scored.points).toBeGreaterThanOrEqual(0);
        expect(scored.points).toBeLessThanOrEqual(points);
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it('more never scores less of ≥, and never more of ≤', () => {
    fc.assert(
      fc.property(target, weight, value, value, changes, ({ text }, points, a, b, profile) => {
        const indicator = indicatorOf(text, { kindName: 'ratio' });
        const [low, high] = a[0] * b[1] <= b[0] * a[1] ? [a, b] : [b, a];
        const withoutDeduction = { ...profile, overAchievement: profileWith().overAchievement };
        const [first, second] = [low, high].map((actual) => score(indicator, points, actual, withoutDeduction).points);
        if (indicator.comparator === '>=') expect(first).toBeLessThanOrEqual(second!);
        if (indicator.comparator === '<=') expect(first).toBeGreaterThanOrEqual(second!);
      }),
      { seed: 43, numRuns: 1000 },
    );
  });

  it('the execution rate scores between nothing and the weight, and more for more', () => {
    const rules = fc.constantFrom<Parameters<typeof scoreExecutionRate>[2]>(
      { kind: 'proportional', capped: true },
      { kind: 'steps', fullFromPercent: '90', stepPercent: '5', deduct: '1', stepRounding: 'FLOOR' },
      { kind: 'steps', fullFromPercent: '90', stepPercent: '5', deduct: '1', stepRounding: 'CEIL' },
      { kind: 'steps', fullFromPercent: '90', stepPercent: '5', deduct: '1', stepRounding: 'LINEAR' },
    );
    const rate = fc.integer({ min: -2_000, max: 15_000 });
    fc.assert(
      fc.property(rules, weight, rate, rate, (rule, points, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map(
          (each) => scoreExecutionRate(ratio(each, 10_000), hundredths(points), rule).points,
        );
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(high!);
        expect(high).toBeLessThanOrEqual(points);
      }),
      { seed: 49, numRuns: 1000 },
    );
  });

  it('what the verdict calls met gets the whole weight, and nothing else is called met but a level above its target', () => {
    fc.assert(
      fc.property(target, value, ({ text, kindName }, [n, d]) => {
        const indicator = indicatorOf(text, { kindName });
        const numeric = numericTarget(indicator)!;
        const { metric } = metricOf(n, d);
        const scored = scoreIndicator(
          { indicator, weight: hundredths(1000), result: { metric } },
          profileWith({ stockAboveTarget: 'upper-limit', negativeActual: 'as-it-is' }),
        );
        const inTarget = ratio(n * (indicator.unit === '%' ? 100n : 1n), d);
        const judged = judgeValue(inTarget, numeric).verdict === 'met';
        expect(scored.met).toBe(judged);
        if (judged) expect(scored.points).toBe(1000);
      }),
      { seed: 44, numRuns: 1000 },
    );
  });

  it('every rule that decides is described', () => {
    fc.assert(
      fc.property(target, weight, value, changes, ({ text, kindName }, points, actual, profile) => {
        const { rule, why } = score(indicatorOf(text, { kindName }), points, actual, profile);
        expect(SCORING_RULES[rule].source).not.toBe('');
        expect(why.rule).toBe(rule);
      }),
      { seed: 45, numRuns: 200 },
    );
  });
});
