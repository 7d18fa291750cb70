/** What a live stream is asked for and what its messages say. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { UNIT_CODE } from '#domain/directory/decide.js';
import type { Family } from '#read-model/projections/streams.js';
import { YEAR } from './place.js';

/** A position of this store, or its beginning. */
export const PLACE_IN_LOG = /^(start|\d{1,18})$/;

export class LiveQuery {
  @ApiPropertyOptional({ type: String, example: 'U0001', description: 'Only what concerns this unit' })
  @IsOptional()
  @Matches(UNIT_CODE, {
    message: 'unit must be 1 to 21 capital letters and digits',
    context: { code: 'INVALID_VALUE' },
  })
  unit?: string;

  @ApiPropertyOptional({
    type: String,
    example: '2024',
    description: 'Only what concerns this year; what the directory says of a unit concerns all years',
  })
  @IsOptional()
  @Matches(YEAR, { message: 'year must be one of 1990 to 2099', context: { code: 'INVALID_VALUE' } })
  year?: string;

  @ApiPropertyOptional({
    type: String,
    example: '4711',
    description:
      'Tells everything after this position first; Last-Event-ID, which a reader sends that comes back, goes before it',
  })
  @IsOptional()
  @Matches(PLACE_IN_LOG, {
    message: 'after must be a position, as an answer names it, or start',
    context: { code: 'INVALID_POSITION' },
  })
  after?: string;
}

const FAMILIES = ['budget', 'performance', 'directory'] as const satisfies readonly Family['family'][];

export class ChangedDto {
  @ApiProperty({ example: 'U0001' })
  readonly unit: string;

  @ApiPropertyOptional({ example: 2024, description: 'Absent for the directory' })
  readonly year?: number;

  @ApiProperty({ enum: FAMILIES, example: 'budget' })
  readonly family: Family['family'];

  @ApiProperty({ example: 118, description: 'Of the last event told, in its stream' })
  readonly revision: number;

  @ApiProperty({ example: 2, description: 'How many events came in' })
  readonly events: number;

  @ApiProperty({ type: [String], example: ['PaymentExecuted', 'BudgetAdded'], description: 'Each once' })
  readonly types: readonly string[];
}

class LivePlaceDto {
  @ApiProperty({ example: '4711', description: 'The read models include everything up to here' })
  readonly position: string;

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2024-07-01T08:15:02.113Z',
    description: 'When the event there was recorded',
  })
  readonly recordedAt?: string;
}

/** `event: change` */
export class ChangesDto extends LivePlaceDto {
  @ApiProperty({ type: [ChangedDto] })
  readonly changes: readonly ChangedDto[];
}

export class StaleStreamDto {
  @ApiPropertyOptional({ example: 'U0001', description: 'Absent for the directory' })
  readonly unit?: string;

  @ApiPropertyOptional({ example: 2024, description: 'Absent for the directory' })
  readonly year?: number;

  @ApiProperty({ enum: FAMILIES, example: 'budget' })
  readonly family: Family['family'];

  @ApiProperty({ example: 6, description: 'Of the event that could not be projected, in its stream' })
  readonly revision: number;

  @ApiProperty({ example: 'event 6 of budget-U0001-2024 could not be projected: unknown event type' })
  readonly reason: string;
}

/** `event: stale`: reads of this unit and year end before that event. */
export class StaleTellingDto extends LivePlaceDto implements StaleStreamDto {
  @ApiPropertyOptional({ example: 'U0001', description: 'Absent for the directory' })
  readonly unit?: string;

  @ApiPropertyOptional({ example: 2024, description: 'Absent for the directory' })
  readonly year?: number;

  @ApiProperty({ enum: FAMILIES, example: 'budget' })
  readonly family: Family['family'];

  @ApiProperty({ example: 6, description: 'Of the event that could not be projected, in its stream' })
  readonly revision: number;

  @ApiProperty({ example: 'event 6 of budget-U0001-2024 could not be projected: unknown event type' })
  readonly reason: string;
}

/** `event: hello` */
export class HelloDto extends LivePlaceDto {
  @ApiProperty({ type: [StaleStreamDto], description: 'What is stale now, whether or not it was told before' })
  readonly stale: readonly StaleStreamDto[];
}

export const LIVE_EXAMPLE = `retry: 2000
id: 4711
event: hello
data: {"position":"4711","recordedAt":"2024-07-01T08:15:02.113Z","stale":[]}

id: 4713
event: change
data: {"position":"4713","recordedAt":"2024-07-01T08:16:40.900Z","changes":[{"unit":"U0001","year":2024,"family":"budget","revision":118,"events":2,"types":["PaymentExecuted","BudgetAdded"]}]}

: here
id: 4713

`;
