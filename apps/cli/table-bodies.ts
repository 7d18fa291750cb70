/** Answers about a performance table as a whole, as far as tables and CSV show them: its checks, its texts, the shipped profiles. */
import type { Narrative } from '#domain/performance/events.js';
import type { Moment, ScopeBody } from './bodies.js';
import type { ProfileBody } from './performance-bodies.js';

export interface CoherentBody {
  readonly indicator: string;
  readonly metric: string;
  readonly checkpoint: string;
  readonly target: { readonly comparator: string; readonly value: string; readonly unit: string };
  readonly implied: readonly {
    readonly scope: ScopeBody;
    readonly status: string;
    readonly reason?: string;
    readonly percent?: string;
    readonly fits: boolean;
  }[];
}

export interface FindingBody {
  readonly code: string;
  readonly severity: string;
  readonly indicators: readonly string[];
  readonly facts: Readonly<Record<string, string | readonly string[]>>;
}

export interface CoherenceBody extends Moment {
  readonly coherence: readonly CoherentBody[];
  readonly findings: readonly FindingBody[];
}

export interface MismatchBody {
  readonly code: string;
  readonly gap?: string;
  readonly allowed?: string;
  readonly line?: string;
  readonly indicators?: readonly string[];
}

export interface BesideBody {
  readonly indicator: string;
  readonly level3: string;
  readonly lines: readonly { readonly line: string; readonly name?: string }[];
  readonly work: { readonly status: string; readonly reason?: string; readonly percent?: string };
  readonly money: {
    readonly status: string;
    readonly reason?: string;
    readonly paid: string;
    readonly current: string;
    readonly percent?: string;
  };
  readonly gap?: string;
  readonly flags: readonly MismatchBody[];
}

export interface WorkAndMoneyBody extends Moment {
  readonly thresholds: number;
  readonly linked: readonly BesideBody[];
}

export interface NarrativeBody extends Moment, Narrative {
  readonly setBy?: { readonly on: string };
}

/** Texts in the order in which the form prints them, with the options that state them. */
export const TEXTS = [
  ['duties', 'duties'],
  ['organisation', 'organisation'],
  ['staffing', 'staffing'],
  ['longTermGoal', 'long-term-goal'],
  ['annualGoal', 'annual-goal'],
  ['annualOutcome', 'annual-outcome'],
] as const satisfies readonly (readonly [keyof Narrative, string])[];

export interface ProfilesBody {
  readonly profiles: readonly NonNullable<ProfileBody['profile']>[];
}
