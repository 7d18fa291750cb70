/** What a close would be, before anybody closes: every lot, where it would go, and what is worth knowing. Pure. */
import { firstDayOf, yearOf, type CivilDate } from '#domain/calendar.js';
import { bookingDates, carriedLots } from '#domain/budget/carry-forward.js';
import { enteredByHand, planCarry } from '#domain/budget/carry-plan.js';
import { lotsOfClose } from '#domain/budget/closing.js';
import type { BudgetCommand, CarriedLot } from '#domain/budget/commands.js';
import { budgetStream } from '#domain/budget/decide.js';
import type { ClosingLot, Expenditure, FundNature } from '#domain/budget/events.js';
import { available, sealedThrough, type BudgetState } from '#domain/budget/state.js';
import { ZERO, fen, subtract, sum, type Fen } from '#domain/money.js';

export interface PreviewedLot extends Pick<ClosingLot, 'line' | 'originYear' | 'fen' | 'class' | 'reason'> {
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  /** Only of lots that are carried over: the line of the next year. */
  readonly toLine?: string;
  /** That line would be opened. */
  readonly opens?: boolean;
  /** What the next year holds of it already, and what the close would change. */
  readonly existingFen?: Fen;
  readonly differenceFen?: Fen;
}

export type PreviewWarning =
  | { readonly code: 'LINE_OVERDRAWN'; readonly line: string; readonly name: string; readonly availableFen: Fen }
  | { readonly code: 'PRIOR_YEAR_OPEN'; readonly year: number }
  | { readonly code: 'NEXT_YEAR_CLOSED'; readonly year: number }
  /** `bookedOn`: where the carry-over would be booked; none when the whole year is sealed. */
  | {
      readonly code: 'NEXT_YEAR_SEALED';
      readonly year: number;
      readonly sealedThrough: CivilDate;
      readonly bookedOn?: CivilDate;
    }
  | { readonly code: 'TARGET_LINE_OPENED'; readonly line: string; readonly toLine: string }
  /** Carried into the next year by hand or from a table, and no lot of this close is that money. */
  | {
      readonly code: 'CARRY_OVER_UNMATCHED';
      readonly carryOverId: string;
      readonly line: string;
      readonly originYear: number;
      readonly fen: Fen;
    };

export interface ClosingPreview {
  readonly year: number;
  readonly closure: number;
  readonly nextYear: number;
  readonly lots: readonly PreviewedLot[];
  /** Carry-overs of the next year that this close would take back. */
  readonly withdrawn: readonly {
    readonly carryOverId: string;
    readonly line: string;
    readonly originYear: number;
    readonly fen: Fen;
  }[];
  readonly totals: {
    readonly unspentFen: Fen;
    readonly carryOverFen: Fen;
    readonly surplusFen: Fen;
    readonly existingFen: Fen;
    readonly differenceFen: Fen;
  };
  readonly warnings: readonly PreviewWarning[];
}

/** The years around the one that is closed; `prior` only if it is in the ledger, `next` empty if it is not. */
export interface YearsAround {
  readonly prior: BudgetState | undefined;
  readonly next: BudgetState;
}

export function closingPreview(
  state: BudgetState,
  command: Extract<BudgetCommand, { type: 'CloseYear' }>,
  { prior, next }: YearsAround,
): ClosingPreview {
  const closing = lotsOfClose(state, command);
  const carried = carriedLots(state, closing);
  const plan = planCarry(next, { stream: budgetStream(state.unit, state.year) }, carried);
  const places = new Map(plan.placed.map((placed) => [lotKey(placed.lot), placed]));
  const lots = closing.map((lot): PreviewedLot => {
    const { name = '', expenditure = 'project', fund = 'other' } = state.lines.get(lot.line) ?? {};
    const { toLine: _named, ...kept } = lot;
    const shown = { ...kept, name, expenditure, fund };
    const placed = places.get(lotKey({ originLine: lot.line, originYear: lot.originYear }));
    if (lot.class === 'surplus' || placed === undefined) return shown;
    const existingFen = next.carryOvers.get(placed.carryOverId ?? '')?.fen ?? ZERO;
    const { line: toLine, opens } = placed;
    return { ...shown, toLine, opens, existingFen, differenceFen: subtract(lot.fen, existingFen) };
  });
  const withdrawn = plan.withdrawn.map((carryOverId) => carriedEntry(next, carryOverId));
  const kept = new Set([...plan.placed.map(({ carryOverId }) => carryOverId), ...plan.withdrawn]);
  return {
    year: state.year,
    closure: state.closures + 1,
    nextYear: next.year,
    lots,
    withdrawn,
    totals: totalsOf(lots, withdrawn),
    warnings: [
      ...overdrawnLines(state),
      ...(prior !== undefined && prior.closed === undefined
        ? [{ code: 'PRIOR_YEAR_OPEN', year: prior.year } as const]
        : []),
      ...nextYearWarnings(next),
      ...carried
        .filter(({ toLine }) => toLine !== undefined && !next.lines.get(toLine)?.live)
        .map(({ originLine: line, toLine = '' }) => ({ code: 'TARGET_LINE_OPENED', line, toLine }) as const),
      ...enteredByHand(next)
        .filter(([id]) => !kept.has(id))
        .map(([id]) => ({ code: 'CARRY_OVER_UNMATCHED', ...carriedEntry(next, id) }) as const),
    ],
  };
}

const lotKey = ({ originLine, originYear }: Pick<CarriedLot, 'originLine' | 'originYear'>): string =>
  `${originLine} ${originYear}`;

function carriedEntry(state: BudgetState, carryOverId: string) {
  const entry = state.carryOvers.get(carryOverId);
  if (entry === undefined) throw new Error(`a plan names carry-over ${carryOverId}, which is not there`);
  const { line, originYear, fen: amount } = entry;
  return { carryOverId, line, originYear, fen: amount };
}

function totalsOf(lots: readonly PreviewedLot[], withdrawn: ClosingPreview['withdrawn']): ClosingPreview['totals'] {
  const of = (kind: ClosingLot['class']) => sum(lots.filter((lot) => lot.class === kind).map((lot) => lot.fen));
  const carryOverFen = of('carry-over');
  const existingFen = sum([
    ...lots.map(({ existingFen: existing = ZERO }) => existing),
    ...withdrawn.map((entry) => entry.fen),
  ]);
  const surplusFen = of('surplus');
  const unspentFen = fen(carryOverFen + surplusFen);
  return { unspentFen, carryOverFen, surplusFen, existingFen, differenceFen: subtract(carryOverFen, existingFen) };
}

function overdrawnLines({ lines }: BudgetState): PreviewWarning[] {
  return [...lines].flatMap(([line, { name, totals }]): PreviewWarning[] => {
    const availableFen = available(totals);
    return availableFen < 0 ? [{ code: 'LINE_OVERDRAWN', line, name, availableFen }] : [];
  });
}

function nextYearWarnings(next: BudgetState): PreviewWarning[] {
  const { year } = next;
  const sealed = sealedThrough(next);
  if (next.closed !== undefined) return [{ code: 'NEXT_YEAR_CLOSED', year }];
  if (sealed === undefined) return [];
  const { effectiveDate } = bookingDates(next, firstDayOf(year));
  const bookedOn = yearOf(effectiveDate) === year ? { bookedOn: effectiveDate } : {};
  return [{ code: 'NEXT_YEAR_SEALED', year, sealedThrough: sealed, ...bookedOn }];
}
