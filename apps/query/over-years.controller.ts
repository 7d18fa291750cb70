/** The years of a unit side by side. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import {
  OVER_YEARS_LINES,
  OVER_YEARS_WORDS,
  yearColumn,
  type OverYearsLine,
  type YearColumn,
} from '#domain/metrics/over-years.js';
import { ALL } from '#domain/metrics/quantities.js';
import { formatYuan } from '#domain/money.js';
import { budgetYears } from '#read-model/queries/carry-over.js';
import { Problem, invalidRequest } from '#platform/problem.js';
import { unknownUnit } from './missing.js';
import {
  OVER_YEARS_EXAMPLE,
  OverYearsDto,
  OverYearsQuery,
  type OverYearsLineDto,
  type YearColumnDto,
} from './over-years.dto.js';
import { AtUnit } from './place.js';
import { PlainRead } from './read-operation.js';
import { scopeOf } from './scope.js';
import { Sources } from './sources.js';
import { todayOf } from './today.js';
import { NOTHING_OF_UNIT, NO_YEARS, UnitReads, type UnitView } from './unit-reads.js';
import { closesOf } from './unit-story.js';
import { yearsKnown } from './years-known.js';

@ApiTags('read')
@Controller('api/v1/units/:unit')
export class OverYearsController {
  constructor(
    private readonly units: UnitReads,
    private readonly sources: Sources,
  ) {}

  @Get('over-years')
  @ApiParam({ name: 'unit', type: String, example: 'U0001' })
  @PlainRead({
    summary: 'Budget, payment, execution rate, carry-over and surplus of every year, with the rates of what was left',
    description:
      'Years of the range that are not in the ledger are named in `missing`; a range without any is refused.',
    answer: OverYearsDto,
    example: OVER_YEARS_EXAMPLE,
    problems: [unknownUnit('U0009'), NO_YEARS, NOTHING_OF_UNIT, noYearInRange({ from: 2017, to: 2019 }, [2023, 2024])],
  })
  overYears(@AtUnit() unit: string, @Query() query: OverYearsQuery): Promise<OverYearsDto> {
    const asked = rangeOf(query);
    return this.units.answer(unit, query, async (view) => this.report(view, query, asked));
  }

  private async report(view: UnitView, query: OverYearsQuery, asked: Partial<Range>) {
    const { opened, of } = view;
    const scope = scopeOf(query) ?? ALL;
    const inLedger = await budgetYears(opened, of);
    const range = { from: asked.from ?? inLedger[0] ?? 0, to: asked.to ?? inLedger.at(-1) ?? 0 };
    const years = inLedger.filter((year) => year >= range.from && year <= range.to);
    if (years.length === 0) throw noYearInRange(range, inLedger);
    const story = await closesOf(opened, of, { years, store: this.sources.store });
    const today = todayOf(view.moment, query, this.sources);
    const known = await yearsKnown(opened, of, { years, inLedger, today, story });
    const columns = known.map((year) => yearColumn(year, scope));
    const whole = Array.from({ length: Math.max(0, range.to - range.from + 1) }, (_, index) => range.from + index);
    return {
      scope,
      ...range,
      missing: whole.filter((year) => !years.includes(year)),
      columns: columns.map(columnDto),
      lines: OVER_YEARS_LINES.map((line) => lineDto(line, columns)),
    };
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Throws 400 for a range that ends before it begins. */
function rangeOf({ from, to }: OverYearsQuery): Partial<Range> {
  if (from !== undefined && to !== undefined && from > to) {
    throw invalidRequest([
      { parameter: 'to', code: 'RANGE_REVERSED', message: `to is ${to}, before from, which is ${from}` },
    ]);
  }
  return { ...(from === undefined ? {} : { from: Number(from) }), ...(to === undefined ? {} : { to: Number(to) }) };
}

function noYearInRange({ from, to }: Range, years: readonly number[]): Problem {
  const words = from === to ? `no year ${from}` : `no year from ${from} to ${to}`;
  const there = years.join(', ');
  return new Problem(422, 'NO_YEAR_IN_RANGE', {
    detail: `The ledger has ${words} of this unit as known then; it has ${there}.`,
    years,
    faults: [{ parameter: 'from', code: 'NO_YEAR_IN_RANGE', message: `choose from ${there}` }],
  });
}

const columnDto = (column: YearColumn): YearColumnDto => ({
  year: column.year,
  asOf: column.asOf,
  state: column.state,
  closed: column.state === 'closed',
  ...(column.state === 'closed' ? {} : { open: true }),
  unspent: formatYuan(column.unspent),
  takenBack: formatYuan(column.takenBack),
  executionRate: column.executionRate,
  carryOverRate: column.carryOverRate,
  carryOverChange: column.carryOverChange,
});

const VALUES = {
  current: ({ current }) => formatYuan(current),
  paid: ({ paid }) => formatYuan(paid),
  'execution-rate': ({ executionRate: { percent } }) => percent,
  'carry-over': ({ atClose }) => (atClose === undefined ? null : formatYuan(atClose.carryOver)),
  surplus: ({ atClose }) => (atClose === undefined ? null : formatYuan(atClose.surplus)),
} as const satisfies Record<OverYearsLine, (column: YearColumn) => string | null>;

const lineDto = (line: OverYearsLine, columns: readonly YearColumn[]): OverYearsLineDto => ({
  line,
  name: OVER_YEARS_WORDS[line],
  unit: line === 'execution-rate' ? '%' : 'yuan',
  values: columns.map(VALUES[line]),
});
