/** Answers of the read API as far as tables and CSV show them. Amounts are yuan strings, percentages have two decimals. */
import type { Checkpoint } from '#domain/calendar.js';

/** What every answer says about the moment it holds for. */
export interface Moment {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: string;
  /** An event of this unit and year could not be projected: the answer ends before it. */
  readonly stale?: true;
  readonly staleReason?: string;
}

export interface ScopeBody {
  readonly funds: 'all' | readonly string[];
  readonly expenditure: string;
}

/** Base quantities in the order in which tables show them; P(t) is no effect of its own and comes last. */
export const AMOUNTS = [
  'original',
  'carryOverIn',
  'added',
  'cut',
  'transferredIn',
  'transferredOut',
  'current',
  'takenBack',
  'frozen',
  'requested',
  'paid',
  'available',
  'plannedToDate',
] as const;
export type AmountName = (typeof AMOUNTS)[number];
export type Amounts = Readonly<Partial<Record<AmountName, string>>>;

export interface LineBody extends Amounts {
  readonly plannedAssumed?: boolean;
  readonly line: string;
  readonly name: string;
  readonly expenditure: string;
  readonly fund: string;
}

export interface LinesBody extends Moment {
  readonly approved?: boolean;
  readonly lines: readonly LineBody[];
  readonly totals: Amounts;
}

export interface RateBody {
  readonly metric: string;
  readonly version: number;
  readonly name: { readonly zh: string; readonly en: string };
  readonly viewOf?: string;
  readonly scope: ScopeBody;
  readonly status: string;
  readonly reason?: string;
  readonly numerator: string | null;
  readonly denominator: string | null;
  readonly percent: string | null;
  /** Rests on a line without a half-year value. */
  readonly assumed?: boolean;
  readonly indicator?: string;
  readonly target?: { readonly checkpoint: Checkpoint; readonly comparator: string; readonly value: string };
  readonly verdict?: string;
  readonly distance?: string;
  /** ＝ n is met, and by more than n. */
  readonly exceeded?: boolean;
  readonly violation?: boolean;
}

export interface RatesBody extends Moment {
  readonly approved?: boolean;
  readonly rates: readonly RateBody[];
}

export interface TargetBody {
  readonly indicator: string;
  readonly block: number;
  readonly level1: string;
  readonly level2: string;
  readonly keyWork?: string;
  readonly level3: string;
  readonly comparator: string;
  readonly half: { readonly text: string; readonly value?: string };
  readonly annual: { readonly text: string; readonly value?: string };
  readonly unit: string;
  readonly metric?: string;
  readonly scope?: ScopeBody;
  readonly scopeBasis?: string;
  readonly result?: string | null;
  readonly verdict?: string;
  readonly distance?: string;
  readonly reason?: string;
  readonly resultDate?: string;
  readonly light?: { readonly state: string };
}

export interface TargetsBody extends Moment {
  readonly checkpoint?: Checkpoint;
  readonly targets: readonly TargetBody[];
}

export interface OverviewBody extends Moment {
  readonly unit: string;
  readonly unitName: string;
  readonly year: number;
  readonly approved: boolean;
  readonly totals: Amounts;
  readonly rates: readonly RateBody[];
  readonly violations: readonly { readonly code: string; readonly message: string }[];
}

/** Who recorded an event. */
export interface Actor {
  readonly id: string;
  readonly name?: string;
}

export interface EntryBody {
  readonly eventId?: string;
  readonly position: string;
  readonly revision: number;
  readonly kind: string;
  readonly line: string;
  readonly ref?: string;
  readonly effectiveDate: string;
  readonly belongsTo?: string;
  readonly recordedAt: string;
  readonly amount: string;
  readonly payee?: { readonly name: string };
  readonly document?: { readonly number: string };
  readonly actor: Actor;
}

export interface JournalBody extends Moment {
  readonly entries: readonly EntryBody[];
  readonly next?: string;
}

export interface ExplanationBody extends JournalBody {
  readonly metric: string;
  readonly version: number;
  readonly name: { readonly zh: string; readonly en: string };
  readonly formula: string;
  readonly source: string;
  readonly scope: ScopeBody;
  readonly status: string;
  readonly reason?: string;
  readonly numerator: string | null;
  readonly denominator: string | null;
  readonly percent: string | null;
  readonly inputs: readonly { readonly name: string; readonly symbol?: string; readonly amount: string }[];
  /** The plan in force of each line, where P(t) goes in. */
  readonly plans?: readonly {
    readonly line: string;
    readonly kind: string;
    readonly effectiveDate?: string;
    readonly plannedToDate: string;
    readonly assumed?: boolean;
  }[];
  readonly priorYear?: { readonly year: number; readonly journal: string };
  readonly link: string;
}

export interface HistoryBody extends Moment {
  readonly entries: readonly {
    readonly revision: number;
    readonly position: string;
    readonly recordedAt: string;
    readonly effectiveDate: string;
    readonly belongsTo?: string;
    readonly type: string;
    readonly sentence: string;
    readonly actor: Actor;
    readonly stream?: string;
    readonly eventId: string;
  }[];
  readonly next?: string;
}

export const nameOf = ({ id, name }: Actor): string => name ?? id;
