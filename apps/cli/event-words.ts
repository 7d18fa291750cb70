/** Kinds of events in a word or two, for sentences that count them. */
import type { BudgetEvent } from '#domain/budget/events.js';
import type { DirectoryEvent } from '#domain/directory/events.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import type { Language } from './labels.js';

type EventType = (BudgetEvent | DirectoryEvent | PerformanceEvent)['type'];

const WORDS = {
  AdjustmentReversed: ['冲销调整', 'adjustment taken back'],
  BaseFactCorrected: ['更正基础数据', 'base fact corrected'],
  BaseFactRecorded: ['登记基础数据', 'base fact recorded'],
  BaseFactWithdrawn: ['撤回基础数据', 'base fact withdrawn'],
  BudgetAdded: ['追加', 'addition'],
  BudgetApprovalWithdrawn: ['撤回批复', 'approval withdrawn'],
  BudgetApproved: ['批复预算', 'budget approved'],
  BudgetCut: ['追减', 'cut'],
  BudgetFrozen: ['冻结', 'freeze'],
  BudgetLineApproved: ['批复项目', 'line approved'],
  BudgetLineOpened: ['设立项目', 'line opened'],
  BudgetLineReclassified: ['变更科目', 'codes changed'],
  BudgetReleased: ['解冻', 'release'],
  BudgetTransferred: ['调剂', 'transfer'],
  CarryOverBroughtForward: ['转入结转', 'carry-over brought forward'],
  CarryOverRevised: ['更正结转', 'carry-over revised'],
  DeviationExplained: ['说明偏差', 'deviation explained'],
  IndicatorAdded: ['增加指标', 'indicator added'],
  IndicatorAssessed: ['评定指标', 'indicator assessed'],
  IndicatorLinked: ['关联预算项目', 'indicator linked'],
  IndicatorResultRecorded: ['登记结果', 'result recorded'],
  IndicatorWithdrawn: ['取消指标', 'indicator withdrawn'],
  MonitoringSubmitted: ['提交监控', 'monitoring submitted'],
  MonitoringWithdrawn: ['撤回监控', 'monitoring withdrawn'],
  NarrativeStated: ['填写目标说明', 'texts stated'],
  PaymentExecuted: ['支付', 'payment'],
  PaymentPlanSet: ['用款计划', 'payment plan'],
  PaymentReattributed: ['更正列支', 'payment moved to its line'],
  PaymentReclassified: ['更正经济科目', 'payment code corrected'],
  PaymentRequestCancelled: ['取消支付申请', 'request cancelled'],
  PaymentRequested: ['支付申请', 'payment request'],
  PaymentReturnReversed: ['冲销退款', 'return taken back'],
  PaymentReturned: ['退款', 'return'],
  PaymentReversed: ['冲销支付', 'payment taken back'],
  PeriodReopened: ['解除封存', 'period reopened'],
  PeriodSealed: ['封存期间', 'period sealed'],
  RectificationClosed: ['整改办结', 'rectification closed'],
  RectificationOpened: ['要求整改', 'rectification opened'],
  ResultCorrected: ['更正结果', 'result corrected'],
  ResultWithdrawn: ['撤回结果', 'result withdrawn'],
  ScoringProfileChosen: ['选用评分规则', 'scoring profile chosen'],
  SelfEvaluationSubmitted: ['提交自评', 'self-evaluation submitted'],
  SelfEvaluationWithdrawn: ['撤回自评', 'self-evaluation withdrawn'],
  SurplusTakeBackReversed: ['冲销收回', 'take-back reversed'],
  SurplusTakenBack: ['收回', 'take-back'],
  TargetRevised: ['调整目标', 'target revised'],
  TargetsApproved: ['批准绩效目标', 'targets approved'],
  ThresholdsSet: ['设定预警阈值', 'thresholds set'],
  UnitMoved: ['单位划转', 'unit moved'],
  UnitRegistered: ['登记单位', 'unit registered'],
  UnitRenamed: ['单位更名', 'unit renamed'],
  YearClosed: ['年度结账', 'year closed'],
  YearReopened: ['撤销结账', 'year reopened'],
} as const satisfies Readonly<Record<EventType, readonly [zh: string, en: string]>>;

/** The type itself when a newer system names one that is not known here. */
export function eventWord(type: string, language: Language): string {
  if (!Object.hasOwn(WORDS, type)) return type;
  const [zh, en] = WORDS[type as EventType];
  return language === 'zh' ? zh : en;
}
