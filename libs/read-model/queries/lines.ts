/** Lines and plans as defined by a date and known by a place in the log. */
import type { Expenditure, FundNature, LineCodes } from '#domain/budget/events.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import { standingPlans, type Plan } from '#domain/metrics/planned.js';
import { fen } from '#domain/money.js';
import { parameters, rowsOf, type At } from './at.js';
import type { ReadFrom } from './snapshot.js';

export interface LineAsKnown {
  readonly line: string;
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  /** In force at the date asked for. */
  readonly codes: LineCodes;
  readonly definedOn: CivilDate;
}

interface DefinitionRow {
  readonly line: string;
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  readonly codes: { from: string; codes: LineCodes }[];
  readonly kind: string;
  readonly effective_date: string;
}

/**
 * Lines by id, each as the last recorded definition dated by `asOf` leaves it; a line that begins later but has effects by
 * then (a payment before approval) is shown as first defined. A line that went with its approval is left out until it is
 * approved again, whatever date the new approval bears.
 */
export async function lineDefinitions(from: ReadFrom, at: At): Promise<readonly LineAsKnown[]> {
  const rows = await rowsOf<DefinitionRow>(
    from,
    `SELECT DISTINCT ON (line) line, name, expenditure, fund, codes, kind, effective_date
     FROM line_definition
     WHERE unit = $1 AND year = $2 AND position <= $4
     ORDER BY line, (effective_date <= $3) DESC,
              CASE WHEN effective_date <= $3 THEN position END DESC NULLS LAST,
              effective_date, position`,
    parameters(at),
  );
  return rows
    .filter(({ kind, effective_date }) => !(kind === 'withdrawn' && effective_date <= at.asOf))
    .map(({ line, name, expenditure, fund, codes, effective_date }) => ({
      line,
      name,
      expenditure,
      fund,
      codes: (codes.filter(({ from }) => from <= at.asOf).at(-1) ?? codes[0])?.codes ?? {},
      definedOn: civilDate(effective_date),
    }));
}

interface PlanRow {
  readonly line: string;
  readonly position: string;
  readonly kind: Plan['kind'];
  readonly effective_date: string;
  readonly half_year_plan_fen: string | null;
  readonly cumulative_fen: number[] | null;
}

/**
 * Plans of each line dated by `asOf` that stand, in the order recorded. `late`: true dates of plans that are dated later, by
 * their place.
 */
export async function plansByLine(
  from: ReadFrom,
  at: At,
  late: ReadonlyMap<bigint, CivilDate> = new Map(),
): Promise<ReadonlyMap<string, readonly Plan[]>> {
  return new Map([...(await recordedPlans(from, at, late))].map(([line, plans]) => [line, standingPlans(plans)]));
}

/** All plans of each line dated by `asOf`, withdrawals among them, in the order recorded. */
export async function recordedPlans(
  from: ReadFrom,
  at: At,
  late: ReadonlyMap<bigint, CivilDate> = new Map(),
): Promise<ReadonlyMap<string, readonly Plan[]>> {
  const rows = await rowsOf<PlanRow>(
    from,
    `SELECT line, position, kind, effective_date, half_year_plan_fen::text, cumulative_fen FROM plan
     WHERE unit = $1 AND year = $2 AND (effective_date <= $3 OR position = ANY($5::bigint[])) AND position <= $4
     ORDER BY line, position`,
    [...parameters(at), [...late.keys()].map(String)],
  );
  const plans = new Map<string, Plan[]>();
  for (const row of rows) {
    const plan = planOf({ ...row, effective_date: late.get(BigInt(row.position)) ?? row.effective_date });
    const known = plans.get(row.line);
    if (known === undefined) plans.set(row.line, [plan]);
    else known.push(plan);
  }
  return plans;
}

function planOf({ kind, effective_date, half_year_plan_fen: half, cumulative_fen: cumulative }: PlanRow): Plan {
  const effectiveDate = civilDate(effective_date);
  if (kind === 'monthly') return { kind, effectiveDate, cumulativeFen: (cumulative ?? []).map(fen) };
  if (kind === 'withdrawn') return { kind, effectiveDate };
  return { kind, effectiveDate, ...(half === null ? {} : { halfYearPlanFen: fen(Number(half)) }) };
}
