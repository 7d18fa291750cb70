/** The planned and actual curves of a year. Amounts in yuan, cumulative; symbols of rule book 2.1. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Checkpoint } from '#domain/calendar.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { STEPS, type Step } from '#read-model/queries/series.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { CHECKPOINTS } from './moment.js';
import { COMPARATORS } from './rates.dto.js';
import { ScopeDto, ScopeQuery } from './scope.js';

export class SeriesQuery extends ScopeQuery {
  @ApiPropertyOptional({
    enum: STEPS,
    example: 'month',
    description: 'month: a point at each month’s end; day: also on every day on which something moved. Default: month',
  })
  @IsOptional()
  @IsIn(STEPS)
  by?: Step;

  @ApiPropertyOptional({ type: String, example: 'P05', description: 'Only this line, in the scope asked for' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  line?: string;
}

export class PointDto {
  @ApiProperty({ format: 'date', example: '2024-06-30', description: 'Everything up to and including this date' })
  readonly date: string;

  @ApiProperty({ example: '91025.81', description: 'P 计划执行数; after asOf as the plan stood on that date' })
  readonly planned: string;

  @ApiPropertyOptional({ enum: [true], description: 'Rests on a line without a half-year value' })
  readonly plannedAssumed?: true;

  @ApiPropertyOptional({ example: '206142.24', description: 'B 变动后预算数; absent after asOf' })
  readonly current?: string;

  @ApiPropertyOptional({ example: '78811.20', description: 'X 执行数; absent after asOf' })
  readonly paid?: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: '38.23',
    description: 'Execution rate X / B so far; null with a reason where there is none, absent after asOf',
  })
  readonly percent?: string | null;

  @ApiPropertyOptional({ example: 'ZERO_OVER_ZERO', description: 'Why there is no rate' })
  readonly reason?: string;

  @ApiPropertyOptional({
    example:
      '/api/v1/units/U0001/years/2024/figures/paid/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z',
    description: 'The entries behind `paid`; the same answer for ever',
  })
  readonly explanation?: string;
}

export class TargetPointDto {
  @ApiProperty({ example: 'I08' })
  readonly indicator: string;

  @ApiProperty({ enum: CHECKPOINTS })
  readonly checkpoint: Checkpoint;

  @ApiProperty({ format: 'date', example: '2024-06-30' })
  readonly date: string;

  @ApiProperty({ enum: COMPARATORS, example: '=' })
  readonly comparator: (typeof COMPARATORS)[number];

  @ApiProperty({ example: '38', description: 'Percent, as printed' })
  readonly percent: string;
}

export class SeriesDto extends AnswerDto {
  @ApiProperty({ example: true, description: 'Before approval all figures are real zeros' })
  readonly approved: boolean;

  @ApiProperty({ enum: STEPS })
  readonly by: Step;

  @ApiProperty({ type: ScopeDto })
  readonly scope: Scope;

  @ApiPropertyOptional({ example: 'P05' })
  readonly line?: string;

  @ApiProperty({ type: [PointDto], description: 'By date: month ends and asOf, by day also the days with movement' })
  readonly points: readonly PointDto[];

  @ApiProperty({
    type: [TargetPointDto],
    description: 'Targets of the execution rate that are bound to exactly this scope; none for a single line',
  })
  readonly targets: readonly TargetPointDto[];
}

export const SERIES_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  approved: true,
  by: 'month',
  scope: { funds: ['general-public'], expenditure: 'all' },
  points: [
    {
      date: '2024-06-30',
      planned: '7508100.00',
      current: '19656600.00',
      paid: '7508100.00',
      percent: '38.20',
      explanation:
        '/api/v1/units/U0001/years/2024/figures/paid/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z' +
        '&funds=general-public&expenditure=all',
    },
    { date: '2024-07-31', planned: '9554783.70' },
  ],
  targets: [{ indicator: 'I08', checkpoint: 'half', date: '2024-06-30', comparator: '=', percent: '38' }],
} as const satisfies SeriesDto;
