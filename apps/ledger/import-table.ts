/** Import of a performance table: registers the unit, approves its plan and its targets. */
import { createHash } from 'node:crypto';
import type { ApprovedLine, BroughtForward, BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream, decide } from '#domain/budget/decide.js';
import { sameEntry } from '#domain/budget/rules.js';
import type { BudgetState } from '#domain/budget/state.js';
import { DIRECTORY_STREAM, directoryDecider, type DirectoryState } from '#domain/directory/decide.js';
import { coherence, type FormLine } from '#domain/metrics/coherence.js';
import { ALL, scopeKey } from '#domain/metrics/quantities.js';
import { formatYuan, fen } from '#domain/money.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { Indicator, Narrative } from '#domain/performance/events.js';
import { approvedTargets, type ApprovedTargets, type Stated } from '#domain/performance/state.js';
import { toNfc } from '#event-store/canonical.js';
import type { Handler } from '#event-store/handler.js';
import { broughtForward, type BookedCarryOver } from '#forms/carry-over-split.js';
import type { ControlCheck } from '#forms/controls.js';
import { PROBLEMS_LISTED, type Note, type Problem as FormProblem } from '#forms/findings.js';
import { parseJsonForm } from '#forms/import/json-form.js';
import { isWorkbook } from '#forms/import/open-workbook.js';
import { readTargetTable } from '#forms/import/target-table-form.js';
import { parseTableText, type TableReading } from '#forms/import/table-text.js';
import { toPlan, type Plan, type PlanReading } from '#forms/plan.js';
import { NOTES, PROBLEMS } from '#forms/problem-codes.js';
import type { CarryOverShare, PerformanceTable } from '#forms/table.js';
import { withLineIds } from './import-line-ids.js';
import { differencesOf } from './import-differences.js';
import {
  faultsOf,
  seen,
  ROWS_SHOWN,
  type Control,
  type ImportPlan,
  type Inference,
  type ProblemAt,
  type Step,
} from './import-plan.js';
import { withUnprintedBudget, withUnprintedSplit, withUnprintedTargets } from './import-unprinted.js';
import { REFUSALS } from './refusals.js';
import type { Upload } from './upload.js';
import type { OpenUpload } from './workbooks.js';

export async function planTableImport(handler: Handler, upload: Upload, open: OpenUpload): Promise<ImportPlan> {
  const reading = readTable(upload, open);
  if (reading.content === undefined) return unreadable(reading);
  // In the Unicode form in which it is booked, so that file and books can be compared.
  const printed = toNfc(reading.content);
  const { year } = printed;
  // Every state belongs to the handler: what is needed of it is taken before the next one is waited for.
  const directory = await handler.load(DIRECTORY_STREAM, directoryDecider);
  const unit = unitOf(printed, upload, directory.state);
  const knownName = directory.state.units.get(unit)?.name;
  const performance = await handler.load(performanceStream(unit, year), performanceDecider(year));
  const targets = approvedTargets(performance.state);
  const stated = performance.state.narratives.at(-1);
  const { state: budget, revision } = await handler.load(budgetStream(unit, year), budgetDecider(unit, year));
  // A workbook prints less than the books know.
  const printsAll = !isWorkbook(upload.bytes);
  const numbered = withLineIds(printed, reading.numbered, budget);
  const table = printsAll ? numbered : withUnprintedSplit(numbered, budget);
  const plan = toPlan(table, {
    ...(upload.approvedOn === undefined ? {} : { approvedOn: upload.approvedOn }),
    ...(upload.funds === undefined ? {} : { funds: upload.funds }),
    booked: bookedCarryOvers(budget, table),
  });
  const read = plan.content ? scoped(year, plan.content, table.indicators) : table.indicators;
  const indicators = withUnprintedTargets(read, targets, reading.stated);
  const differences = plan.content
    ? differencesOf(
        budget,
        printsAll ? plan.content.approveBudget : withUnprintedBudget(plan.content.approveBudget, budget),
      )
    : [];
  const approved = budget.approval !== undefined;
  const problems = [
    ...plan.problems.map(told),
    ...yearProblems(table, upload),
    ...(plan.content && !approved ? ruleProblems(plan.content, budget) : []),
    ...(approved && differences.length > 0 ? [approvedDifferently(budget)] : []),
    ...targetProblems(targets, indicators),
  ];
  const steps = plan.content ? stepsOf(upload, table, { unit, budget, plan: plan.content, indicators, stated }) : [];
  const booked = {
    directory: knownName !== undefined,
    budget: approved,
    performance: targets !== undefined,
  };
  const left = problems.length === 0 ? steps.filter((step) => !isBooked(step, booked, stated?.value)) : [];
  return {
    unit,
    unitName: knownName ?? table.unitName,
    ...(knownName === undefined ? { newUnit: true as const } : {}),
    year,
    revisions: {
      [DIRECTORY_STREAM]: seen(directory.revision),
      [budgetStream(unit, year)]: seen(revision),
      [performanceStream(unit, year)]: seen(performance.revision),
    },
    rows: rowsOf(table, plan).slice(0, ROWS_SHOWN),
    rowCount: table.lines.length,
    indicatorCount: table.indicators.length,
    repeats: approved && differences.length === 0 ? table.lines.length : 0,
    controls: [...reading.controls, ...plan.controls].map(controlOf),
    notes: [...reading.notes, ...plan.notes].map(noted),
    inferences: plan.content ? inferencesOf(table, plan.content, indicators, upload) : [],
    differences: differences.slice(0, PROBLEMS_LISTED),
    problems,
    problemCount: plan.problemCount - plan.problems.length + problems.length,
    content: steps.map(({ key, command }) => [key, command]),
    steps: left,
    isBooked: problems.length === 0 && steps.length > 0 && left.length === 0,
  };
}

/** Carry-over that the plan rests on and that is not this file's own: brought by a close, or entered by hand. */
function bookedCarryOvers(state: BudgetState, { carryOverByLine = [] }: PerformanceTable): BookedCarryOver[] {
  const own = new Map(carryOverByLine.map(broughtForward).map((entry) => [entry.carryOverId, entry]));
  const carryOvers = state.approval?.content?.carryOvers ?? state.carryOvers;
  return [...carryOvers].flatMap(([id, { data, line, originYear, fen: amount, source }]) => {
    if (amount === 0 || sameEntry(own.get(id), data)) return [];
    const { originLine } = data as BroughtForward;
    return [{ line, originYear, originLine, fen: amount, byClose: source !== undefined }];
  });
}

/** A workbook by its first bytes, JSON by its brace; everything else is read as the text of the printed form. */
function readTable(upload: Upload, open: OpenUpload): TableReading {
  const { bytes } = upload;
  if (isWorkbook(bytes)) {
    const { content, ...opened } = open(upload);
    return content === undefined ? { ...opened, controls: [], numbered: new Set() } : readTargetTable(content);
  }
  const start = Buffer.from(bytes.subarray(0, 16))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  return start.startsWith('{') ? parseJsonForm(bytes) : parseTableText(bytes);
}

const unreadable = (reading: TableReading): ImportPlan => ({
  revisions: {},
  rows: [],
  rowCount: 0,
  repeats: 0,
  controls: reading.controls.map(controlOf),
  notes: reading.notes.map(noted),
  inferences: [],
  differences: [],
  problems: reading.problems.map(told),
  problemCount: reading.problemCount,
  content: [],
  steps: [],
});

/** The unit asked for, else the file's, else the one of that name, else the next free code `U0001`, `U0002`, … */
function unitOf(table: PerformanceTable, upload: Upload, { units }: DirectoryState): string {
  const named = upload.unit ?? table.unitCode ?? [...units].find(([, unit]) => unit.name === table.unitName)?.[0];
  if (named !== undefined) return named;
  for (let number = 1; ; number += 1) {
    const code = `U${String(number).padStart(4, '0')}`;
    if (!units.has(code)) return code;
  }
}

function yearProblems(table: PerformanceTable, { year }: Upload): ProblemAt[] {
  if (year === undefined || year === table.year) return [];
  const message = `the file is of ${table.year}, ${year} was asked for: leave the year out, or check the file`;
  return [{ at: '/year', code: 'YEAR_DIFFERS', message }];
}

function ruleProblems(plan: Plan, state: BudgetState): ProblemAt[] {
  const decision = decide(plan.approveBudget, state);
  if (decision.accepted) return [];
  return faultsOf(decision.rejection).map((fault) => ({
    at: fault.at ?? '',
    code: fault.code,
    message: (REFUSALS[fault.code][1] as (given: typeof fault) => string)(fault),
  }));
}

const approvedDifferently = (state: BudgetState): ProblemAt => ({
  at: '',
  code: 'BUDGET_ALREADY_APPROVED',
  message: `the budget is approved since ${state.approval?.on ?? ''} and the file says otherwise: adjust it, or withdraw it first`,
});

function targetProblems(approved: ApprovedTargets | undefined, read: readonly Indicator[]): ProblemAt[] {
  if (approved === undefined || sameEntry(approved.indicators, read)) return [];
  const message = `the targets are approved since ${approved.on} and differ from those of the file`;
  return [{ at: '/indicators', code: 'TARGETS_ALREADY_APPROVED', message }];
}

/** The scope of a target comes from the coherence check, unless the file states it. */
function scoped(year: number, plan: Plan, indicators: readonly Indicator[]): readonly Indicator[] {
  const proposed = new Map(
    coherence(year, formLines(plan.approveBudget, plan.bookedCarryOvers), indicators).map((entry) => [
      entry.indicator,
      entry.proposedScope,
    ]),
  );
  return indicators.map((indicator): Indicator => {
    const scope = proposed.get(indicator.indicator);
    if (indicator.scope !== undefined || scope === undefined) return indicator;
    return { ...indicator, scope, scopeBasis: 'inferred' };
  });
}

export function formLines(
  plan: Extract<BudgetCommand, { type: 'ApproveBudget' }>,
  booked: readonly CarryOverShare[],
): FormLine[] {
  const all = [...(plan.carryOvers ?? []), ...booked];
  return plan.lines.map(({ line, fund, expenditure, originalFen, halfYearPlanFen }: ApprovedLine): FormLine => {
    const carried = all.filter((entry) => entry.line === line);
    return {
      line,
      fund,
      expenditure,
      originalFen,
      ...(halfYearPlanFen === undefined ? {} : { halfYearPlanFen }),
      ...(carried.length === 0 ? {} : { carryOverInFen: fen(carried.reduce((left, entry) => left + entry.fen, 0)) }),
    };
  });
}

function inferencesOf(
  table: PerformanceTable,
  plan: Plan,
  indicators: readonly Indicator[],
  upload: Upload,
): Inference[] {
  const { approveBudget, fundBasis } = plan;
  const names = new Map(table.lines.map(({ line, name }) => [line, name]));
  const funds = approveBudget.lines
    .filter(({ line }) => fundBasis.get(line) === 'inferred')
    .map(({ line, fund }): Inference => ({
      what: `fund of ${line} ${names.get(line) ?? ''}`,
      value: fund,
      why: 'the only division of the lines that adds up to the income by fund',
    }));
  const printed = new Set(
    table.indicators.filter(({ scope }) => scope !== undefined).map(({ indicator }) => indicator),
  );
  const scopes = indicators
    .filter(({ indicator, scopeBasis }) => scopeBasis === 'inferred' && !printed.has(indicator))
    .map(({ indicator, level3, scope = ALL, half }): Inference => ({
      what: `scope of ${indicator} ${level3} ${half.text}`,
      value: scopeKey(scope),
      why:
        scopeKey(scope) === scopeKey(ALL)
          ? 'no single scope fits the plan'
          : "the only scope that fits the form's own plan",
    }));
  const date: Inference[] =
    approveBudget.dateAssumed && upload.approvedOn === undefined
      ? [{ what: 'date of approval', value: approveBudget.effectiveDate, why: 'the file names none' }]
      : [];
  return [...date, ...funds, ...scopes];
}

function rowsOf(table: PerformanceTable, { funds }: PlanReading): object[] {
  return table.lines.map(({ line, name, expenditure, halfFen, annualFen }) => ({
    line,
    name,
    expenditure,
    fund: funds.get(line) ?? null,
    halfYearPlan: formatYuan(halfFen),
    original: formatYuan(annualFen),
  }));
}

interface Booking {
  readonly unit: string;
  readonly budget: BudgetState;
  readonly plan: Plan;
  readonly indicators: readonly Indicator[];
  readonly stated: Stated<Narrative> | undefined;
}

/** All that the file books. The keys name file, options and how often the approval was withdrawn. */
function stepsOf(upload: Upload, table: PerformanceTable, { unit, budget, plan, indicators, stated }: Booking): Step[] {
  const { approveBudget } = plan;
  const { effectiveDate, document, dateAssumed } = approveBudget;
  const key = (part: string) => `import:${upload.id}:${part}`;
  const register = { type: 'RegisterUnit', unit, name: table.unitName, validFrom: effectiveDate } as const;
  const withdrawn = budget.reversals.get('approval') ?? 0;
  const approveTargets = {
    type: 'ApproveTargets',
    effectiveDate,
    indicators,
    ...(document ? { document } : {}),
    ...(dateAssumed ? { dateAssumed } : {}),
  } as const;
  return [
    { on: 'directory', key: key('unit'), entries: [], fresh: 0, command: register },
    { on: 'budget', key: key(`plan:${withdrawn}`), entries: [], fresh: table.lines.length, command: approveBudget },
    { on: 'performance', key: key('targets'), entries: [], fresh: 0, command: approveTargets },
    ...(table.narrative === undefined ? [] : [narrativeStep(table.narrative)]),
  ];

  /** In place of the last one, and named by it: said once more when somebody said otherwise in between. */
  function narrativeStep(ofFile: Narrative): Step {
    // In one order, whatever that of the books is: a person agrees to the words.
    const parts = Object.entries({ ...stated?.value, ...ofFile }).sort(([one], [other]) => (one < other ? -1 : 1));
    const from = stated === undefined || stated.effectiveDate < effectiveDate ? effectiveDate : stated.effectiveDate;
    const command = { type: 'StateNarrative', effectiveDate: from, narrative: Object.fromEntries(parts) } as const;
    const words = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
    const name = key(`narrative:${words}:${stated?.revision ?? 'none'}`);
    return { on: 'performance', key: name, entries: [], fresh: 0, command };
  }
}

/** Registered, approved or stated already, in just these words. */
function isBooked(
  { on, command }: Step,
  booked: Readonly<Partial<Record<Step['on'], boolean>>>,
  stated?: Narrative,
): boolean {
  return command.type === 'StateNarrative' ? sameEntry(stated, command.narrative) : booked[on] === true;
}

const controlOf = ({ check, name, expectedFen, actualFen, ok }: ControlCheck): Control => ({
  check,
  name,
  expected: formatYuan(expectedFen),
  actual: actualFen === undefined ? null : formatYuan(actualFen),
  ok,
});

export const told = (problem: FormProblem): ProblemAt => {
  const { meaning, remedy } = PROBLEMS[problem.code];
  return { ...problem, message: `${meaning} ${remedy}` };
};

export const noted = (note: Note): ProblemAt => ({ ...note, message: NOTES[note.code] });
