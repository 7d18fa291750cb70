/** LibreOffice opens what was written: the same values, and the pages that the layout asks for. */
import { describe, expect, it, jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { convertedBy, describeOffice, pagesOf } from '../../../test/support/office.js';
import { readWorkbook } from './read-workbook.js';
import {
  relationshipsXml,
  sheetXml,
  stylesXml,
  workbookOf,
  workbookXml,
} from '../../../test/support/workbook-parts.js';
import type { PrintSetup, SheetLayout } from './sheet-layout.js';
import { writeWorkbook } from './write-workbook.js';

const STYLES = {
  title: { font: '黑体', size: 16, bold: true, horizontal: 'center' },
  text: { border: 'thin', wrap: true },
  amount: { border: 'thin', horizontal: 'right', format: '#,##0.00' },
  rate: { border: 'thin', format: '0.00%' },
  typed: { border: 'thin', format: '@' },
} as const;

// A conversion takes seconds, more beside other work, and one waits for the other.
jest.setTimeout(240_000);

describeOffice('LibreOffice', () => {
  const form: SheetLayout<keyof typeof STYLES> = {
    name: '自评表',
    styles: STYLES,
    rows: [
      [{ value: '项目支出绩效自评表', style: 'title' }],
      [
        { value: '全年预算数', style: 'text' },
        { value: 250000, style: 'amount' },
        { value: 0.8618304, style: 'rate' },
      ],
      [
        { value: '=1+1', style: 'text' },
        { value: '@SUM(A1)', style: 'typed' },
        { value: '-5', style: 'text' },
      ],
      [{ value: '第一行\n"第二行", 完', style: 'text' }, undefined, { value: '_x0041_ & <b>', style: 'text' }],
    ],
    merges: [{ top: 0, left: 0, bottom: 0, right: 2 }],
    widths: [20, 14, 14],
    heights: [30],
    print: {
      orientation: 'portrait',
      repeatRows: { first: 0, last: 0 },
      footer: { centre: '第 {page} 页，共 {pages} 页' },
    },
  };

  it('finds the same values, and every text as text', async () => {
    const csv = await convertedBy(
      writeWorkbook([form, { ...form, name: '二', rows: [[{ value: '=A1' }]], merges: [] }]),
      'csv',
    );
    expect(parse(csv)).toEqual([
      ['项目支出绩效自评表', '', ''],
      ['全年预算数', '250000', '86.18304%'],
      ['=1+1', '@SUM(A1)', '-5'],
      ['第一行\n"第二行", 完', '', '_x0041_ & <b>'],
    ]);
  });

  it('finds the second sheet too', async () => {
    const second = { ...form, name: '二', rows: [[{ value: '=A1' }, { value: 12.5 }]], merges: [] };
    const csv = await convertedBy(writeWorkbook([form, second]), 'csv', 2);
    expect(parse(csv)).toEqual([['=A1', '12.5']]);
  });

  describe('prints 104 rows of 20 points', () => {
    const long: SheetLayout<keyof typeof STYLES> = {
      ...form,
      merges: [],
      rows: Array.from({ length: 104 }, (_, row) => [{ value: `第 ${row + 1} 行`, style: 'text' }]),
      heights: Array.from({ length: 104 }, () => 20),
    };

    it.each<[pages: number, what: string, print: PrintSetup, widths?: number[]]>([
      [3, 'upright: 36 rows and some a page', { orientation: 'portrait' }],
      [5, 'across: 24 rows and some a page', { orientation: 'landscape' }],
      [3, 'across on A3, which is as high as A4 upright', { orientation: 'landscape', paper: 'A3' }],
      [4, 'with ten of them at the top of each page', { orientation: 'portrait', repeatRows: { first: 0, last: 9 } }],
      [
        1,
        'of which ten are the print area',
        { orientation: 'portrait', area: { top: 0, left: 0, bottom: 9, right: 0 } },
      ],
      [5, 'with a page begun at two of them', { orientation: 'portrait', breakBefore: [10, 20] }],
      [1, 'in three columns of a page each, scaled to one page across', { orientation: 'portrait' }, [70, 70, 70]],
      [6, 'in two columns of a page each, not scaled', { orientation: 'portrait', fitToWidth: false }, [55, 55]],
    ])('on %d pages: %s', async (pages, _what, print, widths = [20]) => {
      const rows = widths.length === 1 ? long.rows : long.rows.map(([cell]) => widths.map(() => cell));
      expect(pagesOf(await convertedBy(writeWorkbook([{ ...long, rows, widths, print }]), 'pdf'))).toBe(pages);
    });
  });

  describe('writes a workbook of its own', () => {
    const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>预算执行率</t></is></c><c r="B1" s="1"><v>45747</v></c><c r="C1" s="2"><v>0.385</v></c></row>
      <row r="3"><c r="A3"><v>0.1</v></c><c r="B3"><v>0.2</v></c><c r="C3"><f>A3+B3</f></c><c r="D3"><f>A3/0</f></c><c r="E3" t="b"><v>1</v></c></row>`;
    const original = workbookOf('', {
      'xl/worksheets/sheet1.xml': sheetXml(rows, '<mergeCells><mergeCell ref="A4:C5"/></mergeCells>'),
      'xl/styles.xml': stylesXml({}, [0, 14, 10]),
      'xl/workbook.xml': workbookXml(
        '<sheet name="表" sheetId="1" r:id="rId1"/><sheet name="藏" sheetId="2" state="hidden" r:id="rId9"/>',
      ),
      'xl/_rels/workbook.xml.rels': relationshipsXml({
        rId1: ['worksheet', 'worksheets/sheet1.xml'],
        rId3: ['styles', 'styles.xml'],
        rId9: ['worksheet', 'worksheets/sheet2.xml'],
      }),
      'xl/worksheets/sheet2.xml': sheetXml(''),
    });

    it('of which the same is read', async () => {
      const { content, problems } = readWorkbook(await convertedBy(original, 'xlsx'));
      expect(problems).toEqual([]);
      expect(content!.sheets.map(({ name, hidden }) => [name, hidden])).toEqual([
        ['表', false],
        ['藏', true],
      ]);
      const [sheet] = content!.sheets;
      expect(sheet!.merges).toEqual([{ top: 3, left: 0, bottom: 4, right: 2 }]);
      expect(sheet!.rows.map((row) => row.map((cell) => cell?.text))).toEqual([
        ['预算执行率', '2025-03-31', '38.5%'],
        [],
        ['0.1', '0.2', '0.3', '#DIV/0!', 'TRUE'],
      ]);
      // LibreOffice makes a formula of a truth value.
      expect(sheet!.rows[2]!.map((cell) => cell?.formula)).toEqual([undefined, undefined, 'A3+B3', 'A3/0', 'TRUE()']);
    });

    it.each([
      ['xls', { at: '文件', code: 'WORKBOOK_OLD_FORMAT', found: 'xls' }],
      ['ods', { at: '文件', code: 'WORKBOOK_NOT_XLSX', found: 'ods' }],
    ] as const)('which is refused as .%s', async (kind, problem) => {
      expect(readWorkbook(await convertedBy(original, kind)).problems).toEqual([problem]);
    });
  });
});
