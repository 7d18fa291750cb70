/** Answers about rates: exact ratios beside their targets (design 8, rates). */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Checkpoint } from '#domain/calendar.js';
import type { Scope } from '#domain/metrics/quantities.js';
import type { Rate } from '#domain/metrics/report.js';
import { METRICS } from '#domain/metrics/registry.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { CHECKPOINTS } from './moment.js';
import { ScopeDto } from './scope.js';

export const STATUSES = ['OK', 'NOT_APPLICABLE', 'NOT_COMPUTABLE'] as const;
export const COMPARATORS = ['=', '>=', '<='] as const;
export const VERDICTS = ['met', 'missed', 'not-assessed'] as const;

export class NameDto {
  @ApiProperty({ example: '预算执行率' })
  readonly zh: string;

  @ApiProperty({ example: 'Budget execution rate' })
  readonly en: string;
}

export class RateTargetDto {
  @ApiProperty({ enum: CHECKPOINTS, example: 'half' })
  readonly checkpoint: Checkpoint;

  @ApiProperty({ enum: COMPARATORS, example: '=' })
  readonly comparator: (typeof COMPARATORS)[number];

  @ApiProperty({ example: '38', description: 'As printed, in the unit of the target' })
  readonly value: string;
}

export class CoverageDto {
  @ApiProperty({ example: '800000.00', description: 'Amounts whose economic code decides the question' })
  readonly coded: string;

  @ApiProperty({ example: '1554230.00' })
  readonly total: string;
}

export class RateDto implements Rate {
  @ApiProperty({ enum: METRICS.map(({ id }) => id), example: 'execution-rate' })
  readonly metric: Rate['metric'];

  @ApiProperty({ example: 1, description: 'Version of the formula' })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiPropertyOptional({ example: 'adjustment-rate', description: 'The metric that this is a registered view of' })
  readonly viewOf?: string;

  @ApiProperty({ type: ScopeDto })
  readonly scope: Scope;

  @ApiProperty({
    enum: STATUSES,
    description: 'NOT_APPLICABLE: left out. NOT_COMPUTABLE: something is missing or wrong',
  })
  readonly status: Rate['status'];

  @ApiPropertyOptional({ example: 'ZERO_OVER_ZERO', description: 'Why there is no value, or no verdict yet' })
  readonly reason?: string;

  @ApiProperty({ type: String, nullable: true, example: '7508100.00' })
  readonly numerator: string | null;

  @ApiProperty({ type: String, nullable: true, example: '19656600.00' })
  readonly denominator: string | null;

  @ApiProperty({ type: String, nullable: true, example: '38.20', description: 'Two decimals, formed at output' })
  readonly percent: string | null;

  @ApiPropertyOptional({ example: '-3.10', description: 'Of an absolute rate: the percentage with its sign' })
  readonly signed?: string;

  @ApiPropertyOptional({ example: '12000.00', description: 'Of a change from nothing: the absolute increase' })
  readonly increase?: string;

  @ApiPropertyOptional({ type: CoverageDto })
  readonly coverage?: CoverageDto;

  @ApiPropertyOptional({ enum: [true], description: 'Rests on a line without a half-year value' })
  readonly assumed?: true;

  @ApiPropertyOptional({ example: 'I08', description: 'The indicator whose target this is' })
  readonly indicator?: string;

  @ApiPropertyOptional({ type: RateTargetDto })
  readonly target?: RateTargetDto;

  @ApiPropertyOptional({ enum: VERDICTS })
  readonly verdict?: (typeof VERDICTS)[number];

  @ApiPropertyOptional({ example: '0.20', description: "Result − target in the target's unit, signed" })
  readonly distance?: string;

  @ApiPropertyOptional({ enum: [true], description: 'Of a ＝n target: the rounded result is above n' })
  readonly exceeded?: true;

  @ApiPropertyOptional({ enum: [true], description: 'Something was spent or moved on a base of nothing' })
  readonly violation?: true;
}

export class RatesDto extends AnswerDto {
  @ApiProperty({ example: true })
  readonly approved: boolean;

  @ApiProperty({ enum: CHECKPOINTS, description: 'The checkpoint whose targets are compared' })
  readonly checkpoint: Checkpoint;

  @ApiProperty({ type: [RateDto], description: 'Every metric, for all funds and in the scope of each target' })
  readonly rates: readonly RateDto[];
}

export const EXAMPLE_RATE = {
  metric: 'execution-rate',
  version: 1,
  name: { zh: '预算执行率', en: 'Budget execution rate' },
  scope: { funds: ['general-public'], expenditure: 'all' },
  status: 'OK',
  numerator: '7508100.00',
  denominator: '19656600.00',
  percent: '38.20',
  indicator: 'I08',
  target: { checkpoint: 'half', comparator: '=', value: '38' },
  verdict: 'met',
  distance: '0.20',
} as const satisfies RateDto;

export const RATES_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  approved: true,
  checkpoint: 'half',
  rates: [
    {
      metric: 'execution-rate',
      version: 1,
      name: { zh: '预算执行率', en: 'Budget execution rate' },
      scope: { funds: 'all', expenditure: 'all' },
      status: 'OK',
      numerator: '910258100.00',
      denominator: '2061422400.00',
      percent: '44.16',
    },
    EXAMPLE_RATE,
  ],
} as const satisfies RatesDto;
