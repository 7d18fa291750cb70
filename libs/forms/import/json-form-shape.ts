/** The shape of the JSON form: which properties there are, which must be there, and what each may hold. */
import { EXPENDITURES, FUND_NATURES } from '#domain/budget/events.js';
import { AMOUNT_UNITS, type AmountUnit } from '#forms/amount.js';
import { PERFORMANCE_FORM } from '#forms/performance-form.js';
import { INCOME_ROWS, INDICATORS_LIMIT, LINES_LIMIT, type IncomeRow } from '#forms/table.js';
import { indicatorEntry } from './json-indicators.js';
import * as shape from './json-shape.js';

export const LINE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
export const UNIT_CODE = /^[A-Z0-9]{1,21}$/;
const FUNCTION_CODE = /^(\d{3}|\d{5}|\d{7})$/;
export const ECONOMIC_CODE = /^(\d{3}|\d{5})$/;
const PROJECT_CODE = /^[A-Za-z0-9._-]{1,40}$/;

const name = shape.text(200);
const documentRef = shape.object({ number: shape.text(100) }, { title: name, date: shape.date });
const codes = shape.object(
  {},
  {
    function: shape.matching(FUNCTION_CODE, 'CODE_NOT_VALID'),
    governmentEconomic: shape.matching(ECONOMIC_CODE, 'CODE_NOT_VALID'),
    departmentEconomic: shape.matching(ECONOMIC_CODE, 'CODE_NOT_VALID'),
    project: shape.matching(PROJECT_CODE, 'ID_NOT_VALID'),
  },
);

/** Amounts are read in the unit that the file names. */
export function formOf(unit: AmountUnit) {
  const amount = shape.amount(unit);
  const plannedAmount = { half: amount, annual: amount };
  const line = shape.object(
    { name, expenditure: shape.oneOf(EXPENDITURES), ...plannedAmount },
    {
      line: shape.matching(LINE_ID, 'ID_NOT_VALID'),
      fund: shape.oneOf(FUND_NATURES),
      fundBasis: shape.oneOf(['stated', 'inferred', 'confirmed']),
      codes,
      economic: shape.list(
        shape.object({ departmentEconomic: shape.matching(ECONOMIC_CODE, 'CODE_NOT_VALID'), amount }, {}),
        200,
      ),
    },
  );
  const carryOver = shape.object(
    { line: shape.matching(LINE_ID, 'ID_NOT_VALID'), originYear: shape.integer(1950, 2200), amount },
    { originLine: shape.matching(LINE_ID, 'ID_NOT_VALID') },
  );
  const incomeRows = Object.fromEntries(INCOME_ROWS.map((row) => [row, amount])) as Record<IncomeRow, typeof amount>;
  return shape.object(
    {
      form: shape.oneOf([PERFORMANCE_FORM.title]),
      version: shape.oneOf([1]),
      title: name,
      year: shape.integer(1950, 2200),
      unit: shape.object({ name: shape.text(100) }, { code: shape.matching(UNIT_CODE, 'ID_NOT_VALID') }),
      amountUnit: shape.oneOf(AMOUNT_UNITS),
      income: shape.object(incomeRows, {}),
      basic: shape.object(plannedAmount, {}),
      project: shape.object(plannedAmount, {}),
      lines: shape.list(line, LINES_LIMIT),
      indicators: shape.list(indicatorEntry, INDICATORS_LIMIT),
    },
    {
      approval: shape.object({}, { approvedOn: shape.date, document: documentRef }),
      carryOverByLine: shape.list(carryOver, LINES_LIMIT),
      emptyHeadings: shape.list(shape.object({ level1: name, level2: name }, {}), 100),
    },
  );
}

/** As far as it could be read. */
export type FormFile = NonNullable<ReturnType<ReturnType<typeof formOf>>>;
export type FileLine = NonNullable<FormFile['lines']>[number];
