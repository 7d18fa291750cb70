/** Mistakes of the year and how they were put right: nothing is edited, each correction is an entry of its own. */
import { civilDate } from '#domain/calendar.js';
import { fen } from '#domain/money.js';
import { inBudget, type Entry } from './bookkeeper.js';
import { officeDaysAfter, officeTime, wan } from './office-days.js';
import { SUZHOU, YEAR } from './suzhou-plan.js';
import { factOf, voucherOf, type Payment, type Voucher } from './vouchers.js';

const write = inBudget(SUZHOU, YEAR);
type Vouchers = ReadonlyMap<string, Voucher>;

/** Booked with a digit too few, taken back the day after, and booked again under the same number. */
export const MISREAD = 'P02#7';

export function corrections(vouchers: Vouchers, misread: Voucher): Entry[] {
  const { voucherNo, recorded, date } = misread;
  const dayAfter = officeDaysAfter(date, 1);
  const moved = voucherOf(vouchers, 'P13#5');
  const miscoded = voucherOf(vouchers, 'P06#2');
  const wrong = { fen: fen(Math.round(misread.fen / 10)) };
  return [
    write(recorded, { type: 'ExecutePayments', payments: [factOf(misread, wrong)] }),
    write(`${dayAfter}T09:31:15.880`, {
      type: 'ReversePayment',
      effectiveDate: date,
      voucherNo,
      reason: '金额录入错误（示例）',
    }),
    write(`${dayAfter}T09:33:02.416`, { type: 'ExecutePayments', payments: [factOf(misread)] }),
    write('2024-06-18T11:12:40.075', {
      type: 'ReattributePayment',
      effectiveDate: civilDate('2024-06-18'),
      voucherNo: moved.voucherNo,
      fromLine: 'P13',
      toLine: 'P05',
      fen: wan('120'),
    }),
    write(`${officeDaysAfter(miscoded.date, 9)}T14:10:22.639`, {
      type: 'ReclassifyPayment',
      effectiveDate: officeDaysAfter(miscoded.date, 9),
      voucherNo: miscoded.voucherNo,
      toCode: '31002',
    }),
  ];
}

/** The bank could not place `P08#4`: it came back and was paid again. */
const BOUNCED = 'P08#4';

export function paidAgain(payments: readonly Payment[]): Payment {
  const bounced = payments.find(({ key }) => key === BOUNCED);
  if (bounced === undefined) throw new Error(`the sample has no payment ${BOUNCED}`);
  const purpose = bounced.purpose.replace('（示例）', '，更正账号后重付（示例）');
  return { ...bounced, key: `${BOUNCED} again`, date: officeDaysAfter(bounced.date, 5), purpose };
}

export function returns(vouchers: Vouchers): Entry[] {
  const bounced = voucherOf(vouchers, BOUNCED);
  const back = officeDaysAfter(bounced.date, 3);
  const overpaid = voucherOf(vouchers, 'P15#5');
  const repaid = officeDaysAfter(overpaid.date, 8);
  return [
    write(officeTime(back, 'TK2024-001'), {
      type: 'ReturnPayment',
      effectiveDate: back,
      returnNo: 'TK2024-001',
      voucherNo: bounced.voucherNo,
      fen: bounced.fen,
      kind: 'passive',
    }),
    write(officeTime(repaid, 'TK2024-002'), {
      type: 'ReturnPayment',
      effectiveDate: repaid,
      returnNo: 'TK2024-002',
      voucherNo: overpaid.voucherNo,
      fen: wan('0.8'),
      kind: 'active',
    }),
  ];
}
