/**
 * The whole-unit performance table (部门整体预算绩效目标表) as data: its headings, rows, columns and words. The reader of the
 * text layer knows the form only from here; a variant of the form is another value of this type.
 */
import { UNIT_SPELLINGS } from '#domain/performance/units.js';
import type { AmountUnit } from '#forms/amount.js';
import type { IncomeRow } from '#forms/table.js';

/** A column of an indicator block. `width` is what one printed line of it holds, in Chinese characters. */
export interface IndicatorColumn {
  readonly key: 'level1' | 'level2' | 'keyWork' | 'level3' | 'half' | 'annual';
  readonly heading: string;
  readonly width?: number;
}

export interface FirstLevel {
  readonly name: string;
  readonly block: 1 | 2 | 3;
  readonly layout: 'plain' | 'duties';
  /** Its second-level headings may stand in the form without an indicator. */
  readonly mayBeEmpty: boolean;
  /** Headings that units usually have here. A hint for joining wrapped lines; others are read as well. */
  readonly usualSecondLevels: readonly string[];
}

export interface FormDefinition {
  /** The title ends with it. */
  readonly title: string;
  /** Several spellings where units print the same heading differently. */
  readonly sections: Readonly<
    Record<'unit' | 'duties' | 'staffing' | 'income' | 'expenditure' | 'longTermGoal' | 'annualGoal', readonly string[]>
  >;
  /** The heading of the funds says the unit of the amounts. */
  readonly funds: { readonly heading: RegExp; readonly units: readonly AmountUnit[] };
  readonly incomeColumns: readonly string[];
  readonly expenditureColumns: { readonly half: string; readonly annual: string };
  readonly incomeRows: Readonly<Record<IncomeRow, readonly string[]>>;
  /** Headings among the income rows that have no figure. */
  readonly incomeHeadings: readonly string[];
  readonly expenditureRows: { readonly basic: readonly string[]; readonly project: readonly string[] };
  readonly layouts: Readonly<Record<FirstLevel['layout'], readonly IndicatorColumn[]>>;
  readonly firstLevels: readonly FirstLevel[];
  readonly qualitativeWords: readonly string[];
  readonly units: readonly string[];
  /** Other spellings of a unit. */
  readonly unitSpellings: Readonly<Record<string, string>>;
}

const LEVELS = [
  { key: 'level1', heading: '一级指标' },
  { key: 'level2', heading: '二级指标', width: 7 },
] as const;
const VALUES = [
  { key: 'half', heading: '半年指标值' },
  { key: 'annual', heading: '全年指标值' },
] as const;

/** Source: rule book 1.1 and 1.3; widths measured on the published table. */
export const PERFORMANCE_FORM: FormDefinition = {
  title: '部门整体预算绩效目标表',
  sections: {
    unit: ['单位名称', '部门名称', '单位（部门）名称'],
    duties: ['单位主要职能', '主要职能', '部门主要职能'],
    staffing: ['机构设置及人员配置'],
    income: ['收入'],
    expenditure: ['支出'],
    longTermGoal: ['中长期目标'],
    annualGoal: ['年度目标'],
  },
  funds: { heading: /^部门整体资金[（(](万元|元)[）)]$/, units: ['万元', '元'] },
  incomeColumns: ['全年预算数'],
  expenditureColumns: { half: '半年计划执行数', annual: '全年预算数' },
  incomeRows: {
    total: ['资金总额'],
    appropriation: ['小计'],
    'general-public': ['一般公共预算资金', '一般公共预算'],
    'government-funds': ['政府性基金', '政府性基金预算资金', '政府性基金预算'],
    'special-account': ['财政专户管理资金', '财政专户资金'],
    'state-capital': ['国有资本金', '国有资本经营预算资金', '国有资本经营预算'],
    'social-insurance': ['社保基金', '社会保险基金', '社会保险基金预算资金'],
    'carry-over': ['上年结转资金', '上年结转'],
    other: ['其他资金'],
  },
  incomeHeadings: ['财政拨款'],
  expenditureRows: { basic: ['基本支出'], project: ['项目支出'] },
  layouts: {
    plain: [...LEVELS, { key: 'level3', heading: '三级指标', width: 15 }, ...VALUES],
    duties: [
      ...LEVELS,
      { key: 'keyWork', heading: '重点工作', width: 15 },
      { key: 'level3', heading: '三级指标', width: 15 },
      ...VALUES,
    ],
  },
  firstLevels: [
    {
      name: '决策',
      block: 1,
      layout: 'plain',
      mayBeEmpty: false,
      usualSecondLevels: ['计划制定', '目标设定', '预算编制'],
    },
    {
      name: '过程',
      block: 1,
      layout: 'plain',
      mayBeEmpty: false,
      usualSecondLevels: ['预算执行', '预算管理', '资产管理', '项目管理', '人员管理', '机构建设'],
    },
    { name: '履职', block: 2, layout: 'duties', mayBeEmpty: false, usualSecondLevels: [] },
    {
      name: '效益指标',
      block: 3,
      layout: 'plain',
      mayBeEmpty: true,
      usualSecondLevels: ['经济效益', '社会效益', '生态效益', '可持续影响'],
    },
    { name: '满意度指标', block: 3, layout: 'plain', mayBeEmpty: true, usualSecondLevels: ['服务对象满意度'] },
  ],
  qualitativeWords: ['健全', '合理', '明确', '科学', '规范', '合规', '完善', '公开', '有效', '及时'],
  units: ['%', '个', '户', '条', '平方米', '亩', '套', '项', '人', '次', '份', '家', '天', '公里', '米', '万元', '元'],
  unitSpellings: UNIT_SPELLINGS,
};
