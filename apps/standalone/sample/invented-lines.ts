/** Lines of the invented unit, from text tables. */
import type { ApprovedLine, NewLine } from '#domain/budget/commands.js';
import { EXPENDITURES, FUND_NATURES, type EconomicShare } from '#domain/budget/events.js';
import { wan } from './office-days.js';

/**
 * Rows: line, name, expenditure, fund nature, codes (department economic, after a stroke the function), original budget and
 * half-year plan in 万元, and the parts of the budget by economic code where it has several.
 */
export function linesOf(table: string): ApprovedLine[] {
  return table
    .trim()
    .split('\n')
    .map((row): ApprovedLine => {
      const [line = '', name = '', kind, nature, codes = '', original = '', half = '', ...economic] = row
        .trim()
        .split(/\s+/);
      const expenditure = EXPENDITURES.find((known) => known === kind);
      const fund = FUND_NATURES.find((known) => known === nature);
      if (expenditure === undefined || fund === undefined) throw new Error(`line ${line}: ${kind} ${nature}`);
      const [departmentEconomic = '', functionCode] = codes.split('/');
      return {
        ...{ line, name, expenditure, fund },
        codes: { departmentEconomic, ...(functionCode === undefined ? {} : { function: functionCode }) },
        ...{ originalFen: wan(original), halfYearPlanFen: wan(half) },
        ...(economic.length === 0 ? {} : { economic: economic.map(shareOf) }),
      };
    });
}

function shareOf(text: string): EconomicShare {
  const [departmentEconomic = '', amount = ''] = text.split(':');
  return { departmentEconomic, fen: wan(amount) };
}

/** What a line is, without its money. */
export const identityOf = ({ line, name, expenditure, fund, codes = {} }: NewLine): NewLine => ({
  ...{ line, name, expenditure, fund, codes },
});
