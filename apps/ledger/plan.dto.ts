/** Requests about the plan: approval, lines, carry-over brought in, monthly payment plan, units. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import type { BroughtForward, BudgetCommand, NewLine } from '#domain/budget/commands.js';
import {
  EXPENDITURES,
  FUND_NATURES,
  type Expenditure,
  type FundNature,
  type IncomeSource,
} from '#domain/budget/events.js';
import { civilDate } from '#domain/calendar.js';
import type { DirectoryCommand } from '#domain/directory/decide.js';
import { IsAmount, IsAmountOrZero, IsCivilDate, IsNumberText, IsWords } from '#platform/validation.js';
import {
  amountOf,
  NewCodesDto,
  codesOf,
  DatedDto,
  datesOf,
  NewDocumentDto,
  documentOf,
  EconomicShareDto,
  NestedArray,
  optional,
  ReasonDto,
  sharesOf,
} from './parts.dto.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;

/** A plan holds at most this many lines; one append must stay within the event store's size limit. */
const LINES_LIMIT = 2_000;

export class NewLineDto {
  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  line: string;

  @ApiProperty({ example: '伙食经费' })
  @IsWords(200)
  name: string;

  @ApiProperty({ enum: EXPENDITURES })
  @IsIn(EXPENDITURES)
  expenditure: Expenditure;

  @ApiProperty({ enum: FUND_NATURES })
  @IsIn(FUND_NATURES)
  fund: FundNature;

  @ApiPropertyOptional({ type: () => NewCodesDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewCodesDto)
  codes?: NewCodesDto;
}

const lineOf = (dto: NewLineDto): NewLine => ({
  line: dto.line,
  name: dto.name,
  expenditure: dto.expenditure,
  fund: dto.fund,
  ...optional('codes', dto.codes && codesOf(dto.codes)),
});

export class NewApprovedLineDto extends NewLineDto {
  @ApiProperty({ example: '338900.00' })
  @IsAmountOrZero()
  original: string;

  @ApiPropertyOptional({ example: '135600.00', description: 'Planned cumulative payment by 30 June' })
  @IsOptional()
  @IsAmountOrZero()
  halfYearPlan?: string;

  @ApiPropertyOptional({ type: () => [EconomicShareDto] })
  @IsOptional()
  @NestedArray(() => EconomicShareDto, 200)
  economic?: EconomicShareDto[];
}

export class NewIncomeDto {
  @ApiProperty({ enum: [...FUND_NATURES, 'carry-over'] })
  @IsIn([...FUND_NATURES, 'carry-over'])
  source: IncomeSource;

  @ApiProperty({ example: '19656600.00' })
  @IsAmountOrZero()
  amount: string;
}

export class CarryOverDto {
  @ApiProperty({ example: 'C2023-01' })
  @IsNumberText()
  carryOverId: string;

  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  line: string;

  @ApiProperty({ example: 2023 })
  @IsInt()
  @Min(1950)
  @Max(2100)
  originYear: number;

  @ApiProperty({ example: 'P01', description: 'The line of the year it comes from' })
  @IsNumberText()
  originLine: string;

  @ApiProperty({ example: '50000.00' })
  @IsAmount()
  amount: string;
}

const carryOverOf = (dto: CarryOverDto): BroughtForward => ({
  carryOverId: dto.carryOverId,
  line: dto.line,
  originYear: dto.originYear,
  originLine: dto.originLine,
  fen: amountOf(dto.amount),
});

export class ApproveBudgetDto extends DatedDto {
  @ApiProperty({ type: () => [NewIncomeDto] })
  @NestedArray(() => NewIncomeDto, 20)
  income: NewIncomeDto[];

  @ApiProperty({ example: '15542300.00', description: 'Total of the basic lines as the document states it' })
  @IsAmountOrZero()
  basic: string;

  @ApiProperty({ example: '2045880100.00', description: 'Total of the project lines as the document states it' })
  @IsAmountOrZero()
  project: string;

  @ApiProperty({ type: () => [NewApprovedLineDto] })
  @NestedArray(() => NewApprovedLineDto, LINES_LIMIT)
  @ArrayMinSize(1)
  lines: NewApprovedLineDto[];

  @ApiPropertyOptional({ type: () => [CarryOverDto] })
  @IsOptional()
  @NestedArray(() => CarryOverDto, LINES_LIMIT)
  carryOvers?: CarryOverDto[];

  @ApiPropertyOptional({ type: () => NewDocumentDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewDocumentDto)
  document?: NewDocumentDto;
}

export const approveBudget = (dto: ApproveBudgetDto): Of<'ApproveBudget'> => ({
  type: 'ApproveBudget',
  ...datesOf(dto),
  income: dto.income.map(({ source, amount }) => ({ source, fen: amountOf(amount) })),
  basicFen: amountOf(dto.basic),
  projectFen: amountOf(dto.project),
  lines: dto.lines.map((line) => ({
    ...lineOf(line),
    originalFen: amountOf(line.original),
    ...optional('halfYearPlanFen', line.halfYearPlan === undefined ? undefined : amountOf(line.halfYearPlan)),
    ...optional('economic', sharesOf(line.economic)),
  })),
  ...optional('carryOvers', dto.carryOvers?.map(carryOverOf)),
  ...optional('document', documentOf(dto.document)),
});

export const withdrawApproval = (dto: ReasonDto): Of<'WithdrawApproval'> => ({
  type: 'WithdrawApproval',
  ...datesOf(dto),
  reason: dto.reason,
});

export class OpenLinesDto extends DatedDto {
  @ApiProperty({ type: () => [NewLineDto] })
  @NestedArray(() => NewLineDto, 500)
  @ArrayMinSize(1)
  lines: NewLineDto[];
}

export const openLines = (dto: OpenLinesDto): Of<'OpenLines'> => ({
  type: 'OpenLines',
  ...datesOf(dto),
  lines: dto.lines.map(lineOf),
});

export class ReclassifyLineDto extends ReasonDto {
  @ApiProperty({ type: () => NewCodesDto })
  @ValidateNested()
  @Type(() => NewCodesDto)
  codes: NewCodesDto;
}

export const reclassifyLine = (line: string, dto: ReclassifyLineDto): Of<'ReclassifyLine'> => ({
  type: 'ReclassifyLine',
  ...datesOf(dto),
  line,
  codes: codesOf(dto.codes),
  reason: dto.reason,
});

export class BringCarryOverForwardDto extends DatedDto {
  @ApiProperty({ type: () => [CarryOverDto] })
  @NestedArray(() => CarryOverDto, 500)
  @ArrayMinSize(1)
  carryOvers: CarryOverDto[];
}

export const bringCarryOverForward = (dto: BringCarryOverForwardDto): Of<'BringCarryOverForward'> => ({
  type: 'BringCarryOverForward',
  ...datesOf(dto),
  carryOvers: dto.carryOvers.map(carryOverOf),
});

export class ReviseCarryOverDto extends ReasonDto {
  @ApiProperty({ example: '48000.00' })
  @IsAmountOrZero()
  to: string;
}

export const reviseCarryOver = (carryOverId: string, dto: ReviseCarryOverDto): Of<'ReviseCarryOver'> => ({
  type: 'ReviseCarryOver',
  ...datesOf(dto),
  carryOverId,
  toFen: amountOf(dto.to),
  reason: dto.reason,
});

export class NewLinePlanDto {
  @ApiProperty({ example: 'P01' })
  @IsNumberText()
  line: string;

  @ApiProperty({
    description: 'Cumulative planned payment at the end of each month, January first',
    example: Array.from({ length: 12 }, (_, month) => `${(month + 1) * 10_000}.00`),
  })
  @IsAmountOrZero({ each: true })
  @ArrayMinSize(12)
  @ArrayMaxSize(12)
  cumulative: string[];
}

export class SetPaymentPlanDto extends DatedDto {
  @ApiProperty({ type: () => [NewLinePlanDto] })
  @NestedArray(() => NewLinePlanDto, 500)
  @ArrayMinSize(1)
  plans: NewLinePlanDto[];
}

export const setPaymentPlan = (dto: SetPaymentPlanDto): Of<'SetPaymentPlan'> => ({
  type: 'SetPaymentPlan',
  ...datesOf(dto),
  plans: dto.plans.map(({ line, cumulative }) => ({ line, cumulativeFen: cumulative.map(amountOf) })),
});

export class RegisterUnitDto {
  @ApiProperty({ example: 'U0001', description: '1 to 21 capital letters and digits' })
  @IsNumberText()
  unit: string;

  @ApiProperty({ example: '苏州市土地储备中心' })
  @IsWords(200)
  name: string;

  @ApiPropertyOptional({ example: 'U0000', description: 'The unit it belongs to' })
  @IsOptional()
  @IsNumberText()
  parent?: string;

  @ApiProperty({ example: '2024-01-01' })
  @IsCivilDate()
  validFrom: string;
}

export const registerUnit = (dto: RegisterUnitDto): DirectoryCommand => ({
  type: 'RegisterUnit',
  unit: dto.unit,
  name: dto.name,
  ...optional('parent', dto.parent),
  validFrom: civilDate(dto.validFrom),
});
