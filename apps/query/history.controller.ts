/** The history: every event of a year, or of one line, as a sentence. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { lastDayOf, type CivilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { historyPlaces } from '#read-model/queries/history.js';
import { damagedCursor, type Cursor } from './cursor.js';
import { HISTORY_EXAMPLE, HistoryDto, type TellingDto } from './journal.dto.js';
import { HistoryQuery } from './journal.query.js';
import { linesEver, requireLine } from './lines-ever.js';
import { eventsAt, sentenceOf } from './log-events.js';
import { pagingOf } from './page.js';
import { AtPlace, type Place } from './place.js';
import { UNKNOWN_LINE, YEAR_PATH, YearRead } from './read-operation.js';
import { Sources } from './sources.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class HistoryController {
  constructor(
    private readonly years: YearReads,
    private readonly sources: Sources,
  ) {}

  @Get('history')
  @YearRead({
    summary: 'What happened, one event a sentence, in the order of the log',
    description:
      'Of a line, or of the whole year with its targets. Unless asOf or a checkpoint is given, events of all dates are told, ' +
      'those dated after the year too.',
    answer: HistoryDto,
    example: HISTORY_EXAMPLE,
    problems: [UNKNOWN_LINE],
  })
  history(@AtPlace() place: Place, @Query() query: HistoryQuery): Promise<HistoryDto> {
    const { line, lang: language = 'zh' } = query;
    const paging = pagingOf(query, { list: 'history', place, places: 1 });
    const { limit, known, next } = paging;
    const after = paging.after === undefined ? {} : { after: placeOf(paging.after) };
    const dated = query.asOf !== undefined || query.checkpoint !== undefined;
    const list = async (view: YearView) => {
      const at = { ...view.at, asOf: dated ? view.asOf : FOR_EVER };
      const names = await linesEver(view);
      if (line !== undefined) requireLine(names, line, view);
      const about = line === undefined ? {} : { line };
      const { places, more } = await historyPlaces(view.opened, at, { ...about, ...after, limit });
      const events = await eventsAt(this.sources.store, places);
      const telling = { language, lineName: (id: string) => names.get(id) };
      const last = places.at(-1);
      return {
        entries: events.map((event) => tellingDto(event, sentenceOf(event, telling))),
        ...(more && last !== undefined ? { next: next(view.moment.position, [String(last.position)]) } : {}),
      };
    };
    return this.years.answer(place, query, list, known === undefined ? {} : { known });
  }
}

const FOR_EVER: CivilDate = lastDayOf(9999);

function placeOf([position]: Cursor['after']): bigint {
  if (!/^\d{1,18}$/.test(String(position))) throw damagedCursor();
  return BigInt(String(position));
}

export const tellingDto = (event: Envelope, sentence: string): TellingDto => ({
  revision: event.revision,
  stream: event.stream,
  position: event.position,
  recordedAt: new Date(event.recordedAt).toISOString(),
  effectiveDate: event.effectiveDate,
  ...(event.belongsTo === undefined ? {} : { belongsTo: event.belongsTo }),
  type: event.type,
  sentence,
  actor: event.meta.actor,
  eventId: event.id,
});
