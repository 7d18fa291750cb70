/** What journal rows add up to by day and by line, to be added to the stored sums. Pure. */
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import { ZERO, fen, type Fen } from '#domain/money.js';
import type { BudgetLine } from '#read-model/entities/lines.js';
import type { DayBalance } from '#read-model/entities/money.js';
import type { Changes } from '#read-model/projections/changes.js';

/** Column of `budget_line` that holds the total of each kind. */
export const TOTAL_COLUMNS = {
  original: 'originalFen',
  'carry-over-in': 'carryOverInFen',
  added: 'addedFen',
  cut: 'cutFen',
  'transferred-in': 'transferredInFen',
  'transferred-out': 'transferredOutFen',
  frozen: 'frozenFen',
  requested: 'requestedFen',
  paid: 'paidFen',
  'taken-back': 'takenBackFen',
} as const satisfies Record<EffectKind, keyof BudgetLine>;

export type LineTotals = Pick<BudgetLine, 'unit' | 'year' | 'line' | (typeof TOTAL_COLUMNS)[EffectKind]>;

export function dayBalances(effects: Changes['effects']): DayBalance[] {
  const balances = new Map<string, DayBalance>();
  for (const { row } of effects) {
    const { unit, year, account, effectiveDate, fen: amount } = row;
    const key = `${unit} ${year} ${account} ${effectiveDate}`;
    const balance = balances.get(key);
    if (balance === undefined) balances.set(key, { unit, year, account, effectiveDate, fen: amount });
    else balance.fen = fen(balance.fen + amount);
  }
  return [...balances.values()];
}

export function lineTotals(effects: Changes['effects']): LineTotals[] {
  const totals = new Map<string, LineTotals>();
  for (const { row, account } of effects) {
    const key = `${row.unit} ${row.year} ${account.line}`;
    const line = totals.get(key) ?? noTotals(row.unit, row.year, account.line);
    totals.set(key, line);
    const column = TOTAL_COLUMNS[account.kind];
    line[column] = fen(line[column] + row.fen);
  }
  return [...totals.values()];
}

function noTotals(unit: string, year: number, line: string): LineTotals {
  const amounts = Object.fromEntries(EFFECT_KINDS.map((kind) => [TOTAL_COLUMNS[kind], ZERO]));
  return { unit, year, line, ...(amounts as Record<(typeof TOTAL_COLUMNS)[EffectKind], Fen>) };
}
