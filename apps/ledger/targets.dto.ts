/** Requests about targets. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { EXPENDITURES, FUND_NATURES, type FundNature } from '#domain/budget/events.js';
import { civilDate } from '#domain/calendar.js';
import { FACT_METRICS } from '#domain/metrics/fact-metrics.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { METRICS } from '#domain/metrics/registry.js';
import type { ApproveTargets } from '#domain/performance/commands.js';
import type { CheckpointBasis, Comparator, Indicator, IndicatorKind, TargetValue } from '#domain/performance/events.js';
import { IsFundScope, IsNumberText, IsWords } from '#platform/validation.js';
import { NewDocumentDto, documentOf, NestedArray, OnDateDto, optional } from './parts.dto.js';

const KINDS: readonly IndicatorKind[] = ['FLOW_CUMULATIVE', 'STOCK_LEVEL', 'RATIO', 'QUALITATIVE'];
const BASES: readonly CheckpointBasis[] = ['FULL_YEAR', 'PLAN_TO_DATE', 'POINT_IN_TIME', 'YEAR_END_ONLY'];
const COMPARATORS: readonly Comparator[] = ['=', '>=', '<=', 'word'];
/** Formulas of money and of base facts. */
const METRIC_IDS: readonly string[] = [...METRICS, ...FACT_METRICS].map(({ id }) => id);

export class NewTargetValueDto {
  @ApiProperty({ example: '＝38%', description: 'As printed' })
  @IsWords(100)
  text: string;

  @ApiPropertyOptional({ example: '38', description: 'Its decimal; absent for a word' })
  @IsOptional()
  @Matches(/^-?\d{1,12}(\.\d{1,6})?$/, { message: 'value must be a decimal such as "38" or "10.5"' })
  value?: string;
}

export class NewScopeDto {
  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['all'] },
      { type: 'array', items: { type: 'string', enum: [...FUND_NATURES] } },
    ],
    example: ['general-public'],
  })
  @IsFundScope()
  funds: 'all' | FundNature[];

  @ApiProperty({ enum: ['all', ...EXPENDITURES] })
  @IsIn(['all', ...EXPENDITURES])
  expenditure: Scope['expenditure'];
}

export class IndicatorDto {
  @ApiProperty({ example: 'I09' })
  @IsNumberText()
  indicator: string;
  @ApiProperty({ enum: [1, 2, 3] })
  @IsIn([1, 2, 3])
  block: 1 | 2 | 3;
  @ApiProperty({ example: '过程' })
  @IsWords(100)
  level1: string;
  @ApiProperty({ example: '预算执行' })
  @IsWords(100)
  level2: string;
  @ApiPropertyOptional({ example: '土壤污染治理' })
  @IsOptional()
  @IsWords(200)
  keyWork?: string;
  @ApiProperty({ example: '预算执行率' })
  @IsWords(200)
  level3: string;
  @ApiProperty({ enum: KINDS })
  @IsIn(KINDS)
  kind: IndicatorKind;
  @ApiProperty({ enum: COMPARATORS })
  @IsIn(COMPARATORS)
  comparator: Comparator;
  @ApiProperty({ type: () => NewTargetValueDto })
  @ValidateNested()
  @Type(() => NewTargetValueDto)
  half: NewTargetValueDto;
  @ApiProperty({ type: () => NewTargetValueDto })
  @ValidateNested()
  @Type(() => NewTargetValueDto)
  annual: NewTargetValueDto;
  @ApiProperty({ example: 0 })
  @IsInt()
  @Min(0)
  @Max(6)
  decimals: number;
  @ApiProperty({ example: '%', description: 'Empty for a word' })
  @Matches(/^\S{0,12}$/, { message: 'unit must be at most 12 characters without spaces' })
  unit: string;
  @ApiProperty({ enum: BASES })
  @IsIn(BASES)
  checkpointBasis: CheckpointBasis;
  @ApiPropertyOptional({ enum: METRIC_IDS })
  @IsOptional()
  @IsIn(METRIC_IDS)
  metric?: string;
  @ApiPropertyOptional({ type: () => NewScopeDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewScopeDto)
  scope?: NewScopeDto;
  @ApiPropertyOptional({ enum: ['stated', 'inferred', 'confirmed'] })
  @IsOptional()
  @IsIn(['stated', 'inferred', 'confirmed'])
  scopeBasis?: 'stated' | 'inferred' | 'confirmed';
  @ApiPropertyOptional({ example: 5 })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0)
  @Max(100)
  weight?: number;
  @ApiPropertyOptional({
    example: '0.5',
    description: "In the target's unit: a result that misses by no more has met it",
  })
  @IsOptional()
  @Matches(/^\d{1,12}(\.\d{1,6})?$/, { message: 'tolerance must be a decimal such as "0.5"' })
  tolerance?: string;
  @ApiPropertyOptional({ example: ['制度健全', '有效执行'], description: 'What a qualitative indicator is checked by' })
  @IsOptional()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsWords(300, { each: true })
  checklist?: string[];
  @ApiPropertyOptional({
    example: '完成得满分，每少一个扣 1 分',
    description: 'The written scoring standard, as printed',
  })
  @IsOptional()
  @IsWords(1_000)
  standard?: string;
}

/** Targets are no facts of a period: no seal refuses their date, and they belong to no other. */
export class ApproveTargetsDto extends OnDateDto {
  @ApiProperty({ type: () => [IndicatorDto] })
  @NestedArray(() => IndicatorDto, 1_000)
  @ArrayMinSize(1)
  indicators: IndicatorDto[];
  @ApiPropertyOptional({ type: () => NewDocumentDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewDocumentDto)
  document?: NewDocumentDto;
  @ApiPropertyOptional({
    example: '预算调整',
    description: 'Needed when the targets are approved already: then they are revised',
  })
  @IsOptional()
  @IsWords(500)
  reason?: string;
}

export const approveTargets = (dto: ApproveTargetsDto): ApproveTargets => ({
  type: 'ApproveTargets',
  effectiveDate: civilDate(dto.effectiveDate),
  indicators: dto.indicators.map(indicatorOf),
  ...optional('document', documentOf(dto.document)),
});

const targetValue = ({ text, value }: NewTargetValueDto): TargetValue => ({ text, ...optional('value', value) });

export const indicatorOf = (dto: IndicatorDto): Indicator => ({
  indicator: dto.indicator,
  block: dto.block,
  level1: dto.level1,
  level2: dto.level2,
  ...optional('keyWork', dto.keyWork),
  level3: dto.level3,
  kind: dto.kind,
  comparator: dto.comparator,
  half: targetValue(dto.half),
  annual: targetValue(dto.annual),
  decimals: dto.decimals,
  unit: dto.unit,
  checkpointBasis: dto.checkpointBasis,
  ...optional('metric', dto.metric),
  ...optional('scope', dto.scope && { funds: dto.scope.funds, expenditure: dto.scope.expenditure }),
  ...optional('scopeBasis', dto.scopeBasis),
  ...optional('weight', dto.weight),
  ...optional('tolerance', dto.tolerance),
  ...optional('checklist', dto.checklist),
  ...optional('standard', dto.standard),
});
