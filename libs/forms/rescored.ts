/** A self-evaluation that was scored by hand, scored again by a profile: what differs in each row, and the rule that explains it. */
import type { Indicator } from '#domain/performance/events.js';
import type { EvaluationSheet } from '#domain/scoring/evaluation-sheet.js';
import { EXPLANATIONS } from '#domain/scoring/explain-difference.js';
import { formatPoints } from '#domain/scoring/points.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import { rescore, type Rescored, type RescoredRow } from '#domain/scoring/rescore.js';
import type { ProjectSelfEvaluation } from '#forms/definitions/project-self-evaluation.js';
import type { FilledSelfEvaluation } from '#forms/import/self-evaluation-form.js';
import { indicatorId } from '#forms/target-value.js';

/** Rows by id in printed order (`I01`, `I02`, …), the execution rate under `funds`. */
export const rescored = (form: ProjectSelfEvaluation, profile: ScoringProfile): Rescored =>
  rescore(sheetOfProject(form), profile);

/** Rows by the ids of their indicators, whose definitions say what kind of figure each is. */
export const rescoredTable = (
  form: FilledSelfEvaluation,
  indicators: readonly Indicator[],
  profile: ScoringProfile,
): Rescored => rescore(sheetOfTable(form, indicators), profile);

function sheetOfProject({ funds, indicators, total }: ProjectSelfEvaluation): EvaluationSheet {
  return {
    funds,
    indicators: indicators.map((row, index) => ({ indicator: indicatorId(index + 1), ...row })),
    ...(total !== undefined && { total }),
  };
}

function sheetOfTable({ funds, rows, total }: FilledSelfEvaluation, indicators: readonly Indicator[]): EvaluationSheet {
  const byId = new Map(indicators.map((indicator) => [indicator.indicator, indicator]));
  return {
    funds: funds.map(({ row, figures }) => ({ row, ...figures })),
    indicators: rows.flatMap(({ indicator, printed, points, score, cause }) => {
      const definition = byId.get(indicator);
      if (definition === undefined) return [];
      const { level1, level2, level3, annual } = definition;
      return [
        {
          ...{ indicator, level1, level2, level3, annual: annual.text, points, definition },
          ...(printed !== undefined && { actual: printed }),
          ...(score !== undefined && { score }),
          ...(cause !== undefined && { cause }),
        },
      ];
    }),
    ...(total !== undefined && { total }),
  };
}

/** A row as a person reads it: points as decimals, explanations in words, the likeliest first. */
export interface RescoredInWords {
  readonly at: string;
  readonly given: string | null;
  readonly computed: string | null;
  /** given − computed. */
  readonly difference: string | null;
  /** What the row lacks to be scored again. */
  readonly lacks?: string;
  /** Rules that give exactly the score on paper, the likeliest first, and the same in words. */
  readonly rules: string;
  readonly why: string;
}

export const inWords = ({ at, given, score, difference, lacks, explanations }: RescoredRow): RescoredInWords => ({
  at,
  given: given === undefined ? null : formatPoints(given),
  computed: score === undefined ? null : formatPoints(score.points),
  difference: difference === undefined ? null : formatPoints(difference),
  ...(lacks !== undefined && { lacks }),
  rules: explanations.map(({ id }) => id).join(', '),
  why: explanations.map(({ id }) => EXPLANATIONS[id].zh).join('；'),
});
