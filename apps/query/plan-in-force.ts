/** The plan that P(t) of a line follows: which one, what it comes to at the date asked for, and month by month. */
import { firstDayOf, lastDayOfMonth } from '#domain/calendar.js';
import { planInForce, plannedToDate, type Plan } from '#domain/metrics/planned.js';
import { ZERO, formatYuan, type Fen } from '#domain/money.js';
import type { LineAsKnown } from '#read-model/queries/lines.js';
import type { PictureInputs } from '#read-model/queries/picture.js';
import type { PlanInForceDto } from './explanation.dto.js';
import type { LinePlanDto } from './plan.dto.js';

function inForce(plan: Plan | undefined): Pick<PlanInForceDto, 'kind' | 'effectiveDate'> {
  if (plan === undefined || plan.kind === 'withdrawn') return { kind: 'none' };
  return { kind: plan.kind, effectiveDate: plan.effectiveDate };
}

/** The plan in force of a line and its P(asOf). `currentFen` is its B(asOf). */
export function plannedNow(
  { at, plans }: PictureInputs,
  { line }: LineAsKnown,
  currentFen: Fen = ZERO,
): PlanInForceDto {
  const known = plans.get(line) ?? [];
  const toDate = plannedToDate(known, { year: at.year, asOf: at.asOf, currentFen });
  return {
    line,
    ...inForce(planInForce(known, at.asOf)),
    plannedToDate: formatYuan(toDate.fen),
    ...(toDate.assumed ? { assumed: true } : {}),
  };
}

/** Cumulative planned payment at the end of each month, by the plan and the budget in force at the date asked for. */
export function monthlyPlan(
  { at: { year, asOf }, plans }: PictureInputs,
  { line, name }: LineAsKnown,
  currentFen: Fen = ZERO,
): LinePlanDto {
  const plan = planInForce(plans.get(line) ?? [], asOf);
  // It replaces all months, those before its own date too.
  const wholeYear = plan === undefined ? [] : [{ ...plan, effectiveDate: firstDayOf(year) }];
  const months = Array.from({ length: 12 }, (_, index) =>
    plannedToDate(wholeYear, { year, asOf: lastDayOfMonth(year, index + 1), currentFen }),
  );
  return {
    line,
    name,
    ...inForce(plan),
    cumulative: months.map((month) => formatYuan(month.fen)),
    ...(months.some(({ assumed }) => assumed) ? { assumed: true } : {}),
  };
}
