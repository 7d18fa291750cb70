/** The results of indicators that accumulate, as courses of the year. */
import { courseKindOf, indicatorCourse, type Course } from '#domain/metrics/course.js';
import type { Indicator } from '#domain/performance/events.js';
import { curveDto, lightDto, standDto, work } from './course-answer.js';
import type { PacedIndicatorDto } from './pace.dto.js';
import { curveDates } from './paced-lines.js';
import type { JudgedIndicator, JudgedTable } from './judged-table.js';

/** Those whose results count up over the year, or are a share of the year's work; in printed order. */
export const pacedIndicators = (table: JudgedTable, only?: string): readonly PacedIndicatorDto[] =>
  table.indicators
    .filter(({ indicator: { indicator } }) => only === undefined || indicator === only)
    .flatMap((judged) => {
      const course = courseOf(judged, table);
      return course === undefined || course.kind === 'level' ? [] : [indicatorDto(judged, { course, table })];
    });

/** `undefined` for an indicator without a numeric target. */
export const courseOf = (judged: JudgedIndicator, { picture: { year } }: JudgedTable): Course | undefined =>
  indicatorCourse({ year, indicator: judged.indicator, results: judged.done });

function indicatorDto(
  { indicator: of, light }: JudgedIndicator,
  { course, table }: { readonly course: Course; readonly table: JudgedTable },
): PacedIndicatorDto {
  const { year, asOf } = table.picture;
  const { indicator, level3, unit, decimals } = of;
  const writing = work(decimals);
  const dates = curveDates(
    year,
    asOf,
    course.actual.map(({ on }) => on),
  );
  return {
    ...{ indicator, level3, unit, course: kindOf(of) },
    ...standDto(course, asOf, writing),
    light: lightDto(light, writing),
    points: curveDto(course, { asOf, dates }, writing),
  };
}

const kindOf = (indicator: Indicator): PacedIndicatorDto['course'] =>
  courseKindOf(indicator) === 'flow' ? 'flow' : 'rising-share';
