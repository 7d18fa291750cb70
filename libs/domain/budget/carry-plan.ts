/**
 * Where the carry-over lots of a close go in the next year: which line takes each, which of the carry-overs that are there
 * already it is, and what no longer holds. Pure; the decision and the preview of a close look at the same plan.
 */
import type { BroughtForward, CarriedLot, Closing } from '#domain/budget/commands.js';
import type { BudgetFault } from '#domain/budget/rejections.js';
import { liveLine, type BudgetState, type CarryOverState } from '#domain/budget/state.js';

export interface PlacedLot {
  readonly lot: CarriedLot;
  /** Line of the next year. */
  readonly line: string;
  /** The line is not there yet. */
  readonly opens: boolean;
  /** The carry-over that holds this lot already: brought by an earlier closure, or entered by hand or from a table. */
  readonly carryOverId?: string;
}

export interface CarryPlan {
  readonly placed: readonly PlacedLot[];
  /** Carry-overs of an earlier closure, or by hand for a lot that goes elsewhere: nothing is left of them. */
  readonly withdrawn: readonly string[];
  readonly faults: readonly BudgetFault[];
}

type Identity = Pick<CarriedLot, 'fund' | 'expenditure'>;
type Held = readonly [carryOverId: string, entry: CarryOverState];

/**
 * Each lot goes to the line that the close named, or stays where an earlier closure brought it; else to the line of the same
 * id, name, fund and kind; else to the only line of that name, fund and kind; else to a line to be opened. A carry-over
 * without a source on the line, or from the origin line, and of the origin year is the same money entered by hand.
 */
export function planCarry(
  state: BudgetState,
  { stream }: Pick<Closing, 'stream'>,
  lots: readonly CarriedLot[],
): CarryPlan {
  const places = new Places(state, lots);
  const faults: BudgetFault[] = [];
  const held = heldLots(state, stream);
  const placed: Draft[] = lots.map((lot, index) => {
    const own = (held.get(lotKey(lot.originLine, lot.originYear)) ?? []).filter(([, { line }]) =>
      isOn(state, line, lot),
    );
    if (lot.toLine === undefined) {
      const kept = own.find(([, entry]) => entry.fen > 0) ?? own[0];
      if (kept !== undefined) return { lot, index, own, line: kept[1].line, opens: false, kept };
      return { lot, index, own, ...places.find(lot) };
    }
    faults.push(...places.faultsOf(lot, `/lots/${index}/toLine`));
    const place = places.find(lot);
    return { lot, index, own, ...place, kept: own.find(([, { line }]) => line === place.line) };
  });
  adoptByHand(state, placed);
  const withdrawn = [...held.values()].flat().concat(placed.flatMap(({ replaced = [] }) => replaced));
  const kept = new Set(placed.map((draft) => draft.kept?.[0]));
  return {
    placed: placed.map(({ lot, line, opens, kept: entry }) => ({
      lot,
      line,
      opens,
      ...(entry === undefined ? {} : { carryOverId: entry[0] }),
    })),
    withdrawn: withdrawn.filter(([id, { fen }]) => fen > 0 && !kept.has(id)).map(([id]) => id),
    faults,
  };
}

/** What `planCarry` knows of a lot while it works: `own` are the carry-overs that earlier closures brought for it. */
interface Draft {
  readonly lot: CarriedLot;
  readonly index: number;
  readonly own: readonly Held[];
  line: string;
  opens: boolean;
  kept?: Held | undefined;
  replaced?: readonly Held[];
}

const lotKey = (originLine: string, originYear: number): string => `${originLine} ${originYear}`;

export const originLineOf = ({ data }: CarryOverState): string => (data as BroughtForward).originLine;

/** Carry-overs that closings of the stream brought, by origin line and year, in the order in which they came. */
function heldLots(state: BudgetState, stream: string): Map<string, Held[]> {
  const held = new Map<string, Held[]>();
  for (const [id, entry] of state.carryOvers) {
    if (entry.source?.stream !== stream) continue;
    const key = lotKey(originLineOf(entry), entry.originYear);
    held.set(key, [...(held.get(key) ?? []), [id, entry]]);
  }
  return held;
}

/** Carry-overs that no close brought and that hold money. */
export const enteredByHand = (state: BudgetState): Held[] =>
  [...state.carryOvers].filter(([, { source, fen }]) => source === undefined && fen > 0);

/** Same line and origin line first, then same origin line, then same line. No entry is taken twice. */
function adoptByHand(state: BudgetState, drafts: readonly Draft[]): void {
  const byHand = enteredByHand(state);
  if (byHand.length === 0) return;
  const taken = new Set<string>();
  const nearness: readonly ((draft: Draft, entry: CarryOverState) => boolean)[] = [
    ({ line, lot }, entry) => entry.line === line && originLineOf(entry) === lot.originLine,
    ({ lot }, entry) => originLineOf(entry) === lot.originLine,
    ({ line }, entry) => entry.line === line,
  ];
  for (const isNear of nearness) {
    for (const draft of drafts) {
      if (draft.own.length > 0 || draft.kept !== undefined || draft.replaced !== undefined) continue;
      const found = byHand.find(
        ([id, entry]) => !taken.has(id) && entry.originYear === draft.lot.originYear && isNear(draft, entry),
      );
      if (found === undefined) continue;
      taken.add(found[0]);
      adopt(state, draft, found);
    }
  }
}

/**
 * Money entered on another line stays there, unless the close names a line or the fund or kind would change. An entry that says
 * it comes from another line gives way to one that tells where it comes from.
 */
function adopt(state: BudgetState, draft: Draft, found: Held): void {
  const [, entry] = found;
  const { lot } = draft;
  const stays = entry.line === draft.line || (lot.toLine === undefined && isOn(state, entry.line, lot));
  if (!stays || originLineOf(entry) !== lot.originLine) {
    draft.replaced = [found];
    return;
  }
  draft.kept = found;
  if (entry.line !== draft.line) draft.opens = false;
  draft.line = entry.line;
}

/** Whether the line holds money of the lot's fund and kind. */
function isOn(state: BudgetState, line: string, lot: CarriedLot): boolean {
  const there = state.lines.get(line);
  return there !== undefined && isAlike(there, lot);
}

const isAlike = (a: Identity, b: Identity): boolean => a.fund === b.fund && a.expenditure === b.expenditure;
const identityKey = ({ name, fund, expenditure }: CarriedLot | NonNullable<ReturnType<typeof liveLine>>): string =>
  `${fund} ${expenditure} ${name}`;

interface Place {
  readonly line: string;
  readonly opens: boolean;
}

/** Lines of the next year, those that this carry-over has to open among them. */
class Places {
  /** Lines to be opened, by id, with the lot that they take their identity from. */
  readonly #opened = new Map<string, CarriedLot>();
  readonly #byIdentity = new Map<string, string[]>();
  readonly #found = new Map<string, Place>();

  constructor(
    private readonly state: BudgetState,
    lots: readonly CarriedLot[],
  ) {
    const own = new Set(lots.filter((lot) => this.#isSame(lot.originLine, lot)).map(({ originLine }) => originLine));
    for (const [id, line] of state.lines) {
      // A line that another lot finds under its own id is not taken for a namesake.
      if (!line.live || own.has(id)) continue;
      this.#byIdentity.set(identityKey(line), [...(this.#byIdentity.get(identityKey(line)) ?? []), id]);
    }
    // Named lines first, so that the order of the lots does not matter.
    for (const lot of lots) if (lot.toLine !== undefined) this.find(lot);
  }

  find(lot: CarriedLot): Place {
    const key = `${lot.originLine} ${lot.toLine ?? ''}`;
    const found = this.#found.get(key) ?? this.#search(lot);
    this.#found.set(key, found);
    return found;
  }

  /** A named line that has another fund or kind. */
  faultsOf(lot: CarriedLot, at: string): BudgetFault[] {
    const { originLine, toLine = '', fund, expenditure } = lot;
    const there = liveLine(this.state, toLine) ?? this.#opened.get(toLine);
    if (there === undefined || isAlike(there, lot)) return [];
    const { fund: toFund, expenditure: toExpenditure } = there;
    return [{ at, code: 'TARGET_LINE_DIFFERS', line: originLine, fund, expenditure, toLine, toFund, toExpenditure }];
  }

  #search(lot: CarriedLot): Place {
    const { originLine, originYear, toLine } = lot;
    if (toLine !== undefined) return this.#atOrOpen(toLine, lot);
    if (this.#isSame(originLine, lot)) return { line: originLine, opens: false };
    const [only, another] = this.#byIdentity.get(identityKey(lot)) ?? [];
    if (only !== undefined && another === undefined) return { line: only, opens: false };
    for (const id of idsFor(originLine, this.state.year - 1)) {
      if (this.#isSame(id, lot) || this.#isFree(id)) return this.#atOrOpen(id, lot);
    }
    throw new Error(`no id is left for line ${originLine} of ${originYear}`);
  }

  #atOrOpen(line: string, lot: CarriedLot): Place {
    if (liveLine(this.state, line) !== undefined) return { line, opens: false };
    if (!this.#opened.has(line)) this.#opened.set(line, lot);
    return { line, opens: true };
  }

  #isFree(id: string): boolean {
    return liveLine(this.state, id) === undefined && !this.#opened.has(id);
  }

  #isSame(id: string, lot: CarriedLot): boolean {
    const line = liveLine(this.state, id);
    return line !== undefined && identityKey(line) === identityKey(lot);
  }
}

/** The id itself, then with the year it comes from, then numbered. */
function* idsFor(id: string, year: number): Generator<string> {
  yield id;
  const stem = `${stemOf(id)}-${year}`;
  yield stem;
  for (let number = 2; number < 10_000; number += 1) yield `${stem}-${number}`;
}

/** As much of an id as leaves room for what is added: ids have at most 64 characters. */
export const stemOf = (id: string): string => [...id].slice(0, 46).join('');
