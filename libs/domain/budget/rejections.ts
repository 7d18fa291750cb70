/**
 * Every no of the budget's rules: a stable code and the facts behind it, no prose. `at` is the JSON pointer of the part of
 * the command it is about. A command with several faults is refused with all of them.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { ClosingLot, Expenditure, FundNature } from '#domain/budget/events.js';
import type { Fen } from '#domain/money.js';

/** An entry that is already booked under the same number, shown when a different one is refused. */
export interface BookedEntry {
  readonly effectiveDate: CivilDate;
  readonly data: unknown;
}

export type BudgetFault = { readonly at?: string } & (
  | { readonly code: 'DATE_OUTSIDE_YEAR'; readonly date: CivilDate; readonly year: number }
  | {
      readonly code: 'PERIOD_SEALED';
      readonly date: CivilDate;
      readonly sealedThrough: CivilDate;
      /** None when the whole year is sealed. */
      readonly firstOpenDate?: CivilDate;
    }
  | { readonly code: 'YEAR_CLOSED'; readonly year: number }
  | { readonly code: 'YEAR_NOT_CLOSED'; readonly year: number }
  | {
      readonly code: 'BELONGS_TO_OPEN_PERIOD';
      readonly belongsTo: CivilDate;
      readonly sealedThrough: CivilDate | undefined;
    }
  | { readonly code: 'DATE_BEFORE_ENTRY'; readonly date: CivilDate; readonly entryDate: CivilDate }
  | { readonly code: 'BUDGET_NOT_APPROVED'; readonly year: number }
  | { readonly code: 'BUDGET_ALREADY_APPROVED'; readonly approvedOn: CivilDate }
  | { readonly code: 'MOVEMENTS_EXIST' }
  | { readonly code: 'TOTALS_DIFFER'; readonly what: string; readonly statedFen: Fen; readonly computedFen: Fen }
  | { readonly code: 'UNKNOWN_LINE'; readonly line: string }
  | { readonly code: 'DUPLICATE_LINE'; readonly line: string }
  | { readonly code: 'LINE_DIFFERS'; readonly line: string; readonly first: unknown }
  | { readonly code: 'SAME_LINE'; readonly line: string }
  | {
      readonly code: 'FUND_MISMATCH';
      readonly from: string;
      readonly fromFund: FundNature;
      readonly to: string;
      readonly toFund: FundNature;
    }
  | { readonly code: 'DOCUMENT_REQUIRED'; readonly from: string; readonly to: string }
  | {
      readonly code: 'LINE_OVERDRAWN';
      readonly line: string;
      readonly availableFen: Fen;
      readonly askedFen: Fen;
      readonly shortFen: Fen;
    }
  | {
      readonly code: 'LOT_TOO_SMALL';
      readonly line: string;
      readonly originYear: number;
      readonly lotFen: Fen;
      readonly askedFen: Fen;
    }
  | {
      readonly code: 'CARRIED_OVER_BY_CLOSE';
      readonly originLine: string;
      readonly originYear: number;
      readonly carryOverId: string;
      readonly fen: Fen;
    }
  | { readonly code: 'ORIGIN_YEAR_NOT_PAST'; readonly originYear: number; readonly year: number }
  | { readonly code: 'AMOUNT_NOT_POSITIVE'; readonly fen: Fen }
  | { readonly code: 'TOTAL_OUT_OF_RANGE'; readonly limitFen: Fen }
  | { readonly code: 'ECONOMIC_SHARES_EXCEED'; readonly sharesFen: Fen; readonly amountFen: Fen }
  | { readonly code: 'TOO_MANY_MOVEMENTS'; readonly count: number; readonly limit: number }
  | { readonly code: 'NOTHING_TO_DO' }
  | { readonly code: 'PLAN_NOT_CUMULATIVE'; readonly line: string; readonly month: number }
  | { readonly code: 'NUMBER_TAKEN'; readonly kind: string; readonly number: string; readonly first: BookedEntry }
  | { readonly code: 'UNKNOWN_NUMBER'; readonly kind: string; readonly number: string }
  | { readonly code: 'ALREADY_REVERSED'; readonly kind: string; readonly number: string }
  | { readonly code: 'REQUEST_ON_OTHER_LINE'; readonly requestId: string; readonly line: string }
  | { readonly code: 'REQUEST_SETTLED'; readonly requestId: string }
  | {
      readonly code: 'RETURN_EXCEEDS_PAYMENT';
      readonly voucherNo: string;
      readonly restFen: Fen;
      readonly askedFen: Fen;
    }
  | {
      readonly code: 'REATTRIBUTION_EXCEEDS_SHARE';
      readonly voucherNo: string;
      readonly line: string;
      readonly shareFen: Fen;
      readonly askedFen: Fen;
    }
  | {
      readonly code: 'RELEASE_EXCEEDS_FREEZE';
      readonly freezeId: string;
      readonly restFen: Fen;
      readonly askedFen: Fen;
    }
  | { readonly code: 'CODE_UNCHANGED'; readonly toCode: string }
  | { readonly code: 'MOVEMENTS_AFTER_DATE'; readonly line: string; readonly lastDate: CivilDate }
  | { readonly code: 'SEAL_NOT_LATER'; readonly through: CivilDate; readonly sealedThrough: CivilDate }
  | { readonly code: 'NOT_SEALED_THROUGH'; readonly through: CivilDate; readonly sealedThrough: CivilDate | undefined }
  | { readonly code: 'ALWAYS_CARRIED_OVER'; readonly line: string }
  /** A lot is named that the close does not carry over. */
  | {
      readonly code: 'LOT_NOT_CARRIED_OVER';
      readonly line: string;
      readonly originYear?: number;
      readonly reason: 'nothing-unspent' | Exclude<ClosingLot['reason'], 'unspent'>;
    }
  /** Carried-over money keeps its fund and kind, and the line of the next year has another. */
  | {
      readonly code: 'TARGET_LINE_DIFFERS';
      readonly line: string;
      readonly fund: FundNature;
      readonly expenditure: Expenditure;
      readonly toLine: string;
      readonly toFund: FundNature;
      readonly toExpenditure: Expenditure;
    }
  /** A later closure of the same year is carried forward already. */
  | { readonly code: 'CLOSURE_SUPERSEDED'; readonly closure: number; readonly newest: number }
  | { readonly code: 'OPEN_REQUESTS'; readonly requests: readonly { readonly requestId: string; readonly fen: Fen }[] }
  | { readonly code: 'OPEN_FREEZES'; readonly freezes: readonly { readonly freezeId: string; readonly fen: Fen }[] }
);

export type BudgetRejection =
  BudgetFault | { readonly code: 'SEVERAL_FAULTS'; readonly faults: readonly BudgetFault[] };

/** One rejection from one or more faults. */
export function rejectionOf(faults: readonly BudgetFault[]): BudgetRejection {
  const [first, ...others] = faults;
  if (first === undefined) throw new Error('a rejection needs a fault');
  return others.length === 0 ? first : { code: 'SEVERAL_FAULTS', faults };
}
