/** Answers about indicators beside the money of the lines that do their work. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { MismatchFlag } from '#domain/metrics/money-beside-work.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { DoneDto } from './pace.dto.js';

const FLAGS = [
  'PAID_AHEAD_OF_WORK',
  'WORK_AHEAD_OF_MONEY',
  'PAID_WITHOUT_RESULT',
  'WORK_FINISHED_NOTHING_PAID',
  'LINE_SHARED',
  'LINE_UNKNOWN',
] as const satisfies readonly MismatchFlag['code'][];

export class LinkedLineDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiPropertyOptional({ example: '征地和拆迁补偿', description: 'Absent of a line that the budget does not have' })
  readonly name?: string;
}

export class WorkShareDto {
  @ApiProperty({ enum: ['OK', 'NONE'] })
  readonly status: 'OK' | 'NONE';

  @ApiPropertyOptional({
    enum: ['NO_RESULT', 'NOT_CUMULATIVE', 'IS_A_LIMIT', 'NO_TARGET'],
    description: 'Why there is no share',
  })
  readonly reason?: string;

  @ApiPropertyOptional({ type: DoneDto })
  readonly done?: DoneDto;

  @ApiPropertyOptional({ example: '30.00', description: 'Of the full year' })
  readonly target?: string;

  @ApiPropertyOptional({ example: '56.67', description: 'Done of the full-year target' })
  readonly percent?: string;
}

export class MoneyShareDto {
  @ApiProperty({ enum: ['OK', 'NONE'] })
  readonly status: 'OK' | 'NONE';

  @ApiPropertyOptional({ enum: ['NO_BUDGET'] })
  readonly reason?: string;

  @ApiProperty({ example: '46040000.00' })
  readonly paid: string;

  @ApiProperty({ example: '92080000.00' })
  readonly current: string;

  @ApiPropertyOptional({ example: '50.00' })
  readonly percent?: string;
}

export class MismatchDto {
  @ApiProperty({ enum: FLAGS, example: 'PAID_AHEAD_OF_WORK' })
  readonly code: MismatchFlag['code'];

  @ApiPropertyOptional({ example: '23.40', description: 'Percentage points, without sign' })
  readonly gap?: string;

  @ApiPropertyOptional({ example: '20', description: 'As the thresholds state it' })
  readonly allowed?: string;

  @ApiPropertyOptional({ example: '46040000.00' })
  readonly paid?: string;

  @ApiPropertyOptional({ example: 'P05' })
  readonly line?: string;

  @ApiPropertyOptional({ type: [String], example: ['I34'], description: 'Others whose work the line does too' })
  readonly indicators?: readonly string[];
}

export class BesideDto {
  @ApiProperty({ example: 'I33' })
  readonly indicator: string;

  @ApiProperty({ example: '完成收储地块数量' })
  readonly level3: string;

  @ApiProperty({ type: [LinkedLineDto] })
  readonly lines: readonly LinkedLineDto[];

  @ApiProperty({ type: WorkShareDto })
  readonly work: WorkShareDto;

  @ApiProperty({ type: MoneyShareDto })
  readonly money: MoneyShareDto;

  @ApiPropertyOptional({
    example: '-6.67',
    description: 'Share of money − share of work in percentage points, the work counted up to 100 %',
  })
  readonly gap?: string;

  @ApiProperty({ type: [MismatchDto], description: 'None where they go together' })
  readonly flags: readonly MismatchDto[];
}

export class MoneyBesideWorkDto extends AnswerDto {
  @ApiProperty({ example: 1, description: 'Version of the thresholds' })
  readonly thresholds: number;

  @ApiProperty({ type: [BesideDto], description: 'Every indicator that is linked to lines, in printed order' })
  readonly linked: readonly BesideDto[];
}

export const MONEY_BESIDE_WORK_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  thresholds: 1,
  linked: [
    {
      indicator: 'I33',
      level3: '完成收储地块数量',
      lines: [{ line: 'P05', name: '征地和拆迁补偿' }],
      work: { status: 'OK', done: { on: '2024-06-30', value: '17.00' }, target: '30.00', percent: '56.67' },
      money: { status: 'OK', paid: '46040000.00', current: '92080000.00', percent: '50.00' },
      gap: '-6.67',
      flags: [],
    },
  ],
} as const satisfies MoneyBesideWorkDto;
