/**
 * 2023 of the invented unit, a year from its plan to its close: carry-over from 2022, a period sealed, reopened and sealed
 * again, the year closed, reopened for a forgotten payment and closed again, and surplus taken back.
 */
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetStream } from '#domain/budget/decide.js';
import { civilDate } from '#domain/calendar.js';
import { METRICS } from '#domain/metrics/registry.js';
import { keptOf, openSources } from '#event-store/reports.js';
import { inBudget, type Books, type Entry, type LocalTime } from './bookkeeper.js';
import { paymentsOf } from './invented-course.js';
import { linesOf } from './invented-lines.js';
import { wan } from './office-days.js';
import { INVENTED } from './units.js';
import { bookings, numbered, organisation, voucherOf, type Payment } from './vouchers.js';

const YEAR = 2023;
const write = inBudget(INVENTED, YEAR);
export const CLOSED_STREAM = budgetStream(INVENTED, YEAR);

const LINES = `
  B01  人员经费      basic    general-public    30101          200  95  30101:150 30107:50
  B02  公用经费      basic    general-public    30201          120  55  30201:40 30209:40 30211:28 30217:3 30231:9
  P01  专用设备购置  project  general-public    31003           80  50
  P02  业务专项      project  general-public    30227          150  70
  P03  基础设施维护  project  government-funds  31005/2120803  200  90
`;

const COURSE = `
  B01  30101  150   12  1-12  职工          {m}月工资
  B01  30107   50    4  1-12  职工          第{n}季度绩效
  B02  30201   38    5  1-12  某办公用品公司  {m}月办公费
  B02  30209   38.5  4  1-12  某物业公司      第{n}季度物业管理费
  B02  30211   23.4  4  2-12  职工          差旅费（第{n}批）
  B02  30217    2.8  2  3-11  某公务接待点    公务接待费
  B02  30231    8.8  3  2-11  某汽车服务公司  公务用车运行维护费
  P01  31003   72    4  2-9   某设备公司      专用设备购置第{n}批
  P02  30227  134    6  2-11  某咨询机构      专项业务委托费第{n}期
  P02  30227   18    2  2-4   某咨询机构      上年专项尾款第{n}期      2022
  P03  31005  160    5  3-11  某市政工程公司  基础设施维护第{n}期工程款  2023
  P03  31005    8    1  5-6   某监理公司      基础设施维护监理费
`;

/** Found after the seal, and after the close. */
const FOUND_IN_AUGUST = '30211 found';
const FOUND_IN_JANUARY = 'P02 found';
const FOUND: readonly Payment[] = [
  {
    key: FOUND_IN_AUGUST,
    line: 'B02',
    date: civilDate('2023-06-21'),
    recorded: '2023-08-02T10:14:25.300',
    fen: wan('1.3'),
    payee: organisation('某铁路售票处'),
    purpose: '6月差旅费补记（示例）',
    code: '30211',
  },
  {
    key: FOUND_IN_JANUARY,
    line: 'P02',
    date: civilDate('2023-12-28'),
    recorded: '2024-01-15T14:30:51.842',
    fen: wan('3.2'),
    payee: organisation('某咨询机构'),
    purpose: '专项业务委托费补记（示例）',
    code: '30227',
  },
];

export function closedYear(): Entry[] {
  const vouchers = numbered([...paymentsOf(YEAR, COURSE), ...FOUND], YEAR);
  return [
    write('2023-01-09T09:30:22.487', plan()),
    write('2023-02-08T15:11:09.365', carryOver()),
    ...bookings(vouchers.values(), write),
    ...seals(),
    ...closes(),
    ...takeBacks(),
    returnAfterTheYear(voucherOf(vouchers, 'P01-31003#2').voucherNo),
  ];
}

/** Totals are those of the document: they hold the carry-over of P02, which is booked with the plan. */
const plan = (): BudgetCommand => ({
  type: 'ApproveBudget',
  effectiveDate: civilDate('2023-01-09'),
  income: [
    { source: 'general-public', fen: wan('550') },
    { source: 'government-funds', fen: wan('200') },
    { source: 'carry-over', fen: wan('30') },
  ],
  basicFen: wan('320'),
  projectFen: wan('460'),
  lines: linesOf(LINES),
  carryOvers: [{ carryOverId: 'JZ2023-001', line: 'P02', originYear: 2022, originLine: 'P02', fen: wan('30') }],
  document: { number: '示例〔2023〕2号', title: '关于批复2023年预算的通知（示例）', date: civilDate('2023-01-06') },
});

const carryOver = (): BudgetCommand => ({
  type: 'BringCarryOverForward',
  effectiveDate: civilDate('2023-02-08'),
  carryOvers: [{ carryOverId: 'JZ2023-002', line: 'P03', originYear: 2022, originLine: 'P03', fen: wan('40') }],
});

/** A seal keeps the reports on all that is booked by then, and the versions of the formulas. */
export const sealOf =
  (year: number, through: string, on: string, reason: string) =>
  (books: Books): BudgetCommand => {
    const { take, sources } = openSources({ unit: INVENTED, year, asOf: civilDate(through) });
    const { budget, targets } = books;
    for (const book of [budget(INVENTED, year), targets(INVENTED, year), budget(INVENTED, year - 1)]) {
      for (const event of book.events) take(event);
    }
    return {
      type: 'SealPeriod',
      effectiveDate: civilDate(on),
      through: civilDate(through),
      reason,
      formulas: METRICS.map(({ id, version }) => ({ metric: id, version })),
      ...keptOf(sources()),
    };
  };

const seals = (): Entry[] => [
  write('2023-07-10T16:20:47.092', sealOf(YEAR, '2023-06-30', '2023-07-10', '半年结账（示例）')),
  write('2023-08-01T11:05:13.528', {
    type: 'ReopenPeriod',
    effectiveDate: civilDate('2023-08-01'),
    through: civilDate('2023-06-30'),
    reason: '补记6月漏记凭证（示例）',
  }),
  write('2023-08-04T16:42:58.311', sealOf(YEAR, '2023-06-30', '2023-08-04', '补记后重新结账（示例）')),
];

function closes(): Entry[] {
  const close = (recorded: LocalTime, on: string): Entry =>
    write(recorded, {
      type: 'CloseYear',
      effectiveDate: civilDate(on),
      surplus: [{ line: 'P01', reason: 'finished' }],
    });
  return [
    close('2024-01-05T17:05:20.664', '2023-12-31'),
    write('2024-01-12T10:33:41.150', {
      type: 'ReopenYear',
      effectiveDate: civilDate('2024-01-12'),
      reason: '补记12月漏记凭证（示例）',
    }),
    close('2024-01-19T16:58:02.909', '2024-01-19'),
  ];
}

/** The first notice on P01 was wrong; it was taken back and issued again. */
function takeBacks(): Entry[] {
  const takeBack = (recorded: LocalTime, number: number, what: { line: string; originYear: number; amount: string }) =>
    write(recorded, {
      type: 'TakeBackSurplus',
      effectiveDate: civilDate(recorded.slice(0, 10)),
      takeBackId: `SH2023-00${number}`,
      line: what.line,
      originYear: what.originYear,
      fen: wan(what.amount),
      document: { number: `示例〔2024〕${number + 6}号`, date: civilDate('2024-02-22') },
    });
  return [
    takeBack('2024-02-26T09:40:17.225', 1, { line: 'P03', originYear: 2022, amount: '32' }),
    takeBack('2024-02-26T09:44:50.781', 2, { line: 'P01', originYear: 2023, amount: '6' }),
    write('2024-02-28T14:15:36.403', {
      type: 'ReverseTakeBack',
      effectiveDate: civilDate('2024-02-28'),
      takeBackId: 'SH2023-002',
      reason: '收回通知金额有误（示例）',
    }),
    takeBack('2024-02-28T14:19:05.118', 3, { line: 'P01', originYear: 2023, amount: '8' }),
  ];
}

/** The payee gave money of 2023 back in 2024: X of no year moves. */
const returnAfterTheYear = (voucherNo: string): Entry =>
  write('2024-03-20T10:22:45.997', {
    type: 'ReturnPayment',
    effectiveDate: civilDate('2024-03-20'),
    returnNo: 'TK2023-001',
    voucherNo,
    fen: wan('0.6'),
    kind: 'active',
  });
