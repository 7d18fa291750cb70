/**
 * From a table to what is booked: the approval of the budget and the targets. What the form does not print is taken from
 * the file or from the person who imports it: fund natures, last year's carry-over by line, and the date of approval.
 */
import { firstDayOf, parseCivilDate, yearOf, type CivilDate } from '#domain/calendar.js';
import type { ApprovedLine, BudgetCommand } from '#domain/budget/commands.js';
import type { FundNature, IncomeSource } from '#domain/budget/events.js';
import type { DocumentRef } from '#domain/envelope.js';
import type { Fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import {
  broughtForward,
  carryOversOf,
  withoutCarryOver,
  type BookedCarryOver,
  type NetLine,
} from '#forms/carry-over-split.js';
import { factsOf, fundTotals, type ControlCheck } from '#forms/controls.js';
import { Findings, type Reading } from '#forms/findings.js';
import { fundsOf } from '#forms/plan-funds.js';
import { INCOME_ROWS, type CarryOverShare, type FundBasis, type PerformanceTable } from '#forms/table.js';

export interface PlanOptions {
  /** Default: what the file says, else 1 January of the year, marked assumed. */
  readonly approvedOn?: string;
  readonly document?: DocumentRef;
  /** By line id or exact name; goes before what the file says. */
  readonly funds?: Readonly<Record<string, string>>;
  /** Goes before what the file says. rule book 13, 9. */
  readonly carryOverByLine?: readonly CarryOverShare[];
  /** Carry-over of the year that is booked already: it is counted and not booked again. */
  readonly booked?: readonly BookedCarryOver[];
}

export type ApproveBudget = Extract<BudgetCommand, { type: 'ApproveBudget' }>;

export interface Plan {
  readonly approveBudget: ApproveBudget;
  readonly indicators: readonly Indicator[];
  /** How the nature of each line is known. */
  readonly fundBasis: ReadonlyMap<string, FundBasis>;
  /** Carry-over that the printed amounts include and that is booked already. */
  readonly bookedCarryOvers: readonly CarryOverShare[];
}

export interface PlanReading extends Reading<Plan> {
  /** Income of each nature against its lines, as far as the natures are known. */
  readonly controls: readonly ControlCheck<FundNature>[];
  /** Natures known so far, also when others are missing: a preview shows them. */
  readonly funds: ReadonlyMap<string, FundNature>;
}

/** The table as commands, or what is missing or does not fit, all at once. */
export function toPlan(table: PerformanceTable, options: PlanOptions = {}): PlanReading {
  const findings = new Findings();
  const { carryOverByLine, booked } = options;
  const carryOvers = carryOversOf(
    table,
    { ...(carryOverByLine && { stated: carryOverByLine }), ...(booked && { booked }) },
    findings,
  );
  const fresh = carryOvers.filter((share) => !share.booked);
  const lines = withoutCarryOver(table, carryOvers, findings);
  const income = incomeOf(table);
  const { funds, basis } = fundsOf(table, lines, income, options.funds ?? {}, findings);
  const approval = approvalOf(table, options, findings);
  const approved = lines.flatMap((line) => {
    const fund = funds.get(line.line);
    return fund === undefined ? [] : [approvedLine(line, fund)];
  });
  const controls = approved.length === lines.length ? fundTotals(income, approved) : [];
  for (const control of controls) {
    if (!control.ok) findings.problem(`/income/${control.check}`, 'FUND_TOTAL_DIFFERS', factsOf(control));
  }
  const reading = findings.reading((): Plan => ({
    approveBudget: {
      type: 'ApproveBudget',
      ...approval,
      income,
      basicFen: table.basic.annualFen,
      projectFen: table.project.annualFen,
      lines: approved,
      ...(fresh.length > 0 && { carryOvers: fresh.map(broughtForward) }),
    },
    indicators: table.indicators,
    fundBasis: basis,
    bookedCarryOvers: carryOvers.filter((share) => share.booked),
  }));
  return { ...reading, controls, funds };
}

function approvalOf(table: PerformanceTable, options: PlanOptions, findings: Findings) {
  const document = options.document ?? table.approval?.document;
  const stated = options.approvedOn ?? table.approval?.approvedOn;
  const date = stated === undefined ? undefined : parseCivilDate(stated);
  const assumed: CivilDate = firstDayOf(table.year);
  if (stated !== undefined && date === undefined)
    findings.problem('/approval/approvedOn', 'DATE_NOT_VALID', { found: stated });
  if (date !== undefined && yearOf(date) !== table.year) {
    findings.problem('/approval/approvedOn', 'DATE_OUTSIDE_YEAR', { found: date, year: table.year });
  }
  return {
    effectiveDate: date ?? assumed,
    ...(document && { document }),
    ...(date === undefined && { dateAssumed: true as const }),
  };
}

/** Sources with money. Totals and subtotals are no sources. */
const incomeOf = (table: PerformanceTable): { readonly source: IncomeSource; readonly fen: Fen }[] =>
  INCOME_ROWS.filter((row) => row !== 'total' && row !== 'appropriation')
    .map((source) => ({ source, fen: table.income[source] }))
    .filter((entry) => entry.fen > 0);

function approvedLine(line: NetLine, fund: FundNature): ApprovedLine {
  const { name, expenditure, originalFen, halfFen, codes, economic } = line;
  return {
    line: line.line,
    name,
    expenditure,
    fund,
    ...(codes && { codes }),
    originalFen,
    halfYearPlanFen: halfFen,
    ...(economic && { economic }),
  };
}
