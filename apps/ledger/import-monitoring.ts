/** Import of a filled monitoring form: what people say of each indicator up to the end of its stage. */
import { sameEntry } from '#domain/budget/rules.js';
import { coursesOf, pictureOf } from '#domain/metrics/books.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import { monitoringForm, stageEnd } from '#domain/performance/monitoring.js';
import { toNfc } from '#event-store/canonical.js';
import { monitoringHead, readMonitoring, type MonitoringSays } from '#forms/import/monitoring-form.js';
import {
  booksOf,
  opening,
  planOf,
  refused,
  resultCommands,
  type Explained,
  type FormImportParts,
  type NewRow,
} from './import-forms.js';
import type { ImportPlan } from './import-plan.js';
import type { Upload } from './upload.js';

/** Months 1 to N: results of their last day, and what explains them. */
export async function planMonitoringImport(parts: FormImportParts, upload: Upload): Promise<ImportPlan> {
  const opened = opening(upload, parts.open, monitoringHead);
  if (!('head' in opened)) return opened;
  const { workbook, head } = opened;
  const { stage } = head;
  const asOf = stageEnd(head.year, stage);
  const found = await booksOf(parts, upload, { ...head, asOf });
  if ('problem' in found) return refused([found.problem]);
  const { taken, state } = found;
  const { standing, books, before } = taken;
  const form = monitoringForm({
    ...found,
    stage,
    standing,
    picture: pictureOf(books, before),
    courses: coursesOf(books),
  });
  const reading = toNfc(readMonitoring(workbook, { indicators: standing.indicators, form }));
  const said = state.explanations.get(stage);
  const rows = (reading.content?.rows ?? []).map((row): NewRow => {
    const draft = form.indicators.find(({ indicator }) => indicator === row.indicator);
    const { effectiveDate: _on, revision: _of, stage: _stage, ...known } = said?.get(row.indicator) ?? {};
    // A forecast that is the one computed was said by nobody; one that was said before stays said.
    const same = (row.forecast ?? null) === (draft?.forecast ?? null);
    const explained = explanationOf(row, same ? (known as Partial<Explained>).forecast : row.forecast);
    const silent = said?.get(row.indicator) === undefined && isSilent(explained);
    const { at, indicator, result } = row;
    return {
      at,
      indicator,
      ...(result !== undefined && { result }),
      ...(silent || sameEntry(known, explained) ? {} : { explained }),
    };
  });
  const title = `${head.title}（1-${stage}月）`;
  const results = resultCommands(rows, { state, asOf, title, id: `form-${stage}m-${upload.sha256.slice(0, 8)}` });
  const explanations = rows.flatMap(({ explained }) => explained ?? []);
  const explain: PerformanceCommand[] =
    explanations.length === 0 ? [] : [{ type: 'ExplainDeviations', effectiveDate: asOf, stage, rows: explanations }];
  return planOf(upload, found, {
    reading,
    rows,
    commands: [...results.commands, ...explain],
    replaced: [...results.replaced, ...explanations.map(({ indicator }) => said?.get(indicator) ?? null)],
  });
}

function explanationOf(
  { indicator, causes, explanation, likelihood, remark }: MonitoringSays,
  forecast: string | undefined,
): Explained {
  return {
    indicator,
    ...(forecast !== undefined && { forecast }),
    causes,
    ...(explanation !== undefined && { explanation }),
    ...(likelihood !== undefined && { likelihood }),
    ...(remark !== undefined && { remark }),
  };
}

const isSilent = ({ forecast, causes, explanation, likelihood, remark }: Explained) =>
  causes.length === 0 && [forecast, explanation, likelihood, remark].every((part) => part === undefined);
