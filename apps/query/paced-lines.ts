/** The payments of lines against their plans, as courses of the year. */
import { lastDayOfMonth, type CivilDate } from '#domain/calendar.js';
import { lineCourse, type Course } from '#domain/metrics/course.js';
import { forecastOf, totalForecast } from '#domain/metrics/forecast.js';
import { ALL, lineQuantities, quantities, type LineQuantities, type Picture } from '#domain/metrics/quantities.js';
import type { Movement } from '#domain/metrics/series.js';
import { formatYuan } from '#domain/money.js';
import { moneyLight } from '#domain/scoring/light-of.js';
import type { LightThresholds } from '#domain/scoring/lights.js';
import type { LineAsKnown } from '#read-model/queries/lines.js';
import { pictureOf, type PictureInputs } from '#read-model/queries/picture.js';
import { seriesInputs } from '#read-model/queries/series.js';
import type { Snapshot } from '#read-model/queries/snapshot.js';
import { curveDto, lightDto, MONEY, standDto } from './course-answer.js';
import type { LinesTogetherDto, PacedLineDto } from './pace.dto.js';

export interface LineCourse {
  readonly line: LineAsKnown;
  readonly course: Course;
  readonly sums: LineQuantities;
}

/** The course of every line, or of the one asked for, by line. */
export async function lineCourses(
  opened: Snapshot,
  inputs: PictureInputs,
  only?: string,
): Promise<ReadonlyMap<string, LineCourse>> {
  const { at, plans } = inputs;
  const sums = lineQuantities(pictureOf(inputs));
  const asked = { by: 'day', scope: ALL, ...(only === undefined ? {} : { line: only }) } as const;
  const paid = new Map<string, Movement[]>();
  for (const movement of (await seriesInputs(opened, at, asked)).movements) {
    if (movement.kind !== 'paid') continue;
    const known = paid.get(movement.line);
    if (known === undefined) paid.set(movement.line, [movement]);
    else known.push(movement);
  }
  const courses = inputs.lines.flatMap((line): readonly (readonly [string, LineCourse])[] => {
    const own = sums.get(line.line);
    if (own === undefined || (only !== undefined && line.line !== only)) return [];
    const { current: currentFen } = own;
    const of = { year: at.year, currentFen, plans: plans.get(line.line) ?? [], paid: paid.get(line.line) ?? [] };
    return [[line.line, { line, course: lineCourse(of), sums: own }]];
  });
  return new Map(courses);
}

export interface PacedLines {
  readonly lines: readonly PacedLineDto[];
  /** Absent when only one line was asked for. */
  readonly together?: LinesTogetherDto;
}

/** Every line, or the one asked for. */
export async function pacedLines(
  opened: Snapshot,
  inputs: PictureInputs,
  { thresholds, line: only }: { readonly thresholds: LightThresholds; readonly line?: string },
): Promise<PacedLines> {
  const picture = pictureOf(inputs);
  const courses = [...(await lineCourses(opened, inputs, only)).values()];
  const lines = courses.map((one) => lineDto(one, { picture, thresholds }));
  return { lines, ...(only === undefined ? { together: togetherDto(courses, picture, thresholds) } : {}) };
}

function lineDto(
  { line: { line, name }, course, sums }: LineCourse,
  { picture, thresholds }: { readonly picture: Picture; readonly thresholds: LightThresholds },
): PacedLineDto {
  const { year, asOf } = picture;
  const assumed = picture.planned.some((plan) => plan.line === line && plan.assumed);
  const planned = { fen: sums.planned, assumed };
  const light = moneyLight({ asOf, currentFen: sums.current, paidFen: sums.paid, planned }, thresholds);
  return {
    line,
    name,
    current: formatYuan(sums.current),
    ...standDto(course, asOf, MONEY),
    light: lightDto(light, MONEY),
    points: curveDto(course, { asOf, dates: curveDates(year, asOf) }, MONEY),
  };
}

/** Month ends and the date asked for, and more dates where something is known. */
export const curveDates = (year: number, asOf: CivilDate, more: readonly CivilDate[] = []): readonly CivilDate[] =>
  [...new Set([...Array.from({ length: 12 }, (_, index) => lastDayOfMonth(year, index + 1)), asOf, ...more])].sort();

/** Of all lines. They count as without a plan only when none of them has one. */
function togetherDto(courses: readonly LineCourse[], picture: Picture, thresholds: LightThresholds): LinesTogetherDto {
  const { asOf, planned: plans } = picture;
  const { current, paid, planned } = quantities(picture, ALL);
  const assumed = plans.every((plan) => plan.assumed);
  const light = moneyLight(
    { asOf, currentFen: current, paidFen: paid, planned: { fen: planned, assumed } },
    thresholds,
  );
  const total = totalForecast(new Map(courses.map(({ line, course }) => [line.line, forecastOf(course, asOf)])));
  return {
    light: lightDto(light, MONEY),
    ...(total === undefined
      ? {}
      : { forecast: MONEY.value(total.value), low: MONEY.value(total.low), high: MONEY.value(total.high) }),
    ...(total === undefined || total.without.length === 0
      ? {}
      : { without: total.without.map(({ of, reason }) => ({ line: of, reason })) }),
  };
}
