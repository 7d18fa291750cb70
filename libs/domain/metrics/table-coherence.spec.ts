import { describe, expect, it } from '@jest/globals';
import { type WeightRules, tableFindings } from '#domain/metrics/table-coherence.js';
import type { Indicator } from '#domain/performance/events.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { canonicalUnit, printedUnit } from '#domain/performance/units.js';

/** `WARNS CODE of 甲 乙: fact=…`. */
const told = (indicators: readonly Indicator[], weights?: WeightRules): string[] =>
  tableFindings(indicators, weights).map(
    ({ severity, code, indicators: of, facts }) =>
      `${severity} ${code} of ${of.join(' ')}: ${Object.entries(facts)
        .map(([name, fact]) => `${name}=${typeof fact === 'string' ? fact : fact.join('+')}`)
        .join(' ')}`,
  );

// The numeric rows of the published 2024 table under 履职 and 效益指标.
const PUBLISHED = `
  姑苏区征收拆迁补偿数 flow ＝16个 ＝29个
  姑苏区征拆土地户数 flow ＝25户 ＝50户
  姑苏区补偿标准执行度 ratio ＝100% ＝100%
  姑苏区拆迁进度 word 及时 及时
  道路工程数量 flow ＝16条 ＝22条
  道路建设规模 flow ＝112800平米 ＝220000平米
  七通一平项目报告数 flow ＝50个 ＝90个
  工程验收合格率 ratio ＝100% ＝100%
  土壤调查项目数量 flow ＝3个 ＝7个
  七通一平项目合同履约率 ratio ＝100% ＝100%
  污染地块治理项目数 flow ＝6个 ＝8个
  治理监理合格率 ratio ＝100% ＝100%
  污染治理面积 flow ＝174亩 ＝643亩
  储备地块上市条件达标率 ratio ＝100% ＝100%
  管护土地面积 stock ＝7000亩 ＝7000亩
  定销房后续管理小区 stock ＝34个 ＝34个
  管理存量房数量 stock ＝5300套 ＝4800套
  维修改造工程数量 flow ＝1个 ＝1个
  回购管理达标率 ratio ＝100% ＝100%
  公开竞价销售公告定销房数量 flow ＝500套 ＝1000套
  高新区外围道路工程 flow ＝16条 ＝16条
  高新区道路建设规模 flow ＝250835平方米 ＝450989平方米
  道路工程验收合格率 ratio ＝100% ＝100%
  高新区收购项目补偿数 flow ＝1个 ＝1个
  高新区项目实施面积 flow ＝650平米 ＝1150平米
  高新区学校建设规模 flow ＝60000平米 ＝145275平米
  高新区学校建设项目数 flow ＝3个 ＝3个
  高新区学校建设工程验收合格率 ratio ＝100% ＝100%
  相城区道路建设工程项目数量 flow ＝3个 ＝3个
  相城区道路建设工程分部分项验收合格率 ratio ＝100% ＝100%
  相城区收购项目补偿数 flow ＝1个 ＝1个
  相城区项目实施面积 flow ＝300平米 ＝600平米
  定销房项目安置保障率 ratio ＝100% ＝100%
  出让金指标完成率 ratio ＝100% ＝100%
  征拆对象安置率 ratio ＝100% ＝100%
  污染土壤治理修复达标率 ratio ＝100% ＝100%
`;

const one = (text: string, more: Partial<Indicator> = {}) => told([printed(text, more)]);

it('the published table has one finding: one unit in two spellings', () =>
  expect(
    told(
      PUBLISHED.trim()
        .split('\n')
        .map((row) => printed(row)),
    ),
  ).toEqual([
    'WARNS UNIT_SPELT_TWO_WAYS of 道路建设规模 高新区道路建设规模 高新区项目实施面积 高新区学校建设规模 相城区项目实施面积: ' +
      'unit=平方米 spellings=平米+平方米',
  ]));

describe('units', () => {
  it.each([
    ['＝112800平米', '平米', '平方米'],
    ['＝112,800 ㎡', '㎡', '平方米'],
    ['≥３８％', '％', '%'],
    ['≤1.5km', 'km', '公里'],
    ['＝643亩', '亩', '亩'], // measures land too, and is no spelling of 平方米
    ['＝38', '', ''],
    ['健全', '', ''],
  ])('of %s are spelt %j and mean %j', (text, spelling, unit) => {
    expect(printedUnit(text)).toBe(spelling);
    expect(canonicalUnit(printedUnit(text))).toBe(unit);
  });

  it('differ within a row', () =>
    expect(one('面积 flow ＝10亩 ＝20平米', { unit: '平方米' })).toEqual([
      'REFUSES UNITS_DIFFER of 面积: half=亩 annual=平米',
    ]));

  it('are two spellings within a row too', () =>
    expect(one('面积 flow ＝10平方米 ＝20平米')).toEqual([
      'WARNS UNIT_SPELT_TWO_WAYS of 面积: unit=平方米 spellings=平方米+平米',
    ]));
});

describe('totals that fall', () => {
  it.each([
    ['道路工程数量 flow ＝22条 ＝16条', ['REFUSES HALF_ABOVE_ANNUAL of 道路工程数量: half=＝22条 annual=＝16条']],
    ['道路工程数量 stock ＝22条 ＝16条', ['WARNS FLOW_SHRINKS of 道路工程数量: half=＝22条 annual=＝16条']],
    ['管理存量房数量 stock ＝5300套 ＝4800套', []], // named a level: it may fall
    ['在库项目数 stock ＝22个 ＝16个', []],
    ['道路工程数量 flow ＝16条 ＝16条', []],
    ['投诉率 ratio ≤10% ≤5%', []], // a limit may tighten
    ['道路工程数量 flow - ＝16条', []], // no half-year value stated
  ])('%s', (text, expected) => expect(one(text)).toEqual(expected));
});

describe('weights', () => {
  const rows = (...weights: readonly (number | undefined)[]) =>
    weights.map((weight, index) =>
      printed(`第${'一二三四五'.charAt(index)}项 flow ＝1个 ＝2个`, {
        level2: index < 2 ? '数量指标' : '质量指标',
        ...(weight === undefined ? {} : { weight }),
      }),
    );
  const GROUPS: WeightRules = {
    total: '90',
    groups: [
      { group: 'quantity', weight: '50', level1: [], level2: ['数量指标'] },
      { group: 'rest', weight: '40', level1: ['履职'] },
    ],
  };

  it.each([
    ['none stated', rows(undefined, undefined), undefined, []],
    ['100', rows(50, 30.5, 19.5), undefined, []],
    ['thirds, in decimals', rows(33.3, 33.3, 33.4), undefined, []],
    [
      '99.99',
      rows(50, 30, 19.99),
      undefined,
      ['REFUSES WEIGHTS_DO_NOT_ADD_UP of 第一项 第二项 第三项: wanted=100 sum=99.99'],
    ],
    [
      'one missing: it gets what is left',
      rows(50, undefined, 30),
      undefined,
      ['WARNS WEIGHT_MISSING of 第二项: stated=2'],
    ],
    [
      'one missing and nothing left over',
      rows(50, undefined, 60),
      undefined,
      [
        'REFUSES WEIGHTS_DO_NOT_ADD_UP of 第一项 第三项: wanted=100 sum=110.00',
        'WARNS WEIGHT_MISSING of 第二项: stated=2',
      ],
    ],
    ['groups of 50 and 40', rows(20, 30, 40), GROUPS, []],
    [
      'the right total in the wrong groups',
      rows(20, 20, 50),
      GROUPS,
      [
        'REFUSES WEIGHTS_DO_NOT_ADD_UP of 第一项 第二项: group=quantity wanted=50 sum=40.00',
        'REFUSES WEIGHTS_DO_NOT_ADD_UP of 第三项: group=rest wanted=40 sum=50.00',
      ],
    ],
    [
      'a negative one and nothing',
      rows(-10, 0, 110),
      undefined,
      ['REFUSES WEIGHT_NOT_POSITIVE of 第一项: weight=-10', 'REFUSES WEIGHT_NOT_POSITIVE of 第二项: weight=0'],
    ],
  ])('%s', (_, indicators, rules, expected) => expect(told(indicators, rules)).toEqual(expected));
});

describe('names', () => {
  it.each([
    ['道路工程\n数量', 'level3', true],
    ['道路工程 数量', 'level3', true],
    ['、供应、销售和管理', 'keyWork', true],
    ['房屋征收、', 'level2', true],
    ['质量（合格', 'level3', false], // an open bracket inside: a typing error, no wrap
    ['（一）档案管理', 'level2', false],
    ['GIS 系统 2 期', 'level3', false],
    ['“三公经费”变动率', 'level3', false],
  ] as const)('%j as %s wraps: %s', (found, member, wraps) => {
    const findings = told([printed('数量 flow ＝1个 ＝2个', { [member]: found })]);
    expect(findings).toEqual(wraps ? [`WARNS NAME_WRAPS of 数量: member=${member} found=${found}`] : []);
  });

  it('repeat under one duty, or under two', () => {
    const row = (indicator: string, level2: string, level3: string) =>
      printed('数量 flow ＝1个 ＝2个', { indicator, level2, level3 });
    expect(told([row('I01', '甲', '工程数'), row('I02', '甲', '工程 数')]).at(-1)).toBe(
      'REFUSES NAME_REPEATED of I01 I02: name=工程数 under=甲+甲',
    );
    expect(told([row('I01', '甲', '工程数'), row('I02', '乙', '工程数')])).toEqual([
      'WARNS NAME_REPEATED of I01 I02: name=工程数 under=甲+乙',
    ]);
    expect(told([row('I01', '甲', '道路工程数道路工程数')])).toEqual([
      'WARNS NAME_REPEATED of I01: name=道路工程数道路工程数',
    ]);
  });
});

describe('percentages', () => {
  it.each([
    [
      '工程验收合格率 ratio ＝100% ＝101%',
      ['REFUSES PERCENT_ABOVE_100 of 工程验收合格率: name=工程验收合格率 found=＝101%'],
    ],
    [
      '征拆对象安置率 ratio ≥120% ≥120%',
      ['REFUSES PERCENT_ABOVE_100 of 征拆对象安置率: name=征拆对象安置率 found=≥120%'],
    ],
    ['覆盖率 ratio ≤110% ≤110%', ['WARNS PERCENT_ABOVE_100 of 覆盖率: name=覆盖率 found=≤110%']],
    ['履约率 ratio ＝100.00% ＝100.00%', []],
    ['公用经费控制率 ratio ≤110% ≤110%', []],
    ['出让金指标完成率 ratio ≥120% ≥120%', []],
    ['业务学习与培训及时完成率 ratio ≥120% ≥120%', []],
    ['收入变动率 ratio ≤150% ≤150%', []],
    ['合格率 ratio ＝995‰ ＝995‰', []],
  ])('%s', (text, expected) => expect(one(text)).toEqual(expected));
});

describe('words and numbers', () => {
  it.each([
    [
      '道路工程数量 flow 及时 及时',
      ['REFUSES WORD_FOR_NUMBER of 道路工程数量: kind=FLOW_CUMULATIVE half=及时 annual=及时'],
    ],
    ['合格率 ratio ＝100% 合格', ['REFUSES WORD_FOR_NUMBER of 合格率: kind=RATIO half=＝100% annual=合格']],
    [
      '治理及时性 word ＝1次 ＝2次',
      ['REFUSES NUMBER_FOR_WORD of 治理及时性: kind=QUALITATIVE half=＝1次 annual=＝2次'],
    ],
    ['治理及时性 word 及时 及时', []],
  ])('%s', (text, expected) => expect(one(text)).toEqual(expected));
});
