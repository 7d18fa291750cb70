/**
 * Where carried-over money comes from: from a year's carry-over to the lot of the closing that it rests on, from there to
 * that year's own carry-over, back to the year of origin; several steps for basic expenditure. Rule book 7.
 */
import type { ClosingLot } from '#domain/budget/events.js';
import { type CivilDate, lastDayOf } from '#domain/calendar.js';
import { type Fen, fen, sum } from '#domain/money.js';

/** The closing event that carried-over money cites. */
export interface Citation {
  readonly stream: string;
  readonly revision: number;
  readonly closure?: number;
}

/** When something was booked: both dates and the event. `recordedAt` is UTC milliseconds. */
export interface Booked {
  readonly eventId: string;
  readonly effectiveDate: CivilDate;
  readonly recordedAt: number;
}

/** `toLine`: the line of the next year that the closing itself names. */
export type ClosedLot = ClosingLot & { readonly toLine?: string };

export type YearState = 'open' | 'closed' | 'reopened';

/** A closing of a year; those before the last no longer count. */
export interface Closing extends Booked, Citation {
  readonly year: number;
  readonly closure: number;
  readonly lots: readonly ClosedLot[];
}

/** Amounts in fen; `toFen` may be 0. */
export interface CarryOverRevision extends Booked {
  readonly fromFen: Fen;
  readonly toFen: Fen;
  readonly reason: string;
  readonly source: Citation | undefined;
}

/** Money brought into a line of `year`, as known: what was booked first and every revision since, in the order recorded. */
export interface CarriedIn extends Booked {
  readonly carryOverId: string;
  readonly year: number;
  readonly line: string;
  readonly originYear: number;
  /** The line of the year that it comes from. */
  readonly originLine: string;
  readonly broughtInFen: Fen;
  /** `undefined`: entered by hand. */
  readonly source: Citation | undefined;
  readonly revisions: readonly CarryOverRevision[];
}

/** Money of an origin year moved between lines of `year`, all adjustments between the two together. */
export interface LotTransfer {
  readonly year: number;
  readonly originYear: number;
  readonly fromLine: string;
  readonly line: string;
  readonly fen: Fen;
  readonly adjustmentIds: readonly string[];
}

/** What is known of one year of a unit. */
export interface YearStory {
  readonly year: number;
  readonly state: YearState;
  /** In the order recorded. */
  readonly closings: readonly Closing[];
  readonly carriedIn: readonly CarriedIn[];
  readonly transfers: readonly LotTransfer[];
}

/** Years of one unit that are in the ledger. */
export type UnitStory = ReadonlyMap<number, YearStory>;

/** A lot in the year that it lies in. */
export interface LotPlace {
  readonly year: number;
  readonly line: string;
  readonly originYear: number;
}

/**
 * Why a chain goes no further back: it has reached the year of origin; the ledger does not have the year before; nobody
 * cited a closing and none has such a lot; the closing that is cited is not known here; the year before has the lot but
 * nothing that brought it there.
 */
export type LineageEnd = 'ORIGIN' | 'YEAR_NOT_IN_LEDGER' | 'ENTERED_BY_HAND' | 'CLOSING_NOT_KNOWN' | 'NOT_BROUGHT_IN';

/** One step back: the lot of an earlier year that a carry-over comes from. */
export interface LineageStep extends LotPlace {
  /** The carry-over of the year after, into which it went. */
  readonly into: string;
  /** What that carry-over holds, and what the closing left of the lot; they differ where one was corrected. */
  readonly carriedFen: Fen;
  readonly closedFen?: Fen;
  readonly lot?: ClosedLot;
  readonly closing?: Closing;
  /** The carry-over itself names the closing; otherwise the lot of the closing in force is shown. */
  readonly cited: boolean;
  /** The carry-overs of this year that the lot was made of, and money moved to it from other lines. */
  readonly carryOverIds: readonly string[];
  readonly transfers: readonly LotTransfer[];
  readonly ends?: LineageEnd;
}

export const amountOf = ({ broughtInFen, revisions }: CarriedIn): Fen => revisions.at(-1)?.toFen ?? broughtInFen;

/** The closing that the amount rests on now: the last revision's where it names one. */
export const citationOf = ({ source, revisions }: CarriedIn): Citation | undefined =>
  revisions.findLast((revision) => revision.source !== undefined)?.source ?? source;

/** The closing in force; `undefined` for a year that is open or open again. */
export const closingInForce = (story: YearStory | undefined): Closing | undefined =>
  story?.state === 'closed' ? story.closings.at(-1) : undefined;

/** The year that money comes from: of the stream that it cites, else the year before. */
export function sourceYearOf(carried: CarriedIn): number {
  const [, year] = /-(\d{4})$/.exec(citationOf(carried)?.stream ?? '') ?? [];
  return year === undefined ? carried.year - 1 : Number(year);
}

/** Its source year was opened again and is not closed: what it holds may still change. */
export const isProvisional = (carried: CarriedIn, unit: UnitStory): boolean =>
  unit.get(sourceYearOf(carried))?.state === 'reopened';

export function carriedInto(place: LotPlace, unit: UnitStory): readonly CarriedIn[] {
  const story = unit.get(place.year);
  return (story && carriedByLot(story.carriedIn).get(lotKey(place))) ?? [];
}

export const transferredInto = ({ year, line, originYear }: LotPlace, unit: UnitStory): readonly LotTransfer[] =>
  (unit.get(year)?.transfers ?? []).filter((moved) => moved.line === line && moved.originYear === originYear);

/** Every step from a lot back to its origin, nearest first. A lot with several sources has a step for each of them. */
export function lineageOf(lot: LotPlace, unit: UnitStory): readonly LineageStep[] {
  const seen = new Set<string>();
  const follow = (place: LotPlace): LineageStep[] => {
    const key = `${place.year} ${place.originYear} ${place.line}`;
    // Money may be moved to another line and back within a year.
    if (seen.has(key)) return [];
    seen.add(key);
    const steps = carriedInto(place, unit).map((carried) => stepBack(carried, unit));
    const moved = transferredInto(place, unit).flatMap(({ fromLine }) => follow({ ...place, line: fromLine }));
    return [...steps, ...steps.filter(({ ends }) => ends === undefined).flatMap(follow), ...moved];
  };
  return follow(lot);
}

function stepBack(carried: CarriedIn, unit: UnitStory): LineageStep {
  const cited = citedClosing(carried, unit);
  const year = sourceYearOf(carried);
  const closing = cited ?? (citationOf(carried) === undefined ? closingInForce(unit.get(year)) : undefined);
  const place = { year, line: carried.originLine, originYear: carried.originYear };
  const lot = closing && lotOf(closing, place);
  const carryOverIds = carriedInto(place, unit).map(({ carryOverId }) => carryOverId);
  const transfers = transferredInto(place, unit);
  const ends = endOf(carried, { place, closing, lot, broughtIn: carryOverIds.length + transfers.length > 0 }, unit);
  return {
    ...place,
    into: carried.carryOverId,
    carriedFen: amountOf(carried),
    ...(lot === undefined ? {} : { lot, closedFen: lot.fen }),
    ...(closing === undefined ? {} : { closing }),
    cited: cited !== undefined,
    carryOverIds,
    transfers,
    ...(ends === undefined ? {} : { ends }),
  };
}

interface Found {
  readonly place: LotPlace;
  readonly closing: Closing | undefined;
  readonly lot: ClosedLot | undefined;
  readonly broughtIn: boolean;
}

function endOf(carried: CarriedIn, found: Found, unit: UnitStory): LineageEnd | undefined {
  const { place, closing, lot, broughtIn } = found;
  if (citationOf(carried) !== undefined && closing === undefined) return 'CLOSING_NOT_KNOWN';
  if (!unit.has(place.year)) return 'YEAR_NOT_IN_LEDGER';
  if (lot === undefined && citationOf(carried) === undefined && !broughtIn) return 'ENTERED_BY_HAND';
  if (place.originYear >= place.year) return 'ORIGIN';
  return broughtIn ? undefined : 'NOT_BROUGHT_IN';
}

export function citedClosing(carried: CarriedIn, unit: UnitStory): Closing | undefined {
  const citation = citationOf(carried);
  return citation && closingOf(citation, unit);
}

/** The closing that is cited; `undefined` when it is not known, or not of this unit. */
export const closingOf = ({ stream, revision }: Citation, unit: UnitStory): Closing | undefined =>
  [...unit.values()]
    .flatMap(({ closings }) => closings)
    .find((closing) => closing.stream === stream && closing.revision === revision);

/** When money of a lot stops being carry-over, or why it never does. */
export type Surplus =
  { readonly on: CivilDate } | { readonly on: undefined; readonly reason: 'BASIC_EXPENDITURE' | 'NOTHING_LEFT' };

/**
 * Project money is surplus when it is still unspent at the end of the year after its origin, or from the close that made it
 * so; basic expenditure is always carry-over. Rule book 7.
 */
export function surplusDate(
  lot: LotPlace & { readonly expenditure: 'basic' | 'project'; readonly unspent: Fen },
  closing: Closing | undefined,
): Surplus {
  if (lot.expenditure === 'basic') return { on: undefined, reason: 'BASIC_EXPENDITURE' };
  const closed = closing && lotOf(closing, lot);
  if (closing !== undefined && closed?.class === 'surplus') return { on: closing.effectiveDate };
  return lot.unspent > 0 ? { on: lastDayOf(lot.originYear + 1) } : { on: undefined, reason: 'NOTHING_LEFT' };
}

/** What became of a lot of a closing, and what of it is missing. Fen. */
export interface LotOutcome {
  readonly lot: ClosedLot;
  /** Carry-overs of the year after that come from it. */
  readonly went: readonly CarriedIn[];
  /** What they hold, less what the closing carried over: not 0 where one of the two does not follow the other. */
  readonly differenceFen: Fen;
  /** Of surplus: taken back since the closing, and what is still due. */
  readonly takenBackFen: Fen;
  readonly dueFen: Fen;
}

/** Taken back since the closing, by line and origin year. */
export type TakenBack = (line: string, originYear: number) => Fen;

export function outcomesOf(closing: Closing, unit: UnitStory, takenBack: TakenBack): readonly LotOutcome[] {
  const after = grouped(carriedOutOf(closing, unit), sourceKey);
  return closing.lots.map((lot) => {
    const went = after.get(lotKey(lot)) ?? [];
    const goesOn = lot.class === 'carry-over' ? lot.fen : 0;
    const takenBackFen = takenBack(lot.line, lot.originYear);
    return {
      lot,
      went,
      differenceFen: fen(sum(went.map(amountOf)) - goesOn),
      takenBackFen,
      dueFen: fen(lot.class === 'surplus' ? lot.fen - takenBackFen : 0),
    };
  });
}

/** Money brought into the year after that no lot of the closing explains; what was revised to nothing needs no lot. */
export const unexplained = (closing: Closing, unit: UnitStory): readonly CarriedIn[] =>
  carriedOutOf(closing, unit).filter(
    (carried) =>
      amountOf(carried) !== 0 &&
      lotOf(closing, { line: carried.originLine, originYear: carried.originYear }) === undefined,
  );

/** Carry-overs of the year after that cite a closing of this year, or none at all. */
const carriedOutOf = ({ year, stream }: Closing, unit: UnitStory): readonly CarriedIn[] =>
  (unit.get(year + 1)?.carriedIn ?? []).filter((carried) => (citationOf(carried)?.stream ?? stream) === stream);

// Every lot of a year asks for its own among the same thousands: they are sorted out once.
const lotsByKey = new WeakMap<Closing, ReadonlyMap<string, readonly ClosedLot[]>>();
const carriedByKey = new WeakMap<readonly CarriedIn[], ReadonlyMap<string, readonly CarriedIn[]>>();

type LotName = Pick<LotPlace, 'line' | 'originYear'>;
const lotKey = ({ line, originYear }: LotName): string => `${originYear} ${line}`;
const sourceKey = ({ originLine, originYear }: CarriedIn): string => lotKey({ line: originLine, originYear });

function lotOf(closing: Closing, name: LotName): ClosedLot | undefined {
  const lots = lotsByKey.get(closing) ?? grouped(closing.lots, lotKey);
  lotsByKey.set(closing, lots);
  return lots.get(lotKey(name))?.[0];
}

function carriedByLot(carriedIn: readonly CarriedIn[]): ReadonlyMap<string, readonly CarriedIn[]> {
  const lots = carriedByKey.get(carriedIn) ?? grouped(carriedIn, lotKey);
  carriedByKey.set(carriedIn, lots);
  return lots;
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known) known.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
