/** Checks of the funds block of a self-evaluation, and of the budget behind it (rule book 4.8). */
import {
  type Ratio,
  compare,
  decimalRatio,
  dividedBy,
  formatDecimal,
  formatPercent,
  minus,
  ratio,
} from '#domain/ratio.js';
import {
  type EvaluationCheck,
  type EvaluationSheet,
  SCORE_TOLERANCE,
  type SheetFunds,
  absolute,
  insufficient,
  isEmpty,
  isWithin,
  missingIn,
  numberIn,
  sumOf,
} from '#domain/scoring/evaluation-sheet.js';
import { scoreExecutionRate } from '#domain/scoring/execution-score.js';
import { formatPoints, readPoints } from '#domain/scoring/points.js';
import type { ExecutionRateRule, ScoringProfile } from '#domain/scoring/profile.js';

/** Above it a change of the budget is worth a question (rule book 4.8). */
const BUDGET_CHANGE_PERCENT = '30';
/** Printed rows are rounded each for itself: so much of a printed unit may be lost for every row. */
const ROUNDING_PER_ROW = ratio(1, 100);
const COLUMNS = ['original', 'current', 'executed'] as const;

export function fundsChecks(sheet: EvaluationSheet, profile: ScoringProfile): readonly EvaluationCheck[] {
  const funds = (sheet.funds ?? []).filter(
    (row) => COLUMNS.some((column) => !isEmpty(row[column])) || row.row === 'total',
  );
  const total = funds.find(({ row }) => row === 'total');
  if (total === undefined) {
    const checks = ['BUDGET_NOT_ZERO', 'EXECUTION_RATE', 'EXECUTION_SCORE', 'FUND_ROWS_SUM', 'BUDGET_CHANGE'] as const;
    return checks.map((check) => insufficient(check, 'total', 'funds'));
  }
  return [
    budgetNotZero(total),
    ...funds.flatMap(executionRate),
    ...executionScore(total, sheet, profile),
    ...rowsSum(funds, total),
    budgetChange(total),
  ];
}

/** A = 0 is an error, not a zero score. */
function budgetNotZero({ current }: SheetFunds): EvaluationCheck {
  const budget = numberIn(current);
  if (budget === undefined) return insufficient('BUDGET_NOT_ZERO', 'total', 'current');
  return { check: 'BUDGET_NOT_ZERO', outcome: budget.numerator === 0n ? 'FAILED' : 'PASSED', at: 'total' };
}

/** The printed rate is B / A, to less than one unit of its last decimal. */
function executionRate({ row: at, current, executed, rate }: SheetFunds): readonly EvaluationCheck[] {
  const check = 'EXECUTION_RATE';
  const [budget, paid, printed] = [numberIn(current), numberIn(executed), numberIn(rate)];
  if (budget?.numerator === 0n && isEmpty(rate)) return [];
  const missing = missingIn({ current, executed, rate });
  if (budget === undefined || paid === undefined || printed === undefined) {
    return [insufficient(check, at, missing ?? 'rate')];
  }
  const given = rate ?? '';
  if (budget.numerator <= 0n) return [{ check, outcome: 'FAILED', at, facts: { given, current: current ?? '' } }];
  const exact = dividedBy(paid, budget);
  const percent = ratio(exact.numerator * 100n, exact.denominator);
  const lastUnit = ratio(1, 10n ** BigInt(given.split('.')[1]?.length ?? 0));
  const passed = compare(absolute(minus(printed, percent)), lastUnit) < 0;
  const facts = passed ? {} : { facts: { given, computed: formatPercent(exact) } };
  return [{ check, outcome: passed ? 'PASSED' : 'FAILED', at, ...facts }];
}

/** B / A × points by the rule of the profile, ±0.1. A profile without points for the funds block has nothing to check. */
function executionScore(
  total: SheetFunds,
  sheet: EvaluationSheet,
  profile: ScoringProfile,
): readonly EvaluationCheck[] {
  const check = 'EXECUTION_SCORE';
  const at = 'total';
  const { current, executed, points, score } = total;
  if (profile.executionRate.place === 'indicator' && isEmpty(points) && isEmpty(score)) return [];
  const missing = missingIn({ current, executed, points, score });
  const [budget, paid, given] = [numberIn(current), numberIn(executed), numberIn(score)];
  const weight = readPoints(points ?? '');
  if (budget === undefined || paid === undefined || given === undefined || weight === undefined) {
    return [insufficient(check, at, missing ?? 'points')];
  }
  if (budget.numerator <= 0n)
    return [{ check, outcome: 'FAILED', at, facts: { given: score ?? '', current: current ?? '' } }];
  const computed = scoreExecutionRate(dividedBy(paid, budget), weight, scoredBy(profile), sheet.finished);
  const passed = isWithin(minus(given, ratio(computed.points, 100)), SCORE_TOLERANCE);
  const facts = { given: score ?? '', computed: formatPoints(computed.points), rule: computed.rule };
  return [{ check, outcome: passed ? 'PASSED' : 'FAILED', at, ...(passed ? {} : { facts }) }];
}

/** The profile's rule for the execution rate; in proportion where it is scored by a target, which a funds block has not. */
export const scoredBy = ({
  executionRate: { rule },
}: ScoringProfile): Exclude<ExecutionRateRule, { kind: 'by-target' }> =>
  rule.kind === 'by-target' ? { kind: 'proportional', capped: true } : rule;

/** Every column of the parts adds up to the total, but for the rounding of each printed row. */
function rowsSum(funds: readonly SheetFunds[], total: SheetFunds): readonly EvaluationCheck[] {
  const check = 'FUND_ROWS_SUM';
  const parts = funds.filter(({ row }) => row !== 'total');
  return COLUMNS.map((at): EvaluationCheck => {
    const missing = missingIn(Object.fromEntries(funds.map((row) => [row.row, row[at]])));
    if (parts.length === 0) return insufficient(check, at, 'parts');
    if (missing !== undefined) return insufficient(check, at, missing);
    const sum = sumOf(parts.map((row) => decimalRatio(row[at] ?? '0')));
    const printed = decimalRatio(total[at] ?? '0');
    if (compare(sum, printed) === 0) return { check, outcome: 'PASSED', at };
    const allowed = ratio(ROUNDING_PER_ROW.numerator * BigInt(parts.length), ROUNDING_PER_ROW.denominator);
    const outcome = isWithin(minus(sum, printed), allowed) ? 'WARNING' : 'FAILED';
    return { check, outcome, at, facts: { sum: formatDecimal(sum, 2), total: total[at] ?? '' } };
  });
}

function budgetChange({ original, current }: SheetFunds): EvaluationCheck {
  const check = 'BUDGET_CHANGE';
  const [before, after] = [numberIn(original), numberIn(current)];
  if (before === undefined || after === undefined) {
    return insufficient(check, 'total', missingIn({ original, current }) ?? 'original');
  }
  if (before.numerator <= 0n) {
    return after.numerator === before.numerator
      ? insufficient(check, 'total', 'original')
      : { check, outcome: 'WARNING', at: 'total', facts: { original: original ?? '', current: current ?? '' } };
  }
  const change = dividedBy(minus(after, before), before);
  const limit = decimalRatio(BUDGET_CHANGE_PERCENT);
  const large = compare(absolute(change), ratio(limit.numerator, limit.denominator * 100n)) > 0;
  return {
    check,
    outcome: large ? 'WARNING' : 'PASSED',
    at: 'total',
    facts: { percent: formatPercent(change), limit: BUDGET_CHANGE_PERCENT },
  };
}

export const budgetShare = ({ current, executed }: SheetFunds): Ratio | undefined => {
  const [budget, paid] = [numberIn(current), numberIn(executed)];
  return budget === undefined || paid === undefined || budget.numerator <= 0n ? undefined : dividedBy(paid, budget);
};
