/**
 * The split of 上年结转资金 by line. Printed line amounts include it: B0 = printed − C0, and without the split a plan is
 * refused, never booked twice. Source: rule book 13, 9.
 */
import type { BroughtForward } from '#domain/budget/commands.js';
import { fen, formatYuan, subtract, ZERO, type Fen } from '#domain/money.js';
import { exactTotal } from '#forms/amount.js';
import type { Findings } from '#forms/findings.js';
import type { CarryOverShare, PerformanceTable, TableLine } from '#forms/table.js';

/** Money of earlier years that the books have for this year already. */
export interface BookedCarryOver extends Required<CarryOverShare> {
  /** A close brought it: the table may be older than that. */
  readonly byClose: boolean;
}

/** A share and where the file or the request names it. */
export type ShareWithPlace = CarryOverShare & { readonly at: string; readonly booked?: true };

/**
 * The split of 上年结转资金 by line: needed when there is any, and adding up to it. What is booked already is part of it,
 * whether the file names it again or not. Rule book 13, 9.
 */
export function carryOversOf(
  table: PerformanceTable,
  {
    stated,
    booked = [],
  }: { readonly stated?: readonly CarryOverShare[]; readonly booked?: readonly BookedCarryOver[] },
  findings: Findings,
): readonly ShareWithPlace[] {
  const printed = table.income['carry-over'];
  const given = stated ?? table.carryOverByLine ?? [];
  if (given.length === 0 && printed === 0 && booked.length > 0 && booked.every(({ byClose }) => byClose)) {
    findings.note('/income/carry-over', 'CARRY_OVER_NOT_PRINTED', { booked: formatYuan(totalOf(booked)) });
    return [];
  }
  if (given.length === 0 && booked.length === 0) {
    if (printed > 0)
      findings.problem('/income/carry-over', 'CARRY_OVER_SPLIT_NEEDED', { printed: formatYuan(printed) });
    return [];
  }
  const known = new Set(table.lines.map(({ line }) => line));
  const seen = new Set<string>();
  const shares = given.map((share, index): ShareWithPlace => ({ ...share, at: `/carryOverByLine/${index}` }));
  for (const { at, line, originYear, fen: amount } of shares) {
    const key = `${line} ${originYear}`;
    if (!known.has(line)) findings.problem(`${at}/line`, 'LINE_UNKNOWN', { found: line });
    if (originYear >= table.year) {
      findings.problem(`${at}/originYear`, 'ORIGIN_YEAR_NOT_PAST', { found: originYear, year: table.year });
    }
    if (amount <= 0) findings.problem(`${at}/amount`, 'AMOUNT_NOT_POSITIVE', { found: formatYuan(amount) });
    if (seen.has(key)) findings.problem(at, 'CARRY_OVER_REPEATED', { line, originYear });
    seen.add(key);
  }
  const all = withBooked(shares, booked, findings);
  for (const { line } of booked) {
    if (!known.has(line)) findings.problem('/carryOverByLine', 'LINE_UNKNOWN', { found: line });
  }
  const total = exactTotal(all.map((share) => share.fen));
  if (total !== printed) {
    const split = total === undefined ? 'out of range' : formatYuan(total);
    findings.problem('/carryOverByLine', 'CARRY_OVER_TOTAL_DIFFERS', { printed: formatYuan(printed), split });
  }
  return all;
}

/** What is booked stands in place of what the file says of the same line and year, and must be as much. */
function withBooked(
  shares: readonly ShareWithPlace[],
  booked: readonly BookedCarryOver[],
  findings: Findings,
): readonly ShareWithPlace[] {
  const keyOf = ({ line, originYear }: CarryOverShare): string => `${line} ${originYear}`;
  const held = new Map<string, readonly BookedCarryOver[]>();
  for (const entry of booked) held.set(keyOf(entry), [...(held.get(keyOf(entry)) ?? []), entry]);
  for (const { at, line, originYear, fen: amount } of shares) {
    const there = held.get(keyOf({ line, originYear, fen: amount }));
    if (there === undefined || totalOf(there) === amount) continue;
    const facts = { line, originYear, found: formatYuan(amount), booked: formatYuan(totalOf(there)) };
    findings.problem(`${at}/amount`, 'CARRY_OVER_BOOKED_DIFFERS', facts);
  }
  return [
    ...shares.filter((share) => !held.has(keyOf(share))),
    ...booked.map(({ byClose: _byClose, ...share }): ShareWithPlace => ({
      ...share,
      at: '/carryOverByLine',
      booked: true,
    })),
  ];
}

const totalOf = (shares: readonly CarryOverShare[]): Fen =>
  exactTotal(shares.map((share) => share.fen)) ?? fen(Number.MAX_SAFE_INTEGER);

export type NetLine = TableLine & { readonly originalFen: Fen };

/** Printed line amounts include carry-over: B0 = printed − C0. */
export function withoutCarryOver(
  table: PerformanceTable,
  carryOvers: readonly ShareWithPlace[],
  findings: Findings,
): readonly NetLine[] {
  return table.lines.map((line) => {
    const shares = carryOvers.filter((share) => share.line === line.line);
    const carried = exactTotal(shares.map((share) => share.fen)) ?? fen(Number.MAX_SAFE_INTEGER);
    if (carried <= line.annualFen) return { ...line, originalFen: subtract(line.annualFen, carried) };
    const facts = { line: line.line, printed: formatYuan(line.annualFen), carryOver: formatYuan(carried) };
    findings.problem(shares[0]?.at ?? '/carryOverByLine', 'CARRY_OVER_ABOVE_LINE', facts);
    return { ...line, originalFen: ZERO };
  });
}

/** Ids in the order given: the same file always books the same ids. */
export const broughtForward = ({ line, originYear, originLine, fen: amount }: CarryOverShare): BroughtForward => ({
  carryOverId: `${line}-${originYear}`,
  line,
  originYear,
  originLine: originLine ?? line,
  fen: amount,
});
