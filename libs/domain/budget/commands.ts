/**
 * What can be asked of a unit's budget of one year. Every command names its business date. A command is one atomic
 * append; a *request* (payment request, adjustment, freeze, take-back) is refused beyond the available amount, a *fact*
 * (payment, return, correction) is always recorded.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { DocumentRef } from '#domain/envelope.js';
import type {
  CarryOverSource,
  Counterpart,
  EconomicShare,
  Expenditure,
  FundNature,
  IncomeSource,
  LineCodes,
  Payee,
  PeriodSealed,
  ReasonCode,
} from '#domain/budget/events.js';
import type { Fen } from '#domain/money.js';

/** Seals, closes and reopenings are no facts of a period: they have one date. */
interface OnDate {
  readonly effectiveDate: CivilDate;
}

interface Dated extends OnDate {
  /** True date of a late fact whose period is sealed; `effectiveDate` then lies in the open period. */
  readonly belongsTo?: CivilDate;
}

export interface NewLine {
  readonly line: string;
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  readonly codes?: LineCodes;
}

export interface ApprovedLine extends NewLine {
  readonly originalFen: Fen;
  readonly halfYearPlanFen?: Fen;
  readonly economic?: readonly EconomicShare[];
}

export interface BroughtForward {
  readonly carryOverId: string;
  readonly line: string;
  readonly originYear: number;
  readonly originLine: string;
  readonly fen: Fen;
  readonly source?: CarryOverSource;
}

/** A carry-over lot of a close, with the line it comes from: enough to find or open its line in the next year. */
export interface CarriedLot {
  readonly originLine: string;
  readonly originYear: number;
  readonly fen: Fen;
  /** The line that the close named. */
  readonly toLine?: string;
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  readonly codes?: LineCodes;
}

/** Where the carried-over money of a line goes: all its lots, or the one of a year. */
export interface NamedTarget {
  readonly line: string;
  readonly originYear?: number;
  readonly toLine: string;
}

/** A line of the next year as the close finds it. */
export interface NextYearLine {
  readonly line: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
}

/** The closing event and the number of its closure. */
export type Closing = Required<CarryOverSource>;

/** One movement of an adjustment. `originYear` names the lot that money is taken from. */
export type Movement =
  | {
      readonly kind: 'add';
      readonly line: string;
      readonly fen: Fen;
      readonly proposedFen?: Fen;
      readonly economic?: readonly EconomicShare[];
      readonly counterpart?: Counterpart;
    }
  | {
      readonly kind: 'cut';
      readonly line: string;
      readonly fen: Fen;
      readonly proposedFen?: Fen;
      readonly originYear?: number;
      readonly economic?: readonly EconomicShare[];
      readonly counterpart?: Counterpart;
    }
  | {
      readonly kind: 'transfer';
      readonly from: string;
      readonly to: string;
      readonly fen: Fen;
      readonly structural?: boolean;
      readonly originYear?: number;
      readonly fromEconomic?: readonly EconomicShare[];
      readonly toEconomic?: readonly EconomicShare[];
    };

export interface NewAdjustment extends Dated {
  readonly adjustmentId: string;
  readonly reasonCode: ReasonCode;
  readonly document?: DocumentRef;
  readonly movements: readonly Movement[];
}

export interface NewPayment extends Dated {
  readonly voucherNo: string;
  readonly line: string;
  readonly fen: Fen;
  readonly payee: Payee;
  readonly purpose: string;
  readonly requestId?: string;
  readonly final?: true;
  readonly departmentEconomic?: string;
  readonly originYear?: number;
}

export type BudgetCommand =
  | (Dated & {
      readonly type: 'ApproveBudget';
      readonly income: readonly { readonly source: IncomeSource; readonly fen: Fen }[];
      /** Totals as the document states them; refused unless the lines add up to them. */
      readonly basicFen: Fen;
      readonly projectFen: Fen;
      readonly lines: readonly ApprovedLine[];
      /** Last year's money by line, brought forward in the same append. */
      readonly carryOvers?: readonly BroughtForward[];
      readonly document?: DocumentRef;
      readonly dateAssumed?: true;
    })
  | (Dated & { readonly type: 'WithdrawApproval'; readonly reason: string })
  | (Dated & { readonly type: 'OpenLines'; readonly lines: readonly NewLine[] })
  | (Dated & {
      readonly type: 'ReclassifyLine';
      readonly line: string;
      readonly codes: LineCodes;
      readonly reason: string;
    })
  | (Dated & { readonly type: 'BringCarryOverForward'; readonly carryOvers: readonly BroughtForward[] })
  | (Dated & {
      readonly type: 'ReviseCarryOver';
      readonly carryOverId: string;
      readonly toFen: Fen;
      readonly reason: string;
      /** The closing event that the new amount follows. */
      readonly source?: BroughtForward['source'];
    })
  /** One or more adjustments, each with its own id and date, in one append: at most 500 movements. */
  | { readonly type: 'Adjust'; readonly adjustments: readonly NewAdjustment[] }
  | (Dated & { readonly type: 'ReverseAdjustment'; readonly adjustmentId: string; readonly reason: string })
  | (Dated & {
      readonly type: 'Freeze';
      readonly freezeId: string;
      readonly line: string;
      readonly fen: Fen;
      readonly reason?: string;
    })
  /** Without `fen`: all that is still frozen under that id. */
  | (Dated & { readonly type: 'Release'; readonly freezeId: string; readonly fen?: Fen })
  | (Dated & {
      readonly type: 'SetPaymentPlan';
      readonly plans: readonly { readonly line: string; readonly cumulativeFen: readonly Fen[] }[];
    })
  | (Dated & {
      readonly type: 'RequestPayment';
      readonly requestId: string;
      readonly line: string;
      readonly fen: Fen;
      readonly payee: Payee;
      readonly purpose: string;
      readonly contract?: string;
    })
  | (Dated & { readonly type: 'CancelRequest'; readonly requestId: string; readonly reason?: string })
  /** One or more facts in one append: at most 500. */
  | { readonly type: 'ExecutePayments'; readonly payments: readonly NewPayment[] }
  | (Dated & {
      readonly type: 'ReturnPayment';
      readonly returnNo: string;
      readonly voucherNo: string;
      readonly fen: Fen;
      readonly kind: 'passive' | 'active';
    })
  | (Dated & { readonly type: 'ReverseReturn'; readonly returnNo: string; readonly reason: string })
  | (Dated & { readonly type: 'ReclassifyPayment'; readonly voucherNo: string; readonly toCode: string })
  | (Dated & {
      readonly type: 'ReattributePayment';
      readonly voucherNo: string;
      readonly fromLine: string;
      readonly toLine: string;
      readonly fen: Fen;
    })
  | (Dated & { readonly type: 'ReversePayment'; readonly voucherNo: string; readonly reason: string })
  | (OnDate & {
      readonly type: 'SealPeriod';
      readonly through: CivilDate;
      readonly reason: string;
      readonly knownAt: number;
      readonly streams: readonly { readonly stream: string; readonly revision: number }[];
      readonly formulas: readonly { readonly metric: string; readonly version: number }[];
      /** Made from exactly the revisions in `streams`; of this stream that is the one appended to. Absent: none is kept. */
      readonly reports?: PeriodSealed['data']['reports'];
    })
  | (OnDate & { readonly type: 'ReopenPeriod'; readonly through: CivilDate; readonly reason: string })
  /** Lines named here are finished, or their plan changed: their unspent money is surplus at once. */
  | (OnDate & {
      readonly type: 'CloseYear';
      readonly surplus?: readonly { readonly line: string; readonly reason: 'finished' | 'plan-changed' }[];
      readonly lots?: readonly NamedTarget[];
      /** Those of the lines named by `lots` that exist in the next year. */
      readonly nextYear?: readonly NextYearLine[];
    })
  /**
   * The carry-over lots of a close, all of them, into the next year, whose command this is. `effectiveDate` is its 1 January;
   * in a sealed period the entries are booked on the first open date and name it as what they belong to.
   */
  | (OnDate & { readonly type: 'CarryForward'; readonly source: Closing; readonly lots: readonly CarriedLot[] })
  /** The lines alone that `CarryForward` would open, at most so many of them: for closes that are beyond one append. */
  | (OnDate & {
      readonly type: 'OpenCarriedLines';
      readonly source: Closing;
      readonly lots: readonly CarriedLot[];
      readonly most: number;
    })
  | (OnDate & { readonly type: 'ReopenYear'; readonly reason: string })
  | (Dated & {
      readonly type: 'TakeBackSurplus';
      readonly takeBackId: string;
      readonly line: string;
      readonly originYear: number;
      readonly fen: Fen;
      readonly document?: DocumentRef;
    })
  | (Dated & { readonly type: 'ReverseTakeBack'; readonly takeBackId: string; readonly reason: string });
