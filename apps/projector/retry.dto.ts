/** What became of a stream that was projected again from where it had stopped. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXPENDITURES, FUND_NATURES } from '#domain/budget/events.js';
import type { Scope } from '#domain/metrics/quantities.js';
import type { ParkedStream } from '#read-model/queries/parked.js';

/** As `GET /api/v1/parked` lists it. */
export class StoppedStreamDto implements Omit<ParkedStream, 'since'> {
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

  @ApiProperty({ format: 'date-time', description: 'When that event was recorded' })
  readonly since: string;
}

export class MovedNameDto {
  @ApiProperty({ example: '预算执行率' })
  readonly zh: string;

  @ApiProperty({ example: 'Budget execution rate' })
  readonly en: string;
}

export class MovedScopeDto implements Scope {
  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['all'] },
      { type: 'array', items: { type: 'string', enum: [...FUND_NATURES] } },
    ],
  })
  readonly funds: Scope['funds'];

  @ApiProperty({ enum: ['all', ...EXPENDITURES] })
  readonly expenditure: Scope['expenditure'];
}

export class AmountMovedDto {
  @ApiProperty({ example: 'paid', description: 'Named as in the answer of GET …/lines' })
  readonly amount: string;

  @ApiProperty({ example: '40000000.00' })
  readonly before: string;

  @ApiProperty({ example: '40120000.00' })
  readonly after: string;

  @ApiProperty({ example: '120000.00', description: 'after − before' })
  readonly change: string;
}

export class LineMovedDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ type: [AmountMovedDto] })
  readonly changes: readonly AmountMovedDto[];
}

export class RateMovedDto {
  @ApiProperty({ example: 'execution-rate' })
  readonly metric: string;

  @ApiProperty({ type: MovedNameDto })
  readonly name: MovedNameDto;

  @ApiProperty({ type: MovedScopeDto })
  readonly scope: MovedScopeDto;

  @ApiPropertyOptional({ example: 'I07', description: 'The indicator that sets its target' })
  readonly indicator?: string;

  @ApiProperty({ type: String, nullable: true, example: '38.20', description: 'null where there is no such figure' })
  readonly before: string | null;

  @ApiProperty({ type: String, nullable: true, example: '38.31' })
  readonly after: string | null;

  @ApiPropertyOptional({ example: '0.11', description: 'after − before in percentage points' })
  readonly change?: string;
}

export class RetryDifferenceDto {
  @ApiProperty({ format: 'date', example: '2024-07-01', description: 'The date that both are about' })
  readonly asOf: string;

  @ApiProperty({ type: [LineMovedDto], description: 'Lines on which anything moved' })
  readonly lines: readonly LineMovedDto[];

  @ApiProperty({ type: [RateMovedDto], description: 'Rates that moved' })
  readonly rates: readonly RateMovedDto[];
}

export class RetryDto {
  @ApiProperty({ example: 'budget-U0001-2024' })
  readonly stream: string;

  @ApiProperty({ example: true, description: 'Whether the stream goes on: all its events are projected' })
  readonly resumed: boolean;

  @ApiPropertyOptional({ type: StoppedStreamDto, description: 'What still stops it' })
  readonly parked?: StoppedStreamDto;

  @ApiPropertyOptional({
    type: RetryDifferenceDto,
    description: 'What it changed in the figures of the unit and year; absent for the directory',
  })
  readonly difference?: RetryDifferenceDto;
}

export const RETRY_EXAMPLE = {
  stream: 'budget-U0001-2024',
  resumed: true,
  difference: {
    asOf: '2024-07-01',
    lines: [
      {
        line: 'P05',
        changes: [{ amount: 'paid', before: '40000000.00', after: '40120000.00', change: '120000.00' }],
      },
    ],
    rates: [
      {
        metric: 'execution-rate',
        name: { zh: '预算执行率', en: 'Execution rate' },
        scope: { funds: 'all', expenditure: 'all' },
        before: '38.20',
        after: '38.31',
        change: '0.11',
      },
    ],
  },
} as const satisfies RetryDto;
