/** Requests about monitoring: what a person says of a row, submissions and what follows from them, and the bounds of the lights. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMinSize, ArrayUnique, IsArray, IsIn, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { civilDate } from '#domain/calendar.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import type { DeviationCause, Likelihood } from '#domain/performance/events.js';
import { DEFAULT_THRESHOLDS } from '#domain/scoring/lights.js';
import { IsCivilDate, IsNumberText, IsWords } from '#platform/validation.js';
import { EvidencedDto, evidenceOf } from './evidence.dto.js';
import { documentOf, NestedArray, NewDocumentDto, OnDateDto, optional } from './parts.dto.js';

type Of<Type extends PerformanceCommand['type']> = Extract<PerformanceCommand, { type: Type }>;

const CAUSES: readonly DeviationCause[] = ['funding', 'system', 'staff', 'hardware', 'other'];
const LIKELIHOODS: readonly Likelihood[] = ['certain', 'possible', 'impossible'];
const CONCLUSIONS = ['done', 'partly', 'not-done'] as const;

class ExplainRowDto {
  @ApiProperty({ example: 'I41' })
  @IsNumberText()
  indicator: string;
  @ApiPropertyOptional({ example: '40个', description: '全年预计完成情况; left out: the computed forecast' })
  @IsOptional()
  @IsWords(200)
  forecast?: string;
  @ApiProperty({
    enum: CAUSES,
    isArray: true,
    example: ['staff'],
    description: '偏差原因: 经费, 制度, 人员, 硬件条件保障, 其他',
  })
  @IsArray()
  @ArrayUnique()
  @IsIn(CAUSES, { each: true })
  causes: DeviationCause[];
  @ApiPropertyOptional({ example: '施工人员不足，进场晚两个月', description: '原因说明' })
  @IsOptional()
  @IsWords(2_000)
  explanation?: string;
  @ApiPropertyOptional({ enum: LIKELIHOODS, description: '完成目标可能性: 确定能, 有可能, 完全不可能' })
  @IsOptional()
  @IsIn(LIKELIHOODS)
  likelihood?: Likelihood;
  @ApiPropertyOptional({ example: '下半年加开两个作业面', description: '备注' })
  @IsOptional()
  @IsWords(2_000)
  remark?: string;
}

export class ExplainDeviationsDto extends OnDateDto {
  @ApiProperty({ type: () => [ExplainRowDto], description: 'Each replaces what was said of its row before' })
  @NestedArray(() => ExplainRowDto, 1_000)
  @ArrayMinSize(1)
  rows: ExplainRowDto[];
}

export const explainDeviations = (stage: number, dto: ExplainDeviationsDto): Of<'ExplainDeviations'> => ({
  type: 'ExplainDeviations',
  effectiveDate: civilDate(dto.effectiveDate),
  stage,
  rows: dto.rows.map(({ indicator, forecast, causes, explanation, likelihood, remark }) => ({
    indicator,
    ...optional('forecast', forecast),
    causes,
    ...optional('explanation', explanation),
    ...optional('likelihood', likelihood),
    ...optional('remark', remark),
  })),
});

export class SubmitFormDto extends OnDateDto {}

export class WithdrawSubmissionDto extends OnDateDto {
  @ApiProperty({ example: '漏报一项结果' })
  @IsWords(500)
  reason: string;
}

export const withdrawMonitoring = (
  { stage, submission }: { readonly stage: number; readonly submission: number },
  { effectiveDate, reason }: WithdrawSubmissionDto,
): Of<'WithdrawMonitoring'> => ({
  type: 'WithdrawMonitoring',
  effectiveDate: civilDate(effectiveDate),
  stage,
  submission,
  reason,
});

export class OpenRectificationDto extends OnDateDto {
  @ApiProperty({ example: 'Z-2024-01' })
  @IsNumberText()
  rectificationId: string;
  @ApiPropertyOptional({ example: 'I41' })
  @IsOptional()
  @IsNumberText()
  indicator?: string;
  @ApiPropertyOptional({ example: 'P02' })
  @IsOptional()
  @IsNumberText()
  line?: string;
  @ApiPropertyOptional({ example: 6, description: 'The monitoring that it follows from, months 1 to 12' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(12)
  stage?: number;
  @ApiProperty({ example: '8 月底前完成剩余路段招标' })
  @IsWords(2_000)
  requirement: string;
  @ApiPropertyOptional({ example: '2024-08-31' })
  @IsOptional()
  @IsCivilDate()
  due?: string;
  @ApiPropertyOptional({ type: () => NewDocumentDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewDocumentDto)
  document?: NewDocumentDto;
}

export const openRectification = (dto: OpenRectificationDto): Of<'OpenRectification'> => ({
  type: 'OpenRectification',
  effectiveDate: civilDate(dto.effectiveDate),
  rectificationId: dto.rectificationId,
  ...optional('indicator', dto.indicator),
  ...optional('line', dto.line),
  ...optional('stage', dto.stage),
  requirement: dto.requirement,
  ...optional('due', dto.due === undefined ? undefined : civilDate(dto.due)),
  ...optional('document', documentOf(dto.document)),
});

export class CloseRectificationDto extends EvidencedDto {
  @ApiProperty({ example: '2024-08-28' })
  @IsCivilDate()
  effectiveDate: string;
  @ApiProperty({ example: '已完成招标并进场施工' })
  @IsWords(2_000)
  measures: string;
  @ApiProperty({ enum: CONCLUSIONS })
  @IsIn(CONCLUSIONS)
  conclusion: (typeof CONCLUSIONS)[number];
}

export const closeRectification = (id: string, dto: CloseRectificationDto): Of<'CloseRectification'> => ({
  type: 'CloseRectification',
  effectiveDate: civilDate(dto.effectiveDate),
  rectificationId: id,
  measures: dto.measures,
  conclusion: dto.conclusion,
  evidence: evidenceOf(dto),
});

class NewBoundsDto {
  @ApiProperty({ example: '60', description: 'Percent of what is wanted to date' })
  @IsWords(40)
  redBelow: string;
  @ApiProperty({ example: '80' })
  @IsWords(40)
  yellowBelow: string;
  @ApiPropertyOptional({ example: '120', description: 'Left out: nothing is blue' })
  @IsOptional()
  @IsWords(40)
  blueFrom?: string;
}

export class SetThresholdsDto extends OnDateDto {
  @ApiProperty({ example: '主管部门要求' })
  @IsWords(500)
  reason: string;
  @ApiProperty({ type: () => NewBoundsDto, description: 'Of indicators' })
  @ValidateNested()
  @Type(() => NewBoundsDto)
  work: NewBoundsDto;
  @ApiProperty({ type: () => NewBoundsDto, description: 'Of payments' })
  @ValidateNested()
  @Type(() => NewBoundsDto)
  money: NewBoundsDto;
  @ApiProperty({ example: '20', description: 'Percentage points by which work done and money paid may differ' })
  @IsWords(40)
  workMoneyGap: string;
}

export const setThresholds = (dto: SetThresholdsDto): Of<'SetThresholds'> => ({
  type: 'SetThresholds',
  effectiveDate: civilDate(dto.effectiveDate),
  reason: dto.reason,
  // The rules count the versions.
  thresholds: {
    version: DEFAULT_THRESHOLDS.version,
    work: boundsOf(dto.work),
    money: boundsOf(dto.money),
    workMoneyGap: dto.workMoneyGap,
  },
});

const boundsOf = ({ redBelow, yellowBelow, blueFrom }: NewBoundsDto) => ({
  redBelow,
  yellowBelow,
  ...optional('blueFrom', blueFrom),
});
