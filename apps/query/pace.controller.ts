/** How fast the year goes: lines and indicators against their plans, what is left, what it comes to; and the two side by side. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { moneyBesideWork, type MoneyBesideWork, type WorkLink } from '#domain/metrics/money-beside-work.js';
import { lineQuantities } from '#domain/metrics/quantities.js';
import { formatYuan } from '#domain/money.js';
import { formatDecimal, formatPercent } from '#domain/ratio.js';
import { actualOn } from '#domain/metrics/course.js';
import { work } from './course-answer.js';
import { judgedTable, type JudgedTable } from './judged-table.js';
import { linesEver, requireLine } from './lines-ever.js';
import { UNKNOWN_INDICATOR, unknownIndicator } from './missing-performance.js';
import { MomentQuery } from './moment.js';
import {
  MONEY_BESIDE_WORK_EXAMPLE,
  MoneyBesideWorkDto,
  type BesideDto,
  type MismatchDto,
} from './money-beside-work.dto.js';
import { PACE_EXAMPLE, PaceDto, PaceQuery } from './pace.dto.js';
import { pacedIndicators } from './paced-indicators.js';
import { pacedLines } from './paced-lines.js';
import { AtPlace, type Place } from './place.js';
import { UNKNOWN_LINE, YEAR_PATH, YearRead } from './read-operation.js';
import { YearReads } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class PaceController {
  constructor(private readonly years: YearReads) {}

  @Get('pace')
  @YearRead({
    summary: 'Planned and done of every line and every indicator that accumulates, the pace required, and a forecast',
    description:
      'The forecast for 31 December names the method that a stated rule picks, and the range that all methods span; ' +
      '`GET /api/v1/formulas` has their words. Without enough to go by there is none, with the reason.',
    answer: PaceDto,
    example: PACE_EXAMPLE,
    problems: [UNKNOWN_LINE, UNKNOWN_INDICATOR],
  })
  pace(@AtPlace() place: Place, @Query() query: PaceQuery): Promise<PaceDto> {
    const { of, line, indicator } = query;
    const wantsLines = of !== 'indicators' && (line !== undefined || indicator === undefined);
    const wantsIndicators = of !== 'lines' && (indicator !== undefined || line === undefined);
    return this.years.answer(place, query, async (view) => {
      if (line !== undefined) requireLine(await linesEver(view), line, view);
      const table = await judgedTable(view.opened, view.at, query);
      if (indicator !== undefined) requireIndicator(table, indicator, view);
      const { thresholds } = table.standing;
      const asked = { thresholds, ...(line === undefined ? {} : { line }) };
      return {
        thresholds: thresholds.version,
        ...(wantsLines ? await pacedLines(view.opened, table.inputs, asked) : { lines: [] }),
        indicators: wantsIndicators ? pacedIndicators(table, indicator) : [],
      };
    });
  }

  @Get('money-beside-work')
  @YearRead({
    summary: 'Indicators beside the money of the lines that do their work, and where one runs ahead of the other',
    description:
      'Facts only, no verdict: the work done of the full-year target, and the payments of the budget to date.',
    answer: MoneyBesideWorkDto,
    example: MONEY_BESIDE_WORK_EXAMPLE,
  })
  moneyBesideWork(@AtPlace() place: Place, @Query() query: MomentQuery): Promise<MoneyBesideWorkDto> {
    return this.years.answer(place, query, async (view) => {
      const table = await judgedTable(view.opened, view.at, query);
      const names = new Map(table.inputs.lines.map(({ line, name }) => [line, name]));
      const found = besideEachOther(table);
      return {
        thresholds: table.standing.thresholds.version,
        linked: found.map((one) => besideDto(one, { table, names })),
      };
    });
  }
}

/** Throws 404 `UNKNOWN_INDICATOR`. */
function requireIndicator({ indicators }: JudgedTable, id: string, place: Place): void {
  if (!indicators.some(({ indicator }) => indicator.indicator === id)) throw unknownIndicator(id, place);
}

function besideEachOther({ standing, indicators, picture }: JudgedTable): readonly MoneyBesideWork[] {
  const links = indicators.map(({ indicator, done }): WorkLink => {
    const result = actualOn({ actual: done }, picture.asOf);
    const lines = standing.links.get(indicator.indicator) ?? [];
    return { indicator, lines, ...(result === undefined ? {} : { result }) };
  });
  const money = [...lineQuantities(picture)].map(
    ([line, { current, paid }]) => [line, { currentFen: current, paidFen: paid }] as const,
  );
  return moneyBesideWork(links, new Map(money), standing.thresholds);
}

function besideDto(
  { indicator, lines, work: done, money, gap, flags }: MoneyBesideWork,
  { table, names }: { readonly table: JudgedTable; readonly names: ReadonlyMap<string, string> },
): BesideDto {
  const of = table.indicators.find((judged) => judged.indicator.indicator === indicator)?.indicator;
  if (of === undefined) throw new Error(`${indicator} is linked and not in the table`);
  const { value } = work(of.decimals);
  return {
    indicator,
    level3: of.level3,
    lines: lines.map((line) => {
      const name = names.get(line);
      return { line, ...(name === undefined ? {} : { name }) };
    }),
    work:
      done.status === 'NONE'
        ? done
        : {
            status: done.status,
            done: { on: done.done.on, value: value(done.done.value) },
            target: value(done.target),
            percent: formatPercent(done.share),
          },
    money: {
      status: money.status,
      ...(money.status === 'NONE' ? { reason: money.reason } : {}),
      paid: formatYuan(money.paidFen),
      current: formatYuan(money.currentFen),
      ...(money.status === 'OK' ? { percent: formatPercent(money.share) } : {}),
    },
    ...(gap === undefined ? {} : { gap: formatDecimal(gap, 2) }),
    flags: flags.map(mismatchDto),
  };
}

function mismatchDto(flag: MoneyBesideWork['flags'][number]): MismatchDto {
  if ('gap' in flag) return { ...flag, gap: formatDecimal(flag.gap, 2) };
  if ('paidFen' in flag) return { code: flag.code, paid: formatYuan(flag.paidFen) };
  return flag;
}
