/** Requests about payment requests, payments and their corrections. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMinSize, Equals, IsIn, IsInt, IsOptional, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import type { BudgetCommand, NewPayment } from '#domain/budget/commands.js';
import { IsAmount, IsEconomicCode, IsNumberText, IsWords } from '#platform/validation.js';
import { amountOf, DatedDto, datesOf, NestedArray, optional, PayeeDto, payeeOf, type ReasonDto } from './parts.dto.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;

class DisbursementDto extends DatedDto {
  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  line: string;

  @ApiProperty({ example: '92080.00' })
  @IsAmount()
  amount: string;

  @ApiProperty({ type: () => PayeeDto })
  @ValidateNested()
  @Type(() => PayeeDto)
  payee: PayeeDto;

  @ApiProperty({ example: '道路工程进度款' })
  @IsWords(500)
  purpose: string;
}

export class RequestPaymentDto extends DisbursementDto {
  @ApiProperty({ example: 'R-2024-0031' })
  @IsNumberText()
  requestId: string;

  @ApiPropertyOptional({ example: 'HT-2024-008' })
  @IsOptional()
  @IsNumberText()
  contract?: string;
}

export const requestPayment = (dto: RequestPaymentDto): Of<'RequestPayment'> => ({
  type: 'RequestPayment',
  ...datesOf(dto),
  requestId: dto.requestId,
  line: dto.line,
  fen: amountOf(dto.amount),
  payee: payeeOf(dto.payee),
  purpose: dto.purpose,
  ...optional('contract', dto.contract),
});

export class CancelRequestDto extends DatedDto {
  @ApiPropertyOptional({ example: 'contract dissolved' })
  @IsOptional()
  @IsWords(500)
  reason?: string;
}

export const cancelRequest = (requestId: string, dto: CancelRequestDto): Of<'CancelRequest'> => ({
  type: 'CancelRequest',
  ...datesOf(dto),
  requestId,
  ...optional('reason', dto.reason),
});

export class PaymentDto extends DisbursementDto {
  @ApiProperty({ example: 'V-2024-0117' })
  @IsNumberText()
  voucherNo: string;

  @ApiPropertyOptional({ example: 'R-2024-0031', description: 'The payment request it settles; needed with final' })
  @ValidateIf((dto: PaymentDto) => dto.requestId !== undefined || dto.final !== undefined)
  @IsNumberText()
  requestId?: string;

  @ApiPropertyOptional({ enum: [true], description: 'Gives up what is left of the request' })
  @IsOptional()
  @Equals(true)
  final?: true;

  @ApiPropertyOptional({ example: '30201' })
  @IsOptional()
  @IsEconomicCode()
  departmentEconomic?: string;

  @ApiPropertyOptional({ example: 2023, description: 'Pays from carried-over money of that year' })
  @IsOptional()
  @IsInt()
  @Min(1950)
  @Max(2100)
  originYear?: number;
}

export class PaymentsDto {
  @ApiProperty({ type: () => [PaymentDto], description: 'Booked all together or not at all, at most 500' })
  @NestedArray(() => PaymentDto, 500)
  @ArrayMinSize(1)
  payments: PaymentDto[];
}

const paymentOf = (dto: PaymentDto): NewPayment => ({
  ...datesOf(dto),
  voucherNo: dto.voucherNo,
  line: dto.line,
  fen: amountOf(dto.amount),
  payee: payeeOf(dto.payee),
  purpose: dto.purpose,
  ...optional('requestId', dto.requestId),
  ...optional('final', dto.final),
  ...optional('departmentEconomic', dto.departmentEconomic),
  ...optional('originYear', dto.originYear),
});

export const executePayments = (dto: PaymentDto | PaymentsDto): Of<'ExecutePayments'> => ({
  type: 'ExecutePayments',
  payments: dto instanceof PaymentsDto ? dto.payments.map(paymentOf) : [paymentOf(dto)],
});

export class ReturnPaymentDto extends DatedDto {
  @ApiProperty({ example: 'T-2024-0004' })
  @IsNumberText()
  returnNo: string;

  @ApiProperty({ example: '1000.00' })
  @IsAmount()
  amount: string;

  @ApiProperty({ enum: ['passive', 'active'], description: 'passive: the bank sent it back; active: the payee did' })
  @IsIn(['passive', 'active'])
  kind: 'passive' | 'active';
}

export const returnPayment = (voucherNo: string, dto: ReturnPaymentDto): Of<'ReturnPayment'> => ({
  type: 'ReturnPayment',
  ...datesOf(dto),
  returnNo: dto.returnNo,
  voucherNo,
  fen: amountOf(dto.amount),
  kind: dto.kind,
});

export const reverseReturn = (returnNo: string, dto: ReasonDto): Of<'ReverseReturn'> => ({
  type: 'ReverseReturn',
  ...datesOf(dto),
  returnNo,
  reason: dto.reason,
});

export class ReattributeDto extends DatedDto {
  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  fromLine: string;

  @ApiProperty({ example: 'P02' })
  @IsNumberText()
  toLine: string;

  @ApiProperty({ example: '92080.00' })
  @IsAmount()
  amount: string;
}

export const reattributePayment = (voucherNo: string, dto: ReattributeDto): Of<'ReattributePayment'> => ({
  type: 'ReattributePayment',
  ...datesOf(dto),
  voucherNo,
  fromLine: dto.fromLine,
  toLine: dto.toLine,
  fen: amountOf(dto.amount),
});

export class ReclassifyPaymentDto extends DatedDto {
  @ApiProperty({ example: '30213' })
  @IsEconomicCode()
  toCode: string;
}

export const reclassifyPayment = (voucherNo: string, dto: ReclassifyPaymentDto): Of<'ReclassifyPayment'> => ({
  type: 'ReclassifyPayment',
  ...datesOf(dto),
  voucherNo,
  toCode: dto.toCode,
});

export const reversePayment = (voucherNo: string, dto: ReasonDto): Of<'ReversePayment'> => ({
  type: 'ReversePayment',
  ...datesOf(dto),
  voucherNo,
  reason: dto.reason,
});
