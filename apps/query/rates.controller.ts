/** Every rate against its target. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { nextCheckpoint, ratesReport } from '#domain/metrics/report.js';
import { picture } from '#read-model/queries/picture.js';
import { targets } from '#read-model/queries/performance.js';
import { AtPlace, type Place } from './place.js';
import { RATES_EXAMPLE, RatesDto } from './rates.dto.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { ScopeQuery, scopeOf } from './scope.js';
import { approvalOf, YearReads } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class RatesController {
  constructor(private readonly years: YearReads) {}

  @Get('rates')
  @YearRead({
    summary: 'Every metric beside its target, with verdict and distance',
    description:
      'Without `funds` and `expenditure`: for all funds and in the scope of each target. Targets are those of the checkpoint; ' +
      'without one, of the next checkpoint from asOf on. Before a checkpoint nothing is judged, but the distance is given. ' +
      'Every rate opens under `rates/{metric}/explanation` with the funds and expenditure of its scope, asOf and knownAt.',
    answer: RatesDto,
    example: RATES_EXAMPLE,
  })
  rates(@AtPlace() place: Place, @Query() query: ScopeQuery): Promise<RatesDto> {
    return this.years.answer(place, query, async (view) => {
      const { opened, at } = view;
      const known = await picture(opened, at);
      const checkpoint = query.checkpoint ?? nextCheckpoint(known);
      const scope = scopeOf(query);
      const approval = await approvalOf(view);
      const scopes = scope === undefined ? {} : { scopes: [scope] };
      const rates = ratesReport(known, await targets(opened, at), { checkpoint, ...scopes });
      return { approved: approval !== undefined, checkpoint, rates };
    });
  }
}
