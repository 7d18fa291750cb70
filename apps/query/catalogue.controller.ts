/** What there is to ask about: units, their years, and the formulas. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { lastDayOf, shanghaiDate } from '#domain/calendar.js';
import { DIRECTORY_STREAM } from '#domain/directory/decide.js';
import type { Position } from '#domain/envelope.js';
import { FIGURES } from '#domain/metrics/figures.js';
import { METRICS } from '#domain/metrics/registry.js';
import { SCORING_PROFILES } from '#domain/scoring/profile.js';
import { units, years, type UnitRow } from '#read-model/queries/units.js';
import {
  FORMULAS_EXAMPLE,
  FormulasDto,
  rulesOfProgram,
  UNITS_EXAMPLE,
  UnitsDto,
  YEARS_EXAMPLE,
  YearsDto,
  type YearDto,
} from './catalogue.dto.js';
import { figureFormulaDto } from './figure-explanation.dto.js';
import { CatalogueReads, type CatalogueView } from './catalogue-reads.js';
import { CatalogueQuery } from './catalogue.query.js';
import { awaitPosition } from './freshness.js';
import { noUnitKnownYet, unitNotKnownYet, unknownUnit } from './missing.js';
import { FreshnessQuery } from './moment.js';
import { AtUnit, type Place } from './place.js';
import { notPast, PlainRead } from './read-operation.js';
import { Sources } from './sources.js';
import { profileDto, SCORING_PROFILES_EXAMPLE, ScoringProfilesDto } from './table-rules.dto.js';
import { approvalOf, streamsOf } from './year-reads.js';

const EXAMPLE_INSTANT = Date.UTC(2023, 11, 31, 16);

@ApiTags('read')
@Controller('api/v1')
export class CatalogueController {
  constructor(
    private readonly reads: CatalogueReads,
    private readonly sources: Sources,
  ) {}

  @Get('units')
  @PlainRead({
    summary: 'All units by code, with their names and places at a date',
    description:
      'At asOf: the units that there are then. Without it: at today in Asia/Shanghai, and units that begin later as they will.',
    answer: UnitsDto,
    example: UNITS_EXAMPLE,
    problems: [noUnitKnownYet(EXAMPLE_INSTANT), notPast],
  })
  units(@Query() query: CatalogueQuery): Promise<UnitsDto> {
    return this.reads.answer(query, async ({ opened, moment, asOf: given, ...known }) => {
      const asOf = given ?? shanghaiDate(this.sources.clock());
      const found = await units(opened, { asOf, ...known });
      if (query.knownAt !== undefined && found.length === 0) throw noUnitKnownYet(moment.knownAt);
      const there = given === undefined ? found : found.filter(({ validFrom }) => validFrom <= given);
      const body = {
        asOf,
        units: there.map(({ parent, ...unit }) => ({ ...unit, ...(parent === null ? {} : { parent }) })),
      };
      return { body, streams: [DIRECTORY_STREAM] };
    });
  }

  @Get('units/:unit/years')
  @ApiParam({ name: 'unit', type: String, example: 'U0001' })
  @PlainRead({
    summary: 'Years of a unit that have a budget or targets',
    description: 'Whether each is approved is told at asOf; without it, at the last day of that year.',
    answer: YearsDto,
    example: YEARS_EXAMPLE,
    problems: [unknownUnit('U0009'), unitNotKnownYet('U0001', EXAMPLE_INSTANT), notPast],
  })
  years(@AtUnit() unit: string, @Query() query: CatalogueQuery): Promise<YearsDto> {
    return this.reads.answer(query, async (view) => {
      const { opened, knownAt, asOf } = view;
      await requireUnit(unit, view);
      const found = await years(opened, unit, knownAt);
      const told: YearDto[] = [];
      for (const year of found) told.push(await yearDto({ unit, year }, view));
      const body = { ...(asOf === undefined ? {} : { asOf }), unit, years: told };
      return { body, streams: [DIRECTORY_STREAM, ...found.flatMap((year) => streamsOf({ unit, year }))] };
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
      ...rulesOfProgram(),
    };
  }

  @Get('scoring-profiles')
  @PlainRead({
    summary: 'The scoring profiles that come with the program, in full',
    description: 'A year is scored by the one that it chose, which its events keep as it was then.',
    answer: ScoringProfilesDto,
    example: SCORING_PROFILES_EXAMPLE,
  })
  async scoringProfiles(@Query() query: FreshnessQuery): Promise<ScoringProfilesDto> {
    await this.caughtUp(query);
    return { profiles: SCORING_PROFILES.map(profileDto) };
  }

  private async caughtUp({ atLeast }: FreshnessQuery): Promise<void> {
    if (atLeast !== undefined) await awaitPosition(this.sources, atLeast as Position);
  }
}

/** Throws 404: `NOTHING_KNOWN_YET` for a unit that was registered later. */
async function requireUnit(unit: string, { opened, moment, knownAt }: CatalogueView): Promise<void> {
  const isThere = (known: readonly UnitRow[]): boolean => known.some((row) => row.unit === unit);
  if (!isThere(await units(opened))) throw unknownUnit(unit);
  if (knownAt !== undefined && !isThere(await units(opened, { knownAt }))) throw unitNotKnownYet(unit, moment.knownAt);
}

async function yearDto({ unit, year }: Place, { opened, knownAt, asOf }: CatalogueView): Promise<YearDto> {
  const known = knownAt === undefined ? {} : { knownAt };
  const approval = await approvalOf({ opened, at: { unit, year, asOf: asOf ?? lastDayOf(year), ...known } });
  return { year, approved: approval !== undefined, ...(approval === undefined ? {} : { approvedOn: approval.on }) };
}
