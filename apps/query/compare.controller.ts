/** Two moments of a year side by side: what differs, and why. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { amountChanges, lineChanges, rateChanges } from '#domain/metrics/comparison.js';
import { comparisonSentences } from '#domain/metrics/comparison-sentences.js';
import { ALL, quantities, type Scope } from '#domain/metrics/quantities.js';
import { ratesReport } from '#domain/metrics/report.js';
import type { Language } from '#domain/sentence.js';
import { movedEvents, movedSums, type Between, type MovedEvent } from '#read-model/queries/moved.js';
import { changeDto, linkOf, momentDto, momentIn, movedDto, rateChangeDto, summaryOf } from './compare-answer.js';
import { COMPARE_EXAMPLE, CompareDto, type MovedEventDto } from './compare.dto.js';
import { CompareQuery } from './compare.query.js';
import { damagedCursor, type Cursor } from './cursor.js';
import { figuresOf, pictureIn } from './figures.js';
import { tellingDto } from './history.controller.js';
import { indicatorChanges } from './indicator-changes.js';
import { judgedTable } from './judged-table.js';
import { eventsAt, sentenceOf } from './log-events.js';
import { UNKNOWN_SEAL } from './missing-seal.js';
import { pagingOf, type Paging } from './page.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { scopeOf } from './scope.js';
import { Sources } from './sources.js';
import { atTwoMoments, type MomentView, type TwoMoments } from './two-moments.js';
import { approvalOf, YearReads } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class CompareController {
  constructor(
    private readonly years: YearReads,
    private readonly sources: Sources,
  ) {}

  @Get('compare')
  @YearRead({
    summary: 'Two moments side by side: figures and rates at both, what moved, and the events that moved it',
    description:
      'Each moment has a date and what was known; they may differ in either, or in both, and may stand in any order. The ' +
      'figures of b are those of a, plus the effects of the events that only b has, less those that only a has. Among these ' +
      'events are those that move money or targets; `indicators` tells whose results differ. The events come page by page; ' +
      'all else is the same on every page. Every amount opens under `figures/{figure}/explanation`, every rate under ' +
      '`rates/{metric}/explanation`, every indicator under `targets/{indicator}/explanation`, with the asOf and knownAt of ' +
      'its moment.',
    answer: CompareDto,
    example: COMPARE_EXAMPLE,
    problems: [UNKNOWN_SEAL],
  })
  compare(@AtPlace() place: Place, @Query() query: CompareQuery): Promise<CompareDto> {
    const scope = scopeOf(query);
    const paging = pagingOf(query, { list: 'compare', place, places: 1 });
    const { years, sources } = this;
    const now = paging.known === undefined ? {} : { now: paging.known };
    return atTwoMoments({ years, sources, place }, { ...query, ...now }, (moments) =>
      this.comparison(moments, { scope, paging, language: query.lang ?? 'zh' }),
    );
  }

  private async comparison(moments: TwoMoments, asked: Asked) {
    const { a, b } = moments;
    const within = asked.scope ?? ALL;
    const between: Between = { a: a.at, b: b.at, scope: within };
    const [before, after] = [await looked(a, within), await looked(b, within)];
    const name = (line: string) => after.names.get(line) ?? before.names.get(line);
    const sums = await movedSums(b.opened, between);
    const totals = [quantities(before.picture, ALL), quantities(after.picture, ALL)] as const;
    const totalChanges = amountChanges(...totals);
    const lines = lineChanges(before.picture, after.picture).map((line) => ({
      ...line,
      name: name(line.line) ?? line.line,
    }));
    const rates = rateChanges(ratesOf(before, asked.scope), ratesOf(after, asked.scope));
    const compared = { a: momentIn(a), b: momentIn(b), totals: totalChanges, lines, rates, moved: sums };
    return {
      a: momentDto(a, before.approved),
      b: momentDto(b, after.approved),
      ...(asked.scope === undefined ? {} : { scope: asked.scope }),
      summary: { ...summaryOf(sums), sentences: comparisonSentences(compared) },
      totals: { a: figuresOf(totals[0]), b: figuresOf(totals[1]), changes: totalChanges.map(changeDto) },
      lines: lines.map(({ changes, ...line }) => ({ ...line, changes: changes.map(changeDto) })),
      rates: rates.map(rateChangeDto),
      indicators: indicatorChanges(before.indicators, after.indicators),
      ...(await this.entries(moments, { ...asked, between, name })),
      link: linkOf(moments, asked.scope),
    };
  }

  private async entries(
    { b, position }: TwoMoments,
    { between, paging, language, name }: Asked & { between: Between; name: (line: string) => string | undefined },
  ) {
    const after = paging.after === undefined ? {} : { after: placeOf(paging.after) };
    const { events, more } = await movedEvents(b.opened, between, { limit: paging.limit, ...after });
    const envelopes = await eventsAt(this.sources.store, events);
    const entries = envelopes.map((envelope, index): MovedEventDto => {
      const telling = tellingDto(envelope, sentenceOf(envelope, { language, lineName: name }));
      return { ...telling, ...movedDto(envelope.type, events[index] as MovedEvent) };
    });
    const last = events.at(-1);
    return {
      entries,
      ...(more && last !== undefined ? { next: paging.next(position, [String(last.position)]) } : {}),
    };
  }
}

interface Asked {
  readonly scope: Scope | undefined;
  readonly paging: Paging;
  readonly language: Language;
}

/** One moment: the money of the scope, the indicators, and all that rates are worked out from. */
async function looked(view: MomentView, scope: Scope) {
  const { inputs, picture: whole, indicators } = await judgedTable(view.opened, view.at);
  return {
    whole,
    picture: pictureIn(whole, scope),
    indicators,
    approved: (await approvalOf(view)) !== undefined,
    names: new Map(inputs.lines.map(({ line, name }) => [line, name])),
  };
}

type Looked = Awaited<ReturnType<typeof looked>>;

const ratesOf = ({ whole, indicators }: Looked, scope: Scope | undefined) =>
  ratesReport(
    whole,
    indicators.map(({ indicator }) => indicator),
    scope === undefined ? {} : { scopes: [scope] },
  );

function placeOf([position]: Cursor['after']): bigint {
  if (!/^\d{1,18}$/.test(String(position))) throw damagedCursor();
  return BigInt(String(position));
}
