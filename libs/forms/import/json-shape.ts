/**
 * Small readers of parsed JSON. Each takes a value and its JSON pointer, tells the findings what is wrong, and gives what it
 * could read. An object gives every property that was readable, so that one pass finds all faults.
 */
import { parseCivilDate, type CivilDate } from '#domain/calendar.js';
import type { Fen } from '#domain/money.js';
import { parseAmount, type AmountUnit } from '#forms/amount.js';
import type { Findings } from '#forms/findings.js';
import { escaped } from './json-scan.js';

export type Read<T> = (value: unknown, at: string, findings: Findings) => T | undefined;
type Got<R> = R extends Read<infer T> ? T : never;
type Shape = Readonly<Record<string, Read<unknown>>>;
export type Partly<S extends Shape> = { readonly [K in keyof S]?: Got<S[K]> };

/** Unknown properties are refused, missing required ones named. */
export const object =
  <R extends Shape, O extends Shape>(required: R, optional: O): Read<Partly<R> & Partly<O>> =>
  (value, at, findings) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return wrongType(value, 'object', at, findings);
    }
    const given = new Map(Object.entries(value));
    for (const key of given.keys()) {
      if (RESERVED.has(key) || Object.hasOwn(required, key) || Object.hasOwn(optional, key)) continue;
      findings.problem(`${at}/${escaped(key)}`, 'PROPERTY_UNKNOWN', {
        allowed: Object.keys({ ...required, ...optional }),
      });
    }
    const read: Record<string, unknown> = {};
    for (const [key, reader] of [...Object.entries(required), ...Object.entries(optional)]) {
      if (given.has(key)) read[key] = reader(given.get(key), `${at}/${escaped(key)}`, findings);
      else if (Object.hasOwn(required, key)) findings.problem(`${at}/${escaped(key)}`, 'PROPERTY_MISSING');
      if (read[key] === undefined) delete read[key];
    }
    return read as Partly<R> & Partly<O>;
  };

/** Already reported by the scan. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Entries that cannot be read are left out, with their problem named. */
export const list =
  <T>(read: Read<T>, longest: number): Read<T[]> =>
  (value, at, findings) => {
    if (!Array.isArray(value)) return wrongType(value, 'array', at, findings);
    if (value.length > longest) {
      findings.problem(at, 'VALUE_NOT_ALLOWED', { found: value.length, allowed: [`at most ${longest} entries`] });
      return undefined;
    }
    return value
      .map((entry, index) => read(entry, `${at}/${index}`, findings))
      .filter((entry): entry is Awaited<T> & T => entry !== undefined);
  };

/** One line of text, not empty, in NFC. */
export const text =
  (longest: number): Read<string> =>
  (value, at, findings) => {
    if (typeof value !== 'string') return wrongType(value, 'string', at, findings);
    return plainText(value, longest, at, findings);
  };

/** Shared with the CSV files: trimmed, without control characters, not too long. */
export function plainText(value: string, longest: number, at: string, findings: Findings): string | undefined {
  const plain = value.trim().normalize('NFC');
  if (/[\p{Cc}\p{Cs}]/u.test(plain))
    return void findings.problem(at, 'TEXT_NOT_PLAIN', { found: JSON.stringify(plain).slice(0, 80) });
  if (plain.length > longest)
    return void findings.problem(at, 'TEXT_TOO_LONG', { length: plain.length, limit: longest });
  if (plain === '') return void findings.problem(at, 'CELL_EMPTY');
  return plain;
}

export const oneOf =
  <const T extends string | number>(allowed: readonly T[]): Read<T> =>
  (value, at, findings) => {
    const found = allowed.find((entry) => entry === value);
    if (found !== undefined) return found;
    const known = typeof value === 'string' || typeof value === 'number' ? value : typeOf(value);
    return void findings.problem(at, 'VALUE_NOT_ALLOWED', { found: known, allowed: allowed.map(String) });
  };

export const integer =
  (least: number, most: number): Read<number> =>
  (value, at, findings) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return wrongType(value, 'integer', at, findings);
    if (value >= least && value <= most) return value;
    return void findings.problem(at, 'VALUE_NOT_ALLOWED', { found: value, allowed: [`${least} … ${most}`] });
  };

/** Text of a given pattern; another code says what the pattern is. */
export const matching =
  (pattern: RegExp, code: 'CODE_NOT_VALID' | 'ID_NOT_VALID'): Read<string> =>
  (value, at, findings) => {
    if (typeof value !== 'string') return wrongType(value, 'string', at, findings);
    return pattern.test(value) ? value : void findings.problem(at, code, { found: value.slice(0, 80) });
  };

export const date: Read<CivilDate> = (value, at, findings) => {
  if (typeof value !== 'string') return wrongType(value, 'date as a string', at, findings);
  return parseCivilDate(value) ?? void findings.problem(at, 'DATE_NOT_VALID', { found: value.slice(0, 40) });
};

/** A decimal string, never a number; not below zero. */
export const amount =
  (unit: AmountUnit): Read<Fen> =>
  (value, at, findings) => {
    if (typeof value !== 'string') return wrongType(value, 'decimal string', at, findings);
    const parsed = parseAmount(value, unit);
    if (typeof parsed === 'string') return void findings.problem(at, parsed, { found: value.slice(0, 80) });
    return parsed >= 0 ? parsed : void findings.problem(at, 'AMOUNT_NEGATIVE', { found: value });
  };

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

const wrongType = (value: unknown, expected: string, at: string, findings: Findings): undefined =>
  void findings.problem(at, 'TYPE_WRONG', { expected, found: typeOf(value) });
