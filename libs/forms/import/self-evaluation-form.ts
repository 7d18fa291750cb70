/** A filled 绩效自评表: results, scores and causes of each indicator, and the figures that the books are compared with. */
import type { Indicator, ResultValue } from '#domain/performance/events.js';
import { causeParts, SELF_EVALUATION } from '#forms/definitions/self-evaluation.js';
import { Findings, present, type Reading } from '#forms/findings.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { rowsOfIndicators } from './form-rows.js';
import type { ReadRow } from './form-table.js';
import { readFormInto, type ReadForm } from './form-workbook.js';
import type { FilledFunds } from './monitoring-form.js';
import { reportPoints } from './points-total.js';
import { readResult } from './result-value.js';

export interface EvaluationHead {
  readonly title: string;
  readonly unitName: string;
  readonly year: number;
}

export interface EvaluationSays {
  readonly indicator: string;
  readonly at: string;
  readonly actual?: ResultValue & { readonly printed: string };
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

/** Indicators are those in force at year end; every fault at once. */
export function readSelfEvaluation(
  workbook: Workbook,
  indicatorsOf: (head: EvaluationHead) => readonly Indicator[],
): Reading<FilledSelfEvaluation> {
  const findings = new Findings();
  const form = readFormInto(workbook, SELF_EVALUATION, findings);
  const head = form === undefined ? undefined : headOf(form);
  if (form === undefined || head === undefined) {
    return findings.reading(() => present<FilledSelfEvaluation>(undefined, 'the head of the form'));
  }
  const rows = rowsOfIndicators(form.tables['indicators'] ?? [], indicatorsOf(head), {
    sheet: form.sheet,
    findings,
  }).map(({ indicator, row }) => saysOf(indicator, row, findings));
  reportPoints(form, findings);
  const { grade, annualGoal, annualOutcome, possible, total } = form.fields;
  return findings.reading(() => ({
    ...head,
    ...(grade !== undefined && { grade }),
    ...(annualGoal !== undefined && { annualGoal }),
    ...(annualOutcome !== undefined && { annualOutcome }),
    funds: fundsOf(form),
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

function saysOf(indicator: Indicator, row: ReadRow, findings: Findings): EvaluationSays {
  const { actual: printed, points = '0.00', score } = row.values;
  const value = printed === undefined ? undefined : readResult(printed, indicator, row.at('actual'), findings);
  return {
    indicator: indicator.indicator,
    at: row.at('actual'),
    ...(value !== undefined && printed !== undefined && { actual: { ...value, printed } }),
    points,
    ...(score !== undefined && { score }),
    ...causeParts(row.values['cause']),
  };
}
