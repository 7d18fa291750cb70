/**
 * What the rules need to know of a unit's budget of one year. Entries (vouchers, requests, adjustments …) are kept whole so
 * that a repeat can be told from a different entry under the same number. The maps belong to whoever folds: `evolve`
 * changes them in place.
 */
import type { CivilDate } from '#domain/calendar.js';
import { EFFECT_KINDS, type Effect, type EffectKind } from '#domain/budget/effects.js';
import type {
  BudgetApproved,
  BudgetLineApproved,
  CarryOverSource,
  ClosingLot,
  Expenditure,
  FundNature,
  LineCodes,
} from '#domain/budget/events.js';
import { ZERO, fen, sum, type Fen } from '#domain/money.js';

export interface LineState {
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  /** Codes from each date on, earliest first. */
  readonly codes: { readonly from: CivilDate; readonly codes: LineCodes }[];
  readonly totals: Record<EffectKind, Fen>;
  /** The part of the totals that names a lot, by origin year. */
  readonly byOrigin: Map<number, { budget: Fen; paid: Fen; takenBack: Fen }>;
  /** Latest effective date of a money effect. */
  lastEffect: CivilDate | undefined;
  /** Opened by itself, not only by an approval. */
  opened: boolean;
  /** False once its approval was withdrawn: the line no longer exists. */
  live: boolean;
}

/** The entry as first booked, to compare a repeat with and to show when another is refused. */
interface Booked {
  readonly effectiveDate: CivilDate;
  readonly belongsTo?: CivilDate | undefined;
  readonly data: object;
}

/** Where what is left of a voucher lies. */
export interface VoucherShare {
  readonly line: string;
  readonly economic: string;
  readonly fen: Fen;
}

export interface VoucherState extends Booked {
  readonly shares: readonly VoucherShare[];
  /** The code that the voucher itself carries; shares without one follow their line. */
  readonly ownCode: string | undefined;
  readonly originYear: number | undefined;
  readonly reversed: boolean;
  /** How often this number was booked before and reversed. */
  readonly rebooked: number;
  /** Latest date on which a share came to be or grew. What takes from a share is not dated before it. */
  readonly changedOn: CivilDate;
}

export interface ReturnState extends Booked {
  readonly voucherNo: string;
  /** `rebooked` of the voucher that it belongs to: a number booked again is another payment. */
  readonly rebooked: number;
  /** What the return took from each share. */
  readonly taken: readonly VoucherShare[];
  /** Dated within the stream's year, so that X fell. */
  readonly sameYear: boolean;
  readonly reversed: boolean;
}

export interface ReservationState extends Booked {
  readonly line: string;
  readonly rest: Fen;
}

export interface AdjustmentState extends Booked {
  readonly effects: readonly Effect[];
  readonly reversed: boolean;
}

export interface CarryOverState extends Booked {
  readonly line: string;
  readonly originYear: number;
  readonly economic: string;
  readonly fen: Fen;
  /** Date of its last revision, else its own. */
  readonly changedOn: CivilDate;
  /** The last closing event that it follows; entered by hand or from a table, none. */
  readonly source?: CarryOverSource | undefined;
}

export interface TakeBackState extends Booked {
  readonly line: string;
  readonly originYear: number;
  readonly fen: Fen;
  readonly reversed: boolean;
}

export interface Approval {
  readonly on: CivilDate;
  readonly effects: Effect[];
  /** What was approved, as booked. Left out where only money is counted. */
  readonly content?: {
    readonly header: BudgetApproved['data'];
    readonly lines: BudgetLineApproved['data'][];
    /** What was carried in before. */
    readonly carryOvers: ReadonlyMap<string, CarryOverState>;
  };
}

export interface BudgetState {
  readonly unit: string;
  readonly year: number;
  approval: Approval | undefined;
  /** Any movement since the approval: it can no longer be withdrawn. */
  moved: boolean;
  readonly lines: Map<string, LineState>;
  readonly vouchers: Map<string, VoucherState>;
  readonly returns: Map<string, ReturnState>;
  readonly requests: Map<string, ReservationState>;
  readonly freezes: Map<string, ReservationState>;
  readonly adjustments: Map<string, AdjustmentState>;
  readonly carryOvers: Map<string, CarryOverState>;
  readonly takeBacks: Map<string, TakeBackState>;
  /** How often something that may be booked again was taken back: `voucher V-1`, `adjustment A-1`, `approval`. */
  readonly reversals: Map<string, number>;
  /** `through` dates of the seals in force, earliest first. */
  readonly seals: CivilDate[];
  closed: { readonly on: CivilDate; readonly closure: number; readonly lots: readonly ClosingLot[] } | undefined;
  closures: number;
  /** Sum of the sizes of all money effects and plans; kept inside the safe range so that no later sum can leave it. */
  turnover: Fen;
}

export const emptyBudget = (unit: string, year: number): BudgetState => ({
  unit,
  year,
  approval: undefined,
  moved: false,
  lines: new Map(),
  vouchers: new Map(),
  returns: new Map(),
  requests: new Map(),
  freezes: new Map(),
  adjustments: new Map(),
  carryOvers: new Map(),
  takeBacks: new Map(),
  reversals: new Map(),
  seals: [],
  closed: undefined,
  closures: 0,
  turnover: ZERO,
});

/**
 * A state that can be evolved apart from the one it came from. Entries are never changed in place, so the maps are copied
 * and the lines, which are, are copied whole.
 */
export const copyOf = (state: BudgetState): BudgetState => ({
  ...state,
  approval: state.approval && approvalCopy(state.approval),
  lines: structuredClone(state.lines),
  vouchers: new Map(state.vouchers),
  returns: new Map(state.returns),
  requests: new Map(state.requests),
  freezes: new Map(state.freezes),
  adjustments: new Map(state.adjustments),
  carryOvers: new Map(state.carryOvers),
  takeBacks: new Map(state.takeBacks),
  reversals: new Map(state.reversals),
  seals: [...state.seals],
});

const approvalCopy = ({ on, effects, content }: Approval): Approval => ({
  on,
  effects: [...effects],
  ...(content && { content: { ...content, lines: [...content.lines] } }),
});

export const noTotals = (): Record<EffectKind, Fen> =>
  Object.fromEntries(EFFECT_KINDS.map((kind) => [kind, ZERO])) as Record<EffectKind, Fen>;

/** B = original + carry-over in + added − cut + net transfers. Rule book 2.1. */
export const currentBudget = (totals: Record<EffectKind, Fen>): Fen =>
  fen(
    totals.original +
      totals['carry-over-in'] +
      totals.added -
      totals.cut +
      totals['transferred-in'] -
      totals['transferred-out'],
  );

/** available = B − taken back − frozen − requested − X; negative when the line is overdrawn. Design 6.3. */
export const available = (totals: Record<EffectKind, Fen>): Fen =>
  fen(currentBudget(totals) - totals['taken-back'] - totals.frozen - totals.requested - totals.paid);

export const sealedThrough = (state: BudgetState): CivilDate | undefined => state.seals.at(-1);

export const voucherRest = (voucher: VoucherState): Fen => sum(voucher.shares.map((share) => share.fen));

/** The line, if it exists: a line whose approval was withdrawn does not. */
export function liveLine(state: BudgetState, id: string): LineState | undefined {
  const line = state.lines.get(id);
  return line?.live ? line : undefined;
}

/** The line's own department economic code at a date, `''` when it has none; its first one for dates before it began. */
export function lineCodeAt(line: LineState, date: CivilDate): string {
  const inForce = line.codes.filter(({ from }) => from <= date).at(-1) ?? line.codes[0];
  return inForce?.codes.departmentEconomic ?? '';
}
