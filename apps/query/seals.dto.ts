/** Answers about seals: what each keeps, and whether it comes out the same today (design 4, 6.3). */
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import type { Checkpoint } from '#domain/calendar.js';
import { DIFFERENCE_CODES, type DifferenceCode } from '#domain/metrics/reproduction.js';
import { ActorDto, AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { FiguresDto, LineDto, LINES_EXAMPLE } from './lines.dto.js';
import { CHECKPOINTS, MomentQuery } from './moment.js';
import { EXAMPLE_RATE, RateDto } from './rates.dto.js';
import { ScopeDto } from './scope.js';

/** A seal has its own date, so only what is known may be asked for. */
export class SealsQuery extends PickType(MomentQuery, ['knownAt', 'atLeast'] as const) {}

export class CitedDto {
  @ApiProperty({ example: 'budget-U0001-2024' })
  readonly stream: string;

  @ApiProperty({ example: 117, description: 'Up to and including' })
  readonly revision: number;
}

export class ReopenedDto {
  @ApiProperty({ format: 'date', example: '2024-08-01' })
  readonly on: string;

  @ApiProperty({ example: '补记6月漏记凭证' })
  readonly reason: string;

  @ApiProperty({ format: 'date-time', example: '2024-08-01T03:05:13.528Z' })
  readonly recordedAt: string;

  @ApiProperty({ type: ActorDto })
  readonly by: ActorDto;
}

export class KeptReportDto {
  @ApiProperty({ example: 'rates', description: 'lines or rates' })
  readonly kind: string;

  @ApiProperty({ example: 'all', description: '`all`, or which part of how many' })
  readonly scope: string;

  @ApiProperty({
    example: 'cf9e3a242a313e065b8e940e84d5bcdc013fea58b956cf771ee75d251ffdabb6',
    description: 'SHA-256 of the bytes at `text`',
  })
  readonly sha256: string;

  @ApiProperty({ example: 5244 })
  readonly bytes: number;

  @ApiProperty({
    example: '/api/v1/units/U0001/years/2024/seals/1/reports/rates/all',
    description: 'Where its bytes are',
  })
  readonly text: string;
}

export class SealDto {
  @ApiProperty({ example: 1, description: 'In the order recorded' })
  readonly number: number;

  @ApiProperty({ format: 'date', example: '2024-06-30', description: 'Dates up to and including this one are sealed' })
  readonly through: string;

  @ApiProperty({ format: 'date', example: '2024-07-05', description: 'Business date of the seal' })
  readonly sealedOn: string;

  @ApiProperty({ format: 'date-time', example: '2024-07-05T08:20:47.092Z' })
  readonly recordedAt: string;

  @ApiProperty({ type: ActorDto })
  readonly by: ActorDto;

  @ApiProperty({ example: '半年报' })
  readonly reason: string;

  @ApiProperty({ example: 118, description: 'Place of the seal in its stream' })
  readonly revision: number;

  @ApiProperty({ example: true, description: 'Not reopened since' })
  readonly inForce: boolean;

  @ApiPropertyOptional({ type: ReopenedDto })
  readonly reopened?: ReopenedDto;

  @ApiProperty({ type: [CitedDto], description: 'All that the reports rest on' })
  readonly streams: readonly CitedDto[];

  @ApiProperty({ type: [KeptReportDto], description: 'None in a seal that was made before reports were kept' })
  readonly reports: readonly KeptReportDto[];
}

export class SealsDto extends AnswerDto {
  @ApiProperty({ type: [SealDto], description: 'In the order recorded' })
  readonly seals: readonly SealDto[];
}

export class SealedTotalDto {
  @ApiProperty({ type: ScopeDto })
  readonly scope: ScopeDto;

  @ApiProperty({ type: FiguresDto })
  readonly figures: FiguresDto;
}

export class FormulaVersionDto {
  @ApiProperty({ example: 'execution-rate' })
  readonly metric: string;

  @ApiProperty({ example: 1 })
  readonly version: number;
}

export class SealedContentDto {
  @ApiProperty({ enum: CHECKPOINTS, description: 'The checkpoint whose targets were compared' })
  readonly checkpoint: Checkpoint;

  @ApiProperty({ example: true, description: 'Before approval all figures are real zeros' })
  readonly approved: boolean;

  @ApiProperty({ example: 1 })
  readonly part: number;

  @ApiProperty({ example: 1, description: 'A long report comes in several parts' })
  readonly parts: number;

  @ApiPropertyOptional({ type: [LineDto], description: 'Of a report of kind `lines`' })
  readonly lines?: readonly LineDto[];

  @ApiPropertyOptional({ type: [SealedTotalDto], description: 'Of all lines, whatever the part' })
  readonly totals?: readonly SealedTotalDto[];

  @ApiPropertyOptional({ type: [FormulaVersionDto], description: 'Of a report of kind `rates`' })
  readonly formulas?: readonly FormulaVersionDto[];

  @ApiPropertyOptional({ type: [RateDto] })
  readonly rates?: readonly RateDto[];
}

export class SealedReportDto extends KeptReportDto {
  @ApiProperty({ example: true, description: 'Whether the stored text has the stored digest' })
  readonly digestHolds: boolean;

  @ApiPropertyOptional({ type: SealedContentDto, description: 'Absent when the text is no report of a known form' })
  readonly content?: SealedContentDto;
}

export class SealDifferenceDto {
  @ApiProperty({ enum: DIFFERENCE_CODES, example: 'FIGURE_DIFFERS' })
  readonly code: DifferenceCode;

  @ApiProperty({ example: 'lines P05 paid', description: 'Report and figure, stream, or formula' })
  readonly where: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '92080.00',
    description: 'What the seal says; amounts in yuan',
  })
  readonly sealed: string | null;

  @ApiProperty({ type: String, nullable: true, example: '92081.00' })
  readonly now: string | null;
}

export class ReproductionDto {
  @ApiProperty({
    example: true,
    description: 'Made again from the log just now, every report is the same byte for byte',
  })
  readonly same: boolean;

  @ApiPropertyOptional({ type: [SealDifferenceDto], description: 'Exactly why not; at most 200' })
  readonly reasons?: readonly SealDifferenceDto[];

  @ApiPropertyOptional({ example: 12, description: 'How many more reasons there are' })
  readonly more?: number;
}

export class SealDetailDto extends AnswerDto {
  @ApiProperty({ type: SealDto })
  readonly seal: SealDto;

  @ApiProperty({ type: ReproductionDto })
  readonly reproduction: ReproductionDto;

  @ApiProperty({ type: [SealedReportDto] })
  readonly reports: readonly SealedReportDto[];
}

/** The canonical JSON of a report as it was stored. Amounts of lines are integer fen, those of rates decimal yuan. */
@ApiExtraModels(CitedDto)
export class SealedTextDto {
  @ApiProperty({ enum: ['sealed-lines', 'sealed-rates'] })
  readonly form: string;

  @ApiProperty({ example: 1 })
  readonly version: number;

  @ApiProperty({ enum: ['fen', 'yuan'] })
  readonly money: string;

  @ApiProperty({ example: 'U0001' })
  readonly unit: string;

  @ApiProperty({ example: 2024 })
  readonly year: number;

  @ApiProperty({ format: 'date', example: '2024-06-30' })
  readonly through: string;

  @ApiProperty({ enum: CHECKPOINTS })
  readonly checkpoint: string;

  @ApiProperty({ example: true })
  readonly approved: boolean;

  @ApiProperty({ type: [CitedDto] })
  readonly streams: readonly CitedDto[];

  @ApiProperty({ example: 1 })
  readonly part: number;

  @ApiProperty({ example: 1 })
  readonly parts: number;

  @ApiPropertyOptional({ type: [String], description: 'Of lines: what each cell of a row is' })
  readonly columns?: readonly string[];

  @ApiPropertyOptional({ type: 'array', items: { type: 'array', items: {} } })
  readonly rows?: readonly (readonly unknown[])[];

  @ApiPropertyOptional({ type: 'array', items: { type: 'object', additionalProperties: true } })
  readonly totals?: readonly object[];

  @ApiPropertyOptional({ type: [FormulaVersionDto] })
  readonly formulas?: readonly FormulaVersionDto[];

  @ApiPropertyOptional({ type: 'array', items: { type: 'object', additionalProperties: true } })
  readonly rates?: readonly object[];
}

const EXAMPLE_KEPT = {
  kind: 'rates',
  scope: 'all',
  sha256: 'cf9e3a242a313e065b8e940e84d5bcdc013fea58b956cf771ee75d251ffdabb6',
  bytes: 5244,
  text: '/api/v1/units/U0001/years/2024/seals/1/reports/rates/all',
} as const satisfies KeptReportDto;

export const EXAMPLE_SEAL = {
  number: 1,
  through: '2024-06-30',
  sealedOn: '2024-07-05',
  recordedAt: '2024-07-05T08:20:47.092Z',
  by: { id: 'local', name: 'sample' },
  reason: '半年报',
  revision: 118,
  inForce: false,
  reopened: {
    on: '2024-08-01',
    reason: '补记6月漏记凭证',
    recordedAt: '2024-08-01T03:05:13.528Z',
    by: { id: 'local', name: 'sample' },
  },
  streams: [
    { stream: 'budget-U0001-2024', revision: 117 },
    { stream: 'performance-U0001-2024', revision: 0 },
  ],
  reports: [EXAMPLE_KEPT],
} as const satisfies SealDto;

export const SEALS_EXAMPLE = { ...EXAMPLE_ANSWER, seals: [EXAMPLE_SEAL] } as const satisfies SealsDto;

const EXAMPLE_CONTENT = { checkpoint: 'half', approved: true, part: 1, parts: 1 } as const;

export const SEAL_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  seal: EXAMPLE_SEAL,
  reproduction: {
    same: false,
    reasons: [{ code: 'FORMULA_VERSION_CHANGED', where: 'execution-rate', sealed: '1', now: '2' }],
  },
  reports: [
    {
      ...EXAMPLE_KEPT,
      digestHolds: true,
      content: { ...EXAMPLE_CONTENT, formulas: [{ metric: 'execution-rate', version: 1 }], rates: [EXAMPLE_RATE] },
    },
    {
      ...EXAMPLE_KEPT,
      kind: 'lines',
      digestHolds: true,
      content: {
        ...EXAMPLE_CONTENT,
        lines: LINES_EXAMPLE.lines,
        totals: [{ scope: { funds: 'all', expenditure: 'all' }, figures: LINES_EXAMPLE.totals }],
      },
    },
  ],
} as const satisfies SealDetailDto;

export const SEALED_TEXT_EXAMPLE = {
  approved: true,
  checkpoint: 'half',
  form: 'sealed-rates',
  formulas: [{ metric: 'execution-rate', version: 1 }],
  money: 'yuan',
  part: 1,
  parts: 1,
  rates: [
    {
      denominator: '19656600.00',
      metric: 'execution-rate',
      numerator: '7508100.00',
      percent: '38.20',
      scope: { expenditure: 'all', funds: ['general-public'] },
      status: 'OK',
      version: 1,
    },
  ],
  streams: [{ revision: 117, stream: 'budget-U0001-2024' }],
  through: '2024-06-30',
  unit: 'U0001',
  version: 1,
  year: 2024,
} as const satisfies SealedTextDto;
