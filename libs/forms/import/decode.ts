/** Bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one, GBK/GB18030 when it is not UTF-8. */
import { type Findings, WHOLE_FILE } from '#forms/findings.js';

/** No file above this is looked at. Design 6.3. */
export const FILE_LIMIT_BYTES = 32 * 1024 * 1024;

/** The text in NFC, or `undefined` with the problem named: also for a file without any. Which encoding was guessed is noted. */
export function decodeText(bytes: Uint8Array, findings: Findings): string | undefined {
  const text = decoded(bytes, findings);
  if (text?.trim() !== '') return text;
  findings.problem(WHOLE_FILE, 'FILE_EMPTY', { bytes: bytes.byteLength });
  return undefined;
}

function decoded(bytes: Uint8Array, findings: Findings): string | undefined {
  if (bytes.byteLength > FILE_LIMIT_BYTES) {
    findings.problem(WHOLE_FILE, 'FILE_TOO_LARGE', { bytes: bytes.byteLength, limit: FILE_LIMIT_BYTES });
    return undefined;
  }
  const mark = utf16Mark(bytes);
  if (mark === undefined && isBinary(bytes)) {
    findings.problem(WHOLE_FILE, 'FILE_NOT_TEXT', { bytes: bytes.byteLength });
    return undefined;
  }
  const utf16 = mark && decodeAs(mark, bytes);
  if (utf16 !== undefined) {
    findings.note(WHOLE_FILE, 'DECODED_AS_UTF16', { encoding: mark });
    return utf16.normalize('NFC');
  }
  const utf8 = decodeAs('utf-8', bytes);
  if (utf8 !== undefined) return utf8.normalize('NFC');
  const chinese = decodeAs('gb18030', bytes);
  if (chinese !== undefined) {
    findings.note(WHOLE_FILE, 'DECODED_AS_GB18030');
    return chinese.normalize('NFC');
  }
  findings.problem(WHOLE_FILE, 'ENCODING_UNKNOWN', { tried: ['UTF-8', 'GB18030'] });
  return undefined;
}

/** A byte order mark is taken off. */
function decodeAs(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    // Not this encoding: the caller tries the next. Anything else, such as a runtime without it, is a bug.
    if ((cause as { code?: unknown }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return undefined;
    throw cause;
  }
}

function utf16Mark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

/** A NUL byte never occurs in text; a PDF may begin without one. */
const isBinary = (bytes: Uint8Array): boolean =>
  bytes.includes(0) || (bytes[0] === 0x25 && bytes[1] === 0x50 && bytes[2] === 0x44 && bytes[3] === 0x46);
