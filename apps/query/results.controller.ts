/** Results of indicators as they were recorded, corrected and withdrawn. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { Indicator } from '#domain/performance/events.js';
import { invalidRequest } from '#platform/problem.js';
import { performanceEntries, targets } from '#read-model/queries/performance.js';
import { damagedCursor, type Cursor } from './cursor.js';
import { UNKNOWN_RESULT, unknownResult } from './missing-performance.js';
import { pagingOf } from './page.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { eventsOfEntry, eventsOfKind, recordedEntries, type Recorded } from './recorded-entries.js';
import {
  ONE_RESULT_EXAMPLE,
  OneResultDto,
  RESULTS_EXAMPLE,
  ResultsDto,
  ResultsQuery,
  TellingQuery,
  type ResultDto,
} from './results.dto.js';
import { recordedDto, ToldEvents, withdrawalDto } from './told-events.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class ResultsController {
  constructor(
    private readonly years: YearReads,
    private readonly told: ToldEvents,
  ) {}

  @Get('results')
  @YearRead({
    summary: 'Recorded results of indicators, each with what corrected it or took it back',
    description:
      'All filters must hold. The pages after the first show the results as they were known at the first. What counts of ' +
      'them is told by `targets`; results that formulas work out are not recorded and stand only there.',
    answer: ResultsDto,
    example: RESULTS_EXAMPLE,
  })
  results(@AtPlace() place: Place, @Query() query: ResultsQuery): Promise<ResultsDto> {
    const wanted = filterOf(query);
    const { limit, after, known, next } = pagingOf(query, { list: 'results', place, places: 2 });
    const start = after === undefined ? undefined : placeOf(after);
    const list = async (view: YearView) => {
      const { found, indicators } = await recordedIn(view);
      const left = found.filter((result) => wanted(result) && (start === undefined || isAfter(result, start)));
      const page = left.slice(0, limit);
      const last = page.at(-1);
      return {
        results: page.map((result) => resultDto(result, indicators)),
        ...(left.length > page.length && last !== undefined
          ? { next: next(view.moment.position, [last.date, String(last.first.position)]) }
          : {}),
      };
    };
    return this.years.answer(place, query, list, known === undefined ? {} : { known });
  }

  @Get('results/:resultId')
  @ApiParam({ name: 'resultId', type: String, example: 'R-2024-06-33' })
  @YearRead({
    summary: 'One recorded result with its events, told as sentences',
    answer: OneResultDto,
    example: ONE_RESULT_EXAMPLE,
    problems: [UNKNOWN_RESULT],
  })
  result(
    @AtPlace() place: Place,
    @Param('resultId') resultId: string,
    @Query() query: TellingQuery,
  ): Promise<OneResultDto> {
    return this.years.answer(place, query, async (view) => {
      const { found, indicators } = await recordedIn(view);
      const result = found.find(({ id }) => id === resultId);
      if (result === undefined) throw unknownResult(resultId, view);
      const revisions = eventsOfEntry(result).map(({ revision }) => revision);
      const events = await this.told.by(view, revisions, query.lang);
      return { result: resultDto(result, indicators), events };
    });
  }
}

type RecordedResult = Recorded<'result'>;

async function recordedIn({ opened, at }: YearView) {
  const found = recordedEntries('result', await performanceEntries(opened, at, eventsOfKind('result')), at.asOf);
  const indicators = new Map((await targets(opened, at)).map((indicator) => [indicator.indicator, indicator]));
  return { found, indicators };
}

/** Throws 400 when the dates leave nothing. */
function filterOf({ indicator, from, to }: ResultsQuery): (result: RecordedResult) => boolean {
  if (from !== undefined && to !== undefined && from > to) {
    throw invalidRequest([{ parameter: 'to', code: 'EMPTY_RANGE', message: `to must not be before from, ${from}` }]);
  }
  return (result) =>
    (indicator === undefined || result.first.data.indicator === indicator) &&
    (from === undefined || result.date >= from) &&
    (to === undefined || result.date <= to);
}

interface ResultPlace {
  readonly date: CivilDate;
  readonly position: bigint;
}

function placeOf([date, position]: Cursor['after']): ResultPlace {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(date)) || !/^\d{1,18}$/.test(String(position))) throw damagedCursor();
  return { date: civilDate(String(date)), position: BigInt(String(position)) };
}

const isAfter = ({ date, first }: RecordedResult, place: ResultPlace): boolean =>
  date > place.date || (date === place.date && first.position > place.position);

function resultDto(
  { id, date, first, corrections, withdrawn }: RecordedResult,
  indicators: ReadonlyMap<string, Indicator>,
): ResultDto {
  const { indicator, note } = first.data;
  const { result, evidence } = (corrections.at(-1) ?? first).data;
  const of = indicators.get(indicator);
  return {
    ...recordedDto(first),
    ...{ resultId: id, indicator },
    ...(of === undefined ? {} : { level3: of.level3 }),
    ...(of === undefined || of.unit === '' ? {} : { unit: of.unit }),
    ...{ date, result, evidence },
    ...(note === undefined ? {} : { note }),
    ...(corrections.length === 0 ? {} : { first: first.data.result }),
    corrections: corrections.map((correction) => ({
      ...recordedDto(correction),
      result: correction.data.result,
      evidence: correction.data.evidence,
      reason: correction.data.reason,
    })),
    ...(withdrawn === undefined ? {} : { withdrawn: withdrawalDto(withdrawn) }),
  };
}
