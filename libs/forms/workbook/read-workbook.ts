/**
 * Reads a workbook (.xlsx, ECMA-376, both editions) from whatever program wrote it. Nothing in the file is run, fetched or
 * believed: parts are inflated within bounds and parsed as they come. Formulas are kept as text; what to do with them is for
 * whoever knows the form.
 */
import { FILE_LIMIT_BYTES } from '#forms/import/decode.js';
import { Findings, type Reading, WHOLE_FILE } from '#forms/findings.js';
import { type Sheet, type Workbook } from './cells.js';
import { readSharedStrings } from './cell-text.js';
import { compoundContent, isCompoundFile } from './compound-file.js';
import { Budget, WORKBOOK_LIMITS, type WorkbookLimits } from './limits.js';
import { Parts } from './parts.js';
import { type SharedContent, readSheet } from './read-sheet.js';
import { Refusal, corrupt } from './refusal.js';
import { CONTENT_TYPES, type Relationship, readContentTypes, readRelationships } from './relationships.js';
import { readNumberKinds } from './styles.js';
import { readXml } from './xml.js';
import { isZip, readDirectory } from './zip-directory.js';

/** The sheets of the file, or why it is refused. What is wrong with the file comes alone, faults of cells come all at once. */
export function readWorkbook(bytes: Uint8Array, limits: WorkbookLimits = WORKBOOK_LIMITS): Reading<Workbook> {
  const findings = new Findings();
  try {
    const sheets = readSheets(openParts(bytes, limits), findings);
    return findings.reading(() => ({ sheets }));
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const { problems, notes } = findings;
    const { at, code, facts } = cause;
    const refused = new Findings();
    refused.problem(at, code, facts);
    return { problems: [...refused.problems, ...problems], problemCount: findings.problemCount + 1, notes };
  }
}

function openParts(bytes: Uint8Array, limits: WorkbookLimits): Parts {
  if (bytes.byteLength > FILE_LIMIT_BYTES)
    throw new Refusal(WHOLE_FILE, 'FILE_TOO_LARGE', { bytes: bytes.byteLength, limit: FILE_LIMIT_BYTES });
  if (isCompoundFile(bytes)) throw refusedCompoundFile(bytes);
  if (!isZip(bytes)) throw new Refusal(WHOLE_FILE, 'WORKBOOK_NOT_ZIP', { looksLike: looksLike(bytes) });
  const parts = new Parts(bytes, readDirectory(bytes, limits), new Budget(limits));
  refuseOtherContent(parts);
  return parts;
}

function refusedCompoundFile(bytes: Uint8Array): Refusal {
  const found = compoundContent(bytes);
  return found === 'encrypted'
    ? new Refusal(WHOLE_FILE, 'WORKBOOK_ENCRYPTED')
    : new Refusal(WHOLE_FILE, 'WORKBOOK_OLD_FORMAT', { found });
}

/** Reports are often saved as `.xlsx` and are something else. */
function looksLike(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1')
    .decode(bytes.subarray(0, 1_024))
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  if (start === '') return 'nothing';
  if (start.startsWith('%PDF')) return 'PDF';
  if (/^(<!doctype html|<html|<table|<meta|<head)/i.test(start)) return 'HTML';
  if (start.startsWith('<?xml'))
    return start.includes('urn:schemas-microsoft-com:office') ? 'XML of Excel 2003' : 'XML';
  return start.includes('\0') ? 'binary data' : 'text';
}

/** What other programs put into a zip archive, by the content type of their main part. */
const OTHER_CONTENT: readonly (readonly [RegExp, string])[] = [
  [/wordprocessingml\.\w+\.main\+xml/i, 'docx'],
  [/presentationml\.\w+\.main\+xml/i, 'pptx'],
  [/excel\.sheet\.binary\.macroenabled\.main/i, 'xlsb'],
];
const MACROS = /vbaproject|macrosheet|excel\.(sheet|template|addin)\.macroenabled/i;

function refuseOtherContent(parts: Parts): void {
  const macros = parts.names.find((name) => /(^|\/)vbaproject\.bin$|(^|\/)macrosheets\//i.test(name));
  if (macros !== undefined) throw new Refusal(WHOLE_FILE, 'WORKBOOK_HAS_MACROS', { part: macros });
  if (!parts.has(CONTENT_TYPES)) {
    const found = parts.has('mimetype') && parts.has('content.xml') ? 'ods' : 'zip';
    throw new Refusal(WHOLE_FILE, 'WORKBOOK_NOT_XLSX', { found });
  }
  readContentTypes(parts, (type) => {
    const other = OTHER_CONTENT.find(([pattern]) => pattern.test(type));
    if (other !== undefined) throw new Refusal(WHOLE_FILE, 'WORKBOOK_NOT_XLSX', { found: other[1] });
    if (MACROS.test(type)) throw new Refusal(WHOLE_FILE, 'WORKBOOK_HAS_MACROS', { contentType: type });
  });
}

function readSheets(parts: Parts, findings: Findings): readonly Sheet[] {
  const main = [...readRelationships(parts, '').values()].find(({ kind }) => kind === 'officeDocument')?.part;
  if (main === undefined || !parts.has(main))
    throw new Refusal(WHOLE_FILE, 'WORKBOOK_PART_MISSING', { part: main ?? 'xl/workbook.xml' });
  const { tabs, since1904 } = readTabs(parts, main);
  const relationships = readRelationships(parts, main);
  const content = readShared(parts, relationships, since1904);
  const read = new Set<string>();
  return tabs.map(({ name, hidden, relationship }) => {
    const { part, kind } = sheetPart(relationships.get(relationship), name, main);
    if (kind === 'chartsheet') return { name, hidden, rows: [], merges: [] };
    if (read.has(part)) throw corrupt(main, `two sheets are the same part ${part}`);
    read.add(part);
    return { name, hidden, ...readSheet({ parts, part, name, content }, findings) };
  });
}

/** Excel allows 31 characters, other programs more. */
const LONGEST_SHEET_NAME = 255;

interface Tab {
  readonly name: string;
  readonly hidden: boolean;
  readonly relationship: string;
}

function readTabs(parts: Parts, main: string): { readonly tabs: readonly Tab[]; readonly since1904: boolean } {
  const limit = parts.budget.limits.sheets;
  const tabs: Tab[] = [];
  let count = 0;
  let since1904 = false;
  readXml(parts, main, {
    open: ({ name, attribute, relationship }) => {
      if (name === 'workbookPr') since1904 = /^(1|true)$/.test(attribute('date1904') ?? '');
      if (name !== 'sheet') return;
      const state = attribute('state') ?? 'visible';
      const sheet = attribute('name') ?? '';
      if (sheet === '' || sheet.length > LONGEST_SHEET_NAME) throw corrupt(main, `a sheet named ${sheet || 'nothing'}`);
      count += 1;
      if (count <= limit) tabs.push({ name: sheet, hidden: state !== 'visible', relationship: relationship() ?? '' });
    },
  });
  if (count > limit) throw new Refusal(WHOLE_FILE, 'WORKBOOK_TOO_MANY_SHEETS', { sheets: count, limit });
  if (count === 0) throw corrupt(main, 'no sheets');
  return { tabs, since1904 };
}

function sheetPart(found: Relationship | undefined, sheet: string, main: string): { part: string; kind: string } {
  if (found === undefined) throw corrupt(main, `the sheet ${sheet} leads to no part`);
  const { kind, part } = found;
  if (part === undefined) throw new Refusal(main, 'WORKBOOK_LINK_UNSAFE', { sheet, target: 'outside of the file' });
  if (/macrosheet/i.test(kind)) throw new Refusal(WHOLE_FILE, 'WORKBOOK_HAS_MACROS', { part });
  if (kind !== 'worksheet' && kind !== 'chartsheet') throw corrupt(main, `the sheet ${sheet} is a ${kind}`);
  return { part, kind };
}

/** Shared strings and styles may be missing: then no cell can refer to them. */
function readShared(parts: Parts, relationships: ReadonlyMap<string, Relationship>, since1904: boolean): SharedContent {
  const partOf = (kind: string): string | undefined =>
    [...relationships.values()].find((relationship) => relationship.kind === kind)?.part;
  const [strings, styles] = [partOf('sharedStrings'), partOf('styles')];
  return {
    strings: strings === undefined || !parts.has(strings) ? [] : readSharedStrings(parts, strings),
    kinds: styles === undefined || !parts.has(styles) ? [] : readNumberKinds(parts, styles),
    since1904,
  };
}
