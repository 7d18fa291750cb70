/**
 * Cursors of paged answers: opaque to callers. A cursor says which list it belongs to, at which log position the first page
 * was answered, and after which row to go on, so that all pages together are one list of one moment.
 */
import type { Position } from '#domain/envelope.js';
import { invalidRequest, type Problem } from '#platform/problem.js';

/** `question`: everything that selects the rows. A cursor answers only the question it was made for. */
export interface Cursor {
  readonly question: string;
  readonly position: Position;
  readonly after: readonly (string | number)[];
}

export const encodeCursor = ({ question, position, after }: Cursor): string =>
  Buffer.from(JSON.stringify([question, position, ...after])).toString('base64url');

/** The place after which to go on. Throws 400 for a cursor that is damaged, made up, or of another question. */
export function decodeCursor(text: string, question: string, length: number): Omit<Cursor, 'question'> {
  const [asked, position, ...after] = parts(text);
  const whole =
    after.length === length && after.every((part) => typeof part === 'string' || Number.isSafeInteger(part));
  if (typeof position !== 'string' || !/^\d{1,19}$/.test(position) || !whole) {
    throw damagedCursor();
  }
  if (asked !== question) throw badCursor('belongs to another question; ask for the first page of this one');
  return { position: position as Position, after: after as (string | number)[] };
}

function parts(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

export const damagedCursor = (): Problem => badCursor('is not a cursor of this list; take it from `next`, unchanged');

const badCursor = (words: string): Problem =>
  invalidRequest([{ parameter: 'cursor', code: 'INVALID_CURSOR', message: `cursor ${words}` }]);
