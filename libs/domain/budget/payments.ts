/**
 * Decisions about requests and payments. A request is refused beyond the available amount; a payment is a fact and is always
 * recorded, marked `overdrawn` when it was above it. Rule book 8 and 2.3, 9.
 */
import { yearOf } from '#domain/calendar.js';
import { overdraft } from '#domain/budget/adjustments.js';
import type { BudgetCommand, NewPayment } from '#domain/budget/commands.js';
import type { BudgetEvent, PaymentExecuted } from '#domain/budget/events.js';
import type { Proposal } from '#domain/budget/plan.js';
import type { BudgetFault } from '#domain/budget/rejections.js';
import {
  MOVEMENTS_LIMIT,
  amountFaults,
  dateFaults,
  datesOf,
  datesOfReversal,
  isRepeat,
  lineFaults,
  numberTaken,
  orderFaults,
  originFaults,
  sameEntry,
} from '#domain/budget/rules.js';
import {
  available,
  liveLine,
  voucherRest,
  type BudgetState,
  type ReservationState,
  type ReturnState,
  type VoucherState,
} from '#domain/budget/state.js';
import { fen, least, sum, type Fen } from '#domain/money.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;

export function requestPayment(state: BudgetState, command: Of<'RequestPayment'>): Proposal {
  const { requestId, line, fen: amount, payee, purpose, contract } = command;
  const data = { requestId, line, fen: amount, payee, purpose, ...(contract === undefined ? {} : { contract }) };
  const booked = state.requests.get(requestId);
  if (booked !== undefined) {
    const same = isRepeat(booked, command, data);
    return { faults: same ? [] : [numberTaken('payment-request', requestId, booked, '')], events: [] };
  }
  return {
    faults: [
      ...dateFaults(state, command, ''),
      ...lineFaults(state, line, '/line'),
      ...amountFaults(amount, '/amount'),
      ...overdraft(state, line, amount, '/amount'),
    ],
    events: [{ type: 'PaymentRequested', ...datesOf(command), data }],
  };
}

export function cancelRequest(state: BudgetState, command: Of<'CancelRequest'>): Proposal {
  const { requestId, reason } = command;
  const request = state.requests.get(requestId);
  if (request === undefined) return { faults: [unknown('payment-request', requestId)], events: [] };
  const faults = [...dateFaults(state, command, ''), ...orderFaults(command, request.effectiveDate, '')];
  if (request.rest === 0) faults.push({ code: 'REQUEST_SETTLED', requestId });
  const data = {
    requestId,
    line: request.line,
    fen: request.rest,
    ...(reason === undefined ? {} : { reason }),
  };
  return { faults, events: [{ type: 'PaymentRequestCancelled', ...datesOf(command), data }] };
}

/** What the payments decided so far in this command have used up. */
interface Used {
  readonly byLine: Map<string, number>;
  readonly byRequest: Map<string, number>;
}

export function executePayments(state: BudgetState, command: Of<'ExecutePayments'>): Proposal {
  const { payments } = command;
  if (payments.length > MOVEMENTS_LIMIT) {
    return {
      faults: [{ at: '/payments', code: 'TOO_MANY_MOVEMENTS', count: payments.length, limit: MOVEMENTS_LIMIT }],
      events: [],
    };
  }
  const faults: BudgetFault[] = payments.length === 0 ? [{ at: '/payments', code: 'NOTHING_TO_DO' }] : [];
  const events: BudgetEvent[] = [];
  const used: Used = { byLine: new Map(), byRequest: new Map() };
  const seen = new Map<string, NewPayment>();
  payments.forEach((payment, index) => {
    const at = payments.length === 1 ? '' : `/payments/${index}`;
    const repeat = voucherRepeat(state, payment, seen, at);
    if (repeat === 'repeat') return;
    seen.set(payment.voucherNo, payment);
    const found = [...repeat, ...paymentFaults(state, payment, at)];
    faults.push(...found);
    if (found.length === 0) events.push(paymentEvent(state, payment, used));
  });
  return { faults, events };
}

function voucherRepeat(
  state: BudgetState,
  payment: NewPayment,
  seen: ReadonlyMap<string, NewPayment>,
  at: string,
): BudgetFault[] | 'repeat' {
  const earlier = seen.get(payment.voucherNo);
  if (earlier !== undefined) {
    if (sameEntry(earlier, payment)) return 'repeat';
    return [numberTaken('voucher', payment.voucherNo, { effectiveDate: earlier.effectiveDate, data: earlier }, at)];
  }
  const booked = state.vouchers.get(payment.voucherNo);
  if (booked === undefined || booked.reversed) return [];
  return samePayment(booked, payment) ? 'repeat' : [numberTaken('voucher', payment.voucherNo, booked, at)];
}

/** Equal in all that the caller said; `overdrawn` and `beforeApproval` are ours. */
function samePayment(booked: VoucherState, payment: NewPayment): boolean {
  const { overdrawn: _overdrawn, beforeApproval: _before, ...stated } = booked.data as PaymentExecuted['data'];
  const { effectiveDate: _effectiveDate, belongsTo: _belongsTo, ...asked } = payment;
  return isRepeat({ ...booked, data: stated }, payment, asked);
}

function paymentFaults(state: BudgetState, payment: NewPayment, at: string): BudgetFault[] {
  const { line, requestId } = payment;
  const faults = [
    ...dateFaults(state, payment, at),
    ...lineFaults(state, line, `${at}/line`),
    ...amountFaults(payment.fen, `${at}/amount`),
    ...originFaults(state, payment.originYear, `${at}/originYear`),
  ];
  if (requestId === undefined) return faults;
  const request = state.requests.get(requestId);
  if (request === undefined) return [...faults, unknown('payment-request', requestId, `${at}/requestId`)];
  if (request.line !== line) {
    faults.push({ at: `${at}/requestId`, code: 'REQUEST_ON_OTHER_LINE', requestId, line: request.line });
  }
  return [...faults, ...orderFaults(payment, request.effectiveDate, at)];
}

function paymentEvent(state: BudgetState, payment: NewPayment, used: Used): PaymentExecuted {
  const { effectiveDate, belongsTo, ...stated } = payment;
  const { line, requestId } = payment;
  const open =
    requestId === undefined ? fen(0) : openRest(state.requests.get(requestId), used.byRequest.get(requestId));
  const totals = liveLine(state, line)?.totals;
  if (totals === undefined) throw new Error(`line ${line} was checked and is gone`);
  const left = available(totals) - (used.byLine.get(line) ?? 0) + open;
  const settled = payment.final ? open : least(payment.fen, open);
  used.byLine.set(line, (used.byLine.get(line) ?? 0) + payment.fen - settled);
  if (requestId !== undefined) used.byRequest.set(requestId, (used.byRequest.get(requestId) ?? 0) + settled);
  const { approval } = state;
  return {
    type: 'PaymentExecuted',
    ...datesOf(payment),
    data: {
      ...stated,
      overdrawn: payment.fen > left,
      beforeApproval: approval === undefined || (belongsTo ?? effectiveDate) < approval.on,
    },
  };
}

const openRest = (request: ReservationState | undefined, used = 0): Fen => fen((request?.rest ?? 0) - used);

/** Dated within the year, X falls; dated later, the return is allowed after close and X of no year moves. */
export function returnPayment(state: BudgetState, command: Of<'ReturnPayment'>): Proposal {
  const { returnNo, voucherNo, fen: amount, kind } = command;
  const data = { returnNo, voucherNo, fen: amount, kind };
  const booked = state.returns.get(returnNo);
  // A return whose voucher was reversed, and perhaps booked again, went with it.
  if (booked !== undefined && !booked.reversed && belongsToBooking(booked, state.vouchers.get(booked.voucherNo))) {
    const same = isRepeat(booked, command, data);
    return { faults: same ? [] : [numberTaken('return', returnNo, booked, '')], events: [] };
  }
  const voucher = state.vouchers.get(voucherNo);
  const later = yearOf(command.effectiveDate) > state.year;
  const faults = [
    ...(later ? laterFaults(command) : dateFaults(state, command, '')),
    ...amountFaults(amount, '/amount'),
  ];
  if (voucher === undefined) return { faults: [...faults, unknown('voucher', voucherNo)], events: [] };
  faults.push(...orderFaults(command, voucher.changedOn, ''));
  const rest = voucherRest(voucher);
  if (amount > rest) {
    faults.push({ at: '/amount', code: 'RETURN_EXCEEDS_PAYMENT', voucherNo, restFen: rest, askedFen: amount });
  }
  return { faults, events: [{ type: 'PaymentReturned', ...datesOf(command), data }] };
}

/** No seal of this stream reaches the years after it. */
const laterFaults = ({ belongsTo }: Of<'ReturnPayment'>): BudgetFault[] =>
  belongsTo === undefined
    ? []
    : [{ at: '/belongsTo', code: 'BELONGS_TO_OPEN_PERIOD', belongsTo, sealedThrough: undefined }];

export function reverseReturn(state: BudgetState, command: Of<'ReverseReturn'>): Proposal {
  const { returnNo, reason } = command;
  const entry = state.returns.get(returnNo);
  if (entry === undefined) return { faults: [unknown('return', returnNo)], events: [] };
  const faults = [
    ...(entry.sameYear ? dateFaults(state, command, '') : []),
    ...orderFaults(command, entry.effectiveDate, ''),
  ];
  if (entry.reversed) faults.push({ code: 'ALREADY_REVERSED', kind: 'return', number: returnNo });
  else if (!belongsToBooking(entry, state.vouchers.get(entry.voucherNo))) {
    faults.push({ code: 'ALREADY_REVERSED', kind: 'voucher', number: entry.voucherNo });
  }
  return {
    faults,
    events: [{ type: 'PaymentReturnReversed', ...datesOfReversal(state, command, entry), data: { returnNo, reason } }],
  };
}

/** Not of a voucher that was reversed since, even when its number was booked again. */
const belongsToBooking = (entry: ReturnState, voucher: VoucherState | undefined): boolean =>
  voucher !== undefined && !voucher.reversed && voucher.rebooked === entry.rebooked;

export function reclassifyPayment(state: BudgetState, command: Of<'ReclassifyPayment'>): Proposal {
  const { voucherNo, toCode } = command;
  const voucher = state.vouchers.get(voucherNo);
  if (voucher === undefined) return { faults: [unknown('voucher', voucherNo)], events: [] };
  const faults = [
    ...dateFaults(state, command, ''),
    ...orderFaults(command, voucher.changedOn, ''),
    ...reversedFaults(voucher, voucherNo),
  ];
  const fromCode = voucher.ownCode ?? voucher.shares[0]?.economic ?? '';
  if (voucher.ownCode === toCode) return { faults: [...faults, { code: 'CODE_UNCHANGED', toCode }], events: [] };
  return {
    faults,
    events: [{ type: 'PaymentReclassified', ...datesOf(command), data: { voucherNo, fromCode, toCode } }],
  };
}

/** A correction of fact: it may leave the right line overdrawn, which shows as a violation. */
export function reattributePayment(state: BudgetState, command: Of<'ReattributePayment'>): Proposal {
  const { voucherNo, fromLine, toLine, fen: amount } = command;
  const voucher = state.vouchers.get(voucherNo);
  if (voucher === undefined) return { faults: [unknown('voucher', voucherNo)], events: [] };
  const share = sum(voucher.shares.filter(({ line }) => line === fromLine).map((part) => part.fen));
  const faults = [
    ...dateFaults(state, command, ''),
    ...orderFaults(command, voucher.changedOn, ''),
    ...lineFaults(state, fromLine, '/fromLine'),
    ...lineFaults(state, toLine, '/toLine'),
    ...amountFaults(amount, '/amount'),
    ...reversedFaults(voucher, voucherNo),
  ];
  if (fromLine === toLine) faults.push({ at: '/toLine', code: 'SAME_LINE', line: toLine });
  if (amount > share && !voucher.reversed) {
    faults.push({
      at: '/amount',
      code: 'REATTRIBUTION_EXCEEDS_SHARE',
      voucherNo,
      line: fromLine,
      shareFen: share,
      askedFen: amount,
    });
  }
  const data = { voucherNo, fromLine, toLine, fen: amount };
  return { faults, events: [{ type: 'PaymentReattributed', ...datesOf(command), data }] };
}

export function reversePayment(state: BudgetState, command: Of<'ReversePayment'>): Proposal {
  const { voucherNo, reason } = command;
  const voucher = state.vouchers.get(voucherNo);
  if (voucher === undefined) return { faults: [unknown('voucher', voucherNo)], events: [] };
  return {
    faults: [
      ...dateFaults(state, command, ''),
      ...orderFaults(command, voucher.changedOn, ''),
      ...reversedFaults(voucher, voucherNo),
    ],
    events: [{ type: 'PaymentReversed', ...datesOfReversal(state, command, voucher), data: { voucherNo, reason } }],
  };
}

const reversedFaults = (voucher: VoucherState, voucherNo: string): BudgetFault[] =>
  voucher.reversed ? [{ code: 'ALREADY_REVERSED', kind: 'voucher', number: voucherNo }] : [];

const unknown = (kind: string, number: string, at?: string): BudgetFault => ({
  ...(at === undefined ? {} : { at }),
  code: 'UNKNOWN_NUMBER',
  kind,
  number,
});
