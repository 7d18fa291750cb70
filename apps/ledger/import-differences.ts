/** Where the approval of a file differs from the one that is booked: all of it, not only its amounts. */
import type { ApprovedLine, BudgetCommand, BroughtForward } from '#domain/budget/commands.js';
import { sameEntry } from '#domain/budget/rules.js';
import type { BudgetState } from '#domain/budget/state.js';
import { formatYuan, type Fen } from '#domain/money.js';
import { presentMoney } from '#domain/present.js';
import type { Difference } from './import-plan.js';

type ApproveBudget = Extract<BudgetCommand, { type: 'ApproveBudget' }>;

/** Empty before an approval. `file` is in the Unicode form in which it would be booked. */
export function differencesOf({ approval, carryOvers }: BudgetState, file: ApproveBudget): Difference[] {
  if (approval === undefined) return [];
  const { on, content } = approval;
  if (content === undefined) throw new Error('an approval was folded without what was approved');
  const { header, lines } = content;
  return [
    ...differs('date of approval', dateWords(on, header.dateAssumed), dateWords(file.effectiveDate, file.dateAssumed)),
    ...differs('document of approval', header.document, file.document),
    ...differs('basic expenditure', header.basicFen, file.basicFen),
    ...differs('project expenditure', header.projectFen, file.projectFen),
    ...incomeDifferences(header.income, file.income),
    ...lineDifferences(lines, file.lines),
    ...(file.carryOvers ?? []).flatMap((entry) =>
      carryOverDifferences(carryOvers.get(entry.carryOverId)?.data as BroughtForward | undefined, entry),
    ),
  ];
}

const dateWords = (date: string, assumed: true | undefined): string => (assumed ? `${date} (assumed)` : date);

function incomeDifferences(stored: ApproveBudget['income'], file: ApproveBudget['income']): Difference[] {
  const before = new Map(stored.map(({ source, fen }) => [source, fen]));
  const now = new Map(file.map(({ source, fen }) => [source, fen]));
  return [...new Set([...before.keys(), ...now.keys()])]
    .sort()
    .flatMap((source) => differs(`income ${source}`, before.get(source), now.get(source)));
}

/** What a line is approved with, and how it is called here. */
const LINE_PARTS = [
  ['name', 'name'],
  ['kind', 'expenditure'],
  ['fund', 'fund'],
  ['codes', 'codes'],
  ['original budget', 'originalFen'],
  ['half-year plan', 'halfYearPlanFen'],
  ['economic codes', 'economic'],
] as const satisfies readonly (readonly [string, keyof ApprovedLine])[];

/** A line that only one side has differs in its amount. */
function lineDifferences(stored: readonly ApprovedLine[], file: readonly ApprovedLine[]): Difference[] {
  const before = new Map(stored.map((line) => [line.line, line]));
  const now = new Map(file.map((line) => [line.line, line]));
  return [...new Set([...before.keys(), ...now.keys()])].sort().flatMap((id) => {
    const [old, fresh] = [before.get(id), now.get(id)];
    if (!old || !fresh) return differs(`original budget of ${id}`, old?.originalFen, fresh?.originalFen);
    return LINE_PARTS.flatMap(([words, part]) => differs(`${words} of ${id}`, old[part], fresh[part]));
  });
}

const carryOverDifferences = (stored: BroughtForward | undefined, file: BroughtForward): Difference[] =>
  differs(`carry-over ${file.carryOverId} of ${file.line}`, stored, file);

/** Numbers are fen. */
function differs(what: string, stored: unknown, file: unknown): Difference[] {
  return sameEntry(stored, file) ? [] : [{ what, stored: shown(stored), file: shown(file) }];
}

function shown(value: unknown): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') return formatYuan(value as Fen);
  return typeof value === 'string' ? value : JSON.stringify(presentMoney(value));
}
