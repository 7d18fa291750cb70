/** Answers about base facts: what each comes to at a date, and how it was recorded. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { FACTS, type FactDefinition, type FactKind } from '#domain/performance/facts.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { MomentQuery } from './moment.js';
import { NameDto } from './rates.dto.js';
import { EvidenceDto, EXAMPLE_RECORDED, RecordedDto, WithdrawalDto } from './results.dto.js';

const KINDS = Object.keys(FACTS) as FactKind[];

export class BaseFactsQuery extends MomentQuery {
  @ApiPropertyOptional({ enum: KINDS, example: 'staff-in-post', description: 'Only this one' })
  @IsOptional()
  @IsIn(KINDS)
  fact?: FactKind;
}

export class FactAtDto {
  @ApiProperty({ enum: KINDS, example: 'staff-in-post' })
  readonly fact: FactKind;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiProperty({ enum: ['person', 'yuan', 'project', 'task'] })
  readonly unit: FactDefinition['unit'];

  @ApiProperty({ enum: ['level', 'running-total'], description: 'A running total counts from 1 January' })
  readonly kind: FactDefinition['kind'];

  @ApiProperty({ type: String, nullable: true, example: '46', description: 'null when nothing is recorded by then' })
  readonly value: string | null;

  @ApiPropertyOptional({ format: 'date', example: '2024-06-30', description: 'The date that it holds for' })
  readonly date?: string;

  @ApiPropertyOptional({ example: 'F-2024-06-02' })
  readonly factId?: string;
}

export class FactCorrectionDto extends RecordedDto {
  @ApiProperty({ example: '46' })
  readonly value: string;

  @ApiProperty({ example: '漏计借调人员' })
  readonly reason: string;
}

export class RecordedFactDto extends RecordedDto {
  @ApiProperty({ example: 'F-2024-06-02' })
  readonly factId: string;

  @ApiProperty({ enum: KINDS, example: 'staff-in-post' })
  readonly fact: FactKind;

  @ApiProperty({ format: 'date', example: '2024-06-30' })
  readonly date: string;

  @ApiProperty({ example: '46', description: 'As last corrected' })
  readonly value: string;

  @ApiProperty({ type: [EvidenceDto] })
  readonly evidence: readonly EvidenceDto[];

  @ApiPropertyOptional({ example: '45', description: 'As first recorded, where it was corrected since' })
  readonly first?: string;

  @ApiProperty({ type: [FactCorrectionDto], description: 'Earliest first' })
  readonly corrections: readonly FactCorrectionDto[];

  @ApiPropertyOptional({ type: WithdrawalDto, description: 'It no longer counts' })
  readonly withdrawn?: WithdrawalDto;
}

export class BaseFactsDto extends AnswerDto {
  @ApiProperty({ type: [FactAtDto], description: 'Every base fact as it stands at asOf' })
  readonly facts: readonly FactAtDto[];

  @ApiProperty({
    type: [RecordedFactDto],
    description: 'By date, then in the order recorded; withdrawn ones among them',
  })
  readonly recorded: readonly RecordedFactDto[];
}

export const BASE_FACTS_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  facts: [
    {
      fact: 'staff-in-post',
      name: FACTS['staff-in-post'].name,
      unit: 'person',
      kind: 'level',
      value: '46',
      date: '2024-06-30',
      factId: 'F-2024-06-02',
    },
  ],
  recorded: [
    {
      ...EXAMPLE_RECORDED,
      factId: 'F-2024-06-02',
      fact: 'staff-in-post',
      date: '2024-06-30',
      value: '46',
      evidence: [{ title: '人员编制表' }],
      corrections: [],
    },
  ],
} as const satisfies BaseFactsDto;
