/** Words, checklists and the evaluator's choice: the three grades of rule book 4.3 and the points inside their bands. */
import { type Ratio, compare, ratio } from '#domain/ratio.js';
import { type Hundredths, NO_POINTS, formatPoints, hundredths, readPoints, shareOf } from '#domain/scoring/points.js';
import { numbersOf } from '#domain/scoring/profile-numbers.js';
import type { QualitativeGrade, ScoringProfile } from '#domain/scoring/profile.js';
import type { ScoringRule } from '#domain/scoring/rules.js';

/** What the evaluator says of a row. */
export interface Assessment {
  readonly grade?: QualitativeGrade;
  /** Points with at most two decimals, inside the band of the grade. */
  readonly score?: string;
  /** Why points were lost, or why the target was passed by far. */
  readonly cause?: string;
}

export type QualitativeProblem =
  | { readonly code: 'WORD_NOT_UNDERSTOOD'; readonly found: string }
  | { readonly code: 'CHECKLIST_EMPTY' }
  | { readonly code: 'GRADE_CONTRADICTS_RESULT'; readonly found: QualitativeGrade; readonly expected: QualitativeGrade }
  | { readonly code: 'SCORE_NOT_POINTS'; readonly found: string }
  | {
      readonly code: 'SCORE_OUTSIDE_BAND';
      readonly found: string;
      readonly grade: QualitativeGrade;
      readonly from: string;
      readonly to: string;
    }
  /** The grade is known, its points are not: the evaluator chooses them between `from` and `to`. */
  | {
      readonly code: 'SCORE_NOT_CHOSEN';
      readonly grade: QualitativeGrade;
      readonly from: string;
      readonly to: string;
    };

export interface QualitativeResult {
  readonly text?: string;
  readonly points?: readonly { readonly met: boolean }[];
}

export interface QualitativeOutcome {
  readonly rule: ScoringRule;
  readonly points: Hundredths;
  readonly grade: QualitativeGrade | undefined;
  /** Share of the check points met. */
  readonly achieved: Ratio | undefined;
  /** Nobody chose these points yet: they are what the product proposes. */
  readonly proposed: boolean;
  readonly problems: readonly QualitativeProblem[];
}

/**
 * A score that the evaluator chose counts when it lies in the band of the grade. Without one the product proposes: the top
 * of the band for a word that says *reached*, the share of the points met for a checklist. For a word that says less it
 * proposes nothing, because nothing says how much less.
 */
export function scoreQualitative(
  result: QualitativeResult | undefined,
  targetWord: string,
  assessment: Assessment | undefined,
  { weight, profile }: { readonly weight: Hundredths; readonly profile: ScoringProfile },
): QualitativeOutcome {
  const found = gradeOfResult(result, targetWord, profile);
  const open = (grade: QualitativeGrade | undefined, problems: readonly QualitativeProblem[]): QualitativeOutcome => ({
    rule: 'NO_SCORE',
    points: NO_POINTS,
    grade,
    achieved: found.share,
    proposed: false,
    problems,
  });
  const stated = assessment?.grade;
  if (stated !== undefined && found.grade !== undefined && stated !== found.grade) {
    return open(stated, [{ code: 'GRADE_CONTRADICTS_RESULT', found: stated, expected: found.grade }]);
  }
  const grade = stated ?? found.grade;
  if (assessment?.score !== undefined) return chosen(assessment.score, grade, found, { weight, profile });
  if (grade === undefined) return open(undefined, found.problems);
  if (found.share !== undefined) {
    const points = insideOf(shareOf(weight, found.share), boundsOf(grade, weight, profile));
    return { rule: 'CHECKLIST_PROPOSED', points, grade, achieved: found.share, proposed: true, problems: [] };
  }
  const bounds = boundsOf(grade, weight, profile);
  if (grade !== 'reached') return open(grade, [{ code: 'SCORE_NOT_CHOSEN', grade, ...printed(bounds) }]);
  return { rule: 'GRADE_PROPOSED', points: bounds.to, grade, achieved: undefined, proposed: true, problems: [] };
}

function chosen(
  score: string,
  grade: QualitativeGrade | undefined,
  found: Found,
  { weight, profile }: { readonly weight: Hundredths; readonly profile: ScoringProfile },
): QualitativeOutcome {
  const points = readPoints(score);
  const refused = (problem: QualitativeProblem): QualitativeOutcome => ({
    rule: 'NO_SCORE',
    points: NO_POINTS,
    grade,
    achieved: found.share,
    proposed: false,
    problems: [problem],
  });
  if (points === undefined) return refused({ code: 'SCORE_NOT_POINTS', found: score });
  // Points alone say which grade is meant, if they are any points of this row.
  const meant = grade ?? gradeOfPoints(points, weight, profile);
  const bounds = boundsOf(meant, weight, profile);
  if (!isInside(points, bounds)) {
    return refused({ code: 'SCORE_OUTSIDE_BAND', found: score, grade: meant, ...printed(bounds) });
  }
  return { rule: 'GRADE_CHOSEN', points, grade: meant, achieved: found.share, proposed: false, problems: [] };
}

interface Found {
  readonly grade?: QualitativeGrade;
  readonly share?: Ratio;
  readonly problems: readonly QualitativeProblem[];
}

function gradeOfResult(result: QualitativeResult | undefined, targetWord: string, profile: ScoringProfile): Found {
  if (result?.points !== undefined) {
    const { points } = result;
    if (points.length === 0) return { problems: [{ code: 'CHECKLIST_EMPTY' }] };
    const share = ratio(points.filter(({ met }) => met).length, points.length);
    return { grade: gradeOfShare(share, profile), share, problems: [] };
  }
  if (result?.text === undefined) return { problems: [] };
  const grade = gradeOfWord(result.text, targetWord);
  if (grade === undefined) return { problems: [{ code: 'WORD_NOT_UNDERSTOOD', found: result.text }] };
  return { grade, problems: [] };
}

/** The first band from the top that a share of the points met reaches. */
export const gradeOfShare = (share: Ratio, profile: ScoringProfile): QualitativeGrade =>
  numbersOf(profile).bands.find(({ from }) => compare(share, from) >= 0)?.grade ?? 'not-reached';

/** Words that targets of the form use; a result says one of them with or without a word that weakens it. */
const QUALITIES = [
  '健全',
  '合理',
  '明确',
  '科学',
  '规范',
  '合规',
  '完善',
  '公开',
  '有效',
  '及时',
  '达标',
  '合格',
  '优良',
];
const STRONG = ['', '很', '非常', '十分', '已', '全面', '完全'];
const WEAK = ['较', '较为', '比较', '基本', '部分', '大致', '大体', '不够', '不太'];
const NEGATIVE = ['不', '未', '没有', '尚未', '未能', '极不', '很不', '欠'];
/**
 * How the form names the grades themselves: 达成年度指标, 部分达成…并具有一定效果, 未达成…且效果较差. The whole word is read, since what
 * follows can turn it over: 完成不到一半, 达到不了要求, 实现难度大 have reached nothing.
 */
const REACHING = '(?:达成|达到|完成|实现)';
const WHAT = '(?:(?:年度|全年|半年|预期|预定|既定|绩效|计划|工作)*(?:指标值|目标值|指标|目标|任务|要求|效果)?)';
const GRADE_WORDS: readonly (readonly [RegExp, QualitativeGrade])[] = [
  [new RegExp(`^(?:部分|基本)${REACHING}了?${WHAT}(?:[，,]?并?具有一定效果)?$`), 'partly'],
  [new RegExp(`^(?:未能|未|没有|尚未)${REACHING}${WHAT}(?:[，,]?且?效果较差)?$`), 'not-reached'],
  [new RegExp(`^(?:全面|已|已经|全部)?${REACHING}了?${WHAT}$`), 'reached'],
];

/** The grade that a word says (较健全 of the target 健全 is `partly`); `undefined` for a word that says none. */
export function gradeOfWord(text: string, targetWord: string): QualitativeGrade | undefined {
  const word = text.trim();
  if (word === '') return undefined;
  if (word === targetWord) return 'reached';
  const named = GRADE_WORDS.find(([pattern]) => pattern.test(word))?.[1];
  if (named !== undefined) return named;
  const quality = [targetWord, ...QUALITIES].find((each) => each !== '' && word.endsWith(each));
  if (quality === undefined) return undefined;
  const before = word.slice(0, -quality.length);
  if (STRONG.includes(before)) return 'reached';
  if (WEAK.includes(before)) return 'partly';
  return NEGATIVE.includes(before) ? 'not-reached' : undefined;
}

export interface Bounds {
  readonly from: Hundredths;
  readonly to: Hundredths;
  /** `to` belongs to the band. */
  readonly closed: boolean;
}

/** Bounds of a grade in points, rounded half up to two decimals; the lower one belongs to the band (rule book 4.3). */
export function boundsOf(grade: QualitativeGrade, weight: Hundredths, profile: ScoringProfile): Bounds {
  const { bands } = numbersOf(profile);
  const band = bands.find((each) => each.grade === grade);
  if (band === undefined) throw new RangeError(`the profile has no band for ${grade}`);
  return { from: shareOf(weight, band.from), to: shareOf(weight, band.to), closed: band === bands[0] };
}

/** Of a very small weight the rounded bounds of a band can be equal: then that one value belongs to it. */
const isInside = (points: Hundredths, { from, to, closed }: Bounds): boolean =>
  points >= from && (closed || from === to ? points <= to : points < to);

/** A share just under a bound must not be rounded into the band above. */
const insideOf = (points: Hundredths, bounds: Bounds): Hundredths =>
  isInside(points, bounds) ? points : hundredths(Math.max(bounds.from, bounds.to - 1));

const printed = ({ from, to }: Bounds) => ({ from: formatPoints(from), to: formatPoints(to) });

function gradeOfPoints(points: Hundredths, weight: Hundredths, profile: ScoringProfile): QualitativeGrade {
  const band = profile.qualitative.find(({ grade }) => points >= boundsOf(grade, weight, profile).from);
  return band?.grade ?? 'not-reached';
}
