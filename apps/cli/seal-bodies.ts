/** Answers about seals as far as tables and CSV show them. */
import type { Actor, Amounts, LineBody, Moment, RateBody, ScopeBody } from './bodies.js';

export interface SealBody {
  readonly number: number;
  readonly through: string;
  readonly sealedOn: string;
  readonly recordedAt: string;
  readonly by: Actor;
  readonly reason: string;
  readonly revision: number;
  readonly inForce: boolean;
  readonly reopened?: { readonly on: string; readonly reason: string; readonly recordedAt: string; readonly by: Actor };
  readonly streams: readonly { readonly stream: string; readonly revision: number }[];
  readonly reports: readonly KeptBody[];
}

export interface KeptBody {
  readonly kind: string;
  readonly scope: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface SealsBody extends Moment {
  readonly seals: readonly SealBody[];
}

export interface DifferenceBody {
  readonly code: string;
  readonly where: string;
  readonly sealed: string | null;
  readonly now: string | null;
}

export interface SealedBody extends Moment {
  readonly seal: SealBody;
  readonly reproduction: {
    readonly same: boolean;
    readonly reasons?: readonly DifferenceBody[];
    readonly more?: number;
  };
  readonly reports: readonly (KeptBody & {
    readonly digestHolds: boolean;
    readonly content?: {
      readonly approved: boolean;
      readonly lines?: readonly LineBody[];
      readonly totals?: readonly { readonly scope: ScopeBody; readonly figures: Amounts }[];
      readonly rates?: readonly RateBody[];
    };
  })[];
}

export interface AmountRestatedBody {
  readonly amount: string;
  readonly sealed: string;
  readonly restated: string;
  readonly change: string;
}

export interface RestatementBody extends Moment {
  readonly seal: SealBody;
  readonly touched: boolean;
  readonly sentence: string;
  readonly basis: string;
  readonly totals: readonly AmountRestatedBody[];
  readonly lines: readonly {
    readonly line: string;
    readonly name: string;
    readonly since?: string;
    readonly changes: readonly AmountRestatedBody[];
  }[];
  readonly rates: readonly {
    readonly sealed?: RateBody;
    readonly restated?: RateBody;
    readonly change?: string;
    readonly turned?: boolean;
    readonly since?: string;
  }[];
  readonly count: number;
  readonly entries: readonly RestatementEntryBody[];
  readonly next?: string;
}

export interface RestatementEntryBody {
  readonly revision: number;
  readonly position: string;
  readonly recordedAt: string;
  readonly effectiveDate: string;
  readonly belongsTo?: string;
  readonly type: string;
  readonly sentence: string;
  readonly actor: Actor;
  readonly stream: string;
  readonly eventId: string;
  readonly touches: string;
  readonly knownWhenSealed?: boolean;
  readonly ref?: string;
  readonly document?: string;
  readonly effects: readonly { readonly line: string; readonly kind: string; readonly amount: string }[];
}
