/** What a figure is made of: the amounts that go into its formula, each with the kinds of entries behind it. */
import type { EffectKind } from '#domain/budget/effects.js';
import { formatYuan, fen, type Fen } from '#domain/money.js';
import { isUnder } from '#domain/metrics/economic.js';
import { BUDGET_KINDS, type Metric } from '#domain/metrics/metric.js';
import { type Figure, type Picture, type Quantities, type Scope, quantities } from '#domain/metrics/quantities.js';
import type { InputDto } from './explanation.dto.js';

type Inputs = Metric['inputs'];

/** The scope in which the entries of a figure lie; `undefined` when none can (running cost of projects). */
export function entryScope({ expenditure }: Inputs, scope: Scope): Scope | undefined {
  if (expenditure === undefined || expenditure === scope.expenditure) return scope;
  return scope.expenditure === 'all' ? { ...scope, expenditure } : undefined;
}

/** Amounts in yuan, in the order of the formula's parts: what was paid, the budget and its parts, the plan, last year. */
export function inputsOf({ inputs }: Metric, picture: Picture, scope: Scope): readonly InputDto[] {
  const within = entryScope(inputs, scope);
  if (within === undefined) return [];
  const now = quantities({ figures: coded(picture.figures, inputs), planned: picture.planned }, within);
  const before = quantities({ figures: coded(picture.priorYear ?? [], inputs), planned: [] }, within);
  return [
    ...moneyInputs(inputs, now),
    ...(inputs.plan ? [input('planned', 'P', now.planned, [])] : []),
    ...(inputs.priorYear && picture.priorYear ? priorInputs(inputs, before) : []),
  ];
}

const coded = (figures: readonly Figure[], { economic }: Inputs): readonly Figure[] =>
  economic === undefined
    ? figures
    : figures.filter((figure) => economic.some((wanted) => isUnder(figure.economic, wanted)));

type Amount = { [Key in keyof Quantities]: Quantities[Key] extends Fen ? Key : never }[keyof Quantities];

const PARTS: readonly (readonly [EffectKind, symbol: string, Amount])[] = [
  ['paid', 'X', 'paid'],
  ['original', 'B0', 'original'],
  ['carry-over-in', 'C0', 'carryOverIn'],
  ['added', 'A+', 'added'],
  ['cut', 'A−', 'cut'],
  ['transferred-in', '', 'transferredIn'],
  ['transferred-out', '', 'transferredOut'],
];

function moneyInputs({ kinds }: Inputs, sums: Quantities): InputDto[] {
  const parts = PARTS.filter(([kind]) => kinds.includes(kind)).map(([kind, symbol, key]) =>
    input(kind, symbol, sums[key], [kind]),
  );
  const [paid, rest] = [parts.filter(({ name }) => name === 'paid'), parts.filter(({ name }) => name !== 'paid')];
  if (BUDGET_KINDS.every((kind) => kinds.includes(kind))) {
    return [...paid, input('current', 'B', sums.current, BUDGET_KINDS), ...rest];
  }
  return [...paid, ...rest, ...(kinds.includes('added') ? adjustmentInputs(kinds, sums) : [])];
}

/** What a rate of adjustment leaves out or counts in its own way (rule book 2.3, 1 and 2). */
function adjustmentInputs(
  kinds: readonly EffectKind[],
  { transferred, exempt, notStructural }: Quantities,
): InputDto[] {
  const transfers = kinds.includes('transferred-out');
  const exemptFen = fen(exempt.added + exempt.cut + (transfers ? exempt.transferred : 0));
  const moved: readonly EffectKind[] = transfers ? ['transferred-in', 'transferred-out'] : [];
  return [
    ...(transfers ? [input('transferred', 'T', transferred, moved)] : []),
    input('exempt', '', exemptFen, ['added', 'cut', ...moved]),
    ...(transfers ? [input('not-structural', '', notStructural, moved)] : []),
  ];
}

function priorInputs({ kinds }: Inputs, { paid, current, original }: Quantities): InputDto[] {
  return [
    ...(kinds.includes('paid') ? [input('prior-year-paid', '', paid, [])] : []),
    ...(kinds.includes('cut') ? [input('prior-year-current', '', current, [])] : []),
    ...(kinds.includes('original') && !kinds.includes('cut') ? [input('prior-year-original', '', original, [])] : []),
  ];
}

const input = (name: string, symbol: string, amount: Fen, kinds: readonly EffectKind[]): InputDto => ({
  name,
  ...(symbol === '' ? {} : { symbol }),
  amount: formatYuan(amount),
  kinds,
});
