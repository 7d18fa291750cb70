/** Requests that are too large for options come as JSON files. */
import { readFile, stat } from 'node:fs/promises';
import { BadInput } from './faults.js';

/** As the API accepts them. */
const MAX_JSON_BYTES = 1024 * 1024;
const MAX_JSON_DEPTH = 32;

/** A JSON object from a file. Throws `BadInput` for a file that is not there, too large, too deep or no such object. */
export async function readJson(file: string): Promise<Record<string, unknown>> {
  const refuse = (code: string, message: string) => new BadInput({ place: file, code, message });
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_JSON_BYTES)
      throw refuse('FILE_TOO_LARGE', `has ${size} bytes, at most ${MAX_JSON_BYTES} are accepted`);
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw refuse('NOT_UTF8', 'is not UTF-8 text; save it as UTF-8');
    throw refuse('FILE_NOT_READABLE', `cannot be read (${code})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('JSON_NOT_VALID', `is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse('JSON_NOT_VALID', 'must hold one object, { … }');
  }
  if (isDeeper(value, MAX_JSON_DEPTH)) {
    throw refuse('JSON_TOO_DEEP', `objects and lists may be nested ${MAX_JSON_DEPTH} levels deep`);
  }
  return value as Record<string, unknown>;
}

const isDeeper = (value: unknown, limit: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (limit === 0 || Object.values(value).some((inner) => isDeeper(inner, limit - 1)));
