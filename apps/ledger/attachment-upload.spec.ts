import { Readable } from 'node:stream';
import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import { describe, expect, it } from '@jest/globals';
import { readAttachment } from './attachment-upload.js';

const MIB = 1024 * 1024;
const CHUNK = Buffer.alloc(MIB, 'x');

/** A part that comes piece by piece and cannot be had whole. */
function sent(fieldname: string, mib: number, filename = 'a.pdf') {
  let left = mib;
  const file = new Readable({
    read() {
      left -= 1;
      this.push(left < 0 ? null : CHUNK);
    },
  });
  const toBuffer = () => Promise.reject(new Error(`${fieldname} was read whole`));
  return { type: 'file', fieldname, filename, file, toBuffer } as unknown as MultipartFile;
}

const request = (...parts: readonly (MultipartFile | MultipartValue)[]) => ({
  isMultipart: () => true,
  parts: async function* () {
    for (const part of parts) {
      yield part;
      // As the parser does it: nothing comes behind a file that was not read.
      if (part.type === 'file') expect(part.file.readableEnded).toBe(true);
    }
  },
});

const problem = (...parts: readonly MultipartFile[]) =>
  readAttachment(request(...parts)).then(
    () => 'nothing is wrong',
    (error: unknown) => error,
  );

describe('a request with a file of evidence', () => {
  it('gives the bytes and the name in its composed form', async () => {
    const { name, content } = await readAttachment(request(sent('file', 2, 'e\u0301.pdf')));
    expect([name, content.length]).toEqual(['\u00e9.pdf', 2 * MIB]);
  });

  it('holds nothing of files in other fields and of second ones, and tells of both', async () => {
    expect(await problem(sent('files', 30), sent('file', 1), sent('file', 30))).toMatchObject({
      status: 400,
      facts: {
        faults: [
          { parameter: 'files', code: 'UNKNOWN_PROPERTY' },
          { parameter: 'file', code: 'REPEATED' },
        ],
      },
    });
  });

  it('counts the bytes of one that is too large', async () => {
    expect(await problem(sent('file', 31))).toMatchObject({
      status: 413,
      code: 'ATTACHMENT_TOO_LARGE',
      facts: { bytes: 31 * MIB, limitBytes: 20 * MIB },
    });
  });
});
