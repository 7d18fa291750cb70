/** Parts that several requests share. Amounts are decimal strings of yuan, dates `YYYY-MM-DD`. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, Matches, ValidateNested } from 'class-validator';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { EconomicShare, LineCodes, Payee } from '#domain/budget/events.js';
import type { DocumentRef } from '#domain/envelope.js';
import { fen, parseYuan, type Fen } from '#domain/money.js';
import { IsAmount, IsCivilDate, IsEconomicCode, IsNumberText, IsWords } from '#platform/validation.js';

/** A validated amount in fen. */
export function amountOf(text: string): Fen {
  const parsed = parseYuan(text);
  if (typeof parsed === 'string') throw new Error(`an amount passed validation that is none: ${text}`);
  return fen(parsed);
}

/** `{ [key]: value }`, or nothing when there is no value: optional members are absent, never undefined. */
export const optional = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } => (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };

export class OnDateDto {
  @ApiProperty({ example: '2024-06-28', description: 'Business date from the paper (Asia/Shanghai)' })
  @IsCivilDate()
  effectiveDate: string;
}

export class DatedDto extends OnDateDto {
  @ApiPropertyOptional({
    example: '2024-06-28',
    description: 'True date of a late fact whose period is sealed; effectiveDate then lies in the open period',
  })
  @IsOptional()
  @IsCivilDate()
  belongsTo?: string;
}

export const datesOf = (dto: DatedDto): { effectiveDate: CivilDate; belongsTo?: CivilDate } => ({
  effectiveDate: civilDate(dto.effectiveDate),
  ...optional('belongsTo', dto.belongsTo === undefined ? undefined : civilDate(dto.belongsTo)),
});

export class ReasonDto extends DatedDto {
  @ApiProperty({ example: 'entered twice' })
  @IsWords(500)
  reason: string;
}

export class NewDocumentDto {
  @ApiProperty({ example: '财预〔2024〕17号' })
  @IsWords(100)
  number: string;

  @ApiPropertyOptional({ example: '关于追加预算的通知' })
  @IsOptional()
  @IsWords(300)
  title?: string;

  @ApiPropertyOptional({ example: '2024-05-08', description: 'Without it an adjustment counts as ordinary' })
  @IsOptional()
  @IsCivilDate()
  date?: string;
}

export const documentOf = (dto: NewDocumentDto | undefined): DocumentRef | undefined =>
  dto && {
    number: dto.number,
    ...optional('title', dto.title),
    ...optional('date', dto.date === undefined ? undefined : civilDate(dto.date)),
  };

export class PayeeDto {
  @ApiProperty({ example: '某工程公司' })
  @IsWords(200)
  name: string;

  @ApiPropertyOptional({ example: '3205-0001', description: 'Account or register number' })
  @IsOptional()
  @IsNumberText()
  ref?: string;

  @ApiProperty({ enum: ['organisation', 'person'] })
  @IsIn(['organisation', 'person'])
  kind: 'organisation' | 'person';
}

export const payeeOf = (dto: PayeeDto): Payee => ({ name: dto.name, ...optional('ref', dto.ref), kind: dto.kind });

export class EconomicShareDto {
  @ApiProperty({ example: '30201' })
  @IsEconomicCode()
  departmentEconomic: string;

  @ApiProperty({ example: '12000.00' })
  @IsAmount()
  amount: string;
}

export const sharesOf = (shares: readonly EconomicShareDto[] | undefined): EconomicShare[] | undefined =>
  shares?.map(({ departmentEconomic, amount }) => ({ departmentEconomic, fen: amountOf(amount) }));

export class NewCodesDto {
  @ApiPropertyOptional({ example: '2120801', description: 'Function, 类款项' })
  @IsOptional()
  @Matches(/^2\d{2}(\d{2}(\d{2})?)?$/, { message: 'function must be 3, 5 or 7 digits beginning with 2' })
  function?: string;

  @ApiPropertyOptional({ example: '50502' })
  @IsOptional()
  @Matches(/^5\d{2}(\d{2})?$/, { message: 'governmentEconomic must be 3 or 5 digits beginning with 5' })
  governmentEconomic?: string;

  @ApiPropertyOptional({ example: '30201' })
  @IsOptional()
  @IsEconomicCode()
  departmentEconomic?: string;

  @ApiPropertyOptional({ example: 'P2024-0007' })
  @IsOptional()
  @IsNumberText()
  project?: string;
}

export const codesOf = (dto: NewCodesDto): LineCodes => ({
  ...optional('function', dto.function),
  ...optional('governmentEconomic', dto.governmentEconomic),
  ...optional('departmentEconomic', dto.departmentEconomic),
  ...optional('project', dto.project),
});

/** An array of nested DTOs, each validated, at most `most` long. */
export const NestedArray =
  (type: () => new () => object, most: number): PropertyDecorator =>
  (target, key) => {
    IsArray()(target, key);
    ArrayMaxSize(most)(target, key);
    ValidateNested({ each: true })(target, key);
    Type(type)(target, key);
  };
