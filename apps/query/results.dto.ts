/** Answers about results of indicators: what was recorded, by whom and on what evidence, and what became of it. */
import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { Attachment, CheckedPoint, Evidence, ResultValue } from '#domain/performance/events.js';
import { LANGUAGES, type Language } from '#domain/sentence.js';
import { IsCivilDate, IsNumberText } from '#platform/validation.js';
import { ActorDto, AnswerDto, DocumentDto, EXAMPLE_ANSWER, PageDto } from './answer.dto.js';
import { TellingDto } from './journal.dto.js';
import { MomentQuery } from './moment.js';
import { PageQuery } from './page.js';

export class ResultsQuery extends IntersectionType(MomentQuery, PageQuery) {
  @ApiPropertyOptional({ type: String, example: 'I33', description: 'Only results of this indicator' })
  @IsOptional()
  @IsNumberText()
  indicator?: string;

  @ApiPropertyOptional({ type: String, format: 'date', example: '2024-04-01', description: 'Dated from this day on' })
  @IsOptional()
  @IsCivilDate()
  from?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    example: '2024-06-30',
    description: 'Dated up to this day; asOf when that is earlier',
  })
  @IsOptional()
  @IsCivilDate()
  to?: string;
}

export class TellingQuery extends MomentQuery {
  @ApiPropertyOptional({ enum: LANGUAGES, example: 'zh', description: 'Language of the sentences; default: zh' })
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;
}

export class AttachmentDto implements Attachment {
  @ApiProperty({
    example: 'cf9e3a242a313e065b8e940e84d5bcdc013fea58b956cf771ee75d251ffdabb6',
    description: 'SHA-256 of the file',
  })
  readonly sha256: string;

  @ApiProperty({ example: 48213 })
  readonly bytes: number;

  @ApiProperty({ example: '验收单.pdf' })
  readonly name: string;
}

export class EvidenceDto implements Omit<Evidence, 'document'> {
  @ApiProperty({ example: '地块验收单' })
  readonly title: string;

  @ApiPropertyOptional({ type: DocumentDto })
  readonly document?: DocumentDto;

  @ApiPropertyOptional({ example: 'V-2024-0117' })
  readonly voucherNo?: string;

  @ApiPropertyOptional({ type: AttachmentDto })
  readonly attachment?: AttachmentDto;
}

export class CheckedPointDto implements CheckedPoint {
  @ApiProperty({ example: '制度合法、合规、完整' })
  readonly point: string;

  @ApiProperty({ example: true })
  readonly met: boolean;

  @ApiPropertyOptional({ example: '内控手册 2024 版' })
  readonly evidence?: string;
}

export class ResultValueDto implements ResultValue {
  @ApiPropertyOptional({ example: '17', description: "A decimal in the target's unit" })
  readonly value?: string;

  @ApiPropertyOptional({ example: '健全', description: 'A word' })
  readonly text?: string;

  @ApiPropertyOptional({ type: [CheckedPointDto], description: 'The points of a checklist' })
  readonly points?: readonly CheckedPointDto[];
}

/** Where an event is, who recorded it and when. */
export class RecordedDto {
  @ApiProperty({ format: 'date-time', example: '2024-07-01T08:15:02.113Z' })
  readonly recordedAt: string;

  @ApiProperty({ type: ActorDto, description: 'Who recorded it' })
  readonly actor: ActorDto;

  @ApiProperty({ example: '4711', description: 'Place of the event in the log' })
  readonly position: string;

  @ApiProperty({ example: 57, description: 'Place of the event in its stream, from 0' })
  readonly revision: number;

  @ApiProperty({ format: 'uuid', example: '0b0e9c9a-1f0b-5b1c-9d3a-0f6c2b7a1e11' })
  readonly eventId: string;
}

export class CorrectionDto extends RecordedDto {
  @ApiProperty({ type: ResultValueDto })
  readonly result: ResultValueDto;

  @ApiProperty({ type: [EvidenceDto] })
  readonly evidence: readonly EvidenceDto[];

  @ApiProperty({ example: '复核时漏计一个地块' })
  readonly reason: string;
}

export class WithdrawalDto extends RecordedDto {
  @ApiProperty({ example: '重复登记' })
  readonly reason: string;
}

export class ResultDto extends RecordedDto {
  @ApiProperty({ example: 'R-2024-06-33' })
  readonly resultId: string;

  @ApiProperty({ example: 'I33' })
  readonly indicator: string;

  @ApiPropertyOptional({ example: '完成收储地块数量', description: 'Absent when the table has no such indicator then' })
  readonly level3?: string;

  @ApiPropertyOptional({ example: '个', description: 'Of a value' })
  readonly unit?: string;

  @ApiProperty({ format: 'date', example: '2024-06-30', description: 'The date that it holds for' })
  readonly date: string;

  @ApiProperty({ type: ResultValueDto, description: 'As last corrected' })
  readonly result: ResultValueDto;

  @ApiProperty({ type: [EvidenceDto] })
  readonly evidence: readonly EvidenceDto[];

  @ApiPropertyOptional({ example: '含续建地块' })
  readonly note?: string;

  @ApiPropertyOptional({ type: ResultValueDto, description: 'As first recorded, where it was corrected since' })
  readonly first?: ResultValueDto;

  @ApiProperty({ type: [CorrectionDto], description: 'Earliest first' })
  readonly corrections: readonly CorrectionDto[];

  @ApiPropertyOptional({ type: WithdrawalDto, description: 'It no longer counts' })
  readonly withdrawn?: WithdrawalDto;
}

export class ResultsDto extends PageDto {
  @ApiProperty({ type: [ResultDto], description: 'By date, then in the order recorded; withdrawn ones among them' })
  readonly results: readonly ResultDto[];
}

export class OneResultDto extends AnswerDto {
  @ApiProperty({ type: ResultDto })
  readonly result: ResultDto;

  @ApiProperty({ type: [TellingDto], description: 'Its events in the order recorded' })
  readonly events: readonly TellingDto[];
}

export const EXAMPLE_RECORDED = {
  recordedAt: '2024-07-01T08:15:02.113Z',
  actor: { id: 'local', name: 'sample' },
  position: '4711',
  revision: 57,
  eventId: '0b0e9c9a-1f0b-5b1c-9d3a-0f6c2b7a1e11',
} as const satisfies RecordedDto;

const EXAMPLE_RESULT = {
  ...EXAMPLE_RECORDED,
  resultId: 'R-2024-06-33',
  indicator: 'I33',
  level3: '完成收储地块数量',
  unit: '个',
  date: '2024-06-30',
  result: { value: '17' },
  evidence: [{ title: '地块验收单', voucherNo: 'V-2024-0117' }],
  first: { value: '16' },
  corrections: [
    {
      ...EXAMPLE_RECORDED,
      position: '4720',
      revision: 58,
      result: { value: '17' },
      evidence: [{ title: '地块验收单', voucherNo: 'V-2024-0117' }],
      reason: '复核时漏计一个地块',
    },
  ],
} as const satisfies ResultDto;

export const RESULTS_EXAMPLE = { ...EXAMPLE_ANSWER, results: [EXAMPLE_RESULT] } as const satisfies ResultsDto;

export const EXAMPLE_TELLING = {
  revision: 57,
  stream: 'performance-U0001-2024',
  position: '4711',
  recordedAt: '2024-07-01T08:15:02.113Z',
  effectiveDate: '2024-06-30',
  type: 'IndicatorResultRecorded',
  sentence: '2024-06-30 登记 I33 完成情况 16。记录人 sample，记录日期 2024-07-01。',
  actor: { id: 'local', name: 'sample' },
  eventId: '0b0e9c9a-1f0b-5b1c-9d3a-0f6c2b7a1e11',
} as const satisfies TellingDto;

export const ONE_RESULT_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  result: EXAMPLE_RESULT,
  events: [EXAMPLE_TELLING],
} as const satisfies OneResultDto;
