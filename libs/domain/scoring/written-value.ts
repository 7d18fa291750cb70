/**
 * Targets and results as people write them into a form: `≥95%`, `不低于95%`, `16条`, `健全`. A text that says neither a number
 * nor a word is not guessed at.
 */
import type { Comparator } from '#domain/performance/events.js';

export type WrittenTarget =
  | {
      readonly comparator: Exclude<Comparator, 'word'>;
      readonly value: string;
      readonly decimals: number;
      readonly unit: string;
    }
  | { readonly comparator: 'word'; readonly text: string };

export type WrittenActual = { readonly value: string; readonly unit: string } | { readonly text: string };

/** Before the number; longer spellings first. ＞ and ＜ are scored as ≥ and ≤ (rule book 4.2). */
const BEFORE: readonly (readonly [string, Exclude<Comparator, 'word'>])[] = [
  ['大于等于', '>='],
  ['小于等于', '<='],
  ['大于或等于', '>='],
  ['小于或等于', '<='],
  ['不低于', '>='],
  ['不少于', '>='],
  ['不小于', '>='],
  ['不超过', '<='],
  ['不高于', '<='],
  ['不大于', '<='],
  ['不多于', '<='],
  ['大于', '>='],
  ['小于', '<='],
  ['等于', '='],
  ['>=', '>='],
  ['<=', '<='],
  ['≥', '>='],
  ['≧', '>='],
  ['≤', '<='],
  ['≦', '<='],
  ['＞', '>='],
  ['＜', '<='],
  ['>', '>='],
  ['<', '<='],
  ['＝', '='],
  ['=', '='],
];
const AFTER: readonly (readonly [string, Exclude<Comparator, 'word'>])[] = [
  ['及以上', '>='],
  ['以上', '>='],
  ['及以下', '<='],
  ['以下', '<='],
  ['以内', '<='],
];

/** A number with an optional unit that holds no further digits; thousands may be set apart by commas. */
const QUANTITY = /^(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,8})?)([^\d.,~～至–—-]{0,12}|m2)$/u;
const WORD = /^[\p{Script=Han},、；。（）“”()]{1,60}$/u;

/** `undefined` for a text that is neither (a range, a sum, nothing). A number without a comparator reads as ＝. */
export function readWrittenTarget(text: string): WrittenTarget | undefined {
  const plain = plainText(text);
  const before = BEFORE.find(([sign]) => plain.startsWith(sign));
  const rest = before === undefined ? plain : plain.slice(before[0].length);
  const after = before === undefined ? AFTER.find(([sign]) => rest.endsWith(sign)) : undefined;
  const quantity = readQuantity(after === undefined ? rest : rest.slice(0, -after[0].length));
  if (quantity === undefined) {
    return before === undefined && WORD.test(plain) ? { comparator: 'word', text: plain } : undefined;
  }
  const { value, unit } = quantity;
  return { comparator: before?.[1] ?? after?.[1] ?? '=', value, decimals: value.split('.')[1]?.length ?? 0, unit };
}

/** `undefined` for a text that is neither a number with a unit nor a word. */
export function readWrittenActual(text: string): WrittenActual | undefined {
  const plain = plainText(text);
  const quantity = readQuantity(/^[=＝]/.test(plain) ? plain.slice(1) : plain);
  if (quantity !== undefined) return quantity;
  return WORD.test(plain) ? { text: plain } : undefined;
}

function readQuantity(text: string): { readonly value: string; readonly unit: string } | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, number = '', unit = ''] = match;
  return { value: number.replaceAll(',', '').replace(/^(-?)0+(?=\d)/, '$1'), unit: SPELLINGS[unit] ?? unit };
}

/** Blanks out, digits and signs of full width as plain ones. */
const plainText = (text: string): string =>
  text
    .replace(/\s/g, '')
    .replace(/[０-９．，]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[−－]/g, '-');

/** One unit, two spellings (rule book 1.3). */
const SPELLINGS: Readonly<Record<string, string>> = { '％': '%', 平米: '平方米', '㎡': '平方米', m2: '平方米' };
