/** What every answer about one unit and year says of itself: which moment it is about and what it includes (design 7). */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class AnswerDto {
  @ApiProperty({ format: 'date', example: '2024-06-30', description: 'Effective up to and including' })
  readonly asOf: string;

  @ApiProperty({
    format: 'date-time',
    example: '2024-07-01T08:15:02.113Z',
    description: 'Recorded up to and including; of an answer for now: when its last event was recorded',
  })
  readonly knownAt: string;

  @ApiProperty({ example: '4711', description: 'Place in the log of the last event that the answer includes' })
  readonly position: string;

  @ApiProperty({
    format: 'date-time',
    example: '2024-07-01T08:15:02.113Z',
    description: 'When the last event that the answer includes was recorded',
  })
  readonly recordedAt: string;

  @ApiPropertyOptional({
    enum: [true],
    description: 'Only when an event of this unit and year could not be projected: the answer ends before it',
  })
  readonly stale?: true;

  @ApiPropertyOptional({
    example: 'event 6 of budget-U0001-2024 could not be projected: unknown event type BudgetExploded',
    description: 'Why the answer is stale; GET /api/v1/parked lists all such streams',
  })
  readonly staleReason?: string;
}

/** What all examples are about. */
export const EXAMPLE_ANSWER = {
  asOf: '2024-06-30',
  knownAt: '2024-07-01T08:15:02.113Z',
  position: '4711',
  recordedAt: '2024-07-01T08:15:02.113Z',
} as const satisfies AnswerDto;

export class PageDto extends AnswerDto {
  @ApiPropertyOptional({
    example: 'WyJqb3VybmFsIiwiNDcxMSJd',
    description: 'Give it as `cursor` for what follows; absent on the last page',
  })
  readonly next?: string;
}

export class DocumentDto {
  @ApiProperty({ example: '财预〔2024〕17号' })
  readonly number: string;

  @ApiPropertyOptional({ example: '关于追加预算的通知' })
  readonly title?: string;

  @ApiPropertyOptional({ format: 'date', example: '2024-05-08' })
  readonly date?: string;
}

export class ActorDto {
  @ApiProperty({ example: 'local' })
  readonly id: string;

  @ApiPropertyOptional({ example: 'sample' })
  readonly name?: string;
}

export class CodesDto {
  @ApiPropertyOptional({ example: '2120801' })
  readonly function?: string;

  @ApiPropertyOptional({ example: '50502' })
  readonly governmentEconomic?: string;

  @ApiPropertyOptional({ example: '30216' })
  readonly departmentEconomic?: string;

  @ApiPropertyOptional({ example: 'P2024-0007' })
  readonly project?: string;
}
