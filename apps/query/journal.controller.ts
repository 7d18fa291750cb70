/** The journal: money effects, one a row, a page at a time. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { journal } from '#read-model/queries/journal.js';
import { ENTRY_PLACES, entriesOf, journalPlace } from './entries.js';
import { JOURNAL_EXAMPLE, JournalDto } from './journal.dto.js';
import { JournalQuery, filterOf, untilOf } from './journal.query.js';
import { linesEver, requireLine } from './lines-ever.js';
import { pagingOf } from './page.js';
import { AtPlace, type Place } from './place.js';
import { UNKNOWN_LINE, YEAR_PATH, YearRead } from './read-operation.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class JournalController {
  constructor(private readonly years: YearReads) {}

  @Get('journal')
  @YearRead({
    summary: 'Money effects, one a row, by effective date and then in the order of the log',
    description: 'All filters must hold. The pages after the first show the journal as it was known at the first.',
    answer: JournalDto,
    example: JOURNAL_EXAMPLE,
    problems: [UNKNOWN_LINE],
  })
  journal(@AtPlace() place: Place, @Query() query: JournalQuery): Promise<JournalDto> {
    const filter = filterOf(query);
    const paging = pagingOf(query, { list: 'journal', place, places: ENTRY_PLACES });
    const { limit, known } = paging;
    const after = paging.after === undefined ? {} : { after: journalPlace(paging.after) };
    const list = async (view: YearView) => {
      if (filter.line !== undefined) requireLine(await linesEver(view), filter.line, view);
      const at = { ...view.at, asOf: untilOf(query, view.asOf) };
      const page = await journal(view.opened, at, { filter, limit, ...after });
      return entriesOf(page, paging, view.moment);
    };
    return this.years.answer(place, query, list, known === undefined ? {} : { known });
  }
}
