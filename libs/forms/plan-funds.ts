/** Fund nature of every line of a plan: as a person says, as the file says, or as the figures force it. */
import { FUND_NATURES, type FundNature, type IncomeSource } from '#domain/budget/events.js';
import type { Fen } from '#domain/money.js';
import type { NetLine } from '#forms/carry-over-split.js';
import type { Findings } from '#forms/findings.js';
import { inferFundNatures, type FundReading } from '#forms/fund-natures.js';
import type { FundBasis, PerformanceTable } from '#forms/table.js';

export interface Funds {
  readonly funds: ReadonlyMap<string, FundNature>;
  readonly basis: ReadonlyMap<string, FundBasis>;
}

/** What a person says goes before what the file says, and that before what the figures force. */
export function fundsOf(
  table: PerformanceTable,
  lines: readonly NetLine[],
  income: readonly { readonly source: IncomeSource; readonly fen: Fen }[],
  stated: Readonly<Record<string, string>>,
  findings: Findings,
): Funds {
  // The search needs exact amounts without carry-over, so a faulty split is put right first.
  const exact = findings.problemCount === 0;
  const mapped = mappingOf(table, stated, findings);
  const funds = new Map<string, FundNature>();
  const basis = new Map<string, FundBasis>();
  for (const { line, fund, fundBasis = 'stated' } of table.lines) {
    const said = mapped.get(line) ?? fund;
    if (said === undefined) continue;
    funds.set(line, said);
    basis.set(line, mapped.has(line) ? 'stated' : fundBasis);
  }
  if (!exact || lines.every(({ line }) => funds.has(line))) return { funds, basis };
  const reading = inferFundNatures(
    lines.map(({ line, expenditure, originalFen }) => {
      const fund = funds.get(line);
      return { line, expenditure, fen: originalFen, ...(fund && { fund }) };
    }),
    income.flatMap(({ source, fen: amount }) => (source === 'carry-over' ? [] : [{ fund: source, fen: amount }])),
  );
  if (reading.status === 'ask') reportUndecided(reading, table, findings);
  else {
    for (const [line, fund] of reading.funds) {
      if (!funds.has(line)) basis.set(line, 'inferred');
      funds.set(line, fund);
    }
  }
  return { funds, basis };
}

function reportUndecided(
  reading: Extract<FundReading, { status: 'ask' }>,
  table: PerformanceTable,
  findings: Findings,
) {
  const names = new Map(table.lines.map(({ line, name }) => [line, name]));
  findings.problem('/lines', 'FUND_NATURE_NEEDED', {
    reason: reading.reason,
    solutions: reading.solutions,
    lines: reading.lines.map((line) => `${line} ${names.get(line) ?? ''}`),
  });
}

/** Names are resolved to ids; an unknown or ambiguous one, or an unknown nature, is a problem. */
function mappingOf(
  table: PerformanceTable,
  given: Readonly<Record<string, string>>,
  findings: Findings,
): ReadonlyMap<string, FundNature> {
  const mapping = new Map<string, FundNature>();
  for (const [key, value] of Object.entries(given)) {
    const at = `funds: ${key}`;
    const fund = FUND_NATURES.find((nature) => nature === value);
    const byId = table.lines.find(({ line }) => line === key);
    const [first, second] = byId ? [byId] : table.lines.filter(({ name }) => name === key);
    if (fund === undefined) findings.problem(at, 'VALUE_NOT_ALLOWED', { found: value, allowed: FUND_NATURES });
    if (first === undefined) findings.problem(at, 'LINE_UNKNOWN', { found: key });
    else if (second !== undefined)
      findings.problem(at, 'LINE_AMBIGUOUS', { found: key, lines: [first.line, second.line] });
    else if (fund !== undefined) mapping.set(first.line, fund);
  }
  return mapping;
}
