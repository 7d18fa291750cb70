/** Decisions about the plan: approval, lines, carry-over brought in, monthly payment plan. */
import type { CivilDate } from '#domain/calendar.js';
import type { BudgetCommand, BroughtForward, NewLine } from '#domain/budget/commands.js';
import type { BudgetEvent, FundNature } from '#domain/budget/events.js';
import type { BudgetFault } from '#domain/budget/rejections.js';
import {
  amountFaults,
  approvalFaults,
  dateFaults,
  datesOf,
  exactSum,
  lineFaults,
  notNegativeFaults,
  numberTaken,
  orderFaults,
  sameEntry,
  shareFaults,
} from '#domain/budget/rules.js';
import { liveLine, type BudgetState, type LineState } from '#domain/budget/state.js';
import { ZERO, fen, type Fen } from '#domain/money.js';

type Of<Type extends BudgetCommand['type']> = Extract<BudgetCommand, { type: Type }>;
export interface Proposal {
  readonly faults: readonly BudgetFault[];
  readonly events: readonly BudgetEvent[];
}

export function approveBudget(state: BudgetState, command: Of<'ApproveBudget'>): Proposal {
  const { income, basicFen, projectFen, lines, carryOvers = [], document, dateAssumed } = command;
  const known = new Map([...state.lines].filter(([, line]) => line.live));
  const faults: BudgetFault[] = [
    ...dateFaults(state, command, ''),
    ...(state.approval
      ? [{ code: 'BUDGET_ALREADY_APPROVED', approvedOn: state.approval.on } satisfies BudgetFault]
      : []),
    ...(lines.length === 0 ? [{ at: '/lines', code: 'NOTHING_TO_DO' } satisfies BudgetFault] : []),
    ...repeatedLines(lines),
    ...lines.flatMap((line, index) => {
      const at = `/lines/${index}`;
      return [
        ...differingLine(known.get(line.line), line, at),
        ...shareFaults(line.economic, line.originalFen, `${at}/economic`),
        ...notNegativeFaults(line.originalFen, `${at}/original`),
        ...notNegativeFaults(line.halfYearPlanFen ?? ZERO, `${at}/halfYearPlan`),
      ];
    }),
    ...carryOverFaults(state, command, carryOvers, new Set(lines.map(({ line }) => line))),
    ...income.flatMap((entry, index) => notNegativeFaults(entry.fen, `/income/${index}/amount`)),
    ...totalFaults(state, command),
  ];
  const dates = datesOf(command);
  const events: BudgetEvent[] = [
    {
      type: 'BudgetApproved',
      ...dates,
      data: {
        income,
        basicFen,
        projectFen,
        ...(document ? { document } : {}),
        ...(dateAssumed ? { dateAssumed } : {}),
      },
    },
    ...lines.map((data): BudgetEvent => ({ type: 'BudgetLineApproved', ...dates, data })),
    ...newCarryOvers(state, carryOvers).map((data): BudgetEvent => ({
      type: 'CarryOverBroughtForward',
      ...dates,
      data,
    })),
  ];
  return { faults, events };
}

export function withdrawApproval(state: BudgetState, command: Of<'WithdrawApproval'>): Proposal {
  return {
    faults: [
      ...dateFaults(state, command, ''),
      ...approvalFaults(state, ''),
      ...(state.moved ? [{ code: 'MOVEMENTS_EXIST' } satisfies BudgetFault] : []),
      ...(state.approval ? orderFaults(command, state.approval.on, '') : []),
    ],
    events: [{ type: 'BudgetApprovalWithdrawn', ...datesOf(command), data: { reason: command.reason } }],
  };
}

/** A line opened again under the same identity is a repeat and opens nothing. */
export function openLines(state: BudgetState, command: Of<'OpenLines'>): Proposal {
  const { lines } = command;
  const events = lines
    .filter(({ line }) => liveLine(state, line) === undefined)
    .map((data): BudgetEvent => ({ type: 'BudgetLineOpened', ...datesOf(command), data }));
  const faults = [
    ...(events.length > 0 ? dateFaults(state, command, '') : []),
    ...(lines.length === 0 ? [{ at: '/lines', code: 'NOTHING_TO_DO' } satisfies BudgetFault] : []),
    ...repeatedLines(lines),
    ...lines.flatMap((line, index) => differingLine(liveLine(state, line.line), line, `/lines/${index}`, true)),
  ];
  return { faults, events };
}

/** Refused when money moved after its date: figures follow the effective date, and none may change code unseen. */
export function reclassifyLine(state: BudgetState, command: Of<'ReclassifyLine'>): Proposal {
  const { line: id, codes, reason } = command;
  const line = liveLine(state, id);
  const inForce = line?.codes.at(-1);
  const faults: BudgetFault[] = [...dateFaults(state, command, ''), ...lineFaults(state, id, '/line')];
  const last = line?.lastEffect;
  if (last !== undefined && last > command.effectiveDate) {
    faults.push({ at: '/effectiveDate', code: 'MOVEMENTS_AFTER_DATE', line: id, lastDate: last });
  }
  if (inForce && inForce.from > command.effectiveDate) faults.push(...orderFaults(command, inForce.from, ''));
  const unchanged = inForce !== undefined && sameEntry(inForce.codes, codes);
  return {
    faults,
    events: unchanged
      ? []
      : [{ type: 'BudgetLineReclassified', ...datesOf(command), data: { line: id, codes, reason } }],
  };
}

export function bringCarryOverForward(state: BudgetState, command: Of<'BringCarryOverForward'>): Proposal {
  const { carryOvers } = command;
  const fresh = newCarryOvers(state, carryOvers);
  return {
    faults: [
      ...(fresh.length > 0 ? dateFaults(state, command, '') : []),
      ...(carryOvers.length === 0 ? [{ at: '/carryOvers', code: 'NOTHING_TO_DO' } satisfies BudgetFault] : []),
      ...carryOverFaults(state, command, carryOvers, new Set()),
    ],
    events: fresh.map((data) => ({ type: 'CarryOverBroughtForward', ...datesOf(command), data })),
  };
}

export function reviseCarryOver(state: BudgetState, command: Of<'ReviseCarryOver'>): Proposal {
  const { carryOverId, toFen, reason, source } = command;
  const carried = state.carryOvers.get(carryOverId);
  const faults = [
    ...dateFaults(state, command, ''),
    ...notNegativeFaults(toFen, '/to'),
    ...(carried === undefined
      ? [{ at: '/carryOverId', code: 'UNKNOWN_NUMBER', kind: 'carry-over', number: carryOverId } satisfies BudgetFault]
      : orderFaults(command, carried.changedOn, '')),
  ];
  if (carried === undefined || carried.fen === toFen) return { faults, events: [] };
  const data = { carryOverId, fromFen: carried.fen, toFen, reason, ...(source ? { source } : {}) };
  return { faults, events: [{ type: 'CarryOverRevised', ...datesOf(command), data }] };
}

export function setPaymentPlan(state: BudgetState, command: Of<'SetPaymentPlan'>): Proposal {
  const { plans } = command;
  const faults = [
    ...dateFaults(state, command, ''),
    ...(plans.length === 0 ? [{ at: '/plans', code: 'NOTHING_TO_DO' } satisfies BudgetFault] : []),
    ...repeatedLines(plans, '/plans'),
    ...plans.flatMap(({ line, cumulativeFen }, index) => [
      ...lineFaults(state, line, `/plans/${index}/line`),
      ...cumulativeFaults(line, cumulativeFen, `/plans/${index}/cumulative`),
      ...notNegativeFaults(fen(Math.max(0, ...cumulativeFen)), `/plans/${index}/cumulative`),
    ]),
  ];
  return { faults, events: plans.map((data) => ({ type: 'PaymentPlanSet', ...datesOf(command), data })) };
}

/** Twelve amounts, January first, none below the month before. */
function cumulativeFaults(line: string, cumulative: readonly Fen[], at: string): BudgetFault[] {
  if (cumulative.length !== 12) return [{ at, code: 'PLAN_NOT_CUMULATIVE', line, month: cumulative.length }];
  return cumulative.flatMap((amount, index) =>
    amount >= (cumulative[index - 1] ?? 0)
      ? []
      : [{ at: `${at}/${index}`, code: 'PLAN_NOT_CUMULATIVE', line, month: index + 1 } satisfies BudgetFault],
  );
}

export function repeatedLines(lines: readonly { readonly line: string }[], at = '/lines'): BudgetFault[] {
  const seen = new Set<string>();
  return lines.flatMap(({ line }, index) => {
    if (!seen.has(line)) {
      seen.add(line);
      return [];
    }
    return [{ at: `${at}/${index}/line`, code: 'DUPLICATE_LINE', line } satisfies BudgetFault];
  });
}

/** A line that exists keeps its fund and kind; opened again (`whole`) it must be the same in all that is said of it. */
function differingLine(before: LineState | undefined, line: NewLine, at: string, whole = false): BudgetFault[] {
  if (before === undefined) return [];
  const { name, fund, expenditure } = before;
  const codes = before.codes[0]?.codes ?? {};
  const alike = name === line.name && (line.codes === undefined || sameEntry(codes, line.codes));
  if (fund === line.fund && expenditure === line.expenditure && (alike || !whole)) return [];
  return [{ at, code: 'LINE_DIFFERS', line: line.line, first: { name, fund, expenditure, codes } }];
}

function carryOverFaults(
  state: BudgetState,
  { effectiveDate }: { effectiveDate: CivilDate },
  entries: readonly BroughtForward[],
  opening: ReadonlySet<string>,
): BudgetFault[] {
  const seen = new Map<string, BroughtForward>();
  return entries.flatMap((entry, index) => {
    const at = `/carryOvers/${index}`;
    const { carryOverId, line, originYear, fen: amount } = entry;
    const booked = state.carryOvers.get(carryOverId);
    const earlier = seen.get(carryOverId);
    seen.set(carryOverId, entry);
    if (booked !== undefined && earlier === undefined && sameEntry(booked.data, entry)) return [];
    const first = booked ?? (earlier && { effectiveDate, data: earlier });
    return [
      ...(opening.has(line) ? [] : lineFaults(state, line, `${at}/line`)),
      ...amountFaults(amount, `${at}/amount`),
      ...pastFaults(originYear, state.year, `${at}/originYear`),
      ...closedFaults(state, entry, at),
      ...(first === undefined ? [] : [numberTaken('carry-over', carryOverId, first, at)]),
    ];
  });
}

/** The close of the year before brings its money itself: entered by hand as well, it would count twice. */
function closedFaults(
  state: BudgetState,
  { originLine, originYear, source }: BroughtForward,
  at: string,
): BudgetFault[] {
  if (source !== undefined) return [];
  const held = [...state.carryOvers].find(
    ([, entry]) =>
      entry.source !== undefined &&
      entry.fen > 0 &&
      entry.originYear === originYear &&
      (entry.data as BroughtForward).originLine === originLine,
  );
  if (held === undefined) return [];
  const [carryOverId, entry] = held;
  return [{ at, code: 'CARRIED_OVER_BY_CLOSE', originLine, originYear, carryOverId, fen: entry.fen }];
}

const pastFaults = (originYear: number, year: number, at: string): BudgetFault[] =>
  originYear < year ? [] : [{ at, code: 'ORIGIN_YEAR_NOT_PAST', originYear, year }];

const newCarryOvers = (state: BudgetState, entries: readonly BroughtForward[]): readonly BroughtForward[] =>
  entries.filter(({ carryOverId }) => !state.carryOvers.has(carryOverId));

/**
 * The document's totals against the lines. Printed amounts include carry-over (rule book 13, 9): a total is B0 plus the
 * carry-over brought in by then. Income by nature equals what the lines of that nature get; carry-over income equals C0. A
 * document that states no carry-over may be older than the close that brought some: then its totals are without that.
 */
function totalFaults(state: BudgetState, command: Of<'ApproveBudget'>): BudgetFault[] {
  const entries = [...state.carryOvers.values()].filter((entry) => entry.fen > 0);
  const given = newCarryOvers(state, command.carryOvers ?? []);
  const faults = differingTotals(state, command, [...entries, ...given]);
  const stated =
    given.length > 0 || command.income.some(({ source, fen: amount }) => source === 'carry-over' && amount > 0);
  const byHand = entries.filter(({ source }) => source === undefined);
  if (faults.length === 0 || stated || byHand.length === entries.length) return faults;
  return differingTotals(state, command, byHand).length === 0 ? [] : faults;
}

function differingTotals(
  state: BudgetState,
  { lines, income, basicFen, projectFen }: Of<'ApproveBudget'>,
  entries: readonly { readonly line: string; readonly fen: Fen }[],
): BudgetFault[] {
  const carried = entries.map(({ line, fen: amount }) => ({ line, amount }));
  const lineById = new Map<string, { fund: FundNature; expenditure: string }>([...state.lines, ...byId(lines)]);
  const computed = (expenditure: string) =>
    exactSum([
      ...lines.filter((line) => line.expenditure === expenditure).map((line) => line.originalFen),
      ...carried.filter(({ line }) => lineById.get(line)?.expenditure === expenditure).map(({ amount }) => amount),
    ]);
  const faults: BudgetFault[] = [
    ...differs('/basic', 'basic', basicFen, computed('basic')),
    ...differs('/project', 'project', projectFen, computed('project')),
  ];
  const sources = new Set([...income.map(({ source }) => source), ...lines.map(({ fund }) => fund)]);
  if (carried.length > 0) sources.add('carry-over');
  for (const source of income.length === 0 ? [] : [...sources].sort()) {
    const stated = exactSum(income.filter((entry) => entry.source === source).map((entry) => entry.fen)) ?? fen(-1);
    const amounts =
      source === 'carry-over'
        ? carried.map(({ amount }) => amount)
        : lines.filter(({ fund }) => fund === source).map((line) => line.originalFen);
    faults.push(...differs('/income', `income ${source}`, stated, exactSum(amounts)));
  }
  return faults;
}

const byId = (lines: readonly NewLine[]) => lines.map((line) => [line.line, line] as const);

function differs(at: string, what: string, statedFen: Fen, computed: Fen | undefined): BudgetFault[] {
  if (computed === undefined) return [{ at, code: 'TOTAL_OUT_OF_RANGE', limitFen: fen(Number.MAX_SAFE_INTEGER) }];
  return statedFen === computed ? [] : [{ at, code: 'TOTALS_DIFFER', what, statedFen, computedFen: computed }];
}
