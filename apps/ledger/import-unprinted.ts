/**
 * What the official form does not print and the books know: codes, the approval's document, kinds and scopes of targets. A form
 * that says all that is printed as it stands in the books says nothing else.
 */
import type { BroughtForward } from '#domain/budget/commands.js';
import type { BudgetState } from '#domain/budget/state.js';
import type { Indicator } from '#domain/performance/events.js';
import type { ApprovedTargets } from '#domain/performance/state.js';
import type { ApproveBudget } from '#forms/plan.js';
import type { StatedParts } from '#forms/import/table-text.js';
import type { PerformanceTable } from '#forms/table.js';

/** The approval of the file with what only the books say of it; as it is before an approval. */
export function withUnprintedBudget(file: ApproveBudget, { approval }: BudgetState): ApproveBudget {
  if (approval?.content === undefined) return file;
  const { header, lines } = approval.content;
  const booked = new Map(lines.map((line) => [line.line, line]));
  const { effectiveDate: _on, document: _paper, dateAssumed: _assumed, ...printed } = file;
  return {
    ...printed,
    effectiveDate: approval.on,
    ...(header.document && { document: header.document }),
    ...(header.dateAssumed && { dateAssumed: header.dateAssumed }),
    lines: file.lines.map((line) => {
      const { codes, economic } = booked.get(line.line) ?? {};
      return { ...line, ...(codes && { codes }), ...(economic && { economic }) };
    }),
  };
}

/** The form prints last year's money as one sum: its split is the one that was booked with the approval. */
export function withUnprintedSplit(table: PerformanceTable, { approval, carryOvers }: BudgetState): PerformanceTable {
  const before = approval?.content?.carryOvers;
  if (before === undefined || table.carryOverByLine !== undefined) return table;
  const own = [...carryOvers].flatMap(([id, { data, line, originYear, source }]) => {
    if (before.has(id) || source !== undefined) return [];
    const { originLine, fen } = data as BroughtForward;
    return [{ line, originYear, fen, ...(originLine === line ? {} : { originLine }) }];
  });
  return own.length === 0 ? table : { ...table, carryOverByLine: own };
}

/** What is known of a target without being printed; what a name or the figures say of it may become more. */
const UNPRINTED = [
  'kind',
  'checkpointBasis',
  'metric',
  'scope',
  'scopeBasis',
] as const satisfies readonly (keyof Indicator)[];

/**
 * The targets as approved when the file prints the same ones, else as they were read. `stated`: what the file itself says of
 * each indicator, where it can say more than is printed; that is compared.
 */
export function withUnprintedTargets(
  read: readonly Indicator[],
  approved: ApprovedTargets | undefined,
  stated?: readonly StatedParts[],
): readonly Indicator[] {
  const same =
    approved?.indicators.length === read.length &&
    read.every((indicator, index) => printedOf(indicator) === printedOf(approved.indicators[index]));
  if (!same) return read;
  if (stated === undefined) return approved.indicators;
  return read.map((indicator, index) => withUnstated(indicator, approved.indicators[index], stated[index]));
}

function withUnstated(read: Indicator, approved: Indicator | undefined, stated: StatedParts | undefined): Indicator {
  const unstated = UNPRINTED.filter((part) => !stated?.has(part));
  const kept = Object.entries(read).filter(([part]) => !unstated.some((one) => one === part));
  const known = unstated.flatMap((part) => (approved?.[part] === undefined ? [] : [[part, approved[part]] as const]));
  return Object.fromEntries([...kept, ...known]) as unknown as Indicator;
}

const printedOf = (indicator: Indicator | undefined): string =>
  indicator === undefined
    ? ''
    : JSON.stringify([
        ...[indicator.level1, indicator.level2, indicator.keyWork ?? '', indicator.level3],
        ...[indicator.half.text, indicator.annual.text],
      ]);
