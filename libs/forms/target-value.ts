/**
 * Targets as the form prints them (rule book 1.3): a comparator with a number and a unit (`＝38%`, `≤10%`), or a word
 * (`健全`); and the indicator that two of them make. Used for the text layer and for the JSON form alike.
 */
import { compare, decimalRatio } from '#domain/ratio.js';
import type { Comparator, Indicator, TargetValue } from '#domain/performance/events.js';
import type { Findings } from '#forms/findings.js';
import { classify } from '#forms/indicator-catalogue.js';
import { PERFORMANCE_FORM, type FirstLevel, type FormDefinition } from '#forms/performance-form.js';

export interface Target {
  readonly comparator: Comparator;
  /** As printed. */
  readonly text: string;
  /** Plain decimal; absent for a word. */
  readonly value?: string;
  readonly decimals: number;
  /** Normalised spelling; `''` for a word. */
  readonly unit: string;
}

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  '＝': '=',
  '=': '=',
  '≥': '>=',
  '>=': '>=',
  '≤': '<=',
  '<=': '<=',
};
const QUANTITY = /^(＝|=|≥|>=|≤|<=)\s*([-−－]?[\d０-９.．,，'’]+)\s*([^\d０-９\s]*)$/u;
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** No target has more digits; longer ones would be slow to compare. */
const VALUE_LENGTH = 20;
const WORD = /^\p{Script=Han}{2,12}$/u;

/** Digits, points and signs of full width as plain ones. Says whether anything changed. */
export function plainDigits(text: string): { readonly text: string; readonly changed: boolean } {
  const plain = text.replace(/[０-９．－−]/g, (character) =>
    character === '−' ? '-' : String.fromCharCode(character.charCodeAt(0) - 0xfee0),
  );
  return { text: plain, changed: plain !== text };
}

/** Reads one target; tells what it took differently, and the problem if it is none. */
export function readTarget(text: string, at: string, findings: Findings, form = PERFORMANCE_FORM): Target | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return readWord(text, at, findings, form);
  const [, sign = '', printed = '', suffix = ''] = match;
  const { text: value, changed } = plainDigits(printed);
  if (!DECIMAL.test(value) || value.length > VALUE_LENGTH) {
    findings.problem(at, value.length > VALUE_LENGTH ? 'AMOUNT_OUT_OF_RANGE' : 'AMOUNT_NOT_DECIMAL', { found: text });
    return undefined;
  }
  if (changed) findings.note(at, 'FULL_WIDTH_DIGITS', { found: text });
  const unit = form.unitSpellings[suffix] ?? suffix;
  if (unit !== '' && !form.units.includes(unit)) findings.note(at, 'UNIT_NOT_LISTED', { unit });
  const comparator = COMPARATORS[sign];
  if (comparator === undefined) throw new Error(`no comparator for ${sign}`);
  return { comparator, text, value, decimals: value.split('.')[1]?.length ?? 0, unit };
}

function readWord(text: string, at: string, findings: Findings, form: FormDefinition): Target | undefined {
  if (!WORD.test(text)) {
    findings.problem(at, 'TARGET_NOT_READABLE', { found: text });
    return undefined;
  }
  if (!form.qualitativeWords.includes(text)) findings.note(at, 'WORD_NOT_LISTED', { word: text });
  return { comparator: 'word', text, decimals: 0, unit: '' };
}

export interface IndicatorParts {
  readonly firstLevel: Pick<FirstLevel, 'name' | 'block'>;
  readonly level2: string;
  readonly keyWork?: string;
  readonly level3: string;
  /** Number in printed order, from 1. */
  readonly number: number;
  readonly half: Target;
  readonly annual: Target;
}

/** The indicator of two targets that agree in comparator and unit; a problem if they do not. Its scope is decided elsewhere. */
export function makeIndicator(parts: IndicatorParts, at: string, findings: Findings): Indicator | undefined {
  const { firstLevel, level2, keyWork, level3, half, annual } = parts;
  const { comparator, unit } = annual;
  if (half.comparator !== comparator || half.unit !== unit) {
    findings.problem(at, 'TARGETS_DIFFER', { half: half.text, annual: annual.text });
    return undefined;
  }
  const figures = { ...(half.value && { half: half.value }), ...(annual.value && { annual: annual.value }) };
  if (comparator === '=' && falls(half, annual)) {
    findings.note(at, 'TARGET_FALLS', { half: half.text, annual: annual.text });
  }
  return {
    indicator: indicatorId(parts.number),
    block: firstLevel.block,
    level1: firstLevel.name,
    level2,
    ...(keyWork === undefined ? {} : { keyWork }),
    level3,
    comparator,
    half: targetValue(half),
    annual: targetValue(annual),
    decimals: Math.max(half.decimals, annual.decimals),
    unit,
    ...classify(level3, { unit, ...figures }),
  };
}

const falls = ({ value: half }: Target, { value: annual }: Target): boolean =>
  half !== undefined && annual !== undefined && compare(decimalRatio(annual), decimalRatio(half)) < 0;

/** `I01`, `I02`, … in printed order. */
export const indicatorId = (number: number): string => `I${String(number).padStart(2, '0')}`;

const targetValue = ({ text, value }: Target): TargetValue => (value === undefined ? { text } : { text, value });
