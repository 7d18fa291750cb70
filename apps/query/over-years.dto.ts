/** The report over years: one column a year, five lines. Made so that a table and a chart can take it as it is. */
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';
import type { YearState } from '#domain/budget/lineage.js';
import { OVER_YEARS_LINES, type OverYearsLine } from '#domain/metrics/over-years.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { YEAR_STATES } from './carry-over.dto.js';
import { NameDto, RateDto } from './rates.dto.js';
import { ScopeDto, ScopeQuery } from './scope.js';

const YEAR = /^(199\d|20\d{2})$/;

const IsYear = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isYear',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && YEAR.test(value),
        defaultMessage: (args) => `${args?.property} must be one of 1990 to 2099`,
      },
    },
    { context: { code: 'INVALID_YEAR' } },
  );

export class OverYearsQuery extends PickType(ScopeQuery, ['atLeast', 'knownAt', 'funds', 'expenditure'] as const) {
  @ApiPropertyOptional({ type: String, example: '2023', description: 'First year; default: the first in the ledger' })
  @IsOptional()
  @IsYear()
  from?: string;

  @ApiPropertyOptional({ type: String, example: '2025', description: 'Last year; default: the last in the ledger' })
  @IsOptional()
  @IsYear()
  to?: string;
}

export class YearColumnDto {
  @ApiProperty({ example: 2024 })
  readonly year: number;

  @ApiProperty({
    format: 'date',
    example: '2024-12-31',
    description: '31 December; of the running year today, or the day of knownAt',
  })
  readonly asOf: string;

  @ApiProperty({ enum: YEAR_STATES, description: 'reopened: closed once and open again' })
  readonly state: YearState;

  @ApiProperty({ example: true })
  readonly closed: boolean;

  @ApiPropertyOptional({ enum: [true], description: 'Not closed: what is unspent so far is not split yet' })
  readonly open?: true;

  @ApiProperty({ example: '8000000.00', description: 'U = B − X at asOf, what was taken back included' })
  readonly unspent: string;

  @ApiProperty({ example: '0.00', description: '收回 by asOf; it lowers no budget' })
  readonly takenBack: string;

  @ApiProperty({ type: RateDto })
  readonly executionRate: RateDto;

  @ApiProperty({ type: RateDto, description: '结转结余率' })
  readonly carryOverRate: RateDto;

  @ApiProperty({ type: RateDto, description: '结转结余变动率 against the year before' })
  readonly carryOverChange: RateDto;
}

export class OverYearsLineDto {
  @ApiProperty({ enum: OVER_YEARS_LINES })
  readonly line: OverYearsLine;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiProperty({ enum: ['yuan', '%'] })
  readonly unit: 'yuan' | '%';

  @ApiProperty({
    type: 'array',
    items: { type: 'string', nullable: true },
    example: ['200000000.00', '206142240.00'],
    description:
      'One a column; null where there is none: carry-over and surplus of a year that is not closed (its column has what ' +
      'is unspent so far), a rate that its column gives the reason for',
  })
  readonly values: readonly (string | null)[];
}

export class OverYearsDto {
  @ApiProperty({ example: 'U0001' })
  readonly unit: string;

  @ApiProperty({ example: '某市土地储备中心' })
  readonly unitName: string;

  @ApiProperty({ format: 'date-time', example: '2025-02-01T08:15:02.113Z', description: 'Recorded up to' })
  readonly knownAt: string;

  @ApiProperty({ example: '4711', description: 'Place in the log of the last event that the answer includes' })
  readonly position: string;

  @ApiProperty({ format: 'date-time', example: '2025-02-01T08:15:02.113Z' })
  readonly recordedAt: string;

  @ApiPropertyOptional({ enum: [true], description: 'An event of one of the years could not be projected' })
  readonly stale?: true;

  @ApiPropertyOptional({ example: 'event 6 of budget-U0001-2024 could not be projected: unknown event type' })
  readonly staleReason?: string;

  @ApiProperty({ type: ScopeDto })
  readonly scope: Scope;

  @ApiProperty({ example: 2023 })
  readonly from: number;

  @ApiProperty({ example: 2024 })
  readonly to: number;

  @ApiProperty({ type: [Number], example: [], description: 'Years of the range that are not in the ledger' })
  readonly missing: readonly number[];

  @ApiProperty({ type: [YearColumnDto], description: 'Earliest first' })
  readonly columns: readonly YearColumnDto[];

  @ApiProperty({ type: [OverYearsLineDto], description: 'In the order in which the report prints them' })
  readonly lines: readonly OverYearsLineDto[];
}

const rate = (metric: RateDto['metric'], name: RateDto['name'], more: Partial<RateDto>): RateDto => ({
  metric,
  version: 1,
  name,
  scope: { funds: 'all', expenditure: 'all' },
  status: 'OK',
  numerator: null,
  denominator: null,
  percent: null,
  ...more,
});

export const OVER_YEARS_EXAMPLE: OverYearsDto = {
  unit: 'U0001',
  unitName: '某市土地储备中心',
  knownAt: '2025-02-01T08:15:02.113Z',
  position: '4711',
  recordedAt: '2025-02-01T08:15:02.113Z',
  scope: { funds: 'all', expenditure: 'all' },
  from: 2024,
  to: 2025,
  missing: [],
  columns: [
    {
      year: 2024,
      asOf: '2024-12-31',
      state: 'closed',
      closed: true,
      unspent: '8000000.00',
      takenBack: '0.00',
      executionRate: rate(
        'execution-rate',
        { zh: '预算执行率', en: 'Budget execution rate' },
        { numerator: '192000000.00', denominator: '200000000.00', percent: '96.00' },
      ),
      carryOverRate: rate(
        'carry-over-rate',
        { zh: '结转结余率', en: 'Carry-over and surplus rate' },
        { numerator: '8000000.00', denominator: '200000000.00', percent: '4.00' },
      ),
      carryOverChange: rate(
        'carry-over-change',
        { zh: '结转结余变动率', en: 'Change of carry-over and surplus' },
        { status: 'NOT_COMPUTABLE', reason: 'NO_PRIOR_YEAR' },
      ),
    },
    {
      year: 2025,
      asOf: '2025-02-01',
      state: 'open',
      closed: false,
      open: true,
      unspent: '180000000.00',
      takenBack: '0.00',
      executionRate: rate(
        'execution-rate',
        { zh: '预算执行率', en: 'Budget execution rate' },
        { numerator: '20000000.00', denominator: '200000000.00', percent: '10.00' },
      ),
      carryOverRate: rate(
        'carry-over-rate',
        { zh: '结转结余率', en: 'Carry-over and surplus rate' },
        { status: 'NOT_APPLICABLE', reason: 'YEAR_END_ONLY' },
      ),
      carryOverChange: rate(
        'carry-over-change',
        { zh: '结转结余变动率', en: 'Change of carry-over and surplus' },
        { status: 'NOT_APPLICABLE', reason: 'YEAR_END_ONLY' },
      ),
    },
  ],
  lines: [
    {
      line: 'current',
      name: { zh: '变动后预算数', en: 'Current budget' },
      unit: 'yuan',
      values: ['200000000.00', '200000000.00'],
    },
    { line: 'paid', name: { zh: '执行数', en: 'Paid' }, unit: 'yuan', values: ['192000000.00', '20000000.00'] },
    {
      line: 'execution-rate',
      name: { zh: '预算执行率', en: 'Budget execution rate' },
      unit: '%',
      values: ['96.00', '10.00'],
    },
    { line: 'carry-over', name: { zh: '结转', en: 'Carry-over' }, unit: 'yuan', values: ['7500000.00', null] },
    { line: 'surplus', name: { zh: '结余', en: 'Surplus' }, unit: 'yuan', values: ['500000.00', null] },
  ],
};
