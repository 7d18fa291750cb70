/** The restatement list of a seal: what came in since that belongs to the sealed period, and what it changes. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { Envelope } from '#domain/envelope.js';
import type { AmountChange } from '#domain/metrics/comparison.js';
import { formatYuan } from '#domain/money.js';
import type { Language } from '#domain/sentence.js';
import { citedPlace, seals } from '#read-model/queries/seals.js';
import {
  countTouching,
  effectsAt,
  touchingPlaces,
  type Sealed,
  type TouchingEffect,
} from '#read-model/queries/restatement.js';
import { damagedCursor, type Cursor } from './cursor.js';
import { tellingDto } from './history.controller.js';
import { linesEver } from './lines-ever.js';
import { eventsAt, sentenceOf } from './log-events.js';
import { UNKNOWN_SEAL } from './missing-seal.js';
import { pagingOf } from './page.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { KINDS_BEFORE, restatementOf, type Restatement } from './restatement.js';
import {
  RESTATEMENT_EXAMPLE,
  RestatementDto,
  type AmountRestatedDto,
  type RestatementEntryDto,
  type Touches,
} from './restatement.dto.js';
import { RestatementQuery } from './restatement.query.js';
import { sealDto, sealOf } from './seals.controller.js';
import { Sources } from './sources.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class RestatementController {
  constructor(
    private readonly years: YearReads,
    private readonly sources: Sources,
  ) {}

  @Get('seals/:number/restatement')
  @ApiParam({ name: 'number', type: String, example: '1', description: 'In the order recorded, from 1' })
  @YearRead({
    summary: 'What touches a sealed period and is not in its reports, each entry as a sentence, and what it changes',
    description:
      'Entries recorded since that belong to the period or are dated in it, corrections and reversals among them, changes of ' +
      'plans, lines and targets, and what moves a rate that looks at the year before. The restated figures are the sealed ones ' +
      'and these effects at their true dates, known by knownAt; rates are worked out by the formulas of now.',
    answer: RestatementDto,
    example: RESTATEMENT_EXAMPLE,
    problems: [UNKNOWN_SEAL],
  })
  restatement(
    @AtPlace() place: Place,
    @Param('number') number: string,
    @Query() query: RestatementQuery,
  ): Promise<RestatementDto> {
    const { lang: language = 'zh' } = query;
    const paging = pagingOf(query, { list: `restatement ${number}`, place, places: 1 });
    const after = paging.after === undefined ? -1n : positionOf(paging.after);
    const list = async (view: YearView) => {
      const shown = await sealOf(this.sources.store, view, number);
      const sealed = await sealedOf(view, shown.seal);
      const restated = await restatementOf({ opened: view.opened, store: this.sources.store }, sealed, shown.event);
      const names = await linesEver({ ...view, at: { ...view.at, asOf: sealed.through } });
      const telling = { language, lineName: (id: string) => names.get(id) };
      const page = await this.pageOf(view, { sealed, restated, after, limit: paging.limit });
      const last = page.entries.at(-1);
      const count = restated.silent.length + (await countTouching(view.opened, sealed, KINDS_BEFORE));
      return {
        asOf: sealed.through,
        seal: sealDto(place, shown),
        touched: count > 0,
        sentence: summary(restated, { language, count, through: sealed.through }),
        ...figuresDto(restated, names),
        count,
        entries: page.entries.map((event) =>
          entryDto(event, { sealed, sentence: sentenceOf(event, telling), effects: page.effects }),
        ),
        ...(page.more && last !== undefined ? { next: paging.next(view.moment.position, [last.position]) } : {}),
      };
    };
    const { known } = paging;
    return this.years.answer(place, query, list, known === undefined ? {} : { known });
  }

  /** Events with and without money effects, merged in the order of the log. */
  private async pageOf(
    { opened }: YearView,
    asked: { readonly sealed: Sealed; readonly restated: Restatement; readonly after: bigint; readonly limit: number },
  ) {
    const { sealed, restated, after, limit } = asked;
    const places = await touchingPlaces(opened, sealed, { after, limit: limit + 1, kindsBefore: KINDS_BEFORE });
    const silent = restated.silent.filter(({ position }) => BigInt(position) > after).slice(0, limit + 1);
    const moving = await eventsAt(this.sources.store, places);
    const events = [...moving, ...silent].sort((a, b) => (BigInt(a.position) < BigInt(b.position) ? -1 : 1));
    const entries = events.slice(0, limit);
    const effects = await effectsAt(
      opened,
      sealed,
      entries.map(({ position }) => BigInt(position)),
    );
    return { entries, effects, more: events.length > limit };
  }
}

function positionOf([position]: Cursor['after']): bigint {
  if (!/^\d{1,18}$/.test(String(position))) throw damagedCursor();
  return BigInt(String(position));
}

async function sealedOf(view: YearView, seal: Awaited<ReturnType<typeof seals>>[number]): Promise<Sealed> {
  const { opened, unit, year, moment } = view;
  const [first] = await seals(opened, view.at);
  const cited = await citedPlace(opened, seal);
  return {
    ...{ unit, year, through: seal.through },
    ...{ cited: cited.order, firstSeal: first?.position ?? seal.position, until: moment.order },
  };
}

function entryDto(
  event: Envelope,
  asked: { readonly sealed: Sealed; readonly sentence: string; readonly effects: readonly TouchingEffect[] },
): RestatementEntryDto {
  const { sealed, sentence } = asked;
  const effects = asked.effects.filter(({ position }) => position === BigInt(event.position));
  const { ref } = effects.find((effect) => effect.ref !== undefined) ?? {};
  const document = effects.find((effect) => effect.document !== undefined)?.document ?? event.meta.document?.number;
  return {
    ...tellingDto(event, sentence),
    touches: touchesOf(event, sealed),
    ...(BigInt(event.position) <= sealed.cited ? { knownWhenSealed: true } : {}),
    ...(ref === undefined ? {} : { ref }),
    ...(document === undefined ? {} : { document }),
    effects: effects.map(({ line, kind, fen }) => ({ line, kind, amount: formatYuan(fen) })),
  };
}

function touchesOf({ stream, effectiveDate }: Envelope, { year, through }: Sealed): Touches {
  if (!stream.endsWith(`-${year}`)) return 'year-before';
  return effectiveDate > through ? 'belongs-to' : 'dated-inside';
}

const amountDto = ({ amount, a, b, change }: AmountChange): AmountRestatedDto => ({
  amount,
  sealed: formatYuan(a),
  restated: formatYuan(b),
  change: formatYuan(change),
});

const sinceDto = (since: number | undefined): { readonly since?: string } =>
  since === undefined ? {} : { since: new Date(since).toISOString() };

function figuresDto({ basis, totals, lines, rates }: Restatement, names: ReadonlyMap<string, string>) {
  return {
    basis,
    totals: totals.map(amountDto),
    lines: lines.map(({ line, expenditure, fund, since, changes }) => ({
      ...{ line, name: names.get(line) ?? '', expenditure, fund },
      ...sinceDto(since),
      changes: changes.map(amountDto),
    })),
    rates: rates.map(({ a, b, change, since }) => ({
      ...(a === undefined ? {} : { sealed: a }),
      ...(b === undefined ? {} : { restated: b }),
      ...(change === undefined ? {} : { change }),
      ...(a?.verdict === b?.verdict ? {} : { turned: true as const }),
      ...sinceDto(since),
    })),
  };
}

/** What a reader takes away first, the empty restatement above all. */
function summary(
  { lines, rates }: Restatement,
  { language, count, through }: { readonly language: Language; readonly count: number; readonly through: string },
): string {
  const turned = rates.filter(({ a, b }) => a?.verdict !== b?.verdict).length;
  const newer = rates.filter(({ a, b }) => a !== undefined && b !== undefined && a.version !== b.version).length;
  const words = SUMMARIES[language];
  const told =
    count === 0
      ? words.nothing(through)
      : words.touched(through, { count, lines: lines.length, rates: rates.length, turned });
  return newer === 0 ? told : `${told}${words.newer(newer)}`;
}

const SUMMARIES: Readonly<Record<Language, Summary>> = {
  zh: {
    nothing: (through) => `封存后没有登记涉及 ${through} 及以前的事项，封存数据不变。`,
    touched: (through, { count, lines, rates, turned }) =>
      `有 ${count} 项登记涉及 ${through} 及以前而未计入封存报表；${lines} 个项目、${rates} 项指标与封存时不同，${turned} 项判定改变。`,
    newer: (count) => `${count} 项指标的公式版本已更新。`,
  },
  en: {
    nothing: (through) => `Nothing recorded since touches ${through} or before; the sealed figures stand.`,
    touched: (through, { count, lines, rates, turned }) =>
      `Entries that touch ${through} or before and are not in the sealed reports: ${count}; lines that differ: ${lines}, ` +
      `rates: ${rates}, verdicts that turn: ${turned}.`,
    newer: (count) => ` Rates with another formula version now: ${count}.`,
  },
};

interface Summary {
  readonly nothing: (through: string) => string;
  readonly touched: (
    through: string,
    counts: Readonly<Record<'count' | 'lines' | 'rates' | 'turned', number>>,
  ) => string;
  readonly newer: (count: number) => string;
}
