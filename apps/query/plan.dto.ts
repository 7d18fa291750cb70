/** Answers about what was approved and planned: the budget as approved, a line in full, the payment plans in force. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXPENDITURES, FUND_NATURES, type Expenditure, type FundNature } from '#domain/budget/events.js';
import { AnswerDto, CodesDto, DocumentDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { LINES_EXAMPLE, LineDto } from './lines.dto.js';

export class LinePlanDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: '征地和拆迁补偿' })
  readonly name: string;

  @ApiProperty({
    enum: ['approved', 'monthly', 'none'],
    description: 'approved: the half-year value of the approval; monthly: a payment plan; none: the budget, evenly',
  })
  readonly kind: 'approved' | 'monthly' | 'none';

  @ApiPropertyOptional({ format: 'date', example: '2024-01-01', description: 'Since when the plan is in force' })
  readonly effectiveDate?: string;

  @ApiProperty({
    type: [String],
    minItems: 12,
    maxItems: 12,
    description: 'Cumulative planned payment at the end of each month, January first',
  })
  readonly cumulative: readonly string[];

  @ApiPropertyOptional({ enum: [true], description: 'Planned evenly by day: no half-year value was given' })
  readonly assumed?: true;
}

export class PaymentPlanDto extends AnswerDto {
  @ApiProperty({ type: [LinePlanDto] })
  readonly plans: readonly LinePlanDto[];
}

const CUMULATIVE = [
  '7843076.92',
  '15180219.78',
  '23023296.70',
  '30613370.88',
  '38456447.80',
  '46040000.00',
  '53796956.52',
  '61553913.04',
  '69060645.16',
  '76817601.68',
  '84324333.80',
  '92080000.00',
] as const;

export const PAYMENT_PLAN_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  plans: [
    {
      line: 'P05',
      name: '征地和拆迁补偿',
      kind: 'approved',
      effectiveDate: '2024-01-01',
      cumulative: CUMULATIVE,
    },
  ],
} as const satisfies PaymentPlanDto;

export class ApprovedAmountDto {
  @ApiProperty({ format: 'date', example: '2024-01-01' })
  readonly effectiveDate: string;

  @ApiProperty({ example: '92080000.00', description: 'B0 年初批复数' })
  readonly original: string;

  @ApiPropertyOptional({ example: '46040000.00', description: '半年计划执行数' })
  readonly halfYearPlan?: string;
}

export class LineInFullDto extends LineDto {
  @ApiProperty({ type: CodesDto, description: 'In force at asOf; empty when the line was never coded' })
  readonly codes: CodesDto;

  @ApiPropertyOptional({ type: ApprovedAmountDto, description: 'Absent for a line that was only opened' })
  readonly approval?: ApprovedAmountDto;

  @ApiProperty({ type: LinePlanDto, description: 'The plan in force' })
  readonly plan: LinePlanDto;
}

export class LineAnswerDto extends AnswerDto {
  @ApiProperty({ example: true })
  readonly approved: boolean;

  @ApiProperty({ type: LineInFullDto })
  readonly line: LineInFullDto;
}

export const LINE_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  approved: true,
  line: {
    ...LINES_EXAMPLE.lines[0],
    codes: { function: '2120801' },
    approval: { effectiveDate: '2024-01-01', original: '92080000.00', halfYearPlan: '46040000.00' },
    plan: PAYMENT_PLAN_EXAMPLE.plans[0],
  },
} as const satisfies LineAnswerDto;

export class IncomeDto {
  @ApiProperty({ enum: [...FUND_NATURES, 'carry-over'], example: 'general-public' })
  readonly source: FundNature | 'carry-over';

  @ApiProperty({ example: '19656600.00' })
  readonly amount: string;
}

export class ApprovedLineDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: '征地和拆迁补偿' })
  readonly name: string;

  @ApiProperty({ enum: EXPENDITURES })
  readonly expenditure: Expenditure;

  @ApiProperty({ enum: FUND_NATURES })
  readonly fund: FundNature;

  @ApiPropertyOptional({ type: CodesDto })
  readonly codes?: CodesDto;

  @ApiProperty({ example: '92080000.00', description: 'B0 年初批复数' })
  readonly original: string;

  @ApiPropertyOptional({ example: '46040000.00', description: '半年计划执行数' })
  readonly halfYearPlan?: string;

  @ApiPropertyOptional({ example: '0.00', description: 'C0 上年结转, brought in by asOf' })
  readonly carryOverIn?: string;
}

export class BudgetDto extends AnswerDto {
  @ApiProperty({ example: true })
  readonly approved: boolean;

  @ApiPropertyOptional({ format: 'date', example: '2024-01-01' })
  readonly approvedOn?: string;

  @ApiPropertyOptional({ enum: [true], description: 'The source names no approval date' })
  readonly dateAssumed?: true;

  @ApiPropertyOptional({ type: DocumentDto })
  readonly document?: DocumentDto;

  @ApiProperty({ type: [IncomeDto] })
  readonly income: readonly IncomeDto[];

  @ApiProperty({ example: '15542300.00', description: 'Total of basic expenditure as the document states it' })
  readonly basic: string;

  @ApiProperty({ example: '2045880100.00', description: 'Total of project expenditure as the document states it' })
  readonly project: string;

  @ApiProperty({ type: [ApprovedLineDto] })
  readonly lines: readonly ApprovedLineDto[];
}

export const BUDGET_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  approved: true,
  approvedOn: '2024-01-01',
  dateAssumed: true,
  income: [
    { source: 'general-public', amount: '19656600.00' },
    { source: 'government-funds', amount: '2041765800.00' },
  ],
  basic: '15542300.00',
  project: '2045880100.00',
  lines: [
    {
      line: 'P05',
      name: '征地和拆迁补偿',
      expenditure: 'project',
      fund: 'government-funds',
      original: '92080000.00',
      halfYearPlan: '46040000.00',
    },
  ],
} as const satisfies BudgetDto;
