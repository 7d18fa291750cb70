/**
 * Control totals of the table, rule book 1.4: printed totals against the sums of their parts. A check whose figures could
 * not all be read is left out, so that one unreadable amount does not show up as a wrong total as well.
 */
import type { FundNature, IncomeSource } from '#domain/budget/events.js';

import { ZERO, formatYuan, subtract, type Fen } from '#domain/money.js';
import { exactTotal } from '#forms/amount.js';
import { APPROPRIATION_ROWS, type IncomeRow, type PlannedAmount, type TableLine } from '#forms/table.js';

export type ControlId =
  | 'appropriation-of-sources'
  | 'total-of-income'
  | 'expenditure-of-income'
  | 'basic-lines-annual'
  | 'basic-lines-half'
  | 'project-lines-annual'
  | 'project-lines-half';

/** `expectedFen` is what the form prints, `actualFen` the sum of the parts; undefined when beyond the exact range. */
export interface ControlCheck<Id extends string = string> {
  readonly check: Id;
  readonly name: string;
  readonly expectedFen: Fen;
  readonly actualFen: Fen | undefined;
  readonly ok: boolean;
}

/** The figures as far as they could be read. */
export interface FundsFigures {
  readonly income: Readonly<Partial<Record<IncomeRow, Fen>>>;
  readonly basic: Partial<PlannedAmount>;
  readonly project: Partial<PlannedAmount>;
  readonly lines: readonly (Partial<PlannedAmount> & Pick<TableLine, 'expenditure'>)[];
}

/** Source: rule book 1.4. */
export function controlTotals(figures: FundsFigures): ControlCheck<ControlId>[] {
  const { income, basic, project, lines } = figures;
  const of = (expenditure: string, column: keyof PlannedAmount) =>
    lines.filter((line) => line.expenditure === expenditure).map((line) => line[column]);
  return [
    check(
      'appropriation-of-sources',
      '财政拨款小计 = 各项财政资金之和',
      income.appropriation,
      APPROPRIATION_ROWS.map((row) => income[row]),
    ),
    check('total-of-income', '资金总额 = 财政拨款小计 + 上年结转资金 + 其他资金', income.total, [
      income.appropriation,
      income['carry-over'],
      income.other,
    ]),
    check('expenditure-of-income', '资金总额 = 基本支出 + 项目支出', income.total, [
      basic.annualFen,
      project.annualFen,
    ]),
    check('basic-lines-annual', '基本支出全年预算数 = 基本支出各行之和', basic.annualFen, of('basic', 'annualFen')),
    check('basic-lines-half', '基本支出半年计划执行数 = 基本支出各行之和', basic.halfFen, of('basic', 'halfFen')),
    check('project-lines-annual', '项目支出全年预算数 = 各项目之和', project.annualFen, of('project', 'annualFen')),
    check('project-lines-half', '项目支出半年计划执行数 = 各项目之和', project.halfFen, of('project', 'halfFen')),
  ].filter((result) => result !== undefined);
}

/**
 * Income of each fund nature against the lines of that nature, both without carry-over. `lines` have their carry-over
 * taken off already. Natures that neither the income nor a line names are left out.
 */
export function fundTotals(
  income: readonly { readonly source: IncomeSource; readonly fen: Fen }[],
  lines: readonly { readonly fund: FundNature; readonly originalFen: Fen }[],
): ControlCheck<FundNature>[] {
  const natures = new Set([
    ...income.map(({ source }) => source).filter((source) => source !== 'carry-over'),
    ...lines.map(({ fund }) => fund),
  ]);
  return [...natures].sort().map((fund) => {
    const expectedFen = income.find(({ source }) => source === fund)?.fen ?? ZERO;
    const actualFen = exactTotal(lines.filter((line) => line.fund === fund).map((line) => line.originalFen));
    return { check: fund, name: `${fund} = 该资金性质各行之和`, expectedFen, actualFen, ok: expectedFen === actualFen };
  });
}

/** Facts of a check that failed, for a problem: yuan as decimal strings. */
export function factsOf({ check, name, expectedFen, actualFen }: ControlCheck): Readonly<Record<string, string>> {
  const facts = { check, name, expected: formatYuan(expectedFen) };
  if (actualFen === undefined) return { ...facts, actual: 'out of range' };
  return { ...facts, actual: formatYuan(actualFen), difference: formatYuan(subtract(actualFen, expectedFen)) };
}

function check<Id extends string>(
  id: Id,
  name: string,
  expectedFen: Fen | undefined,
  parts: readonly (Fen | undefined)[],
): ControlCheck<Id> | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (expectedFen === undefined || known.length < parts.length) return undefined;
  const actualFen = exactTotal(known);
  return { check: id, name, expectedFen, actualFen, ok: expectedFen === actualFen };
}
