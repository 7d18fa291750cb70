/** Amounts for reading: thousands separators, and 万元 as a display unit (design 5). */
import { type Fen, formatWanYuan, parseYuan } from '#domain/money.js';
import { roundingNote } from '#domain/metrics/rounding-note.js';
import type { Language } from './labels.js';

export const MONEY_UNITS = ['yuan', 'wan'] as const;
export type MoneyUnit = (typeof MONEY_UNITS)[number];

/** `"206142240.00"` → `206,142,240.00`, or `20,614.22` in 万元, rounded half up. `''` for no amount. */
export function shownAmount(yuan: string | null | undefined, unit: MoneyUnit): string {
  if (yuan === null || yuan === undefined) return '';
  return separated(unit === 'wan' ? formatWanYuan(exact(yuan)) : yuan);
}

export const isZero = (yuan: string | null | undefined): boolean =>
  yuan === undefined || yuan === null || exact(yuan) === 0;

export const isNegative = (yuan: string | null | undefined): boolean => yuan?.startsWith('-') === true;

export const moneyWord = (unit: MoneyUnit, language: Language): string => {
  if (language === 'zh') return unit === 'wan' ? '单位：万元' : '单位：元';
  return unit === 'wan' ? 'amounts in 万元 (10,000 yuan)' : 'amounts in yuan';
};

/**
 * What to say under a column in 万元 whose rounded rows do not add up to its rounded total; `undefined` when they do, and for
 * columns in yuan. Amounts are yuan strings.
 */
export function roundingWords(
  column: string,
  { rows, total, language }: { rows: readonly string[]; total: string; language: Language },
): string | undefined {
  const note = roundingNote(rows.map(exact), exact(total));
  if (note === undefined) return undefined;
  const [shown, whole, difference] = [note.rows, note.total, note.difference].map(separated);
  return language === 'zh'
    ? `${column}：各行取整后相加为 ${shown}，合计 ${whole} 为准确值取整，相差 ${difference}。`
    : `${column}: the rounded rows add up to ${shown}; the total ${whole} is exact, ${difference} apart.`;
}

const separated = (decimal: string): string => {
  const [whole = '', fraction] = decimal.split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
};

/** Answers of the system hold exact amounts; anything else is a defect of one of the two. */
function exact(yuan: string): Fen {
  const parsed = parseYuan(yuan);
  if (typeof parsed === 'string') throw new TypeError(`the system answered with an amount that is none: ${yuan}`);
  return parsed;
}
