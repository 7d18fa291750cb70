/** The year 2024 of the land reserve centre: ordinary payments, and everything else that can happen to a budget. */
import { civilDate, type CivilDate } from '#domain/calendar.js';
import { fen, sum } from '#domain/money.js';
import { inBudget, type Entry, type LocalTime } from './bookkeeper.js';
import { officeDaysBefore, officeTime, wan } from './office-days.js';
import { adjustments, freezes, monthlyPlan } from './suzhou-adjustments.js';
import { corrections, MISREAD, paidAgain, returns } from './suzhou-corrections.js';
import { ordinaryPayments } from './suzhou-course.js';
import { SUZHOU, YEAR } from './suzhou-plan.js';
import { bookings, numbered, organisation, voucherOf, type Voucher } from './vouchers.js';

const write = inBudget(SUZHOU, YEAR);

export function suzhouYear(): Entry[] {
  const payments = ordinaryPayments().map((payment) => ({
    ...payment,
    ...LATE[payment.key],
    ...REQUESTED[payment.key],
  }));
  const vouchers = numbered([...payments, paidAgain(payments)], YEAR);
  const misread = voucherOf(vouchers, MISREAD);
  const wellRead = [...vouchers.values()].filter((voucher) => voucher !== misread);
  return [
    ...bookings(wellRead, write),
    ...requests(vouchers),
    ...corrections(vouchers, misread),
    ...returns(vouchers),
    ...adjustments(),
    ...freezes(),
    monthlyPlan(),
  ];
}

/** Paid in June, told by the treasury in July: they keep their own date. */
const LATE: Readonly<Record<string, { date: CivilDate; recorded: LocalTime }>> = {
  'P14#4': { date: civilDate('2024-06-27'), recorded: '2024-07-08T10:26:31.207' },
  'P17#15': { date: civilDate('2024-06-28'), recorded: '2024-07-03T15:02:44.913' },
};

/** Payments that settle a request; `final` gives the rest of it up. */
const REQUESTED: Readonly<Record<string, { requestId: string; final?: true }>> = {
  'P02#3': { requestId: 'SQ2024-001' },
  'P05#3': { requestId: 'SQ2024-002' },
  'P05#4': { requestId: 'SQ2024-002' },
  'P09#5': { requestId: 'SQ2024-003' },
  'P16#4': { requestId: 'SQ2024-004' },
  'P17#9': { requestId: 'SQ2024-005', final: true },
  'P13#12': { requestId: 'SQ2024-007' },
  'P03#12': { requestId: 'SQ2024-008' },
  'P17#26': { requestId: 'SQ2024-009' },
};

/** A request comes some days before the first payment on it, for what they come to; a final one asked for more. */
function requests(vouchers: ReadonlyMap<string, Voucher>): Entry[] {
  const settled = [...new Set(Object.values(REQUESTED).map(({ requestId }) => requestId))].map((requestId) => {
    const paid = [...vouchers.values()].filter((voucher) => voucher.requestId === requestId);
    const [first] = paid;
    if (first === undefined) throw new Error(`nothing settles request ${requestId}`);
    const { line, payee, purpose, final } = first;
    const date = officeDaysBefore(first.date, 6);
    const amount = fen(sum(paid.map((voucher) => voucher.fen)) + (final ? wan('20') : 0));
    const contract = `示例合同-${requestId.slice(-3)}`;
    const request = { type: 'RequestPayment', requestId, line, fen: amount, payee, purpose, contract } as const;
    return write(officeTime(date, requestId), { ...request, effectiveDate: date });
  });
  return [
    ...settled,
    write('2024-07-08T14:20:09.551', {
      type: 'RequestPayment',
      effectiveDate: civilDate('2024-07-08'),
      requestId: 'SQ2024-006',
      line: 'P06',
      fen: wan('12.5'),
      payee: organisation('某信息技术公司'),
      purpose: '机房不间断电源购置（示例）',
    }),
    write('2024-07-22T09:48:50.120', {
      type: 'CancelRequest',
      effectiveDate: civilDate('2024-07-22'),
      requestId: 'SQ2024-006',
      reason: '设备暂不采购（示例）',
    }),
    write('2024-12-26T16:05:33.404', {
      type: 'RequestPayment',
      effectiveDate: civilDate('2024-12-26'),
      requestId: 'SQ2024-010',
      line: 'P19',
      fen: wan('100'),
      payee: organisation('某环保工程公司'),
      purpose: '污染土壤治理工程尾款（示例）',
    }),
  ];
}
