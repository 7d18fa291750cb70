import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatPoints, pointsOf, sumPoints } from '#domain/scoring/points.js';
import { SCORING_PROFILES, type ScoringProfile } from '#domain/scoring/profile.js';
import type { Assessment } from '#domain/scoring/qualitative.js';
import type { Indicator } from '#domain/performance/events.js';
import { groupOfIndicator, rowWeights } from '#domain/scoring/row-weights.js';
import type { Achieved } from '#domain/scoring/score.js';
import { type ScoredTable, type TableToScore, gradeOf, scoreTable } from '#domain/scoring/score-table.js';
import { indicatorOf, profileWith, resultOf, rowsOf, shareOfYuan } from '#domain/scoring/scoring.fixture.js';

interface Table {
  readonly indicators: readonly Indicator[];
  readonly results: ReadonlyMap<string, Achieved>;
}

/** Rows: id, level 1, level 2, target, result (`—` for none), weight (`—` for none). */
function tableOf(text: string): Table {
  const rows = rowsOf(text).map(
    ([indicator = '', level1 = '', level2 = '', target = '', result = '', weight = '—']) => ({
      indicator: indicatorOf(target, {
        indicator,
        level1,
        level2,
        ...(weight === '—' ? {} : { weight: Number(weight) }),
      }),
      result,
    }),
  );
  return {
    indicators: rows.map(({ indicator }) => indicator),
    results: new Map(
      rows.flatMap(({ indicator, result }) =>
        result === '—' ? [] : [[indicator.indicator, resultOf(result)] as const],
      ),
    ),
  };
}

const scored = (table: Table, more: Partial<TableToScore> = {}): ScoredTable =>
  scoreTable({ profile: profileWith(), executionRate: { result: shareOfYuan('9034', '20000') }, ...table, ...more });

const shown = ({ rows }: ScoredTable) => rows.map(({ score }) => formatPoints(score.points)).join(' ');

const PROJECT = tableOf(`
  I01  产出指标    数量指标        ≥16条   16      25
  I02  产出指标    质量指标        ≥95%    90      25
  I03  效益指标    社会效益        健全    健全    30
  I04  满意度指标  服务对象满意度  ≥90%    92      10
`);

describe('a project of 10/50/30/10 (rule book 4.1)', () => {
  const result = scored(PROJECT);

  it('scores each row, and the execution rate beside them', () => {
    expect(shown(result)).toBe('25.00 23.68 30.00 10.00');
    expect(formatPoints(result.execution!.points)).toBe('4.52');
  });

  it('adds up the rounded scores by group and in total, and grades the total', () => {
    const groups = result.groups.map(({ group, weight, points, rows }) => [
      group,
      `${formatPoints(points)} of ${formatPoints(weight)}`,
      rows,
    ]);
    expect(groups).toEqual([
      ['execution', '4.52 of 10.00', 0],
      ['output', '48.68 of 50.00', 2],
      ['benefit', '30.00 of 30.00', 1],
      ['satisfaction', '10.00 of 10.00', 1],
    ]);
    expect(
      [result.total, result.possible, result.leftOut, result.outOfTotal].map((points) => formatPoints(points!)),
    ).toEqual(['93.20', '100.00', '0.00', '93.20']);
    expect([result.complete, result.grade]).toEqual([
      true,
      { grade: 'excellent', name: { zh: '优', en: 'Excellent' } },
    ]);
  });

  it('asks a cause of every row that lost points, until there is one', () => {
    expect(result.needsCause).toEqual([
      { at: 'I02', code: 'LOST_POINTS_NEED_CAUSE' },
      { at: 'execution', code: 'LOST_POINTS_NEED_CAUSE' },
    ]);
    const assessments = new Map<string, Assessment>([['I02', { cause: '雨季工期顺延' }]]);
    const blank = new Map<string, Assessment>([['I02', { cause: '  ' }]]);
    const executionRate = { result: shareOfYuan('9034', '20000'), cause: '项目跨年实施' };
    expect(scored(PROJECT, { assessments, executionRate }).needsCause).toEqual([]);
    expect(scored(PROJECT, { assessments: blank, executionRate }).needsCause).toEqual([
      { at: 'I02', code: 'LOST_POINTS_NEED_CAUSE' },
    ]);
  });

  it('asks an explanation of a target that was passed by far', () => {
    const results = new Map(PROJECT.results).set('I01', { value: '22' });
    expect(scored(PROJECT, { results }).needsCause).toContainEqual({
      at: 'I01',
      code: 'OVER_ACHIEVEMENT_NEEDS_EXPLANATION',
    });
  });
});

describe('what is left out', () => {
  it('is neither got nor possible, and the scaled total stands beside the plain one', () => {
    const results = new Map(PROJECT.results).set('I04', resultOf('0/0'));
    const { total, possible, leftOut, outOfTotal, complete } = scored(PROJECT, { results });
    // 83.20 of 90.00 is 92.44 of 100.
    expect([total, possible, leftOut, outOfTotal].map((points) => formatPoints(points!))).toEqual([
      '83.20',
      '90.00',
      '10.00',
      '92.44',
    ]);
    expect(complete).toBe(true);
  });

  it('of everything leaves no grade', () => {
    const only = tableOf('I01  产出指标  数量指标  ≥1  0/0  100');
    const profile = profileWith({
      groups: [{ ...profileWith().groups[1]!, weight: '100' }],
      executionRate: { place: 'indicator', level3: [], rule: { kind: 'by-target' } },
    });
    expect(scored(only, { profile })).toMatchObject({ possible: 0, total: 0, outOfTotal: undefined, grade: undefined });
  });
});

describe('a table that is not finished', () => {
  it('counts an open row as possible and not got, and has no grade', () => {
    const results = new Map(PROJECT.results);
    results.delete('I02');
    const result = scored(PROJECT, { results });
    expect(result).toMatchObject({ possible: 10_000, total: 6_952, complete: false, grade: undefined });
    expect(result.problems).toEqual([{ at: 'I02', code: 'NO_RESULT' }]);
  });

  it('names results and assessments of indicators that it does not have, and rows that stand twice', () => {
    const results = new Map(PROJECT.results).set('I09', { value: '1' });
    const assessments = new Map<string, Assessment>([
      ['I08', { cause: '—' }],
      ['I09', {}],
    ]);
    const indicators = [...PROJECT.indicators, PROJECT.indicators[0]!];
    expect(scored(PROJECT, { results, assessments }).problems).toEqual([
      { at: 'I09', code: 'INDICATOR_UNKNOWN' },
      { at: 'I08', code: 'INDICATOR_UNKNOWN' },
    ]);
    const twice = scored(PROJECT, { indicators });
    expect(twice.problems).toContainEqual({ at: 'I01', code: 'INDICATOR_TWICE' });
    expect(twice.complete).toBe(false);
  });
});

describe('the grade of a total (rule book 4.6)', () => {
  it.each(
    rowsOf(`
      100    优  # the best there is
      90     优  # the bound belongs to the better grade
      89.99  良  # just under
      80     良  # the bound
      79.99  中  # just under
      60     中  # the bound
      59.99  差  # just under
      0      差  # nothing
    `),
  )('%s is %s (%s)', (points = '', name) => expect(gradeOf(pointsOf(points), profileWith())?.name.zh).toBe(name));
});

describe('weights of rows', () => {
  const weigh = (text: string, profile = profileWith()) => {
    const { rows, problems } = rowWeights(profile, tableOf(text).indicators);
    return { rows: [...rows].map(([id, weight]) => `${id} ${formatPoints(weight)}`).join(', '), problems };
  };
  const BENEFIT_AND_SATISFACTION = `
    I08  效益指标    社会效益        健全   健全
    I09  满意度指标  服务对象满意度  ≥90%   92`;

  it('are equal where none is stated, and the hundredths add up', () => {
    const { rows, problems } = weigh(`
      I01  产出指标  数量指标  ≥1  1
      I02  产出指标  数量指标  ≥1  1
      I03  产出指标  质量指标  ≥1  1${BENEFIT_AND_SATISFACTION}`);
    expect(rows).toBe('I01 16.67, I02 16.67, I03 16.66, I08 30.00, I09 10.00');
    expect(problems).toEqual([]);
  });

  it('of the forty duties of a whole department are 0.88 and 0.87 points, by their ids', () => {
    const duties = Array.from({ length: 40 }, (_, n) => `I${n + 33}  履职  前期开发  ≥1  1`);
    const { rows } = weigh(duties.join('\n'), profileWith({}, 'whole-department'));
    expect(rows.split(', ').filter((row) => row.endsWith(' 0.88'))).toHaveLength(20);
    expect(rows.split(', ').filter((row) => row.endsWith(' 0.87'))).toHaveLength(20);
    expect(rows).toContain('I52 0.88, I53 0.87');
  });

  it.each([
    ['stated for some only', ['10', '—'], [{ at: 'output', code: 'WEIGHTS_PARTLY_STATED', stated: 1, indicators: 2 }]],
    ['too low', ['10', '39.99'], [{ at: 'output', code: 'WEIGHTS_DO_NOT_ADD_UP', sum: '49.99', weight: '50.00' }]],
    ['too high', ['10', '40.01'], [{ at: 'output', code: 'WEIGHTS_DO_NOT_ADD_UP', sum: '50.01', weight: '50.00' }]],
    [
      'finer than a hundredth',
      ['10', '40.001'],
      [
        { at: 'I02', code: 'WEIGHT_NOT_POINTS', found: '40.001' },
        { at: 'output', code: 'WEIGHTS_DO_NOT_ADD_UP', sum: '10.00', weight: '50.00' },
      ],
    ],
  ])('are refused when %s', (_what, [first = '', second = ''], expected) => {
    const { problems } = weigh(`
      I01  产出指标  数量指标  ≥1  1  ${first}
      I02  产出指标  数量指标  ≥1  1  ${second}${BENEFIT_AND_SATISFACTION}`);
    expect(problems).toEqual(expected);
  });

  it.each(
    rowsOf(`
      成本 产出 效益 满意度  I01 20.00, I02 40.00, I03 20.00, I04 10.00  # rule book 4.1: with cost
      产出 效益 满意度       I01 50.00, I02 30.00, I03 10.00             # without cost 50/30/10/10
      产出 效益              I01 50.00, I02 40.00                        # without satisfaction its 10 go to benefit
      成本 产出 效益         I01 20.00, I02 40.00, I03 30.00             # with cost, without satisfaction
    `),
  )('of 101号 with %s are %s (%s)', (groups = '', expected) => {
    const rows = groups.split(' ').map((name, index) => `I0${index + 1}  ${name}指标  其他  ≥1  1`);
    const weighed = weigh(rows.join('\n'), profileWith({}, 'core-indicators'));
    expect(weighed).toEqual({ rows: expected, problems: [] });
  });

  it('name a group that has no indicator and no heir, and an indicator that has no group', () => {
    expect(weigh(`I01  管理指标  预算执行  ≥1  1`).problems).toEqual([
      { at: 'I01', code: 'INDICATOR_WITHOUT_GROUP', level1: '管理指标', level2: '预算执行' },
      { at: 'output', code: 'GROUP_WITHOUT_INDICATORS', weight: '50.00' },
      { at: 'benefit', code: 'GROUP_WITHOUT_INDICATORS', weight: '30.00' },
      { at: 'satisfaction', code: 'GROUP_WITHOUT_INDICATORS', weight: '10.00' },
    ]);
  });

  it('go by the second level before the first, blanks apart', () => {
    const profile = profileWith();
    expect(groupOfIndicator({ level1: '效益指标', level2: '服务对象\n满意度' }, profile)).toBe('satisfaction');
    expect(groupOfIndicator({ level1: '效益 指标', level2: '社会效益' }, profile)).toBe('benefit');
  });
});

describe('whatever the table', () => {
  const levels = fc.constantFrom('决策', '过程', '履职', '效益指标', '满意度指标', '成本指标', '产出指标', '管理类');
  const row = fc.record({
    level1: levels,
    target: fc.constantFrom('＝29个', '≥95%', '≤100%', '＝0%', '健全'),
    result: fc.constantFrom('0', '12.5', '29', '96', '150', '健全', '较健全', '3of4', '—', '0/0', '5/0'),
    weight: fc.option(
      fc.integer({ min: 0, max: 2_000 }).map((n) => n / 100),
      { nil: undefined },
    ),
  });
  const tables = fc.array(row, { minLength: 1, maxLength: 30 });
  const profiles = fc.constantFrom<ScoringProfile>(...SCORING_PROFILES);

  const built = (rows: readonly { level1: string; target: string; result: string; weight: number | undefined }[]) => ({
    indicators: rows.map(({ level1, target, weight }, index) =>
      indicatorOf(target, {
        indicator: `I${String(index + 1).padStart(2, '0')}`,
        level1,
        ...(weight === undefined ? {} : { weight }),
      }),
    ),
    results: new Map(
      rows.flatMap(({ result }, index) =>
        result === '—' ? [] : [[`I${String(index + 1).padStart(2, '0')}`, resultOf(result)] as const],
      ),
    ),
  });

  it('weights of rows without stated ones add up to their groups, and groups to the total or less', () => {
    fc.assert(
      fc.property(tables, profiles, (rows, profile) => {
        const { indicators } = built(rows.map((each) => ({ ...each, weight: undefined })));
        const weights = rowWeights(profile, indicators);
        for (const { weight, indicators: own } of weights.groups) {
          if (own.length > 0) expect(sumPoints(own.map((id) => weights.rows.get(id)!))).toBe(weight);
        }
        const empty = weights.problems.flatMap((problem) =>
          problem.code === 'GROUP_WITHOUT_INDICATORS' ? [pointsOf(problem.weight)] : [],
        );
        const sum = sumPoints([...weights.groups.map(({ weight }) => weight), ...empty]);
        expect(sum).toBe(pointsOf(profile.total));
      }),
      { seed: 46, numRuns: 500 },
    );
  });

  it('points, possible and left out add up, and the order of the indicators changes none of them', () => {
    fc.assert(
      fc.property(tables, profiles, fc.integer(), (rows, profile, seed) => {
        const table = built(rows);
        const executionRate = { result: shareOfYuan('9034', '20000') };
        const first = scoreTable({ profile, ...table, executionRate });
        const scores = [...first.rows.map(({ score }) => score), ...(first.execution ? [first.execution] : [])];
        expect(first.total).toBe(sumPoints(scores.map(({ points }) => points)));
        expect(first.possible + first.leftOut).toBe(sumPoints(scores.map(({ weight }) => weight)));
        expect(first.total).toBeLessThanOrEqual(first.possible);

        const turned = [...table.indicators].sort((a, b) => turn(a, seed) - turn(b, seed));
        const second = scoreTable({ profile, ...table, indicators: turned, executionRate });
        const byId = (scoredTable: ScoredTable) =>
          new Map(scoredTable.rows.map(({ indicator, score }) => [indicator, score.points]));
        for (const [id, points] of byId(first)) expect(byId(second).get(id)).toBe(points);
        const { total, possible, leftOut, grade, groups } = first;
        expect(second).toMatchObject({ total, possible, leftOut, grade, groups });
      }),
      { seed: 47, numRuns: 500 },
    );
  });

  const turn = ({ indicator }: Indicator, seed: number): number => ((Number(indicator.slice(1)) * 7919) ^ seed) % 1009;
});
