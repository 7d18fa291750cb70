/** Requests about adjustments 追加, 追减, 调剂 and freezes. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { BudgetCommand, Movement } from '#domain/budget/commands.js';
import { REASON_CODES, type ReasonCode } from '#domain/budget/events.js';
import { MOVEMENTS_LIMIT } from '#domain/budget/rules.js';
import { UNIT_CODE } from '#domain/directory/decide.js';
import { IsAmount, IsAmountOrZero, IsNumberText, IsWords } from '#platform/validation.js';
import {
  amountOf,
  DatedDto,
  datesOf,
  NewDocumentDto,
  documentOf,
  EconomicShareDto,
  NestedArray,
  optional,
  sharesOf,
  type ReasonDto,
} from './parts.dto.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;

const KINDS = ['add', 'cut', 'transfer'] as const;
const isTransfer = (movement: MovementDto): boolean => movement.kind === 'transfer';
const isSingle = (movement: MovementDto): boolean => movement.kind !== 'transfer';

export class CounterpartDto {
  @ApiProperty({ example: 'U0002' })
  @Matches(UNIT_CODE, { message: 'unit must be 1 to 21 capital letters and digits' })
  unit: string;

  @ApiProperty({ example: 'A-2024-0012' })
  @IsNumberText()
  adjustmentId: string;
}

export class MovementDto {
  @ApiProperty({ enum: KINDS })
  @IsIn(KINDS)
  kind: (typeof KINDS)[number];

  @ApiPropertyOptional({ example: 'P01', description: 'The line that is added to or cut' })
  @ValidateIf((movement: MovementDto) => isSingle(movement) || movement.line !== undefined)
  @IsNumberText()
  line?: string;

  @ApiPropertyOptional({ example: 'P01', description: 'Transfer: the line that gives' })
  @ValidateIf((movement: MovementDto) => isTransfer(movement) || movement.from !== undefined)
  @IsNumberText()
  from?: string;

  @ApiPropertyOptional({ example: 'P02', description: 'Transfer: the line that gets' })
  @ValidateIf((movement: MovementDto) => isTransfer(movement) || movement.to !== undefined)
  @IsNumberText()
  to?: string;

  @ApiProperty({ example: '50000.00' })
  @IsAmount()
  amount: string;

  @ApiPropertyOptional({ example: '60000.00', description: 'What was asked for' })
  @IsOptional()
  @IsAmountOrZero()
  proposed?: string;

  @ApiPropertyOptional({ description: 'Transfer: false when it does not change the structure; default true' })
  @IsOptional()
  @IsBoolean()
  structural?: boolean;

  @ApiPropertyOptional({ example: 2023, description: 'Takes carried-over money of that year' })
  @IsOptional()
  @IsInt()
  @Min(1950)
  @Max(2100)
  originYear?: number;

  @ApiPropertyOptional({ type: () => [EconomicShareDto] })
  @IsOptional()
  @NestedArray(() => EconomicShareDto, 200)
  economic?: EconomicShareDto[];

  @ApiPropertyOptional({ type: () => [EconomicShareDto] })
  @IsOptional()
  @NestedArray(() => EconomicShareDto, 200)
  fromEconomic?: EconomicShareDto[];

  @ApiPropertyOptional({ type: () => [EconomicShareDto] })
  @IsOptional()
  @NestedArray(() => EconomicShareDto, 200)
  toEconomic?: EconomicShareDto[];

  @ApiPropertyOptional({ type: () => CounterpartDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => CounterpartDto)
  counterpart?: CounterpartDto;
}

/** Members that a movement of this kind does not have. A caller who sends one means something else than would be booked. */
const FOREIGN: Record<MovementDto['kind'], readonly (keyof MovementDto)[]> = {
  add: ['from', 'to', 'structural', 'originYear', 'fromEconomic', 'toEconomic'],
  cut: ['from', 'to', 'structural', 'fromEconomic', 'toEconomic'],
  transfer: ['line', 'proposed', 'economic', 'counterpart'],
};

export const foreignMembers = (dto: MovementDto): readonly string[] =>
  FOREIGN[dto.kind].filter((member) => dto[member] !== undefined);

export class AdjustmentDto extends DatedDto {
  @ApiProperty({ example: 'A-2024-0012' })
  @IsNumberText()
  adjustmentId: string;

  @ApiProperty({ enum: REASON_CODES })
  @IsIn(REASON_CODES)
  reasonCode: ReasonCode;

  @ApiPropertyOptional({ type: () => NewDocumentDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewDocumentDto)
  document?: NewDocumentDto;

  @ApiProperty({ type: () => [MovementDto] })
  @NestedArray(() => MovementDto, MOVEMENTS_LIMIT)
  @ArrayMinSize(1)
  movements: MovementDto[];
}

export const adjust = (dto: AdjustmentDto): Of<'Adjust'> => ({
  type: 'Adjust',
  adjustments: [
    {
      ...datesOf(dto),
      adjustmentId: dto.adjustmentId,
      reasonCode: dto.reasonCode,
      ...optional('document', documentOf(dto.document)),
      movements: dto.movements.map(movementOf),
    },
  ],
});

function movementOf(dto: MovementDto): Movement {
  const fen = amountOf(dto.amount);
  const origin = optional('originYear', dto.originYear);
  if (dto.kind === 'transfer') {
    return {
      kind: 'transfer',
      from: dto.from ?? '',
      to: dto.to ?? '',
      fen,
      ...optional('structural', dto.structural),
      ...origin,
      ...optional('fromEconomic', sharesOf(dto.fromEconomic)),
      ...optional('toEconomic', sharesOf(dto.toEconomic)),
    };
  }
  const money = {
    line: dto.line ?? '',
    fen,
    ...optional('proposedFen', dto.proposed === undefined ? undefined : amountOf(dto.proposed)),
    ...optional('economic', sharesOf(dto.economic)),
    ...optional(
      'counterpart',
      dto.counterpart && { unit: dto.counterpart.unit, adjustmentId: dto.counterpart.adjustmentId },
    ),
  };
  return dto.kind === 'add' ? { kind: 'add', ...money } : { kind: 'cut', ...money, ...origin };
}

export const reverseAdjustment = (adjustmentId: string, dto: ReasonDto): Of<'ReverseAdjustment'> => ({
  type: 'ReverseAdjustment',
  ...datesOf(dto),
  adjustmentId,
  reason: dto.reason,
});

export class FreezeDto extends DatedDto {
  @ApiProperty({ example: 'F-2024-01' })
  @IsNumberText()
  freezeId: string;

  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  line: string;

  @ApiProperty({ example: '50000.00' })
  @IsAmount()
  amount: string;

  @ApiPropertyOptional({ example: 'pending audit' })
  @IsOptional()
  @IsWords(500)
  reason?: string;
}

export const freeze = (dto: FreezeDto): Of<'Freeze'> => ({
  type: 'Freeze',
  ...datesOf(dto),
  freezeId: dto.freezeId,
  line: dto.line,
  fen: amountOf(dto.amount),
  ...optional('reason', dto.reason),
});

export class ReleaseDto extends DatedDto {
  @ApiPropertyOptional({ example: '20000.00', description: 'Default: all that is still frozen' })
  @IsOptional()
  @IsAmount()
  amount?: string;
}

export const release = (freezeId: string, dto: ReleaseDto): Of<'Release'> => ({
  type: 'Release',
  ...datesOf(dto),
  freezeId,
  ...optional('fen', dto.amount === undefined ? undefined : amountOf(dto.amount)),
});
