/** Answers about the monitoring form 绩效运行监控表: as it would be now, and as it was submitted. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { DeviationCause, Likelihood } from '#domain/performance/events.js';
import type { MonitoredFunds, MonitoredIndicator, MonitoringForm } from '#domain/performance/monitoring-form.js';
import { LIGHT_STATES, type LightState } from '#domain/scoring/lights.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { MomentQuery } from './moment.js';
import { VERDICTS } from './rates.dto.js';
import { STAGES, type StageText } from './stage.js';
import { IsSubmission } from './submission.query.js';
import {
  EXAMPLE_DIFFERENCE,
  EXAMPLE_SUBMISSION,
  FORM_STATES,
  FormDifferenceDto,
  SubmissionDto,
  type FormState,
} from './submission.dto.js';
import { BoundsOfLightsDto } from './table-rules.dto.js';

export class MonitoringQuery extends MomentQuery {
  @ApiPropertyOptional({
    enum: STAGES,
    example: '6',
    description: 'Months 1 to N; default: the month of asOf',
  })
  @IsOptional()
  @IsIn(STAGES)
  stage?: StageText;

  @ApiPropertyOptional({
    type: String,
    example: '1',
    description: 'As it was submitted under this number; without it as it would be now',
  })
  @IsSubmission()
  submission?: string;
}

export class MonitoringSubmissionsQuery extends MomentQuery {
  @ApiPropertyOptional({ enum: STAGES, example: '6', description: 'Only of this stage' })
  @IsOptional()
  @IsIn(STAGES)
  stage?: StageText;
}

export class MonitoredFundsDto implements MonitoredFunds {
  @ApiProperty({ example: 'total', description: '`total`, or a fund nature' })
  readonly row: string;

  @ApiProperty({ example: '2061422400.00', description: '年初预算数' })
  readonly original: string;

  @ApiProperty({ example: '2061422400.00', description: '调整后预算数' })
  readonly current: string;

  @ApiProperty({ example: '910258100.00', description: '1-N月执行数' })
  readonly executed: string;

  @ApiProperty({ type: String, nullable: true, example: '44.16', description: '执行率 in percent' })
  readonly rate: string | null;

  @ApiPropertyOptional({ example: 'ZERO_OVER_ZERO' })
  readonly reason?: string;

  @ApiProperty({ type: String, nullable: true, example: '2061422400.00', description: '全年预计执行数' })
  readonly forecast: string | null;

  @ApiPropertyOptional({ example: 'planned-rest' })
  readonly forecastMethod?: string;
}

const CAUSES = ['funding', 'system', 'staff', 'hardware', 'other'] as const satisfies readonly DeviationCause[];
const LIKELIHOODS = ['certain', 'possible', 'impossible'] as const satisfies readonly Likelihood[];

export class FormResultFromDto {
  @ApiPropertyOptional({ example: 'R-2024-06-33' })
  readonly resultId?: string;

  @ApiPropertyOptional({ example: 'execution-rate' })
  readonly metric?: string;

  @ApiPropertyOptional({ example: 1 })
  readonly version?: number;
}

export class MonitoredIndicatorDto implements Omit<MonitoredIndicator, 'resultFrom'> {
  @ApiProperty({ example: 'I33' })
  readonly indicator: string;

  @ApiProperty({ example: '履职' })
  readonly level1: string;

  @ApiProperty({ example: '土地收储' })
  readonly level2: string;

  @ApiPropertyOptional({ example: '征地拆迁' })
  readonly keyWork?: string;

  @ApiProperty({ example: '完成收储地块数量' })
  readonly level3: string;

  @ApiProperty({ example: '＝16个', description: '半年指标值 as printed' })
  readonly half: string;

  @ApiProperty({ example: '＝30个', description: '年度指标值 as printed' })
  readonly annual: string;

  @ApiProperty({ type: String, nullable: true, example: '17个', description: '1-N月执行情况 as printed' })
  readonly result: string | null;

  @ApiPropertyOptional({ type: String, format: 'date', example: '2024-06-30' })
  readonly resultDate?: MonitoredIndicator['resultDate'] & {};

  @ApiPropertyOptional({ type: FormResultFromDto })
  readonly resultFrom?: FormResultFromDto;

  @ApiProperty({ enum: VERDICTS })
  readonly verdict: (typeof VERDICTS)[number];

  @ApiPropertyOptional({ example: 'NO_RESULT' })
  readonly reason?: string;

  @ApiPropertyOptional({ example: '1.00' })
  readonly distance?: string;

  @ApiProperty({ enum: LIGHT_STATES })
  readonly light: LightState;

  @ApiProperty({ type: String, nullable: true, example: '31个', description: '全年预计完成情况' })
  readonly forecast: string | null;

  @ApiPropertyOptional({ example: 'planned-rest' })
  readonly forecastMethod?: string;

  @ApiProperty({ enum: CAUSES, isArray: true, description: '偏差原因分析' })
  readonly causes: readonly DeviationCause[];

  @ApiPropertyOptional({ example: '雨季停工' })
  readonly explanation?: string;

  @ApiPropertyOptional({ enum: LIKELIHOODS, description: '完成目标可能性' })
  readonly likelihood?: Likelihood;

  @ApiPropertyOptional({ example: '三季度补足' })
  readonly remark?: string;
}

export class MonitoringFormDto implements Omit<MonitoringForm, 'indicators'> {
  @ApiProperty({ enum: ['monitoring'] })
  readonly form: 'monitoring';

  @ApiProperty({ enum: [1] })
  readonly version: 1;

  @ApiProperty({ example: 'U0001' })
  readonly unit: string;

  @ApiProperty({ example: '某市土地储备中心' })
  readonly unitName: string;

  @ApiProperty({ example: 2024 })
  readonly year: number;

  @ApiProperty({ example: 6 })
  readonly stage: number;

  @ApiProperty({ type: String, format: 'date', example: '2024-06-30' })
  readonly through: MonitoringForm['through'];

  @ApiPropertyOptional({ example: '完成年度收储计划' })
  readonly annualGoal?: string;

  @ApiProperty({ type: [MonitoredFundsDto] })
  readonly funds: readonly MonitoredFundsDto[];

  @ApiProperty({ type: [MonitoredIndicatorDto] })
  readonly indicators: readonly MonitoredIndicatorDto[];

  @ApiProperty({ enum: LIGHT_STATES, description: 'The worst of the lights' })
  readonly overall: LightState;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { red: 0, yellow: 2, green: 60, blue: 1, 'not-assessed': 18 },
  })
  readonly counts: MonitoringForm['counts'];
}

export class MonitoringDto extends AnswerDto {
  @ApiProperty({ enum: FORM_STATES })
  readonly state: FormState;

  @ApiProperty({ type: MonitoringFormDto })
  readonly form: MonitoringFormDto;

  @ApiPropertyOptional({ type: BoundsOfLightsDto, description: 'That its lights were decided by' })
  readonly thresholds?: BoundsOfLightsDto;

  @ApiPropertyOptional({ type: SubmissionDto, description: 'Absent of a draft' })
  readonly submission?: SubmissionDto;

  @ApiPropertyOptional({
    type: [FormDifferenceDto],
    description: 'Of a submitted form: where it is not what its sources come to when they are worked out again',
  })
  readonly differs?: readonly FormDifferenceDto[];

  @ApiPropertyOptional({
    type: [FormDifferenceDto],
    description: 'Of a submitted form: what would be another today, as known at knownAt',
  })
  readonly changedSince?: readonly FormDifferenceDto[];
}

export class MonitoringSubmissionDto extends SubmissionDto {
  @ApiProperty({ example: 6 })
  readonly stage: number;

  @ApiProperty({ enum: LIGHT_STATES, description: 'The worst light of the form' })
  readonly overall: LightState;
}

export class MonitoringSubmissionsDto extends AnswerDto {
  @ApiProperty({ type: [MonitoringSubmissionDto], description: 'By stage, then in the order submitted' })
  readonly submissions: readonly MonitoringSubmissionDto[];
}

const EXAMPLE_FORM = {
  form: 'monitoring',
  version: 1,
  unit: 'U0001',
  unitName: '某市土地储备中心',
  year: 2024,
  stage: 6,
  through: '2024-06-30' as MonitoringForm['through'],
  annualGoal: '完成年度收储计划',
  funds: [
    {
      row: 'total',
      original: '2061422400.00',
      current: '2061422400.00',
      executed: '910258100.00',
      rate: '44.16',
      forecast: '2061422400.00',
      forecastMethod: 'planned-rest',
    },
  ],
  indicators: [
    {
      indicator: 'I33',
      level1: '履职',
      level2: '土地收储',
      level3: '完成收储地块数量',
      half: '＝16个',
      annual: '＝30个',
      result: '17个',
      resultDate: '2024-06-30' as MonitoringForm['through'],
      resultFrom: { resultId: 'R-2024-06-33' },
      verdict: 'met',
      distance: '1.00',
      light: 'green',
      forecast: '31个',
      forecastMethod: 'planned-rest',
      causes: [],
      likelihood: 'certain',
    },
  ],
  overall: 'green',
  counts: { red: 0, yellow: 0, green: 1, blue: 0, 'not-assessed': 0 },
} as const satisfies MonitoringFormDto;

export const MONITORING_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  state: 'submitted',
  form: EXAMPLE_FORM,
  submission: EXAMPLE_SUBMISSION,
  differs: [],
  changedSince: [EXAMPLE_DIFFERENCE],
} as const satisfies MonitoringDto;

export const MONITORING_SUBMISSIONS_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  submissions: [{ ...EXAMPLE_SUBMISSION, stage: 6, overall: 'green' }],
} as const satisfies MonitoringSubmissionsDto;
