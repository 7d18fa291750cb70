/**
 * Fund nature of each line (资金性质). The form prints income by nature but not the nature of its lines; where only one
 * assignment makes every nature add up, the figures force it (rule book 1.4). Basic expenditure is taken as general public
 * budget, and no line as a mixture. More than one assignment, or none, is for a person to decide.
 */
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import type { Fen } from '#domain/money.js';
import { exactTotal } from '#forms/amount.js';

export interface FundedLine {
  readonly line: string;
  readonly expenditure: Expenditure;
  /** Printed amount of the year without carry-over. */
  readonly fen: Fen;
  /** Known already; the search assigns only the others. */
  readonly fund?: FundNature;
}

export interface FundIncome {
  readonly fund: FundNature;
  readonly fen: Fen;
}

/**
 * `forced`: the only assignment there is; when nothing is open, what is known, whether it adds up or not. `ask`: why the figures do not decide. `several` has at least two solutions;
 * `zero-lines` would be forced but for lines without money, which fit any nature.
 */
export type FundReading =
  | { readonly status: 'forced'; readonly funds: ReadonlyMap<string, FundNature> }
  | {
      readonly status: 'ask';
      readonly reason: 'several' | 'none' | 'too-large' | 'zero-lines';
      /** Solutions found: 0 for none, 2 for several (the search stops there), 1 for `zero-lines`. */
      readonly solutions: number;
      /** Lines that a person has to decide. */
      readonly lines: readonly string[];
    };

/** Lines with money that the search takes on: two halves of 20 lines have a million sums each. */
export const SEARCHED_LINES = 40;
/** Steps of one search: sums made, and lines of each subset found. Well under a second. */
const SEARCH_LIMIT = 2 ** 23;

/** The nature of every line, if the figures force it. */
export function inferFundNatures(lines: readonly FundedLine[], income: readonly FundIncome[]): FundReading {
  const known = new Map<string, FundNature>();
  for (const { line, expenditure, fund } of lines) {
    if (fund !== undefined) known.set(line, fund);
    else if (expenditure === 'basic') known.set(line, 'general-public');
  }
  const open = lines.filter(({ line }) => !known.has(line));
  if (open.length === 0) return { status: 'forced', funds: known };
  const ask = (
    reason: 'several' | 'none' | 'too-large' | 'zero-lines',
    solutions: number,
    asked = open,
  ): FundReading => ({
    status: 'ask',
    reason,
    solutions,
    lines: asked.map(({ line }) => line),
  });
  const targets = restByNature(lines, known, income);
  if (targets === undefined) return ask('none', 0);
  const moneyed = open.filter(({ fen }) => fen > 0);
  const empty = open.filter(({ fen }) => fen === 0);
  const funded = targets.filter(({ fen }) => fen > 0);
  const exact = exactTotal(moneyed.map(({ fen }) => fen)) !== undefined;
  if (!exact || (moneyed.length > SEARCHED_LINES && funded.length > 1)) return ask('too-large', 0);
  const found = assignments(moneyed, funded);
  if (found === 'too-large') return ask('too-large', 0);
  const [only] = found;
  if (only === undefined) return ask('none', 0);
  if (found.length > 1) return ask('several', 2);
  const natures = new Set(income.filter(({ fen }) => fen > 0).map(({ fund }) => fund));
  const [single] = natures;
  if (empty.length > 0 && (natures.size > 1 || single === undefined)) return ask('zero-lines', 1, empty);
  const funds = new Map([...known, ...only]);
  if (single !== undefined) for (const { line } of empty) funds.set(line, single);
  return { status: 'forced', funds };
}

/** What is left of each nature's income for the open lines; `undefined` when the known lines take more than there is. */
function restByNature(
  lines: readonly FundedLine[],
  known: ReadonlyMap<string, FundNature>,
  income: readonly FundIncome[],
): FundIncome[] | undefined {
  const natures = new Set([...income.map(({ fund }) => fund), ...known.values()]);
  const rests = [...natures].map((fund) => {
    const stated = exactTotal(income.filter((entry) => entry.fund === fund).map(({ fen }) => fen));
    const taken = exactTotal(lines.filter(({ line }) => known.get(line) === fund).map(({ fen }) => fen));
    return { fund, fen: stated === undefined || taken === undefined ? -1 : stated - taken };
  });
  return rests.every(({ fen }) => fen >= 0) ? (rests as FundIncome[]) : undefined;
}

type Assignment = ReadonlyMap<string, FundNature>;

/** At most two assignments of lines to natures that make each nature add up. */
function assignments(lines: readonly FundedLine[], targets: readonly FundIncome[]): Assignment[] | 'too-large' {
  let budget = SEARCH_LIMIT;
  const solutions: Assignment[] = [];
  const complete = assign(
    lines,
    [...targets].sort((a, b) => a.fen - b.fen),
    new Map(),
  );
  return complete || solutions.length > 1 ? solutions : 'too-large';

  /** False when the work ran out before all was looked at. */
  function assign(open: readonly FundedLine[], [target, ...others]: readonly FundIncome[], made: Assignment): boolean {
    if (target === undefined) {
      if (open.length === 0) solutions.push(made);
      return true;
    }
    if (others.length === 0) {
      const total = exactTotal(open.map(({ fen }) => fen));
      if (total === target.fen)
        solutions.push(new Map([...made, ...open.map(({ line }) => [line, target.fund] as const)]));
      return true;
    }
    if (open.length > SEARCHED_LINES) return false;
    budget -= 2 * 2 ** Math.ceil(open.length / 2);
    if (budget < 0) return false;
    for (const chosen of subsetsOfSum(open, target.fen)) {
      budget -= open.length;
      const rest = open.filter((line) => !chosen.has(line));
      if (!assign(rest, others, new Map([...made, ...[...chosen].map(({ line }) => [line, target.fund] as const)]))) {
        return false;
      }
      if (solutions.length > 1 || budget < 0) return solutions.length > 1;
    }
    return true;
  }
}

/**
 * Every subset with exactly the given sum, one after another: all sums of either half of the lines, sorted, are met from
 * both ends. Sums stay exact: they are safe integers, as each is at most the total of the lines.
 */
function* subsetsOfSum(lines: readonly FundedLine[], target: number): Generator<ReadonlySet<FundedLine>> {
  const middle = lines.length >> 1;
  const [front, back] = [lines.slice(0, middle), lines.slice(middle)];
  const [left, right] = [sumsOf(front), sumsOf(back)];
  let low = 0;
  let high = right.sums.length - 1;
  while (low < left.sums.length && high >= 0) {
    const sum = (left.sums[low] ?? 0) + (right.sums[high] ?? 0);
    if (sum < target) low += 1;
    else if (sum > target) high -= 1;
    else {
      // Equal sums stand side by side on the right: each makes a subset of its own with this one on the left.
      for (let same = high; same >= 0 && right.sums[same] === right.sums[high]; same -= 1) {
        yield new Set([...members(front, left.masks[low] ?? 0), ...members(back, right.masks[same] ?? 0)]);
      }
      low += 1;
    }
  }
}

interface Sums {
  /** Ascending. */
  readonly sums: Float64Array;
  /** Which lines make each sum. */
  readonly masks: Uint32Array;
}

/** Sums of all subsets of at most 20 lines, sorted by merging: with each line, the old sums and the old sums plus it. */
function sumsOf(lines: readonly FundedLine[]): Sums {
  let sums = new Float64Array(1);
  let masks = new Uint32Array(1);
  lines.forEach(({ fen }, index) => {
    const size = sums.length;
    const merged = new Float64Array(size * 2);
    const marked = new Uint32Array(size * 2);
    let without = 0;
    let withLine = 0;
    for (let at = 0; at < merged.length; at += 1) {
      const kept = without < size ? (sums[without] ?? 0) : Infinity;
      const added = withLine < size ? (sums[withLine] ?? 0) + fen : Infinity;
      if (kept <= added) {
        merged[at] = kept;
        marked[at] = masks[without] ?? 0;
        without += 1;
      } else {
        merged[at] = added;
        marked[at] = (masks[withLine] ?? 0) | (1 << index);
        withLine += 1;
      }
    }
    [sums, masks] = [merged, marked];
  });
  return { sums, masks };
}

const members = (lines: readonly FundedLine[], mask: number): FundedLine[] =>
  lines.filter((_, index) => (mask & (1 << index)) !== 0);
