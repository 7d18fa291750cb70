/**
 * The directory of a zip archive (APPNOTE.TXT 6.3.10), read strictly: what the directory says and what stands before the data
 * must agree, no two entries share a byte, none leads out of the archive. A lenient reader is what such tricks are made for.
 */
import { WHOLE_FILE } from '#forms/findings.js';
import type { WorkbookLimits } from './limits.js';
import { Refusal, corrupt } from './refusal.js';

export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  /** The bytes as they stand in the archive. */
  readonly start: number;
  readonly end: number;
  /** Size after inflation and CRC-32, as declared. */
  readonly size: number;
  readonly crc: number;
}

const END = { signature: 0x06054b50, bytes: 22 } as const;
const END_64_LOCATOR = { signature: 0x07064b50, bytes: 20 } as const;
const END_64 = { signature: 0x06064b50, bytes: 56 } as const;
const CENTRAL = { signature: 0x02014b50, bytes: 46 } as const;
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
const LONGEST_COMMENT = 0xffff;
/** Stands where the value is in the 64-bit record instead. */
const ELSEWHERE = 0xffff_ffff;
const EXTRA_64 = 1;
const [STORED, DEFLATED] = [0, 8];
const FLAG_ENCRYPTED = 0x1;
const FLAG_UTF8 = 0x800;

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));

interface Directory {
  readonly start: number;
  readonly bytes: number;
  readonly entries: number;
}

/** All files of the archive in the order of its directory; folders are left out. Refuses what it declares too much of. */
export function readDirectory(bytes: Uint8Array, limits: WorkbookLimits): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = findDirectory(view);
  if (directory.entries > limits.parts)
    throw new Refusal(WHOLE_FILE, 'WORKBOOK_TOO_MANY_PARTS', { parts: directory.entries, limit: limits.parts });
  const headers: Header[] = [];
  let at = directory.start;
  for (let index = 0; index < directory.entries; index += 1) {
    const { header, next } = centralHeader(view, at, directory.start + directory.bytes);
    headers.push(header);
    at = next;
  }
  refuseRepeatedNames(headers);
  refuseDeclaredSizes(headers, limits);
  const entries = headers.map((header) => ({ header, entry: entryOf(view, header, directory.start) }));
  refuseOverlaps(entries);
  return entries.map(({ entry }) => entry).filter(({ name }) => !name.endsWith('/'));
}

/** The archive ends with its directory's place and a comment that reaches exactly to the end of the file. */
function findDirectory(view: DataView): Directory {
  const last = view.byteLength - END.bytes;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at -= 1) {
    if (
      view.getUint32(at, true) !== END.signature ||
      at + END.bytes + view.getUint16(at + 20, true) !== view.byteLength
    )
      continue;
    if (view.getUint16(at + 4, true) !== 0 && view.getUint16(at + 4, true) !== 0xffff) break;
    const plain = {
      entries: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    const directory = plain.start === ELSEWHERE || plain.entries === 0xffff ? (directory64(view, at) ?? plain) : plain;
    if (directory.start + directory.bytes <= at) return directory;
    break;
  }
  throw corrupt(WHOLE_FILE, 'the archive has no end or its directory lies outside of it: the file is cut off');
}

function directory64(view: DataView, end: number): Directory | undefined {
  const locator = end - END_64_LOCATOR.bytes;
  if (locator < 0 || view.getUint32(locator, true) !== END_64_LOCATOR.signature) return undefined;
  const at = long(view, locator + 8);
  if (at + END_64.bytes > locator || view.getUint32(at, true) !== END_64.signature) return undefined;
  return { entries: long(view, at + 32), bytes: long(view, at + 40), start: long(view, at + 48) };
}

/** Inexact above 2^53, which is beyond any limit all the same. */
const long = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

interface Header {
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
}

function centralHeader(view: DataView, at: number, end: number): { readonly header: Header; readonly next: number } {
  if (at + CENTRAL.bytes > end || view.getUint32(at, true) !== CENTRAL.signature)
    throw corrupt(WHOLE_FILE, 'the directory of the archive is damaged');
  const flags = view.getUint16(at + 8, true);
  const nameBytes = view.getUint16(at + 28, true);
  const extraBytes = view.getUint16(at + 30, true);
  const extraAt = at + CENTRAL.bytes + nameBytes;
  const next = extraAt + extraBytes + view.getUint16(at + 32, true);
  if (next > end) throw corrupt(WHOLE_FILE, 'the directory of the archive is damaged');
  const rawName = new Uint8Array(view.buffer, view.byteOffset + at + CENTRAL.bytes, nameBytes);
  const name = new TextDecoder((flags & FLAG_UTF8) === 0 ? 'latin1' : 'utf-8').decode(rawName);
  if ((flags & FLAG_ENCRYPTED) !== 0) throw new Refusal(name, 'WORKBOOK_ENCRYPTED');
  const method = view.getUint16(at + 10, true);
  if (method !== STORED && method !== DEFLATED) throw corrupt(name, `compressed by method ${method}`);
  refuseUnsafeName(name);
  const header = {
    name,
    rawName,
    method,
    crc: view.getUint32(at + 16, true),
    compressed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  return { header: { ...header, ...sizes64(view, header, extraAt, extraAt + extraBytes) }, next };
}

/** Of size, compressed size and offset, in this order, those that did not fit stand in an extra field of 64-bit values. */
function sizes64(view: DataView, header: Header, from: number, to: number): Partial<Header> {
  const missing = (['size', 'compressed', 'offset'] as const).filter((field) => header[field] === ELSEWHERE);
  for (let at = from; missing.length > 0 && at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== EXTRA_64) continue;
    const length = Math.min(view.getUint16(at + 2, true), to - at - 4);
    const found = missing.slice(0, Math.floor(length / 8));
    return Object.fromEntries(found.map((field, index) => [field, long(view, at + 4 + index * 8)]));
  }
  return {};
}

function refuseUnsafeName(name: string): void {
  // Nothing is ever written under these names; a file that carries such a name was made to harm whoever does.
  const segments = name.split('/');
  if (name === '' || name.startsWith('/') || /[\\\0:]/.test(name) || segments.includes('..') || segments.includes('.'))
    throw new Refusal(name === '' ? WHOLE_FILE : name, 'WORKBOOK_ARCHIVE_UNSAFE', {
      reason: 'the name leads elsewhere',
    });
}

/** Names of parts differ by more than case (ECMA-376 part 2, 6.2.2). */
function refuseRepeatedNames(headers: readonly Header[]): void {
  const seen = new Set<string>();
  for (const { name } of headers) {
    if (seen.has(name.toLowerCase()))
      throw new Refusal(name, 'WORKBOOK_ARCHIVE_UNSAFE', { reason: 'the name stands in the archive twice' });
    seen.add(name.toLowerCase());
  }
}

function refuseDeclaredSizes(headers: readonly Header[], { partBytes, inflatedBytes }: WorkbookLimits): void {
  for (const { name, size } of headers) {
    if (size > partBytes)
      throw new Refusal(name, 'WORKBOOK_INFLATES_TOO_MUCH', {
        part: name,
        declared: size,
        inflated: 0,
        limit: partBytes,
      });
  }
  const declared = headers.reduce((sum, { size }) => sum + size, 0);
  if (declared > inflatedBytes)
    throw new Refusal(WHOLE_FILE, 'WORKBOOK_INFLATES_TOO_MUCH', { declared, inflated: 0, limit: inflatedBytes });
}

function entryOf(view: DataView, header: Header, directoryStart: number): ZipEntry {
  const { name, offset, rawName, compressed, size, crc } = header;
  if (offset + LOCAL.bytes > directoryStart || view.getUint32(offset, true) !== LOCAL.signature)
    throw corrupt(name, 'the directory of the archive points to no entry');
  const nameBytes = view.getUint16(offset + 26, true);
  const start = offset + LOCAL.bytes + nameBytes + view.getUint16(offset + 28, true);
  if (start + compressed > directoryStart) throw corrupt(name, 'the entry reaches into the directory of the archive');
  const named = new Uint8Array(view.buffer, view.byteOffset + offset + LOCAL.bytes, nameBytes);
  if (nameBytes !== rawName.byteLength || !named.every((byte, at) => byte === rawName[at]))
    throw new Refusal(name, 'WORKBOOK_ARCHIVE_UNSAFE', {
      reason: 'the entry has another name than its directory says',
    });
  return { name, deflated: header.method === DEFLATED, start, end: start + compressed, size, crc };
}

/** Entries that share bytes let a small file inflate to any size (zip bombs without nesting). */
function refuseOverlaps(entries: readonly { readonly header: Header; readonly entry: ZipEntry }[]): void {
  const sorted = entries.toSorted((a, b) => a.header.offset - b.header.offset);
  sorted.forEach(({ header, entry }, index) => {
    const before = sorted[index - 1];
    if (before !== undefined && before.entry.end > header.offset)
      throw new Refusal(entry.name, 'WORKBOOK_ARCHIVE_UNSAFE', { reason: `shares bytes with ${before.entry.name}` });
  });
}
