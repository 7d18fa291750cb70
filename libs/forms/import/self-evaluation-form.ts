/** A filled 绩效自评表: results, scores and causes of each indicator, and the figures that the books are compared with. */
import type { Indicator, ResultValue } from '#domain/performance/events.js';
import type { EvaluatedIndicator, SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import { isQualitative } from '#domain/performance/state.js';
import { causeParts, SELF_EVALUATION } from '#forms/definitions/self-evaluation.js';
import { Findings, present, type Reading } from '#forms/findings.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { rowsOfIndicators } from './form-rows.js';
import type { ReadRow } from './form-table.js';
import { readFormInto, type ReadForm } from './form-workbook.js';
import { newResult, noteFunds, type FilledFunds } from './monitoring-form.js';
import { reportPoints } from './points-total.js';

export interface EvaluationHead {
  readonly title: string;
  readonly unitName: string;
  readonly year: number;
}

/** What the books hold: indicators in force at year end, and the form as it would be filled now. */
export interface EvaluationInBooks {
  readonly indicators: readonly Indicator[];
  readonly form?: SelfEvaluationForm;
}

export interface EvaluationSays {
  readonly indicator: string;
  readonly at: string;
  /** 实际完成值 as written. */
  readonly printed?: string;
  /** The same where it is not what the books have, in the unit of its target. */
  readonly actual?: ResultValue;
  readonly points: string;
  readonly score?: string;
  readonly cause?: string;
  readonly improvement?: string;
}

export interface FilledSelfEvaluation extends EvaluationHead {
  readonly grade?: string;
  readonly annualGoal?: string;
  readonly annualOutcome?: string;
  readonly funds: readonly FilledFunds[];
  readonly rows: readonly EvaluationSays[];
  readonly possible?: string;
  readonly total?: string;
}

/** Rows are known by the indicators of the books; every fault at once. */
export function readSelfEvaluation(
  workbook: Workbook,
  { indicators, form: books }: EvaluationInBooks,
): Reading<FilledSelfEvaluation> {
  const findings = new Findings();
  const form = readFormInto(workbook, SELF_EVALUATION, findings);
  const head = form === undefined ? undefined : headOf(form);
  if (form === undefined || head === undefined) {
    return findings.reading(() => present<FilledSelfEvaluation>(undefined, 'the head of the form'));
  }
  const funds = fundsOf(form);
  if (books !== undefined) noteFunds(funds, books.funds, findings);
  const known = new Map((books?.indicators ?? []).map((row) => [row.indicator, row]));
  const rows = rowsOfIndicators(form.tables['indicators'] ?? [], indicators, { sheet: form.sheet, findings }).map(
    ({ indicator, row }) => saysOf(indicator, row, { known: known.get(indicator.indicator), findings }),
  );
  reportPoints(form, findings);
  const { grade, annualGoal, annualOutcome, possible, total } = form.fields;
  return findings.reading(() => ({
    ...head,
    ...(grade !== undefined && { grade }),
    ...(annualGoal !== undefined && { annualGoal }),
    ...(annualOutcome !== undefined && { annualOutcome }),
    funds,
    rows,
    ...(possible !== undefined && { possible }),
    ...(total !== undefined && { total }),
  }));
}

/** Unit and year alone. */
export function selfEvaluationHead(workbook: Workbook): Reading<EvaluationHead> {
  const findings = new Findings();
  const form = readFormInto(workbook, SELF_EVALUATION, findings);
  const head = form === undefined ? undefined : headOf(form);
  return findings.reading(() => present(head, 'the head of the form'));
}

function headOf({ title, year, fields }: ReadForm): EvaluationHead | undefined {
  const { unitName } = fields;
  return unitName === undefined ? undefined : { title, unitName, year };
}

export const fundsOf = ({ tables }: ReadForm): readonly FilledFunds[] =>
  (tables['funds'] ?? []).map((row) => {
    const { row: key = '', ...figures } = row.values;
    return { row: key, figures, at: (figure: string) => row.at(figure) };
  });

interface Beside {
  /** The row as the books fill it. */
  readonly known: EvaluatedIndicator | undefined;
  readonly findings: Findings;
}

function saysOf(indicator: Indicator, row: ReadRow, { known, findings }: Beside): EvaluationSays {
  const { actual: printed, points = '0.00', score } = row.values;
  const actual = newResult(row, 'actual', { indicator, inBooks: known?.actual, from: known?.resultFrom, findings });
  if (known !== undefined && points !== known.points) {
    findings.note(row.at('points'), 'FIGURE_DIFFERS', { found: points, books: known.points });
  }
  // The points of a number follow from it; those of a word are a person's.
  if (known !== undefined && !isQualitative(indicator) && score !== undefined && score !== known.score) {
    findings.note(row.at('score'), 'FIGURE_DIFFERS', { found: score, books: known.score ?? '' });
  }
  return {
    indicator: indicator.indicator,
    at: row.at('actual'),
    ...(printed !== undefined && { printed }),
    ...(actual !== undefined && { actual }),
    points,
    ...(score !== undefined && { score }),
    ...causeParts(row.values['cause']),
  };
}
