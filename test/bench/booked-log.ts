/** A log as units write it that book side by side, for benchmarks. Written without the rules, which are not measured there. */
import { randomUUID } from 'node:crypto';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent, Payee } from '#domain/budget/events.js';
import { civilDate, daysBetween, lastDayOf, nextDay, type CivilDate } from '#domain/calendar.js';
import type { EventMeta, NewEvent } from '#domain/envelope.js';
import { fen } from '#domain/money.js';
import type { EventStore } from '#event-store/port.js';

export const YEAR = 2024;
export const LINES = 20;
const UNITS = 8;

/** Appends about this many events, of several units at a time; resolves with the codes of the units that they are of. */
export async function fillLog(store: EventStore, events: number, count = UNITS): Promise<readonly string[]> {
  const run = Date.now().toString(36).toUpperCase();
  const units = Array.from({ length: count }, (_, nth) => `B${nth}${run}`);
  await Promise.all(units.map((unit) => fillStream(store, unit, events / count)));
  return units;
}

async function fillStream(store: EventStore, unit: string, events: number): Promise<void> {
  const stream = budgetStream(unit, YEAR);
  const opening = budgetDecider(unit, YEAR).decide(approval, budgetDecider(unit, YEAR).initialState());
  if (!opening.accepted) throw new Error(`the plan was refused: ${JSON.stringify(opening.rejection)}`);
  let pending: readonly BudgetEvent[] = opening.events;
  let revision = -1;
  for (let n = 0; revision + 1 < events;) {
    await store.append(stream, revision < 0 ? 'none' : revision, pending.map(recorded));
    revision += pending.length;
    const next: BudgetEvent[] = [];
    while (next.length < 500) next.push(...bookings(n++, events));
    pending = next;
  }
}

const lineOf = (n: number): string => `P${String((n % LINES) + 1).padStart(2, '0')}`;
const PAYEE: Payee = { name: '苏州某某工程有限公司', kind: 'organisation' };
const purpose = '土地储备管护费用';

const approval = {
  type: 'ApproveBudget',
  effectiveDate: civilDate(`${YEAR}-01-01`),
  income: [],
  basicFen: fen(0),
  projectFen: fen(LINES * 10_000_000_000),
  lines: Array.from({ length: LINES }, (_, n) => ({
    line: lineOf(n),
    name: `项目 ${n + 1}`,
    expenditure: 'project' as const,
    fund: 'government-funds' as const,
    originalFen: fen(10_000_000_000),
    halfYearPlanFen: fen(4_000_000_000),
  })),
} as const;

/** A payment, on a request now and then; one in fifty is returned in part later. */
function bookings(n: number, of: number): BudgetEvent[] {
  const line = lineOf(n);
  const effectiveDate = dayOf(Math.min(365, Math.floor((n / of) * 366)));
  const voucherNo = `V-${n}`;
  const paid = {
    voucherNo,
    line,
    fen: fen(100_000 + n),
    payee: PAYEE,
    purpose,
    overdrawn: false,
    beforeApproval: false,
  };
  if (n % 10 === 0) {
    const requestId = `R-${n}`;
    const requested = { requestId, line, fen: fen(100_000 + n), payee: PAYEE, purpose };
    return [
      { type: 'PaymentRequested', effectiveDate, data: requested },
      { type: 'PaymentExecuted', effectiveDate, data: { ...paid, requestId } },
    ];
  }
  const payment: BudgetEvent = { type: 'PaymentExecuted', effectiveDate, data: paid };
  if (n % 50 !== 49) return [payment];
  const data = { returnNo: `T-${n}`, voucherNo: `V-${n - 48}`, fen: fen(100), kind: 'passive' as const };
  return [payment, { type: 'PaymentReturned', effectiveDate, data }];
}

export const dayOf = (nth: number): CivilDate => DAYS[nth] ?? lastDayOf(YEAR);
const DAYS: readonly CivilDate[] = Array.from({ length: daysBetween(lastDayOf(YEAR - 1), lastDayOf(YEAR)) }).reduce<
  CivilDate[]
>((days) => [...days, nextDay(days.at(-1) ?? lastDayOf(YEAR - 1))], []);

const recorded = (event: BudgetEvent): NewEvent => ({ ...event, id: randomUUID(), version: 1, meta: newMeta() });

function newMeta(): EventMeta {
  const commandId = randomUUID();
  const requestHash = 'a'.repeat(64);
  return {
    commandId,
    actor: { id: 'clerk', name: '张会计' },
    requestHash,
    causationId: commandId,
    correlationId: commandId,
  };
}
