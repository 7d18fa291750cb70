/** What JSON allows and the log does not hold, found at the border so that the caller learns its place. */
import type { Fault } from '#platform/problem.js';

/** Of a name in a pointer, which is made for every value below it. */
const NAME_TOLD = 1_000;

const HALF_CHARACTER = /\p{Surrogate}/u;

/**
 * A fault for each `null` (a member without a value is left out), half of a character, number beyond all numbers, and
 * object with names that differ only in their Unicode form. `at` is the JSON pointer of `value`.
 */
export function storableFaults(value: unknown, at = ''): Fault[] {
  const fault = (code: string, message: string): Fault[] => [{ pointer: at, code, message }];
  if (value === null) return fault('NULL', 'null is not accepted: leave the member out');
  if (typeof value === 'number' && !Number.isFinite(value)) return fault('INVALID_VALUE', 'the number is too large');
  if (typeof value === 'string' && HALF_CHARACTER.test(value))
    return fault('INVALID_TEXT', 'holds half of a character');
  if (typeof value !== 'object' || value === undefined) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  const distinct = new Set(names.map((name) => name.normalize('NFC')));
  const odd = distinct.size < names.length || names.some((name) => HALF_CHARACTER.test(name));
  return [
    ...(odd ? fault('INVALID_TEXT', 'two names are the same, or one holds half of a character') : []),
    ...Object.entries(value).flatMap(([name, inner]) =>
      storableFaults(inner, `${at}/${name.slice(0, NAME_TOLD).replaceAll('~', '~0').replaceAll('/', '~1')}`),
    ),
  ];
}
