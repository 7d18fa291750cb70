/** A result as a person writes it into a form, checked against its target: `17`, `17个`, `38.5%`, `健全`. */
import type { Indicator, ResultValue } from '#domain/performance/events.js';
import { isPartOfWhole } from '#domain/performance/name-words.js';
import { isQualitative } from '#domain/performance/state.js';
import { compare, decimalRatio } from '#domain/ratio.js';
import { trimmed } from '#forms/cell-formats.js';
import type { Findings } from '#forms/findings.js';
import { PERFORMANCE_FORM } from '#forms/performance-form.js';
import { plainDigits } from '#forms/target-value.js';

const QUANTITY = /^[＝=]?\s*(-?\d+(?:\.\d+)?)\s*([^\d\s]*)$/u;
/** Further digits would be slow to compare and mean nothing. */
const LONGEST = 40;

export type TargetOfResult = Pick<Indicator, 'level3' | 'comparator' | 'kind' | 'unit' | 'annual'>;

/** Value in the target's unit, or a word; `undefined` with a problem at the cell when it is neither. */
export function readResult(
  text: string,
  target: TargetOfResult,
  at: string,
  findings: Findings,
): ResultValue | undefined {
  if (isQualitative(target)) return readWord(text, target, at, findings);
  const { text: digits, changed } = plainDigits(text.replace(/[％]/gu, '%'));
  const plain = digits.replace(/(?<=\d)[,，](?=\d{3}(?:\D|$))/gu, '');
  const [, number, suffix = ''] = (plain.length <= LONGEST ? QUANTITY.exec(plain) : undefined) ?? [];
  if (number === undefined) {
    findings.problem(at, 'RESULT_NOT_A_NUMBER', { found: text, target: target.annual.text });
    return undefined;
  }
  if (changed || plain !== digits) findings.note(at, 'NUMBER_AS_TEXT', { found: text });
  const unit = PERFORMANCE_FORM.unitSpellings[suffix] ?? suffix;
  if (unit !== '' && unit !== target.unit) {
    findings.problem(at, 'UNIT_DIFFERS', { found: unit, expected: target.unit });
    return undefined;
  }
  const value = trimmed(number);
  if (unit === '' && mayBeShare(value, target)) {
    findings.problem(at, 'PERCENT_AMBIGUOUS', { found: text, target: target.annual.text });
    return undefined;
  }
  if (target.unit === '%' && isPartOfWhole(target.level3) && compare(decimalRatio(value), decimalRatio('100')) > 0) {
    findings.problem(at, 'PERCENT_ABOVE_100', { found: text });
    return undefined;
  }
  return { value };
}

/** Whether a figure without a percent sign may be a share or a percentage: 0.95 for a target of 95 %, not for one of 1 %. */
function mayBeShare(value: string, { unit, annual }: TargetOfResult): boolean {
  if (unit !== '%' || Number(value) === 0) return false;
  return isAtMostOne(value) && !isAtMostOne(annual.value ?? '0');
}

function isAtMostOne(value: string): boolean {
  const { numerator, denominator } = decimalRatio(value);
  return numerator <= denominator && -numerator <= denominator;
}

/** Words are told apart from figures only: which of them is good enough is a person's judgement. */
function readWord(text: string, target: TargetOfResult, at: string, findings: Findings): ResultValue | undefined {
  const word = text.replace(/\s+/gu, '');
  if (/^[\p{Script=Han}、，（）()]{1,40}$/u.test(word)) return { text: word };
  findings.problem(at, 'RESULT_NOT_A_WORD', { found: text, target: target.annual.text });
  return undefined;
}
