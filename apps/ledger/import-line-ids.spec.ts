import { describe, expect, it } from '@jest/globals';
import { approved, given, openLine } from '#domain/budget/specification.js';
import type { BudgetState } from '#domain/budget/state.js';
import { fen } from '#domain/money.js';
import type { PerformanceTable, TableLine } from '#forms/table.js';
import { withLineIds } from './import-line-ids.js';

const row = (line: string, name: string, more: Partial<TableLine> = {}): TableLine => ({
  line,
  name,
  expenditure: line.startsWith('B') ? 'basic' : 'project',
  halfFen: fen(0),
  annualFen: fen(100),
  ...more,
});

/** Ids by name, and the fund where it is known, of a table whose ids mean nothing but those `named`. */
function idsOf(state: BudgetState, lines: readonly TableLine[], named: readonly string[] = []): readonly string[] {
  const numbered = new Set(lines.map(({ line }) => line).filter((line) => !named.includes(line)));
  // Only its lines are looked at.
  const table = {
    lines,
    carryOverByLine: [{ line: 'P01', originYear: 2023, fen: fen(1) }],
  } as unknown as PerformanceTable;
  const result = withLineIds(table, numbered, state);
  return [
    ...result.lines.map(({ line, name, fund }) => [line, name, fund].filter(Boolean).join(' ')),
    `P01 carries ${result.carryOverByLine?.[0]?.line}`,
  ];
}

const rows = [row('B01', 'Basic'), row('P01', 'Repair'), row('P02', 'Books')];

describe('lines of a table without ids', () => {
  it('keep their printed numbers in empty books', () =>
    expect(idsOf(given().state, rows)).toEqual(['B01 Basic', 'P01 Repair', 'P02 Books', 'P01 carries P01']));

  it('get the id, and the fund, of the line that a close opened; others skip what is taken', () => {
    const { state } = given(openLine('P02', { name: 'Repair' }), openLine('P04', { name: 'Other' }));
    expect(idsOf(state, rows)).toEqual(['B01 Basic', 'P02 Repair general-public', 'P05 Books', 'P01 carries P02']);
  });

  it('are another line when their kind or a fund that the file states differs', () => {
    const { state } = given(
      openLine('P01', { name: 'Repair' }),
      openLine('B01', { name: 'Basic', expenditure: 'project' }),
    );
    const stated = rows.map((line) => (line.name === 'Repair' ? { ...line, fund: 'government-funds' as const } : line));
    expect(idsOf(state, stated)).toEqual(['B04 Basic', 'P04 Repair government-funds', 'P02 Books', 'P01 carries P04']);
  });

  it('are not guessed among namesakes of different funds', () => {
    const { state } = given(openLine('P05', { name: 'Repair' }), openLine('P06', { name: 'Repair', fund: 'other' }));
    expect(idsOf(state, rows)).toEqual(['B01 Basic', 'P01 Repair', 'P02 Books', 'P01 carries P01']);
  });

  it('of one name are paired with lines of that name in their order', () => {
    const { state } = given(openLine('P07', { name: 'Repair' }), openLine('P03', { name: 'Repair' }));
    expect(idsOf(state, [row('P01', 'Repair'), row('P02', 'Repair'), row('P03', 'Repair')])).toEqual([
      'P07 Repair general-public',
      'P03 Repair general-public',
      // Its own number has gone to the row before it.
      'P04 Repair',
      'P01 carries P07',
    ]);
  });

  it('that the file names keep their names', () => {
    const { state } = given(openLine('P09', { name: 'Repair' }), openLine('P02', { name: 'Other' }));
    expect(idsOf(state, rows, ['P01'])).toEqual(['B01 Basic', 'P01 Repair', 'P04 Books', 'P01 carries P01']);
  });

  it('are found again once they are approved, whatever was opened since', () => {
    const plan = approved({ P02: { amount: '1.00', name: 'Repair' }, P05: { amount: '1.00', name: 'Books' } });
    const { state } = given(plan, openLine('P01', { name: 'Repair' }));
    expect(idsOf(state, rows)).toEqual(['B01 Basic', 'P02 Repair', 'P05 Books', 'P01 carries P02']);
  });
});
