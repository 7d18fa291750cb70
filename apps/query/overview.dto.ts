/** The first look at a year: totals, rates against the next checkpoint, and what is not as it should be. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Checkpoint } from '#domain/calendar.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { LIGHT_STATES, type LightState } from '#domain/scoring/lights.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { FiguresDto, LINES_EXAMPLE } from './lines.dto.js';
import { CHECKPOINTS } from './moment.js';
import { RATES_EXAMPLE, RateDto, VERDICTS } from './rates.dto.js';
import { ScopeDto } from './scope.js';

export const VIOLATIONS = ['LINE_OVERDRAWN', 'LOT_OVERDRAWN', 'PAID_BEFORE_APPROVAL', 'RATE_OVER_NOTHING'] as const;

export class ViolationDto {
  @ApiProperty({ enum: VIOLATIONS })
  readonly code: (typeof VIOLATIONS)[number];

  @ApiProperty({ example: 'P05: 1000.00 more is paid, requested, frozen or taken back than its budget holds' })
  readonly message: string;

  @ApiPropertyOptional({ example: 'P05', description: 'Of a line' })
  readonly line?: string;

  @ApiPropertyOptional({ example: '征地和拆迁补偿' })
  readonly name?: string;

  @ApiPropertyOptional({ example: '1000.00', description: 'By how much; of early payments: their net amount' })
  readonly amount?: string;

  @ApiPropertyOptional({
    example: '/api/v1/units/U0001/years/2024/journal?kind=paid&to=2024-01-14',
    description: 'Where the entries behind it are listed',
  })
  readonly journal?: string;

  @ApiPropertyOptional({ example: 'execution-rate', description: 'Of a rate' })
  readonly metric?: string;

  @ApiPropertyOptional({ type: ScopeDto })
  readonly scope?: Scope;

  @ApiPropertyOptional({ example: 'ZERO_DENOMINATOR' })
  readonly reason?: string;
}

export class WorstIndicatorDto {
  @ApiProperty({ example: 'I33' })
  readonly indicator: string;

  @ApiProperty({ example: '完成收储地块数量' })
  readonly level3: string;

  @ApiProperty({ enum: LIGHT_STATES, example: 'red' })
  readonly light: LightState;

  @ApiProperty({ enum: VERDICTS })
  readonly verdict: (typeof VERDICTS)[number];

  @ApiProperty({ type: String, nullable: true, example: '9', description: 'In the unit of the target, or a word' })
  readonly result: string | null;

  @ApiPropertyOptional({ example: '-7.00' })
  readonly distance?: string;
}

export class IndicatorsAtAGlanceDto {
  @ApiProperty({ example: 81 })
  readonly indicators: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { met: 61, missed: 2, 'not-assessed': 18 },
    description: 'Against the next checkpoint',
  })
  readonly verdicts: Readonly<Record<(typeof VERDICTS)[number], number>>;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { red: 1, yellow: 2, green: 60, blue: 0, 'not-assessed': 18 },
  })
  readonly lights: Readonly<Record<LightState, number>>;

  @ApiProperty({ type: [WorstIndicatorDto], description: 'Red and yellow ones, worst first, at most ten' })
  readonly worst: readonly WorstIndicatorDto[];
}

export class OverviewDto extends AnswerDto {
  @ApiProperty({ example: 'U0001' })
  readonly unit: string;

  @ApiProperty({ example: '某市土地储备中心' })
  readonly unitName: string;

  @ApiProperty({ example: 2024 })
  readonly year: number;

  @ApiProperty({ example: true, description: 'Before approval all figures are real zeros' })
  readonly approved: boolean;

  @ApiPropertyOptional({ format: 'date', example: '2024-01-01' })
  readonly approvedOn?: string;

  @ApiProperty({ type: FiguresDto })
  readonly totals: FiguresDto;

  @ApiProperty({ enum: CHECKPOINTS, description: 'The next checkpoint from asOf on' })
  readonly checkpoint: Checkpoint;

  @ApiProperty({ type: [RateDto] })
  readonly rates: readonly RateDto[];

  @ApiProperty({ type: [ViolationDto] })
  readonly violations: readonly ViolationDto[];

  @ApiProperty({ type: IndicatorsAtAGlanceDto, description: 'All are under `targets`' })
  readonly performance: IndicatorsAtAGlanceDto;
}

export const OVERVIEW_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  unit: 'U0001',
  unitName: '某市土地储备中心',
  year: 2024,
  approved: true,
  approvedOn: '2024-01-01',
  totals: LINES_EXAMPLE.totals,
  checkpoint: 'half',
  rates: RATES_EXAMPLE.rates,
  violations: [
    {
      code: 'LINE_OVERDRAWN',
      message: 'P05: 1000.00 more is paid, requested, frozen or taken back than its budget holds',
      line: 'P05',
      name: '征地和拆迁补偿',
      amount: '1000.00',
    },
  ],
  performance: {
    indicators: 81,
    verdicts: { met: 61, missed: 2, 'not-assessed': 18 },
    lights: { red: 1, yellow: 2, green: 60, blue: 0, 'not-assessed': 18 },
    worst: [
      {
        indicator: 'I33',
        level3: '完成收储地块数量',
        light: 'red',
        verdict: 'missed',
        result: '9',
        distance: '-7.00',
      },
    ],
  },
} as const satisfies OverviewDto;
