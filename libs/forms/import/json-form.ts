/**
 * The performance table as one JSON file, version 1: the same content as the printed form, and what the form does not print
 * (codes, fund natures, economic shares, scopes, the approval). Every property is described in `README.md`.
 *
 *     {
 *       "form": "部门整体预算绩效目标表", "version": 1,
 *       "title": "…市市级部门整体预算绩效目标表", "year": 2024,
 *       "unit": { "name": "…", "code": "U0001"? },
 *       "amountUnit": "万元" | "元",
 *       "approval"?: { "approvedOn"?: "2024-01-20", "document"?: { "number": "…", "title"?: "…", "date"?: "…" } },
 *       "income": { "total": "206142.24", "appropriation": "…", "general-public": "…", … "other": "0" },
 *       "basic": { "half": "600", "annual": "1554.23" }, "project": { "half": "…", "annual": "…" },
 *       "lines": [{ "line"?: "P01", "name": "…", "expenditure": "basic" | "project", "half": "…", "annual": "…", "fund"?,
 *                   "fundBasis"?, "codes"?: { … }, "economic"?: [{ "departmentEconomic": "30227", "amount": "…" }] }],
 *       "carryOverByLine"?: [{ "line": "P01", "originYear": 2023, "amount": "…", "originLine"?: "P03" }],
 *       "indicators": [{ "indicator"?: "I01", "level1": "…", "level2": "…", "keyWork"?: "…", "level3": "…",
 *                        "half": "＝38%", "annual": "＝100%", "kind"?, "checkpointBasis"?, "metric"?, "scope"?,
 *                        "scopeBasis"?, "weight"? }],
 *       "emptyHeadings"?: [{ "level1": "…", "level2": "…" }]
 *     }
 *
 * Amounts are decimal strings in `amountUnit`, never numbers.
 */
import type { Fen } from '#domain/money.js';
import { AMOUNT_UNITS, exactTotal, formatAmount, type AmountUnit } from '#forms/amount.js';
import { controlTotals, factsOf, type ControlCheck, type ControlId } from '#forms/controls.js';
import { Findings, present, type Reading } from '#forms/findings.js';
import { PERFORMANCE_FORM } from '#forms/performance-form.js';
import { INCOME_ROWS } from '#forms/table.js';
import type { IncomeRow, PerformanceTable, PlannedAmount, TableLine } from '#forms/table.js';
import { decodeText } from './decode.js';
import { lineId } from './expenditure-section.js';
import { formOf, type FileLine, type FormFile } from './json-form-shape.js';
import { makeIndicators, writeIndicator } from './json-indicators.js';
import { parseJson } from './json-scan.js';
import type { TableReading } from './table-text.js';

/** Bytes of the JSON form in, the table or all its problems out, each at its JSON pointer. Never throws on bad input. */
export function parseJsonForm(bytes: Uint8Array): TableReading {
  const findings = new Findings();
  const text = decodeText(bytes, findings);
  const json = text === undefined ? undefined : parseJson(text, findings);
  if (json === undefined) return { ...withoutContent(findings), controls: [], numbered: new Set() };
  const file = formOf(unitOf(json.value))(json.value, '', findings);
  if (file === undefined) return { ...withoutContent(findings), controls: [], numbered: new Set() };
  const lines = numbered(file.lines ?? [], findings);
  const controls = controlTotals({
    income: file.income ?? {},
    basic: planned(file.basic),
    project: planned(file.project),
    lines: lines.map((line) => ({ ...planned(line), expenditure: line.expenditure ?? 'project' })),
  });
  // A line that could not be read would make every sum wrong as well.
  const complete =
    lines.every(({ expenditure }) => expenditure !== undefined) && file.lines?.length === listed(json.value);
  reportAmounts(file, lines, complete ? controls : [], findings);
  const indicators = makeIndicators(file.indicators ?? [], findings);
  const reading = findings.reading((): PerformanceTable => {
    const { income, basic, project, approval, carryOverByLine } = file;
    return {
      title: present(file.title, 'title'),
      year: present(file.year, 'year'),
      unitName: present(file.unit?.name, 'unit'),
      ...(file.unit?.code === undefined ? {} : { unitCode: file.unit.code }),
      amountUnit: present(file.amountUnit, 'amountUnit'),
      income: present(income, 'income') as Record<IncomeRow, Fen>,
      basic: planned(basic) as PlannedAmount,
      project: planned(project) as PlannedAmount,
      lines: lines.map(tableLine),
      indicators,
      emptyHeadings: (file.emptyHeadings ?? []) as PerformanceTable['emptyHeadings'],
      ...(approval && { approval: approval as NonNullable<PerformanceTable['approval']> }),
      ...(carryOverByLine && {
        carryOverByLine: carryOverByLine.map(({ amount, ...share }) => ({ ...share, fen: amount })) as NonNullable<
          PerformanceTable['carryOverByLine']
        >,
      }),
    };
  });
  const stated = (file.indicators ?? []).map((entry) => new Set(Object.keys(entry)));
  const unnamed = lines.filter((_, index) => file.lines?.[index]?.line === undefined);
  return { ...reading, controls, numbered: new Set(unnamed.map(({ line }) => line)), stated };
}

const withoutContent = (findings: Findings): Reading<never> =>
  findings.reading(() => {
    throw new Error('a file that cannot be read has a problem');
  });

/** The amounts are read in the unit that the file names; without one they are still checked as decimals. */
function unitOf(value: unknown): AmountUnit {
  const named = typeof value === 'object' && value !== null && 'amountUnit' in value ? value.amountUnit : undefined;
  return AMOUNT_UNITS.find((unit) => unit === named) ?? '万元';
}

const listed = (value: unknown): number | undefined =>
  typeof value === 'object' && value !== null && 'lines' in value && Array.isArray(value.lines)
    ? value.lines.length
    : undefined;

const planned = (amounts: { readonly half?: Fen; readonly annual?: Fen } | undefined): Partial<PlannedAmount> => ({
  ...(amounts?.half === undefined ? {} : { halfFen: amounts.half }),
  ...(amounts?.annual === undefined ? {} : { annualFen: amounts.annual }),
});

/** Lines without an id get one in printed order, as in the text layer. */
function numbered(lines: readonly FileLine[], findings: Findings): (FileLine & { readonly line: string })[] {
  const counts = { basic: 0, project: 0 };
  const first = new Map<string, number>();
  return lines.map((entry, index) => {
    const expenditure = entry.expenditure ?? 'project';
    counts[expenditure] += 1;
    const line = entry.line ?? lineId(expenditure === 'basic' ? 'B' : 'P', counts[expenditure]);
    const before = first.get(line);
    if (before !== undefined) {
      findings.problem(`/lines/${index}/line`, 'ID_REPEATED', { id: line, first: `/lines/${before}` });
    } else first.set(line, index);
    return { ...entry, line };
  });
}

function reportAmounts(
  file: FormFile,
  lines: readonly FileLine[],
  controls: readonly ControlCheck<ControlId>[],
  findings: Findings,
): void {
  const planned = [
    ['/basic', file.basic],
    ['/project', file.project],
    ...lines.map((line, index) => [`/lines/${index}`, line] as const),
  ] as const;
  for (const [at, amounts] of planned) {
    const { half, annual } = amounts ?? {};
    if (half !== undefined && annual !== undefined && half > annual)
      findings.problem(`${at}/half`, 'HALF_ABOVE_ANNUAL');
  }
  lines.forEach(({ economic = [], annual }, index) => {
    const parts = economic.map((share) => share.amount).filter((part) => part !== undefined);
    const total = exactTotal(parts);
    if (annual === undefined || (total !== undefined && total <= annual)) return;
    findings.problem(`/lines/${index}/economic`, 'ECONOMIC_SHARES_EXCEED');
  });
  for (const control of controls) {
    if (!control.ok) findings.problem(CONTROL_PLACES[control.check], 'CONTROL_TOTAL_DIFFERS', factsOf(control));
  }
}

const CONTROL_PLACES: Readonly<Record<ControlId, string>> = {
  'appropriation-of-sources': '/income/appropriation',
  'total-of-income': '/income/total',
  'expenditure-of-income': '/income/total',
  'basic-lines-annual': '/basic/annual',
  'basic-lines-half': '/basic/half',
  'project-lines-annual': '/project/annual',
  'project-lines-half': '/project/half',
};

function tableLine(entry: FileLine & { readonly line: string }): TableLine {
  const { line, fund, fundBasis, codes: lineCodes, economic } = entry;
  return {
    line,
    name: present(entry.name, 'the name of a line'),
    expenditure: present(entry.expenditure, 'the kind of a line'),
    ...(planned(entry) as PlannedAmount),
    ...(fund && { fund, fundBasis: fundBasis ?? 'stated' }),
    ...(lineCodes && { codes: lineCodes }),
    ...(economic && {
      economic: economic.map(({ departmentEconomic, amount }) => ({
        departmentEconomic: present(departmentEconomic, 'an economic code'),
        fen: present(amount, 'the amount of an economic code'),
      })),
    }),
  };
}

/** The JSON form of a table, amounts in its own unit; `parseJsonForm` gives the same table back. */
export function toJsonForm(table: PerformanceTable): Readonly<Record<string, unknown>> {
  const amount = (value: Fen) => formatAmount(value, table.amountUnit);
  const amounts = ({ halfFen, annualFen }: PlannedAmount) => ({ half: amount(halfFen), annual: amount(annualFen) });
  return {
    form: PERFORMANCE_FORM.title,
    version: 1,
    title: table.title,
    year: table.year,
    unit: { name: table.unitName, ...(table.unitCode && { code: table.unitCode }) },
    amountUnit: table.amountUnit,
    ...(table.approval && { approval: table.approval }),
    income: Object.fromEntries(INCOME_ROWS.map((row) => [row, amount(table.income[row])])),
    basic: amounts(table.basic),
    project: amounts(table.project),
    lines: table.lines.map(({ line, name, expenditure, halfFen, annualFen, economic, ...rest }) => ({
      line,
      name,
      expenditure,
      ...amounts({ halfFen, annualFen }),
      ...rest,
      ...(economic && {
        economic: economic.map(({ departmentEconomic, fen }) => ({ departmentEconomic, amount: amount(fen) })),
      }),
    })),
    ...(table.carryOverByLine && {
      carryOverByLine: table.carryOverByLine.map(({ fen, ...share }) => ({ ...share, amount: amount(fen) })),
    }),
    indicators: table.indicators.map(writeIndicator),
    emptyHeadings: table.emptyHeadings,
  };
}
