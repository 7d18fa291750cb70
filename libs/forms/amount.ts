/** Amounts as forms and files write them: decimal strings in 万元 or in yuan, read and written exactly. */
import { fen, formatYuan, parseWanYuan, parseYuan, type AmountProblem, type Fen } from '#domain/money.js';

export const AMOUNT_UNITS = ['万元', '元'] as const;
export type AmountUnit = (typeof AMOUNT_UNITS)[number];

/** Longer than any amount in range: not worth the time that converting millions of digits takes. */
const LONGEST_AMOUNT = 40;

/** Exact; a problem code for anything but a plain decimal in range. */
export function parseAmount(text: string, unit: AmountUnit): Fen | AmountProblem {
  if (text.length > LONGEST_AMOUNT) return /^-?[\d.]+$/.test(text) ? 'AMOUNT_OUT_OF_RANGE' : 'AMOUNT_NOT_DECIMAL';
  return unit === '元' ? parseYuan(text) : parseWanYuan(text);
}

/** Exact: yuan with two decimals, 万元 without trailing zeros (`"206142.24"`, `"0.000001"`). */
export function formatAmount(amount: Fen, unit: AmountUnit): string {
  if (unit === '元') return formatYuan(amount);
  const digits = String(Math.abs(amount)).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -6)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Sum in fen; `undefined` when it leaves the range of exact amounts, which bad input may do. */
export function exactTotal(amounts: readonly Fen[]): Fen | undefined {
  const total = amounts.reduce((left, amount) => left + BigInt(amount), 0n);
  return total <= BigInt(Number.MAX_SAFE_INTEGER) ? fen(Number(total)) : undefined;
}
