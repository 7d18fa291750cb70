/** Base facts 基础数据 that computed indicators rest on. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FACTS, type FactKind } from '#domain/performance/facts.js';
import { performanceEntries } from '#read-model/queries/performance.js';
import {
  BASE_FACTS_EXAMPLE,
  BaseFactsDto,
  BaseFactsQuery,
  type FactAtDto,
  type RecordedFactDto,
} from './base-facts.dto.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { eventsOfKind, recordedEntries, type Recorded } from './recorded-entries.js';
import { recordedDto, withdrawalDto } from './told-events.js';
import { YearReads } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class BaseFactsController {
  constructor(private readonly years: YearReads) {}

  @Get('base-facts')
  @YearRead({
    summary: 'Staff, assets, procurement, revenue and tasks as recorded, and what each comes to',
    description: 'Indicators that are worked out of them name the ids of those that they used.',
    answer: BaseFactsDto,
    example: BASE_FACTS_EXAMPLE,
  })
  facts(@AtPlace() place: Place, @Query() query: BaseFactsQuery): Promise<BaseFactsDto> {
    const isWanted = (fact: FactKind): boolean => query.fact === undefined || query.fact === fact;
    return this.years.answer(place, query, async ({ opened, at }) => {
      const found = recordedEntries('fact', await performanceEntries(opened, at, eventsOfKind('fact')), at.asOf);
      const recorded = found.map(factDto).filter(({ fact }) => isWanted(fact));
      const kinds = (Object.keys(FACTS) as FactKind[]).filter(isWanted);
      return { facts: kinds.map((fact) => factAt(fact, recorded)), recorded };
    });
  }
}

/** The last one by date that was not taken back. */
function factAt(fact: FactKind, recorded: readonly RecordedFactDto[]): FactAtDto {
  const last = recorded.findLast((one) => one.fact === fact && one.withdrawn === undefined);
  const known = { fact, ...FACTS[fact] };
  if (last === undefined) return { ...known, value: null };
  const { value, date, factId } = last;
  return { ...known, value, date, factId };
}

function factDto({ id, date, first, corrections, withdrawn }: Recorded<'fact'>): RecordedFactDto {
  const { fact, evidence } = first.data;
  return {
    ...recordedDto(first),
    ...{ factId: id, fact, date },
    value: (corrections.at(-1) ?? first).data.value,
    evidence,
    ...(corrections.length === 0 ? {} : { first: first.data.value }),
    corrections: corrections.map((correction) => ({
      ...recordedDto(correction),
      value: correction.data.value,
      reason: correction.data.reason,
    })),
    ...(withdrawn === undefined ? {} : { withdrawn: withdrawalDto(withdrawn) }),
  };
}
