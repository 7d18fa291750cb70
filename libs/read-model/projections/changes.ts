/** The rows that a batch of events adds and changes. Filled by pure folds, written by SQL elsewhere. */
import type { UnitChange } from '#read-model/entities/directory.js';
import type { BudgetLine, LineDefinition, PlanRow } from '#read-model/entities/lines.js';
import type { Account, Journal } from '#read-model/entities/money.js';
import type {
  Adjustment,
  CarryOver,
  Freeze,
  Payment,
  PaymentRequest,
  PaymentReturn,
  TakeBack,
} from '#read-model/entities/papers.js';
import type { PerformanceEntry } from '#read-model/entities/performance.js';
import type { Mention, Milestone } from '#read-model/entities/story.js';

/** Papers by the name that the budget's state has for them. */
export interface PaperRows {
  readonly vouchers: Payment;
  readonly returns: PaymentReturn;
  readonly requests: PaymentRequest;
  readonly freezes: Freeze;
  readonly adjustments: Adjustment;
  readonly carryOvers: CarryOver;
  readonly takeBacks: TakeBack;
}
export type PaperKind = keyof PaperRows;
export const PAPER_KINDS = [
  'vouchers',
  'returns',
  'requests',
  'freezes',
  'adjustments',
  'carryOvers',
  'takeBacks',
] as const satisfies readonly PaperKind[];

/** What a line is now, without its totals. */
export type LineNow = Pick<
  BudgetLine,
  'unit' | 'year' | 'line' | 'name' | 'expenditure' | 'fund' | 'codes' | 'opened' | 'live'
>;

export interface Changes {
  readonly accounts: Account[];
  readonly effects: { readonly row: Journal; readonly account: Account }[];
  /** By unit, year and line: the last one counts. */
  readonly lines: Map<string, LineNow>;
  readonly definitions: LineDefinition[];
  readonly plans: PlanRow[];
  readonly milestones: Milestone[];
  readonly mentions: Mention[];
  readonly performance: PerformanceEntry[];
  readonly units: UnitChange[];
  /** Papers booked in this batch, and older ones that it changes. */
  readonly booked: { readonly [Kind in PaperKind]: Set<PaperRows[Kind]> };
  readonly changed: { readonly [Kind in PaperKind]: Set<PaperRows[Kind]> };
}

export const noChanges = (): Changes => ({
  accounts: [],
  effects: [],
  lines: new Map(),
  definitions: [],
  plans: [],
  milestones: [],
  mentions: [],
  performance: [],
  units: [],
  booked: noPapers(),
  changed: noPapers(),
});

const noPapers = (): Changes['booked'] => ({
  vouchers: new Set(),
  returns: new Set(),
  requests: new Set(),
  freezes: new Set(),
  adjustments: new Set(),
  carryOvers: new Set(),
  takeBacks: new Set(),
});
