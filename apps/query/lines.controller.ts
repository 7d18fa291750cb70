/** Lines with their figures, and one line in full. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { budgetStream } from '#domain/budget/decide.js';
import { ALL, inScope, lineQuantities, quantities, type LineQuantities } from '#domain/metrics/quantities.js';
import { formatYuan } from '#domain/money.js';
import type { LineAsKnown } from '#read-model/queries/lines.js';
import { pictureInputs, pictureOf } from '#read-model/queries/picture.js';
import { figuresOf, pictureIn } from './figures.js';
import { LINES_EXAMPLE, LinesDto, type LineDto } from './lines.dto.js';
import { unknownLine } from './missing.js';
import { MomentQuery } from './moment.js';
import { AtPlace, type Place } from './place.js';
import { LINE_EXAMPLE, LineAnswerDto, type LineInFullDto } from './plan.dto.js';
import { monthlyPlan } from './plan-in-force.js';
import { UNKNOWN_LINE, YEAR_PATH, YearRead } from './read-operation.js';
import { Headers, tagged, type Exchange } from './revision-tag.js';
import { ScopeQuery, scopeOf } from './scope.js';
import { approvalOf, YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class LinesController {
  constructor(private readonly years: YearReads) {}

  @Get('lines')
  @YearRead({
    tagged: true,
    summary: 'Every line with its budget, payments and what is available',
    description:
      'By id. `funds` and `expenditure` select lines; the totals are the exact sums of the lines listed. Every amount opens ' +
      'under `figures/{column}/explanation` with the same asOf and knownAt: a line by `line`, a total by `funds` and `expenditure`.',
    answer: LinesDto,
    example: LINES_EXAMPLE,
  })
  async lines(@AtPlace() place: Place, @Query() query: ScopeQuery, @Headers() exchange: Exchange) {
    const stream = budgetStream(place.unit, place.year);
    const revised = await this.years.revised({ place, query, stream }, (view) => linesOf(view, query));
    return tagged(revised, { ...exchange, query, whole: true });
  }

  @Get('lines/:line')
  @ApiParam({ name: 'line', type: String, example: 'P05' })
  @YearRead({
    tagged: true,
    summary: 'One line in full: figures, codes in force, approval and the plan in force',
    description: 'Every amount opens under `figures/{column}/explanation?line=…` with the same asOf and knownAt.',
    answer: LineAnswerDto,
    example: LINE_EXAMPLE,
    problems: [UNKNOWN_LINE],
  })
  async line(
    @AtPlace() place: Place,
    @Param('line') line: string,
    @Query() query: MomentQuery,
    @Headers() exchange: Exchange,
  ) {
    const stream = budgetStream(place.unit, place.year);
    const revised = await this.years.revised({ place, query, stream }, (view) => lineInFull(view, line));
    return tagged(revised, { ...exchange, query, whole: true });
  }
}

async function linesOf(view: YearView, query: ScopeQuery): Promise<Pick<LinesDto, 'approved' | 'lines' | 'totals'>> {
  const scope = scopeOf(query) ?? ALL;
  const approval = await approvalOf(view);
  const inputs = await pictureInputs(view.opened, view.at);
  const picture = pictureIn(pictureOf(inputs), scope);
  const sums = lineQuantities(picture);
  const shown = inputs.lines.filter((line) => inScope(scope, line));
  return {
    approved: approval !== undefined,
    lines: shown.flatMap((line) => {
      const sum = sums.get(line.line);
      return sum === undefined ? [] : [lineDto(line, sum)];
    }),
    totals: figuresOf(quantities(picture, ALL)),
  };
}

const lineDto = ({ line, name, expenditure, fund }: LineAsKnown, sums: LineQuantities): LineDto => ({
  line,
  name,
  expenditure,
  fund,
  ...figuresOf(sums),
});

async function lineInFull(view: YearView, id: string): Promise<Pick<LineAnswerDto, 'approved' | 'line'>> {
  const approval = await approvalOf(view);
  const inputs = await pictureInputs(view.opened, view.at);
  const line = inputs.lines.find((known) => known.line === id);
  const sums = lineQuantities(pictureOf(inputs)).get(id);
  if (line === undefined || sums === undefined) throw unknownLine(id, view);
  const plan = (inputs.plans.get(id) ?? []).filter(({ kind }) => kind !== 'monthly').at(-1);
  const approved: Pick<LineInFullDto, 'approval'> =
    plan?.kind !== 'approved'
      ? {}
      : {
          approval: {
            effectiveDate: plan.effectiveDate,
            original: formatYuan(sums.original),
            ...(plan.halfYearPlanFen === undefined ? {} : { halfYearPlan: formatYuan(plan.halfYearPlanFen) }),
          },
        };
  return {
    approved: approval !== undefined,
    line: {
      ...lineDto(line, sums),
      codes: line.codes,
      ...approved,
      plan: monthlyPlan(inputs, line, sums.current),
    },
  };
}
