/** The answer about a restatement: what touches a sealed period and is not in its reports, and what it changes. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import { EXPENDITURES, FUND_NATURES, type Expenditure, type FundNature } from '#domain/budget/events.js';
import { AMOUNTS, type Amount } from '#domain/metrics/comparison.js';
import { EXAMPLE_ANSWER, PageDto } from './answer.dto.js';
import { HISTORY_EXAMPLE, TellingDto } from './journal.dto.js';
import { EXAMPLE_RATE, RateDto } from './rates.dto.js';
import { EXAMPLE_SEAL, SealDto } from './seals.dto.js';

/** Why an entry touches the period. */
export const TOUCHES = ['belongs-to', 'dated-inside', 'year-before'] as const;
export type Touches = (typeof TOUCHES)[number];

export class EffectDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ enum: EFFECT_KINDS, example: 'paid' })
  readonly kind: EffectKind;

  @ApiProperty({ example: '92080.00', description: 'Signed: what takes back carries the opposite sign' })
  readonly amount: string;
}

export class RestatementEntryDto extends TellingDto {
  @ApiProperty({
    enum: TOUCHES,
    example: 'belongs-to',
    description:
      'belongs-to: an adjusting entry booked behind the period; dated-inside: recorded after the seal, when the period was open ' +
      'again; year-before: moves a rate that looks at last year',
  })
  readonly touches: Touches;

  @ApiPropertyOptional({
    enum: [true],
    description:
      'Recorded before the seal, but booked behind the period: the reports go by that date and do not hold it',
  })
  readonly knownWhenSealed?: true;

  @ApiPropertyOptional({ example: 'V-2024-0117', description: 'Number of the paper' })
  readonly ref?: string;

  @ApiPropertyOptional({ example: '财预〔2024〕17号', description: 'Number of the document' })
  readonly document?: string;

  @ApiProperty({ type: [EffectDto], description: 'None for a plan, a line or targets' })
  readonly effects: readonly EffectDto[];
}

export class AmountRestatedDto {
  @ApiProperty({ enum: AMOUNTS, example: 'paid' })
  readonly amount: Amount;

  @ApiProperty({ example: '4000000.00' })
  readonly sealed: string;

  @ApiProperty({ example: '4092080.00' })
  readonly restated: string;

  @ApiProperty({ example: '92080.00', description: 'restated − sealed' })
  readonly change: string;
}

const Since = (): PropertyDecorator =>
  ApiPropertyOptional({
    format: 'date-time',
    example: '2024-07-08T01:15:02.113Z',
    description: 'When the first entry behind it was recorded',
  });

export class LineRestatedDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: '征地和拆迁补偿' })
  readonly name: string;

  @ApiProperty({ enum: EXPENDITURES })
  readonly expenditure: Expenditure;

  @ApiProperty({ enum: FUND_NATURES })
  readonly fund: FundNature;

  @Since()
  readonly since?: string;

  @ApiProperty({ type: [AmountRestatedDto] })
  readonly changes: readonly AmountRestatedDto[];
}

export class RateRestatedDto {
  @ApiPropertyOptional({ type: RateDto, description: 'As sealed; absent for a scope or target that came later' })
  readonly sealed?: RateDto;

  @ApiPropertyOptional({ type: RateDto, description: 'Absent for a scope or target that is gone' })
  readonly restated?: RateDto;

  @ApiPropertyOptional({
    example: '4.68',
    description: 'restated − sealed in percentage points, of the figures as printed',
  })
  readonly change?: string;

  @ApiPropertyOptional({ enum: [true], description: 'The verdict is another one' })
  readonly turned?: true;

  @Since()
  readonly since?: string;
}

export class RestatementDto extends PageDto {
  @ApiProperty({ type: SealDto })
  readonly seal: SealDto;

  @ApiProperty({ example: true, description: 'Whether anything touches the period that its reports do not hold' })
  readonly touched: boolean;

  @ApiProperty({
    example: '有 1 项登记涉及 2024-06-30 及以前而未计入封存报表；1 个项目、1 项指标与封存时不同，1 项判定改变。',
  })
  readonly sentence: string;

  @ApiProperty({
    enum: ['reports', 'read-models'],
    description:
      'Where the sealed side comes from: the reports of the seal, or, when it has none that can be read, the read models',
  })
  readonly basis: 'reports' | 'read-models';

  @ApiProperty({ type: [AmountRestatedDto], description: 'Of all lines: what moved' })
  readonly totals: readonly AmountRestatedDto[];

  @ApiProperty({ type: [LineRestatedDto], description: 'Lines on which anything moved' })
  readonly lines: readonly LineRestatedDto[];

  @ApiProperty({
    type: [RateRestatedDto],
    description: 'Rates that moved in figure, target or verdict, or have another formula version now',
  })
  readonly rates: readonly RateRestatedDto[];

  @ApiProperty({ example: 1, description: 'Entries on all pages' })
  readonly count: number;

  @ApiProperty({ type: [RestatementEntryDto], description: 'In the order of the log' })
  readonly entries: readonly RestatementEntryDto[];
}

const [EXAMPLE_TELLING] = HISTORY_EXAMPLE.entries;

export const RESTATEMENT_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  seal: EXAMPLE_SEAL,
  touched: true,
  sentence: '有 1 项登记涉及 2024-06-30 及以前而未计入封存报表；1 个项目、1 项指标与封存时不同，1 项判定改变。',
  basis: 'reports',
  totals: [{ amount: 'paid', sealed: '4000000.00', restated: '4092080.00', change: '92080.00' }],
  lines: [
    {
      line: 'P05',
      name: '征地和拆迁补偿',
      expenditure: 'project',
      fund: 'government-funds',
      since: '2024-07-08T01:15:02.113Z',
      changes: [{ amount: 'paid', sealed: '4000000.00', restated: '4092080.00', change: '92080.00' }],
    },
  ],
  rates: [
    {
      sealed: { ...EXAMPLE_RATE, percent: '33.52', verdict: 'missed' },
      restated: EXAMPLE_RATE,
      change: '4.68',
      turned: true,
      since: '2024-07-08T01:15:02.113Z',
    },
  ],
  count: 1,
  entries: [
    {
      ...EXAMPLE_TELLING,
      effectiveDate: '2024-07-01',
      belongsTo: '2024-06-28',
      touches: 'belongs-to',
      ref: 'V-2024-0117',
      effects: [{ line: 'P05', kind: 'paid', amount: '92080.00' }],
    },
  ],
} as const satisfies RestatementDto;
