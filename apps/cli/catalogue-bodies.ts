/** Answers about what there is and what is planned: units, years, formulas, payment plans. */
import type { Moment } from './bodies.js';

export interface UnitsBody {
  readonly units: readonly {
    readonly unit: string;
    readonly name: string;
    readonly parent?: string;
    readonly validFrom?: string;
  }[];
}

export interface YearsBody {
  readonly years: readonly { readonly year: number }[];
}

export interface FormulasBody {
  readonly formulas: readonly {
    readonly id: string;
    readonly version: number;
    readonly name: { readonly zh: string; readonly en: string };
    readonly formula: string;
    readonly source: string;
    readonly viewOf?: string;
  }[];
  /** Base quantities: the amounts that the formulas are put together from. */
  readonly quantities?: FormulasBody['formulas'];
}

export interface PlanBody extends Moment {
  readonly plans: readonly {
    readonly line: string;
    readonly name: string;
    readonly kind: string;
    readonly effectiveDate?: string;
    /** Cumulative planned payment at the end of each month, January first. */
    readonly cumulative: readonly string[];
    readonly assumed?: boolean;
  }[];
}
