/**
 * A filled 绩效运行监控表: what a person says of each indicator, and the figures that the books are compared with. Figures of money are
 * never taken from a form.
 */
import type { DeviationCause, Indicator, Likelihood, ResultValue } from '#domain/performance/events.js';
import type { MonitoredIndicator, MonitoringForm } from '#domain/performance/monitoring-form.js';
import { compare, decimalRatio } from '#domain/ratio.js';
import { CAUSES, causeKey, FUND_ROWS, LIKELIHOODS, likelihoodKey, MONITORING } from '#forms/definitions/monitoring.js';
import { Findings, present, type Reading } from '#forms/findings.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { rowsOfIndicators } from './form-rows.js';
import type { ReadRow } from './form-table.js';
import { contentOf, readFormInto, type ReadForm } from './form-workbook.js';
import { readResult } from './result-value.js';

export interface FilledHead {
  readonly title: string;
  readonly unitName: string;
  readonly year: number;
  /** Months 1 to this one. */
  readonly stage: number;
}

/** What the books hold: indicators in force at the end of the stage, and the form as it would be filled now. */
export interface MonitoringInBooks {
  readonly indicators: readonly Indicator[];
  readonly form?: MonitoringForm;
}

export interface MonitoringSays {
  readonly indicator: string;
  /** The cell of the result, for what is found later. */
  readonly at: string;
  /** 1-N月执行情况 where it is not what the books have, in the unit of its target. */
  readonly result?: ResultValue;
  /** 全年预计完成情况 as written. */
  readonly forecast?: string;
  readonly causes: readonly DeviationCause[];
  readonly explanation?: string;
  readonly likelihood?: Likelihood;
  readonly remark?: string;
}

/** Decimal yuan and percent, by `total` or fund nature. `at`: the cell of each figure. */
export interface FilledFunds {
  readonly row: string;
  readonly figures: Readonly<Record<string, string>>;
  readonly at: (figure: string) => string;
}

export interface FilledMonitoring extends FilledHead {
  readonly annualGoal?: string;
  readonly funds: readonly FilledFunds[];
  readonly rows: readonly MonitoringSays[];
}

/** Rows are known by the indicators of the books; every fault at once. */
export function readMonitoring(
  workbook: Workbook,
  { indicators, form: books }: MonitoringInBooks,
): Reading<FilledMonitoring> {
  const findings = new Findings();
  const form = readFormInto(workbook, MONITORING, findings);
  const head = form === undefined ? undefined : headOf(form);
  if (form === undefined || head === undefined) return findings.reading(impossible);
  const funds = fundsOf(form, findings);
  if (books !== undefined) noteFunds(funds, books.funds, findings);
  const known = new Map((books?.indicators ?? []).map((row) => [row.indicator, row]));
  const rows = rowsOfIndicators(form.tables['indicators'] ?? [], indicators, { sheet: form.sheet, findings }).map(
    ({ indicator, row }) => saysOf(indicator, row, { known: known.get(indicator.indicator), findings }),
  );
  const { annualGoal } = form.fields;
  return findings.reading(() => ({ ...head, ...(annualGoal !== undefined && { annualGoal }), funds, rows }));
}

/** Unit, year and stage alone: enough to find the books that the form belongs to. */
export function monitoringHead(workbook: Workbook): Reading<FilledHead> {
  const findings = new Findings();
  const form = readFormInto(workbook, MONITORING, findings);
  const head = form === undefined ? undefined : headOf(form);
  return findings.reading(() => present(head, 'the head of the form'));
}

const impossible = (): never => {
  throw new Error('a form without a head has a problem');
};

function headOf(form: ReadForm): FilledHead | undefined {
  const { title, year } = contentOf(form);
  const { unitName, stage } = form.fields;
  return unitName === undefined || stage === undefined ? undefined : { title, unitName, year, stage: Number(stage) };
}

const FIGURES = ['original', 'current', 'executed', 'rate', 'forecast'] as const;
const fundKeys = new Map(Object.entries(FUND_ROWS).map(([key, words]) => [wordsOf(words), key]));

function wordsOf(text: string): string {
  return text.replace(/\s+/gu, '').replace(/^其中[：:]/u, '');
}

function fundsOf({ tables }: ReadForm, findings: Findings): readonly FilledFunds[] {
  const seen = new Set<string>();
  return (tables['funds'] ?? []).flatMap((row) => {
    const name = row.values['row'] ?? '';
    const key = fundKeys.get(wordsOf(name));
    if (key === undefined) {
      findings.problem(row.at('row'), 'ROW_UNKNOWN', { found: name, expected: Object.values(FUND_ROWS) });
      return [];
    }
    if (seen.has(key)) findings.problem(row.at('row'), 'ROW_REPEATED', { row: name });
    seen.add(key);
    const figures = FIGURES.flatMap((figure) => {
      const value = row.values[figure];
      return value === undefined ? [] : [[figure, value] as const];
    });
    return [{ row: key, figures: Object.fromEntries(figures), at: (figure: string) => row.at(figure) }];
  });
}

/** Figures of money that are not those of the books. An empty cell says nothing. */
export function noteFunds(
  funds: readonly FilledFunds[],
  books: readonly { readonly row: string }[],
  findings: Findings,
): void {
  for (const { row, figures, at } of funds) {
    const known = books.find((other) => other.row === row) as Readonly<Record<string, string | null>> | undefined;
    for (const [figure, found] of Object.entries(figures)) {
      const inBooks = known?.[figure];
      if (inBooks !== found) findings.note(at(figure), 'FIGURE_DIFFERS', { found, books: inBooks ?? '' });
    }
  }
}

interface Beside {
  /** The row as the books fill it. */
  readonly known: MonitoredIndicator | undefined;
  readonly findings: Findings;
}

function saysOf(indicator: Indicator, row: ReadRow, { known, findings }: Beside): MonitoringSays {
  const { forecast, explanation, remark } = row.values;
  const result = newResult(row, 'result', { indicator, inBooks: known?.result, from: known?.resultFrom, findings });
  if (forecast !== undefined && forecast !== known?.forecast) {
    readResult(forecast, indicator, row.at('forecast'), findings);
  }
  const likelihood = likelihoodOf(row, findings);
  return {
    indicator: indicator.indicator,
    at: row.at('result'),
    ...(result !== undefined && { result }),
    ...(forecast !== undefined && { forecast }),
    causes: keysOf(CAUSES).filter((cause) => row.values[causeKey(cause)] === 'yes'),
    ...(explanation !== undefined && { explanation }),
    ...(likelihood !== undefined && { likelihood }),
    ...(remark !== undefined && { remark }),
  };
}

/** `17` and `17.00个` are one result. */
function isSame({ value, text }: ResultValue, inBooks: string): boolean {
  const [figure] = /^-?\d+(\.\d+)?/.exec(inBooks) ?? [];
  if (value === undefined || figure === undefined) return text === inBooks;
  return compare(decimalRatio(value), decimalRatio(figure)) === 0;
}

export interface ResultInBooks {
  readonly indicator: Indicator;
  readonly inBooks: string | null | undefined;
  readonly from: MonitoredIndicator['resultFrom'];
  readonly findings: Findings;
}

/** What the form says and the books do not; a figure that the books compute is told, never taken. */
export function newResult(
  row: ReadRow,
  column: string,
  { indicator, inBooks, from, findings }: ResultInBooks,
): ResultValue | undefined {
  const printed = row.values[column];
  if (printed === undefined || printed === inBooks) return undefined;
  const value = readResult(printed, indicator, row.at(column), findings);
  if (value === undefined || isSame(value, inBooks ?? '')) return undefined;
  if (from === undefined || !('metric' in from)) return value;
  findings.note(row.at(column), 'FIGURE_DIFFERS', { found: printed, books: inBooks ?? '' });
  return undefined;
}

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] =>
  Object.keys(record) as Key[];

function likelihoodOf(row: ReadRow, findings: Findings): Likelihood | undefined {
  const [first, second] = keysOf(LIKELIHOODS).filter((likelihood) => row.values[likelihoodKey(likelihood)] === 'yes');
  if (first !== undefined && second !== undefined) {
    findings.problem(row.at(likelihoodKey(second)), 'LIKELIHOOD_REPEATED', {
      found: [LIKELIHOODS[first], LIKELIHOODS[second]],
    });
  }
  return first;
}
