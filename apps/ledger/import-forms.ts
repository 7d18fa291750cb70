/**
 * What imports of filled forms have in common: what people say of each indicator is booked, figures that the books compute are
 * compared and told. A form is held against the books of the last day that it covers, and booked as a whole and once: later
 * corrections stay when its confirmation is repeated.
 */
import { createHash } from 'node:crypto';
import type { CivilDate } from '#domain/calendar.js';
import { DIRECTORY_STREAM, directoryDecider } from '#domain/directory/decide.js';
import type { CorrectResult, NewResult, PerformanceCommand } from '#domain/performance/commands.js';
import { decide, performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { DeviationExplained, IndicatorAssessed, ResultValue } from '#domain/performance/events.js';
import { evolve } from '#domain/performance/evolve.js';
import type { PerformanceState } from '#domain/performance/state.js';
import type { Handler } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import { readSources, type TakenSources } from '#event-store/reports.js';
import { PROBLEMS_LISTED, WHOLE_FILE, type Reading } from '#forms/findings.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { faultsOf, seen, stepKey, type ImportPlan, type ProblemAt, type Step } from './import-plan.js';
import { chunks, eventBytes } from './import-rows.js';
import { noted, told } from './import-table.js';
import { commandIdOf } from './recording.js';
import { wordsOf } from './refusals.js';
import type { UnitYear } from './unit-year.js';
import type { Upload } from './upload.js';
import type { OpenUpload } from './workbooks.js';

export interface FormImportParts {
  readonly handler: Handler;
  readonly store: Pick<EventStore, 'read'>;
  readonly open: OpenUpload;
}

export type Explained = Omit<DeviationExplained['data'], 'stage'>;

/** What is new in one row of the form, with its cell. */
export interface NewRow {
  readonly at: string;
  readonly indicator: string;
  readonly result?: ResultValue;
  readonly explained?: Explained;
  readonly assessed?: IndicatorAssessed['data'];
}

export interface FormBooks extends UnitYear {
  readonly unitName: string;
  readonly taken: TakenSources;
  readonly state: PerformanceState;
  readonly revision: number;
  /** This file was booked, whatever was corrected since. */
  readonly isBooked: boolean;
}

export interface Head {
  readonly unitName: string;
  readonly year: number;
}

/** The workbook and the head of its form, or the plan that says why there is none. */
export function opening<Of extends Head>(
  upload: Upload,
  open: OpenUpload,
  headOf: (workbook: Workbook) => Reading<Of>,
): { readonly workbook: Workbook; readonly head: Of } | ImportPlan {
  const opened = open(upload);
  if (opened.content === undefined) return unread(opened);
  const { content: head, ...reading } = headOf(opened.content);
  if (head === undefined) return unread(reading);
  const { year } = upload;
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

export const refused = (problems: readonly ProblemAt[]): ImportPlan => ({
  ...NOTHING,
  problems,
  problemCount: problems.length,
});

export async function booksOf(
  { handler, store }: FormImportParts,
  upload: Upload,
  { unitName, year, asOf }: Head & { readonly asOf: CivilDate },
): Promise<FormBooks | { readonly problem: ProblemAt }> {
  const directory = await handler.load(DIRECTORY_STREAM, directoryDecider);
  const named = [...directory.state.units].filter(([, { name }]) => name === unitName.normalize('NFC'));
  const unit = upload.unit ?? named[0]?.[0];
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
  const { state, revision, knows } = await handler.load(stream, performanceDecider(year));
  if (state.approved === undefined) {
    const message = `${unit} has no targets for ${year}: import the target table first`;
    return { problem: { at: WHOLE_FILE, code: 'TARGETS_NOT_APPROVED', message } };
  }
  const isBooked = knows(commandIdOf(stream, keyOf(upload)));
  // The state is the handler's, and others write while this import is tried out.
  const table = structuredClone(state);
  const taken = await readSources(store, { unit, year, asOf }, (name) => (name === stream ? revision : Infinity));
  return { unit, year, unitName: known.name, taken, state: table, revision, isBooked };
}

export interface ResultsOf {
  readonly state: PerformanceState;
  readonly asOf: CivilDate;
  readonly title: string;
  readonly id: string;
}

/** What a form books, in order, and what stood in the books in place of it. */
export interface FormCommands {
  readonly commands: readonly PerformanceCommand[];
  readonly replaced: readonly unknown[];
}

/** A result of the same day is corrected, else a new one is recorded. */
export function resultCommands(rows: readonly NewRow[], { state, asOf, title, id }: ResultsOf): FormCommands {
  const evidence = [{ title }];
  const fresh: NewResult[] = [];
  const corrections: CorrectResult[] = [];
  const replaced: unknown[] = [];
  for (const { indicator, result } of rows) {
    if (result === undefined) continue;
    const sameDay = (state.resultsOf.get(indicator) ?? [])
      .map((resultId) => state.results.get(resultId))
      .findLast((known) => known !== undefined && !known.withdrawn && known.effectiveDate === asOf);
    if (sameDay === undefined) {
      const resultId = freeId(`${id}-${indicator}`, state);
      fresh.push({ effectiveDate: asOf, resultId, indicator, result, evidence });
    } else {
      const { resultId } = sameDay;
      corrections.push({ type: 'CorrectResult', resultId, result, evidence, reason: `按${title}更正` });
      replaced.push(sameDay.result);
    }
  }
  const commands = [
    ...(fresh.length === 0 ? [] : [{ type: 'RecordResults', results: fresh } as const]),
    ...corrections,
  ];
  return { commands, replaced };
}

/** A result that was withdrawn keeps its id. */
function freeId(id: string, { results }: PerformanceState): string {
  if (!results.has(id)) return id;
  for (let number = 2; ; number += 1) if (!results.has(`${id}-${number}`)) return `${id}-${number}`;
}

interface Said extends FormCommands {
  readonly reading: Reading<object>;
  readonly rows: readonly NewRow[];
}

/** Names the file and which of its forms it is. */
const keyOf = (upload: Upload): string => stepKey(upload, upload.kind);

/** The commands tried out on a copy of the table, one after another. */
export function planOf(upload: Upload, books: FormBooks, { reading, rows, commands, replaced }: Said): ImportPlan {
  const { unit, year, unitName, state, revision, isBooked } = books;
  const shared = {
    ...NOTHING,
    unit,
    unitName,
    year,
    revisions: { [performanceStream(unit, year)]: seen(revision) },
    rowCount: rows.length,
    indicatorCount: rows.length,
  };
  if (isBooked)
    return {
      ...shared,
      repeats: rows.length,
      notes: [BOOKED],
      problems: [],
      problemCount: 0,
      content: [[keyOf(upload)]],
      isBooked,
    };
  const steps = stepsOf(upload, commands, revision);
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
  return {
    ...shared,
    rows: changed.map(shown),
    repeats: rows.length - changed.length,
    notes: reading.notes.map(noted),
    problems: problems.slice(0, PROBLEMS_LISTED),
    problemCount: reading.problemCount + problems.length - reading.problems.length,
    content: [...steps.map(({ key, command }) => [key, command]), ...(steps.length === 0 ? [] : replaced)],
    steps:
      problems.length > 0 ? [] : steps.map((step, index) => ({ ...step, fresh: index === 0 ? changed.length : 0 })),
  };
}

const BOOKED: ProblemAt = {
  at: WHOLE_FILE,
  code: 'FORM_BOOKED',
  message:
    'This file is booked. What was corrected since stays; to book its figures again, export the form anew and fill it in.',
};

/**
 * One step, or as many as appends allow. The key of the last is the file's: once that is in the books, all of it is. The first
 * is booked on the revision that was looked at.
 */
function stepsOf(upload: Upload, commands: readonly PerformanceCommand[], revision: number): Step[] {
  const parts = chunks(commands, (command) => ({ movements: 0, bytes: bytesOf(command) }));
  return parts.map((part, index): Step => {
    const isLast = index === parts.length - 1;
    return {
      on: 'form',
      key: isLast ? keyOf(upload) : `${keyOf(upload)}:${digestOf(part)}`,
      entries: [],
      fresh: 0,
      command: { type: 'BookForm', commands: part },
      ...(index === 0 && { ifRevision: seen(revision) }),
    };
  });
}

const digestOf = (part: readonly PerformanceCommand[]): string =>
  createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, 16);

/** One event for each row. */
function bytesOf(command: PerformanceCommand): number {
  const entries: readonly object[] =
    command.type === 'RecordResults' ? command.results : 'rows' in command ? command.rows : [command];
  return entries.reduce((left, entry) => left + eventBytes(entry), 0);
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
