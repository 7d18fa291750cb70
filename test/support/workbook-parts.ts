/** For specs: workbooks put together part by part, as other programs write them, or as nobody should. */
import { strToU8, zipSync } from 'fflate';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Content of parts by name; undefined takes one away that would else be there. */
export type PartContents = Readonly<Record<string, string | Uint8Array | undefined>>;

/** A workbook of one sheet `表` with these rows (XML of `sheetData`), and the parts given instead of the usual ones. */
export const workbookOf = (rows: string, parts: PartContents = {}): Uint8Array =>
  zipOf({ ...usualParts(rows), ...parts });

export const usualParts = (rows: string): Readonly<Record<string, string>> => ({
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="${CONTENT}.sheet.main+xml"/></Types>`,
  '_rels/.rels': relationshipsXml({ rId1: ['officeDocument', 'xl/workbook.xml'] }),
  'xl/workbook.xml': workbookXml('<sheet name="表" sheetId="1" r:id="rId1"/>'),
  'xl/_rels/workbook.xml.rels': relationshipsXml({
    rId1: ['worksheet', 'worksheets/sheet1.xml'],
    rId2: ['sharedStrings', 'sharedStrings.xml'],
    rId3: ['styles', 'styles.xml'],
  }),
  'xl/worksheets/sheet1.xml': sheetXml(rows),
});

export const sheetXml = (rows: string, after = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${after}</worksheet>`;

export const workbookXml = (sheets: string, before = ''): string =>
  `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}">${before}<sheets>${sheets}</sheets></workbook>`;

export const stringsXml = (items: string): string => `<sst xmlns="${MAIN}">${items}</sst>`;

/** `formats` by number, and the format that each style of cells has. */
export const stylesXml = (formats: Readonly<Record<number, string>>, styles: readonly number[]): string => {
  const custom = Object.entries(formats).map(
    ([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code.replaceAll('"', '&quot;')}"/>`,
  );
  const cells = styles.map((id) => `<xf numFmtId="${id}"/>`);
  // The formats of named styles stand before and are not those of cells.
  return `<styleSheet xmlns="${MAIN}"><numFmts>${custom.join('')}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
<cellXfs>${cells.join('')}</cellXfs></styleSheet>`;
};

/** By id: the last word of the type, the target, and whether it lies outside of the file. */
export const relationshipsXml = (
  entries: Readonly<Record<string, readonly [kind: string, target: string, external?: boolean]>>,
): string => {
  const elements = Object.entries(entries).map(
    ([id, [kind, target, external]]) =>
      `<Relationship Id="${id}" Type="${RELATIONSHIPS}/${kind}" Target="${target}"${external ? ' TargetMode="External"' : ''}/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${elements.join('')}</Relationships>`;
};

export function zipOf(parts: PartContents): Uint8Array {
  const given = Object.entries(parts).flatMap(([name, content]) =>
    content === undefined ? [] : [[name, typeof content === 'string' ? strToU8(content) : content] as const],
  );
  return zipSync(Object.fromEntries(given), { mtime: new Date(1980, 0, 1) });
}
