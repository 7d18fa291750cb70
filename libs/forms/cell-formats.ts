/** How the values of a form stand in its cells, and how a cell is shown: exact values, formats that round only what is seen. */
import { parseYuan } from '#domain/money.js';
import { decimalRatio, formatDecimal, formatPercent } from '#domain/ratio.js';
import { formatAmount } from '#forms/amount.js';
import type { CellFormat, WritingOptions } from '#forms/layout.js';

export type NumberFormat = '0.00' | '0.00%';

/** `decimal`: the exact value of a number cell; a percentage is the fraction, as spreadsheets have it. */
export type GridValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly decimal: string; readonly format: NumberFormat };

export interface PrintedCell {
  readonly value: GridValue;
  /** What is shown has fewer decimals than the cell. */
  readonly rounded: boolean;
}

export const TICK = '√';

/** Spreadsheets keep this many digits of a number; a longer one is written as text, which keeps them all. */
const NUMBER_DIGITS = 15;

/** The cell of a value of a form's content. Throws on a value that its format does not allow: content is made by programs. */
export function printedCell(
  value: string | undefined,
  format: CellFormat,
  { unit }: WritingOptions,
  dash?: string,
): PrintedCell {
  if (value === undefined || value === '') return exactly(dash === undefined ? NONE : { kind: 'text', text: dash });
  switch (format) {
    case 'amount': {
      const amount = parseYuan(value);
      if (typeof amount === 'string') throw new Error(`not an amount in yuan: ${value}`);
      return numberCell(formatAmount(amount, unit), '0.00');
    }
    case 'points':
      return numberCell(value, '0.00');
    case 'percent':
      return numberCell(shifted(value, -2), '0.00%');
    case 'tick':
      return exactly(value === 'yes' ? { kind: 'text', text: TICK } : NONE);
    case 'text':
    case 'value':
    case 'row':
      return exactly({ kind: 'text', text: value });
  }
}

const NONE: GridValue = { kind: 'none' };
const exactly = (value: GridValue): PrintedCell => ({ value, rounded: false });

function numberCell(decimal: string, format: NumberFormat): PrintedCell {
  const plain = trimmed(decimal);
  const [, fraction = ''] = plain.split('.');
  const rounded = fraction.length > (format === '0.00' ? 2 : 4);
  const digits = plain.replace(/^-?0*\.?0*|\./g, '').length;
  if (digits <= NUMBER_DIGITS) return { value: { kind: 'number', decimal: plain, format }, rounded };
  return exactly({ kind: 'text', text: format === '0.00' ? plain : `${trimmed(shifted(plain, 2))}%` });
}

/** Without zeros at the end of its fraction: `"600.00"` → `"600"`. */
export const trimmed = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;

/** The decimal times ten to the power of `places`, exactly. */
export function shifted(decimal: string, places: number): string {
  const { numerator, denominator } = decimalRatio(decimal);
  const scale = 10n ** BigInt(Math.abs(places));
  const value =
    places < 0 ? { numerator, denominator: denominator * scale } : { numerator: numerator * scale, denominator };
  return trimmed(formatDecimal(value, (decimal.split('.')[1]?.length ?? 0) + Math.max(0, -places)));
}

/** What a person sees in the cell. */
export function shown(value: GridValue): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'text':
      return value.text;
    case 'number':
      return value.format === '0.00'
        ? formatDecimal(decimalRatio(value.decimal), 2)
        : `${formatPercent(decimalRatio(value.decimal))}%`;
  }
}
