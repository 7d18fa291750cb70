/**
 * Papers: vouchers, returns, requests, freezes, adjustments, carry-overs and take-backs, as they stand now. They answer "what
 * became of number …", and the projector works out from them what a correction of an old paper does. A number that was
 * booked again after its reversal has one row for each booking, told apart by position.
 */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CarryOverBroughtForward, Payee, ReasonCode } from '#domain/budget/events.js';
import type { VoucherShare } from '#domain/budget/state.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Fen } from '#domain/money.js';
import { fenColumn, orderColumn } from '#read-model/entities/columns.js';

@Entity('payment')
export class Payment {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) voucherNo: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  /** Line, code and amount as first booked. */
  @Column({ type: 'text', collation: 'C' }) line: string;
  @Column({ type: 'text', collation: 'C' }) economic: string;
  @Column('bigint', { transformer: fenColumn }) fen: Fen;
  /** What is left after returns and reversal. */
  @Column('bigint', { transformer: fenColumn }) restFen: Fen;
  @Column('text') payeeName: string;
  @Column('text', { nullable: true }) payeeRef: string | null;
  @Column('text') payeeKind: Payee['kind'];
  @Column('text') purpose: string;
  @Column({ type: 'text', nullable: true, collation: 'C' }) requestId: string | null;
  /** The economic code that the voucher itself carries. */
  @Column({ type: 'text', nullable: true, collation: 'C' }) ownCode: string | null;
  @Column('integer', { nullable: true }) originYear: number | null;
  @Column('boolean') overdrawn: boolean;
  @Column('boolean') beforeApproval: boolean;
  @Column('boolean') reversed: boolean;
  /** Where the rest lies; null while all of it lies where it was booked. */
  @Column('jsonb', { nullable: true }) shares: readonly VoucherShare[] | null;
}

@Entity('payment_return')
export class PaymentReturn {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) returnNo: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  @Column({ type: 'text', collation: 'C' }) voucherNo: string;
  @Column('bigint', { transformer: fenColumn }) fen: Fen;
  @Column('text') kind: 'passive' | 'active';
  /** What it took from each share of the voucher. */
  @Column('jsonb') taken: readonly VoucherShare[];
  @Column('boolean') sameYear: boolean;
  @Column('boolean') reversed: boolean;
}

@Entity('payment_request')
export class PaymentRequest {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) requestId: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  @Column({ type: 'text', collation: 'C' }) line: string;
  @Column('bigint', { transformer: fenColumn }) fen: Fen;
  /** Neither paid nor cancelled. */
  @Column('bigint', { transformer: fenColumn }) restFen: Fen;
  @Column('text') payeeName: string;
  @Column('text', { nullable: true }) payeeRef: string | null;
  @Column('text') payeeKind: Payee['kind'];
  @Column('text') purpose: string;
  @Column('text', { nullable: true }) contract: string | null;
}

@Entity('budget_freeze')
export class Freeze {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) freezeId: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  @Column({ type: 'text', collation: 'C' }) line: string;
  @Column('bigint', { transformer: fenColumn }) fen: Fen;
  /** Not yet released. */
  @Column('bigint', { transformer: fenColumn }) restFen: Fen;
  @Column('text', { nullable: true }) reason: string | null;
}

/** Its movements are the journal rows with its id from `position` to `lastPosition`. */
@Entity('adjustment')
export class Adjustment {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) adjustmentId: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('bigint', { transformer: orderColumn }) lastPosition: bigint;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  @Column('text') reasonCode: ReasonCode;
  @Column('text', { nullable: true }) document: string | null;
  @Column('boolean') reversed: boolean;
}

@Entity('carry_over')
export class CarryOver {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) carryOverId: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  @Column({ type: 'text', collation: 'C' }) line: string;
  @Column('integer') originYear: number;
  @Column({ type: 'text', collation: 'C' }) originLine: string;
  @Column({ type: 'text', collation: 'C' }) economic: string;
  /** After revisions. */
  @Column('bigint', { transformer: fenColumn }) fen: Fen;
  @Column('jsonb', { nullable: true }) source: CarryOverBroughtForward['data']['source'] | null;
}

@Entity('take_back')
export class TakeBack {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) takeBackId: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  @Column({ type: 'text', collation: 'C' }) line: string;
  @Column('integer') originYear: number;
  @Column('bigint', { transformer: fenColumn }) fen: Fen;
  @Column('text', { nullable: true }) document: string | null;
  @Column('boolean') reversed: boolean;
}
