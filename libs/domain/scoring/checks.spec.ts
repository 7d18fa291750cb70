import { describe, expect, it } from '@jest/globals';
import { checkEvaluation } from '#domain/scoring/checks.js';
import type {
  CheckId,
  EvaluationCheck,
  EvaluationSheet,
  SheetFunds,
  SheetIndicator,
} from '#domain/scoring/evaluation-sheet.js';
import { profileWith, rowsOf } from '#domain/scoring/scoring.fixture.js';
import { readWrittenActual, readWrittenTarget } from '#domain/scoring/written-value.js';

const row = (indicator: string, level1: string, more: Partial<SheetIndicator>): SheetIndicator => ({
  indicator,
  level1,
  level2: '其他',
  level3: `指标 ${indicator}`,
  annual: '100%',
  ...more,
});

/** A project of 2023 that is right in everything: 4.52 of 10 for 9034 of 20000. */
const RIGHT: EvaluationSheet = {
  funds: [
    { row: 'total', original: '20000', current: '20000', executed: '9034', rate: '45.17', points: '10', score: '4.52' },
    { row: 'appropriation', original: '18000', current: '18000', executed: '9034', rate: '50.19' },
    { row: 'carry-over', original: '2000', current: '2000', executed: '0', rate: '0.00' },
    { row: 'other' },
  ],
  indicators: [
    row('I01', '产出指标', { annual: '≥16条', actual: '16条', points: '25', score: '25' }),
    row('I02', '产出指标', { annual: '≥95%', actual: '90%', points: '25', score: '23.68', cause: '雨季工期顺延' }),
    row('I03', '效益指标', { annual: '健全', actual: '较健全', points: '30', score: '23', cause: '制度尚未修订' }),
    row('I04', '满意度指标', { annual: '≥90%', actual: '92%', points: '10', score: '10' }),
  ],
  total: '86.20',
  threePublic: {
    budget: { total: '9', trips: '0', vehicles: '6', vehiclePurchase: '0', vehicleRunning: '6', reception: '3' },
    actual: { total: '8.5', trips: '0', vehicles: '6', reception: '2.5' },
  },
  codedNames: [{ at: 'row 7', name: '公务接待费', code: '30217' }],
  finished: false,
};

const change = (at: string, changes: Partial<SheetIndicator>): EvaluationSheet => ({
  ...RIGHT,
  indicators: RIGHT.indicators.map((each) => (each.indicator === at ? { ...each, ...changes } : each)),
});
const funds = (at: string, changes: Partial<SheetFunds>): EvaluationSheet => ({
  ...RIGHT,
  funds: RIGHT.funds!.map((each) => (each.row === at ? { ...each, ...changes } : each)),
});
const without = (what: keyof EvaluationSheet): EvaluationSheet =>
  Object.fromEntries(Object.entries(RIGHT).filter(([name]) => name !== what)) as unknown as EvaluationSheet;

const check = (sheet: EvaluationSheet): readonly EvaluationCheck[] => checkEvaluation(sheet, profileWith());
/** `FAILED I02 given=20.00 computed=23.68` of every line of one check that did not pass. */
const found = (sheet: EvaluationSheet, id: CheckId): readonly string[] =>
  check(sheet)
    .filter((each) => each.check === id && each.outcome !== 'PASSED')
    .map(({ outcome, at, facts }) =>
      [outcome, at, ...Object.entries(facts ?? {}).map(([name, fact]) => `${name}=${fact}`)].filter(Boolean).join(' '),
    );

it('a self-evaluation that is right passes every check', () => {
  const checks = check(RIGHT);
  expect(checks.filter(({ outcome }) => outcome !== 'PASSED')).toEqual([]);
  expect([...new Set(checks.map((each) => each.check))]).toEqual([
    'BUDGET_NOT_ZERO',
    'EXECUTION_RATE',
    'EXECUTION_SCORE',
    'FUND_ROWS_SUM',
    'BUDGET_CHANGE',
    'INDICATOR_SCORE',
    'SCORE_WITHIN_POINTS',
    'CAUSE_GIVEN',
    'OVER_ACHIEVEMENT_EXPLAINED',
    'POINTS_SUM',
    'TOTAL_SUM',
    'THREE_PUBLIC_SUM',
    'THREE_PUBLIC_WITHIN_BUDGET',
    'NAME_AND_CODE',
  ]);
});

it('an empty one passes nothing: every check says what it lacks', () => {
  const checks = check({ indicators: [] });
  expect(checks.map(({ outcome }) => outcome)).toEqual(checks.map(() => 'INSUFFICIENT_DATA'));
  expect(new Set(checks.map((each) => each.check)).size).toBe(14);
});

const CASES: readonly (readonly [string, CheckId, EvaluationSheet, readonly string[]])[] = [
  [
    'a budget of nothing is an error, not a zero score',
    'BUDGET_NOT_ZERO',
    funds('total', { current: '0' }),
    ['FAILED total'],
  ],
  [
    'nor is its score one',
    'EXECUTION_SCORE',
    funds('total', { current: '0', score: '0' }),
    ['FAILED total given=0 current=0'],
  ],
  [
    'a rate that is not B / A',
    'EXECUTION_RATE',
    funds('total', { rate: '54.17' }),
    ['FAILED total given=54.17 computed=45.17'],
  ],
  [
    'a rate on no budget',
    'EXECUTION_RATE',
    funds('carry-over', { current: '0', rate: '0' }),
    ['FAILED carry-over given=0 current=0'],
  ],
  ['a rate cut off is none rounded wrongly', 'EXECUTION_RATE', funds('appropriation', { rate: '50.18' }), []],
  [
    'a rate without the amount paid',
    'EXECUTION_RATE',
    funds('total', { executed: '' }),
    ['INSUFFICIENT_DATA total missing=executed'],
  ],
  ['an execution score 0.1 away', 'EXECUTION_SCORE', funds('total', { score: '4.62' }), []],
  [
    'an execution score further away',
    'EXECUTION_SCORE',
    funds('total', { score: '4.63' }),
    ['FAILED total given=4.63 computed=4.52 rule=EXECUTION_PROPORTIONAL'],
  ],
  [
    'an execution score that nobody gave',
    'EXECUTION_SCORE',
    funds('total', { score: '—' }),
    ['INSUFFICIENT_DATA total missing=score'],
  ],
  [
    'parts that do not add up',
    'FUND_ROWS_SUM',
    funds('carry-over', { current: '1000' }),
    ['FAILED current sum=19000.00 total=20000'],
  ],
  [
    'parts that add up but for their rounding',
    'FUND_ROWS_SUM',
    funds('carry-over', { executed: '0.01' }),
    ['WARNING executed sum=9034.01 total=9034'],
  ],
  [
    'a part without an amount',
    'FUND_ROWS_SUM',
    funds('carry-over', { executed: '' }),
    ['INSUFFICIENT_DATA executed missing=carry-over'],
  ],
  ['a budget that grew by 30 %', 'BUDGET_CHANGE', funds('total', { original: '10000', current: '13000' }), []],
  [
    'a budget that grew by more',
    'BUDGET_CHANGE',
    funds('total', { original: '10000', current: '13001' }),
    ['WARNING total percent=30.01 limit=30'],
  ],
  [
    'a budget that was cut by more',
    'BUDGET_CHANGE',
    funds('total', { original: '10000', current: '6900' }),
    ['WARNING total percent=-31.00 limit=30'],
  ],
  [
    'a budget from nothing',
    'BUDGET_CHANGE',
    funds('total', { original: '0' }),
    ['WARNING total original=0 current=20000'],
  ],
  [
    'a score that the rules do not give',
    'INDICATOR_SCORE',
    change('I02', { score: '20' }),
    ['FAILED I02 given=20 computed=23.68 rule=PROPORTIONAL'],
  ],
  ['a score 0.1 away', 'INDICATOR_SCORE', change('I02', { score: '23.78' }), []],
  [
    'a score outside the band of its word',
    'INDICATOR_SCORE',
    change('I03', { score: '24' }),
    ['FAILED I03 given=24 grade=partly from=18.00 to=24.00'],
  ],
  [
    'a word that says no grade',
    'INDICATOR_SCORE',
    change('I03', { actual: '按计划推进' }),
    ['INSUFFICIENT_DATA I03 missing=WORD_NOT_UNDERSTOOD'],
  ],
  [
    'a result in another unit',
    'INDICATOR_SCORE',
    change('I01', { actual: '16个' }),
    ['INSUFFICIENT_DATA I01 missing=UNIT_DIFFERS'],
  ],
  [
    'a word for a number',
    'INDICATOR_SCORE',
    change('I01', { actual: '已完成' }),
    ['INSUFFICIENT_DATA I01 missing=RESULT_NOT_A_NUMBER'],
  ],
  ['no result', 'INDICATOR_SCORE', change('I01', { actual: null }), ['INSUFFICIENT_DATA I01 missing=NO_RESULT']],
  [
    'a row left out with its reason',
    'INDICATOR_SCORE',
    change('I04', { score: null, reason: 'ZERO_OVER_ZERO' }),
    ['INSUFFICIENT_DATA I04 missing=ZERO_OVER_ZERO'],
  ],
  [
    'a target that is a range',
    'INDICATOR_SCORE',
    change('I01', { annual: '16-18条' }),
    ['INSUFFICIENT_DATA I01 missing=TARGET_NOT_READABLE'],
  ],
  [
    'more than the points',
    'SCORE_WITHIN_POINTS',
    change('I04', { score: '10.5' }),
    ['FAILED I04 points=10 score=10.5'],
  ],
  [
    'a target missed without a cause',
    'CAUSE_GIVEN',
    change('I02', { cause: ' ' }),
    ['FAILED I02 points=25 score=23.68'],
  ],
  [
    'points lost on paper without a cause, whatever the target',
    'CAUSE_GIVEN',
    change('I04', { score: '9' }),
    ['FAILED I04 points=10 score=9'],
  ],
  [
    'a target missed at full points without a cause',
    'CAUSE_GIVEN',
    change('I04', { actual: '89%' }),
    ['FAILED I04 points=10 score=10'],
  ],
  [
    'a target missed without a score and without a cause',
    'CAUSE_GIVEN',
    change('I04', { actual: '89%', score: '' }),
    ['FAILED I04 points=10 score='],
  ],
  [
    'nothing known of a row without a cause',
    'CAUSE_GIVEN',
    change('I04', { actual: '', score: '' }),
    ['INSUFFICIENT_DATA I04 missing=score'],
  ],
  [
    'a target passed by far without a word',
    'OVER_ACHIEVEMENT_EXPLAINED',
    change('I01', { actual: '22条' }),
    ['FAILED I01 annual=≥16条 actual=22条 percent=137.50'],
  ],
  ['the same with a word', 'OVER_ACHIEVEMENT_EXPLAINED', change('I01', { actual: '22条', cause: '新增任务' }), []],
  [
    'points that do not add up to 100',
    'POINTS_SUM',
    change('I04', { points: '9', score: '9' }),
    ['FAILED sum=99.00 total=100.00', 'WARNING satisfaction sum=9.00 weight=10.00'],
  ],
  [
    'the weight of a group without rows, which its heir bears',
    'POINTS_SUM',
    {
      ...RIGHT,
      indicators: RIGHT.indicators
        .filter(({ indicator }) => indicator !== 'I04')
        .map((row) => (row.indicator === 'I03' ? { ...row, points: '40', score: '40' } : row)),
    },
    [],
  ],
  [
    'a row without points',
    'POINTS_SUM',
    change('I04', { points: '' }),
    ['INSUFFICIENT_DATA missing=I04', 'INSUFFICIENT_DATA satisfaction missing=I04'],
  ],
  ['a total 0.1 away', 'TOTAL_SUM', { ...RIGHT, total: '86.3' }, []],
  ['a total further away', 'TOTAL_SUM', { ...RIGHT, total: '96.20' }, ['FAILED sum=86.20 total=96.20']],
  ['no total', 'TOTAL_SUM', without('total'), ['INSUFFICIENT_DATA missing=total']],
  [
    'a row left out with its reason',
    'TOTAL_SUM',
    { ...change('I04', { score: null, reason: 'ZERO_OVER_ZERO' }), total: '76.20' },
    [],
  ],
  ['a row without a score', 'TOTAL_SUM', change('I04', { score: null }), ['INSUFFICIENT_DATA missing=I04']],
  [
    'vehicles that are not bought and run',
    'THREE_PUBLIC_SUM',
    { ...RIGHT, threePublic: { ...RIGHT.threePublic, budget: { ...RIGHT.threePublic!.budget, vehicleRunning: '5' } } },
    ['FAILED budget vehicles=6.00 sum=5.00'],
  ],
  [
    'a total that is not its parts',
    'THREE_PUBLIC_SUM',
    { ...RIGHT, threePublic: { ...RIGHT.threePublic, actual: { ...RIGHT.threePublic!.actual, total: '8' } } },
    ['FAILED actual total=8.00 sum=8.50'],
  ],
  [
    'only one side known',
    'THREE_PUBLIC_SUM',
    { ...RIGHT, threePublic: { budget: RIGHT.threePublic!.budget! } },
    ['INSUFFICIENT_DATA actual missing=threePublic'],
  ],
  [
    'more spent than arranged',
    'THREE_PUBLIC_WITHIN_BUDGET',
    { ...RIGHT, threePublic: { ...RIGHT.threePublic, actual: { ...RIGHT.threePublic!.actual, total: '9.01' } } },
    ['WARNING budget=9.00 actual=9.01'],
  ],
  [
    'a name with another code',
    'NAME_AND_CODE',
    { ...RIGHT, codedNames: [{ at: 'row 7', name: '公务接待费', code: '30216' }] },
    ['FAILED row 7 name=公务接待费 code=30216'],
  ],
  [
    'a code with another name',
    'NAME_AND_CODE',
    { ...RIGHT, codedNames: [{ at: 'row 7', name: '办公费', code: '30217' }] },
    ['FAILED row 7 name=办公费 code=30217'],
  ],
  [
    'a name that is not known',
    'NAME_AND_CODE',
    { ...RIGHT, codedNames: [{ at: 'row 7', name: '办公费', code: '30201' }] },
    ['INSUFFICIENT_DATA row 7 missing=item'],
  ],
];

describe('the checks of rule book 4.8', () => {
  it.each(CASES)('%s: %s', (_what, id, sheet, expected) => expect(found(sheet, id)).toEqual(expected));

  it('say how many rows passed where some did not', () =>
    expect(check(change('I02', { score: '20' })).filter(({ check: id }) => id === 'INDICATOR_SCORE')).toEqual([
      { check: 'INDICATOR_SCORE', outcome: 'PASSED', facts: { rows: '3', of: '4' } },
      {
        check: 'INDICATOR_SCORE',
        outcome: 'FAILED',
        at: 'I02',
        facts: { given: '20', computed: '23.68', rule: 'PROPORTIONAL' },
      },
    ]));

  it('take an execution rate in bands by the profile, and a finished project at its word', () => {
    const sheet = { ...funds('total', { executed: '19000', rate: '95.00', score: '7' }), finished: false };
    const outcome = (each: EvaluationSheet) =>
      checkEvaluation(each, profileWith({}, 'banded-execution')).find(({ check: id }) => id === 'EXECUTION_SCORE')
        ?.outcome;
    expect([outcome(sheet), outcome({ ...sheet, finished: true })]).toEqual(['PASSED', 'FAILED']);
  });
});

describe('what is written', () => {
  it.each(
    rowsOf(`
      ≥95%            >= 95 %        # the form's own sign
      ≧95％           >= 95 %        # another sign, another percent
      >= 95.5 %       >= 95.5 %      # two characters, blanks
      不低于95%       >= 95 %        # in words
      95%以上         >= 95 %        # behind the number
      大于等于1,200户  >= 1200 户     # thousands set apart
      <3天            <= 3 天        # ＜ is scored as ≤
      不超过10％      <= 10 %        # in words
      ≤０．５%        <= 0.5 %       # full width
      ＝112800平米    = 112800 平方米  # one unit, two spellings
      29个            = 29 个        # no sign
      -3.5%           = -3.5 %       # negative
      健全            word 健全      # a word
      达成预期指标    word 达成预期指标  # a word of several
    `),
  )('as a target %s is %s (%s)', (text = '', expected) => {
    const target = readWrittenTarget(text)!;
    const shown =
      target.comparator === 'word' ? `word ${target.text}` : `${target.comparator} ${target.value} ${target.unit}`;
    expect(shown).toBe(expected);
  });

  it.each(['', '16-18条', '1～3', '≥', '≥健全', '第3条', '1.2.3', '=A1+1', '12个15户'])(
    'as a target “%s” is nothing',
    (text) => expect(readWrittenTarget(text)).toBeUndefined(),
  );

  it.each(
    rowsOf(`
      98.50%      98.50 %      # a number with its unit
      ＝16条      16 条        # with a sign
      1,234.5万元  1234.5 万元  # thousands
      007个       7 个         # leading zeros
      较健全      较健全       # a word
    `),
  )('as a result %s is %s (%s)', (text = '', expected) => {
    const actual = readWrittenActual(text)!;
    expect('text' in actual ? actual.text : `${actual.value} ${actual.unit}`).toBe(expected);
  });
});
