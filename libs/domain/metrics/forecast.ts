/**
 * What a course comes to on 31 December, worked out by every method that applies: the one that a stated rule picks goes first, the
 * range is what they span. Without enough to go by there is no forecast but a reason, never 0.
 */
import { type CivilDate, daysBetween, lastDayOf } from '#domain/calendar.js';
import { type Course, actualOn } from '#domain/metrics/course.js';
import { measuredOn } from '#domain/metrics/pace.js';
import { type Ratio, compare, decimalRatio, minus, plus, ratio, times, wholeRatio } from '#domain/ratio.js';

export type ForecastMethodId = 'planned-rest' | 'run-rate' | 'recent-pace' | 'last-value';

export interface ForecastMethod {
  readonly id: ForecastMethodId;
  /** Raised with every change of meaning; forecasts name it. */
  readonly version: number;
  readonly name: { readonly zh: string; readonly en: string };
  /** V: done by the day t it was measured on, P: planned, d: days since 31 December before. */
  readonly formula: string;
}

/** In the order in which they are shown. */
export const FORECAST_METHODS = [
  {
    id: 'planned-rest',
    version: 1,
    name: { zh: '实际加剩余计划', en: 'Done and the rest as planned' },
    formula: 'V(t) + P(31 December) − P(t), where a plan is stated',
  },
  {
    id: 'run-rate',
    version: 1,
    name: { zh: '按累计进度推算', en: 'Pace so far continued' },
    formula: 'V(t) × d(31 December) / d(t)',
  },
  {
    id: 'recent-pace',
    version: 1,
    name: { zh: '按近期进度推算', en: 'Recent pace continued' },
    formula:
      'V(t) + (V(t) − V(s)) / (d(t) − d(s)) × (d(31 December) − d(t)), s: 90 days before t, or the last result that old',
  },
  { id: 'last-value', version: 1, name: { zh: '沿用最近值', en: 'Last value kept' }, formula: 'V(t)' },
] as const satisfies readonly ForecastMethod[];

/** When there is a forecast, and which method goes first. Ours: no regulation asks for one. */
export const FORECAST_RULE = {
  version: 1,
  /** Days of the year that must be measured. */
  minimumDays: 30,
  recentDays: 90,
  /** Share of the plan to date by which the value may differ and still be on plan. */
  onPlanWithin: '0.20',
  text: {
    zh: '存量指标沿用最近值；已申报计划且实际与计划相差不超过20%的，按实际加剩余计划；其余按累计进度推算。不足30天不预计。',
    en:
      'A level keeps its last value; with a stated plan and within 20 % of it the rest goes as planned; else the pace so far ' +
      'continues. Fewer than 30 days give no forecast.',
  },
} as const;

export interface Estimate {
  readonly method: ForecastMethodId;
  readonly version: number;
  readonly value: Ratio;
  /** The method came to less than is done already (of a level or share: to less than nothing). */
  readonly floored?: true;
  /** By how much it passes B, in fen. */
  readonly aboveBudget?: Ratio;
}

/** Why the headline is the one it is. */
export type HeadlineReason = 'ON_PLAN' | 'OFF_PLAN' | 'NO_PLAN' | 'LEVEL' | 'YEAR_OVER';
/** Why a method says nothing. */
export type NotAppliedReason =
  'NO_PLAN' | 'LIMIT_IS_NO_PLAN' | 'NOTHING_DONE' | 'NO_EARLIER_RESULT' | 'IS_A_LEVEL' | 'NOT_A_LEVEL';

export interface Forecasted {
  readonly status: 'OK';
  /** 31 December. */
  readonly on: CivilDate;
  readonly measuredOn: CivilDate;
  /** V(t). */
  readonly done: Ratio;
  readonly headline: Estimate & { readonly because: HeadlineReason };
  /** Every method that applies, in the order of `FORECAST_METHODS`. */
  readonly estimates: readonly Estimate[];
  readonly notApplied: readonly { readonly method: ForecastMethodId; readonly reason: NotAppliedReason }[];
  readonly low: Ratio;
  readonly high: Ratio;
}

export interface NotForecasted {
  readonly status: 'NONE';
  readonly reason: 'NO_RESULT' | 'TOO_EARLY' | 'NOTHING_DONE';
  readonly measuredOn?: CivilDate;
  readonly done?: Ratio;
}

export type Forecast = Forecasted | NotForecasted;

/** The forecast for 31 December by what is known on a date. Throws a RangeError for a date outside the year. */
export function forecastOf(course: Course, asOf: CivilDate): Forecast {
  const actual = actualOn(course, asOf);
  if (actual === undefined) return { status: 'NONE', reason: 'NO_RESULT' };
  const on = measuredOn(course, asOf, actual);
  const measured: Measured = { course, on, done: actual.value, ...daysOf(course.year, on) };
  const none = (reason: NotForecasted['reason']): NotForecasted => ({
    status: 'NONE',
    reason,
    measuredOn: on,
    done: actual.value,
  });
  if (course.kind !== 'level' && measured.days < FORECAST_RULE.minimumDays) return none('TOO_EARLY');
  const applied = FORECAST_METHODS.map(({ id, version }) => ({ id, version, found: METHODS[id](measured) }));
  const estimates = applied.flatMap(({ id, version, found }) =>
    typeof found === 'string' ? [] : [estimate({ method: id, version, value: found }, measured)],
  );
  const { method, because } = headlineOf(measured);
  const headline = estimates.find((found) => found.method === method);
  const [low, high] = extremes(estimates.map(({ value }) => value));
  if (headline === undefined || low === undefined || high === undefined) return none('NOTHING_DONE');
  return {
    status: 'OK',
    on: lastDayOf(course.year),
    measuredOn: on,
    done: actual.value,
    headline: { ...headline, because },
    estimates,
    notApplied: applied.flatMap(({ id, found }) => (typeof found === 'string' ? [{ method: id, reason: found }] : [])),
    low,
    high,
  };
}

/** A sum of forecasts; what has none goes in with what is done, and is named. */
export interface TotalForecast {
  readonly value: Ratio;
  readonly low: Ratio;
  readonly high: Ratio;
  readonly without: readonly { readonly of: string; readonly reason: NotForecasted['reason'] }[];
}

/** The forecast of several courses of one unit of measure together, as of all lines; `undefined` when none has one. */
export function totalForecast(forecasts: ReadonlyMap<string, Forecast>): TotalForecast | undefined {
  const without = [...forecasts].flatMap(([of, found]) =>
    found.status === 'OK' ? [] : [{ of, reason: found.reason }],
  );
  if (without.length === forecasts.size) return undefined;
  const total = (of: (found: Forecasted) => Ratio): Ratio =>
    [...forecasts.values()]
      .map((found) => (found.status === 'OK' ? of(found) : (found.done ?? wholeRatio(0))))
      .reduce(plus, wholeRatio(0));
  return {
    value: total(({ headline }) => headline.value),
    low: total(({ low }) => low),
    high: total(({ high }) => high),
    without,
  };
}

interface Measured {
  readonly course: Course;
  /** t. */
  readonly on: CivilDate;
  readonly done: Ratio;
  readonly days: number;
  readonly daysLeft: number;
}

const daysOf = (year: number, on: CivilDate): Pick<Measured, 'days' | 'daysLeft'> => ({
  days: daysBetween(lastDayOf(year - 1), on),
  daysLeft: daysBetween(on, lastDayOf(year)),
});

/** What each method comes to, or why it says nothing. */
const METHODS: Readonly<Record<ForecastMethodId, (measured: Measured) => Ratio | NotAppliedReason>> = {
  'planned-rest': ({ course, on, done }) => {
    if (course.bound === 'at-most') return 'LIMIT_IS_NO_PLAN';
    const [now, end] = [course.planned(on), course.planned(lastDayOf(course.year))];
    if (now === undefined || end === undefined || now.assumed) return 'NO_PLAN';
    return plus(done, minus(end.value, now.value));
  },
  'run-rate': ({ course, done, days, daysLeft }) => {
    if (course.kind === 'level') return 'IS_A_LEVEL';
    return done.numerator <= 0n ? 'NOTHING_DONE' : times(done, ratio(days + daysLeft, days));
  },
  'recent-pace': (measured) => {
    const { course, done, daysLeft } = measured;
    if (course.kind === 'level') return 'IS_A_LEVEL';
    if (done.numerator <= 0n) return 'NOTHING_DONE';
    const earlier = earlierOf(measured);
    if (earlier === undefined) return 'NO_EARLIER_RESULT';
    return plus(done, times(minus(done, earlier.value), ratio(daysLeft, earlier.days)));
  },
  'last-value': ({ course, done, daysLeft }) => (course.kind === 'level' || daysLeft === 0 ? done : 'NOT_A_LEVEL'),
};

/** The value 90 days before, where every day is known; else the last result that is as old, and how old it is. */
function earlierOf({ course, on }: Measured): { readonly value: Ratio; readonly days: number } | undefined {
  const { recentDays } = FORECAST_RULE;
  const found = course.actual.findLast((point) => daysBetween(point.on, on) >= recentDays);
  if (found === undefined) return undefined;
  return { value: found.value, days: course.known === 'every-day' ? recentDays : daysBetween(found.on, on) };
}

/** A flow does not undo what is done, and nothing falls below 0 that has not done so before. */
function estimate(found: Pick<Estimate, 'method' | 'version' | 'value'>, { course, done }: Measured): Estimate {
  const floor = course.kind === 'flow' || done.numerator < 0n ? done : wholeRatio(0);
  const isUnder = compare(found.value, floor) < 0;
  const value = isUnder ? floor : found.value;
  const above = course.ceiling === undefined ? undefined : minus(value, course.ceiling);
  return {
    ...found,
    value,
    ...(isUnder ? { floored: true } : {}),
    ...(above !== undefined && above.numerator > 0n ? { aboveBudget: above } : {}),
  };
}

const extremes = (values: readonly Ratio[]): readonly [low: Ratio | undefined, high: Ratio | undefined] => {
  const sorted = [...values].sort(compare);
  return [sorted[0], sorted.at(-1)];
};

function headlineOf({ course, on, done, daysLeft }: Measured): { method: ForecastMethodId; because: HeadlineReason } {
  if (course.kind === 'level') return { method: 'last-value', because: 'LEVEL' };
  if (daysLeft === 0) return { method: 'last-value', because: 'YEAR_OVER' };
  const planned = course.planned(on);
  if (planned === undefined || planned.assumed || course.bound === 'at-most') {
    return { method: 'run-rate', because: 'NO_PLAN' };
  }
  const off = minus(done, planned.value);
  const allowed = times(planned.value, decimalRatio(FORECAST_RULE.onPlanWithin));
  const isOnPlan = compare(off, allowed) <= 0 && compare(minus(wholeRatio(0), off), allowed) <= 0;
  return isOnPlan ? { method: 'planned-rest', because: 'ON_PLAN' } : { method: 'run-rate', because: 'OFF_PLAN' };
}
