/** A whole table scored by a profile: rows, groups, total and grade, and what people still have to say (rule book 4). */
import type { MetricResult } from '#domain/metrics/result.js';
import { ratio } from '#domain/ratio.js';
import { type Hundredths, NO_POINTS, hundredths, pointsOf, shareOf } from '#domain/scoring/points.js';
import type { ProfileWords, ScoringProfile } from '#domain/scoring/profile.js';
import type { Assessment } from '#domain/scoring/qualitative.js';
import type { Indicator } from '#domain/performance/events.js';
import { type RowWeights, type WeightProblem, isFundsBlock, rowWeights } from '#domain/scoring/row-weights.js';
import {
  type Achieved,
  type Ask,
  type Score,
  type ScoreProblem,
  scoreFundsBlock,
  scoreIndicator,
} from '#domain/scoring/score.js';

export interface TableToScore {
  readonly profile: ScoringProfile;
  readonly indicators: readonly Indicator[];
  /** By indicator. */
  readonly results: ReadonlyMap<string, Achieved>;
  /** X / B of all funds; scored where the profile has the funds block bear points. */
  readonly executionRate?: ExecutionRateResult;
  /** By indicator. */
  readonly assessments?: ReadonlyMap<string, Assessment>;
}

export interface ExecutionRateResult {
  readonly result: MetricResult;
  /** The work that the money was for is done. */
  readonly finished?: boolean;
  /** Why points were lost. */
  readonly cause?: string;
}

export interface ScoredRow {
  readonly indicator: string;
  /** `undefined` when no group of the profile has a name for it. */
  readonly group: string | undefined;
  readonly score: Score;
}

/** `rows`: how many indicators. The execution rate of the funds block is a group without rows. */
export interface ScoredGroup {
  readonly group: string;
  readonly name: ProfileWords;
  readonly weight: Hundredths;
  readonly possible: Hundredths;
  readonly points: Hundredths;
  readonly rows: number;
}

export type CauseCode =
  'LOST_POINTS_NEED_CAUSE' | 'OVER_ACHIEVEMENT_NEEDS_EXPLANATION' | 'LOW_EXECUTION_NEEDS_EXPLANATION';

/** `at`: an indicator, or the group of the execution rate. */
export interface MissingCause {
  readonly at: string;
  readonly code: CauseCode;
}

export type TableProblem =
  | WeightProblem
  | ({ readonly at: string } & ScoreProblem)
  | { readonly at: string; readonly code: 'INDICATOR_TWICE' | 'INDICATOR_UNKNOWN' };

export interface Grade {
  readonly grade: string;
  readonly name: ProfileWords;
}

export interface ScoredTable {
  readonly profile: Pick<ScoringProfile, 'id' | 'version'>;
  /** In the order of the indicators. */
  readonly rows: readonly ScoredRow[];
  /** Of the funds block. */
  readonly execution: Score | undefined;
  readonly groups: readonly ScoredGroup[];
  /** Sum of the rounded scores. */
  readonly total: Hundredths;
  /** Sum of the weights that count. */
  readonly possible: Hundredths;
  /** Weight of what was left out: `possible` and this are the profile's total when the weights add up. */
  readonly leftOut: Hundredths;
  /** `total` / `possible` in points of the profile's total, rounded half up: the total itself when nothing was left out. */
  readonly outOfTotal: Hundredths | undefined;
  /** Every row has a score and the weights add up. */
  readonly complete: boolean;
  /** By `outOfTotal`; of an incomplete table there is none. */
  readonly grade: Grade | undefined;
  readonly needsCause: readonly MissingCause[];
  readonly problems: readonly TableProblem[];
}

/** Scores a table. Nothing is scaled in silence: points got, points possible and points left out stand side by side. */
export function scoreTable(table: TableToScore): ScoredTable {
  const { profile, indicators, results, assessments, executionRate } = table;
  const weights = rowWeights(profile, indicators);
  const problems: TableProblem[] = [...weights.problems, ...strayProblems(table, weights)];
  const needsCause: MissingCause[] = [];
  const sums = new Map(profile.groups.map(({ group }) => [group, { points: 0, possible: 0 }]));
  let [total, possible, leftOut] = [0, 0, 0];
  let open = weights.problems.length > 0 || problems.some(({ code }) => code === 'INDICATOR_TWICE');

  const count = (at: string, group: string | undefined, score: Score, cause: string | undefined): void => {
    total += score.points;
    possible += score.possible;
    leftOut += score.weight - score.possible;
    if (score.status === 'open') open = true;
    const sum = group === undefined ? undefined : sums.get(group);
    if (sum !== undefined) {
      sum.points += score.points;
      sum.possible += score.possible;
    }
    for (const problem of score.problems) problems.push({ at, ...problem });
    if (score.asks.length > 0 && (cause === undefined || cause.trim() === '')) {
      for (const ask of score.asks) needsCause.push({ at, code: CAUSES[ask] });
    }
  };

  const rows = indicators.map((indicator): ScoredRow => {
    const id = indicator.indicator;
    const assessment = assessments?.get(id);
    const weight = weights.rows.get(id) ?? NO_POINTS;
    const finished = executionRate?.finished;
    const score = scoreIndicator({ indicator, weight, result: results.get(id), assessment, finished }, profile);
    const group = weights.groupOf.get(id);
    count(id, group, score, assessment?.cause);
    return { indicator: id, group, score };
  });
  const block = weights.groups.find(({ group }) => isFundsBlock(profile, group.group));
  const execution =
    block &&
    scoreFundsBlock({ result: executionRate?.result, finished: executionRate?.finished }, block.weight, profile);
  if (block !== undefined && execution !== undefined) {
    count(block.group.group, block.group.group, execution, executionRate?.cause);
  }

  const outOfTotal = possible === 0 ? undefined : shareOf(pointsOf(profile.total), ratio(total, possible));
  return {
    profile: { id: profile.id, version: profile.version },
    rows,
    execution,
    groups: weights.groups.map(({ group: { group, name }, weight, indicators: own }) => ({
      group,
      name,
      weight,
      possible: hundredths(sums.get(group)?.possible ?? 0),
      points: hundredths(sums.get(group)?.points ?? 0),
      rows: own.length,
    })),
    total: hundredths(total),
    possible: hundredths(possible),
    leftOut: hundredths(leftOut),
    outOfTotal,
    complete: !open,
    grade: open || outOfTotal === undefined ? undefined : gradeOf(outOfTotal, profile),
    needsCause,
    problems,
  };
}

const CAUSES = {
  CAUSE: 'LOST_POINTS_NEED_CAUSE',
  OVER_ACHIEVEMENT: 'OVER_ACHIEVEMENT_NEEDS_EXPLANATION',
  LOW_EXECUTION: 'LOW_EXECUTION_NEEDS_EXPLANATION',
} as const satisfies Record<Ask, CauseCode>;

/** The first grade from the top whose bound the points reach (rule book 4.6). */
export function gradeOf(points: Hundredths, { grades }: Pick<ScoringProfile, 'grades'>): Grade | undefined {
  const found = grades.find(({ from }) => points >= pointsOf(from));
  return found && { grade: found.grade, name: found.name };
}

/** Ids that stand twice, and results or assessments of indicators that the table does not have. */
function strayProblems(
  { indicators, results, assessments }: TableToScore,
  { rows }: RowWeights,
): readonly TableProblem[] {
  const problems: TableProblem[] = [];
  if (rows.size < indicators.length) {
    const seen = new Set<string>();
    for (const { indicator: at } of indicators) {
      if (seen.has(at)) problems.push({ at, code: 'INDICATOR_TWICE' });
      seen.add(at);
    }
  }
  for (const at of results.keys()) if (!rows.has(at)) problems.push({ at, code: 'INDICATOR_UNKNOWN' });
  for (const at of assessments?.keys() ?? []) {
    if (!rows.has(at) && !results.has(at)) problems.push({ at, code: 'INDICATOR_UNKNOWN' });
  }
  return problems;
}
