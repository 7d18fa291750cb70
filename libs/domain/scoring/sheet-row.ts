/** A row of a self-evaluation that was filled in by hand, scored again by a profile. */
import type { IndicatorKind } from '#domain/performance/events.js';
import { isQualitative } from '#domain/performance/state.js';
import { type SheetIndicator, isEmpty } from '#domain/scoring/evaluation-sheet.js';
import { type Hundredths, formatPoints, readPoints } from '#domain/scoring/points.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import { gradeOfWord } from '#domain/scoring/qualitative.js';
import type { Indicator } from '#domain/performance/events.js';
import { type Achieved, type IndicatorCase, type Score, scoreIndicator } from '#domain/scoring/score.js';
import { type WrittenActual, readWrittenActual, readWrittenTarget } from '#domain/scoring/written-value.js';

/** Why a row cannot be scored again from what is written. */
export type Unreadable =
  | 'NO_TARGET'
  | 'TARGET_NOT_READABLE'
  | 'NO_RESULT'
  | 'RESULT_NOT_READABLE'
  | 'RESULT_NOT_A_NUMBER'
  | 'RESULT_NOT_A_WORD'
  | 'UNIT_DIFFERS'
  | 'WORD_NOT_UNDERSTOOD'
  | 'NO_POINTS'
  | 'SCORE_NOT_READABLE';

export interface ReadRow {
  readonly weight: Hundredths;
  /** The score on paper, where there is one. */
  readonly given: Hundredths | undefined;
  readonly scored: IndicatorCase;
}

/** The row as a case to score, with the score that somebody gave it, if any. */
export function readRow(row: SheetIndicator, finished?: boolean): ReadRow | Unreadable {
  const indicator = row.definition ?? indicatorOfText(row);
  if (typeof indicator === 'string') return indicator;
  const result = resultOfText(row.actual, indicator);
  if (typeof result === 'string') return result;
  if (isEmpty(row.points)) return 'NO_POINTS';
  const weight = readPoints(row.points ?? '');
  const given = isEmpty(row.score) ? undefined : readPoints(row.score ?? '');
  if (weight === undefined || (given === undefined && !isEmpty(row.score))) return 'SCORE_NOT_READABLE';
  if (indicator.comparator !== 'word') return { weight, given, scored: { indicator, weight, result, finished } };
  if (result.text !== undefined && gradeOfWord(result.text, indicator.annual.text) === undefined) {
    return 'WORD_NOT_UNDERSTOOD';
  }
  const assessment = given === undefined ? undefined : { score: formatPoints(given) };
  return { weight, given, scored: { indicator, weight, result, assessment } };
}

/** Score of a row by a profile; the points that were given go in only where an evaluator chooses them. */
export const scoreRead = ({ scored }: ReadRow, profile: ScoringProfile): Score => scoreIndicator(scored, profile);

/** What paper does not say of an indicator: a percentage is taken for a ratio, any other number for a flow. */
function indicatorOfText({ indicator, level1, level2, level3, annual }: SheetIndicator): Indicator | Unreadable {
  if (isEmpty(annual)) return 'NO_TARGET';
  const target = readWrittenTarget(annual);
  if (target === undefined) return 'TARGET_NOT_READABLE';
  const printed = {
    indicator,
    block: 2,
    level1,
    level2,
    level3,
    checkpointBasis: 'FULL_YEAR',
    comparator: target.comparator,
  } as const;
  if (target.comparator === 'word') {
    const value = { text: target.text };
    return { ...printed, kind: 'QUALITATIVE', half: value, annual: value, decimals: 0, unit: '' };
  }
  const value = { text: annual, value: target.value };
  const kind: IndicatorKind = target.unit === '%' ? 'RATIO' : 'FLOW_CUMULATIVE';
  return { ...printed, kind, half: value, annual: value, decimals: target.decimals, unit: target.unit };
}

function resultOfText(text: string | null | undefined, indicator: Indicator): Achieved | Unreadable {
  if (text === undefined || text === null || text.trim() === '') return 'NO_RESULT';
  const checklist = isQualitative(indicator) ? readChecklist(text) : undefined;
  if (checklist !== undefined) return checklist;
  const actual = readWrittenActual(text);
  if (actual === undefined) return 'RESULT_NOT_READABLE';
  if (isQualitative(indicator)) return isWord(actual) ? actual : 'RESULT_NOT_A_WORD';
  if (isWord(actual)) return 'RESULT_NOT_A_NUMBER';
  return actual.unit === '' || actual.unit === indicator.unit ? { value: actual.value } : 'UNIT_DIFFERS';
}

const isWord = (actual: WrittenActual): actual is { readonly text: string } => 'text' in actual;

/** `3/4`: three of four check points met. */
function readChecklist(text: string): Achieved | undefined {
  const [, met = '', of = ''] = /^\s*(\d{1,3})\s*[/／]\s*(\d{1,3})\s*$/.exec(text) ?? [];
  const [count, all] = [Number(met), Number(of)];
  if (met === '' || all === 0 || count > all) return undefined;
  return { points: Array.from({ length: all }, (_, index) => ({ met: index < count })) };
}
