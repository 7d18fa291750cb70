/** Every way in which a workbook is refused: the code, where, and the facts. */
import { describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import {
  relationshipsXml,
  sheetXml,
  stringsXml,
  usualParts,
  workbookOf,
  workbookXml,
  zipOf,
} from '../../../test/support/workbook-parts.js';
import { PROBLEMS } from '#forms/problem-codes.js';
import { WORKBOOK_LIMITS, type WorkbookLimits, afterMilliseconds } from './limits.js';
import { readWorkbook } from './read-workbook.js';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const cell = '<row r="1"><c r="A1"><v>1</v></c></row>';
const good = (): Uint8Array => workbookOf(cell);
const SHEET = 'xl/worksheets/sheet1.xml';
const withSheet = (xml: string | Uint8Array): Uint8Array => workbookOf('', { [SHEET]: xml });
const MAIN_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml';
const contentType = (from: string, to: string): string => usualParts('')['[Content_Types].xml']!.replace(from, to);
const workbookRelationships = (target: string, external = false): Uint8Array =>
  workbookOf(cell, { 'xl/_rels/workbook.xml.rels': relationshipsXml({ rId1: ['worksheet', target, external] }) });

/** The zip with bytes changed in the directory's header of a part (fields by their place there), or in the part's own. */
function tampered(
  bytes: Uint8Array,
  part: string,
  changes: Readonly<Record<number, number>>,
  local: Readonly<Record<number, number>> = {},
) {
  const copy = Buffer.from(bytes);
  const central = headerOf(copy, 0x02014b50, 46, part);
  for (const [at, value] of Object.entries(changes)) copy.writeUInt32LE(value, central + Number(at));
  const own = headerOf(copy, 0x04034b50, 30, part);
  for (const [at, value] of Object.entries(local)) copy.writeUInt8(value, own + Number(at));
  return copy;
}
function headerOf(bytes: Buffer, signature: number, length: number, part: string): number {
  for (let at = 0; at < bytes.length - length; at += 1) {
    if (
      bytes.readUInt32LE(at) === signature &&
      bytes.subarray(at + length, at + length + part.length).toString() === part
    )
      return at;
  }
  throw new Error(`no header of ${part}`);
}
const [CRC, SIZE, OFFSET] = [16, 24, 42];
/** A compound file whose directory, one sector, has these names. */
function compoundFile(...names: string[]): Uint8Array {
  const bytes = Buffer.alloc(512 * 3);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt32LE(1, 48); // the directory is sector 1
  bytes.writeUInt32LE(0, 76); // the allocation table is sector 0
  bytes.writeUInt32LE(0xffff_fffe, 512 + 4); // after sector 1 the directory ends
  ['Root Entry', ...names].forEach((name, index) => {
    const at = 1024 + index * 128;
    bytes.write(name, at, 'utf16le');
    bytes.writeUInt16LE((name.length + 1) * 2, at + 64);
  });
  return bytes;
}

interface Refused {
  readonly code: keyof typeof PROBLEMS;
  readonly at: string;
  readonly [fact: string]: unknown;
}
type Case = readonly [what: string, bytes: () => Uint8Array, problem: Refused, limits?: Partial<WorkbookLimits>];

const FILE = '文件';
const NO_WORKBOOKS: Case[] = [
  ['nothing', () => new Uint8Array(), { at: FILE, code: 'WORKBOOK_NOT_ZIP', looksLike: 'nothing' }],
  ['a CSV', () => text('a,b\n1,2\n'), { at: FILE, code: 'WORKBOOK_NOT_ZIP', looksLike: 'text' }],
  ['a PDF', () => text('%PDF-1.7\n'), { at: FILE, code: 'WORKBOOK_NOT_ZIP', looksLike: 'PDF' }],
  [
    'a web page that a system calls .xls',
    () => text('\ufeff\n<html><table></table></html>'),
    { at: FILE, code: 'WORKBOOK_NOT_ZIP', looksLike: 'HTML' },
  ],
  [
    'the XML of Excel 2003',
    () => text('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
    { at: FILE, code: 'WORKBOOK_NOT_ZIP', looksLike: 'XML of Excel 2003' },
  ],
  ['an image', () => Uint8Array.of(0x89, 0x50, 0, 0), { at: FILE, code: 'WORKBOOK_NOT_ZIP', looksLike: 'binary data' }],
  [
    '33 MB',
    () => new Uint8Array(32 * 1024 * 1024 + 1),
    { at: FILE, code: 'FILE_TOO_LARGE', bytes: 33_554_433, limit: 33_554_432 },
  ],
  ['an old .xls', () => compoundFile('Workbook'), { at: FILE, code: 'WORKBOOK_OLD_FORMAT', found: 'xls' }],
  ['an older .xls', () => compoundFile('Book'), { at: FILE, code: 'WORKBOOK_OLD_FORMAT', found: 'xls' }],
  ['an old .doc', () => compoundFile('WordDocument'), { at: FILE, code: 'WORKBOOK_OLD_FORMAT', found: 'doc' }],
  ['another compound file', () => compoundFile('Other'), { at: FILE, code: 'WORKBOOK_OLD_FORMAT', found: 'unknown' }],
  [
    'a compound file cut off',
    () => compoundFile('Workbook').subarray(0, 600),
    { at: FILE, code: 'WORKBOOK_OLD_FORMAT', found: 'unknown' },
  ],
  [
    'a workbook with a password',
    () => compoundFile('EncryptionInfo', 'EncryptedPackage'),
    { at: FILE, code: 'WORKBOOK_ENCRYPTED' },
  ],
  [
    'an archive with a password',
    () => tampered(good(), SHEET, { 8: 0x0008_0001 }),
    { at: SHEET, code: 'WORKBOOK_ENCRYPTED' },
  ],
  ['another archive', () => zipOf({ 'a.txt': 'a' }), { at: FILE, code: 'WORKBOOK_NOT_XLSX', found: 'zip' }],
  [
    'a spreadsheet of OpenDocument',
    () => zipOf({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<a/>' }),
    { at: FILE, code: 'WORKBOOK_NOT_XLSX', found: 'ods' },
  ],
  [
    'a text document',
    () =>
      zipOf({
        '[Content_Types].xml': contentType('spreadsheetml.sheet.main+xml', 'wordprocessingml.document.main+xml'),
      }),
    { at: FILE, code: 'WORKBOOK_NOT_XLSX', found: 'docx' },
  ],
  [
    'a presentation',
    () =>
      zipOf({
        '[Content_Types].xml': contentType('spreadsheetml.sheet.main+xml', 'presentationml.presentation.main+xml'),
      }),
    { at: FILE, code: 'WORKBOOK_NOT_XLSX', found: 'pptx' },
  ],
  [
    'a binary workbook',
    () =>
      zipOf({
        '[Content_Types].xml': contentType(MAIN_TYPE, 'application/vnd.ms-excel.sheet.binary.macroEnabled.main'),
      }),
    { at: FILE, code: 'WORKBOOK_NOT_XLSX', found: 'xlsb' },
  ],
];

const MACROS: Case[] = [
  [
    'a macro project, wherever it lies',
    () => workbookOf(cell, { 'xl/deep/vbaProject.bin': 'x' }),
    { at: FILE, code: 'WORKBOOK_HAS_MACROS', part: 'xl/deep/vbaProject.bin' },
  ],
  [
    'the content type of macros, under the name .xlsx',
    () =>
      workbookOf(cell, {
        '[Content_Types].xml': contentType(MAIN_TYPE, 'application/vnd.ms-excel.sheet.macroEnabled.main+xml'),
      }),
    { at: FILE, code: 'WORKBOOK_HAS_MACROS', contentType: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' },
  ],
  [
    'a sheet of old macros',
    () => workbookOf(cell, { 'xl/macrosheets/sheet1.xml': 'x' }),
    { at: FILE, code: 'WORKBOOK_HAS_MACROS', part: 'xl/macrosheets/sheet1.xml' },
  ],
  [
    'a sheet of old macros under another name',
    () =>
      workbookOf(cell, {
        'xl/_rels/workbook.xml.rels': relationshipsXml({ rId1: ['xlMacrosheet', 'worksheets/sheet1.xml'] }),
      }),
    { at: FILE, code: 'WORKBOOK_HAS_MACROS', part: SHEET },
  ],
];

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`media/${index}`, '']));
const MEBIBYTE = 1024 * 1024;

const ARCHIVES: Case[] = [
  [
    'cut off',
    () => good().subarray(0, 600),
    { at: FILE, code: 'WORKBOOK_PART_CORRUPT', reason: expect.stringContaining('cut off') },
  ],
  [
    'with something behind it',
    () => Buffer.concat([good(), Buffer.alloc(10)]),
    { at: FILE, code: 'WORKBOOK_PART_CORRUPT', reason: expect.stringContaining('no end') },
  ],
  [
    'with a damaged directory',
    () => tampered(good(), SHEET, { 0: 0 }),
    { at: FILE, code: 'WORKBOOK_PART_CORRUPT', reason: 'the directory of the archive is damaged' },
  ],
  [
    'with 1,001 parts',
    () => workbookOf(cell, many(996)),
    { at: FILE, code: 'WORKBOOK_TOO_MANY_PARTS', parts: 1_001, limit: 1_000 },
  ],
  [
    'with a part of 49 MiB',
    () => tampered(workbookOf(cell, { 'xl/media/a.png': 'x' }), 'xl/media/a.png', { [SIZE]: 49 * MEBIBYTE }),
    {
      at: 'xl/media/a.png',
      code: 'WORKBOOK_INFLATES_TOO_MUCH',
      part: 'xl/media/a.png',
      declared: 51_380_224,
      inflated: 0,
      limit: 50_331_648,
    },
  ],
  [
    'with two parts of 33 MiB',
    () => {
      const bytes = workbookOf('', { [SHEET]: 'x', 'xl/media/a.png': 'x' });
      return tampered(tampered(bytes, SHEET, { [SIZE]: 33 * MEBIBYTE }), 'xl/media/a.png', { [SIZE]: 33 * MEBIBYTE });
    },
    { at: FILE, code: 'WORKBOOK_INFLATES_TOO_MUCH', declared: expect.any(Number), inflated: 0, limit: 67_108_864 },
  ],
  [
    'with a part that is longer than declared',
    () => tampered(good(), SHEET, { [SIZE]: 100 }),
    {
      at: SHEET,
      code: 'WORKBOOK_INFLATES_TOO_MUCH',
      part: SHEET,
      declared: 100,
      inflated: expect.any(Number),
      limit: 100,
    },
  ],
  [
    'with a part that is shorter than declared',
    () => tampered(good(), SHEET, { [SIZE]: 10_000 }),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: expect.stringContaining('where 10000 are declared') },
  ],
  [
    'with a wrong checksum',
    () => tampered(good(), SHEET, { [CRC]: 1 }),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'the checksum differs' },
  ],
  [
    'with bytes that are not deflated',
    () => tampered(good(), SHEET, {}, { [30 + SHEET.length]: 0xff }),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: expect.stringContaining('cannot be inflated') },
  ],
  [
    'with a method that is not known',
    () => tampered(good(), SHEET, { 10: 12 }),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'compressed by method 12' },
  ],
  [
    'whose directory points to no entry',
    () => tampered(good(), SHEET, { [OFFSET]: 5 }),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: expect.stringContaining('no entry') },
  ],
  [
    'whose directory names an entry otherwise',
    () => tampered(good(), SHEET, {}, { 30: 'X'.charCodeAt(0) }),
    // The entry's own name is not found any more, so it is made by hand below.
    { at: SHEET, code: 'WORKBOOK_ARCHIVE_UNSAFE', reason: expect.stringContaining('another name') },
  ],
  [
    'with entries on top of each other',
    () => {
      const bytes = zipSync({ a: [new Uint8Array(200), { level: 0 }], b: [new Uint8Array(10), { level: 0 }] });
      return tampered(bytes, 'a', { 20: 231, [SIZE]: 231 });
    },
    { at: 'b', code: 'WORKBOOK_ARCHIVE_UNSAFE', reason: 'shares bytes with a' },
  ],
  [
    'with an entry that reaches into the directory',
    () => tampered(zipOf({ b: '12345' }), 'b', { 20: 1_000 }),
    { at: 'b', code: 'WORKBOOK_PART_CORRUPT', reason: expect.stringContaining('into the directory') },
  ],
  ...['../evil', 'xl/../../evil', '/etc/passwd', 'xl\\evil', 'C:/evil', 'a\0b'].map((name): Case => [
    `with a part named ${JSON.stringify(name)}`,
    () => workbookOf(cell, { [name]: 'x' }),
    { at: name, code: 'WORKBOOK_ARCHIVE_UNSAFE', reason: 'the name leads elsewhere' },
  ]),
  [
    'with a part twice, in other case',
    () => workbookOf(cell, { 'XL/Workbook.xml': 'x' }),
    { at: 'XL/Workbook.xml', code: 'WORKBOOK_ARCHIVE_UNSAFE', reason: 'the name stands in the archive twice' },
  ],
];

const LINKS: Case[] = [
  ...['../../etc/passwd', '/../evil.xml', 'sheet%5c1.xml', 'file:///etc/passwd', '%zz'].map((target): Case => [
    `to ${target}`,
    () => workbookRelationships(target),
    { at: 'xl/_rels/workbook.xml.rels', code: 'WORKBOOK_LINK_UNSAFE', target },
  ]),
  [
    'to a sheet outside of the file',
    () => workbookRelationships('https://example.org/sheet.xml', true),
    { at: 'xl/workbook.xml', code: 'WORKBOOK_LINK_UNSAFE', sheet: '表', target: 'outside of the file' },
  ],
  [
    'to a sheet that is not there',
    () => workbookRelationships('worksheets/sheet2.xml'),
    { at: 'xl/worksheets/sheet2.xml', code: 'WORKBOOK_PART_MISSING', part: 'xl/worksheets/sheet2.xml' },
  ],
  [
    'to no workbook',
    () => workbookOf(cell, { '_rels/.rels': undefined }),
    { at: FILE, code: 'WORKBOOK_PART_MISSING', part: 'xl/workbook.xml' },
  ],
  [
    'to nothing',
    () => workbookOf(cell, { 'xl/_rels/workbook.xml.rels': undefined }),
    { at: 'xl/workbook.xml', code: 'WORKBOOK_PART_CORRUPT', reason: 'the sheet 表 leads to no part' },
  ],
  [
    'from two sheets to one part',
    () =>
      workbookOf(cell, {
        'xl/workbook.xml': workbookXml('<sheet name="甲" r:id="rId1"/><sheet name="乙" r:id="rId1"/>'),
      }),
    { at: 'xl/workbook.xml', code: 'WORKBOOK_PART_CORRUPT', reason: `two sheets are the same part ${SHEET}` },
  ],
  [
    'to a part of another kind',
    () =>
      workbookOf(cell, {
        'xl/_rels/workbook.xml.rels': relationshipsXml({ rId1: ['dialogsheet', 'worksheets/sheet1.xml'] }),
      }),
    { at: 'xl/workbook.xml', code: 'WORKBOOK_PART_CORRUPT', reason: 'the sheet 表 is a dialogsheet' },
  ],
  [
    'without a target',
    () =>
      workbookOf(cell, {
        'xl/_rels/workbook.xml.rels': relationshipsXml({ rId1: ['worksheet', 'x'] }).replace('Target', 'Aim'),
      }),
    {
      at: 'xl/_rels/workbook.xml.rels',
      code: 'WORKBOOK_PART_CORRUPT',
      reason: 'a relationship without id, type or target',
    },
  ],
];

const ENTITY = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>';
const XML: Case[] = [
  [
    'with a document type',
    () => withSheet(`${ENTITY}<worksheet>&b;</worksheet>`),
    { at: SHEET, code: 'WORKBOOK_XML_HAS_DTD' },
  ],
  [
    'with a document type that is fetched',
    () => withSheet('<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><worksheet/>'),
    { at: SHEET, code: 'WORKBOOK_XML_HAS_DTD' },
  ],
  ...['&b;', '&constructor;', '&nbsp;'].map((entity): Case => [
    `with the entity ${entity}`,
    () => withSheet(sheetXml(`<row><c t="str"><v>${entity}</v></c></row>`)),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'not well-formed XML: undefined entity.' },
  ]),
  ['nested 65 deep', () => withSheet('<a>'.repeat(65)), { at: SHEET, code: 'WORKBOOK_XML_TOO_DEEP', limit: 64 }],
  [
    'nested a million deep',
    () => withSheet('<a>'.repeat(1_000_000)),
    { at: SHEET, code: 'WORKBOOK_XML_TOO_DEEP', limit: 64 },
  ],
  [
    'with 65 attributes of one element',
    () => withSheet(`<a ${Array.from({ length: 65 }, (_, index) => `a${index}=""`).join(' ')}/>`),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'an element of more than 64 attributes' },
  ],
  [
    'that is cut off',
    () => withSheet(sheetXml(cell).slice(0, -20)),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: expect.stringContaining('not well-formed XML') },
  ],
  [
    'in GBK',
    () => withSheet(Uint8Array.of(0x3c, 0x61, 0x3e, 0xb1, 0xed, 0x3c, 0x2f, 0x61, 0x3e)),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'not UTF-8' },
  ],
  [
    'of nothing',
    () => withSheet(''),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: expect.stringContaining('not well-formed') },
  ],
];

const rowsOf = (count: number, cells = (row: number) => `<c r="A${row}"><v>1</v></c>`): string =>
  Array.from({ length: count }, (_, index) => `<row r="${index + 1}">${cells(index + 1)}</row>`).join('');
const tabs = (count: number): string =>
  Array.from({ length: count }, (_, index) => `<sheet name="表${index + 1}" r:id="rId${index + 1}"/>`).join('');

const SIZES: Case[] = [
  [
    '21 sheets',
    () => workbookOf(cell, { 'xl/workbook.xml': workbookXml(tabs(21)) }),
    { at: FILE, code: 'WORKBOOK_TOO_MANY_SHEETS', sheets: 21, limit: 20 },
  ],
  [
    'no sheet',
    () => workbookOf(cell, { 'xl/workbook.xml': workbookXml('') }),
    { at: 'xl/workbook.xml', code: 'WORKBOOK_PART_CORRUPT', reason: 'no sheets' },
  ],
  [
    'a sheet without a name',
    () => workbookOf(cell, { 'xl/workbook.xml': workbookXml('<sheet r:id="rId1"/>') }),
    { at: 'xl/workbook.xml', code: 'WORKBOOK_PART_CORRUPT', reason: 'a sheet named nothing' },
  ],
  [
    'something in row 20,001',
    () => workbookOf('<row r="20001"><c r="B20001"><v>1</v></c></row>'),
    { at: '表!B20001', code: 'WORKBOOK_TOO_MANY_ROWS', rows: 20_001, limit: 20_000 },
  ],
  [
    'something in column 201',
    () => workbookOf('<row r="1"><c r="GS1"><v>1</v></c></row>'),
    { at: '表!GS1', code: 'WORKBOOK_TOO_MANY_COLUMNS', columns: 201, limit: 200 },
  ],
  [
    '400,001 cells, with the gaps in their rows',
    () => workbookOf(rowsOf(2_001, (row) => `<c r="GR${row}"><v>1</v></c>`)),
    { at: '表!GR2001', code: 'WORKBOOK_TOO_MANY_CELLS', cells: 400_200, limit: 400_000 },
  ],
  [
    'more merged ranges than cells may be',
    () => withSheet(sheetXml('', `<mergeCells>${'<mergeCell ref="A1:B1"/>'.repeat(101)}</mergeCells>`)),
    { at: '表!A1', code: 'WORKBOOK_TOO_MANY_CELLS', cells: 101, limit: 100 },
    { cells: 100 },
  ],
  [
    'a text of 32,768 characters',
    () => workbookOf(`<row r="1"><c r="A1" t="str"><v>${'长'.repeat(32_768)}</v></c></row>`),
    { at: '表!A1', code: 'WORKBOOK_TEXT_TOO_LONG', limit: 32_767 },
  ],
  [
    'a shared text of 100,000 characters',
    () =>
      workbookOf('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', {
        'xl/sharedStrings.xml': stringsXml(`<si><t>${'长'.repeat(100_000)}</t></si>`),
      }),
    { at: '表!A1', code: 'WORKBOOK_TEXT_TOO_LONG', limit: 32_767 },
  ],
  [
    'one text of 32,767 characters in 513 cells: 16 Mi characters and some',
    () =>
      workbookOf(
        rowsOf(513, (row) => `<c r="A${row}" t="s"><v>0</v></c>`),
        { 'xl/sharedStrings.xml': stringsXml(`<si><t>${'长'.repeat(32_767)}</t></si>`) },
      ),
    { at: '表!A513', code: 'WORKBOOK_TOO_COMPLEX', characters: 16_809_471, limit: 16_777_216 },
  ],
  [
    'a long formula that many cells share',
    () =>
      workbookOf(
        rowsOf(1_000, (row) => `<c r="A${row}"><f t="shared" si="0">${row === 1 ? 'A1+'.repeat(5_000) : ''}</f></c>`),
      ),
    { at: '表!A693', code: 'WORKBOOK_TOO_COMPLEX', characters: expect.any(Number), limit: 16_777_216 },
  ],
  [
    'cells outside of rows',
    () => withSheet(sheetXml('<c/>')),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'a cell named nothing' },
  ],
  [
    'formatted empty cells without end',
    () => withSheet(sheetXml(`<row>${'<c/>'.repeat(16_384)}</row>`)),
    { at: SHEET, code: 'WORKBOOK_TOO_COMPLEX', steps: 10_001, limit: 10_000 },
    { steps: 10_000 },
  ],
];

const PLACES: Case[] = [
  [
    'in a row 0',
    () => workbookOf('<row r="0"/>'),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'a row numbered 0' },
  ],
  [
    'in a column beyond XFD',
    () => workbookOf('<row r="1"><c r="XFE1"/></row>'),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'a cell named XFE1' },
  ],
  [
    'in another row than theirs',
    () => workbookOf('<row r="1"><c r="A2"/></row>'),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'the cell A2 stands in row 1' },
  ],
  [
    'in one place',
    () => workbookOf(`${cell}${cell}`),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'two cells at 表!A1' },
  ],
  [
    'merged the wrong way round',
    () => withSheet(sheetXml('', '<mergeCells><mergeCell ref="C1:A1"/></mergeCells>')),
    { at: SHEET, code: 'WORKBOOK_PART_CORRUPT', reason: 'merged cells C1:A1' },
  ],
];

const TIME: Case[] = [
  [
    'when its time is up',
    good,
    { at: '[Content_Types].xml', code: 'WORKBOOK_TOO_SLOW', steps: 0 },
    { outOfTime: () => true },
  ],
  [
    'when its time is up within a part',
    () => workbookOf(rowsOf(1_000)),
    { at: SHEET, code: 'WORKBOOK_TOO_SLOW', steps: expect.any(Number) },
    { outOfTime: fifthLook() },
  ],
];

/** True from the fifth time on that it is asked. */
function fifthLook(): () => boolean {
  let looks = 0;
  return afterMilliseconds(4, () => looks++);
}

const ALL: Readonly<Record<string, readonly Case[]>> = {
  'no workbook': NO_WORKBOOKS,
  'a workbook with macros:': MACROS,
  'an archive': ARCHIVES,
  links: LINKS,
  XML: XML,
  'a workbook of': SIZES,
  cells: PLACES,
  reading: TIME,
};

describe.each(Object.entries(ALL))('refused: %s', (_kind, cases) => {
  // A row may be without limits: with four parameters Jest would give a callback in their place.
  it.each(cases)('%s', (...[, bytes, problem, limits]) => {
    const reading = readWorkbook(bytes(), { ...WORKBOOK_LIMITS, ...limits });
    expect(reading).toEqual({ problems: [problem], problemCount: 1, notes: [] });
  });
});

describe('cells that cannot be read', () => {
  it('are told all at once, with what stands in them', () => {
    const rows = `<row r="1"><c r="A1"><v>12,5</v></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="b"><v>yes</v></c></row>
      <row r="2"><c r="A2"><v>1e999</v></c><c r="B2" t="d"><v>31.3.2025</v></c><c r="C2" t="x"><v>1</v></c><c r="D2"><v>0x10</v></c></row>`;
    const { problems, content } = readWorkbook(workbookOf(rows));
    expect(content).toBeUndefined();
    expect(problems.map(({ at, code, type, found }) => [at, code, type, found])).toEqual([
      ['表!A1', 'WORKBOOK_CELL_NOT_VALID', 'n', '12,5'],
      ['表!B1', 'WORKBOOK_CELL_NOT_VALID', 's', '0'],
      ['表!C1', 'WORKBOOK_CELL_NOT_VALID', 'b', 'yes'],
      ['表!A2', 'WORKBOOK_CELL_NOT_VALID', 'n', '1e999'],
      ['表!B2', 'WORKBOOK_CELL_NOT_VALID', 'd', '31.3.2025'],
      ['表!C2', 'WORKBOOK_CELL_NOT_VALID', 'x', '1'],
      ['表!D2', 'WORKBOOK_CELL_NOT_VALID', 'n', '0x10'],
    ]);
  });
});

describe('limits', () => {
  it('are these', () => {
    expect(WORKBOOK_LIMITS).toEqual({
      parts: 1_000,
      partBytes: 48 * MEBIBYTE,
      inflatedBytes: 64 * MEBIBYTE,
      sheets: 20,
      rows: 20_000,
      columns: 200,
      cells: 400_000,
      textLength: 32_767,
      characters: 16 * MEBIBYTE,
      xmlDepth: 64,
      attributes: 64,
      steps: 400_000,
    });
  });

  it('are what may be reached', () => {
    const rows = rowsOf(2_000, (row) => `<c r="A${row}"><v>1</v></c><c r="GR${row}"><v>1</v></c>`);
    const { content } = readWorkbook(workbookOf(rows));
    expect([content?.sheets[0]?.rows.length, content?.sheets[0]?.rows[1_999]?.length]).toEqual([2_000, 200]);
  });

  it('let a file name the last row and column of a sheet in merged cells', () => {
    const xml = sheetXml(cell, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>');
    const { content } = readWorkbook(withSheet(xml));
    expect(content?.sheets[0]?.merges).toEqual([{ top: 0, left: 0, bottom: 1_048_575, right: 16_383 }]);
  });
});

it('every problem of workbooks has a case here', () => {
  const provoked = new Set<string>(Object.values(ALL).flatMap((cases) => cases.map(([, , { code }]) => code)));
  provoked.add('WORKBOOK_CELL_NOT_VALID');
  expect(Object.keys(PROBLEMS).filter((code) => code.startsWith('WORKBOOK_') && !provoked.has(code))).toEqual([]);
});
