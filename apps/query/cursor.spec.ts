import { describe, expect, it } from '@jest/globals';
import type { Position } from '#domain/envelope.js';
import { decodeCursor, encodeCursor } from './cursor.js';

const cursor = { question: 'journal U0001 2024', position: '4711' as Position, after: ['2024-06-28', '4690', 0] };
const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  it('is what it was, and safe in an address', () => {
    const text = encodeCursor(cursor);
    expect(text).toMatch(/^[\w-]+$/);
    expect(decodeCursor(text, cursor.question, 3)).toEqual({ position: '4711', after: ['2024-06-28', '4690', 0] });
  });

  it.each([
    ['of another question', encodeCursor({ ...cursor, question: 'journal U0001 2024 line=P01' })],
    ['cut off', encodeCursor(cursor).slice(0, -5)],
    ['of another length', encodeCursor({ ...cursor, after: ['2024-06-28'] })],
    ['with a float in it', made([cursor.question, '4711', '2024-06-28', '4690', 0.5])],
    ['with an object in it', made([cursor.question, '4711', '2024-06-28', { $gt: '' }, 0])],
    ['with a position that is none', made([cursor.question, '1; DROP', '2024-06-28', '4690', 0])],
    ['of an object', made({ question: cursor.question })],
    ['of nothing', ''],
    ['of rubbish', '%%%'],
  ])('%s is 400', (_what, text) => {
    expect(() => decodeCursor(text, cursor.question, 3)).toThrow(
      expect.objectContaining({
        status: 400,
        facts: expect.objectContaining({ faults: [expect.objectContaining({ code: 'INVALID_CURSOR' })] }),
      }),
    );
  });
});
