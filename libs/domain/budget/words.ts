/** The field's own words for the codes of a budget, in Chinese and English; the glossary explains them. Rule book 6. */
import type { ClosingLot, Expenditure, FundNature, IncomeSource, ReasonCode } from '#domain/budget/events.js';
import type { Words } from '#domain/sentence.js';

export const FUND_WORDS = {
  'general-public': { zh: '一般公共预算资金', en: 'general public budget' },
  'government-funds': { zh: '政府性基金', en: 'government funds' },
  other: { zh: '其他资金', en: 'other funds' },
  'social-insurance': { zh: '社保基金', en: 'social insurance funds' },
  'special-account': { zh: '财政专户管理资金', en: 'special-account funds' },
  'state-capital': { zh: '国有资本金', en: 'state capital' },
  'unit-funds': { zh: '单位资金', en: 'unit funds' },
} as const satisfies Record<FundNature, Words>;

export const INCOME_WORDS = {
  ...FUND_WORDS,
  'carry-over': { zh: '上年结转资金', en: 'prior-year carry-over' },
} as const satisfies Record<IncomeSource, Words>;

export const EXPENDITURE_WORDS = {
  basic: { zh: '基本支出', en: 'basic expenditure' },
  project: { zh: '项目支出', en: 'project expenditure' },
} as const satisfies Record<Expenditure, Words>;

/** Rule book 2.3, 2. */
export const REASON_WORDS = {
  NATIONAL_POLICY: { zh: '国家政策', en: 'national policy' },
  FORCE_MAJEURE: { zh: '不可抗力', en: 'force majeure' },
  SUPERIOR_TASK: { zh: '上级临时交办任务', en: "a superior's ad-hoc task" },
  ORDINARY: { zh: '一般调整', en: 'ordinary' },
} as const satisfies Record<ReasonCode, Words>;

/** Rule book 7. */
export const LOT_CLASS_WORDS = {
  'carry-over': { zh: '结转', en: 'carry-over' },
  surplus: { zh: '结余', en: 'surplus' },
} as const satisfies Record<ClosingLot['class'], Words>;
