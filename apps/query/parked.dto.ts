/** Answers about streams whose projection stopped at an event. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ParkedStream } from '#read-model/queries/parked.js';

export class ParkedDto {
  @ApiProperty({ example: 'budget-U0001-2024' })
  readonly stream: string;

  @ApiPropertyOptional({ example: 'U0001', description: 'Absent for the directory of units' })
  readonly unit?: string;

  @ApiPropertyOptional({ example: 2024 })
  readonly year?: number;

  @ApiProperty({ example: 6, description: 'Revision of the event that stopped it' })
  readonly revision: number;

  @ApiProperty({ example: 'BudgetExploded' })
  readonly type: string;

  @ApiProperty({ example: 'unknown event type BudgetExploded' })
  readonly error: string;

  @ApiProperty({ example: 3, description: 'Events that no answer includes yet: that one and all after it' })
  readonly heldBack: number;

  @ApiProperty({
    format: 'date-time',
    example: '2024-07-01T08:15:02.113Z',
    description: 'When that event was recorded',
  })
  readonly since: string;
}

export class ParkedListDto {
  @ApiProperty({ type: [ParkedDto], description: 'By stream; none when all is well' })
  readonly parked: readonly ParkedDto[];
}

export const parkedDto = ({ since, ...stopped }: ParkedStream): ParkedDto => ({
  ...stopped,
  since: new Date(since).toISOString(),
});

export const PARKED_EXAMPLE = {
  stream: 'budget-U0001-2024',
  revision: 6,
  type: 'BudgetExploded',
  error: 'unknown event type BudgetExploded',
  unit: 'U0001',
  year: 2024,
  heldBack: 3,
  since: '2024-07-01T08:15:02.113Z',
} as const satisfies ParkedDto;
