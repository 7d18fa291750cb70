/**
 * Writes a workbook (.xlsx). The same sheets always give the same bytes, on every machine: there is no clock, no author and no
 * version in the file, and fflate deflates alike everywhere. Nothing is ever written as a formula. `readWorkbook` accepts what
 * is written as long as it keeps within its limits.
 */
import { strToU8, zipSync } from 'fflate';
import { checkLayouts } from './check-layout.js';
import type { MergedRange } from './cells.js';
import type { SheetLayout } from './sheet-layout.js';
import { printArea, printTitles, sheetXml } from './sheet-xml.js';
import { StyleTable } from './style-table.js';
import { MAIN_NAMESPACE, XML_DECLARATION, attributes, escapeCellText, escapeXml } from './xml-text.js';

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** RangeError for what no workbook can hold, naming the cell: a control character, a text above 32,767 characters, NaN. */
export function writeWorkbook(sheets: readonly SheetLayout[]): Uint8Array {
  checkLayouts(sheets);
  const texts = new Map<string, number>();
  const styles = new StyleTable();
  const textNumber = (text: string): number => {
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    return number;
  };
  const sheetParts = sheets.map((sheet, index) => [sheetPart(index), sheetXml(sheet, { styles, textNumber })] as const);
  return zipped({
    '[Content_Types].xml': contentTypes(sheets.length),
    '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': workbookXml(sheets),
    'xl/_rels/workbook.xml.rels': relationships([
      ...sheets.map((_, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`] as const),
      ['styles', 'styles.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
    ]),
    'xl/styles.xml': styles.xml(),
    'xl/sharedStrings.xml': sharedStrings([...texts.keys()]),
    ...Object.fromEntries(sheetParts),
  });
}

const sheetPart = (index: number): string => `xl/worksheets/sheet${index + 1}.xml`;

/** Entries bear the first moment that a zip archive can name, in every time zone. */
function zipped(parts: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)] as const);
  return zipSync(Object.fromEntries(entries), { level: 6, mtime: new Date(1980, 0, 1) });
}

function contentTypes(sheets: number): string {
  const overrides = [
    ['/xl/workbook.xml', `${CONTENT}.sheet.main+xml`],
    ...Array.from({ length: sheets }, (_, index) => [`/${sheetPart(index)}`, `${CONTENT}.worksheet+xml`] as const),
    ['/xl/styles.xml', `${CONTENT}.styles+xml`],
    ['/xl/sharedStrings.xml', `${CONTENT}.sharedStrings+xml`],
  ] as const;
  const entries = overrides.map(([PartName, ContentType]) => `<Override${attributes({ PartName, ContentType })}/>`);
  const defaults =
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>';
  return `${XML_DECLARATION}<Types xmlns="${PACKAGE}/content-types">${defaults}${entries.join('')}</Types>`;
}

/** Ids are `rId1`, `rId2`, … in order. */
function relationships(targets: readonly (readonly [kind: string, target: string])[]): string {
  const entries = targets.map(([kind, Target], index) => {
    const relationship = { Id: `rId${index + 1}`, Type: `${RELATIONSHIPS}/${kind}`, Target };
    return `<Relationship${attributes(relationship)}/>`;
  });
  return `${XML_DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${entries.join('')}</Relationships>`;
}

function workbookXml(sheets: readonly SheetLayout[]): string {
  const tabs = sheets.map(
    ({ name }, index) => `<sheet${attributes({ name, sheetId: index + 1, 'r:id': `rId${index + 1}` })}/>`,
  );
  const names = sheets.flatMap(printNames).join('');
  return [
    XML_DECLARATION,
    `<workbook xmlns="${MAIN_NAMESPACE}" xmlns:r="${RELATIONSHIPS}">`,
    '<bookViews><workbookView/></bookViews>',
    `<sheets>${tabs.join('')}</sheets>`,
    names === '' ? '' : `<definedNames>${names}</definedNames>`,
    '</workbook>',
  ].join('');
}

function printNames(sheet: SheetLayout, index: number): string[] {
  const { name, print } = sheet;
  if (print === undefined) return [];
  const area = print.area ?? usedRange(sheet);
  const named = (key: string, reference: string): string =>
    `<definedName${attributes({ name: `_xlnm.${key}`, localSheetId: index })}>${escapeXml(reference)}</definedName>`;
  return [
    ...(area === undefined ? [] : [named('Print_Area', printArea(name, area))]),
    ...(print.repeatRows === undefined ? [] : [named('Print_Titles', printTitles(name, print.repeatRows))]),
  ];
}

function usedRange({ rows, merges = [] }: SheetLayout): MergedRange | undefined {
  const bottom = Math.max(rows.length - 1, ...merges.map((merge) => merge.bottom));
  const right = Math.max(...rows.map((row) => row.length - 1), ...merges.map((merge) => merge.right));
  return bottom < 0 || right < 0 ? undefined : { top: 0, left: 0, bottom, right };
}

function sharedStrings(texts: readonly string[]): string {
  const entries = texts.map((text) => `<si><t xml:space="preserve">${escapeCellText(text)}</t></si>`);
  const uniqueCount = texts.length;
  return `${XML_DECLARATION}<sst${attributes({ xmlns: MAIN_NAMESPACE, uniqueCount })}>${entries.join('')}</sst>`;
}
