/** What is written to the file, and what is not. */
import { describe, expect, it } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { createHash } from 'node:crypto';
import type { SheetLayout } from './sheet-layout.js';
import { writeWorkbook } from './write-workbook.js';

const sheet = (rows: SheetLayout['rows'], more: Partial<SheetLayout> = {}): SheetLayout => ({
  name: '自评表',
  styles: {
    title: { bold: true, size: 16 },
    amount: { format: '#,##0.00', border: 'thin' },
    元: { format: '0.0"元"' },
  },
  rows,
  ...more,
});
const partsOf = (layout: SheetLayout): Record<string, string> =>
  Object.fromEntries(
    Object.entries(unzipSync(writeWorkbook([layout]))).map(([name, bytes]) => [name, strFromU8(bytes)]),
  );
const sheetOf = (layout: SheetLayout): string => partsOf(layout)['xl/worksheets/sheet1.xml']!;
const value = (content: string | number | null) => sheet([[{ value: content }]]);

describe('a text that begins like a formula', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('%j is a shared text, marked as quoted', (text) => {
    const parts = partsOf(value(text));
    expect(parts['xl/worksheets/sheet1.xml']).toContain('<c r="A1" s="1" t="s"><v>0</v></c>');
    expect(parts['xl/worksheets/sheet1.xml']).not.toContain('<f');
    expect(parts['xl/styles.xml']).toMatch(/<cellXfs count="2">.*quotePrefix="1"/);
  });

  it('does not mark the style of other texts', () => {
    const parts = partsOf(
      sheet([
        [
          { value: '-1', style: 'title' },
          { value: 'a', style: 'title' },
        ],
      ]),
    );
    expect(parts['xl/styles.xml']!.match(/quotePrefix/g)).toHaveLength(1);
  });
});

describe('what no workbook can hold', () => {
  it.each<[what: string, layout: SheetLayout[], message: string]>([
    ['a control character', [value('a\u0007')], '自评表!A1: the character U+0007 cannot be written'],
    ['half of a pair', [value('\ud83d')], '自评表!A1: the character U+D83D cannot be written'],
    ['the other half', [value('a\ude00')], '自评表!A1: the character U+DE00 cannot be written'],
    ['what is no character', [value('\uffff')], '自评表!A1: the character U+FFFF cannot be written'],
    ['a text too long', [value('长'.repeat(32_768))], '自评表!A1: 32768 characters, at most 32767 fit'],
    ['no number', [value(Number.NaN)], '自评表!A1: NaN is no number of a spreadsheet'],
    ['infinity', [sheet([[], [undefined, { value: Infinity }]])], '自评表!B2: Infinity is no number of a spreadsheet'],
    ['no sheet', [], 'a workbook has one sheet at least'],
    ['two sheets of one name', [sheet([], { name: 'a' }), sheet([], { name: 'A' })], 'two sheets have the name A'],
    ['a name with a slash', [sheet([], { name: 'a/b' })], 'not a name of a sheet: "a/b"'],
    ['a long name', [sheet([], { name: '表'.repeat(32) })], 'not a name of a sheet'],
    [
      'a style that is not there',
      [sheet([[{ value: 1, style: 'toString' }]])],
      'the sheet 自评表 has no style toString',
    ],
    [
      'merged ranges that overlap',
      [
        sheet([], {
          merges: [
            { top: 0, left: 0, bottom: 1, right: 1 },
            { top: 1, left: 1, bottom: 2, right: 2 },
          ],
        }),
      ],
      '自评表!B2: in two merged ranges',
    ],
    [
      'a value behind a merged range',
      [sheet([[{ value: 1 }, { value: 2 }]], { merges: [{ top: 0, left: 0, bottom: 0, right: 1 }] })],
      '自评表!B1: hidden by the merged range at 自评表!A1',
    ],
    [
      'one cell merged',
      [sheet([], { merges: [{ top: 0, left: 0, bottom: 0, right: 0 }] })],
      '自评表!A1: not a range of cells to merge',
    ],
  ])('is refused: %s', (_what, layouts, message) => {
    expect(() => writeWorkbook(layouts)).toThrow(RangeError);
    expect(() => writeWorkbook(layouts)).toThrow(message);
  });
});

describe('the layout of a form', () => {
  const form = sheet(
    [[{ value: '标题', style: 'title' }], [{ value: 1234.5, style: 'amount' }], [{ value: 1, style: '元' }]],
    {
      name: "it's 表",
      merges: [{ top: 0, left: 0, bottom: 0, right: 2 }],
      widths: [20, 8.5],
      heights: [30, undefined, 18],
      frozenRows: 1,
      print: {
        orientation: 'landscape',
        repeatRows: { first: 0, last: 1 },
        margins: { left: 10, right: 10, top: 20, bottom: 20 },
        header: { right: '单位：万元 & 元' },
        footer: { centre: '第 {page} 页，共 {pages} 页' },
        breakBefore: [2],
      },
    },
  );
  const parts = partsOf(form);

  it('is the sheet, in the order that the format prescribes', () => {
    expect(parts['xl/worksheets/sheet1.xml']).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>',
        '<sheetFormatPr defaultRowHeight="15"/>',
        '<cols><col min="1" max="1" width="20.71" customWidth="1"/><col min="2" max="2" width="9.21" customWidth="1"/></cols>',
        '<sheetData><row r="1" ht="30" customHeight="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1"/><c r="C1" s="1"/></row>',
        '<row r="2"><c r="A2" s="2"><v>1234.5</v></c></row><row r="3" ht="18" customHeight="1"><c r="A3" s="3"><v>1</v></c></row></sheetData>',
        '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>',
        '<printOptions horizontalCentered="1"/>',
        '<pageMargins left="0.3937" right="0.3937" top="0.7874" bottom="0.7874" header="0.315" footer="0.315"/>',
        '<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0" orientation="landscape"/>',
        '<headerFooter><oddHeader>&amp;R单位：万元 &amp;&amp; 元</oddHeader><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>',
        '<rowBreaks count="1" manualBreakCount="1"><brk id="2" max="16383" man="1"/></rowBreaks>',
        '</worksheet>',
      ].join(''),
    );
  });

  it('names what is printed and what is repeated', () => {
    expect(parts['xl/workbook.xml']).toContain(
      `<definedName name="_xlnm.Print_Area" localSheetId="0">'it''s 表'!$A$1:$C$3</definedName>` +
        `<definedName name="_xlnm.Print_Titles" localSheetId="0">'it''s 表'!$1:$2</definedName>`,
    );
  });

  it('spells out formats that not every program knows', () => {
    expect(parts['xl/styles.xml']).toContain(
      '<numFmts count="1"><numFmt numFmtId="164" formatCode="0.0&quot;元&quot;"/></numFmts>',
    );
  });

  it('writes small and large numbers with all their digits', () => {
    const xml = sheetOf(sheet([[{ value: 1e-7 }, { value: 9007199254740.99 }, { value: -0 }]]));
    expect(xml).toContain('<v>1e-7</v></c><c r="B1"><v>9007199254740.99</v></c><c r="C1"><v>0</v></c>');
  });

  it('is the same bytes every time, in every time zone', () => {
    const digest = (): string =>
      createHash('sha256')
        .update(writeWorkbook([form]))
        .digest('hex');
    const zones = ['UTC', 'Asia/Shanghai', 'America/New_York'];
    const before = process.env['TZ'];
    try {
      const digests = zones.map((zone) => {
        process.env['TZ'] = zone;
        return digest();
      });
      expect(new Set(digests).size).toBe(1);
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });
});
