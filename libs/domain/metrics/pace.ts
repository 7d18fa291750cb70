/**
 * Where a course stands on a date: done against planned, how fast it went so far, and how fast it has to go to reach the next
 * target. Exact; a figure that needs a result has none without it, never 0.
 */
import {
  type Checkpoint,
  type CivilDate,
  checkpointDate,
  daysBetween,
  lastDayOf,
  lastDayOfMonth,
  monthOf,
  yearOf,
} from '#domain/calendar.js';
import { type Course, type DatedValue, type PlannedValue, actualOn } from '#domain/metrics/course.js';
import { type Ratio, compare, dividedBy, minus, plus, ratio, wholeRatio } from '#domain/ratio.js';

export interface Pace {
  readonly asOf: CivilDate;
  readonly planned?: PlannedValue;
  /** With the date that it holds for. */
  readonly actual?: DatedValue;
  /** actual − planned. */
  readonly deviation?: Ratio;
  /** (actual − planned) ÷ planned; absent when nothing is planned yet. */
  readonly deviationShare?: Ratio;
  /** What was done a day from 1 January to the date of the actual value; absent for levels. */
  readonly perDay?: Ratio;
  readonly required?: RequiredPace;
}

/**
 * `open`: something is left; `reached`: nothing is; `ceiling`: the target is a limit and `left` the room under it; `exceeded`: the
 * limit is passed, there is no room.
 */
export type RequiredStatus = 'open' | 'reached' | 'ceiling' | 'exceeded';

/** What is left until a checkpoint. Of a level that has to fall it is negative. */
export interface RequiredPace {
  readonly checkpoint: Checkpoint;
  readonly on: CivilDate;
  readonly target: Ratio;
  readonly status: RequiredStatus;
  /** 0 when reached or exceeded. */
  readonly left: Ratio;
  /** At least 1. */
  readonly daysLeft: number;
  readonly perDay: Ratio;
  /** Over the months left: the rest of this month counts by its days. */
  readonly perMonth: Ratio;
}

/** The standing of a course on a date of its year. Throws a RangeError for a date outside it. */
export function paceOf(course: Course, asOf: CivilDate): Pace {
  const planned = course.planned(asOf);
  const actual = actualOn(course, asOf);
  const next = nextCheckpoint(course, asOf);
  const required = next === undefined ? undefined : requiredPace(course, asOf, next);
  const perDay = actual === undefined ? undefined : perDaySoFar(course, asOf, actual);
  const deviation = planned === undefined || actual === undefined ? undefined : minus(actual.value, planned.value);
  return {
    asOf,
    ...(planned === undefined ? {} : { planned }),
    ...(actual === undefined ? {} : { actual }),
    ...(deviation === undefined ? {} : { deviation }),
    ...(deviation === undefined || planned === undefined || planned.value.numerator === 0n
      ? {}
      : { deviationShare: dividedBy(deviation, planned.value) }),
    ...(perDay === undefined ? {} : { perDay }),
    ...(required === undefined ? {} : { required }),
  };
}

/** The pace needed to a checkpoint; `undefined` when it is past or that day, has no target, or nothing is known to be done. */
export function requiredPace(course: Course, asOf: CivilDate, checkpoint: Checkpoint): RequiredPace | undefined {
  const on = checkpointDate(course.year, checkpoint);
  const target = course.targets[checkpoint];
  const actual = actualOn(course, asOf);
  const daysLeft = daysBetween(asOf, on);
  if (target === undefined || actual === undefined || daysLeft <= 0) return undefined;
  const { status, left } = leftTo(course, target, actual.value);
  return {
    checkpoint,
    on,
    target,
    status,
    left,
    daysLeft,
    perDay: dividedBy(left, wholeRatio(daysLeft)),
    perMonth: dividedBy(left, monthsBetween(asOf, on)),
  };
}

/** The first checkpoint after a date that has a target. */
export const nextCheckpoint = (course: Pick<Course, 'year' | 'targets'>, asOf: CivilDate): Checkpoint | undefined =>
  (['half', 'annual'] as const).find(
    (checkpoint) => course.targets[checkpoint] !== undefined && asOf < checkpointDate(course.year, checkpoint),
  );

/** The date up to which a course is known: payments to the day asked for, results to the last one recorded. */
export const measuredOn = (course: Pick<Course, 'known'>, asOf: CivilDate, actual: DatedValue): CivilDate =>
  course.known === 'every-day' ? asOf : actual.on;

function perDaySoFar(course: Course, asOf: CivilDate, actual: DatedValue): Ratio | undefined {
  const days = daysBetween(lastDayOf(course.year - 1), measuredOn(course, asOf, actual));
  return course.kind === 'level' || days <= 0 ? undefined : dividedBy(actual.value, wholeRatio(days));
}

function leftTo({ kind, bound }: Course, target: Ratio, actual: Ratio): Pick<RequiredPace, 'status' | 'left'> {
  const left = minus(target, actual);
  const order = compare(actual, target);
  if (bound === 'at-most' && kind !== 'level') {
    return order > 0 ? { status: 'exceeded', left: wholeRatio(0) } : { status: 'ceiling', left };
  }
  const reached = bound === 'at-least' ? order >= 0 : bound === 'at-most' ? order <= 0 : order === 0;
  return reached ? { status: 'reached', left: wholeRatio(0) } : { status: 'open', left };
}

/** Months between a date and the end of a later month: the rest of the first one by its days, then whole ones. Exact. */
function monthsBetween(from: CivilDate, until: CivilDate): Ratio {
  const [year, month] = [yearOf(from), monthOf(from)];
  const end = lastDayOfMonth(year, month);
  const whole = (yearOf(until) - year) * 12 + monthOf(until) - month;
  return plus(wholeRatio(whole), ratio(daysBetween(from, end), Number(end.slice(8))));
}
