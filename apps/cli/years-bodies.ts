/** Answers about carried-over money, years side by side and curves, as far as tables and CSV show them. */
import type { Moment, RateBody, ScopeBody } from './bodies.js';

export interface LotBody {
  readonly line: string;
  readonly name: string;
  readonly fund: string;
  readonly expenditure: string;
  readonly originYear: number;
  readonly age: number;
  readonly broughtIn: string;
  readonly revised: string;
  readonly carryOverIn: string;
  readonly transferredIn: string;
  readonly transferredOut: string;
  readonly cut: string;
  readonly takenOtherwise: string;
  readonly budget: string;
  readonly paid: string;
  readonly takenBack: string;
  readonly unspent: string;
  readonly becomesSurplusOn: string | null;
  readonly becomesSurplusReason?: string;
  readonly classAtYearEnd: 'carry-over' | 'surplus';
  readonly provisional?: boolean;
  readonly carryOvers: readonly {
    readonly carryOverId: string;
    readonly source: { readonly stream: string; readonly revision: number } | null;
  }[];
  readonly lineage: readonly {
    readonly year: number;
    readonly line: string;
    readonly cited: boolean;
    readonly ends?: string;
  }[];
}

export interface ClosingBody {
  readonly closure: number;
  readonly effectiveDate: string;
  readonly lots: readonly {
    readonly line: string;
    readonly name: string;
    readonly originYear: number;
    readonly class: 'carry-over' | 'surplus';
    readonly reason: string;
    readonly amount: string;
    readonly went: readonly { readonly year: number; readonly line: string; readonly amount: string }[];
    readonly difference: string;
    readonly takenBack: string;
    readonly due: string;
  }[];
  readonly takenBackBefore?: readonly {
    readonly line: string;
    readonly name: string;
    readonly originYear: number;
    readonly amount: string;
  }[];
  readonly unexplained: readonly {
    readonly year: number;
    readonly line: string;
    readonly carryOverId: string;
    readonly amount: string;
  }[];
}

export interface CarryOversBody extends Moment {
  readonly state: string;
  readonly provisional?: boolean;
  readonly lots: readonly LotBody[];
  readonly totals: {
    readonly all: Pick<LotBody, 'broughtIn' | 'revised' | 'carryOverIn' | 'budget' | 'paid' | 'takenBack' | 'unspent'>;
  };
  readonly overdrawn?: readonly { readonly line: string; readonly name: string; readonly amount: string }[];
  readonly closing?: ClosingBody;
  readonly rates: readonly {
    readonly year: number;
    readonly asOf: string;
    readonly state: string;
    readonly carryOverRate: RateBody;
    readonly carryOverChange: RateBody;
  }[];
}

export interface YearColumnBody {
  readonly year: number;
  readonly asOf: string;
  readonly state: string;
  readonly unspent: string;
  readonly takenBack: string;
  readonly executionRate: RateBody;
  readonly carryOverRate: RateBody;
  readonly carryOverChange: RateBody;
}

export interface OverYearsBody {
  readonly unit: string;
  readonly unitName: string;
  readonly knownAt: string;
  readonly position: string;
  readonly staleReason?: string;
  readonly scope: ScopeBody;
  readonly missing: readonly number[];
  readonly columns: readonly YearColumnBody[];
  readonly lines: readonly {
    readonly line: string;
    readonly name: { readonly zh: string; readonly en: string };
    readonly unit: string;
    readonly values: readonly (string | null)[];
  }[];
}

export interface PointBody {
  readonly date: string;
  readonly planned: string;
  readonly plannedAssumed?: boolean;
  readonly current?: string;
  readonly paid?: string;
  readonly percent?: string | null;
  readonly reason?: string;
  readonly explanation?: string;
}

export interface SeriesBody extends Moment {
  readonly approved: boolean;
  readonly scope: ScopeBody;
  readonly line?: string;
  readonly points: readonly PointBody[];
  readonly targets: readonly {
    readonly indicator: string;
    readonly date: string;
    readonly comparator: string;
    readonly percent: string;
  }[];
}
