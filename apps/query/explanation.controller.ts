/** Why a figure is what it is: the formula, what goes into it, and every entry behind it. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags, IntersectionType } from '@nestjs/swagger';
import { lastDayOf } from '#domain/calendar.js';
import type { Metric } from '#domain/metrics/metric.js';
import { ALL, inScope, lineQuantities, type Scope } from '#domain/metrics/quantities.js';
import { metricById, METRICS } from '#domain/metrics/registry.js';
import type { MetricResult } from '#domain/metrics/result.js';
import { formatYuan } from '#domain/money.js';
import { formatPercent } from '#domain/ratio.js';
import { journal, type JournalPage } from '#read-model/queries/journal.js';
import { pictureInputs, pictureOf, type PictureInputs } from '#read-model/queries/picture.js';
import { ENTRY_PLACES, entriesOf, journalPlace } from './entries.js';
import { entryScope, inputsOf } from './explanation-inputs.js';
import { EXPLANATION_EXAMPLE, ExplanationDto, type PlanInForceDto } from './explanation.dto.js';
import { unknownMetric } from './missing.js';
import { PageQuery, pagingOf, type Paging } from './page.js';
import { knownInLink } from './permanent-link.js';
import { AtPlace, addressOf, type Place } from './place.js';
import { plannedNow } from './plan-in-force.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { ScopeQuery, scopeOf } from './scope.js';
import { YearReads, type YearView } from './year-reads.js';

export class ExplanationQuery extends IntersectionType(ScopeQuery, PageQuery) {}

@ApiTags('read')
@Controller(YEAR_PATH)
export class ExplanationController {
  constructor(private readonly years: YearReads) {}

  @Get('rates/:metric/explanation')
  @ApiParam({
    name: 'metric',
    schema: { type: 'string', enum: METRICS.map(({ id }) => id), example: 'execution-rate' },
  })
  @YearRead({
    summary: 'A rate down to the events behind it, with a link that gives the same answer for ever',
    description: 'Without `funds` and `expenditure`: for all funds. The entries come page by page.',
    answer: ExplanationDto,
    example: EXPLANATION_EXAMPLE,
    problems: [unknownMetric('execution')],
  })
  explanation(
    @AtPlace() place: Place,
    @Param('metric') id: string,
    @Query() query: ExplanationQuery,
  ): Promise<ExplanationDto> {
    const metric = metricById(id);
    if (metric === undefined) throw unknownMetric(id);
    const scope = scopeOf(query) ?? ALL;
    const paging = pagingOf(query, { list: `explanation ${id}`, place, places: ENTRY_PLACES });
    const explain = (view: YearView) => explanationOf(view, { metric, scope, paging, query });
    const { known } = paging;
    return this.years.answer(place, query, explain, known === undefined ? { permanent: true } : { known });
  }
}

interface Asked {
  readonly metric: Metric;
  readonly scope: Scope;
  readonly paging: Paging;
  readonly query: ExplanationQuery;
}

async function explanationOf(view: YearView, asked: Asked) {
  const { metric, scope, paging } = asked;
  const { id, version, name, formula, source, inputs } = metric;
  const read = await pictureInputs(view.opened, view.at);
  const picture = pictureOf(read);
  const prior = inputs.priorYear && picture.priorYear !== undefined;
  return {
    metric: id,
    version,
    name,
    formula,
    source,
    scope,
    ...resultDto(metric.compute(picture, scope)),
    inputs: inputsOf(metric, picture, scope),
    ...(inputs.plan ? { plans: plansOf(read, scope) } : {}),
    ...(prior ? { priorYear: { year: view.year - 1, journal: priorJournal(view, asked) } } : {}),
    ...entriesOf(await entriesBehind(view, asked), paging, view.moment),
    link: permanentLink(view, asked),
  };
}

const resultDto = (result: MetricResult) => ({
  status: result.status,
  ...(result.status === 'OK' ? {} : { reason: result.reason }),
  numerator: result.numerator === undefined ? null : formatYuan(result.numerator),
  denominator: result.denominator === undefined ? null : formatYuan(result.denominator),
  percent: result.status === 'OK' ? formatPercent(result.ratio) : null,
  ...(result.coverage === undefined
    ? {}
    : { coverage: { coded: formatYuan(result.coverage.codedFen), total: formatYuan(result.coverage.totalFen) } }),
});

function plansOf(read: PictureInputs, scope: Scope): readonly PlanInForceDto[] {
  const sums = lineQuantities({ figures: read.figures, planned: [] });
  return read.lines
    .filter((line) => inScope(scope, line))
    .map((line) => plannedNow(read, line, sums.get(line.line)?.current));
}

/** A figure by economic code shows all entries on its lines when some are uncoded: those are why it has no value. */
async function entriesBehind(view: YearView, { metric, scope, paging }: Asked): Promise<JournalPage> {
  const { kinds, economic } = metric.inputs;
  const within = entryScope(metric.inputs, scope);
  if (within === undefined) return { entries: [], more: false };
  const codes = economic === undefined ? {} : { economic: [...economic, ''] };
  const filter = { kinds, scope: within, ...codes };
  const after = paging.after === undefined ? {} : { after: journalPlace(paging.after) };
  return journal(view.opened, view.at, { filter, limit: paging.limit, ...after });
}

function permanentLink(view: YearView, { metric, scope, query: { knownAt } }: Asked): string {
  const query = new URLSearchParams({
    asOf: view.asOf,
    knownAt: knownInLink(knownAt, view),
    funds: scope.funds === 'all' ? 'all' : scope.funds.join(','),
    expenditure: scope.expenditure,
  });
  return `${addressOf(view)}/rates/${metric.id}/explanation?${query.toString()}`;
}

function priorJournal(view: YearView, { query: { knownAt } }: Asked): string {
  const place = { unit: view.unit, year: view.year - 1 };
  const query = new URLSearchParams({ asOf: lastDayOf(place.year), knownAt: knownInLink(knownAt, view) });
  return `${addressOf(place)}/journal?${query.toString()}`;
}
