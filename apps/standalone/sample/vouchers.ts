/** Payments of the sample before they have a number, and the entries that book them. */
import type { BudgetCommand, NewPayment } from '#domain/budget/commands.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Fen } from '#domain/money.js';
import type { Entry, LocalTime } from './bookkeeper.js';
import { officeTime } from './office-days.js';

export interface Payment {
  /** `P17#3`: the third payment of a line. */
  readonly key: string;
  readonly line: string;
  readonly date: CivilDate;
  readonly fen: Fen;
  readonly payee: NewPayment['payee'];
  readonly purpose: string;
  readonly code?: string;
  readonly originYear?: number;
  readonly requestId?: string;
  readonly final?: true;
  readonly belongsTo?: CivilDate;
  /** When it is booked; on its own day unless it is late. */
  readonly recorded?: LocalTime;
  /** Payments of one batch are one command. */
  readonly batch?: string;
}

export interface Voucher extends Payment {
  readonly voucherNo: string;
  readonly recorded: LocalTime;
}

/** Numbers payments in the order in which they are recorded: `ZF2024-0001`, … */
export function numbered(payments: readonly Payment[], year: number): ReadonlyMap<string, Voucher> {
  const timed = payments.map((payment) => ({
    ...payment,
    recorded: payment.recorded ?? officeTime(payment.date, payment.batch ?? payment.key),
  }));
  timed.sort((a, b) => (a.recorded < b.recorded ? -1 : a.recorded > b.recorded ? 1 : 0));
  return new Map(
    timed.map((payment, index) => [
      payment.key,
      { ...payment, voucherNo: `ZF${year}-${String(index + 1).padStart(4, '0')}` },
    ]),
  );
}

export const voucherOf = (vouchers: ReadonlyMap<string, Voucher>, key: string): Voucher => {
  const voucher = vouchers.get(key);
  if (voucher === undefined) throw new Error(`the sample has no payment ${key}`);
  return voucher;
};

/** The payment as a fact that the treasury reports. */
export const factOf = (voucher: Voucher, changes: Partial<NewPayment> = {}): NewPayment => {
  const { voucherNo, date, line, fen, payee, purpose, code, originYear, requestId, final, belongsTo } = voucher;
  return {
    voucherNo,
    effectiveDate: date,
    ...(belongsTo === undefined ? {} : { belongsTo }),
    line,
    fen,
    payee,
    purpose,
    ...(code === undefined ? {} : { departmentEconomic: code }),
    ...(originYear === undefined ? {} : { originYear }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(final === undefined ? {} : { final }),
    ...changes,
  };
};

/** One command for each batch, and for each payment that is in none. */
export function bookings(
  vouchers: Iterable<Voucher>,
  write: (recorded: LocalTime, command: BudgetCommand) => Entry,
): Entry[] {
  const batches = new Map<string, Voucher[]>();
  for (const voucher of vouchers) {
    const batch = voucher.batch ?? voucher.key;
    batches.set(batch, [...(batches.get(batch) ?? []), voucher]);
  }
  return [...batches.values()].map((batch) =>
    write(batch[0]?.recorded ?? '', { type: 'ExecutePayments', payments: batch.map((voucher) => factOf(voucher)) }),
  );
}

export const organisation = (name: string): NewPayment['payee'] => ({ name, kind: 'organisation' });
export const people = (name: string): NewPayment['payee'] => ({ name, kind: 'person' });
