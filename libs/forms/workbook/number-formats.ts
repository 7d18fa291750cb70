/** What the number of a cell means by its format, and its text. Only dates and percentages change what a person reads. */
import type { Cell } from './cells.js';

export type NumberKind = 'number' | 'date' | 'percent';

/**
 * Formats that every program knows by number and no file spells out (ECMA-376 part 1, 18.8.30); 27 to 36 and 50 to 58 are those
 * of Chinese, Japanese and Korean editions, where 32 to 35, 55 and 56 are times of the day.
 */
const BUILT_IN: ReadonlyMap<number, NumberKind> = new Map<number, NumberKind>([
  ...[9, 10].map((id) => [id, 'percent'] as const),
  ...[14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, 'date'] as const),
]);

/** `custom`: the formats that the file spells out, by number. */
export const numberKind = (id: number, custom: ReadonlyMap<number, string>): NumberKind => {
  const code = custom.get(id);
  return code === undefined ? (BUILT_IN.get(id) ?? 'number') : kindOfFormat(code);
};

/** A format is a date when it prints a year, a day, or a month that is no minute. Source: ECMA-376 part 1, 18.8.31. */
export function kindOfFormat(code: string): NumberKind {
  // [h] prints hours; quoted text, escaped characters, fillers and other brackets print no figure. The first section counts.
  const printed = code.replace(/\[([hms])+\]/gi, '$1').replace(/"[^"]*"|\\.|[_*].|\[[^\]]*\]/g, '');
  const bare = printed.split(';')[0]!.toLowerCase();
  if (bare.includes('%')) return 'percent';
  if (/general|通用格式/.test(bare)) return 'number';
  if (/[yd]/.test(bare)) return 'date';
  return /m/.test(bare) && !/[hs0#?]/.test(bare) ? 'date' : 'number';
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The cell of a number as written in the file; undefined when it is none. `since1904`: the file counts days from 1904. */
export function numberCell(source: string, kind: NumberKind, since1904: boolean): Cell | undefined {
  const value = Number(source);
  if (!NUMBER.test(source) || !Number.isFinite(value)) return undefined;
  const date = kind === 'date' ? dateOfDay(value, since1904) : undefined;
  if (date !== undefined) return { value, text: date, source, shownAs: 'date' };
  const text = decimalText(source);
  return kind === 'percent'
    ? { value, text: `${timesHundred(text)}%`, source, shownAs: 'percent' }
    : { value, text, source };
}

const MILLISECONDS_OF_A_DAY = 86_400_000;
const LAST_DAY = 2_958_465;

/**
 * Day 1 is 1 January 1900, or day 0 1 January 1904. The first system has a 29 February 1900 that never was (day 60), so the days
 * before it are one off. Undefined for what is no day of the years to 9999. The time of the day is left out.
 */
export function dateOfDay(serial: number, since1904: boolean): string | undefined {
  const day = Math.floor(serial);
  if (since1904 ? day < 0 || day > LAST_DAY - 1_462 : day < 1 || day > LAST_DAY || day === 60) return undefined;
  const start = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30);
  return new Date(start + day * MILLISECONDS_OF_A_DAY).toISOString().slice(0, 10);
}

/** Digits that spreadsheets show and keep of what is typed. */
const SHOWN_DIGITS = 15;
/** Beyond these, digits come from the binary form. */
const WRITTEN_DIGITS = 16;

/**
 * The shortest decimal that means the same number: `8.6199999999999992` → `8.62`, `1.5E-3` → `0.0015`. Where there is noise
 * behind digit 15, of a sum (0.30000000000000004) or of a program that writes 16 digits (8.619999999999999), the digits before
 * it, as spreadsheets show them; but only if two more of these are zero, so that no figure is cut that may be meant. Whole
 * numbers, and other decimals of up to 16 digits, are kept as written even where no binary number is just so.
 */
export function decimalText(source: string): string {
  if (/^-?[1-9]\d{0,8}(\.\d{0,5}[1-9])?$/.test(source)) return source; // nearly all are written so already
  const isPlain = /^[+-]?\d*\.?\d*$/.test(source);
  if (isPlain && !source.includes('.')) return withoutExponent(source);
  const value = Number(source);
  const shown = Number(value.toPrecision(SHOWN_DIGITS));
  if (significantDigits(shown) <= SHOWN_DIGITS - 2) return withoutExponent(String(shown));
  const isWritten = isPlain && source.replace(/\D/g, '').replace(/^0+/, '').length <= WRITTEN_DIGITS;
  return withoutExponent(isWritten ? source : String(value));
}

const significantDigits = (value: number): number =>
  value.toExponential().replace(/e.*$/, '').replace(/\D/g, '').length;

/** An exponent is one of a number that JavaScript has printed, so it is small. */
function withoutExponent(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^\+?(-?)(\d*)\.?(\d*)(?:e([+-]\d+))?$/.exec(number) ?? [];
  const decimal = shifted(whole + fraction, whole.length + Number(exponent));
  return decimal === '0' ? decimal : sign + decimal;
}

/** Digits with the point behind so many of them. */
function shifted(digits: string, point: number): string {
  const padded = point < 1 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const whole = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const fraction = padded.slice(at).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** `0.385` → `38.5`, exactly. */
function timesHundred(decimal: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(decimal) ?? [];
  return sign + shifted(whole + fraction, whole.length + 2);
}
