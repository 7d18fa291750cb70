import { describe, expect, it } from '@jest/globals';
import { cellName, columnName, columnNumber, parseCellName, parseRange } from './cells.js';
import { movedFormula } from './shared-formulas.js';

describe('a formula moved down by one row and right by two columns', () => {
  it.each([
    ['A1+B2', 'C2+D3', ''],
    ['$A1+A$1+$A$1', '$A2+C$1+$A$1', 'what is fixed stays'],
    ['SUM(A1:B9)', 'SUM(C2:D10)', ''],
    ['LOG10(A1)', 'LOG10(C2)', 'LOG10 is a function, not a cell'],
    ['"A1 "&A1&"""A1"', '"A1 "&C2&"""A1"', 'texts are not touched'],
    ["'A1'!A1+'it''s A1'!B1", "'A1'!C2+'it''s A1'!D2", 'nor names of sheets'],
    ['表A1!A1+合计A1', '表A1!C2+合计A1', 'nor other names'],
    ['Table1[A1]+A1_x+x.A1', 'Table1[A1]+A1_x+x.A1', ''],
    ['1E5+A1*2', '1E5+C2*2', 'nor exponents'],
    ['XFD1', '#REF!', 'there is no column behind XFD'],
    ['A1048576', '#REF!', 'nor a row below the last'],
  ])('%s → %s %s', (formula, moved) => {
    expect(movedFormula(formula, 1, 2)).toBe(moved);
  });

  it('up and left beyond the first cell leads nowhere', () => {
    expect(movedFormula('B2+A2+B1', -1, -1)).toBe('A1+#REF!+#REF!');
  });
});

describe('the name of a cell', () => {
  it.each([
    [0, 0, 'A1'],
    [6, 2, 'C7'],
    [0, 25, 'Z1'],
    [0, 26, 'AA1'],
    [0, 701, 'ZZ1'],
    [0, 702, 'AAA1'],
    [1_048_575, 16_383, 'XFD1048576'],
  ])('in row %d and column %d is %s', (row, column, name) => {
    expect(cellName(row, column)).toBe(name);
    expect(parseCellName(name)).toEqual({ row, column });
  });

  it.each(['', 'A', '1', 'a1', 'A0', 'A01', 'XFE1', 'A1048577', '$A$1', 'A1B'])('is not %j', (name) => {
    expect(parseCellName(name)).toBeUndefined();
  });

  it('counts all columns once', () => {
    const names = Array.from({ length: 16_384 }, (_, column) => columnName(column));
    expect(new Set(names).size).toBe(16_384);
    expect(names.map(columnNumber)).toEqual(names.map((_, column) => column));
  });

  it.each(['A1:', 'B1:A1', 'A2:A1', 'A1:B2:C3', 'A:B'])('makes no range %j', (range) => {
    expect(parseRange(range)).toBeUndefined();
  });
});
