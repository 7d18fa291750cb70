/** Answers about the pace of lines and of indicators: planned and done, what is left and how fast, and what it comes to. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { Checkpoint } from '#domain/calendar.js';
import { FORECAST_METHODS, type ForecastMethodId } from '#domain/metrics/forecast.js';
import { LIGHT_RULES, type LightRule } from '#domain/scoring/light-of.js';
import { LIGHT_STATES, type LightState } from '#domain/scoring/lights.js';
import { IsNumberText } from '#platform/validation.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { CHECKPOINTS, MomentQuery } from './moment.js';

export const PACED = ['lines', 'indicators'] as const;

export class PaceQuery extends MomentQuery {
  @ApiPropertyOptional({ enum: PACED, example: 'lines', description: 'Only these; default: both' })
  @IsOptional()
  @IsIn(PACED)
  of?: (typeof PACED)[number];

  @ApiPropertyOptional({ type: String, example: 'P05', description: 'Only this line' })
  @IsOptional()
  @IsNumberText()
  line?: string;

  @ApiPropertyOptional({ type: String, example: 'I33', description: 'Only this indicator' })
  @IsOptional()
  @IsNumberText()
  indicator?: string;
}

const METHODS = FORECAST_METHODS.map(({ id }) => id);

export class LightDto {
  @ApiProperty({ enum: LIGHT_STATES, example: 'green' })
  readonly state: LightState;

  @ApiProperty({ enum: Object.keys(LIGHT_RULES), example: 'to-date', description: 'The rule that decided' })
  readonly rule: LightRule;

  @ApiPropertyOptional({ example: '16.00', description: 'What is wanted on the date' })
  readonly wanted?: string;

  @ApiPropertyOptional({ example: '106.25', description: 'Done of what is wanted, in percent' })
  readonly percent?: string;

  @ApiPropertyOptional({ example: 'NO_RESULT', description: 'Why it is not assessed, or what the violation is' })
  readonly reason?: string;
}

export class DoneDto {
  @ApiProperty({ format: 'date', example: '2024-06-30' })
  readonly on: string;

  @ApiProperty({ example: '17.00' })
  readonly value: string;
}

export class RequiredPaceDto {
  @ApiProperty({ enum: CHECKPOINTS, description: 'The next checkpoint that has a target' })
  readonly checkpoint: Checkpoint;

  @ApiProperty({ format: 'date', example: '2024-12-31' })
  readonly on: string;

  @ApiProperty({ example: '30.00' })
  readonly target: string;

  @ApiProperty({
    enum: ['open', 'reached', 'ceiling', 'exceeded'],
    description: 'ceiling: the target is a limit and `left` the room under it; exceeded: the limit is passed',
  })
  readonly status: 'open' | 'reached' | 'ceiling' | 'exceeded';

  @ApiProperty({ example: '13.00' })
  readonly left: string;

  @ApiProperty({ example: 184 })
  readonly daysLeft: number;

  @ApiProperty({ example: '0.0707', description: 'Four decimals; of money two' })
  readonly perDay: string;

  @ApiProperty({ example: '2.17' })
  readonly perMonth: string;
}

export class EstimateDto {
  @ApiProperty({ enum: METHODS, example: 'planned-rest' })
  readonly method: ForecastMethodId;

  @ApiProperty({ example: 1, description: 'Version of the method' })
  readonly version: number;

  @ApiProperty({ example: '31.00' })
  readonly value: string;

  @ApiPropertyOptional({ enum: [true], description: 'The method came to less than is done already' })
  readonly floored?: true;

  @ApiPropertyOptional({ example: '1000.00', description: 'By how much it passes the budget' })
  readonly aboveBudget?: string;
}

export class NotAppliedDto {
  @ApiProperty({ enum: METHODS, example: 'recent-pace' })
  readonly method: ForecastMethodId;

  @ApiProperty({ example: 'NO_EARLIER_RESULT' })
  readonly reason: string;
}

/** For 31 December. */
export class ForecastDto {
  @ApiProperty({ enum: ['OK', 'NONE'] })
  readonly status: 'OK' | 'NONE';

  @ApiPropertyOptional({ example: 'TOO_EARLY', description: 'Why there is none' })
  readonly reason?: string;

  @ApiPropertyOptional({ format: 'date', example: '2024-06-30', description: 'Day up to which it is measured' })
  readonly measuredOn?: string;

  @ApiPropertyOptional({ enum: METHODS, example: 'planned-rest', description: 'The method that goes first' })
  readonly method?: ForecastMethodId;

  @ApiPropertyOptional({ example: 1 })
  readonly version?: number;

  @ApiPropertyOptional({ enum: ['ON_PLAN', 'OFF_PLAN', 'NO_PLAN', 'LEVEL', 'YEAR_OVER'], description: 'Why that one' })
  readonly because?: string;

  @ApiPropertyOptional({ example: '31.00' })
  readonly value?: string;

  @ApiPropertyOptional({ example: '31.00', description: 'Least of all methods that apply' })
  readonly low?: string;

  @ApiPropertyOptional({ example: '34.19', description: 'Greatest of them' })
  readonly high?: string;

  @ApiPropertyOptional({ type: [EstimateDto], description: 'Every method that applies' })
  readonly estimates?: readonly EstimateDto[];

  @ApiPropertyOptional({ type: [NotAppliedDto] })
  readonly notApplied?: readonly NotAppliedDto[];
}

/** Where a course stands on the date asked for. Amounts in yuan, or in the unit of the target. */
export class StandDto {
  @ApiPropertyOptional({ example: '16.00', description: 'Planned to date; absent where nothing is planned for it' })
  readonly planned?: string;

  @ApiPropertyOptional({ enum: [true], description: 'No half-year value is stated: planned evenly over the year' })
  readonly plannedAssumed?: true;

  @ApiPropertyOptional({ type: DoneDto, description: 'Absent when nothing is known' })
  readonly done?: DoneDto;

  @ApiPropertyOptional({ example: '1.00', description: 'Done − planned, signed' })
  readonly deviation?: string;

  @ApiPropertyOptional({ example: '6.25', description: 'The deviation in percent of what is planned' })
  readonly deviationPercent?: string;

  @ApiPropertyOptional({ example: '0.0934', description: 'Done a day so far; none for a level' })
  readonly perDay?: string;

  @ApiPropertyOptional({ type: RequiredPaceDto, description: 'Absent after the last checkpoint and without a result' })
  readonly required?: RequiredPaceDto;

  @ApiProperty({ type: ForecastDto })
  readonly forecast: ForecastDto;
}

export class CurvePointDto {
  @ApiProperty({ format: 'date', example: '2024-06-30' })
  readonly date: string;

  @ApiPropertyOptional({ example: '16.00' })
  readonly planned?: string;

  @ApiPropertyOptional({ example: '17.00', description: 'Absent after asOf, and before the first result' })
  readonly done?: string;
}

class CourseDto extends StandDto {
  @ApiProperty({ type: LightDto })
  readonly light: LightDto;

  @ApiProperty({ type: [CurvePointDto], description: 'At month ends and at asOf; of results also on their dates' })
  readonly points: readonly CurvePointDto[];
}

export class PacedLineDto extends CourseDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: '征地和拆迁补偿' })
  readonly name: string;

  @ApiProperty({ example: '92080000.00', description: 'B 变动后预算数' })
  readonly current: string;
}

export class PacedIndicatorDto extends CourseDto {
  @ApiProperty({ example: 'I33' })
  readonly indicator: string;

  @ApiProperty({ example: '完成收储地块数量' })
  readonly level3: string;

  @ApiProperty({ example: '个' })
  readonly unit: string;

  @ApiProperty({ enum: ['flow', 'rising-share'], description: 'Counts up from 0, or is a share of the year’s work' })
  readonly course: 'flow' | 'rising-share';
}

export class WithoutForecastDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: 'TOO_EARLY' })
  readonly reason: string;
}

export class LinesTogetherDto {
  @ApiProperty({ type: LightDto, description: 'Of all payments against all plans' })
  readonly light: LightDto;

  @ApiPropertyOptional({ example: '2061422400.00', description: 'Sum of the forecasts; absent when there is none' })
  readonly forecast?: string;

  @ApiPropertyOptional({ example: '2000000000.00' })
  readonly low?: string;

  @ApiPropertyOptional({ example: '2061422400.00' })
  readonly high?: string;

  @ApiPropertyOptional({ type: [WithoutForecastDto], description: 'Lines that go in with what is paid' })
  readonly without?: readonly WithoutForecastDto[];
}

export class PaceDto extends AnswerDto {
  @ApiProperty({ example: 1, description: 'Version of the thresholds that the lights were decided by' })
  readonly thresholds: number;

  @ApiProperty({ type: [PacedLineDto] })
  readonly lines: readonly PacedLineDto[];

  @ApiPropertyOptional({ type: LinesTogetherDto, description: 'Of all lines, when all are listed' })
  readonly together?: LinesTogetherDto;

  @ApiProperty({ type: [PacedIndicatorDto], description: 'Indicators that accumulate over the year, in printed order' })
  readonly indicators: readonly PacedIndicatorDto[];
}

const EXAMPLE_FORECAST = {
  status: 'OK',
  measuredOn: '2024-06-30',
  method: 'planned-rest',
  version: 1,
  because: 'ON_PLAN',
  value: '31.00',
  low: '31.00',
  high: '34.19',
  estimates: [
    { method: 'planned-rest', version: 1, value: '31.00' },
    { method: 'run-rate', version: 1, value: '34.19' },
  ],
  notApplied: [{ method: 'recent-pace', reason: 'NO_EARLIER_RESULT' }],
} as const satisfies ForecastDto;

export const EXAMPLE_LIGHT = {
  state: 'green',
  rule: 'to-date',
  wanted: '16.00',
  percent: '106.25',
} as const satisfies LightDto;

export const EXAMPLE_STAND = {
  planned: '16.00',
  done: { on: '2024-06-30', value: '17.00' },
  deviation: '1.00',
  deviationPercent: '6.25',
  perDay: '0.0934',
  required: {
    checkpoint: 'annual',
    on: '2024-12-31',
    target: '30.00',
    status: 'open',
    left: '13.00',
    daysLeft: 184,
    perDay: '0.0707',
    perMonth: '2.17',
  },
  forecast: EXAMPLE_FORECAST,
} as const satisfies StandDto;

export const PACE_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  thresholds: 1,
  lines: [
    {
      line: 'P05',
      name: '征地和拆迁补偿',
      current: '92080000.00',
      planned: '46040000.00',
      done: { on: '2024-06-28', value: '46040000.00' },
      deviation: '0.00',
      deviationPercent: '0.00',
      perDay: '252967.03',
      forecast: { status: 'NONE', reason: 'TOO_EARLY', measuredOn: '2024-06-30' },
      light: { state: 'green', rule: 'to-date', wanted: '46040000.00', percent: '100.00' },
      points: [{ date: '2024-06-30', planned: '46040000.00', done: '46040000.00' }],
    },
  ],
  indicators: [
    {
      ...EXAMPLE_STAND,
      indicator: 'I33',
      level3: '完成收储地块数量',
      unit: '个',
      course: 'flow',
      light: EXAMPLE_LIGHT,
      points: [
        { date: '2024-06-30', planned: '16.00', done: '17.00' },
        { date: '2024-07-31', planned: '18.36' },
      ],
    },
  ],
} as const satisfies PaceDto;
