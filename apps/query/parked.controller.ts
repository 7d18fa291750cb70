/** Which streams stopped at an event that cannot be projected. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Position } from '#domain/envelope.js';
import { parkedStreams } from '#read-model/queries/parked.js';
import { awaitPosition } from './freshness.js';
import { FreshnessQuery } from './moment.js';
import { PARKED_EXAMPLE, ParkedListDto, parkedDto } from './parked.dto.js';
import { PlainRead } from './read-operation.js';
import { Sources } from './sources.js';

@ApiTags('read')
@Controller('api/v1/parked')
export class ParkedController {
  constructor(private readonly sources: Sources) {}

  @Get()
  @PlainRead({
    summary: 'Streams that stopped at an event which could not be projected, why, and how much waits behind it',
    description:
      'Answers about their unit and year end before that event and say `stale: true`. All others are not touched.',
    answer: ParkedListDto,
    example: { parked: [PARKED_EXAMPLE] },
  })
  async parked(@Query() { atLeast }: FreshnessQuery): Promise<ParkedListDto> {
    if (atLeast !== undefined) await awaitPosition(this.sources, atLeast as Position);
    return { parked: (await parkedStreams(this.sources.dataSource)).map(parkedDto) };
  }
}
