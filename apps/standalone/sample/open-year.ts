/**
 * 2024 of the invented unit, which begins before its budget is approved: lines opened, last year's money brought forward
 * from the close, a payment, an approval with a slip that is withdrawn and made again, and a quarter sealed.
 */
import type { BudgetCommand, NewAdjustment } from '#domain/budget/commands.js';
import type { YearClosed } from '#domain/budget/events.js';
import { civilDate } from '#domain/calendar.js';
import { inBudget, type Books, type Entry, type LocalTime } from './bookkeeper.js';
import { sealOf } from './closed-year.js';
import { paymentsOf } from './invented-course.js';
import { identityOf, linesOf } from './invented-lines.js';
import { wan } from './office-days.js';
import { INVENTED } from './units.js';
import { bookings, numbered, organisation, voucherOf, type Payment } from './vouchers.js';

const YEAR = 2024;
const write = inBudget(INVENTED, YEAR);

const LINES = `
  B01  人员经费      basic    general-public    30101          210  100  30101:158 30107:52
  B02  公用经费      basic    general-public    30201          125   58  30201:42 30209:42 30211:30 30217:2.6 30231:8.4
  P01  信息系统运维  project  general-public    30213           60   30
  P02  业务专项      project  general-public    30227          140   75
  P03  基础设施维护  project  government-funds  31005/2120803  180   80
  P04  专项调研      project  general-public    30211           30   12
`;

// The first wages fall before the approval.
const COURSE = `
  B01  30101  156   12  1-12  职工          {m}月工资
  B01  30107   49    4  3-12  职工          第{n}季度绩效
  B02  30201   46    5  3-12  某办公用品公司  {m}月办公费
  B02  30209   41    4  3-12  某物业公司      第{n}季度物业管理费
  B02  30211   27    4  3-12  职工          差旅费（第{n}批）
  B02  30217    2.2  2  3-11  某公务接待点    公务接待费
  B02  30231    8    3  2-11  某汽车服务公司  公务用车运行维护费
  P01  30213   55.4  4  3-12  某信息技术公司  信息系统运行维护第{n}期
  P02  30227   70    3  3-6   某咨询机构      专项业务委托费第{n}期
  P02  30226   76    4  7-12  某劳务公司      专项业务劳务费第{n}期
  P03  31005  200    5  3-12  某市政工程公司  基础设施维护第{n}期工程款
  P04  30211   27    3  4-11  职工          专项调研差旅费（第{n}批）
  P05  30218    3.6  1  9-10  某应急物资公司  应急演练材料费
`;

/** Of March, told after the quarter was sealed: booked on the first open day, with its true date beside it. */
const LATE: Payment = {
  key: 'late',
  line: 'P01',
  date: civilDate('2024-04-01'),
  belongsTo: civilDate('2024-03-28'),
  recorded: '2024-04-18T09:52:14.650',
  fen: wan('2.1'),
  payee: organisation('某信息技术公司'),
  purpose: '3月信息系统应急维护（示例）',
  code: '30213',
};

export function openYear(): Entry[] {
  const vouchers = numbered([...paymentsOf(YEAR, COURSE), LATE], YEAR);
  return [
    ...beforeApproval(),
    ...approvals(),
    ...bookings(vouchers.values(), write),
    write('2024-03-12T15:27:33.148', {
      type: 'ReviseCarryOver',
      effectiveDate: civilDate('2024-03-12'),
      carryOverId: 'JZ2024-P02-2023',
      toFen: wan('23.3'),
      reason: '决算审定数（示例）',
    }),
    write('2024-04-10T16:36:08.573', sealOf(YEAR, '2024-03-31', '2024-04-10', '一季度结账（示例）')),
    ...returnByMistake(voucherOf(vouchers, 'B02-30209#1').voucherNo),
    ...changes(),
  ];
}

const beforeApproval = (): Entry[] => [
  write('2024-01-08T09:15:44.390', {
    type: 'OpenLines',
    effectiveDate: civilDate('2024-01-02'),
    lines: linesOf(LINES)
      .filter(({ line }) => ['B01', 'B02', 'P02', 'P03'].includes(line))
      .map(identityOf),
  }),
  write('2024-01-22T10:48:19.276', broughtForward),
];

/** What the second close of 2023 carried over, line by line. */
function broughtForward(books: Books): BudgetCommand {
  const closing = books.budget(INVENTED, YEAR - 1).events.findLast(({ type }) => type === 'YearClosed');
  if (closing === undefined) throw new Error('2023 is not closed');
  const { closure, lots } = closing.data as YearClosed['data'];
  const source = { stream: closing.stream, revision: closing.revision, closure };
  return {
    type: 'BringCarryOverForward',
    effectiveDate: civilDate('2024-01-22'),
    carryOvers: lots
      .filter((lot) => lot.class === 'carry-over')
      .map(({ line, originYear, fen }) => ({
        carryOverId: `JZ2024-${line}-${originYear}`,
        ...{ line, originYear, originLine: line, fen, source },
      })),
  };
}

/** The first approval had a nought too many on P04. */
function approvals(): Entry[] {
  const wrong = { P04: '300', projectTotal: '744.8', generalPublic: '835' };
  const right = { P04: '30', projectTotal: '474.8', generalPublic: '565' };
  return [
    write('2024-02-05T11:20:37.814', approval(wrong)),
    write('2024-02-05T15:02:56.041', {
      type: 'WithdrawApproval',
      effectiveDate: civilDate('2024-02-05'),
      reason: 'P04 金额录入错误（示例）',
    }),
    write('2024-02-05T15:16:11.507', approval(right)),
  ];
}

const approval = (amounts: { P04: string; projectTotal: string; generalPublic: string }): BudgetCommand => ({
  type: 'ApproveBudget',
  effectiveDate: civilDate('2024-02-05'),
  income: [
    { source: 'general-public', fen: wan(amounts.generalPublic) },
    { source: 'government-funds', fen: wan('180') },
    { source: 'carry-over', fen: wan('72') },
  ],
  basicFen: wan('342.2'),
  projectFen: wan(amounts.projectTotal),
  lines: linesOf(LINES).map((line) => (line.line === 'P04' ? { ...line, originalFen: wan(amounts.P04) } : line)),
  document: { number: '示例〔2024〕4号', title: '关于批复2024年预算的通知（示例）', date: civilDate('2024-02-04') },
});

const returnByMistake = (voucherNo: string): Entry[] => [
  write('2024-05-16T10:41:29.685', {
    type: 'ReturnPayment',
    effectiveDate: civilDate('2024-05-16'),
    returnNo: 'TK2024-001',
    voucherNo,
    fen: wan('0.9'),
    kind: 'active',
  }),
  write('2024-05-17T09:18:53.212', {
    type: 'ReverseReturn',
    effectiveDate: civilDate('2024-05-17'),
    returnNo: 'TK2024-001',
    reason: '款项并非退款，误录（示例）',
  }),
];

function changes(): Entry[] {
  const adjust = (recorded: LocalTime, adjustment: Omit<NewAdjustment, 'effectiveDate'>): Entry =>
    write(recorded, {
      type: 'Adjust',
      adjustments: [{ ...adjustment, effectiveDate: civilDate(recorded.slice(0, 10)) }],
    });
  return [
    adjust('2024-04-11T14:07:58.330', {
      adjustmentId: 'TZ2024-001',
      reasonCode: 'ORDINARY',
      document: {
        number: '示例〔2024〕15号',
        title: '关于上年退款 TK2023-001 重新安排的通知（示例）',
        date: civilDate('2024-04-09'),
      },
      movements: [{ kind: 'add', line: 'P01', fen: wan('0.6') }],
    }),
    adjust('2024-06-06T11:33:40.744', {
      adjustmentId: 'TZ2024-002',
      reasonCode: 'ORDINARY',
      movements: [{ kind: 'transfer', from: 'P02', to: 'P04', fen: wan('5'), originYear: 2023 }],
    }),
    write('2024-07-01T09:10:05.421', {
      type: 'ReclassifyLine',
      effectiveDate: civilDate('2024-07-01'),
      line: 'P02',
      codes: { departmentEconomic: '30226' },
      reason: '专项改为劳务方式实施（示例）',
    }),
    write('2024-08-01T10:26:12.860', {
      type: 'OpenLines',
      effectiveDate: civilDate('2024-08-01'),
      lines: [
        {
          ...{ line: 'P05', name: '应急演练', expenditure: 'project', fund: 'general-public' },
          codes: { departmentEconomic: '30218' },
        },
      ],
    }),
    adjust('2024-08-02T15:44:31.097', {
      adjustmentId: 'TZ2024-003',
      reasonCode: 'ORDINARY',
      document: {
        number: '示例〔2024〕29号',
        title: '关于安排应急演练经费的批复（示例）',
        date: civilDate('2024-07-31'),
      },
      movements: [{ kind: 'transfer', from: 'P04', to: 'P05', fen: wan('4') }],
    }),
  ];
}
