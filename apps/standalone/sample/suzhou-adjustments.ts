/** Changes of the budget during the year: additions, cuts and transfers, a freeze, and a payment plan by month. */
import type { Movement } from '#domain/budget/commands.js';
import type { ReasonCode } from '#domain/budget/events.js';
import { civilDate } from '#domain/calendar.js';
import type { DocumentRef } from '#domain/envelope.js';
import { inBudget, type Entry } from './bookkeeper.js';
import { officeTime, wan } from './office-days.js';
import { SUZHOU, YEAR } from './suzhou-plan.js';

const write = inBudget(SUZHOU, YEAR);

const paper = (number: number, title: string, date: string): DocumentRef => ({
  number: `示例〔2024〕${number}号`,
  title: `${title}（示例）`,
  date: civilDate(date),
});

interface Adjustment {
  readonly id: number;
  readonly date: string;
  readonly reasonCode: ReasonCode;
  readonly document?: DocumentRef;
  readonly movements: readonly Movement[];
}

/** Exempt ones have a reason and a dated document; TZ2024-010 names a reason but has no paper, so it counts as ordinary. */
const ADJUSTMENTS: readonly Adjustment[] = [
  {
    id: 1,
    date: '2024-04-03',
    reasonCode: 'ORDINARY',
    document: paper(11, '关于追加信息化经费的通知', '2024-03-29'),
    movements: [{ kind: 'add', line: 'P06', fen: wan('8') }],
  },
  {
    id: 2,
    date: '2024-05-10',
    reasonCode: 'SUPERIOR_TASK',
    document: paper(18, '关于下达临时交办任务经费的通知', '2024-05-08'),
    movements: [{ kind: 'add', line: 'P15', fen: wan('12'), proposedFen: wan('15') }],
  },
  {
    id: 3,
    date: '2024-05-20',
    reasonCode: 'ORDINARY',
    movements: [{ kind: 'transfer', from: 'P14', to: 'P06', fen: wan('0.8'), structural: false }],
  },
  {
    id: 4,
    date: '2024-06-05',
    reasonCode: 'ORDINARY',
    movements: [{ kind: 'add', line: 'P18', fen: wan('5') }],
  },
  {
    id: 5,
    date: '2024-06-12',
    reasonCode: 'ORDINARY',
    document: paper(23, '关于调剂土地储备项目资金的批复', '2024-06-07'),
    movements: [
      { kind: 'transfer', from: 'P07', to: 'P03', fen: wan('500') },
      { kind: 'transfer', from: 'P02', to: 'P13', fen: wan('100') },
    ],
  },
  {
    id: 6,
    date: '2024-08-20',
    reasonCode: 'NATIONAL_POLICY',
    document: paper(31, '关于压减项目支出的通知', '2024-08-15'),
    movements: [{ kind: 'cut', line: 'P17', fen: wan('1500') }],
  },
  {
    id: 7,
    date: '2024-09-03',
    reasonCode: 'SUPERIOR_TASK',
    document: paper(34, '关于追加学校建设补助的通知', '2024-08-30'),
    movements: [{ kind: 'add', line: 'P16', fen: wan('600'), proposedFen: wan('800') }],
  },
  {
    id: 8,
    date: '2024-09-12',
    reasonCode: 'ORDINARY',
    document: paper(36, '关于收回培训费结余指标的通知', '2024-09-10'),
    movements: [{ kind: 'cut', line: 'P11', fen: wan('1.26') }],
  },
  {
    id: 9,
    date: '2024-10-21',
    reasonCode: 'ORDINARY',
    document: paper(42, '关于基本支出调剂用于委托业务的批复', '2024-10-18'),
    movements: [{ kind: 'transfer', from: 'B01', to: 'P15', fen: wan('3') }],
  },
  {
    id: 10,
    date: '2024-11-05',
    reasonCode: 'SUPERIOR_TASK',
    movements: [{ kind: 'add', line: 'P04', fen: wan('0.6') }],
  },
];

export function adjustments(): Entry[] {
  const numberOf = (id: number): string => `TZ2024-${String(id).padStart(3, '0')}`;
  return [
    ...ADJUSTMENTS.map(({ id, date, ...rest }) => {
      const adjustment = { adjustmentId: numberOf(id), effectiveDate: civilDate(date), ...rest };
      return write(officeTime(adjustment.effectiveDate, numberOf(id)), { type: 'Adjust', adjustments: [adjustment] });
    }),
    write('2024-06-06T10:05:00.233', {
      type: 'ReverseAdjustment',
      effectiveDate: civilDate('2024-06-06'),
      adjustmentId: numberOf(4),
      reason: '文件属于其他单位，误录（示例）',
    }),
  ];
}

/** Frozen during an audit, released in two steps. */
export function freezes(): Entry[] {
  const line = 'P17';
  const freezeId = 'DJ2024-001';
  const release = (date: string, amount: string): Entry => {
    const effectiveDate = civilDate(date);
    return write(officeTime(effectiveDate, freezeId), { type: 'Release', effectiveDate, freezeId, fen: wan(amount) });
  };
  return [
    write('2024-04-15T15:40:18.702', {
      type: 'Freeze',
      effectiveDate: civilDate('2024-04-15'),
      freezeId,
      line,
      fen: wan('800'),
      reason: '审计核查期间暂缓支付（示例）',
    }),
    release('2024-06-20', '300'),
    release('2024-08-30', '500'),
  ];
}

/** Electricity and water month by month; by June it comes to what the published table plans. */
export function monthlyPlan(): Entry {
  const cumulative = '4.2 8.1 11.9 15.6 19.6 24 29.6 35.6 41.2 46.4 52.6 60'.split(' ').map(wan);
  return write('2024-01-16T10:52:27.190', {
    type: 'SetPaymentPlan',
    effectiveDate: civilDate('2024-01-16'),
    plans: [{ line: 'P12', cumulativeFen: cumulative }],
  });
}
