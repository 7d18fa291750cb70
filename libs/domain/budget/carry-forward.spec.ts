/** What a close carried over, as the next year books it: which line, which entry, and what a second closure changes. */
import { describe, expect, it } from '@jest/globals';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { decide } from '#domain/budget/decide.js';
import {
  approved,
  carriedLot as lot,
  carryForward,
  carryOver,
  closeYear,
  given,
  on,
  openLine,
  pay,
  reviseCarryOver,
  seal,
} from '#domain/budget/specification.js';

const SECOND = { closure: 2 };
/** What is carried in, by line and carry-over id. */
const carried = (...commands: readonly BudgetCommand[]): readonly string[] =>
  [...given(...commands).state.carryOvers].map(([id, { line, fen }]) => `${id} ${line} ${fen / 100}`);

describe('a carry-over lot goes', () => {
  it('to the line that the close named', () => {
    given(openLine('P01'), openLine('P07'))
      .when(carryForward([lot('P01', '5.00', { toLine: 'P07' })]))
      .thenBooks([
        'CarryOverBroughtForward',
        {
          on: '2024-01-01',
          carryOverId: 'JZ2024-P01-2023',
          line: 'P07',
          originLine: 'P01',
          originYear: 2023,
          amount: '5.00',
          source: { stream: 'budget-U1-2023', revision: 101, closure: 1 },
        },
      ])
      .leaves('P07', { 'carry-over-in': '5.00', budget: '5.00' });
  });

  it('to a named line that is opened for it', () => {
    given()
      .when(carryForward([lot('P01', '5.00', { toLine: 'P07' })]))
      .thenBooks(
        ['BudgetLineOpened', { line: 'P07', name: 'Line P01', fund: 'general-public', expenditure: 'project' }],
        ['CarryOverBroughtForward', { line: 'P07' }],
      );
  });

  it('to the line of the same id, name, fund and kind', () => {
    given(openLine('P01'), openLine('P02', { name: 'Line P01' }))
      .when(carryForward([lot('P01', '5.00')]))
      .thenBooks(['CarryOverBroughtForward', { line: 'P01' }]);
  });

  it.each([
    ['has another name', { name: 'Other' }],
    ['has another fund', { fund: 'government-funds' }],
    ['is of another kind', { expenditure: 'basic' }],
  ] as const)('else, when that one %s, to the only line of its name, fund and kind', (_why, other) => {
    given(openLine('P01', other), openLine('P04', { name: 'Line P01' }))
      .when(carryForward([lot('P01', '5.00')]))
      .thenBooks(['CarryOverBroughtForward', { line: 'P04' }]);
  });

  it('else to a line opened in the same append, with its codes and its id', () => {
    given()
      .when(carryForward([lot('P01', '5.00', { codes: { departmentEconomic: '30216' } })]))
      .thenBooks(
        [
          'BudgetLineOpened',
          { on: '2024-01-01', line: 'P01', name: 'Line P01', codes: { departmentEconomic: '30216' } },
        ],
        ['CarryOverBroughtForward', { line: 'P01' }],
      );
  });

  it('to a line with another id when its own is taken, always the same one', () => {
    const taken = [openLine('P01', { name: 'Other' }), openLine('P01-2023', { name: 'Another' })];
    given(...taken)
      .when(carryForward([lot('P01', '5.00')]))
      .thenBooks(['BudgetLineOpened', { line: 'P01-2023-2' }], ['CarryOverBroughtForward', { line: 'P01-2023-2' }]);
    given(...taken, openLine('P01-2023-2', { name: 'Line P01' }), openLine('P09', { name: 'Line P01' }))
      .when(carryForward([lot('P01', '5.00')]))
      .thenBooks(['CarryOverBroughtForward', { line: 'P01-2023-2' }]);
  });

  it('not to a namesake that another lot finds under its own id', () => {
    given(openLine('P01', { name: 'Repair' }))
      .when(carryForward([lot('P02', '1.00', { name: 'Repair' }), lot('P01', '2.00', { name: 'Repair' })]))
      .thenBooks(
        ['BudgetLineOpened', { line: 'P02' }],
        ['CarryOverBroughtForward', { line: 'P02', amount: '1.00' }],
        ['CarryOverBroughtForward', { line: 'P01', amount: '2.00' }],
      );
  });

  it('with the other lots of its line, each under its own number', () => {
    const basic = { expenditure: 'basic' } as const;
    given()
      .when(carryForward([lot('B01', '1.00', { ...basic, originYear: 2022 }), lot('B01', '2.00', basic)]))
      .thenBooks(
        ['BudgetLineOpened', { line: 'B01', expenditure: 'basic' }],
        ['CarryOverBroughtForward', { carryOverId: 'JZ2024-B01-2022', originYear: 2022 }],
        ['CarryOverBroughtForward', { carryOverId: 'JZ2024-B01-2023', originYear: 2023 }],
      );
  });
});

describe('a carry-over is dated', () => {
  it('on 1 January; in a sealed period on the first open date, with 1 January as what it belongs to', () => {
    given(openLine('P01'), seal('06-30'))
      .when(carryForward([lot('P01', '5.00')]))
      .thenBooks(['CarryOverBroughtForward', { on: '2024-07-01', belongsTo: '2024-01-01' }]);
  });

  it('no earlier than what it corrects', () => {
    given(carryForward([lot('P01', '5.00')]), reviseCarryOver('JZ2024-P01-2023', '4.00', on('03-01')))
      .when(carryForward([lot('P01', '6.00')], SECOND))
      .thenBooks(['CarryOverRevised', { on: '2024-03-01', from: '4.00', to: '6.00' }]);
  });
});

describe('a second closure', () => {
  const first = carryForward([lot('P01', '5.00'), lot('P02', '3.00'), lot('P03', '2.00')]);

  it('revises what changed, takes back what vanished, brings what is new, and cites itself', () => {
    const source = { stream: 'budget-U1-2023', revision: 102, closure: 2 };
    given(first)
      .when(carryForward([lot('P01', '4.00'), lot('P02', '3.00'), lot('P04', '1.00')], SECOND))
      .thenBooks(
        ['BudgetLineOpened', { line: 'P04' }],
        ['CarryOverRevised', { carryOverId: 'JZ2024-P03-2023', from: '2.00', to: '0.00', source }],
        ['CarryOverRevised', { carryOverId: 'JZ2024-P01-2023', from: '5.00', to: '4.00', source }],
        ['CarryOverBroughtForward', { carryOverId: 'JZ2024-P04-2023', amount: '1.00', source }],
      );
  });

  it('gives money back to the number that it had', () => {
    given(first, carryForward([lot('P01', '5.00')], SECOND))
      .when(carryForward([lot('P01', '5.00'), lot('P02', '7.00')], { closure: 3 }))
      .thenBooks(['CarryOverRevised', { carryOverId: 'JZ2024-P02-2023', from: '0.00', to: '7.00' }]);
  });

  it('leaves money on the line to which it was brought, and moves it when the close names another', () => {
    const before = [carryForward([lot('P01', '5.00', { toLine: 'P07' })])];
    given(...before)
      .when(carryForward([lot('P01', '6.00')], SECOND))
      .thenBooks(['CarryOverRevised', { from: '5.00', to: '6.00' }])
      .leaves('P07', { budget: '6.00' });
    given(...before)
      .when(carryForward([lot('P01', '6.00', { toLine: 'P08' })], SECOND))
      .thenBooks(
        ['BudgetLineOpened', { line: 'P08' }],
        ['CarryOverRevised', { carryOverId: 'JZ2024-P01-2023', from: '5.00', to: '0.00' }],
        ['CarryOverBroughtForward', { carryOverId: 'JZ2024-P01-2023-2', line: 'P08', amount: '6.00' }],
      );
  });

  it('may leave a line overdrawn', () => {
    given(first, pay('V1', 'P01', '5.00'))
      .when(carryForward([lot('P01', '1.00')], SECOND))
      .leaves('P01', { available: '-4.00' });
  });
});

describe('a repeated delivery', () => {
  const command = carryForward([lot('P01', '5.00'), lot('P02', '3.00')]);

  it('changes nothing', () => void given(command).when(command).thenNothing());
  it('changes nothing in a year that is closed by now', () =>
    void given(command, closeYear()).when(command).thenNothing());
  it('leaves what a person revised since', () =>
    void given(command, reviseCarryOver('JZ2024-P01-2023', '1.00')).when(command).thenNothing());
});

describe('a carry-over that was entered by hand or from a table', () => {
  it('is confirmed and gets its source', () => {
    given(openLine('P01'), carryOver('C1', 'P01', '5.00'))
      .when(carryForward([lot('P01', '5.00')]))
      .thenBooks(['CarryOverRevised', { carryOverId: 'C1', from: '5.00', to: '5.00', source: { closure: 1 } }])
      .leaves('P01', { 'carry-over-in': '5.00' });
  });

  it('is put right', () => {
    given(openLine('P01'), carryOver('C1', 'P01', '5.00'))
      .when(carryForward([lot('P01', '7.00')]))
      .thenBooks(['CarryOverRevised', { carryOverId: 'C1', from: '5.00', to: '7.00' }])
      .leaves('P01', { 'carry-over-in': '7.00' });
  });

  it('gives way on its line, when it says that it comes from another line', () => {
    const renamed = openLine('P07', { name: 'Line P01' });
    given(renamed, carryOver('C1', 'P07', '5.00'))
      .when(carryForward([lot('P01', '7.00')]))
      .thenBooks(
        ['CarryOverRevised', { carryOverId: 'C1', from: '5.00', to: '0.00' }],
        ['CarryOverBroughtForward', { line: 'P07', originLine: 'P01', amount: '7.00' }],
      )
      .leaves('P07', { 'carry-over-in': '7.00' });
  });

  it('stays on the line where a person put it', () => {
    const moved = { ...carryOver('C1', 'P05', '5.00') };
    const entry = { ...moved, carryOvers: moved.carryOvers.map((one) => ({ ...one, originLine: 'P01' })) };
    given(openLine('P01'), openLine('P05'), entry)
      .when(carryForward([lot('P01', '7.00')]))
      .thenBooks(['CarryOverRevised', { carryOverId: 'C1', to: '7.00' }])
      .leaves('P05', { budget: '7.00' });
  });

  it('is taken back where the close names another line', () => {
    given(openLine('P01'), openLine('P05'), carryOver('C1', 'P01', '5.00'))
      .when(carryForward([lot('P01', '7.00', { toLine: 'P05' })]))
      .thenBooks(
        ['CarryOverRevised', { carryOverId: 'C1', from: '5.00', to: '0.00' }],
        ['CarryOverBroughtForward', { line: 'P05', amount: '7.00' }],
      );
  });

  it('of another year, or of money that the close does not carry over, is left alone', () => {
    expect(
      carried(
        openLine('P01'),
        carryOver('C1', 'P01', '5.00', 2022),
        openLine('P02'),
        carryOver('C2', 'P02', '1.00'),
        carryForward([lot('P01', '7.00')]),
      ),
    ).toEqual(['C1 P01 5', 'C2 P02 1', 'JZ2024-P01-2023 P01 7']);
  });
});

describe('a plan approved after the close', () => {
  const opened = carryForward([lot('P01', '7.00')]);
  const plan = (more: object) => approved({ P01: { amount: '10.00' } }, more);
  const income = (...sources: readonly (readonly ['general-public' | 'carry-over', number])[]) => ({
    income: sources.map(([source, fen]) => ({ source, fen })),
  });

  it('counts what was carried over, when its document prints it', () => {
    given(opened)
      .when(plan({ projectFen: 1_700, ...income(['general-public', 1_000], ['carry-over', 700]) }))
      .leaves('P01', { budget: '17.00' });
    given(opened)
      .when(plan({ projectFen: 1_600, ...income(['general-public', 1_000], ['carry-over', 600]) }))
      .thenRejects('TOTALS_DIFFER', { what: 'income carry-over' });
  });

  it('may be older than the close and print none', () => {
    given(opened)
      .when(plan({ projectFen: 1_000, ...income(['general-public', 1_000]) }))
      .leaves('P01', { budget: '17.00' });
    given(openLine('P01'), carryOver('C1', 'P01', '7.00'))
      .when(plan({ projectFen: 1_000, ...income(['general-public', 1_000]) }))
      .thenRejects('TOTALS_DIFFER');
  });
});

describe('a close of thousands of lines', () => {
  it('has its lines opened before, so many in each append, with the money in one', () => {
    const lots = Array.from({ length: 5 }, (_, index) => lot(`P0${index}`, '1.00', { name: 'Same' }));
    const { source } = carryForward([]);
    const open = { type: 'OpenCarriedLines', ...on('01-01'), source, lots, most: 2 } as const;
    const { state } = given(open, open, open, open);
    expect([...state.lines.keys()]).toEqual(['P00', 'P01', 'P02', 'P03', 'P04']);
    const decision = decide(carryForward(lots), state);
    expect(decision.accepted && decision.events.map(({ type }) => type)).toEqual(
      lots.map(() => 'CarryOverBroughtForward'),
    );
  });
});
