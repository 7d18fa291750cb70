import { describe, expect, it } from '@jest/globals';
import { dateOfDay, decimalText, kindOfFormat, numberKind } from './number-formats.js';

describe('the text of a number', () => {
  it.each([
    ['0', '0', ''],
    ['-0', '0', ''],
    ['00012', '12', ''],
    ['+5', '5', ''],
    ['1.50', '1.5', 'as it means, not as it is shown'],
    ['.5', '0.5', ''],
    ['5.', '5', ''],
    ['-92080000.01', '-92080000.01', ''],
    ['8.6199999999999992', '8.62', '17 digits, as Excel writes what is no binary fraction'],
    ['9.2080000000000002E7', '92080000', ''],
    ['1E-3', '0.001', ''],
    ['1.5e-10', '0.00000000015', 'never an exponent'],
    ['1E+21', '1000000000000000000000', ''],
    ['1.25E2', '125', ''],
    ['1e-999999999', '0', 'smaller than any number'],
    ['98.31999999999999', '98.32', '16 digits, as openpyxl writes what is no binary fraction'],
    ['8.619999999999999', '8.62', ''],
    ['0.9499999999999999', '0.95', ''],
    ['-206142.2399999999', '-206142.24', 'Excel shows the first 15 digits of it'],
    ['0.30000000000000004', '0.3', '0.1 + 0.2: the noise is behind the digits that are shown'],
    ['123456789.12000001', '123456789.12', 'the same in a large sum'],
    ['90071992547409.91', '90071992547409.91', '16 digits that may be meant'],
    ['0.3333333333333333', '0.3333333333333333', 'a third has no end: nothing is cut'],
    ['9007199254740993', '9007199254740993', 'a number of an account stays whole'],
    ['123456789012345678901', '123456789012345678901', ''],
  ])('%s → %s %s', (source, text) => {
    expect(decimalText(source)).toBe(text);
  });
});

describe('the day of a number', () => {
  it.each([
    [1, false, '1900-01-01'],
    [59, false, '1900-02-28'],
    [60, false, undefined],
    [61, false, '1900-03-01'],
    [45_747, false, '2025-03-31'],
    [45_747.999, false, '2025-03-31'],
    [2_958_465, false, '9999-12-31'],
    [2_958_466, false, undefined],
    [0, false, undefined],
    [-1, false, undefined],
    [0, true, '1904-01-01'],
    [44_285, true, '2025-03-31'],
    [2_957_003, true, '9999-12-31'],
    [2_957_004, true, undefined],
  ])('%d (since 1904: %s) → %s', (serial, since1904, date) => {
    expect(dateOfDay(serial, since1904)).toBe(date);
  });
});

describe('a format', () => {
  it.each([
    ['General', 'number'],
    ['G/通用格式', 'number'],
    ['0.00', 'number'],
    ['#,##0.00_ ;[Red]\\-#,##0.00\\ ', 'number'],
    ['0.00"day"', 'number'],
    ['0.00\\d', 'number'],
    ['_y0', 'number'],
    ['[Yellow]0', 'number'],
    ['@', 'number'],
    ['h:mm:ss', 'number'],
    ['[h]:mm', 'number'],
    ['上午/下午h"时"mm"分"', 'number'],
    ['0%', 'percent'],
    ['[$-804]0.0%;[Red]-0.0%', 'percent'],
    ['0"%"', 'number'],
    ['yyyy-mm-dd', 'date'],
    ['YYYY/M/D', 'date'],
    ['yyyy"年"m"月"d"日"', 'date'],
    ['[$-804]yyyy"年"m"月";@', 'date'],
    ['m"月"', 'date'],
    ['m/d/yy h:mm', 'date'],
  ])('%s is a %s', (code, kind) => {
    expect(kindOfFormat(code)).toBe(kind);
  });

  it.each([
    [0, 'number'],
    [2, 'number'],
    [9, 'percent'],
    [10, 'percent'],
    [14, 'date'],
    [20, 'number'],
    [22, 'date'],
    [31, 'date'],
    [32, 'number'],
    [46, 'number'],
    [57, 'date'],
    [99, 'number'],
  ])('number %d, which no file spells out, is a %s', (id, kind) => {
    expect(numberKind(id, new Map())).toBe(kind);
  });

  it('that a file spells out is what it says, whatever its number', () => {
    expect(numberKind(14, new Map([[14, '0.00']]))).toBe('number');
  });
});
