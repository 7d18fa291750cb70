/** Import of results from CSV: recorded in commands as full as one append allows, in the order of the file. */
import type { RecordResults } from '#domain/performance/commands.js';
import { decide, performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { Indicator } from '#domain/performance/events.js';
import { evolve } from '#domain/performance/evolve.js';
import { ROWS_LIMIT } from '#domain/performance/rules.js';
import type { PerformanceState } from '#domain/performance/state.js';
import type { Handler } from '#event-store/handler.js';
import { PROBLEMS_LISTED } from '#forms/findings.js';
import { parseResultsCsv, type ResultRow } from '#forms/import/results-csv.js';
import { ROWS_SHOWN, seen, stepKey, type ImportPlan, type Step } from './import-plan.js';
import { chunks, eventBytes } from './import-rows.js';
import { noted, told } from './import-table.js';
import { tryOut } from './import-trial.js';
import type { UnitYear } from './unit-year.js';
import type { Upload } from './upload.js';

type ResultStep = Omit<Extract<Step, { on: 'performance' }>, 'fresh' | 'command'> & { readonly command: RecordResults };

/** `at` is registered and checked by the caller. */
export async function planResultImport(handler: Handler, upload: Upload, at: UnitYear): Promise<ImportPlan> {
  const { unit, year } = at;
  const stream = performanceStream(unit, year);
  const { state, revision } = await handler.load(stream, performanceDecider(year));
  // At once: the state is the handler's, and others write while this import is tried out.
  const table = structuredClone(state);
  const reading = parseResultsCsv(upload.bytes, { year, indicators: namedIn(table) });
  const rows = reading.content ?? [];
  const steps = chunks(rows, sizeOf, ROWS_LIMIT).map((chunk) => stepOf(upload, chunk));
  const tried = await tryOut(table, steps, { decide, evolve, freshRows });
  const problems = [...reading.problems.map(told), ...tried.problems];
  return {
    unit,
    year,
    revisions: { [stream]: seen(revision) },
    rows: rows.slice(0, ROWS_SHOWN).map(shown),
    rowCount: rows.length,
    repeats: rows.length - tried.fresh.reduce((left, fresh) => left + fresh, 0),
    controls: [],
    notes: reading.notes.map(noted),
    inferences: [],
    differences: [],
    problems: problems.slice(0, PROBLEMS_LISTED),
    problemCount: reading.problemCount + tried.problems.length,
    content: steps.map(({ key, command }) => [key, command]),
    steps:
      problems.length > 0
        ? []
        : steps.map((step, index) => ({ ...step, fresh: tried.fresh[index] ?? 0 })).filter(({ fresh }) => fresh > 0),
  };
}

/** Those that have ended too: a result may be dated before the end. */
const namedIn = ({ indicators }: PerformanceState): Indicator[] =>
  [...indicators.values()].flatMap(({ definitions }) => {
    const last = definitions.at(-1);
    return last === undefined ? [] : [last.value];
  });

const sizeOf = ({ result }: ResultRow) => ({ movements: 1, bytes: eventBytes(result) });

const shown = ({ row, result }: ResultRow): object => {
  const { effectiveDate, resultId, indicator, result: found, evidence, note } = result;
  const [paper] = evidence;
  return {
    row,
    resultId,
    effectiveDate,
    indicator,
    value: found.value ?? found.text,
    ...(paper === undefined ? {} : { evidence: paper.title }),
    ...(note === undefined ? {} : { note }),
  };
};

/** The key names the file and the rows. A result that was withdrawn keeps its id, so nothing is ever recorded again. */
function stepOf(upload: Upload, chunk: readonly ResultRow[]): ResultStep {
  const span = `${chunk[0]?.row ?? 0}-${chunk.at(-1)?.row ?? 0}`;
  return {
    on: 'performance',
    key: stepKey(upload, span),
    entries: chunk.map(({ row }) => [row]),
    command: { type: 'RecordResults', results: chunk.map(({ result }) => result) },
  };
}

const freshRows = (table: PerformanceState, command: RecordResults): number =>
  command.results.filter((result) => !isBooked(table, { ...command, results: [result] })).length;

/** A row that is recorded already, equal in all it says. */
function isBooked(table: PerformanceState, alone: RecordResults): boolean {
  const decision = decide(alone, table);
  return decision.accepted && decision.events.length === 0;
}
