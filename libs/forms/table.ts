/**
 * The published performance table of one unit and year (部门整体预算绩效目标表) as data, whatever file it came from: what a
 * preview shows and what a plan is made of. Amounts are exact fen; line amounts are as printed, that is, they include
 * last year's carry-over (rule book 13, 9).
 */
import type { CivilDate } from '#domain/calendar.js';
import {
  APPROPRIATION_FUNDS,
  type EconomicShare,
  type Expenditure,
  type FundNature,
  type LineCodes,
} from '#domain/budget/events.js';
import type { DocumentRef } from '#domain/envelope.js';
import type { Fen } from '#domain/money.js';
import type { Indicator, Narrative } from '#domain/performance/events.js';
import type { AmountUnit } from '#forms/amount.js';

/** Rows of the income block in printed order: the total, the subtotal of fiscal appropriation, and the sources. */
export const INCOME_ROWS = [
  'total',
  'appropriation',
  'general-public',
  'government-funds',
  'special-account',
  'state-capital',
  'social-insurance',
  'carry-over',
  'other',
] as const;
export type IncomeRow = (typeof INCOME_ROWS)[number];

/** Sources that the appropriation subtotal is made of. */
export const APPROPRIATION_ROWS = APPROPRIATION_FUNDS satisfies readonly IncomeRow[];

/** `halfFen`: planned execution by mid-year 半年计划执行数; `annualFen`: budget of the year 全年预算数. */
export interface PlannedAmount {
  readonly halfFen: Fen;
  readonly annualFen: Fen;
}

/** How a fund nature is known: the source says so, it follows from the figures, or a person confirmed it. */
export type FundBasis = 'stated' | 'inferred' | 'confirmed';

export interface TableLine extends PlannedAmount {
  /** `B01` for basic expenditure, `P01`, `P02`, … for projects in printed order, unless the file names its own. */
  readonly line: string;
  readonly name: string;
  readonly expenditure: Expenditure;
  readonly fund?: FundNature;
  readonly fundBasis?: FundBasis;
  readonly codes?: LineCodes;
  /** Parts of the annual amount by department economic code. */
  readonly economic?: readonly EconomicShare[];
}

/** Part of a line's printed amount that was first approved in an earlier year. */
export interface CarryOverShare {
  readonly line: string;
  readonly originYear: number;
  readonly fen: Fen;
  /** Id of the line in that year; the same as `line` unless stated. */
  readonly originLine?: string;
}

export interface PerformanceTable {
  /** As printed: 苏州市市级部门整体预算绩效目标表. */
  readonly title: string;
  readonly year: number;
  readonly unitName: string;
  readonly unitCode?: string;
  /** Unit of the printed amounts; the amounts here are fen. */
  readonly amountUnit: AmountUnit;
  readonly income: Readonly<Record<IncomeRow, Fen>>;
  readonly basic: PlannedAmount;
  readonly project: PlannedAmount;
  readonly lines: readonly TableLine[];
  readonly indicators: readonly Indicator[];
  /** Second-level headings that the form prints without an indicator of their own. */
  readonly emptyHeadings: readonly { readonly level1: string; readonly level2: string }[];
  readonly approval?: { readonly approvedOn?: CivilDate; readonly document?: DocumentRef };
  readonly carryOverByLine?: readonly CarryOverShare[];
  /** The free texts, as far as the reader of the file gives them. */
  readonly narrative?: Narrative;
}

/** More than these are refused: an approved plan is one append (design 6.3). */
export const LINES_LIMIT = 2_000;
export const INDICATORS_LIMIT = 2_000;
