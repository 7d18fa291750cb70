/**
 * P(t), the planned cumulative payment of a line (rule book 13, 8). The plan in force is the last one known with an
 * effective date up to `asOf`; it replaces all months, earlier ones too. Between its points money is planned evenly by day.
 */
import { type CivilDate, checkpointDate, daysBetween, lastDayOf, lastDayOfMonth, monthOf } from '#domain/calendar.js';
import { type Fen, ZERO, divide, fen, mulDiv } from '#domain/money.js';

/** `withdrawn`: the approval was taken back, so that from its date on no earlier plan is in force. */
export type Plan =
  | { readonly kind: 'approved'; readonly effectiveDate: CivilDate; readonly halfYearPlanFen?: Fen }
  /** Cumulative at the end of each month, January first: twelve amounts. */
  | { readonly kind: 'monthly'; readonly effectiveDate: CivilDate; readonly cumulativeFen: readonly Fen[] }
  | { readonly kind: 'withdrawn'; readonly effectiveDate: CivilDate };

/** One line at one date. `currentFen` is its B(asOf). */
export interface LineAt {
  readonly year: number;
  readonly asOf: CivilDate;
  readonly currentFen: Fen;
}

/**
 * P(asOf) of one line in fen, rounded half up once. `plans` are those known, in the order recorded. `assumed`: no half-year
 * value was given (or no plan at all), the current budget is planned evenly over the year. Throws a RangeError for a date
 * outside the year, except 31 December before, where P is 0. Source: 计划执行数, rule book 2.1 and 13, 8.
 */
export const plannedToDate = (plans: readonly Plan[], { year, asOf, currentFen }: LineAt): PlannedToDate =>
  plannedOn(year, asOf)(plans, currentFen);

export interface PlannedToDate {
  readonly fen: Fen;
  readonly assumed: boolean;
}

/** The same for many lines on one date: what depends on the date alone is worked out once. Fen in, fen out. */
export function plannedOn(year: number, asOf: CivilDate): (plans: readonly Plan[], currentFen: Fen) => PlannedToDate {
  const before = lastDayOf(year - 1);
  const end = lastDayOf(year);
  const elapsed = daysBetween(before, asOf);
  const days = daysBetween(before, end);
  if (elapsed < 0 || elapsed > days) throw new RangeError(`${asOf} is not in ${year}`);
  if (elapsed === 0) return () => ({ fen: ZERO, assumed: false });
  const middle = checkpointDate(year, 'half');
  const toMiddle = span(before, asOf, middle);
  const toEnd = span(middle, asOf, end);
  const month = monthOf(asOf);
  const inMonth = span(month === 1 ? before : lastDayOfMonth(year, month - 1), asOf, lastDayOfMonth(year, month));
  return (plans, currentFen) => {
    const plan = planInForce(plans, asOf);
    if (plan?.kind === 'monthly') {
      const [from, to] = monthOfPlan(plan.cumulativeFen, month);
      return { fen: between(from, to, inMonth), assumed: false };
    }
    if (plan?.kind === 'approved' && plan.halfYearPlanFen !== undefined) {
      // 0 → half-year value at 30 June → B(asOf) at 31 December. In 2024: 182 days, then 184.
      const half = plan.halfYearPlanFen;
      return { fen: asOf <= middle ? between(ZERO, half, toMiddle) : between(half, currentFen, toEnd), assumed: false };
    }
    return { fen: mulDiv(currentFen, elapsed, days, 'half-up'), assumed: true };
  };
}

/**
 * The plans of one line that stand, of those recorded, in that order. A withdrawal ends the plans recorded before it; those
 * recorded after it stand, even when they bear an earlier date.
 */
export function standingPlans(recorded: readonly Plan[]): readonly Plan[] {
  const last = recorded.findLastIndex(({ kind }) => kind === 'withdrawn');
  if (last < 0) return recorded;
  return last === recorded.length - 1 ? recorded.slice(last) : recorded.slice(last + 1);
}

/** The last plan by effective date, then by order, that has begun by `asOf`. */
export function planInForce(plans: readonly Plan[], asOf: CivilDate): Plan | undefined {
  let inForce: Plan | undefined;
  for (const plan of plans) {
    if (plan.effectiveDate > asOf) continue;
    if (inForce === undefined || plan.effectiveDate >= inForce.effectiveDate) inForce = plan;
  }
  return inForce;
}

function monthOfPlan(cumulative: readonly Fen[], month: number): readonly [from: Fen, to: Fen] {
  const target = cumulative[month - 1];
  if (cumulative.length !== 12 || target === undefined) throw new RangeError('a monthly plan has twelve amounts');
  return [cumulative[month - 2] ?? ZERO, target];
}

/** Days of a span of time, and how many of them are gone. */
interface Span {
  readonly whole: bigint;
  readonly gone: bigint;
}

const span = (start: CivilDate, at: CivilDate, end: CivilDate): Span => ({
  whole: BigInt(daysBetween(start, end)),
  gone: BigInt(daysBetween(start, at)),
});

/** The point in a span on the straight line between two amounts. One division, so a falling line rounds like a rising one. */
const between = (from: Fen, to: Fen, { whole, gone }: Span): Fen =>
  fen(Number(divide(BigInt(from) * (whole - gone) + BigInt(to) * gone, whole, 'half-up')));
