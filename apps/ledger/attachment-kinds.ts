/**
 * What an evidence file may be, told by its bytes alone: names and announced media types are often wrong. Files are kept and
 * handed out again, never opened here; of a package only the names in its directory are read.
 */
import { isUtf8 } from 'node:buffer';

export interface AttachmentKind {
  readonly mediaType: string;
  /** The first one is added to a name that ends in none of them. */
  readonly endings: readonly string[];
}

const PDF = { mediaType: 'application/pdf', endings: ['.pdf'] };
const PNG = { mediaType: 'image/png', endings: ['.png'] };
const JPEG = { mediaType: 'image/jpeg', endings: ['.jpg', '.jpeg'] };
const DOCX = {
  mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  endings: ['.docx'],
};
const XLSX = { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', endings: ['.xlsx'] };
/** GB/T 33190, the layout of Chinese official papers. */
const OFD = { mediaType: 'application/ofd', endings: ['.ofd'] };
const TEXT = { mediaType: 'text/plain; charset=utf-8', endings: ['.txt', '.csv'] };
const CHINESE_TEXT = { mediaType: 'text/plain; charset=gb18030', endings: ['.txt', '.csv'] };

const KINDS: readonly AttachmentKind[] = [PDF, PNG, JPEG, DOCX, XLSX, OFD, TEXT, CHINESE_TEXT];

/** What is accepted, for people. */
export const ACCEPTED_KINDS = 'PDF, PNG, JPEG, DOCX and XLSX without macros, OFD, and plain text or CSV';

export const kindOf = (mediaType: string): AttachmentKind | undefined =>
  KINDS.find((kind) => kind.mediaType === mediaType);

/** `undefined` for whatever is not accepted, packages with macros among it. */
export function recogniseAttachment(bytes: Buffer): AttachmentKind | undefined {
  const starts = (signature: string): boolean =>
    bytes.subarray(0, signature.length).equals(Buffer.from(signature, 'latin1'));
  if (starts('%PDF-')) return PDF;
  if (starts('\x89PNG\r\n\x1a\n')) return PNG;
  if (starts('\xff\xd8\xff')) return JPEG;
  if (starts('PK\x03\x04')) return packageKind(namesInZip(bytes));
  return textKind(bytes);
}

function packageKind(names: readonly string[] | undefined): AttachmentKind | undefined {
  if (names === undefined || names.some((name) => /vbaProject|\.(exe|dll|js|vbs|bat|cmd)$/i.test(name)))
    return undefined;
  const holds = (name: string): boolean => names.includes(name);
  if (holds('OFD.xml')) return OFD;
  if (!holds('[Content_Types].xml')) return undefined;
  if (holds('word/document.xml')) return DOCX;
  return holds('xl/workbook.xml') ? XLSX : undefined;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES = 0xffff;
const DIRECTORY_ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;

/** Names in the directory at the end of a ZIP file; `undefined` when it has none that can be read. */
function namesInZip(bytes: Buffer): string[] | undefined {
  const end = endOfDirectory(bytes);
  if (end === undefined) return undefined;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const names: string[] = [];
  for (let entry = 0; entry < count; entry += 1) {
    if (at + ENTRY_BYTES > end || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) return undefined;
    const nameBytes = bytes.readUInt16LE(at + 28);
    const rest = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    names.push(bytes.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes));
    at += ENTRY_BYTES + nameBytes + rest;
  }
  return names;
}

function endOfDirectory(bytes: Buffer): number | undefined {
  const first = Math.max(0, bytes.length - END_BYTES - COMMENT_BYTES);
  for (let at = bytes.length - END_BYTES; at >= first; at -= 1) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  return undefined;
}

/** Text holds no control characters but tabs and line ends; tables of Chinese offices are often GBK. */
function textKind(bytes: Buffer): AttachmentKind | undefined {
  if (bytes.length === 0 || hasControls(bytes)) return undefined;
  if (isUtf8(bytes)) return TEXT;
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(bytes);
    return CHINESE_TEXT;
  } catch {
    // Not text in any encoding that is accepted: the caller says what is.
    return undefined;
  }
}

const CONTROLS = [...Array.from({ length: 0x20 }, (_, byte) => byte), 0x7f].filter(
  (byte) => byte !== 0x09 && byte !== 0x0a && byte !== 0x0d,
);

/** Byte by byte in JavaScript a file of 20 MiB keeps everybody waiting for half a second. */
const hasControls = (bytes: Buffer): boolean => CONTROLS.some((control) => bytes.includes(control));
