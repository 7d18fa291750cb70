/** Import of a filled self-evaluation; what was scored by hand is scored again. */
import { sameEntry } from '#domain/budget/rules.js';
import { lastDayOf } from '#domain/calendar.js';
import { pictureOf } from '#domain/metrics/books.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import type { IndicatorAssessed } from '#domain/performance/events.js';
import { profileOf } from '#domain/performance/outcome.js';
import { selfEvaluationForm } from '#domain/performance/self-evaluation.js';
import { isQualitative } from '#domain/performance/state.js';
import { toNfc } from '#event-store/canonical.js';
import { readSelfEvaluation, selfEvaluationHead, type EvaluationSays } from '#forms/import/self-evaluation-form.js';
import { inWords, rescoredTable } from '#forms/rescored.js';
import {
  booksOf,
  opening,
  planOf,
  refused,
  resultCommands,
  type FormImportParts,
  type NewRow,
} from './import-forms.js';
import type { ImportPlan } from './import-plan.js';
import type { Upload } from './upload.js';

/** Results of 31 December, scores of words, causes and improvements; what was scored by hand is scored again. */
export async function planSelfEvaluationImport(parts: FormImportParts, upload: Upload): Promise<ImportPlan> {
  const opened = opening(upload, parts.open, selfEvaluationHead);
  if (!('head' in opened)) return opened;
  const { workbook, head } = opened;
  const asOf = lastDayOf(head.year);
  const found = await booksOf(parts, upload, { ...head, asOf });
  if ('problem' in found) return refused([found.problem]);
  const { taken, state } = found;
  const { standing, books, before } = taken;
  const form = selfEvaluationForm({ ...found, standing, picture: pictureOf(books, before) });
  const reading = toNfc(readSelfEvaluation(workbook, { indicators: standing.indicators, form }));
  const rows = (reading.content?.rows ?? []).map((row): NewRow => {
    const draft = form.indicators.find(({ indicator }) => indicator === row.indicator);
    const definition = standing.indicators.find(({ indicator }) => indicator === row.indicator);
    const { effectiveDate: _on, revision: _of, ...known } = state.assessments.get(row.indicator) ?? {};
    const scoredByPerson = definition !== undefined && isQualitative(definition) && row.score !== draft?.score;
    const assessed = assessmentOf(row, known, scoredByPerson);
    const silent = state.assessments.get(row.indicator) === undefined && Object.keys(assessed).length === 1;
    const { at, indicator, actual } = row;
    return {
      at,
      indicator,
      ...(actual !== undefined && { result: actual }),
      ...(silent || sameEntry(known, assessed) ? {} : { assessed }),
    };
  });
  const id = `form-12m-${upload.sha256.slice(0, 8)}`;
  const assessments = rows.flatMap(({ assessed }) => assessed ?? []);
  const outcome = reading.content?.annualOutcome;
  const results = resultCommands(rows, { state, asOf, title: head.title, id });
  const commands: PerformanceCommand[] = [
    ...results.commands,
    ...(assessments.length === 0
      ? []
      : [{ type: 'AssessIndicators', effectiveDate: asOf, rows: assessments } as const]),
    ...(outcome === undefined || outcome === form.annualOutcome
      ? []
      : [
          {
            type: 'StateNarrative',
            effectiveDate: asOf,
            narrative: { ...standing.narrative, annualOutcome: outcome },
          } as const,
        ]),
  ];
  const replaced = [
    ...results.replaced,
    ...assessments.map(({ indicator }) => state.assessments.get(indicator) ?? null),
    standing.narrative?.annualOutcome ?? null,
  ];
  const plan = planOf(upload, found, { reading, rows, commands, replaced });
  if (reading.content === undefined || plan.isBooked) return plan;
  const again = rescoredTable(reading.content, standing.indicators, profileOf(standing));
  // A row that nobody scored has nothing to differ from.
  const differing = again.rows.filter(({ given, difference }) => given !== undefined && difference !== 0);
  return { ...plan, rows: [...plan.rows, ...differing.map(inWords)] };
}

function assessmentOf(
  { indicator, score, cause, improvement }: EvaluationSays,
  known: Partial<IndicatorAssessed['data']>,
  scoredByPerson: boolean,
): IndicatorAssessed['data'] {
  const kept = {
    ...(known.grade !== undefined && { grade: known.grade }),
    ...(known.score !== undefined && { score: known.score }),
  };
  return {
    indicator,
    ...(scoredByPerson ? score !== undefined && { score } : kept),
    ...(cause !== undefined && { cause }),
    ...(improvement !== undefined && { improvement }),
  };
}
