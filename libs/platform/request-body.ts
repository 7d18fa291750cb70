/**
 * What may come in as a body and how it is read: JSON (1 MiB, at most 32 levels, no `__proto__`), CSV as raw bytes and
 * multipart (32 MiB), and lines of JSON as a stream. Anything else is 415. The depth is counted on the bytes, before anything recursive sees the value:
 * class-transformer overflows the stack on 10,000 levels.
 */
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { Problem } from '#platform/problem.js';

export const MAX_JSON_BYTES = 1024 * 1024;
export const MAX_FILE_BYTES = 32 * 1024 * 1024;
export const MAX_JSON_DEPTH = 32;
export const ACCEPTED_MEDIA_TYPES = [
  'application/json',
  'text/csv',
  'multipart/form-data',
  'application/x-ndjson',
] as const;

/** Registers the parsers on an instance that must have none of Nest's (`bodyParser: false`). */
export async function readBodies(server: FastifyInstance): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_JSON_BYTES },
    async (_request: unknown, body: Buffer) => parseJson(body),
  );
  server.addContentTypeParser(
    'text/csv',
    { parseAs: 'buffer', bodyLimit: MAX_FILE_BYTES },
    async (_request: unknown, body: Buffer) => body,
  );
  // A whole log: read line by line as it comes, so it has no limit of its own.
  server.addContentTypeParser('application/x-ndjson', async (_request: unknown, payload: Readable) => payload);
  await server.register(multipart, {
    limits: { fileSize: MAX_FILE_BYTES, files: 4, fields: 32, fieldSize: 64 * 1024, parts: 36, headerPairs: 100 },
  });
}

/**
 * The value of a JSON body. Throws a 400 `Problem`: `JSON_EMPTY`, `JSON_NOT_UTF8`, `JSON_TOO_DEEP`, `JSON_INVALID` or
 * `JSON_FORBIDDEN_KEY`, the last with a pointer to every such key.
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new Problem(400, 'JSON_EMPTY', { detail: 'The body is empty; JSON was announced.' });
  if (!isUtf8(body)) throw new Problem(400, 'JSON_NOT_UTF8', { detail: 'The body is not UTF-8.' });
  if (exceedsDepth(body, MAX_JSON_DEPTH)) {
    throw new Problem(400, 'JSON_TOO_DEEP', {
      detail: `Objects and lists may be nested ${MAX_JSON_DEPTH} levels deep.`,
      limit: MAX_JSON_DEPTH,
    });
  }
  const text = body.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(400, 'JSON_INVALID', { detail: `The body is not JSON: ${(error as Error).message}` });
  }
  // The pattern is only a quick no: an escape may spell a forbidden key too.
  const forbidden = /__proto__|constructor|\\u/.test(text) ? forbiddenKeys(value, '') : [];
  if (forbidden.length > 0) {
    throw new Problem(400, 'JSON_FORBIDDEN_KEY', {
      detail: 'The keys __proto__ and constructor are not accepted anywhere.',
      faults: forbidden.map((pointer) => ({ pointer, code: 'FORBIDDEN_KEY', message: 'this key is not accepted' })),
    });
  }
  return value;
}

/** 413 with the limit that holds for the media type. */
export function bodyTooLarge(contentType: string | undefined): Problem {
  const limitBytes = contentType?.startsWith('application/json') ? MAX_JSON_BYTES : MAX_FILE_BYTES;
  return new Problem(413, 'BODY_TOO_LARGE', {
    detail: `The body is larger than ${limitBytes} bytes (${limitBytes / 1024 / 1024} MiB).`,
    limitBytes,
  });
}

/** 415 with what is accepted. */
export const unsupportedMediaType = (): Problem =>
  new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', {
    detail: `Send one of ${ACCEPTED_MEDIA_TYPES.join(', ')}.`,
    accepted: ACCEPTED_MEDIA_TYPES,
  });

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** One pass over the bytes. Counts brackets outside strings; whether they match is for the parser to say. */
function exceedsDepth(json: Buffer, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index]!;
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (CLOSING.has(byte)) {
      depth -= 1;
    }
  }
  return false;
}

/** JSON pointers of all forbidden keys. Recursion is bounded by the depth checked before. */
function forbiddenKeys(value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const pointer = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return key === '__proto__' || key === 'constructor' ? [pointer] : forbiddenKeys(inner, pointer);
  });
}
