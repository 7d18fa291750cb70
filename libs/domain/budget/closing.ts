/** Decisions about seals, the year's close and surplus taken back. Rule book 7; design 4. */
import { lastDayOf, nextDay, yearOf } from '#domain/calendar.js';
import { targetFaults, withTargets } from '#domain/budget/close-targets.js';
import { overdraft } from '#domain/budget/adjustments.js';
import type { BudgetCommand } from '#domain/budget/commands.js';
import type { ClosingLot, PeriodSealed } from '#domain/budget/events.js';
import { lotsOf } from '#domain/budget/lots.js';
import { repeatedLines, type Proposal } from '#domain/budget/plan.js';
import type { BudgetFault } from '#domain/budget/rejections.js';
import {
  amountFaults,
  dateFaults,
  datesOf,
  datesOfReversal,
  isRepeat,
  lineFaults,
  numberTaken,
  orderFaults,
  REPORT_BYTES,
} from '#domain/budget/rules.js';
import { currentBudget, liveLine, sealedThrough, type BudgetState, type LineState } from '#domain/budget/state.js';
import { ZERO } from '#domain/money.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;

export function sealPeriod(state: BudgetState, command: Of<'SealPeriod'>): Proposal {
  const { through, reason, knownAt, streams, formulas, reports = [] } = command;
  requireKeepable(reports);
  const faults: BudgetFault[] = [...orderFaults(command, through, ''), ...tooLateFaults(state, command)];
  if (yearOf(through) !== state.year) {
    faults.push({ at: '/through', code: 'DATE_OUTSIDE_YEAR', date: through, year: state.year });
  }
  if (state.closed !== undefined) faults.push({ code: 'YEAR_CLOSED', year: state.year });
  const sealed = sealedThrough(state);
  if (sealed !== undefined && through <= sealed) {
    faults.push({ at: '/through', code: 'SEAL_NOT_LATER', through, sealedThrough: sealed });
  }
  const data = { through, reason, knownAt, streams, formulas, reports };
  return { faults, events: [{ type: 'PeriodSealed', ...datesOf(command), data }] };
}

/**
 * Reports are made by the program, so one that cannot be kept is a bug: no digest, longer than a report may be (design 6.3),
 * or a second one of the same name. Throws a RangeError.
 */
function requireKeepable(reports: PeriodSealed['data']['reports']): void {
  const names = new Set(reports.map(({ kind, scope }) => `${kind} ${scope}`));
  if (names.size < reports.length) throw new RangeError('two reports of a seal have one name');
  for (const { kind, scope, sha256, canonicalJson } of reports) {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`report ${kind} ${scope} has no SHA-256: ${sha256}`);
    const bytes = utf8Bytes(canonicalJson);
    if (bytes > REPORT_BYTES) throw new RangeError(`report ${kind} ${scope} has ${bytes} bytes, above ${REPORT_BYTES}`);
  }
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

export function reopenPeriod(state: BudgetState, command: Of<'ReopenPeriod'>): Proposal {
  const { through, reason } = command;
  const sealed = sealedThrough(state);
  const faults: BudgetFault[] = [...orderFaults(command, through, '')];
  if (state.closed !== undefined) faults.push({ code: 'YEAR_CLOSED', year: state.year });
  if (sealed !== through) faults.push({ at: '/through', code: 'NOT_SEALED_THROUGH', through, sealedThrough: sealed });
  return { faults, events: [{ type: 'PeriodReopened', ...datesOf(command), data: { through, reason } }] };
}

export function closeYear(state: BudgetState, command: Of<'CloseYear'>): Proposal {
  const { surplus = [] } = command;
  const faults = [...orderFaults(command, lastDayOf(state.year), ''), ...tooLateFaults(state, command)];
  if (![...state.lines.values()].some(({ live }) => live)) faults.push({ code: 'NOTHING_TO_DO' });
  if (state.closed !== undefined) faults.push({ code: 'YEAR_CLOSED', year: state.year });
  faults.push(...repeatedLines(surplus, '/surplus'));
  surplus.forEach(({ line }, index) => faults.push(...surplusFaults(state, line, `/surplus/${index}/line`)));
  const requests = openEntries(state.requests).map(([requestId, amount]) => ({ requestId, fen: amount }));
  const freezes = openEntries(state.freezes).map(([freezeId, amount]) => ({ freezeId, fen: amount }));
  if (requests.length > 0) faults.push({ code: 'OPEN_REQUESTS', requests });
  if (freezes.length > 0) faults.push({ code: 'OPEN_FREEZES', freezes });
  const lots = lotsOfClose(state, command);
  faults.push(...targetFaults(state, { targets: command.lots ?? [], nextYear: command.nextYear ?? [], lots }));
  const data = { closure: state.closures + 1, lots };
  return { faults, events: [{ type: 'YearClosed', ...datesOf(command), data }] };
}

/** What the close would split, whatever keeps it from being booked. */
export function lotsOfClose(state: BudgetState, { surplus = [], lots: targets = [] }: Of<'CloseYear'>): ClosingLot[] {
  const reasons = new Map(surplus.map(({ line, reason }) => [line, reason]));
  const lots = [...state.lines].flatMap(([id, line]) => closingLots(state.year, id, line, reasons.get(id)));
  return withTargets(lots, targets);
}

/** Unspent basic expenditure is never surplus (rule book 7), so nobody may think that naming the line made it so. */
const surplusFaults = (state: BudgetState, line: string, at: string): BudgetFault[] =>
  liveLine(state, line)?.expenditure === 'basic'
    ? [{ at, code: 'ALWAYS_CARRIED_OVER', line }]
    : lineFaults(state, line, at);

/** A year is sealed and closed in the year itself or the one after it: anything later is a slip of the pen. */
const tooLateFaults = (state: BudgetState, { effectiveDate: date }: Of<'SealPeriod' | 'CloseYear'>): BudgetFault[] =>
  yearOf(date) <= state.year + 1 ? [] : [{ at: '/effectiveDate', code: 'DATE_OUTSIDE_YEAR', date, year: state.year }];

const openEntries = (entries: BudgetState['requests']) =>
  [...entries].filter(([, entry]) => entry.rest > 0).map(([id, entry]) => [id, entry.rest] as const);

/**
 * Unspent money of a line by lot. Basic expenditure is always carry-over; project money is surplus when its line is finished
 * or its plan changed, or when it stays unspent at the end of the year after its origin. Rule book 7.
 */
export function closingLots(
  year: number,
  id: string,
  line: Pick<LineState, 'totals' | 'byOrigin' | 'expenditure'>,
  surplus: 'finished' | 'plan-changed' | undefined,
): ClosingLot[] {
  const lots = lotsOf({ year, budget: currentBudget(line.totals), paid: line.totals.paid, byOrigin: line.byOrigin });
  return lots
    .filter(({ unspent }) => unspent > 0)
    .map(({ originYear, unspent }) => {
      const lot = { line: id, originYear, fen: unspent };
      if (line.expenditure === 'basic') return { ...lot, class: 'carry-over', reason: 'unspent' };
      if (surplus !== undefined) return { ...lot, class: 'surplus', reason: surplus };
      if (originYear < year) return { ...lot, class: 'surplus', reason: 'two-years' };
      return { ...lot, class: 'carry-over', reason: 'unspent' };
    });
}

export function reopenYear(state: BudgetState, command: Of<'ReopenYear'>): Proposal {
  if (state.closed === undefined) return { faults: [{ code: 'YEAR_NOT_CLOSED', year: state.year }], events: [] };
  const data = { closure: state.closed.closure, reason: command.reason };
  const faults = orderFaults(command, state.closed.on, '');
  return { faults, events: [{ type: 'YearReopened', ...datesOf(command), data }] };
}

/** Allowed after the close too: surplus is taken back then. Lowers available, never B. */
export function takeBackSurplus(state: BudgetState, command: Of<'TakeBackSurplus'>): Proposal {
  const { takeBackId, line, originYear, fen: amount, document } = command;
  const data = { takeBackId, line, originYear, fen: amount, ...(document ? { document } : {}) };
  const booked = state.takeBacks.get(takeBackId);
  if (booked !== undefined && !booked.reversed) {
    const same = isRepeat(booked, command, data);
    return { faults: same ? [] : [numberTaken('take-back', takeBackId, booked, '')], events: [] };
  }
  const faults = [
    ...takeBackDateFaults(state, command),
    ...lineFaults(state, line, '/line'),
    ...amountFaults(amount, '/amount'),
    ...overdraft(state, line, amount, '/amount'),
    ...unspentFaults(state, command),
  ];
  return { faults, events: [{ type: 'SurplusTakenBack', ...datesOf(command), data }] };
}

const takeBackDateFaults = (state: BudgetState, command: Of<'TakeBackSurplus' | 'ReverseTakeBack'>): BudgetFault[] => {
  if (state.closed === undefined) return dateFaults(state, command, '');
  const { effectiveDate: date } = command;
  const sealed = sealedThrough(state);
  const faults = orderFaults(command, state.closed.on, '');
  return sealed === undefined || date > sealed
    ? faults
    : // After the close it may lie in the next year, which the seal does not reach.
      [
        ...faults,
        { at: '/effectiveDate', code: 'PERIOD_SEALED', date, sealedThrough: sealed, firstOpenDate: nextDay(sealed) },
      ];
};

function unspentFaults(state: BudgetState, command: Of<'TakeBackSurplus'>): BudgetFault[] {
  const { line, originYear, fen: asked } = command;
  const held = liveLine(state, line);
  if (held === undefined) return [];
  const lots = lotsOf({
    year: state.year,
    budget: currentBudget(held.totals),
    paid: held.totals.paid,
    byOrigin: held.byOrigin,
  });
  const lotFen = goesOn(state, line, originYear)
    ? ZERO
    : (lots.find((lot) => lot.originYear === originYear)?.unspent ?? ZERO);
  return asked <= lotFen ? [] : [{ at: '/amount', code: 'LOT_TOO_SMALL', line, originYear, lotFen, askedFen: asked }];
}

/** Money that the close carried over is the next year's: it cannot be taken back here too. */
const goesOn = (state: BudgetState, line: string, originYear: number): boolean =>
  state.closed?.lots.some((lot) => lot.line === line && lot.originYear === originYear && lot.class === 'carry-over') ===
  true;

export function reverseTakeBack(state: BudgetState, command: Of<'ReverseTakeBack'>): Proposal {
  const { takeBackId, reason } = command;
  const entry = state.takeBacks.get(takeBackId);
  const kind = 'take-back';
  if (entry === undefined) return { faults: [{ code: 'UNKNOWN_NUMBER', kind, number: takeBackId }], events: [] };
  const faults = [...takeBackDateFaults(state, command), ...orderFaults(command, entry.effectiveDate, '')];
  if (entry.reversed) faults.push({ code: 'ALREADY_REVERSED', kind, number: takeBackId });
  return {
    faults,
    events: [
      { type: 'SurplusTakeBackReversed', ...datesOfReversal(state, command, entry), data: { takeBackId, reason } },
    ],
  };
}
