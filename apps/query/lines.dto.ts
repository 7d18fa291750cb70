/** Answers about lines: figures in yuan at one moment. Symbols of rule book 2.1. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXPENDITURES, FUND_NATURES, type Expenditure, type FundNature } from '#domain/budget/events.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';

const amount = (description: string, example = '0.00') => ApiProperty({ type: String, example, description });

export class FiguresDto {
  @amount('B0 年初批复数', '92080000.00')
  readonly original: string;

  @amount('C0 上年结转')
  readonly carryOverIn: string;

  @amount('A+ 追加', '1000000.00')
  readonly added: string;

  @amount('A− 追减, a positive amount')
  readonly cut: string;

  @amount('调剂转入')
  readonly transferredIn: string;

  @amount('调剂转出')
  readonly transferredOut: string;

  @amount('B 调整后预算数 = B0 + C0 + A+ − A− + in − out; never lowered by a take-back', '93080000.00')
  readonly current: string;

  @amount('冻结')
  readonly frozen: string;

  @amount('已申请未支付')
  readonly requested: string;

  @amount('X 执行数, net of returns of the year', '40000000.00')
  readonly paid: string;

  @amount('收回; lowers available, never the budget')
  readonly takenBack: string;

  @amount('B − taken back − frozen − requested − X; negative when overdrawn', '53080000.00')
  readonly available: string;

  @amount('P(asOf) 计划执行数', '46040000.00')
  readonly plannedToDate: string;

  @ApiPropertyOptional({ enum: [true], description: 'The plan is assumed to run evenly: no half-year value was given' })
  readonly plannedAssumed?: true;
}

export class LineDto extends FiguresDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: '征地和拆迁补偿' })
  readonly name: string;

  @ApiProperty({ enum: EXPENDITURES })
  readonly expenditure: Expenditure;

  @ApiProperty({ enum: FUND_NATURES })
  readonly fund: FundNature;
}

export class LinesDto extends AnswerDto {
  @ApiProperty({ example: true, description: 'Before approval all figures are real zeros' })
  readonly approved: boolean;

  @ApiProperty({ type: [LineDto] })
  readonly lines: readonly LineDto[];

  @ApiProperty({ type: FiguresDto, description: 'Exact sums of the lines listed' })
  readonly totals: FiguresDto;
}

const EXAMPLE_FIGURES = {
  original: '92080000.00',
  carryOverIn: '0.00',
  added: '1000000.00',
  cut: '0.00',
  transferredIn: '0.00',
  transferredOut: '0.00',
  current: '93080000.00',
  frozen: '0.00',
  requested: '0.00',
  paid: '40000000.00',
  takenBack: '0.00',
  available: '53080000.00',
  plannedToDate: '46040000.00',
} as const satisfies FiguresDto;

const EXAMPLE_LINE = {
  line: 'P05',
  name: '征地和拆迁补偿',
  expenditure: 'project',
  fund: 'government-funds',
  ...EXAMPLE_FIGURES,
} as const satisfies LineDto;

export const LINES_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  approved: true,
  lines: [EXAMPLE_LINE],
  totals: EXAMPLE_FIGURES,
} as const satisfies LinesDto;
