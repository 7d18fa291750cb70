/** Finds the parts of the printed form by their headings. */
import type { AmountUnit } from '#forms/amount.js';
import { type Findings, WHOLE_FILE, place } from '#forms/findings.js';
import type { FormDefinition } from '#forms/performance-form.js';
import { startOfIndicators } from './indicator-rows.js';
import { endOf, findLabel, linesBetween, START, type Label, type Line, type Spot } from './printed-lines.js';

export interface Sections {
  readonly amountUnit: AmountUnit | undefined;
  /** Cells after 单位名称. */
  readonly unit: readonly Line[];
  readonly income: readonly Line[];
  readonly expenditure: readonly Line[];
  readonly indicators: readonly Line[];
  /** Where the head of the table ends. */
  readonly head: Spot;
}

/** Parts of the form in printed order. Prose between them is skipped; `undefined` if nothing of the form is there. */
export function findSections(lines: readonly Line[], form: FormDefinition, findings: Findings): Sections | undefined {
  const label = (names: readonly string[], from: Spot) =>
    findLabel(lines, from, (text) => names.includes(text), Math.max(...names.map(({ length }) => length)));
  const { sections } = form;
  const unit = label(sections.unit, START);
  const duties = label(sections.duties, unit?.to ?? START);
  const staffing = label(sections.staffing, duties?.to ?? START);
  const funds = findLabel(lines, staffing?.to ?? START, (text) => form.funds.heading.test(text), 14);
  const bareFunds = funds ?? label(['部门整体资金'], staffing?.to ?? START);
  const income = label(sections.income, bareFunds?.to ?? START);
  const expenditure = label(sections.expenditure, income?.to ?? bareFunds?.to ?? START);
  const money = expenditure ?? income ?? bareFunds;
  const longTerm = label(sections.longTermGoal, money?.to ?? START);
  const annual = label(sections.annualGoal, longTerm?.to ?? money?.to ?? START);
  const indicators = startOfIndicators(lines, annual?.to ?? longTerm?.to ?? money?.to ?? START, form);
  const found = { unit, duties, staffing, income, expenditure, longTerm, annual, indicators };
  if ([unit, bareFunds, income, expenditure, indicators].every((section) => section === undefined)) {
    findings.problem(WHOLE_FILE, 'FORM_NOT_RECOGNISED', { expected: form.title });
    return undefined;
  }
  reportMissing({ ...found, funds: bareFunds }, lines, findings);
  const amountUnit = form.funds.units.find((name) => name === form.funds.heading.exec(funds?.text ?? '')?.[1]);
  if (bareFunds !== undefined && amountUnit === undefined) {
    findings.problem(place(bareFunds.no, '部门整体资金'), 'CURRENCY_UNIT_MISSING', { expected: '万元' });
  }
  const end = endOf(lines);
  const between = (from: Label | undefined, ...to: readonly (Label | Spot | undefined)[]): readonly Line[] =>
    from === undefined ? [] : linesBetween(lines, from.to, startOf(to.find((next) => next !== undefined)) ?? end);
  return {
    amountUnit,
    unit: between(unit, duties, staffing, bareFunds),
    income: between(income, expenditure, longTerm, annual, indicators),
    expenditure: between(expenditure, longTerm, annual, indicators),
    indicators: indicators === undefined ? [] : linesBetween(lines, indicators, end),
    head: startOf(duties ?? staffing ?? bareFunds) ?? end,
  };
}

const startOf = (part: Label | Spot | undefined): Spot | undefined =>
  part !== undefined && 'from' in part ? part.from : part;

const SECTION_NAMES = {
  unit: '单位名称',
  duties: '主要职能',
  staffing: '机构设置及人员配置',
  funds: '部门整体资金',
  income: '收入',
  expenditure: '支出',
  longTerm: '中长期目标',
  annual: '年度目标',
  indicators: '指标',
} as const;

/** The last line of the file goes along: it shows where a cut-off text ends. */
function reportMissing(
  found: Readonly<Record<keyof typeof SECTION_NAMES, unknown>>,
  lines: readonly Line[],
  findings: Findings,
): void {
  const lastLine = lines.at(-1);
  for (const [key, section] of Object.entries(SECTION_NAMES)) {
    if (found[key as keyof typeof SECTION_NAMES] !== undefined) continue;
    findings.problem(WHOLE_FILE, 'SECTION_MISSING', {
      section,
      lastLine: lastLine?.no ?? 0,
      lastText: lastLine?.cells.join(' ') ?? '',
    });
  }
}
