/** One cell of a filled form by the format of its column. What is read differently is noted, what cannot be is a problem. */
import { formatYuan } from '#domain/money.js';
import { decimalRatio, formatDecimal } from '#domain/ratio.js';
import { parseAmount, type AmountUnit } from '#forms/amount.js';
import { trimmed } from '#forms/cell-formats.js';
import type { Findings } from '#forms/findings.js';
import type { CellFormat } from '#forms/layout.js';
import { plainDigits } from '#forms/target-value.js';
import type { Cell } from '#forms/workbook/cells.js';
import { plainText } from './sheet-view.js';

export interface CellReading {
  readonly at: string;
  readonly unit: AmountUnit;
  readonly findings: Findings;
}

const NUMBERS: readonly CellFormat[] = ['amount', 'percent', 'points'];
/** What people put where nothing is. */
const NOTHING = /^[-—–－―/／\\]{1,3}$/u;
const TICKS = ['√', '✓', '✔', '☑', 'V', 'v', '是', 'Y', 'y', '1'];
const NO_TICKS = ['□', '☐', '否', '×', '✗', 'N', 'n', '0'];
/** A cell holds 32,767 characters at most; a name or a text of a form is far shorter. */
const TEXT_LIMIT = 20_000;

/** Text of the content (see `CellFormat`); `undefined` for an empty cell and for one with a problem, which is told. */
export function readCell(cell: Cell | undefined, format: CellFormat, reading: CellReading): string | undefined {
  if (cell === undefined || !isUsable(cell, format, reading)) return undefined;
  const text = plainText(cell.text);
  if (text === '') return undefined;
  switch (format) {
    case 'amount':
      return amountOf(cell, text, reading);
    case 'percent':
      return percentOf(cell, text, reading);
    case 'points':
      return pointsOf(cell, text, reading);
    case 'tick':
      return tickOf(text, reading);
    case 'value':
      return NOTHING.test(text) ? undefined : text;
    case 'text':
    case 'row':
      return textOf(text, reading);
  }
}

/** Errors, formulas and truth values. The last value of a formula is taken for a figure, never for a text. */
function isUsable(cell: Cell, format: CellFormat, { at, findings }: CellReading): boolean {
  const { error, formula, value } = cell;
  if (error !== undefined) return told(findings, at, 'CELL_ERROR', { found: error });
  if (typeof value === 'boolean' && format !== 'tick')
    return told(findings, at, 'CELL_NOT_READABLE', { found: cell.text });
  if (formula === undefined) return true;
  if (typeof value === 'number' && (NUMBERS.includes(format) || format === 'value')) {
    findings.note(at, 'FORMULA_VALUE_TAKEN', { formula: `=${formula}`, value: cell.text });
    return true;
  }
  const takes = NUMBERS.includes(format) || format === 'value';
  const code = takes && (value === null || value === '') ? 'FORMULA_WITHOUT_VALUE' : 'FORMULA_NOT_ALLOWED';
  return told(findings, at, code, { formula: `=${formula}` });
}

function told(...[findings, at, code, facts]: [Findings, ...Parameters<Findings['problem']>]): false {
  findings.problem(at, code, facts);
  return false;
}

/** A number as people type it into a text cell: digits of full width, separators between thousands. */
function typedNumber(text: string, { at, findings }: CellReading): string {
  const { text: plain } = plainDigits(text.replace(/\s/gu, ''));
  const whole = /^-?\d{1,3}([,，]\d{3})+(\.\d+)?$/u.test(plain) ? plain.replace(/[,，]/gu, '') : plain;
  findings.note(at, 'NUMBER_AS_TEXT', { found: text });
  return whole;
}

function amountOf(cell: Cell, text: string, reading: CellReading): string | undefined {
  const { at, unit, findings } = reading;
  if (NOTHING.test(text)) return undefined;
  const number = typeof cell.value === 'number' ? text : typedNumber(text, reading);
  const amount = parseAmount(trimmed(number), unit);
  if (typeof amount !== 'string') return formatYuan(amount);
  findings.problem(at, amount, { found: text });
  return undefined;
}

/** Two decimals at least, as content has them; further ones are kept. */
const twoDecimals = (decimal: string): string => {
  const places = trimmed(decimal).split('.')[1]?.length ?? 0;
  return formatDecimal(decimalRatio(decimal), Math.max(2, places));
};
const DECIMAL = /^-?\d{1,15}(\.\d{1,20})?$/;

/** A number of 1 or less without the format of a percentage may be a share or a percentage: it is refused. */
function percentOf(cell: Cell, text: string, reading: CellReading): string | undefined {
  const { at, findings } = reading;
  if (NOTHING.test(text)) return undefined;
  const marked = /[%％]$/u.test(text);
  const figure = text.replace(/[%％]$/u, '');
  const number = typeof cell.value === 'number' ? figure : typedNumber(figure, reading);
  if (!DECIMAL.test(number)) {
    findings.problem(at, 'PERCENT_NOT_READABLE', { found: text });
    return undefined;
  }
  const { numerator, denominator } = decimalRatio(number);
  const small = numerator !== 0n && numerator <= denominator && -numerator <= denominator;
  if (!marked && small) {
    findings.problem(at, 'PERCENT_AMBIGUOUS', { found: text });
    return undefined;
  }
  const exact = twoDecimals(number);
  const rounded = formatDecimal(decimalRatio(number), 2);
  if (exact !== rounded) findings.note(at, 'FIGURE_ROUNDED', { found: text, read: `${rounded}%` });
  return rounded;
}

function pointsOf(cell: Cell, text: string, reading: CellReading): string | undefined {
  const { at, findings } = reading;
  if (NOTHING.test(text)) return undefined;
  const number = typeof cell.value === 'number' ? text : typedNumber(text.replace(/分$/u, ''), reading);
  if (DECIMAL.test(number) && twoDecimals(number) === formatDecimal(decimalRatio(number), 2))
    return twoDecimals(number);
  findings.problem(at, 'POINTS_NOT_READABLE', { found: text });
  return undefined;
}

function tickOf(text: string, { at, findings }: CellReading): string | undefined {
  if (TICKS.includes(text) || text === 'TRUE') return 'yes';
  if (NO_TICKS.includes(text) || text === 'FALSE' || NOTHING.test(text)) return undefined;
  findings.problem(at, 'TICK_NOT_READABLE', { found: text });
  return undefined;
}

function textOf(text: string, { at, findings }: CellReading): string | undefined {
  if (text.length <= TEXT_LIMIT) return text;
  findings.problem(at, 'TEXT_TOO_LONG', { length: text.length, limit: TEXT_LIMIT });
  return undefined;
}
