/** How a year went: what was planned and what was paid, from month to month or day to day. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { checkpointDate } from '#domain/calendar.js';
import { executionRate } from '#domain/metrics/execution-rate.js';
import { ALL, scopeKey, type Scope } from '#domain/metrics/quantities.js';
import { series, type SeriesPoint } from '#domain/metrics/series.js';
import { formatYuan } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { formatPercent } from '#domain/ratio.js';
import { targetOf } from '#domain/scoring/verdict.js';
import { seriesInputs } from '#read-model/queries/series.js';
import { targets } from '#read-model/queries/performance.js';
import { linesEver, requireLine } from './lines-ever.js';
import { CHECKPOINTS } from './moment.js';
import { AtPlace, addressOf, type Place } from './place.js';
import { UNKNOWN_LINE, YEAR_PATH, YearRead } from './read-operation.js';
import { scopeOf } from './scope.js';
import { SERIES_EXAMPLE, SeriesDto, SeriesQuery, type PointDto, type TargetPointDto } from './series.dto.js';
import { approvalOf, YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class SeriesController {
  constructor(private readonly years: YearReads) {}

  @Get('series')
  @YearRead({
    summary: 'Planned and actual payment of the year as curves, with the targets of the execution rate',
    description:
      'Each point says what /lines would say as of its date. After asOf there is only the plan, as it stood on that date.',
    answer: SeriesDto,
    example: SERIES_EXAMPLE,
    problems: [UNKNOWN_LINE],
  })
  series(@AtPlace() place: Place, @Query() query: SeriesQuery): Promise<SeriesDto> {
    const { by = 'month', line } = query;
    const scope = scopeOf(query) ?? ALL;
    const asked = { scope, ...(line === undefined ? {} : { line }) };
    const read = async (view: YearView) => {
      if (line !== undefined) requireLine(await linesEver(view), line, place);
      const points = series(await seriesInputs(view.opened, view.at, { by, ...asked }));
      return {
        approved: (await approvalOf(view)) !== undefined,
        by,
        ...asked,
        points: points.map((point) => pointDto(point, view, asked)),
        targets: line === undefined ? targetPoints(view, scope, await targets(view.opened, view.at)) : [],
      };
    };
    return this.years.answer(place, query, read, { permanent: true });
  }
}

interface Asked {
  readonly scope: Scope;
  readonly line?: string;
}

function pointDto({ on, planned, plannedAssumed, actual }: SeriesPoint, view: YearView, asked: Asked): PointDto {
  const plan = { date: on, planned: formatYuan(planned), ...(plannedAssumed ? { plannedAssumed } : {}) };
  if (actual === undefined) return plan;
  const { current, paid, executionRate: rate } = actual;
  return {
    ...plan,
    current: formatYuan(current),
    paid: formatYuan(paid),
    percent: rate.status === 'OK' ? formatPercent(rate.ratio) : null,
    ...(rate.status === 'OK' ? {} : { reason: rate.reason }),
    explanation: explanationOf(on, view, asked),
  };
}

function explanationOf(asOf: string, view: YearView, { scope: { funds, expenditure }, line }: Asked): string {
  const query = new URLSearchParams({
    asOf,
    knownAt: new Date(view.moment.knownAt).toISOString(),
    funds: funds === 'all' ? 'all' : funds.join(','),
    expenditure,
    ...(line === undefined ? {} : { line }),
  });
  return `${addressOf(view)}/figures/paid/explanation?${query.toString()}`;
}

/** A target without a scope means all funds. */
const targetPoints = ({ year }: YearView, scope: Scope, indicators: readonly Indicator[]): TargetPointDto[] =>
  indicators
    .filter(({ metric, scope: own = ALL }) => metric === executionRate.id && scopeKey(own) === scopeKey(scope))
    .flatMap((indicator) =>
      CHECKPOINTS.flatMap((checkpoint) => {
        const target = targetOf(indicator, checkpoint);
        if (target === undefined) return [];
        const { comparator, value } = target;
        const date = checkpointDate(year, checkpoint);
        return [{ indicator: indicator.indicator, checkpoint, date, comparator, percent: value }];
      }),
    );
