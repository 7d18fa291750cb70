/** What is written is read back, by our reader and by others. */
import { describe, expect, it } from '@jest/globals';
import readExcelFile from 'read-excel-file/node';
import type { Workbook } from './cells.js';
import { readWorkbook } from './read-workbook.js';
import type { SheetLayout } from './sheet-layout.js';
import { writeWorkbook } from './write-workbook.js';

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
