/**
 * The course of a year: what is planned for each date and what is done by it, of one budget line's payments or of one
 * indicator's results. Money is in fen and work in the unit of its target, both as exact ratios, so that pace, forecast and
 * lights read one and the other alike.
 */
import { type Checkpoint, type CivilDate, checkpointDate, daysBetween, lastDayOf } from '#domain/calendar.js';
import { type Plan, plannedOn, standingPlans } from '#domain/metrics/planned.js';
import { type Fen, ZERO, fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { type Ratio, compare, decimalRatio, minus, plus, ratio, times, wholeRatio } from '#domain/ratio.js';

/** A value on a date: counted from 1 January where it accumulates, else the level that was found. */
export interface DatedValue {
  readonly on: CivilDate;
  readonly value: Ratio;
}

/** `assumed`: no half-year value was given, the year is planned evenly (rule book 13, 8). */
export interface PlannedValue {
  readonly value: Ratio;
  readonly assumed: boolean;
}

/**
 * `flow` counts up from 0 and does not fall; `rising-share` is a percentage whose target counts up from 0 (执行率 38 → 100);
 * `level` holds at a date and may fall (rule book 1.3).
 */
export type CourseKind = 'flow' | 'rising-share' | 'level';

/** How a value stands to its target (design 5): ＝n of a flow or a ratio asks for n at least, ＝0 for 0 at most. */
export type Bound = 'at-least' | 'at-most' | 'exactly';

export interface Course {
  readonly year: number;
  readonly kind: CourseKind;
  readonly bound: Bound;
  /** Absent where nothing is planned: a year-end figure before 31 December. Throws a RangeError outside the year. */
  readonly planned: (on: CivilDate) => PlannedValue | undefined;
  /** Those that are stated. */
  readonly targets: Readonly<Partial<Record<Checkpoint, Ratio>>>;
  /** Ascending by date, one a date. */
  readonly actual: readonly DatedValue[];
  /** Of payments every day is known, whether any was made; of results only the days that they were recorded for. */
  readonly known: 'every-day' | 'as-recorded';
  /** B in fen, which payments do not pass. */
  readonly ceiling?: Ratio;
}

export interface LinePayments {
  readonly year: number;
  /** B(asOf). */
  readonly currentFen: Fen;
  /** All that are known, in the order recorded. */
  readonly plans: readonly Plan[];
  /** What was paid on each date, net of returns; sums of one date may come in parts. */
  readonly paid: readonly { readonly on: CivilDate; readonly fen: Fen }[];
}

/** The payments of one line, in fen. The plan of every date is the one that `planned.ts` gives for it, with B as it is now. */
export function lineCourse({ year, currentFen, plans, paid }: LinePayments): Course {
  const standing = standingPlans(plans);
  const planned = (on: CivilDate): PlannedValue => {
    const { fen: amount, assumed } = plannedOn(year, on)(standing, currentFen);
    return { value: wholeRatio(amount), assumed };
  };
  const half = planned(checkpointDate(year, 'half'));
  return {
    year,
    kind: 'flow',
    bound: 'at-least',
    planned,
    targets: { ...(half.assumed ? {} : { half: half.value }), annual: planned(lastDayOf(year)).value },
    actual: addedUp(year, paid),
    known: 'every-day',
    ceiling: wholeRatio(currentFen),
  };
}

/** Amounts by date as a running total that starts with nothing on 31 December before. */
function addedUp(year: number, paid: LinePayments['paid']): readonly DatedValue[] {
  const byDate = new Map<CivilDate, Fen>([[lastDayOf(year - 1), ZERO]]);
  for (const { on, fen: amount } of paid) byDate.set(on, fen((byDate.get(on) ?? 0) + amount));
  let total = ZERO;
  return [...byDate].sort(byFirst).map(([on, amount]) => ({ on, value: wholeRatio((total = fen(total + amount))) }));
}

export interface IndicatorResults {
  readonly year: number;
  readonly indicator: Pick<Indicator, 'kind' | 'comparator' | 'half' | 'annual' | 'checkpointBasis'>;
  /** In the target's unit, running totals for flows. Of several on one date the last counts. */
  readonly results: readonly DatedValue[];
}

/** The results of one indicator, in the unit of its target; `undefined` for one without a numeric full-year target. */
export function indicatorCourse({ year, indicator, results }: IndicatorResults): Course | undefined {
  const { kind, comparator, checkpointBasis } = indicator;
  const annual = valueOf(indicator.annual.value);
  if (kind === 'QUALITATIVE' || comparator === 'word' || annual === undefined) return undefined;
  const half = checkpointBasis === 'YEAR_END_ONLY' ? undefined : valueOf(indicator.half.value);
  const courseKind = courseKindOf(indicator);
  const line = checkpointPoints(year, { half, annual });
  const points = courseKind === 'level' ? line : [{ on: lastDayOf(year - 1), value: NOTHING }, ...line];
  const assumed = half === undefined;
  return {
    year,
    kind: courseKind,
    bound: boundOf(indicator, annual),
    planned: (on) => {
      const value = valueBetween(year, points, on);
      if (checkpointBasis === 'YEAR_END_ONLY' && on < lastDayOf(year)) return undefined;
      return { value, assumed };
    },
    targets: { ...(half === undefined ? {} : { half }), annual },
    actual: [...new Map(results.map(({ on, value }) => [on, value]))]
      .sort(byFirst)
      .map(([on, value]) => ({ on, value })),
    known: 'as-recorded',
  };
}

/** A ratio whose target rises through the year is a share of the year's work; any other holds at a date. */
export function courseKindOf(
  indicator: Pick<Indicator, 'kind' | 'comparator' | 'half' | 'annual' | 'checkpointBasis'>,
): CourseKind {
  const { kind, comparator, checkpointBasis } = indicator;
  if (kind === 'FLOW_CUMULATIVE') return 'flow';
  const [half, annual] = [valueOf(indicator.half.value), valueOf(indicator.annual.value)];
  const rises = half !== undefined && annual !== undefined && compare(half, annual) < 0;
  return kind === 'RATIO' && checkpointBasis === 'FULL_YEAR' && comparator !== '<=' && rises ? 'rising-share' : 'level';
}

/** The value known on a date: the last one dated up to it. */
export const actualOn = (course: Pick<Course, 'actual'>, on: CivilDate): DatedValue | undefined =>
  course.actual.findLast((point) => point.on <= on);

/** Planned and actual values at each date; no actual ones after `asOf`, or before the first. */
export interface CoursePoint {
  readonly on: CivilDate;
  readonly planned?: PlannedValue;
  readonly actual?: Ratio;
}

export const courseCurve = (
  course: Course,
  { asOf, dates }: { readonly asOf: CivilDate; readonly dates: readonly CivilDate[] },
): readonly CoursePoint[] =>
  dates.map((on): CoursePoint => {
    const planned = course.planned(on);
    const actual = on > asOf ? undefined : actualOn(course, on)?.value;
    return { on, ...(planned === undefined ? {} : { planned }), ...(actual === undefined ? {} : { actual }) };
  });

const NOTHING = wholeRatio(0);
const byFirst = ([a]: readonly [CivilDate, unknown], [b]: readonly [CivilDate, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

const valueOf = (text: string | undefined): Ratio | undefined => (text === undefined ? undefined : decimalRatio(text));

function boundOf({ kind, comparator }: Pick<Indicator, 'kind' | 'comparator'>, annual: Ratio): Bound {
  if (comparator === '>=') return 'at-least';
  if (comparator === '<=' || annual.numerator === 0n) return 'at-most';
  return kind === 'STOCK_LEVEL' ? 'exactly' : 'at-least';
}

const checkpointPoints = (
  year: number,
  { half, annual }: { readonly half: Ratio | undefined; readonly annual: Ratio },
): readonly DatedValue[] => [
  ...(half === undefined ? [] : [{ on: checkpointDate(year, 'half'), value: half }]),
  { on: lastDayOf(year), value: annual },
];

/** On the straight line by days between the points around a date; before the first point what it says. */
function valueBetween(year: number, points: readonly DatedValue[], on: CivilDate): Ratio {
  if (on < lastDayOf(year - 1) || on > lastDayOf(year)) throw new RangeError(`${on} is not in ${year}`);
  const next = points.findIndex((point) => point.on >= on);
  const [before, after] = [points[next - 1], points[next]];
  if (after === undefined) throw new RangeError(`nothing is planned for ${on}`);
  if (before === undefined || after.on === on) return after.value;
  const gone = ratio(daysBetween(before.on, on), daysBetween(before.on, after.on));
  return plus(before.value, times(minus(after.value, before.value), gone));
}
