/** Checks of the indicator rows of a self-evaluation and of its total (rule book 4.1, 4.8). */
import { type Ratio, compare, formatDecimal, minus, ratio } from '#domain/ratio.js';
import {
  type CheckId,
  type EvaluationCheck,
  type EvaluationSheet,
  SCORE_TOLERANCE,
  type SheetIndicator,
  insufficient,
  isWithin,
  missingIn,
  numberIn,
  sumOf,
} from '#domain/scoring/evaluation-sheet.js';
import { formatPoints, pointsOf } from '#domain/scoring/points.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import { emptyGroups, groupOfIndicator, groupWeights, isFundsBlock } from '#domain/scoring/row-weights.js';
import type { Score } from '#domain/scoring/score.js';
import { readRow, scoreRead, type ReadRow, type Unreadable } from '#domain/scoring/sheet-row.js';

interface CheckedRow {
  readonly row: SheetIndicator;
  readonly read: ReadRow | Unreadable;
  /** Of a row that can be read. */
  readonly score: Score | undefined;
}

export function indicatorChecks(sheet: EvaluationSheet, profile: ScoringProfile): readonly EvaluationCheck[] {
  const rows = sheet.indicators.map((row): CheckedRow => {
    const read = readRow(row, sheet.finished);
    return { row, read, score: typeof read === 'string' ? undefined : scoreRead(read, profile) };
  });
  return [
    ...overRows('INDICATOR_SCORE', rows, scoreChecked),
    ...overRows('SCORE_WITHIN_POINTS', rows, withinPoints),
    ...overRows('CAUSE_GIVEN', rows, causeGiven),
    ...overRows('OVER_ACHIEVEMENT_EXPLAINED', rows, overAchievementExplained),
  ];
}

type RowCheck = Omit<EvaluationCheck, 'check' | 'at'>;
const PASSED: RowCheck = { outcome: 'PASSED' };

/** Every row that did not pass, and one line for all that did: how many of how many. */
function overRows(
  check: CheckId,
  rows: readonly CheckedRow[],
  examine: (row: CheckedRow) => RowCheck,
): readonly EvaluationCheck[] {
  if (rows.length === 0) return [insufficient(check, undefined, 'indicators')];
  const examined = rows.map((row) => ({ at: row.row.indicator, found: examine(row) }));
  const others = examined.filter(({ found }) => found.outcome !== 'PASSED');
  const passed = rows.length - others.length;
  return [
    ...(passed === 0
      ? []
      : [{ check, outcome: 'PASSED' as const, facts: { rows: String(passed), of: String(rows.length) } }]),
    ...others.map(({ at, found }): EvaluationCheck => ({ check, at, ...found })),
  ];
}

/** The score as 4.2 and 4.3 give it, ±0.1; of a word, a score inside the band of its grade. */
function scoreChecked({ row, read, score }: CheckedRow): RowCheck {
  if (typeof read === 'string') return lacking(read);
  if (score === undefined || read.given === undefined) return lacking(row.reason ?? 'NO_SCORE');
  const [problem] = score.problems;
  if (problem?.code === 'SCORE_OUTSIDE_BAND') {
    const { grade, from, to } = problem;
    return { outcome: 'FAILED', facts: { given: row.score ?? '', grade, from, to } };
  }
  if (score.status !== 'scored') return lacking(problem?.code ?? score.rule);
  const passed = isWithin(ratio(read.given - score.points, 100), SCORE_TOLERANCE);
  if (passed) return PASSED;
  return {
    outcome: 'FAILED',
    facts: { given: row.score ?? '', computed: formatPoints(score.points), rule: score.rule },
  };
}

function withinPoints({ row: { points, score } }: CheckedRow): RowCheck {
  const [weight, given] = [numberIn(points), numberIn(score)];
  if (weight === undefined || given === undefined) return lacking(missingIn({ points, score }) ?? '');
  const inside = compare(given, weight) <= 0 && given.numerator >= 0n;
  return inside ? PASSED : { outcome: 'FAILED', facts: { points: points ?? '', score: score ?? '' } };
}

/** A cause is needed where the actual is below the target, points were lost on paper, or money was spent too slowly. */
function causeGiven({ row, score }: CheckedRow): RowCheck {
  if (hasCause(row)) return PASSED;
  const [weight, given] = [numberIn(row.points), numberIn(row.score)];
  const lostOnPaper = weight !== undefined && given !== undefined && compare(given, weight) < 0;
  if (lostOnPaper || score?.asks.includes('CAUSE') === true || score?.asks.includes('LOW_EXECUTION') === true) {
    return { outcome: 'FAILED', facts: { points: row.points ?? '', score: row.score ?? '' } };
  }
  return score?.status === 'scored' ? PASSED : lacking(missingIn({ points: row.points, score: row.score }) ?? 'actual');
}

function overAchievementExplained({ row, score }: CheckedRow): RowCheck {
  if (score === undefined || score.status !== 'scored') return lacking('actual');
  if (!score.asks.includes('OVER_ACHIEVEMENT') || hasCause(row)) return PASSED;
  const { achieved } = score.why;
  const facts = { annual: row.annual, actual: row.actual ?? '' };
  return {
    outcome: 'FAILED',
    facts: achieved === undefined ? facts : { ...facts, percent: percentOf(achieved) },
  };
}

const hasCause = ({ cause }: SheetIndicator): boolean => cause !== undefined && cause.trim() !== '';
const percentOf = ({ numerator, denominator }: Ratio): string => formatDecimal(ratio(numerator * 100n, denominator), 2);
const lacking = (missing: string): RowCheck => ({ outcome: 'INSUFFICIENT_DATA', facts: { missing } });

/** Points add up to the total of the profile, and inside each group to its weight; scores add up to the printed total. */
export function sumChecks(sheet: EvaluationSheet, profile: ScoringProfile): readonly EvaluationCheck[] {
  const { indicators, total } = sheet;
  const funds = sheet.funds?.find(({ row }) => row === 'total');
  const bearsPoints = profile.executionRate.place === 'funds-block';
  const rows = [
    // A row that was left out, with the reason, adds nothing.
    ...indicators.map(({ indicator: at, points, score, reason }) => ({
      at,
      points,
      score: score === null && reason !== undefined ? '0' : score,
    })),
    ...(bearsPoints ? [{ at: 'funds', points: funds?.points, score: funds?.score }] : []),
  ];
  return [...pointsSum(rows, profile), ...groupSums(sheet, profile), totalSum(rows, total)];
}

interface SumRow {
  readonly at: string;
  readonly points: string | undefined;
  readonly score: string | null | undefined;
}

function pointsSum(rows: readonly SumRow[], profile: ScoringProfile): readonly EvaluationCheck[] {
  const check = 'POINTS_SUM';
  const missing = missingIn(Object.fromEntries(rows.map(({ at, points }) => [at, points])));
  if (rows.length === 0 || missing !== undefined) return [insufficient(check, undefined, missing ?? 'indicators')];
  const sum = sumOf(rows.flatMap(({ points }) => numberIn(points) ?? []));
  const wanted = ratio(pointsOf(profile.total), 100);
  const passed = compare(sum, wanted) === 0;
  const facts = { sum: formatDecimal(sum, 2), total: formatPoints(pointsOf(profile.total)) };
  return [{ check, outcome: passed ? 'PASSED' : 'FAILED', ...(passed ? {} : { facts }) }];
}

/** Weights of groups may be changed for special cases (rule book 4.1): another sum is a warning. */
function groupSums({ indicators }: EvaluationSheet, profile: ScoringProfile): readonly EvaluationCheck[] {
  const check = 'POINTS_SUM';
  const rowsOf = (group: string) => indicators.filter((row) => groupOfIndicator(row, profile) === group);
  const weights = groupWeights(
    profile,
    emptyGroups(profile, (group) => rowsOf(group).length > 0),
  );
  return profile.groups
    .filter(({ group }) => !isFundsBlock(profile, group))
    .flatMap(({ group }): readonly EvaluationCheck[] => {
      const own = rowsOf(group);
      const weight = weights.get(group);
      if (own.length === 0 || weight === undefined) return [];
      const missing = missingIn(Object.fromEntries(own.map(({ indicator, points }) => [indicator, points])));
      if (missing !== undefined) return [insufficient(check, group, missing)];
      const sum = sumOf(own.flatMap(({ points }) => numberIn(points) ?? []));
      const passed = compare(sum, ratio(weight, 100)) === 0;
      const facts = { sum: formatDecimal(sum, 2), weight: formatPoints(weight) };
      return [{ check, outcome: passed ? 'PASSED' : 'WARNING', at: group, ...(passed ? {} : { facts }) }];
    });
}

function totalSum(rows: readonly SumRow[], total: string | undefined): EvaluationCheck {
  const check = 'TOTAL_SUM';
  const missing = missingIn({ total, ...Object.fromEntries(rows.map(({ at, score }) => [at, score])) });
  const printed = numberIn(total);
  if (printed === undefined || rows.length === 0 || missing !== undefined) {
    return insufficient(check, undefined, missing ?? 'indicators');
  }
  const sum = sumOf(rows.flatMap(({ score }) => numberIn(score) ?? []));
  const passed = isWithin(minus(sum, printed), SCORE_TOLERANCE);
  const facts = { sum: formatDecimal(sum, 2), total: total ?? '' };
  return { check, outcome: passed ? 'PASSED' : 'FAILED', ...(passed ? {} : { facts }) };
}
