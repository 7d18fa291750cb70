/** Words of tables, 中文 first: the field's own terms as the rule book and the printed forms have them. */

import { FUND_NATURES, type FundNature } from '#domain/budget/events.js';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

type Words = readonly [zh: string, en: string];

const COLUMNS = {
  adjustmentId: ['调整号', 'Adjustment'],
  actor: ['经办人', 'Recorded by'],
  added: ['追加', 'Added'],
  age: ['账龄', 'Age'],
  amount: ['金额', 'Amount'],
  annual: ['全年指标值', 'Annual'],
  available: ['可用余额', 'Available'],
  becomesSurplusOn: ['转结余日', 'Surplus from'],
  before: ['变动前', 'Before'],
  after: ['变动后', 'After'],
  belongsTo: ['所属日期', 'Belongs to'],
  carryOverIn: ['上年结转', 'Carry-over'],
  class: ['类别', 'Class'],
  broughtIn: ['原转入', 'Brought in'],
  checksumInUse: ['在用校验和', 'Checksum in use'],
  checksumNew: ['新校验和', 'New checksum'],
  current: ['变动后预算数', 'Current budget'],
  cut: ['追减', 'Cut'],
  date: ['业务日期', 'Date'],
  denominator: ['分母', 'Denominator'],
  difference: ['差额', 'Difference'],
  distance: ['差距', 'Distance'],
  document: ['文号', 'Document'],
  due: ['待收回', 'Due'],
  effectiveDate: ['业务日期', 'Date'],
  error: ['原因', 'Why'],
  expenditure: ['支出类别', 'Expenditure'],
  figure: ['金额项', 'Figure'],
  formula: ['公式', 'Formula'],
  frozen: ['冻结', 'Frozen'],
  fund: ['资金性质', 'Fund'],
  half: ['半年指标值', 'Half-year'],
  halfYearPlan: ['半年计划执行数', 'Half-year plan'],
  heldBack: ['滞留事件', 'Held back'],
  indicator: ['编号', 'No.'],
  input: ['基础数', 'Input'],
  kind: ['类别', 'Kind'],
  left: ['结转额度', 'Held'],
  level1: ['一级指标', 'Level 1'],
  level2: ['二级指标', 'Level 2'],
  level3: ['三级指标', 'Level 3'],
  line: ['编号', 'Line'],
  lineage: ['来源', 'From'],
  metric: ['代码', 'Metric'],
  month: ['月份', 'Month'],
  name: ['名称', 'Name'],
  number: ['凭单号', 'Number'],
  numerator: ['分子', 'Numerator'],
  original: ['年初批复数', 'Original'],
  originYear: ['资金年度', 'Origin'],
  paid: ['执行数', 'Paid'],
  parent: ['上级单位', 'Parent'],
  payee: ['收款人', 'Payee'],
  plan: ['计划', 'Plan'],
  planned: ['计划执行数', 'Planned'],
  plannedToDate: ['计划执行数', 'Planned to date'],
  points: ['百分点', 'Points'],
  purpose: ['用途', 'Purpose'],
  rate: ['指标', 'Rate'],
  reason: ['原因', 'Reason'],
  reasonCode: ['调整原因', 'Reason'],
  recordedAt: ['登记时间', 'Recorded at'],
  requested: ['已申请', 'Requested'],
  result: ['结果', 'Result'],
  revised: ['重新结账调整', 'Revised'],
  revision: ['序号', 'Revision'],
  row: ['行', 'Row'],
  rowsInUse: ['在用行数', 'Rows in use'],
  rowsNew: ['新行数', 'New rows'],
  scope: ['口径', 'Scope'],
  sentence: ['事项', 'What happened'],
  since: ['始于', 'Since'],
  source: ['依据', 'Source'],
  state: ['状态', 'State'],
  stream: ['事件流', 'Stream'],
  table: ['数据表', 'Table'],
  takenBack: ['收回', 'Taken back'],
  target: ['目标', 'Target'],
  total: ['合计', 'Total'],
  transferred: ['调剂', 'Transferred'],
  transferredIn: ['调入', 'Transferred in'],
  transferredOut: ['调出', 'Transferred out'],
  type: ['事件类型', 'Type'],
  unit: ['单位代码', 'Unit'],
  unspent: ['未使用', 'Unspent'],
  verdict: ['判定', 'Verdict'],
  voucherNo: ['凭单号', 'Voucher'],
  version: ['版本', 'Version'],
  went: ['结转去向', 'Went to'],
  why: ['性质', 'Why'],
  year: ['年度', 'Year'],
} as const satisfies Readonly<Record<string, Words>>;

export type ColumnName = keyof typeof COLUMNS;

/** Words for values that answers carry as codes; a code that is not listed is shown as it is. */
const VALUES: Readonly<Record<string, Words>> = {
  all: ['全部资金', 'all funds'],
  'general-public': ['一般公共预算', 'general public budget'],
  'government-funds': ['政府性基金', 'government funds'],
  'special-account': ['财政专户', 'special account'],
  'state-capital': ['国有资本', 'state capital'],
  'social-insurance': ['社保基金', 'social insurance'],
  'unit-funds': ['单位资金', 'unit funds'],
  other: ['其他资金', 'other funds'],
  'carry-over': ['上年结转资金', 'carry-over'],
  basic: ['基本支出', 'basic'],
  project: ['项目支出', 'project'],
  met: ['达标', 'met'],
  missed: ['未达标', 'missed'],
  'not-assessed': ['未评', 'not assessed'],
  EXCEEDED: ['超', 'exceeded'],
  BEFORE_CHECKPOINT: ['未到考核日', 'before the checkpoint'],
  NOT_APPLICABLE: ['不适用', 'not applicable'],
  NOT_COMPUTABLE: ['无法计算', 'not computable'],
  ZERO_OVER_ZERO: ['零除零', '0/0'],
  YEAR_END_ONLY: ['年末指标', 'year-end figure'],
  ZERO_DENOMINATOR: ['分母为零', 'denominator 0'],
  NEGATIVE_DENOMINATOR: ['分母为负', 'negative denominator'],
  NOT_ALL_CODED: ['经济分类不全', 'codes missing'],
  NO_PRIOR_YEAR: ['无上年数据', 'no prior year'],
  NO_FACTS: ['缺基础数据', 'base facts missing'],
  original: ['年初批复', 'original'],
  'carry-over-in': ['上年结转', 'carry-over in'],
  added: ['追加', 'added'],
  cut: ['追减', 'cut'],
  'transferred-in': ['调入', 'transferred in'],
  'transferred-out': ['调出', 'transferred out'],
  frozen: ['冻结', 'frozen'],
  requested: ['申请', 'requested'],
  paid: ['支付', 'paid'],
  'taken-back': ['收回', 'taken back'],
  approved: ['批复半年计划', 'as approved'],
  monthly: ['月度用款计划', 'monthly plan'],
  none: ['按时间推定', 'evenly by day'],
  half: ['半年', 'half-year'],
  annual: ['全年', 'annual'],
  open: ['未结账', 'open'],
  closed: ['已结账', 'closed'],
  reopened: ['已反结账', 'open again'],
  unspent: ['未用完', 'unspent'],
  'two-years': ['连续两年未用完', 'unspent for two years'],
  finished: ['项目完成', 'finished'],
  'plan-changed': ['计划变更', 'plan changed'],
  BASIC_EXPENDITURE: ['基本支出不转', 'never: basic expenditure'],
  NOTHING_LEFT: ['已用完', 'nothing left'],
  YEAR_NOT_IN_LEDGER: ['上年未入账', 'year not in the ledger'],
  ENTERED_BY_HAND: ['手工录入', 'entered by hand'],
  CLOSING_NOT_KNOWN: ['所引结账不存在', 'closing not known'],
  NOT_BROUGHT_IN: ['上年无结转记录', 'not brought in there'],
  entry: ['入账', 'entry'],
  correction: ['更正', 'correction'],
  reversal: ['冲销', 'reversal'],
  plan: ['用款计划', 'payment plan'],
  line: ['项目变更', 'line'],
  target: ['绩效目标', 'targets'],
  late: ['迟记', 'late'],
};

const pick = ([zh, en]: Words, language: Language): string => (language === 'zh' ? zh : en);

export const columnWord = (name: ColumnName, language: Language): string => pick(COLUMNS[name], language);

/** An input of a formula is named like the column that shows it. */
export const inputWord = (name: string, language: Language): string =>
  Object.hasOwn(COLUMNS, name) ? columnWord(name as ColumnName, language) : valueWord(name, language);

export function valueWord(code: string, language: Language): string {
  const words = Object.hasOwn(VALUES, code) ? VALUES[code] : undefined;
  return words ? pick(words, language) : code;
}

/** ＝38% as the printed form writes it. Every registered rate is a percentage. */
export const targetWord = (comparator: string, value: string, unit = '%'): string =>
  `${{ '=': '＝', '>=': '≥', '<=': '≤' }[comparator] ?? comparator}${value}${unit}`;

/** `general-public`, `一般公共预算` and `一般公共预算资金` are one fund nature. */
export const fundNature = (name: string): FundNature | undefined =>
  FUND_NATURES.find((nature) => [nature, valueWord(nature, 'zh'), `${valueWord(nature, 'zh')}资金`].includes(name));

export const unknownFunds = (names: readonly string[]): string =>
  `${names.map((name) => JSON.stringify(name)).join(', ')}: not one of ${FUND_NATURES.join(', ')}`;
