import { describe, expect, it } from '@jest/globals';
import type { BudgetCommand } from '#domain/budget/commands.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import {
  add,
  adjust,
  approved,
  cancelRequest,
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
  requestPayment,
  returnPayment,
  reverseAdjustment,
  reversePayment,
  reverseReturn,
  reverseTakeBack,
  reviseCarryOver,
  reopenYear,
  seal,
  takeBack,
  transfer,
  withdraw,
  yuan,
} from '#domain/budget/specification.js';
import { lineCodeAt, type BudgetState } from '#domain/budget/state.js';
import { civilDate } from '#domain/calendar.js';

const table = approved({ '205': '100.00', '206': '50.00', B01: { amount: '40.00', expenditure: 'basic' } });

/** Rows of a text table; blank lines and the first, its heading, are left out. */
const rows = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()));

describe('payments are facts', () => {
  // The line has 100.00. What was paid is recorded whole; only the mark differs.
  it.each(
    rows(`
      requested | frozen | own request | paid   | final | overdrawn | available | why
      0.00      | 0.00   | no          | 100.00 | no    | false     | 0.00      | all there is
      0.00      | 0.00   | no          | 100.01 | no    | true      | -0.01     | one fen above
      60.00     | 0.00   | no          | 40.00  | no    | false     | 0.00      | what others asked for is not free
      60.00     | 0.00   | no          | 50.00  | no    | true      | -10.00    | so this is above
      60.00     | 0.00   | yes         | 60.00  | no    | false     | 40.00     | its own request is its own money
      60.00     | 0.00   | yes         | 100.00 | no    | false     | 0.00      | more than asked, but there
      60.00     | 0.00   | yes         | 100.01 | no    | true      | -0.01     | more than there is
      60.00     | 0.00   | yes         | 20.00  | no    | false     | 40.00     | the rest stays requested
      60.00     | 0.00   | yes         | 20.00  | yes   | false     | 80.00     | final gives the rest up
      60.00     | 30.00  | yes         | 70.01  | no    | true      | -0.01     | frozen money is not free
    `),
  )('requested %s, frozen %s, own %s, paid %s, final %s', (requested, frozen, own, amount, final, overdrawn, left) => {
    const before: BudgetCommand[] = [table];
    if (requested !== '0.00') before.push(requestPayment('205', requested ?? ''));
    if (frozen !== '0.00') before.push(freeze('F1', '205', frozen ?? ''));
    const more = {
      ...(own === 'yes' ? { requestId: 'R1' } : {}),
      ...(final === 'yes' ? { final: true as const } : {}),
    };
    given(...before)
      .when(pay('V1', '205', amount ?? '', more))
      .thenBooks(['PaymentExecuted', { amount, overdrawn: overdrawn === 'true' }])
      .leaves('205', { paid: amount ?? '', available: left ?? '' });
  });

  it('counts what the payments before it in the same command used', () => {
    given(table)
      .when({ type: 'ExecutePayments', payments: [payment('V1', '205', '70.00'), payment('V2', '205', '30.01')] })
      .thenBooks(['PaymentExecuted', { overdrawn: false }], ['PaymentExecuted', { overdrawn: true }]);
  });

  it('shares one request among the payments of a command', () => {
    given(table, requestPayment('205', '100.00'))
      .when({
        type: 'ExecutePayments',
        payments: [
          payment('V1', '205', '70.00', { requestId: 'R1' }),
          payment('V2', '205', '30.00', { requestId: 'R1' }),
          payment('V3', '205', '0.01', { requestId: 'R1' }),
        ],
      })
      .thenBooks(
        ['PaymentExecuted', { overdrawn: false }],
        ['PaymentExecuted', { overdrawn: false }],
        ['PaymentExecuted', { overdrawn: true }],
      )
      .leaves('205', { requested: '0.00', paid: '100.01', available: '-0.01' });
  });

  it('refuses all when one has a fault, and says which', () => {
    given(table)
      .when({ type: 'ExecutePayments', payments: [payment('V1', '205', '1.00'), payment('V2', '999', '1.00')] })
      .thenRejects('UNKNOWN_LINE', { at: '/payments/1/line' });
  });

  it('marks what is dated before the approval, also when recorded after it (law art. 54)', () => {
    const mark = (beforeApproval: boolean) => ['PaymentExecuted', { beforeApproval }] as const;
    const late = approved({ '205': '100.00' }, on('02-10'));
    given(openLine('205'), carryOver('C1', '205', '5.00'))
      .when(pay('V1', '205', '5.00', on('01-15')))
      .thenBooks(['PaymentExecuted', { beforeApproval: true, overdrawn: false }]);
    given(late, openLine('206'))
      .when(pay('V1', '206', '5.00', on('02-09')))
      .thenBooks(mark(true));
    given(late)
      .when(pay('V1', '205', '5.00', on('02-10')))
      .thenBooks(mark(false));
    given(late, seal('02-29'))
      .when(pay('V1', '205', '5.00', { belongsTo: civilDate('2024-02-09') }))
      .thenBooks(mark(true));
  });

  it('books a late fact in the open period with its true date', () => {
    given(table, seal('06-30'))
      .when(pay('V1', '205', '5.00', { ...on('07-01'), belongsTo: civilDate('2024-06-12') }))
      .thenBooks(['PaymentExecuted', { on: '2024-07-01', belongsTo: '2024-06-12' }]);
  });
});

describe('what takes an entry back belongs to the period of the entry', () => {
  const late = { ...on('07-02'), belongsTo: civilDate('2024-06-20') };
  const reversal = { on: '2024-07-03', belongsTo: '2024-06-20' };
  const rows: readonly [string, readonly BudgetCommand[], BudgetCommand, string, object][] = [
    [
      'a late payment',
      [seal('06-30'), pay('V1', '205', '5.00', late)],
      reversePayment('V1', on('07-03')),
      'PaymentReversed',
      reversal,
    ],
    [
      'a late adjustment',
      [seal('06-30'), adjust('A1', [add('205', '1.00')], late)],
      reverseAdjustment('A1', on('07-03')),
      'AdjustmentReversed',
      reversal,
    ],
    [
      'a payment sealed since',
      [pay('V1', '205', '5.00', on('06-20')), seal('06-30')],
      reversePayment('V1', on('07-03')),
      'PaymentReversed',
      reversal,
    ],
    [
      'a payment of the open period, which keeps its own date',
      [pay('V1', '205', '5.00', on('06-20'))],
      reversePayment('V1', on('07-03')),
      'PaymentReversed',
      { on: '2024-07-03' },
    ],
  ];
  it.each(rows)('%s', (_what, before, command, type, facts) => {
    given(table, ...before)
      .when(command)
      .thenBooks([type as BudgetEvent['type'], facts as Record<string, unknown>]);
  });
});

describe('an equal entry is a replay', () => {
  const late = { ...on('07-01'), belongsTo: civilDate('2024-06-12') };
  const booked: readonly [string, readonly BudgetCommand[], BudgetCommand][] = [
    ['a payment', [pay('V1', '205', '5.00')], pay('V1', '205', '5.00')],
    [
      'a payment booked late under its true date',
      [seal('06-30'), pay('V1', '205', '5.00', late)],
      pay('V1', '205', '5.00', on('06-12')),
    ],
    ['a payment whose period was sealed since', [pay('V1', '205', '5.00'), seal('06-30')], pay('V1', '205', '5.00')],
    ['a payment after the close', [pay('V1', '205', '5.00'), closeYear()], pay('V1', '205', '5.00')],
    [
      'an adjustment',
      [adjust('A1', [add('205', '1.00'), cut('206', '1.00')])],
      adjust('A1', [add('205', '1.00'), cut('206', '1.00')]),
    ],
    [
      'an adjustment booked late',
      [seal('06-30'), adjust('A1', [add('205', '1.00')], late)],
      adjust('A1', [add('205', '1.00')], late),
    ],
    ['a request, settled or not', [requestPayment('205', '5.00'), cancelRequest()], requestPayment('205', '5.00')],
    ['a freeze', [freeze('F1', '205', '5.00')], freeze('F1', '205', '5.00')],
    ['a return', [pay('V1', '205', '5.00'), returnPayment('T1', 'V1', '5.00')], returnPayment('T1', 'V1', '5.00')],
    ['a take-back', [takeBack('K1', '205', '5.00')], takeBack('K1', '205', '5.00')],
    ['a carry-over', [carryOver('C1', '205', '5.00'), seal('06-30')], carryOver('C1', '205', '5.00')],
    ['a line', [openLine('207'), closeYear()], openLine('207')],
    ['a revision to what it is', [carryOver('C1', '205', '5.00')], reviseCarryOver('C1', '5.00')],
    ['codes that a line has', [reclassifyLine('205', '30201')], reclassifyLine('205', '30201')],
    ['a release of nothing', [freeze('F1', '205', '5.00'), release('F1')], release('F1')],
  ];
  it.each(booked)('%s', (_what, before, again) => {
    given(table, ...before)
      .when(again)
      .thenNothing();
  });

  it('also inside one command', () => {
    given(table)
      .when({ type: 'ExecutePayments', payments: [payment('V1', '205', '1.00'), payment('V1', '205', '1.00')] })
      .thenBooks(['PaymentExecuted', { voucherNo: 'V1' }]);
  });

  it('but a number that was reversed may be booked again', () => {
    given(table, pay('V1', '205', '5.00'), reversePayment('V1'))
      .when(pay('V1', '205', '5.00'))
      .thenBooks(['PaymentExecuted', { voucherNo: 'V1' }])
      .leaves('205', { paid: '5.00' });
    given(table, adjust('A1', [add('205', '1.00')]), reverseAdjustment('A1'))
      .when(adjust('A1', [add('205', '1.00')]))
      .thenBooks(['BudgetAdded', { adjustmentId: 'A1' }])
      .leaves('205', { added: '1.00' });
    given(table, pay('V1', '205', '5.00'), returnPayment('T1', 'V1', '2.00'), reverseReturn('T1'))
      .when(returnPayment('T1', 'V1', '2.00'))
      .thenBooks(['PaymentReturned', { returnNo: 'T1' }])
      .leaves('205', { paid: '3.00' });
    given(table, takeBack('K1', '205', '2.00'), reverseTakeBack('K1'))
      .when(takeBack('K1', '205', '2.00'))
      .thenBooks(['SurplusTakenBack', { takeBackId: 'K1' }])
      .leaves('205', { 'taken-back': '2.00' });
  });

  it('reverses only the latest booking of an adjustment number', () => {
    given(table, adjust('A1', [add('205', '1.00')]), reverseAdjustment('A1'), adjust('A1', [add('205', '3.00')]))
      .when(reverseAdjustment('A1'))
      .thenBooks(['AdjustmentReversed', {}])
      .leaves('205', { added: '0.00', budget: '100.00' });
  });
});

describe('returns and corrections', () => {
  it('restore available, not requested', () => {
    given(table, requestPayment('205', '60.00'), pay('V1', '205', '60.00', { requestId: 'R1' }))
      .when(returnPayment('T1', 'V1', '60.00'))
      .thenBooks(['PaymentReturned', {}])
      .leaves('205', { paid: '0.00', requested: '0.00', available: '100.00' });
  });

  it('a return in a later year moves the X of no year, after the close too', () => {
    given(table, pay('V1', '205', '60.00'), closeYear())
      .when(returnPayment('T1', 'V1', '60.00', on('2025-02-01')))
      .thenBooks(['PaymentReturned', { on: '2025-02-01' }])
      .leaves('205', { paid: '60.00' });
    given(table, pay('V1', '205', '60.00'), closeYear(), returnPayment('T1', 'V1', '60.00', on('2025-02-01')))
      .when(reverseReturn('T1', on('2025-03-01')))
      .thenBooks(['PaymentReturnReversed', {}])
      .leaves('205', { paid: '60.00' });
  });

  it('a return takes from the lines where the voucher lies', () => {
    given(table, pay('V1', '205', '9.00'), reattribute('V1', '205', '206', { amount: '4.00' }))
      .when(returnPayment('T1', 'V1', '6.00'))
      .thenBooks(['PaymentReturned', {}])
      .leaves('205', { paid: '0.00' })
      .leaves('206', { paid: '3.00' });
  });

  it('a reversed return goes back where it came from, under the code that the voucher has now', () => {
    const { state } = given(
      table,
      pay('V1', '205', '9.00', { departmentEconomic: '30201' }),
      returnPayment('T1', 'V1', '6.00'),
      reclassifyPayment('V1', '30211'),
      reverseReturn('T1'),
    );
    expect(state.vouchers.get('V1')?.shares).toEqual([{ line: '205', economic: '30211', fen: yuan('9.00') }]);
  });

  it('two shares of one line are one once their codes are equal', () => {
    const { state } = given(
      table,
      pay('V1', '205', '10.00'),
      reclassifyLine('205', '30201', on('03-02')),
      reattribute('V1', '205', '206', { amount: '4.00', ...on('03-02') }),
      reattribute('V1', '206', '205', { amount: '4.00', ...on('03-02') }),
      reclassifyPayment('V1', '30299', on('03-02')),
    );
    expect(state.vouchers.get('V1')?.shares).toEqual([{ line: '205', economic: '30299', fen: yuan('10.00') }]);
  });

  it('a re-attribution may overdraw the right line: it is a fact', () => {
    given(table, pay('V1', '205', '90.00'))
      .when(reattribute('V1', '205', '206', { amount: '90.00' }))
      .thenBooks(['PaymentReattributed', {}])
      .leaves('206', { available: '-40.00' });
  });

  it('a voucher without a code follows its line, one with a code keeps it', () => {
    const coded = approved({
      '205': { amount: '100.00', codes: { departmentEconomic: '30201' } },
      '206': { amount: '50.00', codes: { departmentEconomic: '30211' } },
    });
    const move = reattribute('V1', '205', '206', { amount: '9.00' });
    const codes = (state: BudgetState) => state.vouchers.get('V1')?.shares.map(({ economic }) => economic);
    expect(codes(given(coded, pay('V1', '205', '9.00'), move).state)).toEqual(['30211']);
    expect(codes(given(coded, pay('V1', '205', '9.00', { departmentEconomic: '30299' }), move).state)).toEqual([
      '30299',
    ]);
  });
});

describe('adjustments', () => {
  it('take net of what they give, in one append', () => {
    given(table)
      .when(adjust('A1', [add('206', '30.00'), cut('206', '80.00')]))
      .thenBooks(['BudgetAdded', {}], ['BudgetCut', {}])
      .leaves('206', { budget: '0.00', available: '0.00' });
  });

  it('leave the unit’s total alone when they only transfer', () => {
    given(table)
      .when(adjust('A1', [transfer('205', '206', '30.00'), transfer('206', '205', '80.00')]))
      .thenBooks(['BudgetTransferred', {}], ['BudgetTransferred', {}])
      .leaves('205', { budget: '150.00' })
      .leaves('206', { budget: '0.00' });
  });

  it('may go between basic and project with a document number', () => {
    given(table)
      .when(adjust('A1', [transfer('B01', '205', '1.00')], { document: { number: 'No. 7' } }))
      .thenBooks(['BudgetTransferred', { document: { number: 'No. 7' } }]);
  });

  it.each(
    rows(`
      reason          | number | date       | exempt | why
      ORDINARY        | No. 7  | 2024-02-01 | false  | no reason to exempt
      NATIONAL_POLICY | No. 7  | 2024-02-01 | true   | documented
      FORCE_MAJEURE   | No. 7  | 2024-02-01 | true   | documented
      SUPERIOR_TASK   | No. 7  | 2024-02-01 | true   | documented
      SUPERIOR_TASK   | No. 7  |            | false  | undated
      SUPERIOR_TASK   |        | 2024-02-01 | false  | a document without a number is none
      SUPERIOR_TASK   |        |            | false  | no document
    `),
  )('%s, document %s of %s: exempt %s (rule book 2.3, 2)', (reason, number, date, exempt) => {
    const document = { number: number ?? '', ...(date ? { date: civilDate(date) } : {}) };
    const { state } = given(
      table,
      adjust('A1', [add('205', '1.00')], {
        reasonCode: reason as 'ORDINARY',
        ...(number === '' && date === '' ? {} : { document }),
      }),
    );
    expect(state.adjustments.get('A1')?.effects[0]?.facet?.exempt).toBe(exempt === 'true');
  });

  it('keep the origin year of transferred carry-over', () => {
    const { state } = given(
      table,
      carryOver('C1', '205', '9.00'),
      adjust('A1', [transfer('205', '206', '9.00', { originYear: 2023 })]),
    );
    expect(state.lines.get('206')?.byOrigin.get(2023)?.budget).toBe(yuan('9.00'));
    expect(state.lines.get('205')?.byOrigin.get(2023)?.budget).toBe(yuan('0.00'));
  });
});

describe('the table of the year', () => {
  it('prints carry-over inside its amounts (rule book 13, 9)', () => {
    given(openLine('205'), carryOver('C1', '205', '7.00'))
      .when(
        approved(
          { '205': '93.00' },
          {
            projectFen: yuan('100.00'),
            income: [
              { source: 'general-public', fen: yuan('93.00') },
              { source: 'carry-over', fen: yuan('7.00') },
            ],
          },
        ),
      )
      .thenBooks(['BudgetApproved', {}], ['BudgetLineApproved', {}]);
  });

  it('can be withdrawn and approved anew, also when money moved before it', () => {
    given(
      openLine('205'),
      pay('V1', '205', '5.00', on('01-01')),
      approved({ '205': '10.00', '206': '1.00' }),
      withdraw(),
    )
      .when(approved({ '205': '11.00' }, on('01-03')))
      .thenBooks(['BudgetApproved', {}], ['BudgetLineApproved', {}])
      .leaves('205', { original: '11.00', available: '6.00' });
  });

  it('forgets the codes of a line that went with its approval', () => {
    const first = approved({ '205': { amount: '1.00', codes: { departmentEconomic: '30201' } } });
    const { state } = given(first, withdraw(), approved({ '205': '1.00' }, on('01-03')));
    expect(state.lines.get('205')?.codes).toEqual([{ from: '2024-01-03', codes: {} }]);
  });

  it('keeps the date on the paper of an approval booked late', () => {
    given(openLine('205'), seal('01-31'))
      .when(approved({ '205': '1.00' }, { ...on('02-01'), belongsTo: civilDate('2024-01-20') }))
      .thenBooks(
        ['BudgetApproved', { on: '2024-02-01', belongsTo: '2024-01-20' }],
        ['BudgetLineApproved', { on: '2024-02-01', belongsTo: '2024-01-20' }],
      );
  });

  it('gives a line its codes from their dates on; before the first there is the first', () => {
    const { state } = given(
      table,
      reclassifyLine('205', '30201', on('03-01')),
      reclassifyLine('205', '30211', on('05-01')),
    );
    const line = state.lines.get('205');
    const codes = ['2023-12-31', '2024-02-29', '2024-03-01', '2024-04-30', '2024-05-01'].map((date) =>
      line === undefined ? undefined : lineCodeAt(line, civilDate(date)),
    );
    expect(codes).toEqual(['', '', '30201', '30201', '30211']);
  });

  it('may plan months that end elsewhere than the budget', () => {
    given(table)
      .when(plan('205', Array<string>(12).fill('500.00')))
      .thenBooks(['PaymentPlanSet', {}]);
  });
});

describe('close and surplus', () => {
  it('basic expenditure is always carry-over and overdrawn lines leave nothing (rule book 7)', () => {
    given(table, carryOver('C1', 'B01', '8.00'), pay('V1', '205', '120.00'), pay('V2', '206', '50.00'))
      .when(closeYear(undefined, on('2025-01-08')))
      .thenBooks([
        'YearClosed',
        {
          lots: [
            { line: 'B01', originYear: 2023, amount: '8.00', class: 'carry-over', reason: 'unspent' },
            { line: 'B01', originYear: 2024, amount: '40.00', class: 'carry-over', reason: 'unspent' },
          ],
        },
      ]);
  });

  it('counts closures', () => {
    given(table, closeYear(), reopenYear(), pay('V1', '205', '100.00'), pay('V2', '206', '50.00'))
      .when(closeYear())
      .thenBooks(['YearClosed', { closure: 2, lots: [{ line: 'B01' }] }]);
  });

  it('surplus is taken back after the close, once', () => {
    const closed = [table, closeYear([{ line: '205', reason: 'finished' }])] as const;
    given(...closed)
      .when(takeBack('K1', '205', '100.00', on('2025-01-10')))
      .thenBooks(['SurplusTakenBack', {}])
      .leaves('205', { budget: '100.00', available: '0.00' });
    given(...closed, takeBack('K1', '205', '100.00', on('2025-01-10')))
      .when(takeBack('K2', '205', '0.01', on('2025-01-10')))
      .thenRejects('LOT_TOO_SMALL', { lot: '0.00' });
  });
});

describe('amounts at the edge of the exact range', () => {
  const most = '22517998136852.47';

  it('an entry that fills the range can be reversed, and then nothing more is booked', () => {
    given(openLine('205'), pay('V1', '205', most))
      .when(reversePayment('V1'))
      .thenBooks(['PaymentReversed', {}])
      .leaves('205', { paid: '0.00' });
    given(openLine('205'), pay('V1', '205', most), reversePayment('V1'))
      .when(pay('V2', '205', '0.01'))
      .thenRejects('TOTAL_OUT_OF_RANGE');
  });

  it('corrections without end are refused before a sum leaves the range', () => {
    let before: BudgetCommand[] = [openLine('205'), pay('V1', '205', '9000000000000.00', { departmentEconomic: '0' })];
    const refusedAt = Array.from({ length: 9 }, (_, index) => index + 1).find((index) => {
      const correction = reclassifyPayment('V1', String(index));
      try {
        before = [...before, correction];
        given(...before);
        return false;
      } catch (error) {
        expect(String(error)).toContain('TOTAL_OUT_OF_RANGE');
        return true;
      }
    });
    expect(refusedAt).toBe(3);
  });
});

describe('a seal keeps reports', () => {
  const report = { kind: 'lines', scope: 'all', sha256: 'a'.repeat(64), canonicalJson: '{}' };
  const sealed = (...reports: readonly (typeof report)[]) => ({ ...seal('06-30'), reports });

  it('as they are given', () => {
    const reports = [report, { ...report, kind: 'rates' }];
    given(table)
      .when(sealed(...reports))
      .thenBooks(['PeriodSealed', { through: '2024-06-30', reports }]);
  });

  it.each<[string, readonly (typeof report)[], RegExp]>([
    ['without a digest', [{ ...report, sha256: 'a' }], /lines all has no SHA-256/],
    ['that are too long', [{ ...report, canonicalJson: '长'.repeat(87_382) }], /lines all has 262146 bytes/],
    ['two of one name', [report, report], /one name/],
  ])('but none %s: that is a fault of the program', (_what, reports, message) => {
    expect(() => given(table).when(sealed(...reports))).toThrow(message);
  });
});
