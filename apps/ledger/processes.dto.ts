/** What the process manager answers: every event that causes something in another budget, and what became of it. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { PROCESS_NAMES, type ProcessName } from '#domain/budget/process.js';
import { presentMoney } from '#domain/present.js';
import { PROCESS_STATES, type ProcessEntry, type ProcessState } from '#event-store/process/port.js';
import { refusal, type AnyRejection } from './refusals.js';

const LARGEST_PAGE = 1_000;

export class ProcessesQuery {
  @ApiPropertyOptional({ type: String, example: 'U0001', description: 'Unit of the event' })
  @IsOptional()
  @Matches(/^[A-Z0-9]{1,21}$/, { message: 'unit must be 1 to 21 capital letters and digits' })
  unit?: string;

  @ApiPropertyOptional({ type: String, example: '2024', description: 'Year of the event: the one that was closed' })
  @IsOptional()
  @Matches(/^(199\d|20\d{2})$/, { message: 'year must be one of 1990 to 2099' })
  year?: string;

  @ApiPropertyOptional({ enum: PROCESS_STATES, example: 'refused' })
  @IsOptional()
  @IsIn(PROCESS_STATES)
  state?: ProcessState;

  @ApiPropertyOptional({ type: String, example: '100', description: `Entries on a page, at most ${LARGEST_PAGE}` })
  @IsOptional()
  @Matches(/^([1-9]\d{0,2}|1000)$/, { message: `limit must be a count from 1 to ${LARGEST_PAGE}` })
  limit?: string;

  @ApiPropertyOptional({ type: String, description: '`next` of the page before; everything else as it was asked then' })
  @IsOptional()
  @Matches(/^\d{1,19}:[0-9a-f-]{36}$/, { message: 'cursor is not one of this list; take it from `next`, unchanged' })
  cursor?: string;

  @ApiPropertyOptional({
    type: String,
    example: '4711',
    description: 'Position of a write, such as a close, that must be answered: waits up to 5 s for it',
  })
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'atLeast must be a position, as a write answers it' })
  atLeast?: string;
}

class ProcessCauseDto {
  @ApiProperty({ example: '5f3c1b1e-8f0e-5c1a-9a53-0c2f3c7f1a10' })
  eventId: string;
  @ApiProperty({ example: 'YearClosed' })
  type: string;
  @ApiProperty({ example: 'budget-U0001-2024' })
  stream: string;
  @ApiProperty({ example: 118 })
  revision: number;
  @ApiProperty({ example: '4711' })
  position: string;
  @ApiProperty({ example: '2025-01-06T02:11:05.120Z' })
  recordedAt: string;
}

class ProcessTargetDto {
  @ApiProperty({ example: 'U0001' })
  unit: string;
  @ApiProperty({ example: 2025 })
  year: number;
  @ApiProperty({ example: 'budget-U0001-2025' })
  stream: string;
}

class ProcessWrittenDto {
  @ApiProperty({ example: 41, description: 'Revision of the last event; of the stream when nothing had to be written' })
  revision: number;
  @ApiProperty({ example: '4753', description: 'Give it as atLeast to a read that must include it' })
  position: string;
  @ApiProperty({ example: 6 })
  events: number;
}

class ProcessFaultDto {
  @ApiPropertyOptional({ example: '/lots/0/toLine' })
  pointer?: string;
  @ApiProperty({ example: 'YEAR_CLOSED' })
  code: string;
  @ApiProperty({ example: '2025 is closed; reopen the year first, or book in an open one' })
  message: string;
}

class ProcessRejectionDto {
  @ApiProperty({ example: 'YEAR_CLOSED' })
  code: string;
  @ApiProperty({ example: '2025 is closed; reopen the year first, or book in an open one' })
  detail: string;
  @ApiProperty({ type: () => [ProcessFaultDto] })
  faults: ProcessFaultDto[];
}

export class ProcessDto {
  @ApiProperty({ example: '9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e' })
  id: string;
  @ApiProperty({ enum: PROCESS_NAMES, description: 'carry-forward: a closed year opens the next' })
  rule: ProcessName;
  @ApiProperty({ example: 'U0001' })
  unit: string;
  @ApiProperty({ example: 2024 })
  year: number;
  @ApiProperty({
    enum: PROCESS_STATES,
    description:
      'open: noticed, not answered yet; refused: a rule said no, retry when its cause is gone; failed: it cannot be carried ' +
      'out as it is; superseded: a later event has taken its place; undone: refused, and its first half taken back',
  })
  state: ProcessState;
  @ApiProperty({ example: 1, description: 'How often it was answered' })
  attempts: number;
  @ApiProperty({ type: () => ProcessCauseDto })
  cause: ProcessCauseDto;
  @ApiPropertyOptional({ type: () => ProcessTargetDto, description: 'The budget that was asked' })
  target?: ProcessTargetDto;
  @ApiPropertyOptional({ type: () => ProcessWrittenDto, description: 'When done' })
  written?: ProcessWrittenDto;
  @ApiPropertyOptional({ type: () => ProcessRejectionDto, description: 'When refused or failed' })
  rejection?: ProcessRejectionDto;
}

export class ProcessesDto {
  @ApiProperty({ example: '4711', description: 'Everything up to this position of the log is answered' })
  through: string;
  @ApiProperty({ type: () => [ProcessDto], description: 'Newest event first' })
  entries: ProcessDto[];
  @ApiPropertyOptional({ description: 'Cursor of the next page, when there is one' })
  next?: string;
}

/** Filter and page of a query. */
export function askedOf({ unit, year, state, limit, cursor }: ProcessesQuery) {
  const [order, id] = cursor?.split(':') ?? [];
  return {
    filter: {
      ...(unit === undefined ? {} : { unit }),
      ...(year === undefined ? {} : { year: Number(year) }),
      ...(state === undefined ? {} : { states: [state] }),
    },
    limit: limit === undefined ? 100 : Number(limit),
    ...(order === undefined || id === undefined ? {} : { after: { order: BigInt(order), id } }),
  };
}

export const cursorOf = ({ order, id }: ProcessEntry): string => `${order}:${id}`;

export function presentProcess(entry: ProcessEntry): ProcessDto {
  const { order: _order, cause, written, rejection, ...kept } = entry;
  return {
    ...kept,
    cause: { ...cause, recordedAt: new Date(cause.recordedAt).toISOString() },
    ...(written === undefined ? {} : { written }),
    ...(rejection === undefined ? {} : { rejection: rejectionOf(rejection) }),
  };
}

/** A rule's no in the words of a refused write; anything else carries its own. */
function rejectionOf(rejection: NonNullable<ProcessEntry['rejection']>): ProcessRejectionDto {
  const { code, message, ...facts } = rejection;
  if (typeof message === 'string') return { code, detail: message, ...(presentMoney(facts) as object), faults: [] };
  const { faults = [], detail = code } = refusal(rejection as AnyRejection).facts;
  return { code, detail, faults: faults as readonly ProcessFaultDto[] as ProcessFaultDto[] };
}
