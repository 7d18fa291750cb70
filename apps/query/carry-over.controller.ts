/** Where this year's carried-over money comes from, how old it is, and what became of what the close of this year left. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { closingInForce, type UnitStory } from '#domain/budget/lineage.js';
import { lastDayOf } from '#domain/calendar.js';
import { carriedLots, lotTotals, totalsBy, type CarriedLot } from '#domain/metrics/carried-lots.js';
import { yearColumn } from '#domain/metrics/over-years.js';
import { ALL, inScope, lineQuantities, type Figure, type Scope } from '#domain/metrics/quantities.js';
import { ZERO, fen, formatYuan } from '#domain/money.js';
import { takenBack, closeMarks, type OfUnit } from '#read-model/queries/carry-over.js';
import { figures } from '#read-model/queries/figures.js';
import { lineDefinitions, type LineAsKnown } from '#read-model/queries/lines.js';
import { lotDto, sumsDto, type NameOf } from './carried-lot-answer.js';
import {
  CARRY_OVER_EXAMPLE,
  CarryOverReportDto,
  type CarryOverTotalsDto,
  type ClosingOutcomeDto,
  type OverdrawnLineDto,
  type YearRatesDto,
} from './carry-over.dto.js';
import { closingDto } from './closing-answer.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { ScopeQuery, scopeOf } from './scope.js';
import { Sources } from './sources.js';
import { todayOf } from './today.js';
import { unitStory } from './unit-story.js';
import { YearReads, type YearView } from './year-reads.js';
import { yearsKnown } from './years-known.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class CarryOverController {
  constructor(
    private readonly years: YearReads,
    private readonly sources: Sources,
  ) {}

  @Get('carry-over')
  @YearRead({
    summary: 'Carried-over money by line and origin year: where it comes from, what is left, when it becomes surplus',
    description:
      'Each lot is followed back to its year of origin. As of 31 December of a closed year also what its close left, and ' +
      'what became of that. All years are shown as known at `knownAt`.',
    answer: CarryOverReportDto,
    example: CARRY_OVER_EXAMPLE,
  })
  carryOver(@AtPlace() place: Place, @Query() query: ScopeQuery): Promise<CarryOverReportDto> {
    const scope = scopeOf(query) ?? ALL;
    const read = async (view: YearView) => {
      const today = todayOf(view.moment, query, this.sources);
      return this.report(view, { scope, today: today < view.asOf ? today : view.asOf });
    };
    return this.years.answer(place, query, read, { unitWide: true });
  }

  private async report(view: YearView, { scope, today }: { scope: Scope; today: YearView['asOf'] }) {
    const { opened, at, year } = view;
    const inFull = await unitStory(opened, at, { until: at, store: this.sources.store });
    const story = seenFrom(view, inFull);
    const lines = (await lineDefinitions(opened, at)).filter((line) => inScope(scope, line));
    const sums = await figures(opened, at);
    const lots = carriedLots({ year, figures: sums, lines, unit: story });
    const nameOf = await namesOf(view, story);
    const told = lots.map((lot) => lotDto(lot, { story, nameOf }));
    const closing = await this.closingOf(view, { story, nameOf, lines });
    return {
      state: story.get(year)?.state ?? 'open',
      scope,
      ...(told.some(({ provisional }) => provisional) ? ({ provisional: true } as const) : {}),
      lots: told,
      totals: totalsOf(lots),
      overdrawn: overdrawnOf(lots, sums, { year, nameOf }),
      ...(closing === undefined ? {} : { closing }),
      rates: await ratesOf(view, { scope, today, story: inFull }),
    };
  }

  private async closingOf(
    { opened, at, year }: YearView,
    { story, nameOf, lines }: { story: UnitStory; nameOf: NameOf; lines: readonly LineAsKnown[] },
  ): Promise<ClosingOutcomeDto | undefined> {
    const closing = closingInForce(story.get(year));
    if (closing === undefined) return undefined;
    const marks = await closeMarks(opened, at);
    const closedAt = marks.find((mark) => mark.year === year && mark.revision === closing.revision)?.position;
    const back = await takenBack(opened, at, { after: closedAt ?? 0n });
    const before = closedAt === undefined ? [] : await takenBack(opened, at, { upTo: closedAt });
    const byLot = new Map(back.map((entry) => [`${entry.originYear} ${entry.line}`, entry.fen]));
    return closingDto(closing, {
      story,
      nameOf,
      lines: new Map(lines.map((line) => [line.line, line])),
      takenBack: (line, originYear) => byLot.get(`${originYear} ${line}`) ?? ZERO,
      before,
    });
  }
}

/** A close is about the end of its year and is never dated before it: as of an earlier date the year is open. */
function seenFrom({ asOf, year }: YearView, story: UnitStory): UnitStory {
  const own = story.get(year);
  if (own === undefined || asOf === lastDayOf(year)) return story;
  return new Map(story).set(year, { ...own, state: 'open', closings: [] });
}

/** What lines with carried-over money have spent beyond all that they hold: it belongs to no lot. */
function overdrawnOf(
  lots: readonly CarriedLot[],
  sums: readonly Figure[],
  { year, nameOf }: { readonly year: number; readonly nameOf: NameOf },
): readonly OverdrawnLineDto[] {
  const quantitiesOf = lineQuantities({ figures: sums, planned: [] });
  return [...new Set(lots.map(({ line }) => line))].flatMap((line) => {
    const { paid = ZERO, takenBack: back = ZERO, current = ZERO } = quantitiesOf.get(line) ?? {};
    const missing = paid + back - current;
    return missing <= 0 ? [] : [{ line, name: nameOf(year, line) ?? line, amount: formatYuan(fen(missing)) }];
  });
}

function totalsOf(lots: readonly CarriedLot[]): CarryOverTotalsDto {
  return {
    all: sumsDto(lotTotals(lots)),
    byAge: totalsBy(lots, ({ age }) => age).map(({ group, totals }) => ({ age: group, ...sumsDto(totals) })),
    byFund: totalsBy(lots, ({ fund }) => fund).map(({ group, totals }) => ({ fund: group, ...sumsDto(totals) })),
    byClass: totalsBy(lots, ({ classAtYearEnd }) => classAtYearEnd).map(({ group, totals }) => ({
      classAtYearEnd: group,
      ...sumsDto(totals),
    })),
  };
}

/** Names of the lines of every year, as last known. */
async function namesOf({ opened, at }: YearView, story: UnitStory): Promise<NameOf> {
  const names = new Map<string, string>();
  for (const year of story.keys()) {
    const asOf = year === at.year ? at.asOf : lastDayOf(year);
    for (const { line, name } of await lineDefinitions(opened, { ...at, year, asOf }))
      names.set(`${year} ${line}`, name);
  }
  return (year, line) => names.get(`${year} ${line}`);
}

async function ratesOf(
  { opened, at: { year, asOf: _asOf, ...of } }: YearView,
  { scope, today, story }: { scope: Scope; today: YearView['asOf']; story: UnitStory },
): Promise<readonly YearRatesDto[]> {
  const inLedger = [...story.keys()];
  const years = inLedger.filter((known) => known <= year);
  const known = await yearsKnown(opened, of satisfies OfUnit, { years, inLedger, today, story });
  return known.map((year) => {
    const column = yearColumn(year, scope);
    const { asOf, state, carryOverRate, carryOverChange } = column;
    return { year: column.year, asOf, state, carryOverRate, carryOverChange };
  });
}
