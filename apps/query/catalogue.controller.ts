/** What there is to ask about: units, their years, and the formulas. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { lastDayOf } from '#domain/calendar.js';
import type { Position } from '#domain/envelope.js';
import { FIGURES } from '#domain/metrics/figures.js';
import { METRICS } from '#domain/metrics/registry.js';
import { snapshot } from '#read-model/queries/snapshot.js';
import { units, years } from '#read-model/queries/units.js';
import {
  FORMULAS_EXAMPLE,
  FormulasDto,
  UNITS_EXAMPLE,
  UnitsDto,
  YEARS_EXAMPLE,
  YearsDto,
  type YearDto,
} from './catalogue.dto.js';
import { figureFormulaDto } from './figure-explanation.dto.js';
import { awaitPosition } from './freshness.js';
import { unknownUnit } from './missing.js';
import { FreshnessQuery } from './moment.js';
import { AtUnit } from './place.js';
import { PlainRead } from './read-operation.js';
import { Sources } from './sources.js';
import { approvalOf } from './year-reads.js';

@ApiTags('read')
@Controller('api/v1')
export class CatalogueController {
  constructor(private readonly sources: Sources) {}

  @Get('units')
  @PlainRead({ summary: 'All units by code, as last named and placed', answer: UnitsDto, example: UNITS_EXAMPLE })
  async units(@Query() query: FreshnessQuery): Promise<UnitsDto> {
    await this.caughtUp(query);
    const known = await units(this.sources.dataSource);
    return { units: known.map(({ unit, name, parent }) => ({ unit, name, ...(parent === null ? {} : { parent }) })) };
  }

  @Get('units/:unit/years')
  @ApiParam({ name: 'unit', type: String, example: 'U0001' })
  @PlainRead({
    summary: 'Years of a unit that have a budget or targets',
    answer: YearsDto,
    example: YEARS_EXAMPLE,
    problems: [unknownUnit('U0009')],
  })
  async years(@AtUnit() unit: string, @Query() query: FreshnessQuery): Promise<YearsDto> {
    await this.caughtUp(query);
    return snapshot(this.sources.dataSource, async (opened) => {
      if (!(await units(opened)).some((known) => known.unit === unit)) throw unknownUnit(unit);
      const found: YearDto[] = [];
      for (const year of await years(opened, unit)) {
        const approval = await approvalOf({ opened, at: { unit, year, asOf: lastDayOf(year) } });
        found.push({
          year,
          approved: approval !== undefined,
          ...(approval === undefined ? {} : { approvedOn: approval.on }),
        });
      }
      return { unit, years: found };
    });
  }

  @Get('formulas')
  @PlainRead({
    summary: 'The formula registry: what each metric and each base quantity says, where it comes from, and its version',
    answer: FormulasDto,
    example: FORMULAS_EXAMPLE,
  })
  async formulas(@Query() query: FreshnessQuery): Promise<FormulasDto> {
    await this.caughtUp(query);
    return {
      formulas: METRICS.map(({ inputs: _inputs, compute: _compute, ...formula }) => formula),
      quantities: FIGURES.map(figureFormulaDto),
    };
  }

  private async caughtUp({ atLeast }: FreshnessQuery): Promise<void> {
    if (atLeast !== undefined) await awaitPosition(this.sources, atLeast as Position);
  }
}
