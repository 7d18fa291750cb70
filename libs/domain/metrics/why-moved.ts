/** Why figures differ between two moments: what each event was, and what all events of a kind did together. */
import type { EffectKind } from '#domain/budget/effects.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import type { Fen } from '#domain/money.js';
import type { PerformanceEvent } from '#domain/performance/events.js';

/**
 * `entry`: a fact of its own. `correction`: an earlier fact is put right. `reversal`: an earlier fact is taken back. `plan`,
 * `line` and `target`: what figures are measured by, or what a line is, changed without any money.
 */
export const WHYS = ['entry', 'correction', 'reversal', 'plan', 'line', 'target'] as const;
export type Why = (typeof WHYS)[number];

/** Seals and closes say what may be booked, forms and what is said of them what was reported; they move no figure. */
const WHY = {
  BudgetApproved: 'entry',
  BudgetApprovalWithdrawn: 'reversal',
  BudgetLineOpened: 'line',
  BudgetLineReclassified: 'line',
  BudgetLineApproved: 'entry',
  CarryOverBroughtForward: 'entry',
  CarryOverRevised: 'correction',
  BudgetAdded: 'entry',
  BudgetCut: 'entry',
  BudgetTransferred: 'entry',
  AdjustmentReversed: 'reversal',
  BudgetFrozen: 'entry',
  BudgetReleased: 'entry',
  PaymentPlanSet: 'plan',
  PaymentRequested: 'entry',
  PaymentRequestCancelled: 'entry',
  PaymentExecuted: 'entry',
  PaymentReturned: 'entry',
  PaymentReturnReversed: 'reversal',
  PaymentReclassified: 'correction',
  PaymentReattributed: 'correction',
  PaymentReversed: 'reversal',
  PeriodSealed: 'nothing',
  PeriodReopened: 'nothing',
  YearClosed: 'nothing',
  YearReopened: 'nothing',
  SurplusTakenBack: 'entry',
  SurplusTakeBackReversed: 'reversal',
  TargetsApproved: 'target',
  TargetRevised: 'target',
  IndicatorAdded: 'target',
  IndicatorWithdrawn: 'target',
  NarrativeStated: 'nothing',
  IndicatorLinked: 'nothing',
  IndicatorResultRecorded: 'entry',
  ResultCorrected: 'correction',
  ResultWithdrawn: 'reversal',
  BaseFactRecorded: 'entry',
  BaseFactCorrected: 'correction',
  BaseFactWithdrawn: 'reversal',
  ThresholdsSet: 'nothing',
  ScoringProfileChosen: 'nothing',
  DeviationExplained: 'nothing',
  MonitoringSubmitted: 'nothing',
  MonitoringWithdrawn: 'nothing',
  RectificationOpened: 'nothing',
  RectificationClosed: 'nothing',
  IndicatorAssessed: 'nothing',
  SelfEvaluationSubmitted: 'nothing',
  SelfEvaluationWithdrawn: 'nothing',
} as const satisfies Record<BudgetEvent['type'] | PerformanceEvent['type'], Why | 'nothing'>;

/** Throws on an event that moves no figure: whoever lists it has looked at the wrong rows. */
export function whyMoved(type: string): Why {
  const why = Object.hasOwn(WHY, type) ? WHY[type as keyof typeof WHY] : 'nothing';
  if (why === 'nothing') throw new Error(`${type} moves no figure`);
  return why;
}

/** Which of two moments an event belongs to: one that only `a` has no longer counts in `b`. */
export type OnlyIn = 'a' | 'b';

/** All events of one kind together. */
export interface MovedSum {
  readonly why: Why;
  /** It belongs to the period of `a` and was recorded after what `a` knew. */
  readonly late: boolean;
  readonly onlyIn: OnlyIn;
  readonly events: number;
  /** Their effects by kind, as booked: those of `b` add to the figures of `a`, those of `a` are taken away. Fen. */
  readonly amounts: readonly { readonly kind: EffectKind; readonly fen: Fen }[];
}
