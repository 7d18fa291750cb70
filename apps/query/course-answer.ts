/** Courses, forecasts and lights as answers show them: exact ratios as decimals, money in yuan and work in its own unit. */
import type { CivilDate } from '#domain/calendar.js';
import { courseCurve, type Course } from '#domain/metrics/course.js';
import { forecastOf, type Estimate, type Forecast } from '#domain/metrics/forecast.js';
import { paceOf, type RequiredPace } from '#domain/metrics/pace.js';
import { formatDecimal, formatPercent, ratio, type Ratio } from '#domain/ratio.js';
import type { Light } from '#domain/scoring/light-of.js';
import type { CurvePointDto, EstimateDto, ForecastDto, LightDto, RequiredPaceDto, StandDto } from './pace.dto.js';

/** How the values of a course are written. */
export interface Writing {
  readonly value: (value: Ratio) => string;
  /** Per day: of work with more decimals, or most would be 0.0. */
  readonly daily: (value: Ratio) => string;
}

/** Fen as yuan with two decimals. */
export const MONEY: Writing = {
  value: (fen) => formatDecimal(ratio(fen.numerator, fen.denominator * 100n), 2),
  daily: (fen) => formatDecimal(ratio(fen.numerator, fen.denominator * 100n), 2),
};

/** In the unit of a target that prints so many decimals. */
export const work = (decimals: number): Writing => ({
  value: (value) => formatDecimal(value, Math.max(2, decimals)),
  daily: (value) => formatDecimal(value, Math.max(4, decimals)),
});

/** Where a course stands on a date, and what it comes to. */
export function standDto(course: Course, asOf: CivilDate, writing: Writing): StandDto {
  const { planned, actual, deviation, deviationShare, perDay, required } = paceOf(course, asOf);
  const { value, daily } = writing;
  return {
    ...(planned === undefined ? {} : { planned: value(planned.value) }),
    ...(planned?.assumed ? { plannedAssumed: true } : {}),
    ...(actual === undefined ? {} : { done: { on: actual.on, value: value(actual.value) } }),
    ...(deviation === undefined ? {} : { deviation: value(deviation) }),
    ...(deviationShare === undefined ? {} : { deviationPercent: formatPercent(deviationShare) }),
    ...(perDay === undefined ? {} : { perDay: daily(perDay) }),
    ...(required === undefined ? {} : { required: requiredDto(required, writing) }),
    forecast: forecastDto(forecastOf(course, asOf), writing),
  };
}

const requiredDto = (required: RequiredPace, { value, daily }: Writing): RequiredPaceDto => ({
  checkpoint: required.checkpoint,
  on: required.on,
  target: value(required.target),
  status: required.status,
  left: value(required.left),
  daysLeft: required.daysLeft,
  perDay: daily(required.perDay),
  perMonth: value(required.perMonth),
});

export function forecastDto(forecast: Forecast, writing: Writing): ForecastDto {
  if (forecast.status === 'NONE') {
    const { status, reason, measuredOn } = forecast;
    return { status, reason, ...(measuredOn === undefined ? {} : { measuredOn }) };
  }
  const { headline, low, high, estimates, notApplied, measuredOn, status } = forecast;
  const { method, version, because, value } = headline;
  return {
    ...{ status, measuredOn, method, version, because },
    value: writing.value(value),
    low: writing.value(low),
    high: writing.value(high),
    estimates: estimates.map((estimate) => estimateDto(estimate, writing)),
    notApplied,
  };
}

const estimateDto = ({ method, version, value, floored, aboveBudget }: Estimate, writing: Writing): EstimateDto => ({
  method,
  version,
  value: writing.value(value),
  ...(floored ? { floored } : {}),
  ...(aboveBudget === undefined ? {} : { aboveBudget: writing.value(aboveBudget) }),
});

export const lightDto = ({ state, rule, wanted, share, reason }: Light, { value }: Writing): LightDto => ({
  state,
  rule,
  ...(wanted === undefined ? {} : { wanted: value(wanted) }),
  ...(share === undefined ? {} : { percent: formatPercent(share) }),
  ...(reason === undefined ? {} : { reason }),
});

export const curveDto = (
  course: Course,
  of: { readonly asOf: CivilDate; readonly dates: readonly CivilDate[] },
  { value }: Writing,
): readonly CurvePointDto[] =>
  courseCurve(course, of).map(({ on, planned, actual }) => ({
    date: on,
    ...(planned === undefined ? {} : { planned: value(planned.value) }),
    ...(actual === undefined ? {} : { done: value(actual) }),
  }));
