/** What answers say of a form that was submitted: when, of what it was made, and what became of it. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { FormSources } from '#domain/performance/events.js';
import { EXAMPLE_RECORDED, RecordedDto, WithdrawalDto } from './results.dto.js';
import { CitedDto } from './seals.dto.js';

export const FORM_STATES = ['draft', 'submitted', 'withdrawn'] as const;
export type FormState = (typeof FORM_STATES)[number];

export class FormulaUsedDto {
  @ApiProperty({ example: 'execution-rate' })
  readonly metric: string;

  @ApiProperty({ example: 1 })
  readonly version: number;
}

export class FormSourcesDto implements Omit<FormSources, 'knownAt'> {
  @ApiProperty({ type: String, format: 'date', example: '2024-06-30' })
  readonly asOf: FormSources['asOf'];

  @ApiProperty({ format: 'date-time', example: '2024-07-05T08:15:02.113Z', description: 'Of the last event used' })
  readonly knownAt: string;

  @ApiProperty({ type: [CitedDto] })
  readonly streams: readonly CitedDto[];

  @ApiProperty({ type: [FormulaUsedDto] })
  readonly formulas: readonly FormulaUsedDto[];
}

export class SubmissionDto extends RecordedDto {
  @ApiProperty({ example: 1, description: 'In the order submitted' })
  readonly submission: number;

  @ApiProperty({ type: String, format: 'date', example: '2024-07-05' })
  readonly submittedOn: string;

  @ApiProperty({ enum: ['submitted', 'withdrawn'] })
  readonly state: Exclude<FormState, 'draft'>;

  @ApiProperty({ type: FormSourcesDto })
  readonly sources: FormSourcesDto;

  @ApiPropertyOptional({ type: WithdrawalDto })
  readonly withdrawn?: WithdrawalDto;
}

/** One member of one row that is not as it was submitted. */
export class FormDifferenceDto {
  @ApiProperty({ example: 'indicators', description: 'Block of the form; empty for its head' })
  readonly block: string;

  @ApiProperty({ example: 'I33', description: 'Row of the block; empty for the head' })
  readonly row: string;

  @ApiProperty({ example: 'result', description: 'Empty when the whole row is on one side only' })
  readonly member: string;

  @ApiPropertyOptional({ example: '17个', description: 'As submitted, a text or JSON; absent where there was none' })
  readonly submitted?: string;

  @ApiPropertyOptional({ example: '18个', description: 'As it is worked out; absent where there is none' })
  readonly now?: string;
}

export const EXAMPLE_SUBMISSION = {
  ...EXAMPLE_RECORDED,
  submission: 1,
  submittedOn: '2024-07-05',
  state: 'submitted',
  sources: {
    asOf: '2024-06-30' as FormSources['asOf'],
    knownAt: '2024-07-05T08:15:02.113Z',
    streams: [
      { stream: 'budget-U0001-2024', revision: 118 },
      { stream: 'performance-U0001-2024', revision: 57 },
    ],
    formulas: [{ metric: 'execution-rate', version: 1 }],
  },
} as const satisfies SubmissionDto;

export const EXAMPLE_DIFFERENCE = {
  ...{ block: 'indicators', row: 'I33', member: 'result', submitted: '17个', now: '18个' },
} as const satisfies FormDifferenceDto;
