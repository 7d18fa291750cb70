/**
 * What the treasury tells of payments, as messages: topics, headers and shapes. `apps/ledger/treasury.md` describes them for whoever
 * sends them, `apps/ledger/treasury-payments.schema.json` is their JSON Schema; the command line sends them from a file.
 */

/** Key: the unit's code, so that all notices of a unit stand in one partition, in their order. */
export const TREASURY_TOPIC = 'treasury.payments.v1';

/** Messages that can never be booked, as they came, with what is wrong with them in headers. */
export const REJECTED_TOPIC = 'treasury.payments.v1.rejected';

/** Whose books of which year. For a return and a correction: the year of the voucher. */
interface Addressed {
  readonly unit: string;
  readonly year: number;
  readonly voucherNo: string;
  /** Date on the paper, `YYYY-MM-DD`. In which open period it is booked is the ledger's affair. */
  readonly effectiveDate: string;
}

export interface PaymentNotice extends Addressed {
  readonly kind: 'payment';
  /** Id or exact name. */
  readonly line: string;
  /** Yuan, a decimal string. */
  readonly amount: string;
  readonly payee: { readonly name: string; readonly ref?: string; readonly kind: 'organisation' | 'person' };
  readonly purpose: string;
  readonly departmentEconomic?: string;
  readonly requestId?: string;
  readonly final?: true;
  readonly originYear?: number;
}

export interface ReturnNotice extends Addressed {
  readonly kind: 'return';
  readonly returnNo: string;
  readonly amount: string;
  /** `passive`: the bank sent the money back; `active`: the payee did. */
  readonly returned: 'passive' | 'active';
}

/** 更正: the right payee was paid from the wrong line. */
export interface CorrectionNotice extends Addressed {
  readonly kind: 'correction';
  readonly correctionNo: string;
  readonly fromLine: string;
  readonly toLine: string;
  readonly amount: string;
}

/** 更正: the voucher carries the wrong department economic code. */
export interface CodeCorrectionNotice extends Addressed {
  readonly kind: 'code-correction';
  readonly correctionNo: string;
  readonly toCode: string;
}

export type TreasuryNotice = PaymentNotice | ReturnNotice | CorrectionNotice | CodeCorrectionNotice;

export const NOTICE_KINDS = [
  'payment',
  'return',
  'correction',
  'code-correction',
] as const satisfies readonly TreasuryNotice['kind'][];

/** The number on the notice's own paper. */
export function numberOf(notice: TreasuryNotice): string {
  switch (notice.kind) {
    case 'payment':
      return notice.voucherNo;
    case 'return':
      return notice.returnNo;
    case 'correction':
    case 'code-correction':
      return notice.correctionNo;
  }
}
