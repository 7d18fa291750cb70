/** What reading gives, for workbooks as different programs write them. */
import { describe, expect, it } from '@jest/globals';
import { Zip, ZipDeflate, type Zippable, zipSync } from 'fflate';
import {
  relationshipsXml,
  sheetXml,
  stringsXml,
  stylesXml,
  usualParts,
  workbookOf,
  workbookXml,
  zipOf,
} from '../../../test/support/workbook-parts.js';
import type { Cell, Workbook } from './cells.js';
import { readWorkbook } from './read-workbook.js';

function read(bytes: Uint8Array): Workbook {
  const { content, problems } = readWorkbook(bytes);
  expect(problems).toEqual([]);
  return content!;
}
const cellOf = (cell: string, parts = {}): Cell | undefined =>
  read(workbookOf(`<row r="1">${cell}</row>`, parts)).sheets[0]!.rows[0]?.[0];

describe('a cell', () => {
  const strings = stringsXml(
    `<si><t>执行率</t></si>
     <si><r><rPr><b/></rPr><t xml:space="preserve">预算 </t></r><r><t>执行</t></r><rPh sb="0" eb="2"><t>yusuan</t></rPh><phoneticPr fontId="1"/></si>
     <si><t>第一行_x000D_
第二行 _x005F_x0041_</t></si>
     <si><t/></si>`,
  );
  const styles = stylesXml(
    { 164: 'yyyy"年"m"月"d"日"', 165: '[$-804]0.0%', 166: '#,##0.00_);[Red]\\(#,##0.00\\)' },
    [0, 14, 9, 164, 165, 166, 2],
  );
  const shared = { 'xl/sharedStrings.xml': strings, 'xl/styles.xml': styles };

  it.each<[what: string, xml: string, cell: Cell | undefined]>([
    ['a shared text', '<c r="A1" t="s"><v>0</v></c>', { value: '执行率', text: '执行率' }],
    ['runs joined, readings left out', '<c r="A1" t="s"><v>1</v></c>', { value: '预算 执行', text: '预算 执行' }],
    [
      'escaped characters',
      '<c r="A1" t="s"><v>2</v></c>',
      { value: '第一行\r\n第二行 _x0041_', text: '第一行\r\n第二行 _x0041_' },
    ],
    ['an empty text', '<c r="A1" t="s"><v>3</v></c>', { value: '', text: '' }],
    [
      'a text in the cell',
      '<c r="A1" t="inlineStr"><is><t>甲&amp;&#20057;</t></is></c>',
      { value: '甲&乙', text: '甲&乙' },
    ],
    [
      'runs in the cell',
      '<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>',
      { value: '甲乙', text: '甲乙' },
    ],
    ['a section of plain characters', '<c r="A1" t="str"><v><![CDATA[<甲>]]></v></c>', { value: '<甲>', text: '<甲>' }],
    ['true', '<c r="A1" t="b"><v>1</v></c>', { value: true, text: 'TRUE' }],
    ['an error', '<c r="A1" t="e"><v>#DIV/0!</v></c>', { value: null, text: '#DIV/0!', error: '#DIV/0!' }],
    ['a number', '<c r="A1"><v>215457.6</v></c>', { value: 215457.6, text: '215457.6', source: '215457.6' }],
    [
      'a number with the digits of its binary form',
      '<c r="A1"><v>8.6199999999999992</v></c>',
      { value: 8.62, text: '8.62', source: '8.6199999999999992' },
    ],
    [
      'a number formatted with separators',
      '<c r="A1" s="5"><v>-1234.5</v></c>',
      { value: -1234.5, text: '-1234.5', source: '-1234.5' },
    ],
    [
      'a date',
      '<c r="A1" s="1"><v>45747</v></c>',
      { value: 45747, text: '2025-03-31', source: '45747', shownAs: 'date' },
    ],
    [
      'a date in Chinese, at noon',
      '<c r="A1" s="3"><v>45747.5</v></c>',
      { value: 45747.5, text: '2025-03-31', source: '45747.5', shownAs: 'date' },
    ],
    [
      'a date as text',
      '<c r="A1" t="d"><v>2025-03-31T00:00:00</v></c>',
      { value: '2025-03-31T00:00:00', text: '2025-03-31', shownAs: 'date' },
    ],
    [
      'a percentage',
      '<c r="A1" s="2"><v>0.38</v></c>',
      { value: 0.38, text: '38%', source: '0.38', shownAs: 'percent' },
    ],
    [
      'a percentage with more digits than are shown',
      '<c r="A1" s="4"><v>0.8618304</v></c>',
      { value: 0.8618304, text: '86.18304%', source: '0.8618304', shownAs: 'percent' },
    ],
    [
      'a formula with its last result',
      '<c r="A1" s="6"><f>SUM(B1:B2)</f><v>3</v></c>',
      { value: 3, text: '3', source: '3', formula: 'SUM(B1:B2)' },
    ],
    [
      'a formula with a text as result',
      '<c r="A1" t="str"><f>B1&amp;"元"</f><v>3元</v></c>',
      { value: '3元', text: '3元', formula: 'B1&"元"' },
    ],
    ['a formula without a result', '<c r="A1"><f>B1</f></c>', { value: null, text: '', formula: 'B1' }],
    ['nothing but a format', '<c r="A1" s="6"/>', undefined],
    ['nothing in its value', '<c r="A1"><v/></c>', undefined],
  ])('with %s', (_what, xml, expected) => {
    expect(cellOf(xml, shared)).toEqual(expected);
  });

  it('counts days from 1904 where the file says so', () => {
    const parts = {
      ...shared,
      'xl/workbook.xml': workbookXml('<sheet name="表" sheetId="1" r:id="rId1"/>', '<workbookPr date1904="1"/>'),
    };
    expect(cellOf('<c r="A1" s="1"><v>44285</v></c>', parts)?.text).toBe('2025-03-31');
  });

  it('shares its formula with those below, moved', () => {
    const rows = `<row r="1"><c r="A1"><v>1</v></c><c r="C1"><f t="shared" ref="C1:C3" si="0">A1*$B$1</f><v>2</v></c></row>
      <row r="2"><c r="C2"><f t="shared" si="0"/><v>4</v></c></row><row r="3"><c r="C3"><f t="shared" si="0"/><v>6</v></c></row>`;
    const [sheet] = read(workbookOf(rows)).sheets;
    expect(sheet!.rows.map((row) => row[2]?.formula)).toEqual(['A1*$B$1', 'A2*$B$1', 'A3*$B$1']);
  });
});

describe('a sheet', () => {
  it('has its cells where they say they are, or one after another where they do not', () => {
    const rows = `<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>`;
    expect(read(workbookOf(rows)).sheets[0]!.rows.map((row) => Array.from(row, (cell) => cell?.text))).toEqual([
      [],
      [undefined, '1', '2'],
      ['3'],
    ]);
  });

  it('has no rows and columns for cells that are only formatted, however far they reach', () => {
    const rows = `<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>`;
    expect(read(workbookOf(rows)).sheets[0]!.rows).toEqual([[{ value: 1, text: '1', source: '1' }]]);
  });

  it('tells its merged ranges', () => {
    const xml = sheetXml(
      '<row r="1"><c r="A1"><v>1</v></c></row>',
      '<mergeCells><mergeCell ref="A1:C2"/><mergeCell ref="A4:A9"/></mergeCells>',
    );
    expect(read(workbookOf('', { 'xl/worksheets/sheet1.xml': xml })).sheets[0]!.merges).toEqual([
      { top: 0, left: 0, bottom: 1, right: 2 },
      { top: 3, left: 0, bottom: 8, right: 0 },
    ]);
  });
});

describe('a workbook', () => {
  const one = (value: number): string => sheetXml(`<row><c><v>${value}</v></c></row>`);

  it('has its sheets in the order of the tabs, hidden ones marked, charts without rows', () => {
    const workbook = read(
      workbookOf('', {
        'xl/workbook.xml': workbookXml(
          `<sheet name="乙" sheetId="9" r:id="b"/><sheet name="甲" sheetId="2" state="hidden" r:id="a"/>
           <sheet name="图" sheetId="3" r:id="c"/><sheet name="丙" sheetId="4" state="veryHidden" r:id="d"/>`,
        ),
        'xl/_rels/workbook.xml.rels': relationshipsXml({
          a: ['worksheet', 'worksheets/sheet1.xml'],
          b: ['worksheet', '/xl/worksheets/sheet2.xml'],
          c: ['chartsheet', 'chartsheets/sheet1.xml'],
          d: ['worksheet', '../xl/worksheets/./sheet%203.xml'],
          e: ['hyperlink', 'https://example.org/', true],
        }),
        'xl/worksheets/sheet1.xml': one(1),
        'xl/worksheets/sheet2.xml': one(2),
        'xl/worksheets/sheet 3.xml': one(3),
      }),
    );
    expect(workbook.sheets.map(({ name, hidden, rows }) => [name, hidden, rows[0]?.[0]?.value])).toEqual([
      ['乙', false, 2],
      ['甲', true, 1],
      ['图', false, undefined],
      ['丙', true, 3],
    ]);
  });

  const cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>2</v></c></row>';
  const transitional = usualParts(cells);
  const rewritten = (change: (xml: string) => string | Uint8Array, only = /./): Uint8Array =>
    zipOf(
      Object.fromEntries(
        Object.entries(transitional).map(([name, xml]) => [name, only.test(name) ? change(xml) : xml]),
      ),
    );
  const prefixed = (xml: string): string =>
    xml
      .replace(/<(\/?)(\w)/g, '<$1x:$2')
      .replace(' xmlns=', ' xmlns:x=')
      .replaceAll('x:x:', 'x:');
  const utf16 = (xml: string, bigEndian: boolean): Uint8Array => {
    const bytes = Buffer.from(`\ufeff${xml.replace(/<\?xml.*?\?>/, '')}`, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };
  const strict = (xml: string): string =>
    xml
      .replaceAll(
        'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
        'http://purl.oclc.org/ooxml/spreadsheetml/main',
      )
      .replaceAll(
        'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
        'http://purl.oclc.org/ooxml/officeDocument/relationships',
      );

  it.each<[what: string, bytes: Uint8Array]>([
    ['without shared texts and styles', zipOf(transitional)],
    ['with prefixes of its own', rewritten(prefixed, /workbook\.xml$|sheet1|\.rels$|Types/)],
    [
      'with the relationships under another prefix',
      rewritten((xml) => xml.replaceAll('r:id=', 'rel:id=').replace('xmlns:r=', 'xmlns:rel='), /workbook\.xml$/),
    ],
    ['in the strict edition', rewritten(strict)],
    ['in UTF-16, little end first', rewritten((xml) => utf16(xml, false))],
    ['in UTF-16, big end first', rewritten((xml) => utf16(xml, true))],
    ['in UTF-8 with a mark', rewritten((xml) => `\ufeff${xml}`)],
    [
      'with names of parts in other case',
      zipOf(Object.fromEntries(Object.entries(transitional).map(([name, xml]) => [name.toUpperCase(), xml]))),
    ],
    ['not compressed', stored(transitional)],
    ['written as a stream, sizes behind the entries', streamed(transitional)],
    ['with the places of a large archive', large(transitional)],
  ])('is read %s', (_what, bytes) => {
    expect(read(bytes).sheets[0]!.rows[0]!.map((cell) => cell?.value)).toEqual(['甲', 2]);
  });
});

function stored(parts: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(parts).map(([name, xml]) => [name, [new TextEncoder().encode(xml), { level: 0 }]]);
  return zipSync(Object.fromEntries(entries) as Zippable);
}

function streamed(parts: Readonly<Record<string, string>>): Uint8Array {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    chunks.push(chunk);
  });
  for (const [name, xml] of Object.entries(parts)) {
    const entry = new ZipDeflate(name);
    zip.add(entry);
    entry.push(new TextEncoder().encode(xml), true);
  }
  zip.end();
  return Buffer.concat(chunks);
}

/** As for archives above 4 GB: sizes in an extra field of 64 bits, and a second end of 64 bits before the end. */
function large(parts: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(parts).map(([name, xml]) => {
    const content = new TextEncoder().encode(xml);
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(content.byteLength));
    return [name, [content, { extra: { 1: size } }]];
  });
  const bytes = Buffer.from(zipSync(Object.fromEntries(entries) as Zippable));
  const end = bytes.length - 22;
  const directory = bytes.readUInt32LE(end + 16);
  for (let at = bytes.indexOf('PK\u0001\u0002', directory); at >= 0; at = bytes.indexOf('PK\u0001\u0002', at + 1))
    bytes.writeUInt32LE(0xffff_ffff, at + 24);
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(BigInt(entries.length), 32);
  end64.writeBigUInt64LE(BigInt(end - directory), 40);
  end64.writeBigUInt64LE(BigInt(directory), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(end), 8);
  bytes.writeUInt16LE(0xffff, end + 10);
  bytes.writeUInt32LE(0xffff_ffff, end + 16);
  return Buffer.concat([bytes.subarray(0, end), end64, locator, bytes.subarray(end)]);
}
