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
export function plannedToDate(plans: readonly Plan[], at: LineAt): { readonly fen: Fen; readonly assumed: boolean } {
  const elapsed = daysBetween(lastDayOf(at.year - 1), at.asOf);
  const days = daysBetween(lastDayOf(at.year - 1), lastDayOf(at.year));
  if (elapsed < 0 || elapsed > days) throw new RangeError(`${at.asOf} is not in ${at.year}`);
  if (elapsed === 0) return { fen: ZERO, assumed: false };
  const plan = planInForce(plans, at.asOf);
  if (plan?.kind === 'monthly') {
    return { fen: withinMonth(plan.cumulativeFen, at), assumed: false };
  }
  if (plan?.kind === 'approved' && plan.halfYearPlanFen !== undefined) {
    return { fen: throughHalf(plan.halfYearPlanFen, at), assumed: false };
  }
  return { fen: mulDiv(at.currentFen, elapsed, days, 'half-up'), assumed: true };
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

/** 0 → half-year value at 30 June → B(asOf) at 31 December. In 2024: 182 days, then 184. */
function throughHalf(half: Fen, { year, asOf, currentFen }: LineAt): Fen {
  const middle = checkpointDate(year, 'half');
  if (asOf <= middle) return between(ZERO, half, lastDayOf(year - 1), asOf, middle);
  return between(half, currentFen, middle, asOf, lastDayOf(year));
}

function withinMonth(cumulative: readonly Fen[], { year, asOf }: LineAt): Fen {
  const month = monthOf(asOf);
  const target = cumulative[month - 1];
  if (cumulative.length !== 12 || target === undefined) throw new RangeError('a monthly plan has twelve amounts');
  const before = cumulative[month - 2] ?? ZERO;
  const start = month === 1 ? lastDayOf(year - 1) : lastDayOfMonth(year, month - 1);
  return between(before, target, start, asOf, lastDayOfMonth(year, month));
}

/** The point at `at` of the straight line between two amounts. One division, so a falling line rounds like a rising one. */
function between(from: Fen, to: Fen, start: CivilDate, at: CivilDate, end: CivilDate): Fen {
  const whole = BigInt(daysBetween(start, end));
  const gone = BigInt(daysBetween(start, at));
  return fen(Number(divide(BigInt(from) * (whole - gone) + BigInt(to) * gone, whole, 'half-up')));
}
