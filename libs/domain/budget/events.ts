/**
 * Events of the money of one unit and year, stream `budget-<unit>-<year>`.
 *
 * NOTE: these names and shapes are the stored format for ever. Never edit one: a change of shape is a new version with a
 * step in `upcast.ts`, a change of meaning a new type. One stored sample of each lies in `test/contract/events`.
 * Amounts are integer fen and positive unless a comment says otherwise; `line` is the line's id within unit and year.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { DocumentRef, DomainEvent } from '#domain/envelope.js';
import type { Fen } from '#domain/money.js';

/** 资金性质, rule book 6.1. 上年结转 is an origin, not a nature. */
export const FUND_NATURES = [
  'general-public',
  'government-funds',
  'other',
  'social-insurance',
  'special-account',
  'state-capital',
  'unit-funds',
] as const;
export type FundNature = (typeof FUND_NATURES)[number];

/** Natures that are a fiscal appropriation 财政拨款, in the order of the form (rule book 1.1). */
export const APPROPRIATION_FUNDS = [
  'general-public',
  'government-funds',
  'special-account',
  'state-capital',
  'social-insurance',
] as const satisfies readonly FundNature[];

export const EXPENDITURES = ['basic', 'project'] as const;
export type Expenditure = (typeof EXPENDITURES)[number];

/** Why an adjustment was made; all but `ORDINARY` are exempt when documented. Source: rule book 2.3, 2. */
export const REASON_CODES = ['NATIONAL_POLICY', 'FORCE_MAJEURE', 'SUPERIOR_TASK', 'ORDINARY'] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Codes of a line: function 类款项, government economic, department economic 类款, project. rule book 6. */
export interface LineCodes {
  readonly function?: string;
  readonly governmentEconomic?: string;
  readonly departmentEconomic?: string;
  readonly project?: string;
}

/** Part of an amount under one department economic code; the parts add up to at most the amount. */
export interface EconomicShare {
  readonly departmentEconomic: string;
  readonly fen: Fen;
}

export interface Payee {
  readonly name: string;
  readonly ref?: string;
  readonly kind: 'organisation' | 'person';
}

/** The other half of a transfer between units. */
export interface Counterpart {
  readonly unit: string;
  readonly adjustmentId: string;
}

/** Where an income figure of the form comes from: a fund nature, or last year's carry-over. */
export type IncomeSource = FundNature | 'carry-over';

export interface ClosingLot {
  readonly line: string;
  readonly originYear: number;
  readonly fen: Fen;
  readonly class: 'carry-over' | 'surplus';
  readonly reason: 'unspent' | 'two-years' | 'finished' | 'plan-changed';
  /** Since version 2. Line of the next year that carried-over money goes to; without it the rules find one. */
  readonly toLine?: string;
}

/** The closing event that carried-over money rests on. */
export interface CarryOverSource {
  readonly stream: string;
  readonly revision: number;
  readonly closure?: number;
}

interface Adjusting {
  readonly adjustmentId: string;
  readonly fen: Fen;
  readonly reasonCode: ReasonCode;
  readonly document?: DocumentRef;
}

interface LineIdentity {
  readonly line: string;
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  readonly codes?: LineCodes;
}

/** Opens the year: totals equal the lines of the same append. `dateAssumed`: the source named no approval date. */
export type BudgetApproved = DomainEvent<
  'BudgetApproved',
  {
    readonly income: readonly { readonly source: IncomeSource; readonly fen: Fen }[];
    readonly basicFen: Fen;
    readonly projectFen: Fen;
    readonly document?: DocumentRef;
    readonly dateAssumed?: true;
  }
>;
/** Undoes an approval entered wrongly; only before any movement. */
export type BudgetApprovalWithdrawn = DomainEvent<'BudgetApprovalWithdrawn', { readonly reason: string }>;
/** A line that begins during the year, or before approval; it has no amount. */
export type BudgetLineOpened = DomainEvent<'BudgetLineOpened', LineIdentity>;
/** Later codes of a line; figures follow the effective date. */
export type BudgetLineReclassified = DomainEvent<
  'BudgetLineReclassified',
  { readonly line: string; readonly codes: LineCodes; readonly reason: string }
>;
/** B0 and, where the form prints one, the planned execution by mid-year. */
export type BudgetLineApproved = DomainEvent<
  'BudgetLineApproved',
  LineIdentity & {
    readonly originalFen: Fen;
    readonly halfYearPlanFen?: Fen;
    readonly economic?: readonly EconomicShare[];
  }
>;
/** C0 of one lot. */
export type CarryOverBroughtForward = DomainEvent<
  'CarryOverBroughtForward',
  {
    readonly carryOverId: string;
    readonly line: string;
    readonly originYear: number;
    readonly originLine: string;
    readonly fen: Fen;
    readonly source?: CarryOverSource;
  }
>;
/** May leave a line overdrawn, which shows as a violation. */
export type CarryOverRevised = DomainEvent<
  'CarryOverRevised',
  {
    readonly carryOverId: string;
    readonly fromFen: Fen;
    readonly toFen: Fen;
    readonly reason: string;
    readonly source?: CarryOverSource;
  }
>;
export type BudgetAdded = DomainEvent<
  'BudgetAdded',
  Adjusting & {
    readonly line: string;
    readonly proposedFen?: Fen;
    readonly economic?: readonly EconomicShare[];
    readonly counterpart?: Counterpart;
  }
>;
/** `originYear`: takes carried-over money of that year instead of the current year's first. */
export type BudgetCut = DomainEvent<
  'BudgetCut',
  Adjusting & {
    readonly line: string;
    readonly proposedFen?: Fen;
    readonly originYear?: number;
    readonly economic?: readonly EconomicShare[];
    readonly counterpart?: Counterpart;
  }
>;
/** `structural` absent means true. Transferred carry-over (`originYear`) keeps its origin year. */
export type BudgetTransferred = DomainEvent<
  'BudgetTransferred',
  Adjusting & {
    readonly from: string;
    readonly to: string;
    readonly structural?: boolean;
    readonly originYear?: number;
    readonly fromEconomic?: readonly EconomicShare[];
    readonly toEconomic?: readonly EconomicShare[];
  }
>;
/** Takes all movements of one adjustment back, from its own effective date on. */
export type AdjustmentReversed = DomainEvent<
  'AdjustmentReversed',
  { readonly adjustmentId: string; readonly reason: string }
>;
export type BudgetFrozen = DomainEvent<
  'BudgetFrozen',
  { readonly freezeId: string; readonly line: string; readonly fen: Fen; readonly reason?: string }
>;
/** Releases all or part of a freeze. */
export type BudgetReleased = DomainEvent<
  'BudgetReleased',
  { readonly freezeId: string; readonly line: string; readonly fen: Fen }
>;
/** Cumulative planned payment at the end of each month, January first: twelve amounts that never fall. May be 0. */
export type PaymentPlanSet = DomainEvent<
  'PaymentPlanSet',
  { readonly line: string; readonly cumulativeFen: readonly Fen[] }
>;
export type PaymentRequested = DomainEvent<
  'PaymentRequested',
  {
    readonly requestId: string;
    readonly line: string;
    readonly fen: Fen;
    readonly payee: Payee;
    readonly purpose: string;
    readonly contract?: string;
  }
>;
/** `fen` is what was still open of the request. */
export type PaymentRequestCancelled = DomainEvent<
  'PaymentRequestCancelled',
  { readonly requestId: string; readonly line: string; readonly fen: Fen; readonly reason?: string }
>;
/**
 * A fact: the treasury paid. `overdrawn`: the amount was above what the line had when this was recorded.
 * `final`: what is left of the request is given up. `originYear`: the payment names its lot.
 */
export type PaymentExecuted = DomainEvent<
  'PaymentExecuted',
  {
    readonly voucherNo: string;
    readonly requestId?: string;
    readonly final?: true;
    readonly line: string;
    readonly fen: Fen;
    readonly payee: Payee;
    readonly purpose: string;
    readonly departmentEconomic?: string;
    readonly originYear?: number;
    readonly overdrawn: boolean;
    readonly beforeApproval: boolean;
  }
>;
/** Dated within the stream's year: X falls. Dated later: allowed after close, X of no year moves. rule book 8. */
export type PaymentReturned = DomainEvent<
  'PaymentReturned',
  {
    readonly returnNo: string;
    readonly voucherNo: string;
    readonly fen: Fen;
    readonly kind: 'passive' | 'active';
  }
>;
export type PaymentReturnReversed = DomainEvent<
  'PaymentReturnReversed',
  { readonly returnNo: string; readonly reason: string }
>;
/** Corrects the department economic code of a voucher. `''` means uncoded. */
export type PaymentReclassified = DomainEvent<
  'PaymentReclassified',
  { readonly voucherNo: string; readonly fromCode: string; readonly toCode: string }
>;
/** Right payee, wrong line: moves part or all of a voucher. rule book 8. */
export type PaymentReattributed = DomainEvent<
  'PaymentReattributed',
  { readonly voucherNo: string; readonly fromLine: string; readonly toLine: string; readonly fen: Fen }
>;
/** A booking error, not a refund: the rest of the voucher is taken back and its number may be booked again. */
export type PaymentReversed = DomainEvent<'PaymentReversed', { readonly voucherNo: string; readonly reason: string }>;
/** Dates up to and including `through` are refused from now on. */
export type PeriodSealed = DomainEvent<
  'PeriodSealed',
  {
    readonly through: CivilDate;
    readonly reason: string;
    /** UTC ms of the last fact the seal knows. */
    readonly knownAt: number;
    readonly streams: readonly { readonly stream: string; readonly revision: number }[];
    readonly formulas: readonly { readonly metric: string; readonly version: number }[];
    readonly reports: readonly {
      readonly kind: string;
      readonly scope: string;
      readonly sha256: string;
      readonly canonicalJson: string;
    }[];
  }
>;
/** Takes the latest seal, the one through `through`, back. */
export type PeriodReopened = DomainEvent<'PeriodReopened', { readonly through: CivilDate; readonly reason: string }>;
/** No payment after it; the unspent money of every line, split in one event. */
export type YearClosed = DomainEvent<'YearClosed', { readonly closure: number; readonly lots: readonly ClosingLot[] }>;
/** The lots of that closure no longer count. */
export type YearReopened = DomainEvent<'YearReopened', { readonly closure: number; readonly reason: string }>;
/** Lowers available, never B (rule book 2.3, 5). */
export type SurplusTakenBack = DomainEvent<
  'SurplusTakenBack',
  {
    readonly takeBackId: string;
    readonly line: string;
    readonly originYear: number;
    readonly fen: Fen;
    readonly document?: DocumentRef;
  }
>;
export type SurplusTakeBackReversed = DomainEvent<
  'SurplusTakeBackReversed',
  { readonly takeBackId: string; readonly reason: string }
>;

export type BudgetEvent =
  | BudgetApproved
  | BudgetApprovalWithdrawn
  | BudgetLineOpened
  | BudgetLineReclassified
  | BudgetLineApproved
  | CarryOverBroughtForward
  | CarryOverRevised
  | BudgetAdded
  | BudgetCut
  | BudgetTransferred
  | AdjustmentReversed
  | BudgetFrozen
  | BudgetReleased
  | PaymentPlanSet
  | PaymentRequested
  | PaymentRequestCancelled
  | PaymentExecuted
  | PaymentReturned
  | PaymentReturnReversed
  | PaymentReclassified
  | PaymentReattributed
  | PaymentReversed
  | PeriodSealed
  | PeriodReopened
  | YearClosed
  | YearReopened
  | SurplusTakenBack
  | SurplusTakeBackReversed;

/** Current version of each type's shape. */
export const BUDGET_EVENT_VERSIONS = {
  BudgetApproved: 1,
  BudgetApprovalWithdrawn: 1,
  BudgetLineOpened: 1,
  BudgetLineReclassified: 1,
  BudgetLineApproved: 1,
  CarryOverBroughtForward: 1,
  CarryOverRevised: 1,
  BudgetAdded: 1,
  BudgetCut: 1,
  BudgetTransferred: 1,
  AdjustmentReversed: 1,
  BudgetFrozen: 1,
  BudgetReleased: 1,
  PaymentPlanSet: 1,
  PaymentRequested: 1,
  PaymentRequestCancelled: 1,
  PaymentExecuted: 1,
  PaymentReturned: 1,
  PaymentReturnReversed: 1,
  PaymentReclassified: 1,
  PaymentReattributed: 1,
  PaymentReversed: 1,
  PeriodSealed: 1,
  PeriodReopened: 1,
  YearClosed: 2,
  YearReopened: 1,
  SurplusTakenBack: 1,
  SurplusTakeBackReversed: 1,
} as const satisfies Record<BudgetEvent['type'], number>;
