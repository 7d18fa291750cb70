/** Why the result of an indicator is what it is, whether it was worked out of money or of base facts, or recorded. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { factMetricById } from '#domain/metrics/fact-metrics.js';
import type { Formula } from '#domain/metrics/metric.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { metricById } from '#domain/metrics/registry.js';
import { FACTS, type FactKind } from '#domain/performance/facts.js';
import type { OutcomeSource } from '#domain/performance/outcome.js';
import { LIGHT_RULES } from '#domain/scoring/light-of.js';
import { judgedTable, type JudgedIndicator, type JudgedTable } from './judged-table.js';
import { UNKNOWN_INDICATOR, unknownIndicator } from './missing-performance.js';
import { knownInLink } from './permanent-link.js';
import { AtPlace, addressOf, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { TellingQuery } from './results.dto.js';
import { targetDto } from './target-answer.js';
import {
  TARGET_EXPLANATION_EXAMPLE,
  TargetExplanationDto,
  type FactUsedDto,
  type FormulaOfResultDto,
} from './target-explanation.dto.js';
import { ToldEvents } from './told-events.js';
import { VERDICT_RULES, verdictRule } from './verdict-rules.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class TargetExplanationController {
  constructor(
    private readonly years: YearReads,
    private readonly told: ToldEvents,
  ) {}

  @Get('targets/:indicator/explanation')
  @ApiParam({ name: 'indicator', type: String, example: 'I08' })
  @YearRead({
    summary: 'The result of an indicator down to what is behind it, with a link that gives the same answer for ever',
    description: 'A result of money opens further at `money`; others show the events that they were recorded by.',
    answer: TargetExplanationDto,
    example: TARGET_EXPLANATION_EXAMPLE,
    problems: [UNKNOWN_INDICATOR],
  })
  explanation(
    @AtPlace() place: Place,
    @Param('indicator') id: string,
    @Query() query: TellingQuery,
  ): Promise<TargetExplanationDto> {
    const explain = async (view: YearView) => {
      const table = await judgedTable(view.opened, view.at, query);
      const judged = table.indicators.find(({ indicator }) => indicator.indicator === id);
      if (judged === undefined) throw unknownIndicator(id, view);
      const { source } = judged.outcome;
      const compared = verdictRule(judged.indicator, table.checkpoint);
      return {
        checkpoint: table.checkpoint,
        target: targetDto(judged, table),
        basis: source.kind,
        ...formulaOf(source),
        facts: factsOf(judged, table),
        verdictRule: { id: compared, words: VERDICT_RULES[compared] },
        lightRule: { id: judged.light.rule, words: LIGHT_RULES[judged.light.rule] },
        ...(source.kind === 'money' ? { money: moneyLink(view, source, query) } : {}),
        events: await this.told.by(view, revisionsBehind(source), query.lang),
        link: linkOf(view, judged, query),
      };
    };
    return this.years.answer(place, query, explain, { permanent: true });
  }
}

function formulaOf(source: OutcomeSource): { readonly formula?: FormulaOfResultDto } {
  if (source.kind === 'money') return { formula: formulaDto(metricById(source.metric), source.scope) };
  return source.kind === 'facts' ? { formula: formulaDto(factMetricById(source.metric)) } : {};
}

function formulaDto(formula: Formula | undefined, scope?: Scope): FormulaOfResultDto {
  if (formula === undefined) throw new Error('a result was worked out by a formula that is not registered');
  const { id: metric, version, name, formula: text, source } = formula;
  return { metric, version, name, formula: text, source, ...(scope === undefined ? {} : { scope }) };
}

/** Every fact of the formula, those that nobody recorded too. */
function factsOf({ outcome: { source } }: JudgedIndicator, { standing }: JudgedTable): readonly FactUsedDto[] {
  if (source.kind !== 'facts') return [];
  return (factMetricById(source.metric)?.facts ?? []).map((fact: FactKind) => {
    const last = standing.facts.get(fact)?.at(-1);
    const { name, unit } = FACTS[fact];
    if (last === undefined) return { fact, name, unit };
    return { fact, name, unit, value: last.value, date: last.effectiveDate, factId: last.factId };
  });
}

/** In the order recorded. */
function revisionsBehind(source: OutcomeSource): readonly number[] {
  if (source.kind === 'recorded') return source.result.revisions;
  if (source.kind !== 'facts') return [];
  return source.facts.flatMap(({ revisions }) => revisions).sort((a, b) => a - b);
}

function moneyLink(
  view: YearView,
  { metric, scope }: Extract<OutcomeSource, { readonly kind: 'money' }>,
  { knownAt }: TellingQuery,
): string {
  const query = new URLSearchParams({
    asOf: view.asOf,
    knownAt: knownInLink(knownAt, view),
    funds: scope.funds === 'all' ? 'all' : scope.funds.join(','),
    expenditure: scope.expenditure,
  });
  return `${addressOf(view)}/rates/${metric}/explanation?${query.toString()}`;
}

/** The date alone says which checkpoint comes next. */
function linkOf(view: YearView, { indicator }: JudgedIndicator, { knownAt }: TellingQuery): string {
  const query = new URLSearchParams({ asOf: view.asOf, knownAt: knownInLink(knownAt, view) });
  return `${addressOf(view)}/targets/${encodeURIComponent(indicator.indicator)}/explanation?${query.toString()}`;
}
