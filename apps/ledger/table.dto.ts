/** Requests about the table itself after its approval: other targets, its texts, and the money that does an indicator's work. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { civilDate } from '#domain/calendar.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import type { Narrative } from '#domain/performance/events.js';
import { IsNumberText, IsWords } from '#platform/validation.js';
import { documentOf, NestedArray, NewDocumentDto, OnDateDto, optional } from './parts.dto.js';
import { IndicatorDto, indicatorOf } from './targets.dto.js';

type Of<Type extends PerformanceCommand['type']> = Extract<PerformanceCommand, { type: Type }>;

/** As many as a table may hold. */
const MOST_INDICATORS = 1_000;

class AddIndicatorDto {
  @ApiProperty({ type: () => IndicatorDto })
  @ValidateNested()
  @Type(() => IndicatorDto)
  indicator: IndicatorDto;
  @ApiPropertyOptional({ example: 'I40', description: 'It stands behind this one, else at the end' })
  @IsOptional()
  @IsNumberText()
  after?: string;
}

export class ReviseTargetsDto extends OnDateDto {
  @ApiProperty({ example: '年中预算调整' })
  @IsWords(500)
  reason: string;
  @ApiPropertyOptional({ type: () => NewDocumentDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewDocumentDto)
  document?: NewDocumentDto;
  @ApiPropertyOptional({ type: () => [IndicatorDto], description: 'Indicators as they are from the date on' })
  @IsOptional()
  @NestedArray(() => IndicatorDto, MOST_INDICATORS)
  revise?: IndicatorDto[];
  @ApiPropertyOptional({ type: () => [AddIndicatorDto] })
  @IsOptional()
  @NestedArray(() => AddIndicatorDto, MOST_INDICATORS)
  add?: AddIndicatorDto[];
  @ApiPropertyOptional({ example: ['I40'], description: 'Indicators that end on the date' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_INDICATORS)
  @ArrayUnique()
  @IsNumberText({ each: true })
  withdraw?: string[];
}

export const reviseTargets = (dto: ReviseTargetsDto): Of<'ReviseTargets'> => ({
  type: 'ReviseTargets',
  effectiveDate: civilDate(dto.effectiveDate),
  reason: dto.reason,
  ...optional('document', documentOf(dto.document)),
  ...optional('revise', dto.revise?.map(indicatorOf)),
  ...optional(
    'add',
    dto.add?.map(({ indicator, after }) => ({ indicator: indicatorOf(indicator), ...optional('after', after) })),
  ),
  ...optional('withdraw', dto.withdraw),
});

const TEXTS = ['duties', 'organisation', 'staffing', 'longTermGoal', 'annualGoal', 'annualOutcome'] as const;
const TEXT_LENGTH = 20_000;

/** Replaces what was stated before: a text that is left out is not stated. */
export class StateNarrativeDto extends OnDateDto implements Narrative {
  @ApiPropertyOptional({ example: '负责土地储备管理。', description: '主要职能' })
  @IsOptional()
  @IsWords(TEXT_LENGTH)
  duties?: string;
  @ApiPropertyOptional({ example: '内设 8 个科室。', description: '机构设置' })
  @IsOptional()
  @IsWords(TEXT_LENGTH)
  organisation?: string;
  @ApiPropertyOptional({ example: '编制 35 人。', description: '人员配置' })
  @IsOptional()
  @IsWords(TEXT_LENGTH)
  staffing?: string;
  @ApiPropertyOptional({ example: '保障城市建设用地。', description: '中长期目标' })
  @IsOptional()
  @IsWords(TEXT_LENGTH)
  longTermGoal?: string;
  @ApiPropertyOptional({ example: '完成年度收储计划。', description: '年度目标' })
  @IsOptional()
  @IsWords(TEXT_LENGTH)
  annualGoal?: string;
  @ApiPropertyOptional({ example: '年度收储计划已完成。', description: '年度目标实际完成情况' })
  @IsOptional()
  @IsWords(TEXT_LENGTH)
  annualOutcome?: string;
}

export const stateNarrative = (dto: StateNarrativeDto): Of<'StateNarrative'> => ({
  type: 'StateNarrative',
  effectiveDate: civilDate(dto.effectiveDate),
  narrative: Object.fromEntries(TEXTS.flatMap((text) => (dto[text] === undefined ? [] : [[text, dto[text]]]))),
});

export class LinkLinesDto extends OnDateDto {
  @ApiProperty({ example: ['P02', 'P03'], description: 'Lines whose money does its work; none unlinks it' })
  @IsArray()
  @ArrayMaxSize(2_000)
  @ArrayUnique()
  @IsNumberText({ each: true })
  lines: string[];
}

export const linkIndicator = (indicator: string, dto: LinkLinesDto): Of<'LinkIndicators'> => ({
  type: 'LinkIndicators',
  effectiveDate: civilDate(dto.effectiveDate),
  links: [{ indicator, lines: dto.lines }],
});
