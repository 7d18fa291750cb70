/** Decisions about adjustments 追加, 追减, 调剂 and freezes 冻结, 解冻. All are requests: refused beyond the available amount. */
import type { BudgetCommand, Movement, NewAdjustment } from '#domain/budget/commands.js';
import type { Effect } from '#domain/budget/effects.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import type { Proposal } from '#domain/budget/plan.js';
import { rangeFaults } from '#domain/budget/range.js';
import type { BudgetFault } from '#domain/budget/rejections.js';
import {
  MOVEMENTS_LIMIT,
  TURNOVER_LIMIT,
  amountFaults,
  approvalFaults,
  dateFaults,
  datesOf,
  datesOfReversal,
  isRepeat,
  lineFaults,
  numberTaken,
  orderFaults,
  originFaults,
  sameEntry,
  shareFaults,
} from '#domain/budget/rules.js';
import { available, liveLine, type AdjustmentState, type BudgetState } from '#domain/budget/state.js';
import { fen, subtract, type Fen } from '#domain/money.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;

/** Adjustments already booked under the same id are repeats when equal, faults when not. */
export function adjust(state: BudgetState, command: Of<'Adjust'>): Proposal {
  const { adjustments } = command;
  const count = adjustments.reduce((left, { movements }) => left + movements.length, 0);
  if (count > MOVEMENTS_LIMIT) {
    return { faults: [{ code: 'TOO_MANY_MOVEMENTS', count, limit: MOVEMENTS_LIMIT }], events: [] };
  }
  const faults: BudgetFault[] = adjustments.length === 0 ? [{ at: '/adjustments', code: 'NOTHING_TO_DO' }] : [];
  const fresh: { adjustment: NewAdjustment; at: string }[] = [];
  const seen = new Map<string, NewAdjustment>();
  adjustments.forEach((adjustment, index) => {
    const at = adjustments.length === 1 ? '' : `/adjustments/${index}`;
    const taken = numberFaults(state, adjustment, seen, at);
    if (taken === 'repeat') return;
    seen.set(adjustment.adjustmentId, adjustment);
    faults.push(...taken, ...dateFaults(state, adjustment, at), ...approvalFaults(state, at));
    if (state.approval) faults.push(...orderFaults(adjustment, state.approval.on, at));
    if (adjustment.movements.length === 0) faults.push({ at: `${at}/movements`, code: 'NOTHING_TO_DO' });
    adjustment.movements.forEach((movement, position) =>
      faults.push(...movementFaults(state, adjustment, movement, `${at}/movements/${position}`)),
    );
    fresh.push({ adjustment, at });
  });
  const events = fresh.flatMap(({ adjustment }) => adjustmentEvents(adjustment));
  // Beyond the range there are no figures to compare.
  if (faults.length === 0) faults.push(...rangeFaults(state, events));
  if (faults.length === 0) faults.push(...overdrawnLines(state, fresh));
  return { faults, events };
}

const adjustmentEvents = (adjustment: NewAdjustment): BudgetEvent[] =>
  adjustment.movements.map((movement) => movementEvent(adjustment, movement));

function movementEvent(adjustment: NewAdjustment, movement: Movement): BudgetEvent {
  const { adjustmentId, reasonCode, document } = adjustment;
  const { kind, ...money } = movement;
  const data = { adjustmentId, ...money, reasonCode, ...(document ? { document } : {}) };
  const type = { add: 'BudgetAdded', cut: 'BudgetCut', transfer: 'BudgetTransferred' }[kind];
  return { type, ...datesOf(adjustment), data } as BudgetEvent;
}

function numberFaults(
  state: BudgetState,
  adjustment: NewAdjustment,
  seen: ReadonlyMap<string, NewAdjustment>,
  at: string,
): BudgetFault[] | 'repeat' {
  const { adjustmentId } = adjustment;
  const booked = state.adjustments.get(adjustmentId);
  if (booked !== undefined && !booked.reversed) {
    if (sameAdjustment(booked, adjustment)) return 'repeat';
    return [numberTaken('adjustment', adjustmentId, booked, at)];
  }
  const earlier = seen.get(adjustmentId);
  if (earlier === undefined) return [];
  if (sameEntry(earlier, adjustment)) return 'repeat';
  return [numberTaken('adjustment', adjustmentId, { effectiveDate: earlier.effectiveDate, data: earlier }, at)];
}

const sameAdjustment = (booked: AdjustmentState, adjustment: NewAdjustment): boolean =>
  isRepeat(
    { ...booked, data: contentOf((booked.data as { movements: BudgetEvent[] }).movements) },
    adjustment,
    contentOf(adjustmentEvents(adjustment)),
  );

const contentOf = (events: readonly BudgetEvent[]): object => events.map(({ type, data }) => ({ type, data }));

function movementFaults(state: BudgetState, adjustment: NewAdjustment, movement: Movement, at: string): BudgetFault[] {
  const amount = amountFaults(movement.fen, `${at}/amount`);
  switch (movement.kind) {
    case 'add':
      return [
        ...amount,
        ...lineFaults(state, movement.line, `${at}/line`),
        ...shareFaults(movement.economic, movement.fen, `${at}/economic`),
      ];
    case 'cut':
      return [
        ...amount,
        ...lineFaults(state, movement.line, `${at}/line`),
        ...shareFaults(movement.economic, movement.fen, `${at}/economic`),
        ...originFaults(state, movement.originYear, `${at}/originYear`),
      ];
    case 'transfer':
      return [...amount, ...transferFaults(state, adjustment, movement, at)];
  }
}

function transferFaults(
  state: BudgetState,
  { document }: NewAdjustment,
  movement: Extract<Movement, { kind: 'transfer' }>,
  at: string,
): BudgetFault[] {
  const { from, to } = movement;
  const faults = [
    ...lineFaults(state, from, `${at}/from`),
    ...lineFaults(state, to, `${at}/to`),
    ...shareFaults(movement.fromEconomic, movement.fen, `${at}/fromEconomic`),
    ...shareFaults(movement.toEconomic, movement.fen, `${at}/toEconomic`),
    ...originFaults(state, movement.originYear, `${at}/originYear`),
  ];
  const source = liveLine(state, from);
  const target = liveLine(state, to);
  if (from === to) faults.push({ at, code: 'SAME_LINE', line: from });
  if (source === undefined || target === undefined) return faults;
  if (source.fund !== target.fund) {
    faults.push({ at, code: 'FUND_MISMATCH', from, fromFund: source.fund, to, toFund: target.fund });
  }
  if (source.expenditure !== target.expenditure && !document?.number) {
    faults.push({ at, code: 'DOCUMENT_REQUIRED', from, to });
  }
  return faults;
}

/** What the whole append takes from a line, net of what it gives, must be available; a named lot must hold its part. */
function overdrawnLines(
  state: BudgetState,
  fresh: readonly { adjustment: NewAdjustment; at: string }[],
): BudgetFault[] {
  const taken = new Map<string, { fen: number; at: string }>();
  const lots = new Map<string, { line: string; originYear: number; fen: number; at: string }>();
  const move = (line: string, amount: number, at: string) => {
    const before = taken.get(line);
    taken.set(line, { fen: (before?.fen ?? 0) + amount, at: before?.at ?? at });
  };
  const moveLot = (line: string, originYear: number | undefined, amount: number, at: string) => {
    if (originYear === undefined) return;
    const key = `${line} ${originYear}`;
    const before = lots.get(key);
    lots.set(key, { line, originYear, fen: (before?.fen ?? 0) + amount, at: before?.at ?? at });
  };
  for (const { adjustment, at } of fresh) {
    adjustment.movements.forEach((movement, index) => {
      const place = `${at}/movements/${index}/amount`;
      if (movement.kind === 'add') return move(movement.line, -movement.fen, place);
      const from = movement.kind === 'cut' ? movement.line : movement.from;
      move(from, movement.fen, place);
      moveLot(from, movement.originYear, movement.fen, place);
      if (movement.kind === 'cut') return;
      move(movement.to, -movement.fen, place);
      moveLot(movement.to, movement.originYear, -movement.fen, place);
    });
  }
  return [
    ...[...taken].flatMap(([line, { fen: net, at }]) => (net > 0 ? overdraft(state, line, fen(net), at) : [])),
    ...[...lots.values()].flatMap((lot) => lotFaults(state, lot.line, lot.originYear, lot.fen, lot.at)),
  ];
}

function lotFaults(state: BudgetState, line: string, originYear: number, asked: number, at: string): BudgetFault[] {
  if (originYear === state.year) return [];
  const lot = liveLine(state, line)?.byOrigin.get(originYear);
  const held = fen((lot?.budget ?? 0) - (lot?.paid ?? 0) - (lot?.takenBack ?? 0));
  if (asked <= held) return [];
  return [{ at, code: 'LOT_TOO_SMALL', line, originYear, lotFen: held, askedFen: fen(asked) }];
}

/** The fault of asking a line for more than it has available, with the figures. An amount out of range is another fault. */
export function overdraft(state: BudgetState, line: string, asked: Fen, at: string): BudgetFault[] {
  const totals = liveLine(state, line)?.totals;
  if (totals === undefined || asked <= 0 || asked > TURNOVER_LIMIT) return [];
  const left = available(totals);
  if (asked <= left) return [];
  const shortFen = subtract(asked, left);
  return [{ at, code: 'LINE_OVERDRAWN', line, availableFen: left, askedFen: asked, shortFen }];
}

/** Taking an addition or a transfer back needs the money to be there still, like any cut. */
export function reverseAdjustment(state: BudgetState, command: Of<'ReverseAdjustment'>): Proposal {
  const { adjustmentId, reason } = command;
  const booked = state.adjustments.get(adjustmentId);
  const kind = 'adjustment';
  if (booked === undefined) {
    return { faults: [{ code: 'UNKNOWN_NUMBER', kind, number: adjustmentId }], events: [] };
  }
  const faults: BudgetFault[] = [...dateFaults(state, command, ''), ...orderFaults(command, booked.effectiveDate, '')];
  if (booked.reversed) faults.push({ code: 'ALREADY_REVERSED', kind, number: adjustmentId });
  if (!booked.reversed) faults.push(...givenFaults(state, booked.effects));
  return {
    faults,
    events: [
      { type: 'AdjustmentReversed', ...datesOfReversal(state, command, booked), data: { adjustmentId, reason } },
    ],
  };
}

/** What an adjustment gave to a line, and to a lot by name, must be there still. */
function givenFaults(state: BudgetState, effects: readonly Effect[]): BudgetFault[] {
  const lines = new Map<string, number>();
  const lots = new Map<string, { line: string; originYear: number; fen: number }>();
  for (const { line, kind, fen: amount, originYear } of effects) {
    const given = kind === 'added' || kind === 'transferred-in' ? amount : -amount;
    lines.set(line, (lines.get(line) ?? 0) + given);
    if (originYear === undefined) continue;
    const key = `${line} ${originYear}`;
    lots.set(key, { line, originYear, fen: (lots.get(key)?.fen ?? 0) + given });
  }
  return [
    ...[...lines].flatMap(([line, given]) => overdraft(state, line, fen(given), '')),
    ...[...lots.values()].flatMap((lot) =>
      lot.fen > 0 ? lotFaults(state, lot.line, lot.originYear, lot.fen, '') : [],
    ),
  ];
}

export function freeze(state: BudgetState, command: Of<'Freeze'>): Proposal {
  const { freezeId, line, fen: amount, reason } = command;
  const data = { freezeId, line, fen: amount, ...(reason === undefined ? {} : { reason }) };
  const booked = state.freezes.get(freezeId);
  if (booked !== undefined) {
    return { faults: isRepeat(booked, command, data) ? [] : [numberTaken('freeze', freezeId, booked, '')], events: [] };
  }
  return {
    faults: [
      ...dateFaults(state, command, ''),
      ...lineFaults(state, line, '/line'),
      ...amountFaults(amount, '/amount'),
      ...overdraft(state, line, amount, '/amount'),
    ],
    events: [{ type: 'BudgetFrozen', ...datesOf(command), data }],
  };
}

export function release(state: BudgetState, command: Of<'Release'>): Proposal {
  const { freezeId } = command;
  const frozen = state.freezes.get(freezeId);
  if (frozen === undefined) {
    return { faults: [{ code: 'UNKNOWN_NUMBER', kind: 'freeze', number: freezeId }], events: [] };
  }
  const amount = command.fen ?? frozen.rest;
  const faults: BudgetFault[] = [
    ...dateFaults(state, command, ''),
    ...orderFaults(command, frozen.effectiveDate, ''),
    ...(command.fen === undefined ? [] : amountFaults(command.fen, '/amount')),
  ];
  if (amount > frozen.rest) {
    faults.push({
      at: '/amount',
      code: 'RELEASE_EXCEEDS_FREEZE',
      freezeId,
      restFen: frozen.rest,
      askedFen: amount,
    });
  }
  const data = { freezeId, line: frozen.line, fen: amount };
  return { faults, events: amount > 0 ? [{ type: 'BudgetReleased', ...datesOf(command), data }] : [] };
}
