/**
 * Import of a filled monitoring form or self-evaluation: what people say of each indicator is booked, figures that the books
 * compute are compared and told. The form is held against the books of the last day that it covers.
 */
import { sameEntry } from '#domain/budget/rules.js';
import { lastDayOf, type CivilDate } from '#domain/calendar.js';
import { DIRECTORY_STREAM, directoryDecider } from '#domain/directory/decide.js';
import { coursesOf, pictureOf } from '#domain/metrics/books.js';
import type { CorrectResult, NewResult, PerformanceCommand } from '#domain/performance/commands.js';
import { decide, performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { DeviationExplained, IndicatorAssessed, ResultValue } from '#domain/performance/events.js';
import { evolve } from '#domain/performance/evolve.js';
import { monitoringForm, stageEnd } from '#domain/performance/monitoring.js';
import { profileOf } from '#domain/performance/outcome.js';
import { selfEvaluationForm } from '#domain/performance/self-evaluation.js';
import type { PerformanceState } from '#domain/performance/state.js';
import { toNfc } from '#event-store/canonical.js';
import type { Handler } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import { readSources, type TakenSources } from '#event-store/reports.js';
import { PROBLEMS_LISTED, WHOLE_FILE, type Reading } from '#forms/findings.js';
import { monitoringHead, readMonitoring, type MonitoringSays } from '#forms/import/monitoring-form.js';
import { openWorkbook } from '#forms/import/open-workbook.js';
import { readSelfEvaluation, selfEvaluationHead, type EvaluationSays } from '#forms/import/self-evaluation-form.js';
import { inWords, rescoredTable } from '#forms/rescored.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { faultsOf, seen, type ImportPlan, type ProblemAt, type Step } from './import-plan.js';
import { noted, told } from './import-table.js';
import { wordsOf } from './refusals.js';
import type { UnitYear } from './unit-year.js';
import type { Upload } from './upload.js';

export interface FormImportParts {
  readonly handler: Handler;
  readonly store: Pick<EventStore, 'read'>;
}

type Explained = Omit<DeviationExplained['data'], 'stage'>;

/** What is new in one row of the form, with its cell. */
interface NewRow {
  readonly at: string;
  readonly indicator: string;
  readonly result?: ResultValue;
  readonly explained?: Explained;
  readonly assessed?: IndicatorAssessed['data'];
}

interface FormBooks extends UnitYear {
  readonly unitName: string;
  readonly taken: TakenSources;
  readonly state: PerformanceState;
  readonly revision: number;
}

/** Months 1 to N: results of their last day, and what explains them. */
export async function planMonitoringImport(parts: FormImportParts, upload: Upload): Promise<ImportPlan> {
  const opened = opening(upload, monitoringHead);
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
  return planOf(upload, found, { reading, rows, commands: [...results, ...explain] });
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

/** Results of 31 December, scores of words, causes and improvements; what was scored by hand is scored again. */
export async function planSelfEvaluationImport(parts: FormImportParts, upload: Upload): Promise<ImportPlan> {
  const opened = opening(upload, selfEvaluationHead);
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
    const scoredByPerson = definition?.comparator === 'word' && row.score !== draft?.score;
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
  const commands: PerformanceCommand[] = [
    ...resultCommands(rows, { state, asOf, title: head.title, id }),
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
  const plan = planOf(upload, found, { reading, rows, commands });
  if (reading.content === undefined) return plan;
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

// ---- What both forms have in common ----------------------------------------------------------------------------------

interface Head {
  readonly unitName: string;
  readonly year: number;
}

/** The workbook and the head of its form, or the plan that says why there is none. */
function opening<Of extends Head>(
  { bytes, year }: Upload,
  headOf: (workbook: Workbook) => Reading<Of>,
): { readonly workbook: Workbook; readonly head: Of } | ImportPlan {
  const opened = openWorkbook(bytes);
  if (opened.content === undefined) return unread(opened);
  const { content: head, ...reading } = headOf(opened.content);
  if (head === undefined) return unread(reading);
  if (year !== undefined && year !== head.year) {
    const message = `the form is of ${head.year}, ${year} was asked for: leave the year out, or check the file`;
    return refused([{ at: '年度', code: 'YEAR_DIFFERS', message }]);
  }
  return { workbook: opened.content, head };
}

const NOTHING = {
  revisions: {},
  rows: [],
  rowCount: 0,
  repeats: 0,
  controls: [],
  notes: [],
  inferences: [],
  differences: [],
  content: [],
  steps: [],
} as const satisfies Partial<ImportPlan>;

export const unread = ({ problems, problemCount, notes }: Reading<unknown>): ImportPlan => ({
  ...NOTHING,
  notes: notes.map(noted),
  problems: problems.map(told),
  problemCount,
});

const refused = (problems: readonly ProblemAt[]): ImportPlan => ({
  ...NOTHING,
  problems,
  problemCount: problems.length,
});

async function booksOf(
  { handler, store }: FormImportParts,
  { unit: asked }: Upload,
  { unitName, year, asOf }: Head & { readonly asOf: CivilDate },
): Promise<FormBooks | { readonly problem: ProblemAt }> {
  const directory = await handler.load(DIRECTORY_STREAM, directoryDecider);
  const named = [...directory.state.units].filter(([, { name }]) => name === unitName.normalize('NFC'));
  const unit = asked ?? named[0]?.[0];
  const known = unit === undefined ? undefined : directory.state.units.get(unit);
  if (unit === undefined || known === undefined) {
    const message = `no unit is called ${unitName}: correct the name, or say which unit it is`;
    return { problem: { at: '单位名称', code: 'UNKNOWN_UNIT', message } };
  }
  if (known.name !== unitName.normalize('NFC')) {
    const message = `${unit} is called ${known.name}, the form says ${unitName}: check that it is this unit's form`;
    return { problem: { at: '单位名称', code: 'UNIT_NAME_DIFFERS', message } };
  }
  const stream = performanceStream(unit, year);
  const { state, revision } = await handler.load(stream, performanceDecider(year));
  if (state.approved === undefined) {
    const message = `${unit} has no targets for ${year}: import the target table first`;
    return { problem: { at: WHOLE_FILE, code: 'TARGETS_NOT_APPROVED', message } };
  }
  // The state is the handler's, and others write while this import is tried out.
  const table = structuredClone(state);
  const taken = await readSources(store, { unit, year, asOf }, (name) => (name === stream ? revision : Infinity));
  return { unit, year, unitName: known.name, taken, state: table, revision };
}

interface ResultsOf {
  readonly state: PerformanceState;
  readonly asOf: CivilDate;
  readonly title: string;
  readonly id: string;
}

/** A result of the same day is corrected, else a new one is recorded. */
function resultCommands(rows: readonly NewRow[], { state, asOf, title, id }: ResultsOf): PerformanceCommand[] {
  const evidence = [{ title }];
  const fresh: NewResult[] = [];
  const corrections: CorrectResult[] = [];
  for (const { indicator, result } of rows) {
    if (result === undefined) continue;
    const sameDay = (state.resultsOf.get(indicator) ?? [])
      .map((resultId) => state.results.get(resultId))
      .findLast((known) => known !== undefined && !known.withdrawn && known.effectiveDate === asOf);
    if (sameDay === undefined) {
      const taken = state.results.has(`${id}-${indicator}`);
      const resultId = `${id}-${indicator}${taken ? `-${state.revision}` : ''}`;
      fresh.push({ effectiveDate: asOf, resultId, indicator, result, evidence });
    } else {
      const { resultId } = sameDay;
      corrections.push({ type: 'CorrectResult', resultId, result, evidence, reason: `按${title}更正` });
    }
  }
  return [...(fresh.length === 0 ? [] : [{ type: 'RecordResults', results: fresh } as const]), ...corrections];
}

/** As a preview lists it: one value a column. */
const shown = ({ indicator, at, result, explained, assessed }: NewRow): object => {
  const { indicator: _explained, causes, ...said } = explained ?? { indicator, causes: [] };
  const { indicator: _assessed, ...judged } = assessed ?? { indicator };
  return {
    indicator,
    at,
    ...(result !== undefined && { result: result.value ?? result.text ?? '' }),
    ...said,
    ...(causes.length > 0 && { causes: causes.join(', ') }),
    ...judged,
  };
};

interface Said {
  readonly reading: Reading<object>;
  readonly rows: readonly NewRow[];
  readonly commands: readonly PerformanceCommand[];
}

/** The commands tried out on a copy of the table, one after another. */
function planOf(
  upload: Upload,
  { unit, year, unitName, state, revision }: FormBooks,
  { reading, rows, commands }: Said,
): ImportPlan {
  const changed = rows.filter(({ result, explained, assessed }) => result ?? explained ?? assessed);
  const problems = [...reading.problems.map(told)];
  const cellOf = new Map(rows.map(({ indicator, at }) => [indicator, at]));
  for (const command of commands) {
    const decision = decide(command, state);
    if (decision.accepted) for (const event of decision.events) evolve(state, event);
    else {
      for (const fault of faultsOf(decision.rejection)) {
        const at = 'indicator' in fault ? cellOf.get(String(fault.indicator)) : undefined;
        problems.push({ at: at ?? WHOLE_FILE, code: fault.code, message: wordsOf(fault) });
      }
    }
  }
  const counted = new Set<string>();
  const steps = commands.map((command, index): Step => {
    const fresh = rowsOf(command).filter((indicator) => !counted.has(indicator));
    for (const indicator of fresh) counted.add(indicator);
    const key = `import:${upload.id}:${index}:${revision}`;
    return { on: 'performance', key, entries: [], fresh: fresh.length, command };
  });
  return {
    ...NOTHING,
    unit,
    unitName,
    year,
    revisions: { [performanceStream(unit, year)]: seen(revision) },
    rows: changed.map(shown),
    rowCount: rows.length,
    indicatorCount: rows.length,
    repeats: rows.length - counted.size,
    notes: reading.notes.map(noted),
    problems: problems.slice(0, PROBLEMS_LISTED),
    problemCount: reading.problemCount + problems.length - reading.problems.length,
    content: [upload.sha256],
    steps: problems.length === 0 ? steps : [],
  };

  function rowsOf(command: PerformanceCommand): readonly string[] {
    if (command.type === 'RecordResults') return command.results.map(({ indicator }) => indicator);
    if (command.type === 'ExplainDeviations' || command.type === 'AssessIndicators') {
      return command.rows.map(({ indicator }) => indicator);
    }
    const corrected = command.type === 'CorrectResult' ? state.results.get(command.resultId)?.indicator : undefined;
    return corrected === undefined ? [] : [corrected];
  }
}
