/** Requests about the self-evaluation: what a person says of a row, and the rules that it is scored by. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMinSize, IsBoolean, IsIn, IsObject, IsOptional } from 'class-validator';
import { civilDate } from '#domain/calendar.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import type { Grade } from '#domain/performance/events.js';
import { SCORING_PROFILES } from '#domain/scoring/profile.js';
import { IsNumberText, IsWords } from '#platform/validation.js';
import type { WithdrawSubmissionDto } from './monitoring.dto.js';
import { NestedArray, OnDateDto, optional } from './parts.dto.js';

type Of<Type extends PerformanceCommand['type']> = Extract<PerformanceCommand, { type: Type }>;

const GRADES: readonly Grade[] = ['reached', 'partly', 'not-reached'];
const PROFILE_IDS = SCORING_PROFILES.map(({ id }) => id);

class AssessRowDto {
  @ApiProperty({
    example: 'I01',
    description: 'An indicator, or execution-rate where the profile scores the funds block: that has no grade or score',
  })
  @IsNumberText()
  indicator: string;
  @ApiPropertyOptional({
    enum: GRADES,
    description: 'Of a qualitative indicator: 达成, 部分达成并具有一定效果, 未达成且效果较差',
  })
  @IsOptional()
  @IsIn(GRADES)
  grade?: Grade;
  @ApiPropertyOptional({ example: '1.80', description: 'Points inside the band of the grade' })
  @IsOptional()
  @IsWords(20)
  score?: string;
  @ApiPropertyOptional({ example: '部分路段受雨季影响', description: '偏差原因分析' })
  @IsOptional()
  @IsWords(2_000)
  cause?: string;
  @ApiPropertyOptional({ example: '提前安排招标', description: '改进措施' })
  @IsOptional()
  @IsWords(2_000)
  improvement?: string;
}

export class AssessIndicatorsDto extends OnDateDto {
  @ApiProperty({ type: () => [AssessRowDto], description: 'Each replaces what was said of its row before' })
  @NestedArray(() => AssessRowDto, 1_000)
  @ArrayMinSize(1)
  rows: AssessRowDto[];
}

export const assessIndicators = (dto: AssessIndicatorsDto): Of<'AssessIndicators'> => ({
  type: 'AssessIndicators',
  effectiveDate: civilDate(dto.effectiveDate),
  rows: dto.rows.map(({ indicator, grade, score, cause, improvement }) => ({
    indicator,
    ...optional('grade', grade),
    ...optional('score', score),
    ...optional('cause', cause),
    ...optional('improvement', improvement),
  })),
});

export class SubmitSelfEvaluationDto extends OnDateDto {
  @ApiPropertyOptional({
    example: true,
    description: 'The work that the money was for is done: some profiles then give full points for money left over',
  })
  @IsOptional()
  @IsBoolean()
  finished?: boolean;
}

export const withdrawSelfEvaluation = (
  submission: number,
  { effectiveDate, reason }: WithdrawSubmissionDto,
): Of<'WithdrawSelfEvaluation'> => ({
  type: 'WithdrawSelfEvaluation',
  effectiveDate: civilDate(effectiveDate),
  submission,
  reason,
});

/** A shipped profile, with the unit's own weights if it has any; or a whole one. */
export class ChooseProfileDto extends OnDateDto {
  @ApiPropertyOptional({
    enum: PROFILE_IDS,
    example: PROFILE_IDS[0],
    description: 'One that GET scoring-profile lists',
  })
  @IsOptional()
  @IsIn(PROFILE_IDS)
  id?: string;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { output: '45', benefit: '35' },
    description: 'Weights by group that replace those of the shipped profile; they must add up to its total',
  })
  @IsOptional()
  @IsObject()
  weights?: Record<string, string>;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'A whole profile in place of id and weights',
  })
  @IsOptional()
  @IsObject()
  profile?: object;
  @ApiPropertyOptional({ example: '市财政局 2024 年自评通知' })
  @IsOptional()
  @IsWords(500)
  reason?: string;
}
