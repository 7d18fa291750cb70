/** Figures among the cells of a printed line. */
import type { Fen } from '#domain/money.js';
import { parseAmount, type AmountUnit } from '#forms/amount.js';
import type { Findings } from '#forms/findings.js';
import { plainDigits } from '#forms/target-value.js';

/** Digits with whatever may stand between them; a dash where a figure is expected. */
export const FIGURE = /^([-−－+＋]?[\d０-９][\d０-９.．,，'’]*([eE][-+]?\d+)?|[-—–－/]+)$/u;

/** Plain decimal in the unit of the form; full-width digits are read and noted, separators are not. */
export function readAmount(text: string, at: string, unit: AmountUnit, findings: Findings): Fen | undefined {
  const { text: plain, changed } = plainDigits(text);
  const amount = parseAmount(plain, unit);
  if (typeof amount === 'string') {
    findings.problem(at, amount, { found: text });
    return undefined;
  }
  if (amount < 0) {
    findings.problem(at, 'AMOUNT_NEGATIVE', { found: text });
    return undefined;
  }
  if (changed) findings.note(at, 'FULL_WIDTH_DIGITS', { found: text });
  return amount;
}
