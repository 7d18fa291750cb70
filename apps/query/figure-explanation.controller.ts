/** Why an amount is what it is: any column of lines, totals, overview and series, of one line or of a scope. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiPropertyOptional, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import {
  figureById,
  figureOfKind,
  partAmounts,
  quantitiesOf,
  type FIGURES,
  type FigureOf,
} from '#domain/metrics/figures.js';
import { ALL, inScope, lineQuantities } from '#domain/metrics/quantities.js';
import { formatYuan } from '#domain/money.js';
import { invalidRequest } from '#platform/problem.js';
import { IsNumberText } from '#platform/validation.js';
import { journal } from '#read-model/queries/journal.js';
import { pictureInputs, pictureOf, type PictureInputs } from '#read-model/queries/picture.js';
import { ENTRY_PLACES, entriesOf, journalPlace } from './entries.js';
import type { PlanInForceDto } from './explanation.dto.js';
import {
  FIGURE_EXPLANATION_EXAMPLE,
  FIGURE_IDS,
  FigureExplanationDto,
  type FigureInputDto,
} from './figure-explanation.dto.js';
import { linesEver, requireLine } from './lines-ever.js';
import { unknownFigure } from './missing.js';
import { PageQuery, pagingOf, type Paging } from './page.js';
import { knownInLink } from './permanent-link.js';
import { AtPlace, addressOf, type Place } from './place.js';
import { plannedNow } from './plan-in-force.js';
import { UNKNOWN_LINE, YEAR_PATH, YearRead } from './read-operation.js';
import { ScopeQuery, scopeOf } from './scope.js';
import { YearReads, type YearView } from './year-reads.js';

export class FigureQuery extends IntersectionType(ScopeQuery, PageQuery) {
  @ApiPropertyOptional({
    type: String,
    example: 'P05',
    description: 'Of this line; in place of `funds` and `expenditure`, for a line has its own',
  })
  @IsOptional()
  @IsNumberText()
  line?: string;
}

@ApiTags('read')
@Controller(YEAR_PATH)
export class FigureExplanationController {
  constructor(private readonly years: YearReads) {}

  @Get('figures/:figure/explanation')
  @ApiParam({ name: 'figure', schema: { type: 'string', enum: FIGURE_IDS, example: 'paid' } })
  @YearRead({
    summary: 'An amount down to the events behind it, with a link that gives the same answer for ever',
    description:
      'Any amount that lines, totals, the overview, a comparison or a series shows, under the name of its column: of a line, ' +
      'or of all lines in a scope (without `funds` and `expenditure`: of all). The entries come page by page; each with the ' +
      'sign of its input, they add up to the amount. P is read from plans: those are listed, and the entries are those of B.',
    answer: FigureExplanationDto,
    example: FIGURE_EXPLANATION_EXAMPLE,
    problems: [unknownFigure('payments'), UNKNOWN_LINE],
  })
  explanation(
    @AtPlace() place: Place,
    @Param('figure') id: string,
    @Query() query: FigureQuery,
  ): Promise<FigureExplanationDto> {
    const figure = figureById(id);
    if (figure === undefined) throw unknownFigure(id);
    const of = figureOfQuery(query);
    const paging = pagingOf(query, { list: `figure ${id}`, place, places: ENTRY_PLACES });
    const explain = (view: YearView) => explanationOf(view, { figure, of, paging, query });
    const { known } = paging;
    return this.years.answer(place, query, explain, known === undefined ? { permanent: true } : { known });
  }
}

function figureOfQuery(query: FigureQuery): FigureOf {
  const scope = scopeOf(query);
  if (query.line === undefined) return { scope: scope ?? ALL };
  if (scope === undefined) return { line: query.line };
  const message = 'line stands alone: a line has its own fund nature and expenditure';
  throw invalidRequest([{ parameter: 'line', code: 'NOT_TOGETHER', message }]);
}

interface Asked {
  readonly figure: (typeof FIGURES)[number];
  readonly of: FigureOf;
  readonly paging: Paging;
  readonly query: FigureQuery;
}

async function explanationOf(view: YearView, asked: Asked) {
  const { figure, of, paging } = asked;
  const { id, version, name, symbol, formula, source, quantity, parts, plan } = figure;
  if ('line' in of) requireLine(await linesEver(view), of.line, view);
  const read = await pictureInputs(view.opened, view.at);
  const sums = quantitiesOf(pictureOf(read), of);
  const filter = { kinds: parts.map(({ kind }) => kind), ...of };
  const after = paging.after === undefined ? {} : { after: journalPlace(paging.after) };
  return {
    figure: id,
    version,
    name,
    ...(symbol === undefined ? {} : { symbol }),
    formula,
    source,
    ...of,
    amount: formatYuan(sums[quantity]),
    ...(plan && sums.plannedAssumed ? { assumed: true as const } : {}),
    inputs: inputsOf(read, asked),
    ...(plan ? { plans: plansOf(read, of) } : {}),
    ...entriesOf(await journal(view.opened, view.at, { filter, limit: paging.limit, ...after }), paging, view.moment),
    link: permanentLink(view, asked),
  };
}

/** The parts of B that P rests on have no sign: P is no sum of them. */
function inputsOf(read: PictureInputs, { figure, of }: Asked): readonly FigureInputDto[] {
  return partAmounts(pictureOf(read), figure, of).map(({ kind, sign, fen }) => {
    const { symbol } = figureOfKind(kind);
    return {
      name: kind,
      ...(symbol === undefined ? {} : { symbol }),
      amount: formatYuan(fen),
      kinds: [kind],
      ...(figure.plan ? {} : { sign }),
    };
  });
}

function plansOf(read: PictureInputs, of: FigureOf): readonly PlanInForceDto[] {
  const sums = lineQuantities({ figures: read.figures, planned: [] });
  return read.lines
    .filter((line) => ('line' in of ? line.line === of.line : inScope(of.scope, line)))
    .map((line) => plannedNow(read, line, sums.get(line.line)?.current));
}

function permanentLink(view: YearView, { figure, of, query }: Asked): string {
  const wanted =
    'line' in of
      ? { line: of.line }
      : {
          funds: of.scope.funds === 'all' ? 'all' : of.scope.funds.join(','),
          expenditure: of.scope.expenditure,
        };
  const asked = new URLSearchParams({ asOf: view.asOf, knownAt: knownInLink(query.knownAt, view), ...wanted });
  return `${addressOf(view)}/figures/${figure.id}/explanation?${asked.toString()}`;
}
