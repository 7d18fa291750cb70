/** The answer to "why this amount": what it is made of, the plans in force, the exact entries, and a permanent link. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FIGURES, type FigureFormula } from '#domain/metrics/figures.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import { EXAMPLE_ANSWER, PageDto } from './answer.dto.js';
import { InputDto, PlanInForceDto } from './explanation.dto.js';
import { EntryDto, EXAMPLE_ENTRY } from './journal.dto.js';
import { NameDto } from './rates.dto.js';
import { ScopeDto } from './scope.js';

export const FIGURE_IDS = FIGURES.map(({ id }) => id);

export class FigureInputDto extends InputDto {
  @ApiPropertyOptional({
    enum: [1, -1],
    description:
      'How it counts in the figure: all inputs with their signs add up to it. Absent for P and what P rests on',
  })
  readonly sign?: 1 | -1;
}

export class FigureExplanationDto extends PageDto {
  @ApiProperty({ enum: FIGURE_IDS, example: 'paid', description: 'The column of lines, totals, overview or series' })
  readonly figure: string;

  @ApiProperty({ example: 1 })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiPropertyOptional({ example: 'X', description: 'In the formulas of rates' })
  readonly symbol?: string;

  @ApiProperty({ example: 'X = paid, less returns within the year and bookings reversed' })
  readonly formula: string;

  @ApiProperty({ example: '执行数, 实际支付 (rule book 2.1 and 8)' })
  readonly source: string;

  @ApiPropertyOptional({ example: 'P05', description: 'Of one line' })
  readonly line?: string;

  @ApiPropertyOptional({ type: ScopeDto, description: 'Of all lines in a scope' })
  readonly scope?: Scope;

  @ApiProperty({ example: '92080.00' })
  readonly amount: string;

  @ApiPropertyOptional({ enum: [true], description: 'Of P: rests on a line without a half-year value' })
  readonly assumed?: true;

  @ApiProperty({ type: [FigureInputDto] })
  readonly inputs: readonly FigureInputDto[];

  @ApiPropertyOptional({
    type: [PlanInForceDto],
    description: 'Of P: the plan in force of each line; what they come to adds up to the figure',
  })
  readonly plans?: readonly PlanInForceDto[];

  @ApiProperty({
    type: [EntryDto],
    description:
      'Every money effect that the figure is made of; with the signs of their inputs they add up to it. Of P: those of B',
  })
  readonly entries: readonly EntryDto[];

  @ApiProperty({
    example:
      '/api/v1/units/U0001/years/2024/figures/paid/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z&line=P05',
    description: 'Gives the same answer later, whatever is recorded meanwhile',
  })
  readonly link: string;
}

/** A figure of the registry as `GET /formulas` lists it. */
export class FigureFormulaDto {
  @ApiProperty({ enum: FIGURE_IDS, example: 'paid' })
  readonly id: string;

  @ApiProperty({ example: 1, description: 'Raised with every change of meaning' })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiPropertyOptional({ example: 'X' })
  readonly symbol?: string;

  @ApiProperty({ example: 'X = paid, less returns within the year and bookings reversed' })
  readonly formula: string;

  @ApiProperty({ example: '执行数, 实际支付 (rule book 2.1 and 8)' })
  readonly source: string;

  @ApiProperty({ enum: EFFECT_KINDS, isArray: true, example: ['paid'], description: 'Kinds of the entries behind it' })
  readonly kinds: readonly EffectKind[];
}

export const figureFormulaDto = (figure: FigureFormula): FigureFormulaDto => ({
  id: figure.id,
  version: figure.version,
  name: figure.name,
  ...(figure.symbol === undefined ? {} : { symbol: figure.symbol }),
  formula: figure.formula,
  source: figure.source,
  kinds: figure.parts.map(({ kind }) => kind),
});

export const FIGURE_EXPLANATION_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  figure: 'paid',
  version: 1,
  name: { zh: '执行数', en: 'Paid' },
  symbol: 'X',
  formula: 'X = paid, less returns within the year and bookings reversed',
  source: '执行数, 实际支付 (rule book 2.1 and 8)',
  line: 'P05',
  amount: '92080.00',
  inputs: [{ name: 'paid', symbol: 'X', amount: '92080.00', kinds: ['paid'], sign: 1 }],
  entries: [EXAMPLE_ENTRY],
  link: '/api/v1/units/U0001/years/2024/figures/paid/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z&line=P05',
} as const satisfies FigureExplanationDto;
