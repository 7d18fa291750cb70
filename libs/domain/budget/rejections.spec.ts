import { describe, expect, it } from '@jest/globals';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { rejectionOf, type BudgetFault } from '#domain/budget/rejections.js';
import {
  add,
  adjust,
  approved,
  cancelRequest,
  carriedLot,
  carryForward,
  carryOver,
  closeYear,
  cut,
  freeze,
  given,
  on,
  openLine,
  pay,
  payment,
  plan,
  reattribute,
  reclassifyLine,
  reclassifyPayment,
  release,
  reopen,
  reopenYear,
  requestPayment,
  returnPayment,
  reverseAdjustment,
  reversePayment,
  reverseReturn,
  seal,
  takeBack,
  transfer,
  withdraw,
  yuan,
} from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';

const table = approved({
  '205': '100.00',
  '206': '50.00',
  '301': { amount: '10.00', fund: 'government-funds' },
  B01: { amount: '40.00', expenditure: 'basic' },
});
const closing = (line: string) => closeYear(undefined, { lots: [{ line, toLine: '207' }] });
const coded = (fen: string) => [{ departmentEconomic: '30201', fen: yuan(fen) }];
const TRILLIONS = '30000000000000.00';

type Case = readonly [why: string, before: readonly BudgetCommand[], when: BudgetCommand, facts: object];

/** Each refusal at least once; the compiler names a code that is missing. */
const CASES: Readonly<Record<BudgetFault['code'], readonly Case[]>> = {
  DATE_OUTSIDE_YEAR: [
    ['a payment of next year', [table], pay('V1', '205', '1.00', on('2025-01-01')), { at: '/effectiveDate' }],
    [
      'a true date of last year',
      [table, seal('06-30')],
      requestPayment('205', '1.00', { ...on('07-01'), belongsTo: civilDate('2023-12-31') }),
      { at: '/belongsTo', date: '2023-12-31' },
    ],
    [
      'a return dated before the year',
      [table, pay('V1', '205', '1.00')],
      returnPayment('T1', 'V1', '1.00', on('2023-12-31')),
      { year: 2024 },
    ],
    ['a seal through another year', [table], seal('2023-12-31'), { at: '/through' }],
  ],
  PERIOD_SEALED: [
    [
      'a June fact after the June seal',
      [table, seal('06-30')],
      pay('V1', '205', '1.00', on('06-30')),
      { sealedThrough: '2024-06-30', firstOpenDate: '2024-07-01' },
    ],
    [
      'a whole year sealed names no date of the next one',
      [table, seal('12-31')],
      pay('V1', '205', '1.00'),
      { firstOpenDate: undefined },
    ],
    [
      'nor does a carry-over',
      [table, seal('12-31')],
      carryForward([carriedLot('205', '1.00')]),
      { firstOpenDate: undefined },
    ],
    ['corrections too', [table, pay('V1', '205', '1.00'), seal('06-30')], reversePayment('V1'), { date: '2024-03-01' }],
  ],
  YEAR_CLOSED: [
    ['a payment after the close', [table, closeYear()], pay('V1', '205', '1.00'), { year: 2024 }],
    ['a second close', [table, closeYear()], closeYear(), {}],
    ['a seal after the close', [table, closeYear()], seal('06-30'), {}],
    ['what another year carries over', [table, closeYear()], carryForward([carriedLot('205', '1.00')]), { year: 2024 }],
  ],
  YEAR_NOT_CLOSED: [['reopening an open year', [table], reopenYear(), { year: 2024 }]],
  BELONGS_TO_OPEN_PERIOD: [
    [
      'no seal at all',
      [table],
      pay('V1', '205', '1.00', { belongsTo: civilDate('2024-02-01') }),
      { belongsTo: '2024-02-01' },
    ],
    [
      'a date after the seal',
      [table, seal('01-31')],
      pay('V1', '205', '1.00', { belongsTo: civilDate('2024-02-01') }),
      { sealedThrough: '2024-01-31' },
    ],
    [
      'a return in a later year: no seal of this stream reaches it',
      [table, pay('V1', '205', '1.00'), seal('06-30')],
      { ...returnPayment('T1', 'V1', '1.00', on('2025-03-01')), belongsTo: civilDate('2024-05-01') },
      {},
    ],
  ],
  DATE_BEFORE_ENTRY: [
    [
      'a return before its payment',
      [table, pay('V1', '205', '9.00')],
      returnPayment('T1', 'V1', '1.00', on('02-29')),
      { entryDate: '2024-03-01' },
    ],
    [
      'a payment before its request',
      [table, requestPayment('205', '9.00')],
      pay('V1', '205', '9.00', { requestId: 'R1', ...on('02-01') }),
      {},
    ],
    [
      'an adjustment before the approval',
      [approved({ '205': '9.00' }, on('02-10'))],
      adjust('A1', [cut('205', '1.00')], on('02-09')),
      { entryDate: '2024-02-10' },
    ],
    [
      'a return before the money came to the line that it is taken from',
      [table, pay('V1', '205', '9.00'), reattribute('V1', '205', '206', { amount: '9.00', ...on('06-01') })],
      returnPayment('T1', 'V1', '1.00', on('05-31')),
      { entryDate: '2024-06-01' },
    ],
    [
      'a second return between a return and its reversal',
      [
        table,
        pay('V1', '205', '9.00'),
        returnPayment('T1', 'V1', '9.00', on('04-01')),
        reverseReturn('T1', on('06-01')),
      ],
      returnPayment('T2', 'V1', '9.00', on('05-01')),
      {},
    ],
    [
      'a carry-over revised before its last revision',
      [
        table,
        carryOver('C1', '205', '9.00'),
        { type: 'ReviseCarryOver', carryOverId: 'C1', toFen: yuan('0.00'), reason: 'r', ...on('06-01') },
      ],
      { type: 'ReviseCarryOver', carryOverId: 'C1', toFen: yuan('5.00'), reason: 'r', ...on('05-01') },
      {},
    ],
    [
      'a line reclassified before its opening',
      [openLine('207', {}, on('05-01'))],
      reclassifyLine('207', '30201', on('04-01')),
      {},
    ],
    ['a close before the year is over', [table], closeYear(undefined, on('12-30')), { entryDate: '2024-12-31' }],
    ['a reopening before its close', [table, closeYear(undefined, on('2025-01-10'))], reopenYear(on('2025-01-09')), {}],
    [
      'a take-back of a closed year before its close',
      [table, closeYear([{ line: '205', reason: 'finished' }], on('2025-01-10'))],
      takeBack('K1', '205', '1.00', on('2025-01-09')),
      {},
    ],
  ],
  BUDGET_NOT_APPROVED: [
    ['an addition', [openLine('205')], adjust('A1', [add('205', '1.00')]), { year: 2024 }],
    ['a withdrawal', [], withdraw(), {}],
  ],
  BUDGET_ALREADY_APPROVED: [['a second table', [table], approved({ '205': '1.00' }), { approvedOn: '2024-01-01' }]],
  MOVEMENTS_EXIST: [
    ['after a payment', [table, pay('V1', '205', '1.00')], withdraw(on('04-01')), {}],
    [
      'after a payment that was reversed',
      [table, pay('V1', '205', '1.00'), reversePayment('V1')],
      withdraw(on('04-01')),
      {},
    ],
    ['after a payment plan', [table, plan('205', Array(12).fill('1.00'))], withdraw(), {}],
  ],
  TOTALS_DIFFER: [
    [
      'project',
      [],
      approved({ '205': '100.00' }, { projectFen: yuan('99.99') }),
      { at: '/project', stated: '99.99', computed: '100.00' },
    ],
    [
      'basic',
      [],
      approved({ B01: { amount: '1.00', expenditure: 'basic' } }, { basicFen: yuan('0.00') }),
      { at: '/basic', what: 'basic' },
    ],
    [
      'income of a fund',
      [],
      approved({ '205': '5.00' }, { income: [{ source: 'government-funds', fen: yuan('5.00') }] }),
      { what: 'income general-public', stated: '0.00' },
    ],
    [
      'a total without the carry-over that the form prints in it',
      [openLine('205'), carryOver('C1', '205', '2.00')],
      approved({ '205': '5.00' }),
      { computed: '7.00' },
    ],
  ],
  UNKNOWN_LINE: [
    ['a request', [table], requestPayment('999', '1.00'), { at: '/line', line: '999' }],
    ['a fact: its line is opened first', [], pay('V1', '205', '1.00'), { line: '205' }],
    ['a line that went with its approval', [table, withdraw()], requestPayment('205', '1.00'), {}],
    ['at the close', [table], closeYear([{ line: '999', reason: 'finished' }]), { at: '/surplus/0/line' }],
  ],
  DUPLICATE_LINE: [
    [
      'in an opening',
      [],
      { ...openLine('205'), lines: [...openLine('205').lines, ...openLine('205').lines] },
      { at: '/lines/1/line' },
    ],
    [
      'at the close',
      [table],
      closeYear([
        { line: '205', reason: 'finished' },
        { line: '205', reason: 'plan-changed' },
      ]),
      { at: '/surplus/1/line' },
    ],
  ],
  LINE_DIFFERS: [
    [
      'approved under another fund',
      [openLine('205', { fund: 'government-funds' })],
      approved({ '205': '1.00' }),
      { first: { fund: 'government-funds' } },
    ],
    ['opened again under another name', [openLine('205')], openLine('205', { name: 'other' }), {}],
    [
      'opened again with other codes',
      [openLine('205', { codes: { function: '2120801' } })],
      openLine('205', { codes: { function: '2120802' } }),
      {},
    ],
  ],
  SAME_LINE: [
    ['a transfer', [table], adjust('A1', [transfer('205', '205', '1.00')]), { line: '205' }],
    ['a re-attribution', [table, pay('V1', '205', '1.00')], reattribute('V1', '205', '205', { amount: '1.00' }), {}],
  ],
  FUND_MISMATCH: [
    [
      'funds are not mixed',
      [table],
      adjust('A1', [transfer('205', '301', '1.00')]),
      { fromFund: 'general-public', toFund: 'government-funds' },
    ],
  ],
  DOCUMENT_REQUIRED: [
    ['basic to project', [table], adjust('A1', [transfer('B01', '205', '1.00')]), { from: 'B01' }],
    [
      'a document without a number is none',
      [table],
      adjust('A1', [transfer('205', 'B01', '1.00')], { document: { number: '' } }),
      {},
    ],
  ],
  LINE_OVERDRAWN: [
    ['a request', [table], requestPayment('205', '120.00'), { available: '100.00', asked: '120.00', short: '20.00' }],
    ['a cut', [table, freeze('F1', '205', '60.00')], adjust('A1', [cut('205', '40.01')]), { available: '40.00' }],
    [
      'a transfer out',
      [table, requestPayment('205', '60.00')],
      adjust('A1', [transfer('205', '206', '50.00')]),
      { short: '10.00' },
    ],
    [
      'two cuts that fit one by one',
      [table],
      adjust('A1', [cut('205', '60.00'), cut('205', '60.00')]),
      { asked: '120.00' },
    ],
    ['a freeze', [table], freeze('F1', '205', '100.01'), {}],
    [
      'a take-back',
      [table, requestPayment('205', '100.00'), pay('V1', '205', '50.00', { requestId: 'R1' })],
      takeBack('K1', '205', '1.00'),
      { available: '0.00' },
    ],
    [
      'reversing an addition that is spent',
      [table, adjust('A1', [add('205', '20.00')]), pay('V1', '205', '110.00')],
      reverseAdjustment('A1'),
      { available: '10.00', asked: '20.00' },
    ],
    [
      'an overdrawn line',
      [table, pay('V1', '205', '120.00')],
      requestPayment('205', '1.00'),
      { available: '-20.00', short: '21.00' },
    ],
  ],
  LOT_TOO_SMALL: [
    [
      'a cut of carried-over money',
      [table, carryOver('C1', '205', '9.00')],
      adjust('A1', [cut('205', '9.01', { originYear: 2023 })]),
      { lot: '9.00', asked: '9.01' },
    ],
    [
      'a take-back of money that was paid out',
      [table, carryOver('C1', '205', '9.00'), pay('V1', '205', '5.00')],
      takeBack('K1', '205', '5.00', { originYear: 2023 }),
      { lot: '4.00' },
    ],
    [
      'what the close carried over is next year’s money',
      [table, closeYear()],
      takeBack('K1', '205', '1.00', on('2025-01-01')),
      { lot: '0.00' },
    ],
    [
      'reversing a transfer of carried-over money that was cut since',
      [
        table,
        carryOver('C1', '205', '9.00'),
        adjust('A1', [transfer('205', '206', '9.00', { originYear: 2023 })]),
        adjust('A2', [cut('206', '5.00', { originYear: 2023 })]),
      ],
      reverseAdjustment('A1'),
      { line: '206', lot: '4.00', asked: '9.00' },
    ],
  ],
  CARRIED_OVER_BY_CLOSE: [
    [
      'what the close brought already, by hand once more',
      [carryForward([carriedLot('205', '5.00')])],
      carryOver('C1', '205', '5.00', 2023),
      { at: '/carryOvers/0', originLine: '205', originYear: 2023, amount: '5.00' },
    ],
  ],
  ORIGIN_YEAR_NOT_PAST: [
    ['this year’s money cannot be carried in', [table], carryOver('C1', '205', '1.00', 2024), { originYear: 2024 }],
    ['a payment of next year’s money', [table], pay('V1', '205', '1.00', { originYear: 2025 }), {}],
  ],
  AMOUNT_NOT_POSITIVE: [
    ['nothing', [table], requestPayment('205', '0.00'), { at: '/amount', amount: '0.00' }],
    ['less than nothing', [table], pay('V1', '205', '-1.00'), {}],
    ['a negative line', [], approved({ '205': '-1.00' }), { at: '/lines/0/original' }],
    [
      'a negative half-year plan',
      [],
      approved({ '205': { amount: '1.00', halfYearPlanFen: yuan('-1.00') } }),
      { at: '/lines/0/halfYearPlan' },
    ],
    [
      'negative income that adds up',
      [],
      approved(
        { '205': '1.00' },
        {
          income: [
            { source: 'general-public', fen: yuan('2.00') },
            { source: 'general-public', fen: yuan('-1.00') },
          ],
        },
      ),
      { at: '/income/1/amount' },
    ],
    [
      'a carry-over revised below nothing',
      [table, carryOver('C1', '205', '1.00')],
      { type: 'ReviseCarryOver', carryOverId: 'C1', toFen: yuan('-0.01'), reason: 'r', ...on('03-01') },
      { at: '/to' },
    ],
  ],
  TOTAL_OUT_OF_RANGE: [
    ['one amount', [table], pay('V1', '205', TRILLIONS), { at: '/amount' }],
    [
      'a request on an overdrawn line',
      [table, pay('V1', '205', '1000.00')],
      requestPayment('205', '90071992547409.91'),
      {},
    ],
    [
      'movements together',
      [table],
      adjust('A1', [add('205', '20000000000000.00'), add('206', '20000000000000.00')]),
      {},
    ],
    [
      'cuts whose sum is no exact number',
      [table],
      adjust(
        'A1',
        Array.from({ length: 500 }, () => cut('205', '22000000000000.00')),
      ),
      {},
    ],
    [
      'lines',
      [],
      {
        ...approved({ '205': '1.00' }),
        lines: ['205', '206'].flatMap((line) => approved({ [line]: '80000000000000.00' }).lines),
      },
      { at: '/project' },
    ],
    [
      'lines below nothing',
      [],
      {
        ...approved({ '205': '-1.00' }),
        lines: ['205', '206'].flatMap((line) => approved({ [line]: '-80000000000000.00' }).lines),
      },
      { at: '/project' },
    ],
    ['a plan', [table], plan('205', Array(12).fill(TRILLIONS)), { at: '/plans/0/cumulative' }],
    [
      'turnover over time',
      [table, pay('V1', '205', '20000000000000.00')],
      pay('V2', '205', '20000000000000.00'),
      { limit: '22517998136852.47' },
    ],
  ],
  ECONOMIC_SHARES_EXCEED: [
    [
      'of a line',
      [],
      approved({ '205': { amount: '1.00', economic: coded('1.01') } }),
      { shares: '1.01', amount: '1.00' },
    ],
    [
      'of an addition',
      [table],
      adjust('A1', [{ ...add('205', '1.00'), economic: coded('2.00') } as never]),
      { at: '/movements/0/economic' },
    ],
    [
      'of one end of a transfer',
      [table],
      adjust('A1', [{ ...transfer('205', '206', '1.00'), toEconomic: coded('2.00') } as never]),
      { at: '/movements/0/toEconomic' },
    ],
  ],
  TOO_MANY_MOVEMENTS: [
    [
      'adjustments',
      [table],
      adjust(
        'A1',
        Array.from({ length: 501 }, () => add('205', '1.00')),
      ),
      { count: 501, limit: 500 },
    ],
    [
      'payments',
      [table],
      {
        type: 'ExecutePayments',
        payments: Array.from({ length: 501 }, (_, index) => payment(`V${index}`, '205', '0.01')),
      },
      { at: '/payments' },
    ],
  ],
  NOTHING_TO_DO: [
    ['a table without lines', [], approved({}), { at: '/lines' }],
    ['an adjustment without movements', [table], adjust('A1', []), { at: '/movements' }],
    ['no adjustment', [table], { type: 'Adjust', adjustments: [] }, { at: '/adjustments' }],
    [
      'an empty adjustment beside another',
      [table],
      {
        type: 'Adjust',
        adjustments: [...adjust('A1', [add('205', '1.00')]).adjustments, ...adjust('A2', []).adjustments],
      },
      { at: '/adjustments/1/movements' },
    ],
    ['no payment', [table], { type: 'ExecutePayments', payments: [] }, { at: '/payments' }],
    ['no line', [], { ...openLine('205'), lines: [] }, { at: '/lines' }],
    ['no carry-over', [table], { ...carryOver('C1', '205', '1.00'), carryOvers: [] }, { at: '/carryOvers' }],
    ['no plan', [table], { type: 'SetPaymentPlan', ...on('01-01'), plans: [] }, { at: '/plans' }],
  ],
  PLAN_NOT_CUMULATIVE: [
    ['eleven months', [table], plan('205', Array(11).fill('1.00')), { month: 11 }],
    [
      'a month below the one before',
      [table],
      plan('205', ['5.00', '4.00', ...Array<string>(10).fill('9.00')]),
      { at: '/plans/0/cumulative/1', month: 2 },
    ],
    ['a negative January', [table], plan('205', ['-1.00', ...Array<string>(11).fill('1.00')]), { month: 1 }],
  ],
  NUMBER_TAKEN: [
    [
      'a voucher',
      [table, pay('V1', '205', '1.00')],
      pay('V1', '205', '2.00'),
      { kind: 'voucher', number: 'V1', first: { effectiveDate: '2024-03-01', data: { amount: '1.00' } } },
    ],
    ['a voucher on another date', [table, pay('V1', '205', '1.00')], pay('V1', '205', '1.00', on('03-02')), {}],
    [
      'twice in one command',
      [table],
      { type: 'ExecutePayments', payments: [payment('V1', '205', '1.00'), payment('V1', '206', '1.00')] },
      { at: '/payments/1' },
    ],
    [
      'an adjustment',
      [table, adjust('A1', [add('205', '1.00')])],
      adjust('A1', [add('206', '1.00')]),
      { kind: 'adjustment' },
    ],
    [
      'an adjustment twice in one command',
      [table],
      {
        type: 'Adjust',
        adjustments: [
          ...adjust('A1', [add('205', '1.00')]).adjustments,
          ...adjust('A1', [add('205', '2.00')]).adjustments,
        ],
      },
      { at: '/adjustments/1' },
    ],
    ['a request', [table, requestPayment('205', '1.00')], requestPayment('206', '1.00'), { kind: 'payment-request' }],
    ['a freeze', [table, freeze('F1', '205', '1.00')], freeze('F1', '205', '2.00'), { kind: 'freeze' }],
    [
      'a return',
      [table, pay('V1', '205', '5.00'), returnPayment('T1', 'V1', '1.00')],
      returnPayment('T1', 'V1', '2.00'),
      { kind: 'return' },
    ],
    ['a carry-over', [table, carryOver('C1', '205', '1.00')], carryOver('C1', '205', '2.00'), { kind: 'carry-over' }],
    ['a take-back', [table, takeBack('K1', '205', '1.00')], takeBack('K1', '205', '2.00'), { kind: 'take-back' }],
  ],
  UNKNOWN_NUMBER: [
    ['a voucher', [table], reversePayment('V9'), { kind: 'voucher', number: 'V9' }],
    ['a voucher to return from', [table], returnPayment('T1', 'V9', '1.00'), { kind: 'voucher' }],
    ['a return', [table], reverseReturn('T9'), { kind: 'return' }],
    ['a request', [table], cancelRequest('R9'), { kind: 'payment-request' }],
    ['a request to pay', [table], pay('V1', '205', '1.00', { requestId: 'R9' }), { at: '/requestId' }],
    ['a freeze', [table], release('F9'), { kind: 'freeze' }],
    ['an adjustment', [table], reverseAdjustment('A9'), { kind: 'adjustment' }],
    [
      'a take-back',
      [table],
      { type: 'ReverseTakeBack', takeBackId: 'K9', reason: 'r', ...on('12-31') },
      { kind: 'take-back' },
    ],
    [
      'a carry-over',
      [table],
      { type: 'ReviseCarryOver', carryOverId: 'C9', toFen: yuan('1.00'), reason: 'r', ...on('03-01') },
      { kind: 'carry-over' },
    ],
  ],
  ALREADY_REVERSED: [
    ['a voucher', [table, pay('V1', '205', '1.00'), reversePayment('V1')], reversePayment('V1'), { kind: 'voucher' }],
    [
      'an adjustment',
      [table, adjust('A1', [add('205', '1.00')]), reverseAdjustment('A1')],
      reverseAdjustment('A1'),
      { kind: 'adjustment' },
    ],
    [
      'a return',
      [table, pay('V1', '205', '1.00'), returnPayment('T1', 'V1', '1.00'), reverseReturn('T1')],
      reverseReturn('T1'),
      { kind: 'return', number: 'T1' },
    ],
    [
      'a return of a voucher that is gone',
      [table, pay('V1', '205', '9.00'), returnPayment('T1', 'V1', '4.00'), reversePayment('V1')],
      reverseReturn('T1'),
      { kind: 'voucher', number: 'V1' },
    ],
    [
      'a return of an earlier voucher of the same number',
      [
        table,
        pay('V1', '205', '9.00'),
        returnPayment('T1', 'V1', '4.00'),
        reversePayment('V1'),
        pay('V1', '205', '5.00'),
      ],
      reverseReturn('T1'),
      { kind: 'voucher' },
    ],
    [
      'a code of a voucher that is gone',
      [table, pay('V1', '205', '9.00'), reversePayment('V1')],
      reclassifyPayment('V1', '30201'),
      {},
    ],
  ],
  REQUEST_ON_OTHER_LINE: [
    [
      '',
      [table, requestPayment('205', '1.00')],
      pay('V1', '206', '1.00', { requestId: 'R1' }),
      { requestId: 'R1', line: '205' },
    ],
  ],
  REQUEST_SETTLED: [
    [
      'paid in full',
      [table, requestPayment('205', '1.00'), pay('V1', '205', '1.00', { requestId: 'R1' })],
      cancelRequest(),
      { requestId: 'R1' },
    ],
    ['cancelled before', [table, requestPayment('205', '1.00'), cancelRequest()], cancelRequest(), {}],
  ],
  RETURN_EXCEEDS_PAYMENT: [
    [
      'partial returns add up',
      [table, pay('V1', '205', '9.00'), returnPayment('T1', 'V1', '5.00')],
      returnPayment('T2', 'V1', '4.01'),
      { rest: '4.00', asked: '4.01' },
    ],
    [
      'also in a later year',
      [table, pay('V1', '205', '9.00'), closeYear()],
      returnPayment('T1', 'V1', '9.01', on('2025-02-01')),
      {},
    ],
    [
      'a voucher that is gone',
      [table, pay('V1', '205', '9.00'), reversePayment('V1')],
      returnPayment('T1', 'V1', '1.00'),
      { rest: '0.00' },
    ],
  ],
  REATTRIBUTION_EXCEEDS_SHARE: [
    [
      '',
      [table, pay('V1', '205', '9.00'), returnPayment('T1', 'V1', '4.00')],
      reattribute('V1', '205', '206', { amount: '5.01' }),
      { share: '5.00' },
    ],
  ],
  RELEASE_EXCEEDS_FREEZE: [
    ['', [table, freeze('F1', '205', '9.00'), release('F1', '5.00')], release('F1', '4.01'), { rest: '4.00' }],
  ],
  CODE_UNCHANGED: [
    [
      '',
      [table, pay('V1', '205', '9.00', { departmentEconomic: '30201' })],
      reclassifyPayment('V1', '30201'),
      { toCode: '30201' },
    ],
  ],
  MOVEMENTS_AFTER_DATE: [
    [
      'money moved under the old code',
      [table, pay('V1', '205', '9.00', on('03-02'))],
      reclassifyLine('205', '30201'),
      { lastDate: '2024-03-02' },
    ],
  ],
  SEAL_NOT_LATER: [['', [table, seal('06-30')], seal('06-30'), { sealedThrough: '2024-06-30' }]],
  NOT_SEALED_THROUGH: [
    ['only the latest seal', [table, seal('03-31'), seal('06-30')], reopen('03-31'), { sealedThrough: '2024-06-30' }],
    ['no seal', [table], reopen('03-31'), {}],
  ],
  OPEN_REQUESTS: [
    [
      'a close',
      [table, requestPayment('205', '9.00')],
      closeYear(),
      { requests: [{ requestId: 'R1', amount: '9.00' }] },
    ],
  ],
  LOT_NOT_CARRIED_OVER: [
    [
      'a line is named that has nothing left',
      [table, pay('V1', '205', '100.00')],
      closing('205'),
      { reason: 'nothing-unspent' },
    ],
    [
      'a lot is named that is surplus',
      [table, carryOver('C1', '205', '9.00')],
      closeYear(undefined, { lots: [{ line: '205', originYear: 2023, toLine: '207' }] }),
      { at: '/lots/0/line', line: '205', originYear: 2023, reason: 'two-years' },
    ],
  ],
  TARGET_LINE_DIFFERS: [
    [
      'a close names a line of another fund',
      [table],
      closeYear(undefined, {
        lots: [{ line: '205', toLine: 'P07' }],
        nextYear: [{ line: 'P07', fund: 'government-funds', expenditure: 'project' }],
      }),
      { at: '/lots/0/toLine', line: '205', toLine: 'P07', toFund: 'government-funds' },
    ],
    [
      'a close sends two kinds of money to one line',
      [table],
      closeYear(undefined, { lots: ['205', 'B01'].map((line) => ({ line, toLine: 'P07' })) }),
      { at: '/lots/1/toLine', line: 'B01', toExpenditure: 'project' },
    ],
    [
      'the line of the next year is of another kind by now',
      [table],
      carryForward([carriedLot('205', '1.00', { toLine: 'B01' })]),
      { at: '/lots/0/toLine', line: '205', toLine: 'B01', toExpenditure: 'basic' },
    ],
  ],
  CLOSURE_SUPERSEDED: [
    [
      'an earlier closure comes after a later one',
      [table, carryForward([carriedLot('205', '1.00')], { closure: 2 })],
      carryForward([carriedLot('205', '2.00')]),
      { closure: 1, newest: 2 },
    ],
  ],
  ALWAYS_CARRIED_OVER: [
    [
      'basic expenditure named as finished',
      [table],
      closeYear([{ line: 'B01', reason: 'finished' }]),
      { at: '/surplus/0/line', line: 'B01' },
    ],
  ],
  OPEN_FREEZES: [
    ['a close', [table, freeze('F1', '205', '9.00')], closeYear(), { freezes: [{ freezeId: 'F1', amount: '9.00' }] }],
  ],
};

const rows = Object.entries(CASES).flatMap(([code, cases]) => cases.map((entry) => [code, ...entry] as const));

describe('every refusal of a budget', () => {
  it.each(rows)('%s: %s', (code, _why, before, when, facts) => {
    given(...before)
      .when(when)
      .thenRejects(code, facts as Record<string, unknown>);
  });

  it('shows all faults at once', () => {
    given(table)
      .when(adjust('A1', [transfer('205', '999', '0.00'), cut('998', '1.00')]))
      .thenRejects('AMOUNT_NOT_POSITIVE', { at: '/movements/0/amount' })
      .thenRejects('UNKNOWN_LINE', { at: '/movements/0/to', line: '999' })
      .thenRejects('UNKNOWN_LINE', { at: '/movements/1/line', line: '998' });
  });

  it('needs a fault', () => expect(() => rejectionOf([])).toThrow('needs a fault'));
});
