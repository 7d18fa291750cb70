/** Answers about results, forms and pace as far as tables and CSV show them. */
import type { Actor, Moment } from './bodies.js';

export interface ValueBody {
  readonly value?: string;
  readonly text?: string;
  readonly points?: readonly { readonly point: string; readonly met: boolean }[];
}

export interface EvidenceBody {
  readonly title: string;
  readonly document?: { readonly number: string };
  readonly voucherNo?: string;
  readonly attachment?: { readonly sha256: string; readonly bytes: number; readonly name: string };
}

interface RecordedBody {
  readonly date: string;
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly evidence: readonly EvidenceBody[];
  readonly withdrawn?: { readonly reason: string };
}

export interface ResultBody extends RecordedBody {
  readonly resultId: string;
  readonly indicator: string;
  readonly level3?: string;
  readonly unit?: string;
  readonly result: ValueBody;
  readonly note?: string;
  readonly corrections: readonly { readonly reason: string }[];
}

export interface ResultsBody extends Moment {
  readonly results: readonly ResultBody[];
  readonly next?: string;
}

export interface FactBody extends RecordedBody {
  readonly factId: string;
  readonly fact: string;
  readonly value: string;
  readonly corrections: readonly { readonly reason: string }[];
}

export interface FactsBody extends Moment {
  readonly facts: readonly {
    readonly fact: string;
    readonly name: { readonly zh: string; readonly en: string };
    readonly unit: string;
    readonly value: string | null;
    readonly date?: string;
  }[];
  readonly recorded: readonly FactBody[];
}

export interface FormDifferenceBody {
  readonly block: string;
  readonly row: string;
  readonly member: string;
  readonly submitted?: string;
  readonly now?: string;
}

/** What every answer about a form says beside the form. */
export interface FormBody<Form> extends Moment {
  readonly state: string;
  readonly form: Form;
  readonly submission?: { readonly submission: number; readonly submittedOn: string };
  readonly changedSince?: readonly FormDifferenceBody[];
}

export interface SubmissionsBody extends Moment {
  readonly submissions: readonly {
    readonly stage?: number;
    readonly submission: number;
    readonly submittedOn: string;
    readonly state: string;
    readonly recordedAt: string;
    readonly actor: Actor;
    readonly overall?: string;
    readonly total?: string;
    readonly grade?: string;
    readonly withdrawn?: { readonly reason: string };
  }[];
}

export interface RectificationsBody extends Moment {
  readonly rectifications: readonly {
    readonly rectificationId: string;
    readonly state: string;
    readonly openedOn: string;
    readonly indicator?: string;
    readonly line?: string;
    readonly stage?: number;
    readonly requirement: string;
    readonly due?: string;
    readonly overdue?: true;
    readonly closed?: { readonly on: string; readonly measures: string; readonly conclusion: string };
  }[];
}

export interface BoundsBody {
  readonly redBelow: string;
  readonly yellowBelow: string;
  readonly blueFrom?: string;
}

export interface ThresholdsBody extends Moment {
  readonly thresholds: {
    readonly version: number;
    readonly work: BoundsBody;
    readonly money: BoundsBody;
    readonly workMoneyGap: string;
  };
  readonly setBy?: { readonly on: string; readonly reason?: string };
}

export interface ProfileBody extends Moment {
  readonly profile?: {
    readonly id: string;
    readonly version: number;
    readonly name: { readonly zh: string; readonly en: string };
    readonly source: string;
    readonly rules: {
      readonly total?: string;
      readonly groups?: readonly {
        readonly group: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly weight: string;
      }[];
    };
  };
  readonly setBy?: { readonly on: string; readonly reason?: string };
}

export interface PacedBody {
  readonly line?: string;
  readonly name?: string;
  readonly indicator?: string;
  readonly level3?: string;
  readonly unit?: string;
  readonly planned?: string;
  readonly done?: { readonly on: string; readonly value: string };
  readonly deviation?: string;
  readonly perDay?: string;
  readonly required?: {
    readonly on: string;
    readonly target: string;
    readonly left: string;
    readonly perMonth: string;
  };
  readonly forecast: {
    readonly status: string;
    readonly reason?: string;
    readonly method?: string;
    readonly value?: string;
    readonly low?: string;
    readonly high?: string;
  };
  readonly light: { readonly state: string };
}

export interface PaceBody extends Moment {
  readonly lines: readonly PacedBody[];
  readonly indicators: readonly PacedBody[];
}
