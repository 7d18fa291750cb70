/**
 * What each event does: to the entries that later rules look at, and, as money effects, to the base quantities. The effects
 * of an event depend only on the lines and entries it names, never on totals, so a projection can work them out from the
 * few rows that a batch touches.
 */
import { yearOf, type CivilDate } from '#domain/calendar.js';
import type { Effect, EffectKind, Facet } from '#domain/budget/effects.js';
import type {
  BudgetAdded,
  BudgetCut,
  BudgetEvent,
  BudgetLineApproved,
  BudgetLineOpened,
  BudgetTransferred,
  EconomicShare,
  PaymentExecuted,
  PaymentReattributed,
  PaymentReturned,
  PaymentReturnReversed,
} from '#domain/budget/events.js';
import {
  lineCodeAt,
  noTotals,
  type BudgetState,
  type LineState,
  type ReservationState,
  type VoucherShare,
  type VoucherState,
} from '#domain/budget/state.js';
import { ZERO, fen, least, negate, subtract, sum, type Fen } from '#domain/money.js';

export function evolve(state: BudgetState, event: BudgetEvent): BudgetState {
  apply(state, event);
  return state;
}

/** Changes the state and returns the event's money effects, in a fixed order. */
export function apply(state: BudgetState, event: BudgetEvent): readonly Effect[] {
  const effects = changeEntries(state, event);
  for (const effect of effects) count(state, effect, event.effectiveDate);
  return effects;
}

function count(state: BudgetState, effect: Effect, date: CivilDate): void {
  const line = lineOf(state, effect.line);
  line.totals[effect.kind] = fen(line.totals[effect.kind] + effect.fen);
  if (line.lastEffect === undefined || line.lastEffect < date) line.lastEffect = date;
  state.turnover = fen(state.turnover + Math.abs(effect.fen));
  if (effect.originYear === undefined) return;
  const lot = line.byOrigin.get(effect.originYear) ?? { budget: fen(0), paid: fen(0), takenBack: fen(0) };
  line.byOrigin.set(effect.originYear, lot);
  if (effect.kind === 'paid') lot.paid = fen(lot.paid + effect.fen);
  else if (effect.kind === 'taken-back') lot.takenBack = fen(lot.takenBack + effect.fen);
  else lot.budget = fen(lot.budget + SIGN_IN_BUDGET[effect.kind] * effect.fen);
}

const SIGN_IN_BUDGET: Record<EffectKind, 1 | 0 | -1> = {
  original: 1,
  'carry-over-in': 1,
  added: 1,
  cut: -1,
  'transferred-in': 1,
  'transferred-out': -1,
  frozen: 0,
  requested: 0,
  paid: 0,
  'taken-back': 0,
};

function changeEntries(state: BudgetState, event: BudgetEvent): readonly Effect[] {
  // Named one by one where they are kept: spreading an object into an entry makes the fold ten times slower.
  const { effectiveDate, belongsTo, data } = event;
  switch (event.type) {
    case 'BudgetApproved':
      state.approval = {
        on: event.effectiveDate,
        effects: [],
        content: { header: event.data, lines: [], carryOvers: new Map(state.carryOvers) },
      };
      state.moved = false;
      return [];
    case 'BudgetApprovalWithdrawn':
      return withdrawn(state);
    case 'BudgetLineOpened':
      openLine(state, event).opened = true;
      return [];
    case 'BudgetLineReclassified': {
      const line = lineOf(state, event.data.line);
      line.codes.push({ from: event.effectiveDate, codes: event.data.codes });
      line.codes.sort(byDate);
      return [];
    }
    case 'BudgetLineApproved':
      return lineApproved(state, event);
    case 'CarryOverBroughtForward': {
      const { carryOverId, line, originYear, fen: amount, source } = event.data;
      const economic = lineCodeAt(lineOf(state, line), event.effectiveDate);
      const changedOn = event.effectiveDate;
      state.carryOvers.set(carryOverId, {
        effectiveDate,
        belongsTo,
        data,
        line,
        originYear,
        economic,
        fen: amount,
        changedOn,
        source,
      });
      return [{ line, kind: 'carry-over-in', fen: amount, economic, originYear, ref: carryOverId }];
    }
    case 'CarryOverRevised': {
      const { carryOverId, toFen, source } = event.data;
      const carried = found(state.carryOvers, carryOverId);
      const change = subtract(toFen, carried.fen);
      const changedOn = event.effectiveDate;
      state.carryOvers.set(carryOverId, { ...carried, fen: toFen, changedOn, source: source ?? carried.source });
      // A close that confirms what was entered by hand moves nothing, and its citation stands in the journal all the same.
      if (change !== 0) state.moved = true;
      const { line, economic, originYear } = carried;
      return [{ line, kind: 'carry-over-in', fen: change, economic, originYear, ref: carryOverId }];
    }
    case 'BudgetAdded':
    case 'BudgetCut':
    case 'BudgetTransferred':
      return adjusted(state, event);
    case 'AdjustmentReversed': {
      const adjustment = found(state.adjustments, event.data.adjustmentId);
      state.adjustments.set(event.data.adjustmentId, { ...adjustment, reversed: true });
      countReversal(state, `adjustment ${event.data.adjustmentId}`);
      return adjustment.effects.map((effect) => ({ ...effect, fen: negate(effect.fen) }));
    }
    case 'BudgetFrozen': {
      const { freezeId, line, fen: amount } = event.data;
      state.moved = true;
      state.freezes.set(freezeId, { effectiveDate, belongsTo, data, line, rest: amount });
      return [{ line, kind: 'frozen', fen: amount, economic: '', ref: freezeId }];
    }
    case 'BudgetReleased': {
      const { freezeId, line, fen: amount } = event.data;
      reduce(state.freezes, freezeId, amount);
      return [{ line, kind: 'frozen', fen: negate(amount), economic: '', ref: freezeId }];
    }
    case 'PaymentPlanSet':
      state.moved = true;
      countPlan(state, event.data.cumulativeFen.at(-1));
      return [];
    case 'PaymentRequested': {
      const { requestId, line, fen: amount } = event.data;
      state.moved = true;
      state.requests.set(requestId, { effectiveDate, belongsTo, data, line, rest: amount });
      return [{ line, kind: 'requested', fen: amount, economic: '', ref: requestId }];
    }
    case 'PaymentRequestCancelled': {
      const { requestId, line, fen: amount } = event.data;
      reduce(state.requests, requestId, amount);
      return [{ line, kind: 'requested', fen: negate(amount), economic: '', ref: requestId }];
    }
    case 'PaymentExecuted':
      return paymentExecuted(state, event);
    case 'PaymentReturned':
      return paymentReturned(state, event);
    case 'PaymentReturnReversed':
      return returnReversed(state, event);
    case 'PaymentReclassified': {
      const { voucherNo, toCode } = event.data;
      const voucher = found(state.vouchers, voucherNo);
      const recoded = voucher.shares.map((share) => ({ ...share, economic: toCode }));
      // Two shares of one line are one once their codes are equal.
      const shares = merge([], recoded, 1);
      const changedOn = later(voucher.changedOn, event.effectiveDate);
      state.vouchers.set(voucherNo, { ...voucher, ownCode: toCode, shares, changedOn });
      return [...paid(voucherNo, voucher, voucher.shares, -1), ...paid(voucherNo, voucher, shares, 1)];
    }
    case 'PaymentReattributed':
      return reattributed(state, event);
    case 'PaymentReversed': {
      const { voucherNo } = event.data;
      const voucher = found(state.vouchers, voucherNo);
      state.vouchers.set(voucherNo, { ...voucher, shares: [], reversed: true });
      countReversal(state, `voucher ${voucherNo}`);
      return paid(voucherNo, voucher, voucher.shares, -1);
    }
    case 'PeriodSealed':
      state.seals.push(event.data.through);
      return [];
    case 'PeriodReopened':
      state.seals.pop();
      return [];
    case 'YearClosed':
      state.closures = event.data.closure;
      state.closed = { on: event.effectiveDate, closure: event.data.closure, lots: event.data.lots };
      return [];
    case 'YearReopened':
      state.closed = undefined;
      return [];
    case 'SurplusTakenBack': {
      const { takeBackId, line, originYear, fen: amount } = event.data;
      state.moved = true;
      state.takeBacks.set(takeBackId, {
        effectiveDate,
        belongsTo,
        data,
        line,
        originYear,
        fen: amount,
        reversed: false,
      });
      return [{ line, kind: 'taken-back', fen: amount, economic: '', originYear, ref: takeBackId }];
    }
    case 'SurplusTakeBackReversed': {
      const { takeBackId } = event.data;
      const takeBack = found(state.takeBacks, takeBackId);
      state.takeBacks.set(takeBackId, { ...takeBack, reversed: true });
      const { line, originYear, fen: amount } = takeBack;
      return [{ line, kind: 'taken-back', fen: negate(amount), economic: '', originYear, ref: takeBackId }];
    }
    default:
      throw new Error(`unknown budget event ${(event satisfies never as { type: string }).type}`);
  }
}

const later = (a: CivilDate, b: CivilDate): CivilDate => (a < b ? b : a);
const byDate = (a: { from: CivilDate }, b: { from: CivilDate }): number =>
  a.from < b.from ? -1 : a.from > b.from ? 1 : 0;

/** Plans have no effects, but they are summed too. */
function countPlan(state: BudgetState, planned: Fen = ZERO): void {
  state.turnover = fen(state.turnover + planned);
}

function found<Entry>(entries: ReadonlyMap<string, Entry>, id: string): Entry {
  const entry = entries.get(id);
  if (entry === undefined) throw new Error(`an event names ${id}, which no earlier event created`);
  return entry;
}

const countReversal = (state: BudgetState, number: string): void => {
  state.reversals.set(number, (state.reversals.get(number) ?? 0) + 1);
};

const lineOf = (state: BudgetState, id: string): LineState => found(state.lines, id);

function reduce(entries: Map<string, ReservationState>, id: string, by: Fen): void {
  const entry = found(entries, id);
  if (by > entry.rest) throw new Error(`an event takes ${by} from ${id}, which has ${entry.rest} left`);
  entries.set(id, { ...entry, rest: subtract(entry.rest, by) });
}

function openLine(state: BudgetState, event: BudgetLineOpened | BudgetLineApproved): LineState {
  const { line, name, expenditure, fund, codes } = event.data;
  const before = state.lines.get(line);
  const from = event.effectiveDate;
  // A line that went with its approval begins anew; a line without codes says so from its first day on.
  const kept = before?.live ? before.codes : [];
  const given = codes ?? (kept.length === 0 ? {} : undefined);
  const opened: LineState = {
    name,
    expenditure,
    fund,
    codes: [...kept, ...(given ? [{ from, codes: given }] : [])].sort(byDate),
    totals: before?.totals ?? noTotals(),
    byOrigin: before?.byOrigin ?? (new Map() as LineState['byOrigin']),
    lastEffect: before?.lastEffect,
    opened: before?.live === true && before.opened,
    live: true,
  };
  state.lines.set(line, opened);
  return opened;
}

function lineApproved(state: BudgetState, event: BudgetLineApproved): readonly Effect[] {
  const { line, originalFen, halfYearPlanFen, economic } = event.data;
  const opened = openLine(state, event);
  const effects = coded(originalFen, economic, lineCodeAt(opened, event.effectiveDate)).map((share): Effect => ({
    line,
    kind: 'original',
    fen: share.fen,
    economic: share.economic,
  }));
  if (state.approval === undefined) throw new Error('a line was approved outside an approval');
  state.approval.effects.push(...effects);
  state.approval.content?.lines.push(event.data);
  countPlan(state, halfYearPlanFen);
  return effects;
}

/** Lines that were only approved, neither opened nor carried into, go with the approval. */
function withdrawn(state: BudgetState): readonly Effect[] {
  const effects = (state.approval?.effects ?? []).map((effect) => ({ ...effect, fen: negate(effect.fen) }));
  const carried = new Set([...state.carryOvers.values()].map(({ line }) => line));
  for (const { line } of effects) {
    const withdrawnLine = lineOf(state, line);
    withdrawnLine.live = withdrawnLine.opened || carried.has(line);
  }
  state.approval = undefined;
  countReversal(state, 'approval');
  return effects;
}

/** An amount by economic code: the stated shares, and the rest under the line's own code. Never an empty list. */
function coded(amount: Fen, shares: readonly EconomicShare[] | undefined, lineCode: string): VoucherCode[] {
  const stated = (shares ?? []).map((share) => ({ economic: share.departmentEconomic, fen: share.fen }));
  const rest = subtract(amount, sum(stated.map((share) => share.fen)));
  return rest > 0 || stated.length === 0 ? [...stated, { economic: lineCode, fen: rest }] : stated;
}
type VoucherCode = Pick<VoucherShare, 'economic' | 'fen'>;

/** Exempt only with a reason other than ordinary, a document number and its date. Rule book 2.3, 2. */
export const isExempt = (data: BudgetAdded['data'] | BudgetCut['data'] | BudgetTransferred['data']): boolean =>
  data.reasonCode !== 'ORDINARY' && Boolean(data.document?.number) && data.document?.date !== undefined;

function adjusted(state: BudgetState, event: BudgetAdded | BudgetCut | BudgetTransferred): readonly Effect[] {
  state.moved = true;
  const effects = event.type === 'BudgetTransferred' ? transferEffects(state, event) : singleEffects(state, event);
  const { adjustmentId } = event.data;
  const before = state.adjustments.get(adjustmentId);
  const movements =
    before === undefined || before.reversed ? [] : (before.data as { movements: BudgetEvent[] }).movements;
  state.adjustments.set(adjustmentId, {
    effectiveDate: event.effectiveDate,
    belongsTo: event.belongsTo,
    data: { movements: [...movements, event] },
    effects: [...(before === undefined || before.reversed ? [] : before.effects), ...effects],
    reversed: false,
  });
  return effects;
}

function singleEffects(state: BudgetState, event: BudgetAdded | BudgetCut): Effect[] {
  const { line, fen: amount, economic, adjustmentId } = event.data;
  const facet: Facet = { exempt: isExempt(event.data), structural: true, crossing: false };
  const originYear = event.type === 'BudgetCut' ? event.data.originYear : undefined;
  return coded(amount, economic, lineCodeAt(lineOf(state, line), event.effectiveDate)).map((share) => ({
    line,
    kind: event.type === 'BudgetAdded' ? 'added' : 'cut',
    fen: share.fen,
    economic: share.economic,
    facet,
    ...(originYear === undefined ? {} : { originYear }),
    ref: adjustmentId,
  }));
}

function transferEffects(state: BudgetState, event: BudgetTransferred): Effect[] {
  const { from, to, fen: amount, structural, originYear, fromEconomic, toEconomic, adjustmentId } = event.data;
  const source = lineOf(state, from);
  const target = lineOf(state, to);
  const facet: Facet = {
    exempt: isExempt(event.data),
    structural: structural ?? true,
    crossing: source.expenditure !== target.expenditure,
  };
  const origin = originYear === undefined ? {} : { originYear };
  const half = (line: string, counterLine: string, kind: EffectKind, shares: VoucherCode[]): Effect[] =>
    shares.map((share) => ({
      line,
      kind,
      fen: share.fen,
      economic: share.economic,
      facet,
      ...origin,
      counterLine,
      ref: adjustmentId,
    }));
  const date = event.effectiveDate;
  return [
    ...half(from, to, 'transferred-out', coded(amount, fromEconomic, lineCodeAt(source, date))),
    ...half(to, from, 'transferred-in', coded(amount, toEconomic, lineCodeAt(target, date))),
  ];
}

/** `paid` effects of parts of a voucher. */
const paid = (
  voucherNo: string,
  { originYear }: Pick<VoucherState, 'originYear'>,
  shares: readonly VoucherShare[],
  sign: 1 | -1,
): Effect[] =>
  shares.map((share) => ({
    line: share.line,
    kind: 'paid',
    fen: fen(sign * share.fen),
    economic: share.economic,
    ...(originYear === undefined ? {} : { originYear }),
    ref: voucherNo,
  }));

function paymentExecuted(state: BudgetState, event: PaymentExecuted): readonly Effect[] {
  const { effectiveDate, belongsTo, data } = event;
  const { voucherNo, line, fen: amount, departmentEconomic, originYear, requestId, final } = data;
  state.moved = true;
  const economic = departmentEconomic ?? lineCodeAt(lineOf(state, line), event.effectiveDate);
  const voucher: VoucherState = {
    effectiveDate,
    belongsTo,
    data,
    shares: [{ line, economic, fen: amount }],
    ownCode: departmentEconomic,
    originYear,
    reversed: false,
    rebooked: state.reversals.get(`voucher ${voucherNo}`) ?? 0,
    changedOn: event.effectiveDate,
  };
  state.vouchers.set(voucherNo, voucher);
  const effects = paid(voucherNo, voucher, voucher.shares, 1);
  if (requestId === undefined) return effects;
  const request = found(state.requests, requestId);
  const used = final ? request.rest : least(amount, request.rest);
  reduce(state.requests, requestId, used);
  return used === 0
    ? effects
    : [...effects, { line, kind: 'requested', fen: negate(used), economic: '', ref: requestId }];
}

/** A return takes from the voucher's shares in their order: its first line, then lines it was re-attributed to. */
function paymentReturned(state: BudgetState, event: PaymentReturned): readonly Effect[] {
  const { effectiveDate, belongsTo, data } = event;
  const { voucherNo, returnNo, fen: amount } = data;
  const voucher = found(state.vouchers, voucherNo);
  const taken: VoucherShare[] = [];
  let rest = amount;
  for (const share of voucher.shares) {
    const part = least(rest, share.fen);
    if (part > 0) taken.push({ ...share, fen: part });
    rest = subtract(rest, part);
  }
  if (rest !== 0) throw new Error(`return ${returnNo} is larger than what is left of voucher ${voucherNo}`);
  const sameYear = yearOf(event.effectiveDate) === state.year;
  state.vouchers.set(voucherNo, { ...voucher, shares: merge(voucher.shares, taken, -1) });
  const { rebooked } = voucher;
  state.returns.set(returnNo, {
    effectiveDate,
    belongsTo,
    data,
    voucherNo,
    rebooked,
    taken,
    sameYear,
    reversed: false,
  });
  return sameYear ? paid(voucherNo, voucher, taken, -1) : [];
}

function returnReversed(state: BudgetState, event: PaymentReturnReversed): readonly Effect[] {
  const entry = found(state.returns, event.data.returnNo);
  const voucher = found(state.vouchers, entry.voucherNo);
  // The code may have been corrected since the return.
  const given = entry.taken.map((share) => ({ ...share, economic: voucher.ownCode ?? share.economic }));
  state.returns.set(event.data.returnNo, { ...entry, reversed: true });
  const changedOn = later(voucher.changedOn, event.effectiveDate);
  state.vouchers.set(entry.voucherNo, { ...voucher, shares: merge(voucher.shares, given, 1), changedOn });
  return entry.sameYear ? paid(entry.voucherNo, voucher, given, 1) : [];
}

function reattributed(state: BudgetState, event: PaymentReattributed): readonly Effect[] {
  const { voucherNo, fromLine, toLine, fen: amount } = event.data;
  const voucher = found(state.vouchers, voucherNo);
  const taken: VoucherShare[] = [];
  let rest = amount;
  for (const share of voucher.shares.filter(({ line }) => line === fromLine)) {
    const part = least(rest, share.fen);
    if (part > 0) taken.push({ ...share, fen: part });
    rest = subtract(rest, part);
  }
  if (rest !== 0) throw new Error(`voucher ${voucherNo} has less on line ${fromLine} than is re-attributed`);
  const economic = voucher.ownCode ?? lineCodeAt(lineOf(state, toLine), event.effectiveDate);
  const given: VoucherShare[] = [{ line: toLine, economic, fen: amount }];
  const shares = merge(merge(voucher.shares, taken, -1), given, 1);
  state.vouchers.set(voucherNo, { ...voucher, shares, changedOn: later(voucher.changedOn, event.effectiveDate) });
  return [...paid(voucherNo, voucher, taken, -1), ...paid(voucherNo, voucher, given, 1)];
}

/** Shares after some are added (1) or taken (−1), kept in their order; emptied shares go. */
function merge(shares: readonly VoucherShare[], changes: readonly VoucherShare[], sign: 1 | -1): VoucherShare[] {
  const merged = [...shares];
  for (const change of changes) {
    const index = merged.findIndex(({ line, economic }) => line === change.line && economic === change.economic);
    const before = merged[index];
    if (before === undefined) merged.push({ ...change, fen: fen(sign * change.fen) });
    else merged[index] = { ...before, fen: fen(before.fen + sign * change.fen) };
  }
  return merged.filter((share) => share.fen !== 0);
}
