/** The file of evidence that a request brings. Of everything else in it nothing is held. */
import type { Readable } from 'node:stream';
import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import { invalidRequest, Problem, type Fault } from '#platform/problem.js';
import { NAME, NAME_RULE } from './attachment-name.js';
import { MAX_ATTACHMENT_BYTES } from './attachments.js';

/** What is looked at of a request. */
export interface MultipartRequest {
  isMultipart(): boolean;
  parts(): AsyncIterable<MultipartFile | MultipartValue>;
}

/** `bytes` are counted also where the content was dropped because there are too many. */
interface Received {
  readonly name: string;
  readonly content: Buffer;
  readonly bytes: number;
}

/** Holds one file of at most 20 MiB, whatever is sent. Throws 400 with every fault, 413 and 415. */
export async function readAttachment(
  request: MultipartRequest,
): Promise<{ readonly name: string; readonly content: Buffer }> {
  if (!request.isMultipart()) {
    throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', { detail: 'Send the file as multipart/form-data, field "file".' });
  }
  const { file, faults } = await readParts(request);
  if (file === undefined || faults.length > 0) throw invalidRequest(faults);
  const { name, content, bytes } = file;
  if (bytes > MAX_ATTACHMENT_BYTES) {
    throw new Problem(413, 'ATTACHMENT_TOO_LARGE', {
      detail: `The file has ${bytes} bytes; evidence is kept up to ${MAX_ATTACHMENT_BYTES} (20 MiB).`,
      bytes,
      limitBytes: MAX_ATTACHMENT_BYTES,
    });
  }
  return { name, content };
}

async function readParts(
  request: MultipartRequest,
): Promise<{ readonly file: Received | undefined; readonly faults: readonly Fault[] }> {
  const faults: Fault[] = [];
  const fault = (parameter: string, code: string, message: string) => faults.push({ parameter, code, message });
  let file: Received | undefined;
  let repeated = false;
  for await (const part of request.parts()) {
    const isOurs = part.type === 'file' && part.fieldname === 'file';
    if (!isOurs) {
      fault(part.fieldname, 'UNKNOWN_PROPERTY', `${part.fieldname} is not known; send one file in the field "file"`);
    }
    if (part.type !== 'file') continue;
    // Read to its end whatever its name: the parts behind it come only then.
    if (isOurs && file === undefined) {
      file = { name: part.filename.normalize('NFC'), ...(await received(part.file, MAX_ATTACHMENT_BYTES)) };
    } else {
      await received(part.file, 0);
      repeated ||= isOurs;
    }
  }
  if (file === undefined) fault('file', 'REQUIRED', 'send the file as the multipart field "file"');
  else if (!NAME.test(file.name)) fault('file', 'INVALID_VALUE', `the name of the file ${NAME_RULE}`);
  if (repeated) fault('file', 'REPEATED', 'send one file at a time');
  return { file, faults };
}

/** Reads to the end and holds no more than `limit`: of a longer stream nothing. */
async function received(stream: Readable, limit: number): Promise<Pick<Received, 'content' | 'bytes'>> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
    else chunks = [];
  }
  return { content: Buffer.concat(chunks), bytes };
}
