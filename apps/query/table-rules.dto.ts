/** Answers about what a performance table goes by: its texts, the bounds of its lights, how it is scored, what is to be put right. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { Narrative, RectificationClosed } from '#domain/performance/events.js';
import { DEFAULT_THRESHOLDS, type LightBounds, type LightThresholds } from '#domain/scoring/lights.js';
import { SCORING_PROFILES, type ScoringProfile } from '#domain/scoring/profile.js';
import { IsNumberText } from '#platform/validation.js';
import { AnswerDto, DocumentDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { MomentQuery } from './moment.js';
import { NameDto } from './rates.dto.js';
import { EvidenceDto, EXAMPLE_RECORDED, RecordedDto } from './results.dto.js';
import { STAGES, type StageText } from './stage.js';

/** An event that set what is in force. */
export class SetByDto extends RecordedDto {
  @ApiProperty({ format: 'date', example: '2024-03-01', description: 'In force from this day on' })
  readonly on: string;

  @ApiPropertyOptional({ example: '市财政局统一口径' })
  readonly reason?: string;
}

export class BoundsDto implements LightBounds {
  @ApiProperty({ example: '60', description: 'Percent of what is wanted' })
  readonly redBelow: string;

  @ApiProperty({ example: '80' })
  readonly yellowBelow: string;

  @ApiPropertyOptional({ example: '120', description: 'Absent: nothing is blue' })
  readonly blueFrom?: string;
}

export class BoundsOfLightsDto implements LightThresholds {
  @ApiProperty({ example: 1, description: 'Stored with every form that was submitted' })
  readonly version: number;

  @ApiProperty({ type: BoundsDto, description: 'Of indicators' })
  readonly work: BoundsDto;

  @ApiProperty({ type: BoundsDto, description: 'Of payments' })
  readonly money: BoundsDto;

  @ApiProperty({ example: '20', description: 'Percentage points by which the shares of work and money may differ' })
  readonly workMoneyGap: string;
}

export class ThresholdsDto extends AnswerDto {
  @ApiProperty({ type: BoundsOfLightsDto })
  readonly thresholds: BoundsOfLightsDto;

  @ApiPropertyOptional({ type: SetByDto, description: "Absent: the product's own" })
  readonly setBy?: SetByDto;
}

export const THRESHOLDS_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  thresholds: { ...DEFAULT_THRESHOLDS, version: 2 },
  setBy: { ...EXAMPLE_RECORDED, on: '2024-03-01', reason: '市财政局统一口径' },
} as const satisfies ThresholdsDto;

/** A profile is told as it is stored: its rules are data. */
export class ScoringProfileDto {
  @ApiProperty({ example: 'whole-department' })
  readonly id: string;

  @ApiProperty({ example: 1 })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiProperty({ example: '财预〔2013〕53号未规定权重；各级权重为本产品默认值，由单位设定' })
  readonly source: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { total: '100', upperLimit: 'R2' },
    description: 'Weights of the groups, the rules of each kind of indicator, bands and grades',
  })
  readonly rules: Readonly<Record<string, unknown>>;
}

export const profileDto = ({ id, version, name, source, ...rules }: ScoringProfile): ScoringProfileDto => ({
  ...{ id, version, name, source },
  rules: { ...rules },
});

export class ChosenProfileDto extends AnswerDto {
  @ApiPropertyOptional({ type: ScoringProfileDto, description: 'Absent until one is chosen' })
  readonly profile?: ScoringProfileDto;

  @ApiPropertyOptional({ type: SetByDto })
  readonly setBy?: SetByDto;
}

const EXAMPLE_PROFILE = profileDto(SCORING_PROFILES[0]);

export const CHOSEN_PROFILE_EXAMPLE: ChosenProfileDto = {
  ...EXAMPLE_ANSWER,
  profile: EXAMPLE_PROFILE,
  setBy: { ...EXAMPLE_RECORDED, on: '2024-12-31' },
};

export class ScoringProfilesDto {
  @ApiProperty({ type: [ScoringProfileDto], description: 'Those that come with the program' })
  readonly profiles: readonly ScoringProfileDto[];
}

export const SCORING_PROFILES_EXAMPLE: ScoringProfilesDto = { profiles: [EXAMPLE_PROFILE] };

export class NarrativeDto extends AnswerDto implements Narrative {
  @ApiPropertyOptional({ example: '负责市区土地收购储备……', description: '主要职能' })
  readonly duties?: string;

  @ApiPropertyOptional({ example: '内设八个科室', description: '机构设置' })
  readonly organisation?: string;

  @ApiPropertyOptional({ example: '编制 35 名', description: '人员配置' })
  readonly staffing?: string;

  @ApiPropertyOptional({ example: '盘活存量土地', description: '中长期目标' })
  readonly longTermGoal?: string;

  @ApiPropertyOptional({ example: '完成年度收储计划', description: '年度目标' })
  readonly annualGoal?: string;

  @ApiPropertyOptional({ example: '完成收储地块 30 个', description: '年度目标实际完成情况' })
  readonly annualOutcome?: string;

  @ApiPropertyOptional({ type: SetByDto, description: 'Absent until any text is stated' })
  readonly setBy?: SetByDto;
}

export const NARRATIVE_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  annualGoal: '完成年度收储计划',
  setBy: { ...EXAMPLE_RECORDED, on: '2024-01-01' },
} as const satisfies NarrativeDto;

export const RECTIFICATION_STATES = ['open', 'closed'] as const;

export class RectificationsQuery extends MomentQuery {
  @ApiPropertyOptional({ enum: RECTIFICATION_STATES, example: 'open', description: 'Default: all' })
  @IsOptional()
  @IsIn(RECTIFICATION_STATES)
  state?: (typeof RECTIFICATION_STATES)[number];

  @ApiPropertyOptional({ type: String, example: 'I33', description: 'Only those of this indicator' })
  @IsOptional()
  @IsNumberText()
  indicator?: string;

  @ApiPropertyOptional({ enum: STAGES, example: '6', description: 'Only those that follow from this stage' })
  @IsOptional()
  @IsIn(STAGES)
  stage?: StageText;
}

export class RectifiedDto {
  @ApiProperty({ format: 'date', example: '2024-09-30' })
  readonly on: string;

  @ApiProperty({ example: '增派人员，九月完成' })
  readonly measures: string;

  @ApiProperty({ enum: ['done', 'partly', 'not-done'] })
  readonly conclusion: RectificationClosed['data']['conclusion'];

  @ApiProperty({ type: [EvidenceDto] })
  readonly evidence: readonly EvidenceDto[];
}

export class RectificationDto {
  @ApiProperty({ example: 'Z-2024-01' })
  readonly rectificationId: string;

  @ApiProperty({ enum: RECTIFICATION_STATES })
  readonly state: (typeof RECTIFICATION_STATES)[number];

  @ApiProperty({ format: 'date', example: '2024-07-10' })
  readonly openedOn: string;

  @ApiPropertyOptional({ example: 'I33' })
  readonly indicator?: string;

  @ApiPropertyOptional({ example: 'P05' })
  readonly line?: string;

  @ApiPropertyOptional({ example: 6, description: 'The monitoring or evaluation that it follows from' })
  readonly stage?: number;

  @ApiProperty({ example: '三季度补足收储进度' })
  readonly requirement: string;

  @ApiPropertyOptional({ format: 'date', example: '2024-09-30' })
  readonly due?: string;

  @ApiPropertyOptional({ enum: [true], description: 'Open after the day on which it was due' })
  readonly overdue?: true;

  @ApiPropertyOptional({ type: DocumentDto })
  readonly document?: DocumentDto;

  @ApiPropertyOptional({ type: RectifiedDto, description: 'Absent while it is open' })
  readonly closed?: RectifiedDto;
}

export class RectificationsDto extends AnswerDto {
  @ApiProperty({ type: [RectificationDto], description: 'In the order opened' })
  readonly rectifications: readonly RectificationDto[];
}

export const RECTIFICATIONS_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  rectifications: [
    {
      rectificationId: 'Z-2024-01',
      state: 'open',
      openedOn: '2024-07-10',
      indicator: 'I33',
      stage: 6,
      requirement: '三季度补足收储进度',
      due: '2024-09-30',
    },
  ],
} as const satisfies RectificationsDto;
