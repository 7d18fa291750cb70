/** Answers that compare two moments, or open an amount, as far as tables and CSV show them. */
import type { ExplanationBody, HistoryBody, JournalBody, Moment, RateBody, ScopeBody } from './bodies.js';

export interface ChangeBody {
  readonly figure: string;
  readonly a: string;
  readonly b: string;
  /** b − a. */
  readonly change: string;
}

export interface RateChangeBody {
  readonly metric: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly viewOf?: string;
  readonly scope: ScopeBody;
  readonly indicator?: string;
  readonly a?: RateBody;
  readonly b?: RateBody;
  readonly change?: string;
  readonly moved: boolean;
}

type Telling = HistoryBody['entries'][number];

export interface MovedBody extends Telling {
  readonly why: string;
  readonly late?: boolean;
  readonly onlyIn: string;
  readonly effects: readonly { readonly line: string; readonly kind: string; readonly amount: string }[];
}

/** What an answer says of one of its two moments. */
type MomentBody = Pick<Moment, 'asOf' | 'knownAt' | 'position'> & { readonly seal?: number };

export interface CompareBody extends Omit<Moment, 'asOf' | 'knownAt' | 'position'> {
  readonly a: MomentBody;
  readonly b: MomentBody;
  readonly scope?: ScopeBody;
  readonly summary: {
    readonly events: number;
    readonly late: number;
    readonly sentences: { readonly zh: readonly string[]; readonly en: readonly string[] };
  };
  readonly totals: { readonly changes: readonly ChangeBody[] };
  readonly lines: readonly { readonly line: string; readonly name: string; readonly changes: readonly ChangeBody[] }[];
  readonly rates: readonly RateChangeBody[];
  readonly entries: readonly MovedBody[];
  readonly next?: string;
  readonly link: string;
}

/** The explanation of an amount. */
export interface FigureExplanationBody
  extends JournalBody, Pick<ExplanationBody, 'version' | 'name' | 'formula' | 'source' | 'plans' | 'link'> {
  readonly figure: string;
  readonly symbol?: string;
  readonly line?: string;
  readonly scope?: ScopeBody;
  readonly amount: string;
  readonly assumed?: boolean;
  readonly inputs: readonly (ExplanationBody['inputs'][number] & { readonly sign?: number })[];
}
