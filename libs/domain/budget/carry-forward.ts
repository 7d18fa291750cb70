/** Decisions of the next year about what a close carried over. Rule book 7: "open next year with events that cite the close". */
import { firstDayOf, nextDay, yearOf, type CivilDate } from '#domain/calendar.js';
import { planCarry, stemOf, type CarryPlan, type PlacedLot } from '#domain/budget/carry-plan.js';
import type { BudgetCommand, CarriedLot, Closing } from '#domain/budget/commands.js';
import type { BudgetEvent, ClosingLot } from '#domain/budget/events.js';
import type { Proposal } from '#domain/budget/plan.js';
import type { BudgetFault } from '#domain/budget/rejections.js';
import { amountFaults, datesOf, periodSealed } from '#domain/budget/rules.js';
import { sealedThrough, type BudgetState, type CarryOverState } from '#domain/budget/state.js';
import { ZERO } from '#domain/money.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;
interface Dates {
  readonly effectiveDate: CivilDate;
  readonly belongsTo?: CivilDate;
}

/**
 * Opens the lines that are missing, brings new lots forward and revises those that an earlier closure brought, in one append.
 * What the close itself has brought already stays as it is, also when somebody revised it since: a repeat changes nothing.
 */
export function carryForward(state: BudgetState, command: Of<'CarryForward'>): Proposal {
  const { source, lots } = command;
  const plan = planCarry(state, source, lots);
  const dates = bookingDates(state, command.effectiveDate);
  const events = [
    ...openings(plan).map((placed): BudgetEvent => lineOpened(placed, dates)),
    ...plan.withdrawn.flatMap((id) => revised(state, id, { toFen: ZERO, source, dates })),
    ...broughtForward(state, plan, { source, dates }),
  ];
  const faults = [
    ...(events.length > 0 ? bookingFaults(state, command) : []),
    ...supersededFaults(state, source),
    ...lotFaults(state, lots),
    ...plan.faults,
  ];
  return { faults, events };
}

/** Money moves in one append; a close of thousands of lines has its lines opened before, some in each append. */
export function openCarriedLines(state: BudgetState, command: Of<'OpenCarriedLines'>): Proposal {
  const { source, lots, most } = command;
  const plan = planCarry(state, source, lots);
  const dates = bookingDates(state, command.effectiveDate);
  const events = openings(plan)
    .slice(0, most)
    .map((placed) => lineOpened(placed, dates));
  const faults = [
    ...(events.length > 0 ? bookingFaults(state, command) : []),
    ...supersededFaults(state, source),
    ...plan.faults,
  ];
  return { faults, events };
}

/** Lines to be opened, each once. */
function openings({ placed }: CarryPlan): PlacedLot[] {
  const seen = new Set<string>();
  return placed.filter(({ line, opens }) => opens && !seen.has(line) && seen.add(line));
}

function lineOpened({ lot, line }: PlacedLot, dates: Dates): BudgetEvent {
  const { name, expenditure, fund, codes } = lot;
  const data = { line, name, expenditure, fund, ...(codes === undefined ? {} : { codes }) };
  return { type: 'BudgetLineOpened', ...dates, data };
}

function broughtForward(
  state: BudgetState,
  { placed }: CarryPlan,
  { source, dates }: { readonly source: Closing; readonly dates: Dates },
): BudgetEvent[] {
  const taken = new Set<string>();
  return placed.flatMap(({ lot, line, carryOverId }): BudgetEvent[] => {
    const { originLine, originYear, fen } = lot;
    if (carryOverId !== undefined) return revised(state, carryOverId, { toFen: fen, source, dates });
    const id = freeId(state, taken, `JZ${state.year}-${stemOf(originLine)}-${originYear}`);
    const data = { carryOverId: id, line, originYear, originLine, fen, source };
    return [{ type: 'CarryOverBroughtForward', ...dates, data }];
  });
}

/** The first id of its kind that is not in use, so that the same close always gets the same ones. */
function freeId(state: BudgetState, taken: Set<string>, id: string): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? id : `${id}-${number}`;
    if (state.carryOvers.has(candidate) || taken.has(candidate)) continue;
    taken.add(candidate);
    return candidate;
  }
}

/** Nothing when it says so already; one that was entered by hand gets its source even when the amount is right. */
function revised(
  state: BudgetState,
  carryOverId: string,
  { toFen, source, dates }: { readonly toFen: CarriedLot['fen']; readonly source: Closing; readonly dates: Dates },
): BudgetEvent[] {
  const entry = state.carryOvers.get(carryOverId);
  if (entry === undefined) throw new Error(`a plan names carry-over ${carryOverId}, which is not there`);
  if (isOf(entry, source) || (entry.source !== undefined && entry.fen === toFen)) return [];
  // A correction is not dated before what it corrects.
  const effectiveDate = dates.effectiveDate < entry.changedOn ? entry.changedOn : dates.effectiveDate;
  const reason = `${state.year - 1}年度第${source.closure}次结账`;
  const data = { carryOverId, fromFen: entry.fen, toFen, reason, source };
  return [{ type: 'CarryOverRevised', ...dates, effectiveDate, data }];
}

const isOf = ({ source }: CarryOverState, { stream, revision }: Closing): boolean =>
  source?.stream === stream && source.revision === revision;

/** The date itself, or the first open one, which then names it. */
export function bookingDates(state: BudgetState, date: CivilDate): Dates {
  const sealed = sealedThrough(state);
  return sealed === undefined || date > sealed
    ? { effectiveDate: date }
    : { effectiveDate: nextDay(sealed), belongsTo: date };
}

function bookingFaults(state: BudgetState, command: Of<'CarryForward' | 'OpenCarriedLines'>): BudgetFault[] {
  const { year } = state;
  const { effectiveDate: date } = datesOf(command);
  if (yearOf(date) !== year) return [{ at: '/effectiveDate', code: 'DATE_OUTSIDE_YEAR', date, year }];
  if (state.closed !== undefined) return [{ code: 'YEAR_CLOSED', year }];
  const sealed = sealedThrough(state);
  if (sealed === undefined || yearOf(bookingDates(state, date).effectiveDate) === year) return [];
  return [periodSealed(state, date, { sealed, at: '/effectiveDate' })];
}

function supersededFaults(state: BudgetState, { stream, closure }: Closing): BudgetFault[] {
  const closures = [...state.carryOvers.values()]
    .filter(({ source }) => source?.stream === stream)
    .map(({ source }) => source?.closure ?? 0);
  const newest = Math.max(0, ...closures);
  return newest > closure ? [{ code: 'CLOSURE_SUPERSEDED', closure, newest }] : [];
}

function lotFaults(state: BudgetState, lots: readonly CarriedLot[]): BudgetFault[] {
  const seen = new Set<string>();
  return lots.flatMap(({ originLine, originYear, fen }, index): BudgetFault[] => {
    const at = `/lots/${index}`;
    const key = `${originLine} ${originYear}`;
    const repeated = seen.has(key);
    seen.add(key);
    return [
      ...amountFaults(fen, `${at}/fen`),
      ...(repeated ? [{ at, code: 'DUPLICATE_LINE', line: originLine } as const] : []),
      ...(originYear < state.year
        ? []
        : [{ at: `${at}/originYear`, code: 'ORIGIN_YEAR_NOT_PAST', originYear, year: state.year } as const]),
    ];
  });
}

/** 1 January of the year after the closed one. */
export const carriedOn = (closedYear: number): CivilDate => firstDayOf(closedYear + 1);

/** The lots that go on, each with the identity of its line and the codes that were last in force. */
export function carriedLots(state: BudgetState, lots: readonly ClosingLot[]): CarriedLot[] {
  return lots
    .filter((lot) => lot.class === 'carry-over')
    .map(({ line: originLine, originYear, fen, toLine }) => {
      const line = state.lines.get(originLine);
      if (line === undefined) throw new Error(`a close carries line ${originLine} over, which is not there`);
      const { name, expenditure, fund } = line;
      const codes = line.codes.at(-1)?.codes ?? {};
      return {
        originLine,
        originYear,
        fen,
        name,
        expenditure,
        fund,
        ...(toLine === undefined ? {} : { toLine }),
        ...(Object.keys(codes).length === 0 ? {} : { codes }),
      };
    });
}
