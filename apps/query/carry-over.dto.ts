/** Carried-over money down to where it comes from, and what became of what a close left. Amounts in yuan. Rule book 7. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  EXPENDITURES,
  FUND_NATURES,
  type ClosingLot,
  type Expenditure,
  type FundNature,
} from '#domain/budget/events.js';
import type { LineageEnd, YearState } from '#domain/budget/lineage.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { RateDto } from './rates.dto.js';
import { ScopeDto } from './scope.js';

const amount = (description: string, example = '0.00') => ApiProperty({ type: String, example, description });

export const YEAR_STATES = ['open', 'closed', 'reopened'] as const satisfies readonly YearState[];
export const LOT_CLASSES = ['carry-over', 'surplus'] as const satisfies readonly ClosingLot['class'][];
const LOT_REASONS = [
  'unspent',
  'two-years',
  'finished',
  'plan-changed',
] as const satisfies readonly ClosingLot['reason'][];
const LINEAGE_ENDS = [
  'ORIGIN',
  'YEAR_NOT_IN_LEDGER',
  'ENTERED_BY_HAND',
  'CLOSING_NOT_KNOWN',
  'NOT_BROUGHT_IN',
] as const satisfies readonly LineageEnd[];

export class CitationDto {
  @ApiProperty({ example: 'budget-U0001-2023' })
  readonly stream: string;

  @ApiProperty({ example: 311, description: 'Of the closing event in its stream' })
  readonly revision: number;

  @ApiPropertyOptional({ example: 1, description: 'Which closing of that year' })
  readonly closure?: number;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'uuid',
    example: '5a3f0f3e-6f0c-5f4e-9a3e-0d5f4e2b1c11',
    description: 'Of the closing event; null when no such closing of this unit is known',
  })
  readonly eventId: string | null;
}

class BookedDto {
  @ApiProperty({ format: 'uuid', example: '0b8e7f0a-8f0c-5a3e-9c11-2b1c5a3f0f3e' })
  readonly eventId: string;

  @ApiProperty({ format: 'date', example: '2024-01-05' })
  readonly effectiveDate: string;

  @ApiProperty({ format: 'date-time', example: '2024-01-05T02:11:09.020Z' })
  readonly recordedAt: string;
}

export class CarryOverRevisionDto extends BookedDto {
  @amount('Before', '80000.00')
  readonly from: string;

  @amount('After', '75000.00')
  readonly to: string;

  @amount('to − from', '-5000.00')
  readonly difference: string;

  @ApiProperty({ example: 'year 2023 was reopened and closed again' })
  readonly reason: string;

  @ApiProperty({ type: CitationDto, nullable: true, description: 'The closing that it follows; null: entered by hand' })
  readonly source: CitationDto | null;
}

export class CarriedInDto extends BookedDto {
  @ApiProperty({ example: 'C2023-P05' })
  readonly carryOverId: string;

  @ApiProperty({ example: 2023, description: 'The year it comes from, one step back' })
  readonly sourceYear: number;

  @ApiProperty({ example: 'P05', description: 'The line of that year' })
  readonly sourceLine: string;

  @ApiProperty({ type: CitationDto, nullable: true, description: 'The closing that it cites; null: see sourceReason' })
  readonly source: CitationDto | null;

  @ApiPropertyOptional({
    enum: ['ENTERED_BY_HAND', 'CLOSING_NOT_KNOWN'],
    description: 'Why there is no closing event behind it: it cites none, or none that is known of this unit',
  })
  readonly sourceReason?: 'ENTERED_BY_HAND' | 'CLOSING_NOT_KNOWN';

  @amount('As first booked', '80000.00')
  readonly broughtIn: string;

  @amount('After revisions', '75000.00')
  readonly amount: string;

  @ApiProperty({ type: [CarryOverRevisionDto], description: 'In the order recorded' })
  readonly revisions: readonly CarryOverRevisionDto[];

  @ApiPropertyOptional({ enum: [true], description: 'Its source year is open again: the amount may still change' })
  readonly provisional?: true;
}

export class LotTransferDto {
  @ApiProperty({ example: 'P04' })
  readonly fromLine: string;

  @amount('Money of the same origin year moved from there', '5000.00')
  readonly amount: string;

  @ApiProperty({ type: [String], example: ['A-7'] })
  readonly adjustmentIds: readonly string[];
}

export class LineageStepDto {
  @ApiProperty({ example: 2023 })
  readonly year: number;

  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiPropertyOptional({ example: '征地和拆迁补偿', description: 'Absent when the ledger does not know the line' })
  readonly name?: string;

  @ApiProperty({ example: 2023 })
  readonly originYear: number;

  @ApiProperty({ example: 'C2023-P05', description: 'The carry-over of the year after, into which it went' })
  readonly into: string;

  @amount('What that carry-over holds', '75000.00')
  readonly carried: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '75000.00',
    description: 'What the closing left of the lot; null when no closing has it',
  })
  readonly closed: string | null;

  @ApiPropertyOptional({ enum: LOT_CLASSES })
  readonly class?: ClosingLot['class'];

  @ApiPropertyOptional({ enum: LOT_REASONS })
  readonly reason?: ClosingLot['reason'];

  @ApiProperty({ type: CitationDto, nullable: true })
  readonly closing: CitationDto | null;

  @ApiProperty({ description: 'The carry-over names this closing itself; else it is the one in force' })
  readonly cited: boolean;

  @ApiProperty({ type: [String], example: [], description: 'The carry-overs of this year that the lot was made of' })
  readonly carryOverIds: readonly string[];

  @ApiProperty({ type: [LotTransferDto], description: 'Money of the lot moved here from other lines in this year' })
  readonly transferredFrom: readonly LotTransferDto[];

  @ApiPropertyOptional({
    enum: LINEAGE_ENDS,
    description:
      'Why the chain goes no further: ORIGIN, its year of origin; else what the ledger does not know of the year before',
  })
  readonly ends?: LineageEnd;
}

export class LotSumsDto {
  @amount('As first booked', '80000.00')
  readonly broughtIn: string;

  @amount('Revisions, signed', '-5000.00')
  readonly revised: string;

  @amount('C0 上年结转 = brought in + revised', '75000.00')
  readonly carryOverIn: string;

  @amount('Of this origin year, from other lines')
  readonly transferredIn: string;

  @amount('Of this origin year, to other lines')
  readonly transferredOut: string;

  @amount('By cuts that name this origin year')
  readonly cut: string;

  @amount(
    'By cuts and transfers that name no origin year, beyond the current year’s money; below 0 where named ones took more than there was',
  )
  readonly takenOtherwise: string;

  @amount('After transfers and cuts', '75000.00')
  readonly budget: string;

  @amount('Payments that name it, and others: the oldest money is used first', '20000.00')
  readonly paid: string;

  @amount('收回')
  readonly takenBack: string;

  @amount('budget − paid − taken back', '55000.00')
  readonly unspent: string;
}

export class CarriedLotDto extends LotSumsDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: '征地和拆迁补偿' })
  readonly name: string;

  @ApiProperty({ enum: FUND_NATURES })
  readonly fund: FundNature;

  @ApiProperty({ enum: EXPENDITURES })
  readonly expenditure: Expenditure;

  @ApiProperty({ example: 2023 })
  readonly originYear: number;

  @ApiProperty({ example: 1, description: 'Years since the origin' })
  readonly age: number;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    example: '2024-12-31',
    description: 'When what is unspent becomes surplus, or the date of the close that made it so; null: see the reason',
  })
  readonly becomesSurplusOn: string | null;

  @ApiPropertyOptional({
    enum: ['BASIC_EXPENDITURE', 'NOTHING_LEFT'],
    description: 'Why it never does: unspent basic expenditure is always carry-over; or nothing is left of it',
  })
  readonly becomesSurplusReason?: 'BASIC_EXPENDITURE' | 'NOTHING_LEFT';

  @ApiProperty({ enum: LOT_CLASSES, description: 'What the close of this year makes of what is unspent then' })
  readonly classAtYearEnd: ClosingLot['class'];

  @ApiPropertyOptional({ enum: [true], description: 'A source year is open again: the amount may still change' })
  readonly provisional?: true;

  @ApiProperty({ type: [CarriedInDto], description: 'The carry-overs that the lot is made of, in the order recorded' })
  readonly carryOvers: readonly CarriedInDto[];

  @ApiProperty({ type: [LotTransferDto], description: 'Money of the lot moved here from other lines' })
  readonly transferredFrom: readonly LotTransferDto[];

  @ApiProperty({ type: [LineageStepDto], description: 'Back to the year of origin, nearest first' })
  readonly lineage: readonly LineageStepDto[];
}

export class AgeTotalsDto extends LotSumsDto {
  @ApiProperty({ example: 1 })
  readonly age: number;
}

export class FundTotalsDto extends LotSumsDto {
  @ApiProperty({ enum: FUND_NATURES })
  readonly fund: FundNature;
}

export class ClassTotalsDto extends LotSumsDto {
  @ApiProperty({ enum: LOT_CLASSES })
  readonly classAtYearEnd: ClosingLot['class'];
}

export class CarryOverTotalsDto {
  @ApiProperty({ type: LotSumsDto, description: 'carryOverIn is C0 of the scope' })
  readonly all: LotSumsDto;

  @ApiProperty({ type: [AgeTotalsDto] })
  readonly byAge: readonly AgeTotalsDto[];

  @ApiProperty({ type: [FundTotalsDto] })
  readonly byFund: readonly FundTotalsDto[];

  @ApiProperty({ type: [ClassTotalsDto] })
  readonly byClass: readonly ClassTotalsDto[];
}

export class WentDto {
  @ApiProperty({ example: 2025 })
  readonly year: number;

  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: 'C2024-P05' })
  readonly carryOverId: string;

  @amount('What it holds there now', '30000.00')
  readonly amount: string;
}

export class LotOutcomeDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: '征地和拆迁补偿' })
  readonly name: string;

  @ApiProperty({ enum: FUND_NATURES })
  readonly fund: FundNature;

  @ApiProperty({ enum: EXPENDITURES })
  readonly expenditure: Expenditure;

  @ApiProperty({ example: 2024 })
  readonly originYear: number;

  @ApiProperty({ example: 0, description: 'In the closed year' })
  readonly age: number;

  @amount('What the close left of it', '30000.00')
  readonly amount: string;

  @ApiProperty({ enum: LOT_CLASSES })
  readonly class: ClosingLot['class'];

  @ApiProperty({ enum: LOT_REASONS })
  readonly reason: ClosingLot['reason'];

  @ApiPropertyOptional({ example: 'P05', description: 'The line of the next year that the closing names' })
  readonly toLine?: string;

  @ApiProperty({ type: [WentDto], description: 'The carry-overs of the next year that come from it' })
  readonly went: readonly WentDto[];

  @amount('What they hold, less what was carried over: 0 when the next year follows the closing')
  readonly difference: string;

  @amount('Of surplus: taken back since the closing, reversals counted')
  readonly takenBack: string;

  @amount('Of surplus: the rest still to be taken back')
  readonly due: string;
}

export class OutcomeTotalsDto {
  @ApiProperty({ enum: LOT_CLASSES })
  readonly class: ClosingLot['class'];

  @amount('', '30000.00')
  readonly amount: string;

  @amount('Brought into the next year', '30000.00')
  readonly went: string;

  @amount('went, less what was carried over')
  readonly difference: string;

  @amount('Taken back since the closing')
  readonly takenBack: string;

  @amount('Still to be taken back')
  readonly due: string;
}

export class UnexplainedDto extends WentDto {
  @ApiProperty({ example: 'P09' })
  readonly originLine: string;

  @ApiProperty({ example: 2023 })
  readonly originYear: number;
}

export class TakenBackBeforeDto {
  @ApiProperty({ example: 'P06' })
  readonly line: string;

  @ApiProperty({ example: '信息化购建及维护' })
  readonly name: string;

  @ApiProperty({ example: 2024 })
  readonly originYear: number;

  @ApiProperty({ example: '20000.00' })
  readonly amount: string;
}

export class ClosingOutcomeDto extends BookedDto {
  @ApiProperty({ example: 'budget-U0001-2024' })
  readonly stream: string;

  @ApiProperty({ example: 402 })
  readonly revision: number;

  @ApiProperty({ example: 1, description: 'Which closing of the year' })
  readonly closure: number;

  @ApiProperty({ type: [LotOutcomeDto] })
  readonly lots: readonly LotOutcomeDto[];

  @ApiProperty({ type: [OutcomeTotalsDto] })
  readonly byClass: readonly OutcomeTotalsDto[];

  @ApiProperty({
    type: [TakenBackBeforeDto],
    description: 'Surplus taken back before this closing: none of its lots, and still surplus of the year',
  })
  readonly takenBackBefore: readonly TakenBackBeforeDto[];

  @ApiProperty({ type: [UnexplainedDto], description: 'Money brought into the next year that no lot explains' })
  readonly unexplained: readonly UnexplainedDto[];
}

export class YearRatesDto {
  @ApiProperty({ example: 2024 })
  readonly year: number;

  @ApiProperty({
    format: 'date',
    example: '2024-12-31',
    description: '31 December; of the running year its last day yet',
  })
  readonly asOf: string;

  @ApiProperty({ enum: YEAR_STATES })
  readonly state: YearState;

  @ApiProperty({ type: RateDto, description: '结转结余率' })
  readonly carryOverRate: RateDto;

  @ApiProperty({ type: RateDto, description: '结转结余变动率' })
  readonly carryOverChange: RateDto;
}

export class OverdrawnLineDto {
  @ApiProperty({ example: 'P18' })
  readonly line: string;

  @ApiProperty({ example: '体检经费' })
  readonly name: string;

  @ApiProperty({ example: '1000.00' })
  readonly amount: string;
}

export class CarryOverReportDto extends AnswerDto {
  @ApiProperty({
    enum: YEAR_STATES,
    description: 'A close is about the end of the year: as of an earlier date the year is open',
  })
  readonly state: YearState;

  @ApiProperty({ type: ScopeDto })
  readonly scope: Scope;

  @ApiPropertyOptional({ enum: [true], description: 'A source year of some lot is open again' })
  readonly provisional?: true;

  @ApiProperty({ type: [CarriedLotDto], description: 'Money of earlier years in this year, by line, oldest first' })
  readonly lots: readonly CarriedLotDto[];

  @ApiProperty({ type: CarryOverTotalsDto })
  readonly totals: CarryOverTotalsDto;

  @ApiProperty({
    type: [OverdrawnLineDto],
    description: 'Spent on these lines beyond all that they hold: no lot bears it, and it is not in the totals',
  })
  readonly overdrawn: readonly OverdrawnLineDto[];

  @ApiPropertyOptional({ type: ClosingOutcomeDto, description: 'The closing in force and what became of its lots' })
  readonly closing?: ClosingOutcomeDto;

  @ApiProperty({ type: [YearRatesDto], description: 'Of every year of the unit known then' })
  readonly rates: readonly YearRatesDto[];
}

const CITATION = {
  stream: 'budget-U0001-2023',
  revision: 311,
  closure: 1,
  eventId: '5a3f0f3e-6f0c-5f4e-9a3e-0d5f4e2b1c11',
} as const satisfies CitationDto;

const SUMS = {
  broughtIn: '80000.00',
  revised: '0.00',
  carryOverIn: '80000.00',
  transferredIn: '0.00',
  transferredOut: '0.00',
  cut: '0.00',
  takenOtherwise: '0.00',
  budget: '80000.00',
  paid: '25000.00',
  takenBack: '0.00',
  unspent: '55000.00',
} as const satisfies LotSumsDto;

export const CARRY_OVER_EXAMPLE: CarryOverReportDto = {
  ...EXAMPLE_ANSWER,
  state: 'open',
  scope: { funds: 'all', expenditure: 'all' },
  lots: [
    {
      line: 'P05',
      name: '征地和拆迁补偿',
      fund: 'government-funds',
      expenditure: 'project',
      originYear: 2023,
      age: 1,
      ...SUMS,
      becomesSurplusOn: '2024-12-31',
      classAtYearEnd: 'surplus',
      carryOvers: [
        {
          carryOverId: 'C2023-P05',
          sourceYear: 2023,
          sourceLine: 'P05',
          source: CITATION,
          broughtIn: '80000.00',
          amount: '80000.00',
          revisions: [],
          eventId: '0b8e7f0a-8f0c-5a3e-9c11-2b1c5a3f0f3e',
          effectiveDate: '2024-01-05',
          recordedAt: '2024-01-05T02:11:09.020Z',
        },
      ],
      transferredFrom: [],
      lineage: [
        {
          year: 2023,
          line: 'P05',
          name: '征地和拆迁补偿',
          originYear: 2023,
          into: 'C2023-P05',
          carried: '80000.00',
          closed: '80000.00',
          class: 'carry-over',
          reason: 'unspent',
          closing: CITATION,
          cited: true,
          carryOverIds: [],
          transferredFrom: [],
          ends: 'ORIGIN',
        },
      ],
    },
  ],
  totals: {
    all: SUMS,
    byAge: [{ age: 1, ...SUMS }],
    byFund: [{ fund: 'government-funds', ...SUMS }],
    byClass: [{ classAtYearEnd: 'surplus', ...SUMS }],
  },
  overdrawn: [],
  rates: [
    {
      year: 2023,
      asOf: '2023-12-31',
      state: 'closed',
      carryOverRate: {
        metric: 'carry-over-rate',
        version: 1,
        name: { zh: '结转结余率', en: 'Carry-over and surplus rate' },
        scope: { funds: 'all', expenditure: 'all' },
        status: 'OK',
        numerator: '80000.00',
        denominator: '2000000.00',
        percent: '4.00',
      },
      carryOverChange: {
        metric: 'carry-over-change',
        version: 1,
        name: { zh: '结转结余变动率', en: 'Change of carry-over and surplus' },
        scope: { funds: 'all', expenditure: 'all' },
        status: 'NOT_COMPUTABLE',
        reason: 'NO_PRIOR_YEAR',
        numerator: null,
        denominator: null,
        percent: null,
      },
    },
  ],
};
