/** A self-evaluation that was scored by hand, scored again: each row's difference, and the rule that explains it. */
import { type EvaluationSheet, type SheetIndicator, isEmpty } from '#domain/scoring/evaluation-sheet.js';
import { type Explanation, explainDifference, explainExecution } from '#domain/scoring/explain-difference.js';
import { budgetShare, scoredBy } from '#domain/scoring/funds-checks.js';
import { type Hundredths, formatPoints, hundredths, readPoints, sumPoints } from '#domain/scoring/points.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import { boundsOf } from '#domain/scoring/qualitative.js';
import { type Score, scoreRate } from '#domain/scoring/score.js';
import { type ReadRow, readRow, scoreRead } from '#domain/scoring/sheet-row.js';

export interface RescoredRow {
  /** Indicator, or `funds` for the execution rate. */
  readonly at: string;
  readonly given: Hundredths | undefined;
  /** Ours; `undefined` where the row cannot be scored, with `lacks`. */
  readonly score: Score | undefined;
  readonly lacks?: string;
  /** given − ours; `undefined` where either is missing. */
  readonly difference: Hundredths | undefined;
  /** Rules that give exactly the score on paper, the likeliest first; none when there is no difference. */
  readonly explanations: readonly Explanation[];
}

export interface Rescored {
  readonly rows: readonly RescoredRow[];
  /** As printed, and the sums of both scores over the rows that have both. */
  readonly total: {
    readonly printed: Hundredths | undefined;
    readonly given: Hundredths;
    readonly computed: Hundredths;
    readonly comparedRows: number;
  };
}

export function rescore(sheet: EvaluationSheet, profile: ScoringProfile): Rescored {
  const rows = [...sheet.indicators.map((row) => rescoreRow(row, sheet, profile)), ...rescoreFunds(sheet, profile)];
  const compared = rows.filter(({ difference }) => difference !== undefined);
  return {
    rows,
    total: {
      printed: readPoints(sheet.total ?? ''),
      given: sumPoints(compared.flatMap(({ given }) => given ?? [])),
      computed: sumPoints(compared.flatMap(({ score }) => score?.points ?? [])),
      comparedRows: compared.length,
    },
  };
}

const lacking = (at: string, given: Hundredths | undefined, lacks: string): RescoredRow => ({
  at,
  given,
  score: undefined,
  lacks,
  difference: undefined,
  explanations: [],
});

function rescoreRow(row: SheetIndicator, { finished }: EvaluationSheet, profile: ScoringProfile): RescoredRow {
  const at = row.indicator;
  const read = readRow(row, finished);
  if (typeof read === 'string') return lacking(at, readPoints(row.score ?? ''), read);
  const { given, scored } = read;
  if (given === undefined) return lacking(at, undefined, 'NO_SCORE');
  const score = insideItsBand(read, given, profile);
  if (score.status !== 'scored') return lacking(at, given, score.problems[0]?.code ?? score.rule);
  return {
    at,
    given,
    score,
    difference: hundredths(given - score.points),
    explanations: explainDifference(given, scored, profile),
  };
}

/** Points of a word outside the band of its grade are compared with the nearest ones inside. */
function insideItsBand(read: ReadRow, given: Hundredths, profile: ScoringProfile): Score {
  const score = scoreRead(read, profile);
  if (score.grade === undefined || score.problems[0]?.code !== 'SCORE_OUTSIDE_BAND') return score;
  const { from, to, closed } = boundsOf(score.grade, read.weight, profile);
  const nearest = given < from ? from : hundredths(closed ? to : Math.max(from, to - 1));
  return scoreRead({ ...read, scored: { ...read.scored, assessment: { score: formatPoints(nearest) } } }, profile);
}

function rescoreFunds(sheet: EvaluationSheet, profile: ScoringProfile): readonly RescoredRow[] {
  const at = 'funds';
  const total = sheet.funds?.find(({ row }) => row === 'total');
  if (total === undefined || (isEmpty(total.points) && isEmpty(total.score))) return [];
  const given = readPoints(total.score ?? '');
  const weight = readPoints(total.points ?? '');
  const rate = budgetShare(total);
  if (given === undefined) return [lacking(at, given, 'NO_SCORE')];
  if (weight === undefined) return [lacking(at, given, 'NO_POINTS')];
  if (rate === undefined) return [lacking(at, given, 'NO_RESULT')];
  const score = scoreRate(rate, weight, scoredInBlock(profile), sheet.finished);
  const ofOriginal = budgetShare({ ...total, ...(total.original === undefined ? {} : { current: total.original }) });
  const difference = hundredths(given - score.points);
  return [{ at, given, score, difference, explanations: explainExecution(given, score, ofOriginal) }];
}

/** A funds block that bears points is scored in proportion under a profile that has no rule for it. */
const scoredInBlock = (profile: ScoringProfile): ScoringProfile => ({
  ...profile,
  executionRate: { ...profile.executionRate, rule: scoredBy(profile) },
});
