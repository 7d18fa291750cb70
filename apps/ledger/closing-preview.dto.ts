/** The preview of a close, in the answer to its trial and in the problem that says what blocks it. Amounts in yuan. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EXPENDITURES, FUND_NATURES } from '#domain/budget/events.js';
import { TrialAnswerDto } from './operation.js';

class PreviewedLotDto {
  @ApiProperty({ example: 'P01' })
  line: string;
  @ApiProperty({ example: '培训费' })
  name: string;
  @ApiProperty({ enum: EXPENDITURES, example: 'project' })
  expenditure: string;
  @ApiProperty({ enum: FUND_NATURES, example: 'general-public' })
  fund: string;
  @ApiProperty({ example: 2024 })
  originYear: number;
  @ApiProperty({ example: '30000.00', description: 'Unspent' })
  amount: string;
  @ApiProperty({ enum: ['carry-over', 'surplus'], example: 'carry-over' })
  class: string;
  @ApiProperty({ enum: ['unspent', 'two-years', 'finished', 'plan-changed'], example: 'unspent' })
  reason: string;
  @ApiPropertyOptional({ example: 'P07', description: 'Line of the next year; only of money that is carried over' })
  toLine?: string;
  @ApiPropertyOptional({ example: false, description: 'That line would be opened' })
  opens?: boolean;
  @ApiPropertyOptional({ example: '25000.00', description: 'What the next year holds of it already' })
  existing?: string;
  @ApiPropertyOptional({ example: '5000.00', description: 'What the close would change there' })
  difference?: string;
}

class WithdrawnCarryOverDto {
  @ApiProperty({ example: 'JZ2025-P03-2024' })
  carryOverId: string;
  @ApiProperty({ example: 'P03' })
  line: string;
  @ApiProperty({ example: 2024 })
  originYear: number;
  @ApiProperty({ example: '1000.00' })
  amount: string;
}

class ClosingTotalsDto {
  @ApiProperty({ example: '38000.00' })
  unspent: string;
  @ApiProperty({ example: '30000.00' })
  carryOver: string;
  @ApiProperty({ example: '8000.00' })
  surplus: string;
  @ApiProperty({ example: '26000.00', description: 'Carry-over that the next year holds of this one already' })
  existing: string;
  @ApiProperty({ example: '4000.00' })
  difference: string;
}

class ClosingWarningDto {
  @ApiProperty({ example: 'PRIOR_YEAR_OPEN' })
  code: string;
  @ApiProperty({ example: '2023 is not closed: what it carries over would come into this year afterwards' })
  message: string;
}

export class ClosingPreviewDto {
  @ApiProperty({ example: 2024 })
  year: number;
  @ApiProperty({ example: 1, description: 'Number of the closure' })
  closure: number;
  @ApiProperty({ example: 2025 })
  nextYear: number;
  @ApiProperty({ type: () => [PreviewedLotDto] })
  lots: PreviewedLotDto[];
  @ApiProperty({ type: () => [WithdrawnCarryOverDto], description: 'Carry-overs that the close would take back' })
  withdrawn: WithdrawnCarryOverDto[];
  @ApiProperty({ type: () => ClosingTotalsDto })
  totals: ClosingTotalsDto;
  @ApiProperty({ type: () => [ClosingWarningDto], description: 'Worth knowing; none of it blocks the close' })
  warnings: ClosingWarningDto[];
}

export class CloseTrialDto extends TrialAnswerDto {
  @ApiProperty({ type: () => ClosingPreviewDto })
  preview: ClosingPreviewDto;
}
