/** Answers about single events: rows of the journal, one for each money effect, and the history in sentences. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import { BUDGET_EVENT_VERSIONS } from '#domain/budget/events.js';
import { PERFORMANCE_EVENT_VERSIONS } from '#domain/performance/events.js';
import { ActorDto, DocumentDto, EXAMPLE_ANSWER, PageDto } from './answer.dto.js';

export class PayeeNameDto {
  @ApiProperty({ example: '某工程公司' })
  readonly name: string;
}

export class EntryDto {
  @ApiProperty({ format: 'uuid', example: '0b0e9c9a-1f0b-5b1c-9d3a-0f6c2b7a1e11' })
  readonly eventId: string;

  @ApiProperty({ example: '4711', description: "Place of the event in the log; an event's effects share it" })
  readonly position: string;

  @ApiProperty({ example: 118, description: 'Place of the event in its stream, from 0' })
  readonly revision: number;

  @ApiProperty({ enum: EFFECT_KINDS, example: 'paid' })
  readonly kind: EffectKind;

  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiPropertyOptional({ example: 'P06', description: 'The other end of a transfer' })
  readonly counterLine?: string;

  @ApiPropertyOptional({
    example: 'V-2024-0117',
    description: 'Number of the paper: voucher, adjustment, request, freeze, carry-over or take-back',
  })
  readonly ref?: string;

  @ApiProperty({ format: 'date', example: '2024-06-28' })
  readonly effectiveDate: string;

  @ApiPropertyOptional({ format: 'date', example: '2024-06-28', description: 'True date of a late fact' })
  readonly belongsTo?: string;

  @ApiProperty({ format: 'date-time', example: '2024-06-28T08:15:02.113Z' })
  readonly recordedAt: string;

  @ApiProperty({ example: '92080.00', description: 'Signed: what takes back carries the opposite sign' })
  readonly amount: string;

  @ApiPropertyOptional({ example: '31009', description: 'Department economic code' })
  readonly economic?: string;

  @ApiPropertyOptional({ example: 2023, description: 'The lot that the amount names' })
  readonly originYear?: number;

  @ApiPropertyOptional({ type: PayeeNameDto })
  readonly payee?: PayeeNameDto;

  @ApiPropertyOptional({ type: DocumentDto })
  readonly document?: DocumentDto;

  @ApiProperty({ type: ActorDto, description: 'Who recorded it' })
  readonly actor: ActorDto;
}

export class JournalDto extends PageDto {
  @ApiProperty({ type: [EntryDto], description: 'By effective date, then in the order of the log' })
  readonly entries: readonly EntryDto[];
}

export const EXAMPLE_ENTRY = {
  eventId: '0b0e9c9a-1f0b-5b1c-9d3a-0f6c2b7a1e11',
  position: '4711',
  revision: 118,
  kind: 'paid',
  line: 'P05',
  ref: 'V-2024-0117',
  effectiveDate: '2024-06-28',
  recordedAt: '2024-07-01T08:15:02.113Z',
  amount: '92080.00',
  payee: { name: '某工程公司' },
  actor: { id: 'local', name: 'sample' },
} as const satisfies EntryDto;

export const JOURNAL_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  entries: [EXAMPLE_ENTRY],
  next: 'WyJqb3VybmFsIiwiNDcxMSIsIjIwMjQtMDYtMjgiLCI0NzExIiwwXQ',
} as const satisfies JournalDto;

export class TellingDto {
  @ApiProperty({ example: 118, description: 'Place of the event in its stream, from 0' })
  readonly revision: number;

  @ApiProperty({ example: 'budget-U0001-2024' })
  readonly stream: string;

  @ApiProperty({ example: '4711' })
  readonly position: string;

  @ApiProperty({ format: 'date-time', example: '2024-07-01T08:15:02.113Z' })
  readonly recordedAt: string;

  @ApiProperty({ format: 'date', example: '2024-06-28' })
  readonly effectiveDate: string;

  @ApiPropertyOptional({ format: 'date', example: '2024-06-28', description: 'True date of a late fact' })
  readonly belongsTo?: string;

  @ApiProperty({
    enum: [...Object.keys(BUDGET_EVENT_VERSIONS), ...Object.keys(PERFORMANCE_EVENT_VERSIONS)],
    example: 'PaymentExecuted',
  })
  readonly type: string;

  @ApiProperty({
    example:
      '2024-06-28 支付 92,080.00 元 给 某工程公司（凭证 V-2024-0117），用途 工程款，列 P05 征地和拆迁补偿。记录人 sample，记录日期 2024-07-01。',
  })
  readonly sentence: string;

  @ApiProperty({ type: ActorDto })
  readonly actor: ActorDto;

  @ApiProperty({ format: 'uuid', example: '0b0e9c9a-1f0b-5b1c-9d3a-0f6c2b7a1e11' })
  readonly eventId: string;
}

export class HistoryDto extends PageDto {
  @ApiProperty({ type: [TellingDto], description: 'In the order of the log' })
  readonly entries: readonly TellingDto[];
}

export const HISTORY_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  entries: [
    {
      revision: 118,
      stream: 'budget-U0001-2024',
      position: '4711',
      recordedAt: '2024-07-01T08:15:02.113Z',
      effectiveDate: '2024-06-28',
      type: 'PaymentExecuted',
      sentence:
        '2024-06-28 支付 92,080.00 元 给 某工程公司（凭证 V-2024-0117），用途 工程款，列 P05 征地和拆迁补偿。记录人 sample，记录日期 2024-07-01。',
      actor: { id: 'local', name: 'sample' },
      eventId: '0b0e9c9a-1f0b-5b1c-9d3a-0f6c2b7a1e11',
    },
  ],
} as const satisfies HistoryDto;
