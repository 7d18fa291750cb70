/** The first look at a year. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ALL, quantities } from '#domain/metrics/quantities.js';
import { ratesReport } from '#domain/metrics/report.js';
import { units } from '#read-model/queries/units.js';
import { atAGlance } from './at-a-glance.js';
import { figuresOf } from './figures.js';
import { judgedTable } from './judged-table.js';
import { MomentQuery } from './moment.js';
import { OVERVIEW_EXAMPLE, OverviewDto } from './overview.dto.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { violationsOf } from './violations.js';
import { approvalOf, YearReads } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class OverviewController {
  constructor(private readonly years: YearReads) {}

  @Get()
  @YearRead({
    summary: 'The year at a glance: totals, rates against the next checkpoint, violations',
    description:
      'Every total opens under `figures/{column}/explanation`, every rate under `rates/{metric}/explanation` with the funds and ' +
      'expenditure of its scope; both with the same asOf and knownAt.',
    answer: OverviewDto,
    example: OVERVIEW_EXAMPLE,
  })
  overview(@AtPlace() place: Place, @Query() query: MomentQuery): Promise<OverviewDto> {
    return this.years.answer(place, query, async (view) => {
      const { opened, at, unit, year } = view;
      const table = await judgedTable(opened, at, query);
      const { inputs, picture, checkpoint } = table;
      const rates = ratesReport(picture, table.standing.indicators, { checkpoint });
      const approval = await approvalOf(view);
      return {
        unit,
        unitName: (await units(opened, at)).find((entry) => entry.unit === unit)?.name ?? unit,
        year,
        approved: approval !== undefined,
        ...(approval === undefined ? {} : { approvedOn: approval.on }),
        totals: figuresOf(quantities(picture, ALL)),
        checkpoint,
        rates,
        violations: await violationsOf(view, { picture, rates, approval, lines: inputs.lines }),
        performance: atAGlance(table),
      };
    });
  }
}
