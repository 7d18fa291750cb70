/** The lines of the next year that a close names for its carry-over lots. */
import type { NamedTarget, NextYearLine } from '#domain/budget/commands.js';
import type { ClosingLot } from '#domain/budget/events.js';
import type { BudgetFault } from '#domain/budget/rejections.js';
import { lineFaults } from '#domain/budget/rules.js';
import { liveLine, type BudgetState } from '#domain/budget/state.js';

interface Named {
  readonly targets: readonly NamedTarget[];
  readonly nextYear: readonly NextYearLine[];
  readonly lots: readonly ClosingLot[];
}

/** The lots with the lines they were given: one named for a lot's own year goes before one for the whole line. */
export function withTargets(lots: readonly ClosingLot[], targets: readonly NamedTarget[]): ClosingLot[] {
  const named = new Map(targets.map((target) => [targetKey(target), target.toLine]));
  return lots.map((lot) => {
    const { line, originYear } = lot;
    const toLine = named.get(targetKey({ line, originYear })) ?? named.get(targetKey({ line }));
    return lot.class === 'surplus' || toLine === undefined ? lot : { ...lot, toLine };
  });
}

/** Lines that are not there, lots that stay behind, lots named twice, and lines of another fund or kind. */
export function targetFaults(state: BudgetState, { targets, nextYear, lots }: Named): BudgetFault[] {
  const seen = new Set<string>();
  const known = new Map<string, Identity>(nextYear.map((line) => [line.line, line]));
  return targets.flatMap((target, index): BudgetFault[] => {
    const at = `/lots/${index}`;
    const key = targetKey(target);
    const repeated = seen.has(key);
    seen.add(key);
    const from = liveLine(state, target.line);
    const there = known.get(target.toLine) ?? from;
    // A line that is not there yet gets the fund and kind of the first that goes to it.
    if (there !== undefined) known.set(target.toLine, there);
    return [
      ...lineFaults(state, target.line, `${at}/line`),
      ...(repeated ? [{ at: `${at}/line`, code: 'DUPLICATE_LINE', line: target.line } as const] : []),
      ...staysBehind(state, target, { lots, at }),
      ...(from && there ? differing(target, { from, there, at: `${at}/toLine` }) : []),
    ];
  });
}

const targetKey = ({ line, originYear }: Pick<NamedTarget, 'line' | 'originYear'>): string =>
  `${line} ${originYear ?? ''}`;

function staysBehind(
  state: BudgetState,
  { line, originYear }: NamedTarget,
  { lots, at }: { readonly lots: readonly ClosingLot[]; readonly at: string },
): BudgetFault[] {
  if (liveLine(state, line) === undefined) return [];
  const meant = lots.filter((lot) => lot.line === line && (originYear === undefined || lot.originYear === originYear));
  if (meant.some((lot) => lot.class === 'carry-over')) return [];
  const why = meant.at(-1)?.reason ?? 'nothing-unspent';
  const reason = why === 'unspent' ? 'nothing-unspent' : why;
  return [
    {
      at: `${at}/line`,
      code: 'LOT_NOT_CARRIED_OVER',
      line,
      ...(originYear === undefined ? {} : { originYear }),
      reason,
    },
  ];
}

type Identity = Pick<NextYearLine, 'fund' | 'expenditure'>;

function differing(
  { line, toLine }: NamedTarget,
  { from, there, at }: { readonly from: Identity; readonly there: Identity; readonly at: string },
): BudgetFault[] {
  const { fund, expenditure } = from;
  const { fund: toFund, expenditure: toExpenditure } = there;
  if (fund === toFund && expenditure === toExpenditure) return [];
  return [{ at, code: 'TARGET_LINE_DIFFERS', line, fund, expenditure, toLine, toFund, toExpenditure }];
}
