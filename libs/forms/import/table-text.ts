/**
 * Reads the text layer of the published performance table (部门整体预算绩效目标表), as a PDF viewer or `pdftotext` gives it.
 * What the form looks like comes from its definition; nothing of any one unit's table is known here.
 */
import type { Fen } from '#domain/money.js';
import { controlTotals, factsOf, type ControlCheck, type ControlId } from '#forms/controls.js';
import { Findings, WHOLE_FILE, place, present, type Reading } from '#forms/findings.js';
import { PERFORMANCE_FORM, type FormDefinition } from '#forms/performance-form.js';
import { INCOME_ROWS, type IncomeRow, type PerformanceTable, type PlannedAmount } from '#forms/table.js';
import { plainDigits } from '#forms/target-value.js';
import { decodeText } from './decode.js';
import { readExpenditure, type ExpenditureSection, type PrintedLine } from './expenditure-section.js';
import { readIncome, type IncomeSection } from './income-section.js';
import { readIndicators, type IndicatorSection } from './indicator-section.js';
import { findLabel, linesBetween, printedLines, START, type Line } from './printed-lines.js';
import { findSections, type Sections } from './table-sections.js';

/** Names of the properties that an indicator of a file has. */
export type StatedParts = ReadonlySet<string>;

export interface TableReading extends Reading<PerformanceTable> {
  /** Control totals as far as their figures could be read, rule book 1.4. */
  readonly controls: readonly ControlCheck<ControlId>[];
  /** Ids of lines that the file does not name: they were given in printed order. */
  readonly numbered: ReadonlySet<string>;
  /** What the file itself says of each indicator beyond what is printed, in their order; absent when it can say nothing. */
  readonly stated?: readonly StatedParts[];
}

type Funds = IncomeSection & ExpenditureSection;

/** Bytes of the text layer in, the table or all its problems out. Never throws on bad input. */
export function parseTableText(bytes: Uint8Array, form: FormDefinition = PERFORMANCE_FORM): TableReading {
  const findings = new Findings();
  const text = decodeText(bytes, findings);
  const lines = text === undefined ? undefined : printedLines(text, findings);
  const sections = lines === undefined ? undefined : findSections(lines, form, findings);
  if (lines === undefined || sections === undefined)
    return { ...findings.reading(impossible), controls: [], numbered: new Set() };

  const title = readTitle(lines, form, findings);
  const year = readYear(lines, sections, findings);
  const unitName = readUnitName(sections, findings);
  const unit = sections.amountUnit ?? '万元';
  const funds: Funds = {
    ...readIncome(sections.income, unit, form, findings),
    ...readExpenditure(sections.expenditure, unit, form, findings),
  };
  const controls = controlTotals(funds);
  reportControls(controls, funds, findings);
  reportNames(funds.lines, findings);
  const indicators =
    sections.indicators.length === 0 ? NO_INDICATORS : readIndicators(sections.indicators, form, findings);
  const reading = findings.reading((): PerformanceTable => ({
    title: present(title, 'the title'),
    year: present(year, 'the year'),
    unitName: present(unitName, 'the unit'),
    amountUnit: present(sections.amountUnit, 'the unit of the amounts'),
    ...amountsOf(funds),
    indicators: indicators.indicators,
    emptyHeadings: indicators.emptyHeadings,
  }));
  return { ...reading, controls, numbered: new Set(funds.lines.map(({ line }) => line)) };
}

/** Their absence has been reported. */
const NO_INDICATORS: IndicatorSection = { indicators: [], emptyHeadings: [] };

const impossible = (): never => {
  throw new Error('a file without sections has a problem');
};

/** The first text that ends like the title of the form; it may be wrapped. */
function readTitle(lines: readonly Line[], form: FormDefinition, findings: Findings): string | undefined {
  const label = findLabel(lines.slice(0, 20), START, (text) => text.endsWith(form.title), 60);
  if (label === undefined) findings.problem(WHOLE_FILE, 'SECTION_MISSING', { section: form.title });
  return label?.text;
}

function readYear(lines: readonly Line[], { head }: Sections, findings: Findings): number | undefined {
  for (const { no, cells } of linesBetween(lines, START, head)) {
    const match = /([\d０-９]{4})年/u.exec(cells.join(''));
    if (match === null) continue;
    const { text, changed } = plainDigits(match[1] ?? '');
    if (changed) findings.note(place(no), 'FULL_WIDTH_DIGITS', { found: match[0] });
    return Number(text);
  }
  findings.problem(WHOLE_FILE, 'YEAR_MISSING', { expected: '2024年度' });
  return undefined;
}

/** The name may be wrapped; it goes on until the next heading. */
function readUnitName({ unit }: Sections, findings: Findings): string | undefined {
  const name = unit.flatMap(({ cells }) => cells).join('');
  if (name.length > 0 && name.length <= 100) return name;
  findings.problem('单位名称', name === '' ? 'UNIT_NAME_MISSING' : 'TEXT_TOO_LONG', {
    length: name.length,
    limit: 100,
  });
  return undefined;
}

function reportControls(controls: readonly ControlCheck<ControlId>[], funds: Funds, findings: Findings): void {
  const at = (no: number | undefined, column: string) => (no === undefined ? column : place(no, column));
  const places: Readonly<Record<ControlId, string>> = {
    'appropriation-of-sources': at(funds.incomeLines.appropriation, '小计'),
    'total-of-income': at(funds.incomeLines.total, '资金总额'),
    'expenditure-of-income': at(funds.incomeLines.total, '资金总额'),
    'basic-lines-annual': at(funds.basicLine, '全年预算数'),
    'basic-lines-half': at(funds.basicLine, '半年计划执行数'),
    'project-lines-annual': at(funds.projectLine, '全年预算数'),
    'project-lines-half': at(funds.projectLine, '半年计划执行数'),
  };
  for (const control of controls) {
    if (!control.ok) findings.problem(places[control.check], 'CONTROL_TOTAL_DIFFERS', factsOf(control));
  }
}

function reportNames(lines: readonly PrintedLine[], findings: Findings): void {
  const first = new Map<string, number>();
  for (const { name, no } of lines) {
    if (name.length > 200) findings.problem(place(no), 'TEXT_TOO_LONG', { length: name.length, limit: 200 });
    const before = first.get(name);
    if (before === undefined) first.set(name, no);
    else findings.note(place(no), 'NAME_REPEATED', { row: name, first: before });
  }
}

type TableAmounts = Pick<PerformanceTable, 'income' | 'basic' | 'project' | 'lines'>;

function amountsOf({ income, basic, project, lines }: Funds): TableAmounts {
  const both = ({ halfFen, annualFen }: Partial<PlannedAmount>, what: string): PlannedAmount => ({
    halfFen: present(halfFen, `the half-year amount of ${what}`),
    annualFen: present(annualFen, `the annual amount of ${what}`),
  });
  return {
    income: Object.fromEntries(INCOME_ROWS.map((row) => [row, present(income[row], row)])) as Record<IncomeRow, Fen>,
    basic: both(basic, 'basic expenditure'),
    project: both(project, 'projects'),
    lines: lines.map(({ line, name, expenditure, ...amounts }) => ({
      line,
      name,
      expenditure,
      ...both(amounts, line),
    })),
  };
}
