/** Checks of the base data beside a self-evaluation: three public expenses, and names beside economic codes (rule book 4.8). */
import { type Ratio, compare, formatDecimal } from '#domain/ratio.js';
import {
  type CodedName,
  type EvaluationCheck,
  type EvaluationSheet,
  type ThreePublicFigures,
  insufficient,
  missingIn,
  numberIn,
  sumOf,
} from '#domain/scoring/evaluation-sheet.js';

export function spendingChecks({ threePublic, codedNames }: EvaluationSheet): readonly EvaluationCheck[] {
  return [
    ...(['budget', 'actual'] as const).map((at) => sumChecked(at, threePublic?.[at])),
    withinBudget(threePublic?.budget, threePublic?.actual),
    ...(codedNames === undefined || codedNames.length === 0
      ? [insufficient('NAME_AND_CODE', undefined, 'codedNames')]
      : codedNames.map(nameAndCode)),
  ];
}

/** Total = trips + vehicles + reception, and vehicles = purchase + running where both stand there. */
function sumChecked(at: 'budget' | 'actual', figures: ThreePublicFigures | undefined): EvaluationCheck {
  const check = 'THREE_PUBLIC_SUM';
  if (figures === undefined) return insufficient(check, at, 'threePublic');
  const { total, trips, reception, vehiclePurchase, vehicleRunning } = figures;
  const purchase = numberIn(vehiclePurchase);
  const running = numberIn(vehicleRunning);
  const parts = purchase === undefined || running === undefined ? undefined : sumOf([purchase, running]);
  const vehicles = numberIn(figures.vehicles) ?? parts;
  const missing = missingIn({ total, trips, reception });
  const [all, journeys, meals] = [numberIn(total), numberIn(trips), numberIn(reception)];
  if (vehicles === undefined || all === undefined || journeys === undefined || meals === undefined) {
    return insufficient(
      check,
      at,
      [missing, vehicles === undefined ? 'vehicles' : undefined].filter(Boolean).join(', '),
    );
  }
  if (parts !== undefined && compare(parts, vehicles) !== 0) {
    return { check, outcome: 'FAILED', at, facts: { vehicles: two(vehicles), sum: two(parts) } };
  }
  const sum = sumOf([journeys, vehicles, meals]);
  const passed = compare(sum, all) === 0;
  return {
    check,
    outcome: passed ? 'PASSED' : 'FAILED',
    at,
    ...(passed ? {} : { facts: { total: two(all), sum: two(sum) } }),
  };
}

function withinBudget(budget: ThreePublicFigures | undefined, actual: ThreePublicFigures | undefined): EvaluationCheck {
  const check = 'THREE_PUBLIC_WITHIN_BUDGET';
  const cells = { budget: budget?.total, actual: actual?.total };
  const [planned, spent] = [numberIn(cells.budget), numberIn(cells.actual)];
  if (planned === undefined || spent === undefined) return insufficient(check, undefined, missingIn(cells) ?? 'budget');
  if (compare(spent, planned) <= 0) return { check, outcome: 'PASSED' };
  return { check, outcome: 'WARNING', facts: { budget: two(planned), actual: two(spent) } };
}

const two = (value: Ratio): string => formatDecimal(value, 2);

/** Names that have one department economic item, or one in each capital class (rule book 6.3). */
const ITEMS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/因公出国|出国（?境/, ['30212']],
  [/公务(用车|车辆)购置/, ['31013', '30913']],
  [/公务(用车|车辆)运行/, ['30231']],
  [/公务接待/, ['30217']],
  [/^会议费$/, ['30215']],
  [/^培训费$/, ['30216']],
];
const CODED = new Set(ITEMS.flatMap(([, codes]) => codes));

/** Name and code say the same; of names and codes that are not known nothing can be said. */
function nameAndCode({ at, name, code }: CodedName): EvaluationCheck {
  const check = 'NAME_AND_CODE';
  const codes = ITEMS.find(([pattern]) => pattern.test(name))?.[1];
  if (codes === undefined && !CODED.has(code)) return insufficient(check, at, 'item');
  const passed = codes?.includes(code) === true;
  return { check, outcome: passed ? 'PASSED' : 'FAILED', at, ...(passed ? {} : { facts: { name, code } }) };
}
