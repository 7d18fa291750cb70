/** Requests about seals, the year's close and surplus taken back. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { civilDate } from '#domain/calendar.js';
import { IsAmount, IsCivilDate, IsNumberText, IsWords } from '#platform/validation.js';
import {
  amountOf,
  DatedDto,
  datesOf,
  NewDocumentDto,
  documentOf,
  NestedArray,
  OnDateDto,
  optional,
  type ReasonDto,
} from './parts.dto.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;

export class NewSealDto extends OnDateDto {
  @ApiProperty({ example: 'half-year report' })
  @IsWords(500)
  reason: string;

  @ApiProperty({ example: '2024-06-30', description: 'Dates up to and including this one are refused from now on' })
  @IsCivilDate()
  through: string;
}

export class SurplusLineDto {
  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  line: string;

  @ApiProperty({ enum: ['finished', 'plan-changed'] })
  @IsIn(['finished', 'plan-changed'])
  reason: 'finished' | 'plan-changed';
}

export class TargetLineDto {
  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  line: string;

  @ApiPropertyOptional({ example: 2023, description: 'Only the money of this origin year; default: all of the line' })
  @IsOptional()
  @IsInt()
  @Min(1950)
  @Max(2100)
  originYear?: number;

  @ApiProperty({ example: 'P07', description: 'Line of the next year; opened when it is not there' })
  @IsNumberText()
  toLine: string;
}

export class CloseDto extends OnDateDto {
  @ApiPropertyOptional({ type: () => [SurplusLineDto], description: 'Lines whose unspent money is surplus at once' })
  @IsOptional()
  @NestedArray(() => SurplusLineDto, 2_000)
  surplus?: SurplusLineDto[];

  @ApiPropertyOptional({
    type: () => [TargetLineDto],
    description:
      'Lines of the next year that carried-over money goes to. Default: the same id when name, fund and kind are equal, ' +
      'else the only line of that name, fund and kind, else a line that is opened',
  })
  @IsOptional()
  @NestedArray(() => TargetLineDto, 4_000)
  lots?: TargetLineDto[];
}

export const closeYear = (dto: CloseDto): Of<'CloseYear'> => ({
  type: 'CloseYear',
  effectiveDate: civilDate(dto.effectiveDate),
  ...optional(
    'surplus',
    dto.surplus?.map(({ line, reason }) => ({ line, reason })),
  ),
  ...optional(
    'lots',
    dto.lots?.map(({ line, originYear, toLine }) => ({ line, ...optional('originYear', originYear), toLine })),
  ),
});

export class ReopeningDto extends OnDateDto {
  @ApiProperty({ example: 'a voucher of June was missing' })
  @IsWords(500)
  reason: string;

  @ApiProperty({ enum: ['period', 'year'] })
  @IsIn(['period', 'year'])
  kind: 'period' | 'year';

  @ApiPropertyOptional({ example: '2024-06-30', description: 'Period: the last date of the latest seal' })
  @ValidateIf((dto: ReopeningDto) => dto.kind === 'period' || dto.through !== undefined)
  @IsCivilDate()
  through?: string;
}

export const reopen = (dto: ReopeningDto): Of<'ReopenPeriod' | 'ReopenYear'> =>
  dto.kind === 'year'
    ? { type: 'ReopenYear', effectiveDate: civilDate(dto.effectiveDate), reason: dto.reason }
    : {
        type: 'ReopenPeriod',
        effectiveDate: civilDate(dto.effectiveDate),
        through: civilDate(dto.through ?? ''),
        reason: dto.reason,
      };

export class TakeBackDto extends DatedDto {
  @ApiProperty({ example: 'S-2024-01' })
  @IsNumberText()
  takeBackId: string;

  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  line: string;

  @ApiProperty({ example: 2023 })
  @IsInt()
  @Min(1950)
  @Max(2100)
  originYear: number;

  @ApiProperty({ example: '5000.00' })
  @IsAmount()
  amount: string;

  @ApiPropertyOptional({ type: () => NewDocumentDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewDocumentDto)
  document?: NewDocumentDto;
}

export const takeBackSurplus = (dto: TakeBackDto): Of<'TakeBackSurplus'> => ({
  type: 'TakeBackSurplus',
  ...datesOf(dto),
  takeBackId: dto.takeBackId,
  line: dto.line,
  originYear: dto.originYear,
  fen: amountOf(dto.amount),
  ...optional('document', documentOf(dto.document)),
});

export const reverseTakeBack = (takeBackId: string, dto: ReasonDto): Of<'ReverseTakeBack'> => ({
  type: 'ReverseTakeBack',
  ...datesOf(dto),
  takeBackId,
  reason: dto.reason,
});
