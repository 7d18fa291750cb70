/** The answer to "why this figure": formula and version, inputs, the plans and the exact events, and a permanent link. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { METRICS } from '#domain/metrics/registry.js';
import type { MetricResult } from '#domain/metrics/result.js';
import { EXAMPLE_ANSWER, PageDto } from './answer.dto.js';
import { EntryDto, EXAMPLE_ENTRY } from './journal.dto.js';
import { CoverageDto, NameDto, STATUSES } from './rates.dto.js';
import { ScopeDto } from './scope.js';

export class InputDto {
  @ApiProperty({ example: 'paid' })
  readonly name: string;

  @ApiPropertyOptional({ example: 'X', description: 'The symbol in the formula' })
  readonly symbol?: string;

  @ApiProperty({ example: '7508100.00' })
  readonly amount: string;

  @ApiProperty({
    enum: EFFECT_KINDS,
    isArray: true,
    description: 'Kinds of the entries that make it up; none for a plan',
  })
  readonly kinds: readonly EffectKind[];
}

export class PlanInForceDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({
    enum: ['approved', 'monthly', 'none'],
    description: 'none: the budget is planned evenly over the year',
  })
  readonly kind: 'approved' | 'monthly' | 'none';

  @ApiPropertyOptional({ format: 'date', example: '2024-01-01' })
  readonly effectiveDate?: string;

  @ApiProperty({ example: '46040000.00', description: 'P(asOf) of the line' })
  readonly plannedToDate: string;

  @ApiPropertyOptional({ enum: [true], description: 'Planned evenly by day: no half-year value was given' })
  readonly assumed?: true;
}

export class PriorYearDto {
  @ApiProperty({ example: 2023 })
  readonly year: number;

  @ApiProperty({
    example: '/api/v1/units/U0001/years/2023/journal?asOf=2023-12-31&knownAt=2024-07-01T08%3A15%3A02.113Z',
    description: 'The entries of the year before that the figure rests on',
  })
  readonly journal: string;
}

export class ExplanationDto extends PageDto {
  @ApiProperty({ enum: METRICS.map(({ id }) => id), example: 'execution-rate' })
  readonly metric: string;

  @ApiProperty({ example: 1 })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiProperty({ example: 'X / B, B = B0 + C0 + A+ − A− + net transfers, not lowered by take-backs' })
  readonly formula: string;

  @ApiProperty({ example: '财预〔2013〕53号 预算完成率, default definition' })
  readonly source: string;

  @ApiProperty({ type: ScopeDto })
  readonly scope: Scope;

  @ApiProperty({ enum: STATUSES })
  readonly status: MetricResult['status'];

  @ApiPropertyOptional({ example: 'ZERO_OVER_ZERO' })
  readonly reason?: string;

  @ApiProperty({ type: String, nullable: true, example: '7508100.00' })
  readonly numerator: string | null;

  @ApiProperty({ type: String, nullable: true, example: '19656600.00' })
  readonly denominator: string | null;

  @ApiProperty({ type: String, nullable: true, example: '38.20' })
  readonly percent: string | null;

  @ApiPropertyOptional({ type: CoverageDto })
  readonly coverage?: CoverageDto;

  @ApiProperty({ type: [InputDto] })
  readonly inputs: readonly InputDto[];

  @ApiPropertyOptional({ type: [PlanInForceDto], description: 'When P goes in: the plan in force of each line' })
  readonly plans?: readonly PlanInForceDto[];

  @ApiPropertyOptional({ type: PriorYearDto, description: 'When figures of the year before go in' })
  readonly priorYear?: PriorYearDto;

  @ApiProperty({ type: [EntryDto], description: 'Every money effect that the figure is made of' })
  readonly entries: readonly EntryDto[];

  @ApiProperty({
    example:
      '/api/v1/units/U0001/years/2024/rates/execution-rate/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z&funds=general-public&expenditure=all',
    description: 'Gives the same answer later, whatever is recorded meanwhile',
  })
  readonly link: string;
}

export const EXPLANATION_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  metric: 'execution-rate',
  version: 1,
  name: { zh: '预算执行率', en: 'Budget execution rate' },
  formula: 'X / B, B = B0 + C0 + A+ − A− + net transfers, not lowered by take-backs',
  source: '财预〔2013〕53号 预算完成率, default definition',
  scope: { funds: ['general-public'], expenditure: 'all' },
  status: 'OK',
  numerator: '7508100.00',
  denominator: '19656600.00',
  percent: '38.20',
  inputs: [
    { name: 'paid', symbol: 'X', amount: '7508100.00', kinds: ['paid'] },
    { name: 'current', symbol: 'B', amount: '19656600.00', kinds: ['original'] },
    { name: 'original', symbol: 'B0', amount: '19656600.00', kinds: ['original'] },
  ],
  entries: [EXAMPLE_ENTRY],
  link: '/api/v1/units/U0001/years/2024/rates/execution-rate/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z&funds=general-public&expenditure=all',
} as const satisfies ExplanationDto;
