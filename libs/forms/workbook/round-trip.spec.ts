/** What is written is read back, by our reader and by others. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import readExcelFile from 'read-excel-file/node';
import type { Workbook } from './cells.js';
import { readWorkbook } from './read-workbook.js';
import type { SheetLayout } from './sheet-layout.js';
import { writeWorkbook } from './write-workbook.js';
import { forbiddenCharacter } from './xml-text.js';

const STYLES = {
  title: { font: '黑体', size: 16, bold: true, horizontal: 'center' },
  text: { border: 'thin', wrap: true },
  amount: { border: 'thin', horizontal: 'right', format: '#,##0.00' },
  typed: { border: 'thin', format: '@' },
} as const;
type Style = keyof typeof STYLES;

const sheet = (rows: SheetLayout<Style>['rows'], more: Partial<SheetLayout<Style>> = {}): SheetLayout<Style> => ({
  name: '自评表',
  styles: STYLES,
  rows,
  ...more,
});

const read = (bytes: Uint8Array): Workbook => {
  const { content, problems } = readWorkbook(bytes);
  expect(problems).toEqual([]);
  return content!;
};
/** Values without the empty cells at the end of a row and the empty rows at the end. */
const valuesOf = ({ sheets }: Workbook, index = 0) =>
  sheets[index]!.rows.map((row) => Array.from(row, (cell) => cell?.value ?? null));

/** The same of a layout. */
function trimmed(rows: SheetLayout['rows']): (string | number | null)[][] {
  const values = rows.map((row) => {
    const cells = Array.from(row, (cell) => cell?.value ?? null);
    return cells.slice(0, cells.findLastIndex((value) => value !== null) + 1);
  });
  return values.slice(0, values.findLastIndex((row) => row.length > 0) + 1);
}

const canBeWritten = (text: string): boolean => forbiddenCharacter(text) === undefined;
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter(canBeWritten),
  fc.constantFrom(
    '',
    ' ',
    '=A1',
    '+1',
    '-1',
    '@x',
    '\t',
    '\r\n',
    '_x000D_',
    '_x005F_',
    '<&>"\'',
    ']]>',
    '&amp;',
    '第一行\n第二行',
  ),
);
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const anyCell = fc.option(
  fc.record({
    value: fc.oneof(anyText, anyNumber, fc.integer(), fc.constant(null)),
    style: fc.constantFrom<Style>('title', 'text', 'amount', 'typed'),
  }),
  { nil: undefined },
);
const anyName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  .filter((name) => name.length <= 31 && !/[[\]:*?/\\]|^'|'$/.test(name) && canBeWritten(name))
  .map((name) => name.toLowerCase())
  .filter((name) => name.trim() === name && name !== '');
/** Merged cells lie below the values, so that none is hidden. */
const anySheet = fc
  .record({
    name: anyName,
    rows: fc.array(fc.array(anyCell, { maxLength: 5 }), { maxLength: 6 }),
    merges: fc.array(fc.record({ right: fc.integer({ min: 1, max: 9 }), bottom: fc.integer({ min: 0, max: 2 }) }), {
      maxLength: 3,
    }),
  })
  .map(({ name, rows, merges }) =>
    sheet(rows, {
      name,
      merges: merges.map(({ right, bottom }, index) => ({
        top: rows.length + index * 3,
        left: 0,
        bottom: rows.length + index * 3 + bottom,
        right,
      })),
    }),
  );

describe('a workbook that is written', () => {
  it('is read back with its values, merged cells and names', () => {
    const bytes = writeWorkbook([
      sheet(
        [
          [{ value: '部门整体支出绩效自评表', style: 'title' }],
          [
            { value: '预算数', style: 'text' },
            { value: 215457.6, style: 'amount' },
            { value: 8.62, style: 'amount' },
          ],
          [{ value: 'a < b & "c"\n第二行', style: 'text' }],
        ],
        { merges: [{ top: 0, left: 0, bottom: 0, right: 2 }] },
      ),
      sheet([[{ value: '≥90%', style: 'typed' }]], { name: '监控表' }),
    ]);
    const workbook = read(bytes);
    expect(workbook.sheets.map(({ name, hidden, merges }) => [name, hidden, merges])).toEqual([
      ['自评表', false, [{ top: 0, left: 0, bottom: 0, right: 2 }]],
      ['监控表', false, []],
    ]);
    expect(valuesOf(workbook)).toEqual([
      ['部门整体支出绩效自评表'],
      ['预算数', 215457.6, 8.62],
      ['a < b & "c"\n第二行'],
    ]);
    expect(valuesOf(workbook, 1)).toEqual([['≥90%']]);
  });

  it('is read back equal, whatever its values, styles, names and merged cells', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anySheet, { minLength: 1, maxLength: 3, selector: ({ name }) => name }), (sheets) => {
        const workbook = read(writeWorkbook(sheets));
        expect(workbook.sheets.map(({ name, merges }) => ({ name, merges }))).toEqual(
          sheets.map(({ name, merges }) => ({ name, merges })),
        );
        workbook.sheets.forEach((_sheet, index) => {
          expect(valuesOf(workbook, index)).toEqual(trimmed(sheets[index]!.rows));
        });
        expect(
          workbook.sheets.flatMap(({ rows }) => rows.flat()).filter((cell) => cell?.formula !== undefined),
        ).toEqual([]);
      }),
      { seed: 20260325, numRuns: 60 },
    );
  });

  it('is found the same by read-excel-file', async () => {
    const rows = [
      ['预算数', 215457.6],
      ['执行率', 0.8618],
      ['=SUM(A1:A2)', -12.5],
    ] as const;
    const bytes = writeWorkbook([sheet(rows.map((row) => row.map((value) => ({ value }))))]);
    const found = await readExcelFile(Buffer.from(bytes));
    expect(found).toEqual([{ sheet: '自评表', data: rows }]);
  });
});
