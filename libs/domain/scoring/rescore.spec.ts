import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EvaluationSheet, SheetIndicator } from '#domain/scoring/evaluation-sheet.js';
import { EXPLANATIONS, type ExplanationId } from '#domain/scoring/explain-difference.js';
import { formatPoints } from '#domain/scoring/points.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import { type RescoredRow, rescore } from '#domain/scoring/rescore.js';
import { indicatorOf, profileWith, rowsOf } from '#domain/scoring/scoring.fixture.js';

const sheetOf = (row: Partial<SheetIndicator>): EvaluationSheet => ({
  indicators: [{ indicator: 'I01', level1: '产出指标', level2: '数量指标', level3: '某指标', annual: '', ...row }],
});
const only = (sheet: EvaluationSheet, profile: ScoringProfile = profileWith()): RescoredRow => {
  const [row] = rescore(sheet, profile).rows;
  if (row === undefined) throw new Error('no row');
  return row;
};
const shown = ({ score, difference, explanations, lacks }: RescoredRow): string =>
  lacks ??
  [
    formatPoints(score!.points),
    formatPoints(difference!),
    explanations
      .map(({ id, facts }) => [id, ...Object.values(facts ?? {})].join(' '))
      .slice(0, 2)
      .join(', ') || '—',
  ].join('  ');

const ROWS = `
  ≥95%    90%      10    9.47   9.47   0.00   —                                 # as we score it
  ≥95%    90%      10    9      9.47   -0.47  ROUNDED_TO_WHOLE, ROUNDED_DOWN 0  # whole points, either way
  ≥95%    90%      10    9.5    9.47   0.03   ROUNDED_TO_TENTHS, PERCENT_ROUNDED_FIRST 0  # one decimal, or 95 % first
  ≥22条   20条     8     7.27   7.27   0.00   —                                 # 7.2727
  ≥22条   20条     8     7.28   7.27   0.01   PERCENT_ROUNDED_FIRST 0, ONE_HUNDREDTH  # 91 % of 8
  ≥95%    90%      10    0      9.47   -9.47  ALL_OR_NOTHING                    # all or nothing
  ≥95%    90%      10    10     9.47   0.53   FULL_ALTHOUGH_MISSED              # full all the same
  ≥95%    90%      10    7.77   9.47   -1.70  UNEXPLAINED                       # nothing gives it
  ≤100    150      10    5      6.67   -1.67  UPPER_LIMIT_R1                    # R1 in place of R2
  ≤100    250      10    0      4.00   -4.00  UPPER_LIMIT_R1, ALL_OR_NOTHING    # both give nothing
  ≤100%   80%      10    8      10.00  -2.00  LIMIT_READ_AS_AT_LEAST            # as if more were better
  ≥100%   125%     10    8      10.00  -2.00  AT_LEAST_READ_AS_LIMIT            # as if less were better
  ≥100%   120%     10    12     10.00  2.00   NOT_CAPPED                        # above the points
  ≥100%   150%     10    8      10.00  -2.00  OVER_ACHIEVEMENT_DEDUCTED         # 0.2 beyond 1.30
  ≥100%   120%     10    11     10.00  1.00   ABOVE_WEIGHT                      # more than there is, by no rule
  ＝100%  99.5%    10    9.95   10.00  -0.05  COMPARED_EXACTLY                  # without rounding to 100
  ≤0%     2.5%     5     4.25   0.00   4.25   PER_POINT 0.30 LINEAR             # minus 0.3 for each point
  ≤0%     2.5%     5     4.40   0.00   4.40   PER_POINT 0.30 FLOOR              # whole points only
  ≤0%     2.5%     5     4.75   0.00   4.75   PER_POINT 0.10 LINEAR             # minus 0.1
  健全    较健全   10    7      7.00   0.00   —                                 # chosen inside the band
  健全    较健全   10    9      7.99   1.01   OTHER_GRADE reached partly        # outside: against the nearest inside
  健全    健全     10    7      8.00   -1.00  OTHER_GRADE partly reached        # the same below
  健全    健全     10    11     10.00  1.00   ABOVE_WEIGHT                      # more than there is
  健全    3/4      10    7      7.00   0.00   —                                 # a checklist: inside the band of its share
  健全    3/4      10    8.5    7.99   0.51   OTHER_GRADE reached partly        # outside it
`;

describe('a row scored by hand, scored again', () => {
  it.each(rowsOf(ROWS))('%s with %s, %s points: given %s, ours %s, %s: %s (%s)', (...cells) => {
    const [annual = '', actual = '', points = '', score = '', ours, difference, explained] = cells;
    const row = only(sheetOf({ annual, actual, points, score }));
    expect(shown(row)).toBe(`${ours}  ${difference}  ${explained}`);
  });

  it('R2 explains a score that a profile of R1 does not give', () => {
    const row = only(
      sheetOf({ annual: '≤100', actual: '150', points: '10', score: '6.67' }),
      profileWith({ upperLimit: 'R1' }),
    );
    expect(shown(row)).toBe('5.00  1.67  UPPER_LIMIT_R2');
  });

  it('knows a level above its target where the approved indicator says that it is one', () => {
    const definition = indicatorOf('＝4800套', { kindName: 'stock' });
    const row = only(sheetOf({ annual: '＝4800套', actual: '5000套', points: '10', score: '9.6', definition }));
    expect(shown(row)).toBe('10.00  -0.40  STOCK_AS_UPPER_LIMIT, AT_LEAST_READ_AS_LIMIT');
  });

  it.each(
    rowsOf(`
      ≥95%      —      10  9   RESULT_NOT_READABLE  # a dash is no result
      16-18条   17条   10  9   TARGET_NOT_READABLE  # a range
      ≥16条     17个   10  9   UNIT_DIFFERS         # another unit
      ≥16条     17条   十  9   SCORE_NOT_READABLE   # no points
      ≥16条     17条   10  优  SCORE_NOT_READABLE   # no score
      健全      5/4    10  9   RESULT_NOT_READABLE  # more check points than there are
      健全      推进中  10  9   WORD_NOT_UNDERSTOOD  # a word that says no grade
    `),
  )(
    '%s with %s of %s, given %s cannot be scored: %s (%s)',
    (annual = '', actual = '', points = '', score = '', code) => {
      const row = only(sheetOf({ annual, actual, points, score }));
      expect([row.lacks, row.score, row.difference]).toEqual([code, undefined, undefined]);
    },
  );
});

const FUNDS = `
  250000  250000  215457.6  8.62  8.62  0.00   —                           # a published self-evaluation
  20000   20000   9034      4.52  4.52  0.00   —                           # a published self-evaluation
  20000   20000   9034      4.51  4.52  -0.01  ROUNDED_DOWN, ONE_HUNDREDTH  # cut off
  20000   20000   9034      0     4.52  -4.52  EXECUTION_BANDS false  # under 60 %
  10000   10000   8771      10    8.77  1.23   EXECUTION_BANDS true, EXECUTION_STEPS FLOOR  # 87.71 %: finished, or no whole step
  10000   10000   8771      9     8.77  0.23   ROUNDED_TO_WHOLE, EXECUTION_STEPS CEIL  # 87.71 %, the step that has begun
  10000   10000   8771      9.54  8.77  0.77   EXECUTION_STEPS LINEAR      # 87.71 %, in proportion
  10000   10000   8771      7     8.77  -1.77  EXECUTION_BANDS false       # 80 to 100 %
  10000   10000   12000     12    10.00  2.00  NOT_CAPPED                  # above 100 %
  9500    10000   8771      9.23  8.77  0.46   OF_ORIGINAL_BUDGET          # another denominator
  10000   10000   8771      3.33  8.77  -5.44  UNEXPLAINED                 # nothing gives it
`;

describe('the execution rate scored by hand', () => {
  it.each(rowsOf(FUNDS))(
    'of %s, now %s, paid %s: given %s, ours %s, %s: %s (%s)',
    (original = '', current = '', executed = '', score = '', ours, difference, explained) => {
      const funds = [{ row: 'total', original, current, executed, points: '10', score }];
      expect(shown(only({ funds, indicators: [] }))).toBe(`${ours}  ${difference}  ${explained}`);
    },
  );

  it('as a row of its own is explained by the same rules', () => {
    const sheet = sheetOf({ level3: '预算执行率', annual: '≥90%', actual: '87.71%', points: '10', score: '9' });
    expect(shown(only(sheet, profileWith({}, 'execution-by-steps')))).toBe('10.00  -1.00  EXECUTION_STEPS CEIL');
  });

  it('is left alone where the block bears no points', () => {
    const funds = [{ row: 'total', original: '1', current: '1', executed: '1' }];
    expect(rescore({ funds, indicators: [] }, profileWith()).rows).toEqual([]);
  });
});

it('the sums are of the rows that can be compared', () => {
  const sheet: EvaluationSheet = {
    indicators: [
      { indicator: 'I01', level1: '', level2: '', level3: '', annual: '≥95%', actual: '90%', points: '10', score: '9' },
      { indicator: 'I02', level1: '', level2: '', level3: '', annual: '≥95%', actual: '', points: '10', score: '10' },
    ],
    total: '19',
  };
  expect(rescore(sheet, profileWith()).total).toEqual({ printed: 1900, given: 900, computed: 947, comparedRows: 1 });
});

it('whatever the score, an explanation gives exactly it, and agreement needs none', () => {
  const texts = fc.constantFrom('≥95%', '≤100%', '＝29个', '＝0%', '≤0%');
  const actual = fc.integer({ min: 0, max: 30_000 }).map((n) => (n / 100).toFixed(2));
  const points = fc.integer({ min: 0, max: 1_500 }).map((n) => (n / 100).toFixed(2));
  fc.assert(
    fc.property(texts, actual, points, (annual, value, score) => {
      const { difference, explanations, score: ours } = only(sheetOf({ annual, actual: value, points: '10', score }));
      expect(explanations.length === 0).toBe(difference === 0);
      for (const { id } of explanations) expect(EXPLANATIONS[id].zh).not.toBe('');
      const says = (id: ExplanationId): boolean => explanations.some((each) => each.id === id);
      if (says('ALL_OR_NOTHING')) expect([score, ours?.met]).toEqual(['0.00', false]);
      if (says('FULL_ALTHOUGH_MISSED')) expect([score, ours?.met]).toEqual(['10.00', false]);
      if (says('ONE_HUNDREDTH')) expect(Math.abs(difference!)).toBe(1);
    }),
    { seed: 48, numRuns: 1000 },
  );
});
