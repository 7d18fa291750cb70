/** The treasury's tray as callers see it. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { NOTICE_KINDS, numberOf, type TreasuryNotice } from '#messaging/treasury.js';
import { IsWords } from '#platform/validation.js';
import { TRAY_STATES, type TrayFilter, type TrayPlace, type TrayState } from './treasury-tray.js';

const LARGEST_PAGE = 1_000;

export class TrayQuery {
  @ApiPropertyOptional({ type: String, example: 'U0001' })
  @IsOptional()
  @Matches(/^[A-Z0-9]{1,21}$/, { message: 'unit must be 1 to 21 capital letters and digits' })
  unit?: string;

  @ApiPropertyOptional({ type: String, example: '2024' })
  @IsOptional()
  @Matches(/^(199\d|20\d{2})$/, { message: 'year must be one of 1990 to 2099' })
  year?: string;

  @ApiPropertyOptional({ enum: [...TRAY_STATES, 'all'], example: 'waiting', description: 'Default: waiting' })
  @IsOptional()
  @IsIn([...TRAY_STATES, 'all'])
  state?: TrayState | 'all';

  @ApiPropertyOptional({ type: String, example: '100', description: `Notices on a page, at most ${LARGEST_PAGE}` })
  @IsOptional()
  @Matches(/^([1-9]\d{0,2}|1000)$/, { message: `limit must be a count from 1 to ${LARGEST_PAGE}` })
  limit?: string;

  @ApiPropertyOptional({ type: String, description: '`next` of the page before; everything else as it was asked then' })
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'cursor is not one of this list; take it from `next`, unchanged' })
  cursor?: string;
}

export class DismissalDto {
  @ApiProperty({ example: 'booked by hand on 3 July as V-2024-0117-1' })
  @IsWords(500)
  reason: string;
}

class TrayFaultDto {
  @ApiPropertyOptional({ example: '/line' })
  pointer?: string;
  @ApiProperty({ example: 'YEAR_CLOSED' })
  code: string;
  @ApiProperty({ example: '2024 is closed; reopen the year first, or book in an open one' })
  message: string;
}

class TrayReasonDto {
  @ApiProperty({ example: 'YEAR_CLOSED' })
  code: string;
  @ApiProperty({ example: '2024 is closed; reopen the year first, or book in an open one' })
  detail: string;
  @ApiProperty({ type: () => [TrayFaultDto] })
  faults: TrayFaultDto[];
}

class TrayOriginDto {
  @ApiProperty({ example: 'treasury.payments.v1' })
  topic: string;
  @ApiProperty({ example: 3 })
  partition: number;
  @ApiProperty({ example: '10241' })
  offset: string;
}

class TrayWrittenDto {
  @ApiProperty({ example: 'budget-U0001-2024' })
  stream: string;
  @ApiProperty({ example: 41 })
  revision: number;
  @ApiProperty({ example: '4753', description: 'Give it as atLeast to a read that must include it' })
  position: string;
  @ApiProperty({ example: 1, description: '0 when an equal entry was booked already' })
  events: number;
}

class TrayDismissalDto {
  @ApiProperty({ example: 'booked by hand on 3 July as V-2024-0117-1' })
  reason: string;
  @ApiProperty({ example: '张会计' })
  by: string;
  @ApiProperty({ example: '2024-07-03T02:11:05.120Z' })
  at: string;
}

const NOTICE: TreasuryNotice = {
  kind: 'payment',
  unit: 'U0001',
  year: 2024,
  voucherNo: 'V-2024-0117',
  effectiveDate: '2024-06-28',
  line: 'P01',
  amount: '92080.00',
  payee: { name: '某工程公司', kind: 'organisation' },
  purpose: '道路工程进度款',
};

export class TrayEntryDto {
  @ApiProperty({ example: '9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e' })
  id: string;
  @ApiProperty({
    enum: TRAY_STATES,
    description:
      'waiting: tried again by itself as soon as its budget has changed; booked; dismissed: a person decided that it is not booked',
  })
  state: TrayState;
  @ApiProperty({ enum: NOTICE_KINDS })
  kind: TreasuryNotice['kind'];
  @ApiProperty({ example: 'U0001' })
  unit: string;
  @ApiProperty({ example: 2024 })
  year: number;
  @ApiProperty({ example: 'V-2024-0117', description: 'Number of the voucher, the return or the correction' })
  number: string;
  @ApiProperty({ example: 'V-2024-0117', description: 'The voucher that it is about' })
  voucherNo: string;
  @ApiProperty({ example: '2024-06-28' })
  effectiveDate: string;
  @ApiPropertyOptional({ example: '92080.00' })
  amount?: string;
  @ApiProperty({ example: '2025-01-06T02:11:05.120Z', description: 'When it was put in the tray' })
  since: string;
  @ApiProperty({ example: 1, description: 'How often it was tried' })
  attempts: number;
  @ApiProperty({ type: () => TrayReasonDto, description: 'What the last try that failed was refused for' })
  reason: TrayReasonDto;
  @ApiProperty({ type: () => TrayOriginDto })
  origin: TrayOriginDto;
  @ApiProperty({ type: Object, example: NOTICE, description: 'The notice as the treasury sent it' })
  notice: object;
  @ApiPropertyOptional({ type: () => TrayWrittenDto, description: 'When booked' })
  written?: TrayWrittenDto;
  @ApiPropertyOptional({ type: () => TrayDismissalDto, description: 'When dismissed' })
  dismissal?: TrayDismissalDto;
}

export class TrayDto {
  @ApiProperty({ type: () => [TrayEntryDto] })
  entries: TrayEntryDto[];
  @ApiPropertyOptional({ example: '4711', description: 'There is more: give it as cursor' })
  next?: string;
}

export interface TrayAsked {
  readonly filter: TrayFilter;
  readonly limit: number;
  readonly after?: bigint;
}

export const trayAsked = ({ unit, year, state = 'waiting', limit = '100', cursor }: TrayQuery): TrayAsked => ({
  filter: {
    ...(unit === undefined ? {} : { unit }),
    ...(year === undefined ? {} : { year: Number(year) }),
    ...(state === 'all' ? {} : { states: [state] }),
  },
  limit: Number(limit),
  ...(cursor === undefined ? {} : { after: BigInt(cursor) }),
});

export function presentEntry(entry: TrayPlace): TrayEntryDto {
  const { id, state, notice, since, attempts, reason, origin, written, dismissal } = entry;
  const { kind, unit, year, voucherNo, effectiveDate } = notice;
  return {
    id,
    state,
    ...{ kind, unit, year },
    number: numberOf(notice),
    voucherNo,
    effectiveDate,
    ...('amount' in notice ? { amount: notice.amount } : {}),
    since: instant(since),
    attempts,
    reason: { ...reason, faults: [...reason.faults] },
    origin,
    notice,
    ...(written && { written }),
    ...(dismissal && { dismissal: { ...dismissal, at: instant(dismissal.at) } }),
  };
}

const instant = (ms: number): string => new Date(ms).toISOString();
