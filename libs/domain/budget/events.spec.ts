import { describe, expect, it } from '@jest/globals';
import type { BudgetCommand } from '#domain/budget/commands.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import {
  YEAR,
  add,
  adjust,
  approved,
  cancelRequest,
  carryOver,
  closeYear,
  cut,
  freeze,
  given,
  lot,
  on,
  openLine,
  pay,
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
  reverseTakeBack,
  reviseCarryOver,
  seal,
  takeBack,
  transfer,
  withdraw,
} from '#domain/budget/specification.js';
import type { BudgetState } from '#domain/budget/state.js';

const table = approved({ '205': '100.00', '206': '50.00' });
const flat = Array.from({ length: 12 }, () => '10.00');

interface Happy {
  readonly given: readonly BudgetCommand[];
  readonly when: BudgetCommand;
  readonly then: readonly (readonly [BudgetEvent['type'], Readonly<Record<string, unknown>>])[];
  /** Money of a line afterwards. */
  readonly leaves?: readonly [line: string, amounts: Readonly<Record<string, string>>];
  /** What the event changes besides money. */
  readonly state?: (state: BudgetState) => unknown;
  readonly is?: unknown;
}

/** The way each event comes about and what it does; the compiler names an event that is missing. */
const HAPPY: Readonly<Record<BudgetEvent['type'], Happy>> = {
  BudgetApproved: {
    given: [],
    when: approved({ '205': '100.00' }, { dateAssumed: true, carryOvers: [lot('C1', '205', '7.00')] }),
    then: [
      ['BudgetApproved', { basic: '0.00', project: '107.00', dateAssumed: true }],
      ['BudgetLineApproved', { line: '205' }],
      ['CarryOverBroughtForward', { carryOverId: 'C1' }],
    ],
    leaves: ['205', { budget: '107.00' }],
    state: ({ approval }) => approval?.on,
    is: '2024-01-01',
  },
  BudgetLineApproved: {
    given: [],
    when: approved({ '205': { amount: '100.00', economic: [] }, '206': '0.00' }),
    then: [
      ['BudgetApproved', {}],
      ['BudgetLineApproved', { line: '205', original: '100.00' }],
      ['BudgetLineApproved', { line: '206', original: '0.00' }],
    ],
    leaves: ['205', { original: '100.00', budget: '100.00', available: '100.00' }],
  },
  BudgetApprovalWithdrawn: {
    given: [openLine('205'), table],
    when: withdraw(),
    then: [['BudgetApprovalWithdrawn', { reason: 'wrong file' }]],
    leaves: ['205', { original: '0.00', available: '0.00' }],
    state: ({ approval, lines }) => [approval, lines.get('205')?.live, lines.get('206')?.live],
    is: [undefined, true, false],
  },
  BudgetLineOpened: {
    given: [],
    when: openLine('205', { codes: { departmentEconomic: '30201' } }),
    then: [['BudgetLineOpened', { line: '205', fund: 'general-public' }]],
    leaves: ['205', { budget: '0.00' }],
  },
  BudgetLineReclassified: {
    given: [table],
    when: reclassifyLine('205', '30211'),
    then: [['BudgetLineReclassified', { line: '205', codes: { departmentEconomic: '30211' } }]],
    state: ({ lines }) => lines.get('205')?.codes.at(-1),
    is: { from: '2024-03-01', codes: { departmentEconomic: '30211' } },
  },
  CarryOverBroughtForward: {
    given: [table],
    when: carryOver('C1', '205', '30.00', 2023),
    then: [['CarryOverBroughtForward', { carryOverId: 'C1', originYear: 2023, amount: '30.00' }]],
    leaves: ['205', { original: '100.00', 'carry-over-in': '30.00', budget: '130.00' }],
  },
  CarryOverRevised: {
    given: [table, carryOver('C1', '205', '30.00'), pay('V1', '205', '120.00')],
    when: reviseCarryOver('C1', '10.00'),
    then: [['CarryOverRevised', { from: '30.00', to: '10.00' }]],
    leaves: ['205', { 'carry-over-in': '10.00', available: '-10.00' }],
  },
  BudgetAdded: {
    given: [table],
    when: adjust('A1', [add('205', '20.00')]),
    then: [['BudgetAdded', { adjustmentId: 'A1', amount: '20.00', reasonCode: 'ORDINARY' }]],
    leaves: ['205', { added: '20.00', budget: '120.00' }],
  },
  BudgetCut: {
    given: [table],
    when: adjust('A1', [cut('205', '100.00')]),
    then: [['BudgetCut', { line: '205', amount: '100.00' }]],
    leaves: ['205', { cut: '100.00', budget: '0.00' }],
  },
  BudgetTransferred: {
    given: [table],
    when: adjust('A1', [transfer('205', '206', '40.00')]),
    then: [['BudgetTransferred', { from: '205', to: '206', amount: '40.00' }]],
    leaves: ['206', { 'transferred-in': '40.00', budget: '90.00' }],
  },
  AdjustmentReversed: {
    given: [table, adjust('A1', [transfer('205', '206', '40.00'), add('205', '5.00')])],
    when: reverseAdjustment('A1', on('04-01')),
    then: [['AdjustmentReversed', { adjustmentId: 'A1' }]],
    leaves: ['205', { added: '0.00', 'transferred-out': '0.00', budget: '100.00' }],
  },
  BudgetFrozen: {
    given: [table],
    when: freeze('F1', '205', '60.00'),
    then: [['BudgetFrozen', { freezeId: 'F1' }]],
    leaves: ['205', { frozen: '60.00', budget: '100.00', available: '40.00' }],
  },
  BudgetReleased: {
    given: [table, freeze('F1', '205', '60.00'), release('F1', '10.00')],
    when: release('F1'),
    then: [['BudgetReleased', { freezeId: 'F1', line: '205', amount: '50.00' }]],
    leaves: ['205', { frozen: '0.00', available: '100.00' }],
  },
  PaymentPlanSet: {
    given: [table],
    when: plan('205', flat),
    then: [['PaymentPlanSet', { line: '205', cumulative: flat }]],
    state: ({ moved }) => moved,
    is: true,
  },
  PaymentRequested: {
    given: [table],
    when: requestPayment('205', '100.00'),
    then: [['PaymentRequested', { requestId: 'R1', line: '205', amount: '100.00' }]],
    leaves: ['205', { requested: '100.00', available: '0.00' }],
  },
  PaymentRequestCancelled: {
    given: [table, requestPayment('205', '80.00'), pay('V1', '205', '30.00', { requestId: 'R1' })],
    when: cancelRequest(),
    then: [['PaymentRequestCancelled', { requestId: 'R1', line: '205', amount: '50.00' }]],
    leaves: ['205', { requested: '0.00', paid: '30.00', available: '70.00' }],
  },
  PaymentExecuted: {
    given: [table],
    when: pay('V1', '205', '120.00'),
    then: [['PaymentExecuted', { voucherNo: 'V1', amount: '120.00', overdrawn: true, beforeApproval: false }]],
    leaves: ['205', { paid: '120.00', available: '-20.00' }],
  },
  PaymentReturned: {
    given: [table, pay('V1', '205', '30.00')],
    when: returnPayment('T1', 'V1', '10.00'),
    then: [['PaymentReturned', { returnNo: 'T1', voucherNo: 'V1', amount: '10.00', kind: 'passive' }]],
    leaves: ['205', { paid: '20.00', available: '80.00' }],
  },
  PaymentReturnReversed: {
    given: [table, pay('V1', '205', '30.00'), returnPayment('T1', 'V1', '10.00')],
    when: reverseReturn('T1'),
    then: [['PaymentReturnReversed', { returnNo: 'T1' }]],
    leaves: ['205', { paid: '30.00' }],
  },
  PaymentReclassified: {
    given: [table, pay('V1', '205', '30.00', { departmentEconomic: '30201' })],
    when: reclassifyPayment('V1', '30211'),
    then: [['PaymentReclassified', { voucherNo: 'V1', fromCode: '30201', toCode: '30211' }]],
    leaves: ['205', { paid: '30.00' }],
    state: ({ vouchers }) => vouchers.get('V1')?.shares.map(({ economic }) => economic),
    is: ['30211'],
  },
  PaymentReattributed: {
    given: [table, pay('V1', '205', '30.00')],
    when: reattribute('V1', '205', '206', { amount: '20.00' }),
    then: [['PaymentReattributed', { voucherNo: 'V1', fromLine: '205', toLine: '206', amount: '20.00' }]],
    leaves: ['206', { paid: '20.00', available: '30.00' }],
  },
  PaymentReversed: {
    given: [table, pay('V1', '205', '30.00'), returnPayment('T1', 'V1', '10.00')],
    when: reversePayment('V1'),
    then: [['PaymentReversed', { voucherNo: 'V1' }]],
    leaves: ['205', { paid: '0.00', available: '100.00' }],
  },
  PeriodSealed: {
    given: [table],
    when: seal('06-30', on('07-10')),
    then: [['PeriodSealed', { through: '2024-06-30', on: '2024-07-10', reports: [] }]],
    state: ({ seals }) => seals,
    is: ['2024-06-30'],
  },
  PeriodReopened: {
    given: [table, seal('03-31'), seal('06-30')],
    when: reopen('06-30'),
    then: [['PeriodReopened', { through: '2024-06-30' }]],
    state: ({ seals }) => seals,
    is: ['2024-03-31'],
  },
  YearClosed: {
    given: [table, carryOver('C1', '206', '8.00'), pay('V1', '205', '30.00')],
    when: closeYear([{ line: '205', reason: 'finished' }]),
    then: [
      [
        'YearClosed',
        {
          closure: 1,
          lots: [
            { line: '205', originYear: 2024, amount: '70.00', class: 'surplus', reason: 'finished' },
            { line: '206', originYear: 2023, amount: '8.00', class: 'surplus', reason: 'two-years' },
            { line: '206', originYear: 2024, amount: '50.00', class: 'carry-over', reason: 'unspent' },
          ],
        },
      ],
    ],
    state: ({ closed }) => [closed?.on, closed?.lots.length],
    is: ['2024-12-31', 3],
  },
  YearReopened: {
    given: [table, closeYear()],
    when: reopenYear(),
    then: [['YearReopened', { closure: 1 }]],
    state: ({ closed, closures }) => [closed, closures],
    is: [undefined, 1],
  },
  SurplusTakenBack: {
    given: [table, carryOver('C1', '205', '8.00')],
    when: takeBack('K1', '205', '8.00', { originYear: 2023 }),
    then: [['SurplusTakenBack', { takeBackId: 'K1', originYear: 2023, amount: '8.00' }]],
    leaves: ['205', { 'taken-back': '8.00', budget: '108.00', available: '100.00' }],
  },
  SurplusTakeBackReversed: {
    given: [table, takeBack('K1', '205', '8.00')],
    when: reverseTakeBack('K1'),
    then: [['SurplusTakeBackReversed', { takeBackId: 'K1' }]],
    leaves: ['205', { 'taken-back': '0.00', available: '100.00' }],
  },
};

describe('every event of a budget', () => {
  it.each(Object.keys(HAPPY) as BudgetEvent['type'][])('%s', (type) => {
    const { given: before, when, then, leaves, state, is } = HAPPY[type];
    const outcome = given(...before)
      .when(when)
      .thenBooks(...then);
    expect(then.map(([name]) => name)).toContain(type);
    if (leaves) outcome.leaves(...leaves);
    if (state) expect(state(outcome.state)).toEqual(is);
  });

  it('belongs to the year of its stream', () => expect(given().state.year).toBe(YEAR));
});
