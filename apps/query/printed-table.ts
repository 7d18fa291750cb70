/** The target table as the official form prints it: the approved plan with what it carried in, and the targets of the date. */
import { add, sum, ZERO, type Fen } from '#domain/money.js';
import { lineQuantities } from '#domain/metrics/quantities.js';
import {
  headingsWithout,
  TARGET_TABLE,
  type PrintedAmount,
  type PrintedTable,
} from '#forms/definitions/target-table.js';
import { APPROPRIATION_ROWS, INCOME_ROWS, type IncomeRow } from '#forms/table.js';
import { figures } from '#read-model/queries/figures.js';
import { lineDefinitions, plansByLine } from '#read-model/queries/lines.js';
import { performanceStanding } from '#read-model/queries/performance.js';
import { units } from '#read-model/queries/units.js';
import { approvalOf, type Approval, type YearView } from './year-reads.js';

/** Before the approval of the budget all amounts are 0 and there are no lines. */
export async function printedTable(view: YearView): Promise<PrintedTable> {
  const { opened, at, unit, year } = view;
  const approval = await approvalOf(view);
  const standing = await performanceStanding(opened, at);
  const income = incomeOf(approval);
  const lines = approval === undefined ? [] : await printedLines(view, income['carry-over'] > 0);
  const known = await units(opened, at.knownAt === undefined ? {} : { knownAt: at.knownAt });
  const of = (expenditure: string) => totalOf(lines.filter((line) => line.expenditure === expenditure));
  return {
    title: TARGET_TABLE.titles[0] ?? '',
    year,
    unitName: known.find((entry) => entry.unit === unit)?.name ?? unit,
    income,
    basic: of('basic'),
    project: of('project'),
    lines,
    indicators: standing.indicators,
    emptyHeadings: headingsWithout(standing.indicators),
    narrative: standing.narrative,
  };
}

/** Unit funds have no row of their own: they are other funds. */
function incomeOf(approval: Approval | undefined): Readonly<Record<IncomeRow, Fen>> {
  const amounts = new Map<string, Fen>();
  for (const { source, fen } of approval?.data.income ?? []) {
    const row = source === 'unit-funds' ? 'other' : source;
    amounts.set(row, add(amounts.get(row) ?? ZERO, fen));
  }
  const of = (row: IncomeRow): Fen => amounts.get(row) ?? ZERO;
  const appropriation = sum(APPROPRIATION_ROWS.map(of));
  const total = sum([appropriation, of('carry-over'), of('other')]);
  const rows = INCOME_ROWS.map((row) => [
    row,
    row === 'total' ? total : row === 'appropriation' ? appropriation : of(row),
  ]);
  return Object.fromEntries(rows) as Record<IncomeRow, Fen>;
}

/** Printed amounts include last year's money where the form prints any (rule book 13, 9). */
async function printedLines({ opened, at }: YearView, carriesOver: boolean): Promise<PrintedTable['lines']> {
  const definitions = await lineDefinitions(opened, at);
  const plans = await plansByLine(opened, at);
  const sums = lineQuantities({ figures: await figures(opened, at), planned: [] });
  return definitions.flatMap(({ line, name, expenditure }) => {
    const plan = (plans.get(line) ?? []).findLast(({ kind }) => kind !== 'monthly');
    if (plan?.kind !== 'approved') return [];
    const { original = ZERO, carryOverIn = ZERO } = sums.get(line) ?? {};
    const { halfYearPlanFen } = plan;
    return [
      {
        name,
        expenditure,
        ...(halfYearPlanFen !== undefined && { halfFen: halfYearPlanFen }),
        annualFen: carriesOver ? add(original, carryOverIn) : original,
      },
    ];
  });
}

/** No half-year total where no line has a half-year plan. */
function totalOf(lines: readonly PrintedAmount[]): PrintedAmount {
  const halves = lines.flatMap(({ halfFen }) => halfFen ?? []);
  return {
    ...(halves.length > 0 || lines.length === 0 ? { halfFen: sum(halves) } : {}),
    annualFen: sum(lines.map(({ annualFen }) => annualFen)),
  };
}
