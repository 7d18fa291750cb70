/** Requests about what was reached: results of indicators and base facts, each with what stands behind it. */
import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMinSize, IsBoolean, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { civilDate, type Checkpoint } from '#domain/calendar.js';
import type { NewBaseFact, NewResult, PerformanceCommand } from '#domain/performance/commands.js';
import type { ResultValue } from '#domain/performance/events.js';
import { FACTS, type FactKind } from '#domain/performance/facts.js';
import { IsNumberText, IsWords } from '#platform/validation.js';
import { EvidencedDto, evidenceOf } from './evidence.dto.js';
import { NestedArray, OnDateDto, optional } from './parts.dto.js';

type Of<Type extends PerformanceCommand['type']> = Extract<PerformanceCommand, { type: Type }>;

const CHECKPOINTS: readonly Checkpoint[] = ['half', 'annual'];
const FACT_KINDS = Object.keys(FACTS) as FactKind[];
/** Rows of one command. */
const MOST_ROWS = 2_000;

class NewCheckedPointDto {
  @ApiProperty({ example: '制度健全', description: 'As the indicator names it' })
  @IsWords(300)
  point: string;
  @ApiProperty({ example: true })
  @IsBoolean()
  met: boolean;
  @ApiPropertyOptional({ example: '内部控制手册 2024 版' })
  @IsOptional()
  @IsWords(500)
  evidence?: string;
}

/** Exactly one of the three. */
class NewResultValueDto {
  @ApiPropertyOptional({ example: '17', description: "A decimal in the target's unit" })
  @IsOptional()
  @IsWords(100)
  value?: string;
  @ApiPropertyOptional({ example: '健全', description: 'A word, of a qualitative indicator' })
  @IsOptional()
  @IsWords(100)
  text?: string;
  @ApiPropertyOptional({ type: () => [NewCheckedPointDto], description: 'The points of its checklist' })
  @IsOptional()
  @NestedArray(() => NewCheckedPointDto, 100)
  points?: NewCheckedPointDto[];
}

const valueOf = ({ value, text, points }: NewResultValueDto): ResultValue => ({
  ...optional('value', value),
  ...optional('text', text),
  ...optional(
    'points',
    points?.map(({ point, met, evidence }) => ({ point, met, ...optional('evidence', evidence) })),
  ),
});

class ReachedDto extends EvidencedDto {
  @ApiProperty({ type: () => NewResultValueDto, example: { value: '17' } })
  @ValidateNested()
  @Type(() => NewResultValueDto)
  result: NewResultValueDto;
  @ApiPropertyOptional({
    example: '个',
    description: 'The unit that it was written in, to be held against that of the target',
  })
  @IsOptional()
  @IsWords(12)
  unit?: string;
}

class ForCheckpointDto {
  @ApiPropertyOptional({ enum: [...CHECKPOINTS], description: 'The report that they are for: a later date is refused' })
  @IsOptional()
  @IsIn([...CHECKPOINTS])
  checkpoint?: Checkpoint;
}

export class NewResultDto extends IntersectionType(OnDateDto, ReachedDto) {
  @ApiProperty({ example: 'R-2024-041' })
  @IsNumberText()
  resultId: string;
  @ApiProperty({ example: 'I41' })
  @IsNumberText()
  indicator: string;
  @ApiPropertyOptional({ example: '含上年结转 3 个' })
  @IsOptional()
  @IsWords(500)
  note?: string;
}

export class RecordResultDto extends IntersectionType(NewResultDto, ForCheckpointDto) {}

export class RecordResultsDto extends ForCheckpointDto {
  @ApiProperty({ type: () => [NewResultDto], description: `Recorded all together or not at all, at most ${MOST_ROWS}` })
  @NestedArray(() => NewResultDto, MOST_ROWS)
  @ArrayMinSize(1)
  results: NewResultDto[];
}

const resultOf = (dto: NewResultDto): NewResult => ({
  effectiveDate: civilDate(dto.effectiveDate),
  resultId: dto.resultId,
  indicator: dto.indicator,
  result: valueOf(dto.result),
  ...optional('unit', dto.unit),
  evidence: evidenceOf(dto),
  ...optional('note', dto.note),
});

export const recordResults = (dto: RecordResultDto | RecordResultsDto): Of<'RecordResults'> => ({
  type: 'RecordResults',
  ...optional('checkpoint', dto.checkpoint),
  results: dto instanceof RecordResultsDto ? dto.results.map(resultOf) : [resultOf(dto)],
});

class BecauseDto {
  @ApiProperty({ example: 'counted twice' })
  @IsWords(500)
  reason: string;
}

/** Dated like what it corrects or withdraws. */
export class WithdrawDto extends BecauseDto {}

export class CorrectResultDto extends IntersectionType(ReachedDto, BecauseDto) {}

export const correctResult = (resultId: string, dto: CorrectResultDto): Of<'CorrectResult'> => ({
  type: 'CorrectResult',
  resultId,
  result: valueOf(dto.result),
  ...optional('unit', dto.unit),
  evidence: evidenceOf(dto),
  reason: dto.reason,
});

export const withdrawResult = (resultId: string, { reason }: WithdrawDto): Of<'WithdrawResult'> => ({
  type: 'WithdrawResult',
  resultId,
  reason,
});

export class NewBaseFactDto extends IntersectionType(OnDateDto, EvidencedDto) {
  @ApiProperty({ example: 'F-2024-01' })
  @IsNumberText()
  factId: string;
  @ApiProperty({ enum: FACT_KINDS, example: 'staff-in-post' })
  @IsIn(FACT_KINDS)
  fact: FactKind;
  @ApiProperty({ example: '33', description: 'A decimal in the unit of the fact; running totals count from 1 January' })
  @IsWords(100)
  value: string;
}

export class RecordBaseFactDto extends IntersectionType(NewBaseFactDto, ForCheckpointDto) {}

export class RecordBaseFactsDto extends ForCheckpointDto {
  @ApiProperty({
    type: () => [NewBaseFactDto],
    description: `Recorded all together or not at all, at most ${MOST_ROWS}`,
  })
  @NestedArray(() => NewBaseFactDto, MOST_ROWS)
  @ArrayMinSize(1)
  facts: NewBaseFactDto[];
}

const factOf = (dto: NewBaseFactDto): NewBaseFact => ({
  effectiveDate: civilDate(dto.effectiveDate),
  factId: dto.factId,
  fact: dto.fact,
  value: dto.value,
  evidence: evidenceOf(dto),
});

export const recordBaseFacts = (dto: RecordBaseFactDto | RecordBaseFactsDto): Of<'RecordBaseFacts'> => ({
  type: 'RecordBaseFacts',
  ...optional('checkpoint', dto.checkpoint),
  facts: dto instanceof RecordBaseFactsDto ? dto.facts.map(factOf) : [factOf(dto)],
});

export class CorrectBaseFactDto extends BecauseDto {
  @ApiProperty({ example: '34' })
  @IsWords(100)
  value: string;
}

export const correctBaseFact = (factId: string, { value, reason }: CorrectBaseFactDto): Of<'CorrectBaseFact'> => ({
  type: 'CorrectBaseFact',
  factId,
  value,
  reason,
});

export const withdrawBaseFact = (factId: string, { reason }: WithdrawDto): Of<'WithdrawBaseFact'> => ({
  type: 'WithdrawBaseFact',
  factId,
  reason,
});
