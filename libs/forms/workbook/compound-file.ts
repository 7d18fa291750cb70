/**
 * The container of old office files (OLE compound file, [MS-CFB]), as far as needed to tell what is inside: the names of its
 * streams. Encrypted workbooks come in one too, with the zip as the stream `EncryptedPackage` ([MS-OFFCRYPTO]).
 */
const MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const HEADER_BYTES = 512;
/** Places of the first 109 sectors of the allocation table stand in the header; that is 6.8 MB of directory at least. */
const TABLE_SECTORS_AT = 76;
const TABLE_SECTORS = 109;
const ENTRY_BYTES = 128;

export const isCompoundFile = (bytes: Uint8Array): boolean => MAGIC.every((byte, at) => bytes[at] === byte);

/** What the container holds: an encrypted workbook, or a document of the old formats. */
export function compoundContent(bytes: Uint8Array): 'encrypted' | 'xls' | 'doc' | 'ppt' | 'unknown' {
  const names = new Set(streamNames(bytes));
  if (names.has('EncryptedPackage')) return 'encrypted';
  if (names.has('Workbook') || names.has('Book')) return 'xls';
  if (names.has('WordDocument')) return 'doc';
  return names.has('PowerPoint Document') ? 'ppt' : 'unknown';
}

/** Names of streams and storages, those that can be found: a damaged file has fewer. */
function streamNames(bytes: Uint8Array): string[] {
  if (bytes.byteLength < HEADER_BYTES) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shift = view.getUint16(30, true);
  if (shift !== 9 && shift !== 12) return [];
  const sectorBytes = 2 ** shift;
  const startOf = (sector: number): number => (sector + 1) * sectorBytes;
  const names: string[] = [];
  const seen = new Set<number>();
  let sector: number | undefined = view.getUint32(48, true);
  while (sector !== undefined && !seen.has(sector) && startOf(sector) + sectorBytes <= bytes.byteLength) {
    seen.add(sector);
    for (let at = startOf(sector); at < startOf(sector) + sectorBytes; at += ENTRY_BYTES) names.push(nameAt(view, at));
    sector = nextSector(view, sector, startOf, sectorBytes);
  }
  return names.filter((name) => name !== '');
}

/** UTF-16 with its length, the closing zero included, in bytes behind it. */
function nameAt(view: DataView, at: number): string {
  const length = Math.min(view.getUint16(at + 64, true), 64) / 2 - 1;
  const units = Array.from({ length: Math.max(0, Math.floor(length)) }, (_, index) =>
    view.getUint16(at + index * 2, true),
  );
  return String.fromCharCode(...units);
}

function nextSector(
  view: DataView,
  sector: number,
  startOf: (sector: number) => number,
  sectorBytes: number,
): number | undefined {
  const perSector = sectorBytes / 4;
  const table = Math.floor(sector / perSector);
  if (table >= TABLE_SECTORS) return undefined;
  const at = startOf(view.getUint32(TABLE_SECTORS_AT + table * 4, true)) + (sector % perSector) * 4;
  return at + 4 <= view.byteLength ? view.getUint32(at, true) : undefined;
}
