/** The first look at a year. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ALL, quantities } from '#domain/metrics/quantities.js';
import { nextCheckpoint, ratesReport } from '#domain/metrics/report.js';
import { pictureInputs, pictureOf } from '#read-model/queries/picture.js';
import { targets } from '#read-model/queries/performance.js';
import { units } from '#read-model/queries/units.js';
import { figuresOf } from './figures.js';
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
      const inputs = await pictureInputs(opened, at);
      const picture = pictureOf(inputs);
      const checkpoint = query.checkpoint ?? nextCheckpoint(picture);
      const rates = ratesReport(picture, await targets(opened, at), { checkpoint });
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
      };
    });
  }
}
