/** 部门整体预算绩效目标表 from a workbook: the same table that the text layer and the JSON form give, with the same checks. */
import { parseYuan, type Fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { controlTotals, factsOf, type ControlId, type FundsFigures } from '#forms/controls.js';
import { OFFICIAL_FORMS } from '#forms/definitions/official-forms.js';
import { narrativeOf, TARGET_TABLE } from '#forms/definitions/target-table.js';
import { Findings, present } from '#forms/findings.js';
import { PERFORMANCE_FORM, type FirstLevel } from '#forms/performance-form.js';
import {
  INCOME_ROWS,
  INDICATORS_LIMIT,
  LINES_LIMIT,
  type IncomeRow,
  type PerformanceTable,
  type PlannedAmount,
  type TableLine,
} from '#forms/table.js';
import { makeIndicator, readTarget } from '#forms/target-value.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { withOfficialComparator } from './comparators.js';
import { lineId } from './expenditure-section.js';
import { readFormInto, type ReadForm } from './form-workbook.js';
import type { ReadRow } from './form-table.js';
import type { TableReading } from './table-text.js';

/** Never throws on bad input. */
export function readTargetTable(workbook: Workbook): TableReading {
  const findings = new Findings();
  // A workbook that holds no form comes here: any of them may have been meant.
  const form = readFormInto(workbook, TARGET_TABLE, findings, OFFICIAL_FORMS);
  if (form === undefined) return { ...findings.reading(impossible), controls: [], numbered: new Set() };
  const funds = fundsOf(form, findings);
  const controls = controlTotals(funds);
  for (const control of controls) {
    if (!control.ok) findings.problem(placeOf(control.check, form), 'CONTROL_TOTAL_DIFFERS', factsOf(control));
  }
  const rows = [1, 2, 3].flatMap((block) => form.tables[`indicators${block}`] ?? []);
  const { indicators, emptyHeadings } = indicatorsOf(rows, findings);
  const narrative = narrativeOf(form.fields);
  const reading = findings.reading((): PerformanceTable => ({
    title: form.title.replace(/\s+/gu, ''),
    year: form.year,
    unitName: present(form.fields['unitName'], 'the unit'),
    amountUnit: form.unit,
    income: Object.fromEntries(INCOME_ROWS.map((row) => [row, present(funds.income[row], row)])) as Record<
      IncomeRow,
      Fen
    >,
    basic: planned(funds.basic),
    project: planned(funds.project),
    lines: funds.lines.map((line) => ({ ...line, ...planned(line) })),
    indicators,
    emptyHeadings,
    ...(narrative && { narrative }),
  }));
  return { ...reading, controls, numbered: new Set(funds.lines.map(({ line }) => line)) };
}

const impossible = (): never => {
  throw new Error('a file without the form has a problem');
};

type PrintedLine = Pick<TableLine, 'line' | 'name' | 'expenditure'> & Partial<PlannedAmount>;
interface Funds extends FundsFigures {
  readonly lines: readonly PrintedLine[];
}

const planned = ({ halfFen, annualFen }: Partial<PlannedAmount>): PlannedAmount => ({
  halfFen: present(halfFen, 'a half-year amount'),
  annualFen: present(annualFen, 'an annual amount'),
});

/** Basic expenditure is a line of its own; every row behind the totals is a project. */
function fundsOf(form: ReadForm, findings: Findings): Funds {
  const income = Object.fromEntries(
    (form.tables['income'] ?? []).map((row) => [row.values['row'], amountOf(row, 'annual', findings)]),
  ) as Partial<Record<IncomeRow, Fen>>;
  const rows = form.tables['expenditure'] ?? [];
  const amounts = (row: ReadRow): Partial<PlannedAmount> => {
    const halfFen = amountOf(row, 'half', findings);
    const annualFen = amountOf(row, 'annual', findings);
    if (halfFen !== undefined && annualFen !== undefined && halfFen > annualFen) {
      findings.problem(row.at('half'), 'HALF_ABOVE_ANNUAL', { row: row.values['row'] });
    }
    return { ...(halfFen !== undefined && { halfFen }), ...(annualFen !== undefined && { annualFen }) };
  };
  const printed = rows.map((row) => ({ row, name: row.values['row'] ?? '', amounts: amounts(row) }));
  const total = (key: 'basic' | 'project') => printed.find(({ name }) => name === key)?.amounts ?? {};
  const projects = printed.filter(({ name }) => name !== 'basic' && name !== 'project');
  reportNames(projects, findings);
  if (projects.length > LINES_LIMIT) {
    findings.problem(form.sheet, 'TOO_MANY_LINES', { lines: projects.length, limit: LINES_LIMIT });
  }
  const basic: PrintedLine = { line: lineId('B', 1), name: '基本支出', expenditure: 'basic', ...total('basic') };
  return {
    income,
    basic: total('basic'),
    project: total('project'),
    lines: [
      basic,
      ...projects.map(({ name, amounts: own }, index): PrintedLine => ({
        line: lineId('P', index + 1),
        name,
        expenditure: 'project',
        ...own,
      })),
    ],
  };
}

function reportNames(rows: readonly { readonly row: ReadRow; readonly name: string }[], findings: Findings): void {
  const first = new Map<string, ReadRow>();
  for (const { row, name } of rows) {
    if (name.length > 200) findings.problem(row.at('row'), 'TEXT_TOO_LONG', { length: name.length, limit: 200 });
    const before = first.get(name);
    if (before === undefined) first.set(name, row);
    else findings.note(row.at('half'), 'NAME_REPEATED', { row: name, first: before.at('half') });
  }
}

/** The cell has been read as an amount already; a plan has none below zero. */
function amountOf(row: ReadRow, column: string, findings: Findings): Fen | undefined {
  const text = row.values[column];
  const amount = text === undefined ? undefined : parseYuan(text);
  if (amount === undefined || typeof amount === 'string') return undefined;
  if (amount < 0) findings.problem(row.at(column), 'AMOUNT_NEGATIVE', { found: text });
  return amount;
}

/** The row whose figure is checked. */
function placeOf(check: ControlId, { tables, sheet }: ReadForm): string {
  const at = (table: string, key: string, column: string) =>
    tables[table]?.find(({ values }) => values['row'] === key)?.at(column) ?? sheet;
  const column = check.endsWith('half') ? 'half' : 'annual';
  if (check.startsWith('basic')) return at('expenditure', 'basic', column);
  if (check.startsWith('project')) return at('expenditure', 'project', column);
  return at('income', check === 'appropriation-of-sources' ? 'appropriation' : 'total', 'annual');
}

type Section = Pick<PerformanceTable, 'indicators' | 'emptyHeadings'>;

function indicatorsOf(rows: readonly ReadRow[], findings: Findings): Section {
  const indicators: Indicator[] = [];
  const emptyHeadings: { level1: string; level2: string }[] = [];
  const seen = new Map<string, string>();
  let number = 0;
  for (const row of rows) {
    const { level1 = '', level2 = '', keyWork, level3 } = row.values;
    const firstLevel = PERFORMANCE_FORM.firstLevels.find(({ name }) => name === level1);
    if (firstLevel === undefined) {
      if (level1 !== '')
        findings.problem(row.at('level1'), 'VALUE_NOT_ALLOWED', { found: level1, allowed: levelNames });
      continue;
    }
    if (level3 === undefined) {
      // A row with targets and without a name has been told already.
      if (row.values['half'] === undefined && row.values['annual'] === undefined) {
        takeEmpty(row, firstLevel, emptyHeadings, findings);
      }
      continue;
    }
    number += 1;
    const key = [level1, level2, keyWork, level3].join('\n');
    const first = seen.get(key);
    if (first !== undefined) findings.problem(row.at('level3'), 'INDICATOR_REPEATED', { row: level3, first });
    seen.set(key, first ?? row.at('level3'));
    for (const column of ['level2', 'keyWork', 'level3']) tooLong(row, column, findings);
    const half = targetOf(row, 'half', findings);
    const annual = targetOf(row, 'annual', findings);
    if (half === undefined || annual === undefined) continue;
    const parts = { firstLevel, level2, ...(keyWork && { keyWork }), level3, number, half, annual };
    const indicator = makeIndicator(parts, row.at('annual'), findings);
    if (indicator !== undefined) indicators.push(indicator);
  }
  reportSections(rows, indicators, findings);
  return { indicators, emptyHeadings };
}

const levelNames = PERFORMANCE_FORM.firstLevels.map(({ name }) => name);

function tooLong(row: ReadRow, column: string, findings: Findings): void {
  const { length } = row.values[column] ?? '';
  if (length > 200) findings.problem(row.at(column), 'TEXT_TOO_LONG', { length, limit: 200 });
}

function targetOf(row: ReadRow, column: 'half' | 'annual', findings: Findings) {
  const text = row.values[column];
  if (text === undefined) {
    findings.problem(row.at(column), 'CELL_EMPTY');
    return undefined;
  }
  const official = withOfficialComparator(text, row.at(column), findings);
  return official === undefined ? undefined : readTarget(official, row.at(column), findings);
}

function takeEmpty(
  row: ReadRow,
  { name: level1, mayBeEmpty }: FirstLevel,
  emptyHeadings: { level1: string; level2: string }[],
  findings: Findings,
): void {
  const { level2 = '' } = row.values;
  if (!mayBeEmpty) {
    findings.problem(row.at('level3'), 'HEADING_WITHOUT_INDICATOR', { heading: level2 });
  } else if (!emptyHeadings.some((one) => one.level1 === level1 && one.level2 === level2)) {
    emptyHeadings.push({ level1, level2 });
    findings.note(row.at('level2'), 'HEADING_EMPTY', { heading: level2 });
  }
}

/** That there are indicators, and not too many. Which first levels a table has is its own affair, as in the JSON form. */
function reportSections(rows: readonly ReadRow[], indicators: readonly Indicator[], findings: Findings): void {
  if (rows.length === 0) findings.problem('指标', 'SECTION_EMPTY', { section: '指标' });
  if (indicators.length > INDICATORS_LIMIT) {
    findings.problem('指标', 'TOO_MANY_INDICATORS', { indicators: indicators.length, limit: INDICATORS_LIMIT });
  }
}
