/** Answers about the self-evaluation form 绩效自评表: as it would be now, and as it was submitted. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Grade } from '#domain/performance/events.js';
import type {
  EvaluatedFunds,
  EvaluatedIndicator,
  EvaluationCheck,
  SelfEvaluationForm,
} from '#domain/performance/self-evaluation-form.js';
import { SCORING_RULES } from '#domain/scoring/rules.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { MomentQuery } from './moment.js';
import { FormResultFromDto } from './monitoring.dto.js';
import { IsSubmission } from './submission.query.js';
import {
  EXAMPLE_DIFFERENCE,
  EXAMPLE_SUBMISSION,
  FORM_STATES,
  FormDifferenceDto,
  SubmissionDto,
  type FormState,
} from './submission.dto.js';

export class SelfEvaluationQuery extends MomentQuery {
  @ApiPropertyOptional({
    type: String,
    example: '1',
    description: 'As it was submitted under this number; without it as it would be now',
  })
  @IsSubmission()
  submission?: string;
}

export class EvaluatedFundsDto implements EvaluatedFunds {
  @ApiProperty({ enum: ['total', 'appropriation', 'carry-over', 'other'] })
  readonly row: EvaluatedFunds['row'];

  @ApiProperty({ example: '2061422400.00', description: '年初预算数' })
  readonly original: string;

  @ApiProperty({ example: '2061422400.00', description: '全年预算数 (A)' })
  readonly current: string;

  @ApiProperty({ example: '2000000000.00', description: '全年执行数 (B)' })
  readonly executed: string;

  @ApiProperty({ type: String, nullable: true, example: '97.02', description: 'B / A in percent' })
  readonly rate: string | null;

  @ApiPropertyOptional({ example: 'ZERO_OVER_ZERO' })
  readonly reason?: string;

  @ApiPropertyOptional({ example: '10.00', description: '分值, where the profile scores the execution rate here' })
  readonly points?: string;

  @ApiPropertyOptional({ example: '9.70', description: '得分' })
  readonly score?: string;

  @ApiPropertyOptional({ example: '尾款未到期', description: '偏差原因分析 of the execution rate' })
  readonly cause?: string;

  @ApiPropertyOptional({ example: '提前结算', description: '改进措施' })
  readonly improvement?: string;
}

export class EvaluatedIndicatorDto implements Omit<EvaluatedIndicator, 'resultFrom'> {
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

  @ApiProperty({ example: '＝30个', description: '年度指标值 as printed' })
  readonly annual: string;

  @ApiProperty({ type: String, nullable: true, example: '30个', description: '实际完成值 as printed' })
  readonly actual: string | null;

  @ApiPropertyOptional({ type: String, format: 'date', example: '2024-12-31' })
  readonly resultDate?: EvaluatedIndicator['resultDate'] & {};

  @ApiPropertyOptional({ type: FormResultFromDto })
  readonly resultFrom?: FormResultFromDto;

  @ApiProperty({ example: '1.25', description: '分值' })
  readonly points: string;

  @ApiProperty({ type: String, nullable: true, example: '1.25', description: '得分; null where it is left out' })
  readonly score: string | null;

  @ApiPropertyOptional({ example: 'NO_RESULT' })
  readonly reason?: string;

  @ApiProperty({ enum: Object.keys(SCORING_RULES), description: 'The scoring rule that decided' })
  readonly rule: string;

  @ApiPropertyOptional({ enum: ['reached', 'partly', 'not-reached'] })
  readonly grade?: Grade;

  @ApiPropertyOptional({ example: '雨季停工', description: '偏差原因分析' })
  readonly cause?: string;

  @ApiPropertyOptional({ example: '提前开工', description: '改进措施' })
  readonly improvement?: string;
}

export class EvaluationCheckDto implements EvaluationCheck {
  @ApiProperty({ example: 'CAUSE_STATED' })
  readonly check: string;

  @ApiProperty({
    enum: ['PASSED', 'FAILED', 'WARNING', 'INSUFFICIENT_DATA'],
    description: 'What could not be checked is never passed',
  })
  readonly outcome: EvaluationCheck['outcome'];

  @ApiPropertyOptional({ example: 'I33' })
  readonly at?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: { score: '1.25' } })
  readonly facts?: Readonly<Record<string, string>>;
}

export class ProfileUsedDto {
  @ApiProperty({ example: 'whole-department' })
  readonly id: string;

  @ApiProperty({ example: 1 })
  readonly version: number;
}

export class GroupScoreDto {
  @ApiProperty({ example: 'output' })
  readonly group: string;

  @ApiProperty({ example: '50.00' })
  readonly points: string;

  @ApiProperty({ example: '48.75' })
  readonly score: string;
}

export class SelfEvaluationFormDto implements Omit<SelfEvaluationForm, 'indicators'> {
  @ApiProperty({ enum: ['self-evaluation'] })
  readonly form: 'self-evaluation';

  @ApiProperty({ enum: [1] })
  readonly version: 1;

  @ApiProperty({ example: 'U0001' })
  readonly unit: string;

  @ApiProperty({ example: '某市土地储备中心' })
  readonly unitName: string;

  @ApiProperty({ example: 2024 })
  readonly year: number;

  @ApiProperty({ type: String, format: 'date', example: '2024-12-31' })
  readonly through: SelfEvaluationForm['through'];

  @ApiPropertyOptional({ example: '完成年度收储计划' })
  readonly annualGoal?: string;

  @ApiPropertyOptional({ example: '完成收储地块 30 个' })
  readonly annualOutcome?: string;

  @ApiPropertyOptional({
    enum: [true],
    description: 'The work that the money was for is done, as whoever submitted says',
  })
  readonly finished?: true;

  @ApiProperty({ type: [EvaluatedFundsDto] })
  readonly funds: readonly EvaluatedFundsDto[];

  @ApiProperty({ type: [EvaluatedIndicatorDto] })
  readonly indicators: readonly EvaluatedIndicatorDto[];

  @ApiProperty({ type: ProfileUsedDto })
  readonly profile: ProfileUsedDto;

  @ApiProperty({ type: [GroupScoreDto] })
  readonly groups: readonly GroupScoreDto[];

  @ApiProperty({ example: '100.00', description: 'Points of the rows that count' })
  readonly possible: string;

  @ApiProperty({ example: '96.40', description: 'Sum of the rounded rows' })
  readonly total: string;

  @ApiProperty({ example: 'excellent', description: '优, 良, 中, 差 as the profile names them' })
  readonly grade: string;

  @ApiProperty({ type: [EvaluationCheckDto] })
  readonly checks: readonly EvaluationCheckDto[];
}

export class SelfEvaluationDto extends AnswerDto {
  @ApiProperty({ enum: FORM_STATES })
  readonly state: FormState;

  @ApiProperty({ type: SelfEvaluationFormDto })
  readonly form: SelfEvaluationFormDto;

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

export class EvaluationSubmissionDto extends SubmissionDto {
  @ApiProperty({ type: ProfileUsedDto })
  readonly profile: ProfileUsedDto;

  @ApiProperty({ example: '96.40' })
  readonly total: string;

  @ApiProperty({ example: 'excellent' })
  readonly grade: string;
}

export class EvaluationSubmissionsDto extends AnswerDto {
  @ApiProperty({ type: [EvaluationSubmissionDto], description: 'In the order submitted' })
  readonly submissions: readonly EvaluationSubmissionDto[];
}

const THROUGH = '2024-12-31' as SelfEvaluationForm['through'];

const EXAMPLE_FORM = {
  form: 'self-evaluation',
  version: 1,
  unit: 'U0001',
  unitName: '某市土地储备中心',
  year: 2024,
  through: THROUGH,
  annualGoal: '完成年度收储计划',
  annualOutcome: '完成收储地块 30 个',
  funds: [
    {
      row: 'total',
      original: '2061422400.00',
      current: '2061422400.00',
      executed: '2000000000.00',
      rate: '97.02',
      points: '10.00',
      score: '9.70',
    },
  ],
  indicators: [
    {
      indicator: 'I33',
      level1: '履职',
      level2: '土地收储',
      level3: '完成收储地块数量',
      annual: '＝30个',
      actual: '30个',
      resultDate: THROUGH,
      resultFrom: { resultId: 'R-2024-12-33' },
      points: '1.25',
      score: '1.25',
      rule: Object.keys(SCORING_RULES)[0] ?? '',
    },
  ],
  profile: { id: 'whole-department', version: 1 },
  groups: [{ group: 'duties', points: '35.00', score: '35.00' }],
  possible: '100.00',
  total: '96.40',
  grade: 'excellent',
  checks: [{ check: 'FUNDS_ADD_UP', outcome: 'PASSED' }],
} as const satisfies SelfEvaluationFormDto;

export const SELF_EVALUATION_EXAMPLE: SelfEvaluationDto = {
  ...EXAMPLE_ANSWER,
  state: 'submitted',
  form: EXAMPLE_FORM,
  submission: { ...EXAMPLE_SUBMISSION, submittedOn: '2025-01-20' },
  differs: [],
  changedSince: [EXAMPLE_DIFFERENCE],
};

export const EVALUATION_SUBMISSIONS_EXAMPLE: EvaluationSubmissionsDto = {
  ...EXAMPLE_ANSWER,
  submissions: [
    {
      ...EXAMPLE_SUBMISSION,
      submittedOn: '2025-01-20',
      profile: EXAMPLE_FORM.profile,
      total: '96.40',
      grade: 'excellent',
    },
  ],
};
