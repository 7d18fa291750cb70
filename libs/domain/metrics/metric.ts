/** One formula of the registry: what it is called, what it says, where it comes from, and the function that computes it. */
import type { EffectKind } from '#domain/budget/effects.js';
import type { Expenditure } from '#domain/budget/events.js';
import { type CivilDate, civilDate, lastDayOf } from '#domain/calendar.js';
import type { MetricResult } from '#domain/metrics/result.js';
import type { Picture, Scope } from '#domain/metrics/quantities.js';
import type { CheckpointBasis } from '#domain/performance/events.js';

/** What the figure is made of, so that an explanation lists the effects behind it and no others. */
export interface Inputs {
  readonly kinds: readonly EffectKind[];
  /** P(t) goes in: the plans in force belong to the explanation. */
  readonly plan?: true;
  /** Figures of the year before go in. */
  readonly priorYear?: true;
  /** Only amounts under these department economic codes: three digits a class, five an item. */
  readonly economic?: readonly string[];
  /** Only this kind of expenditure, whatever the scope. */
  readonly expenditure?: Expenditure;
}

/** What a formula says of itself, whether it computes money or base facts. */
export interface Formula {
  readonly id: string;
  /** Raised with every change of meaning; reports print it. */
  readonly version: number;
  readonly name: { readonly zh: string; readonly en: string };
  /** In the symbols of rule book 2.1. */
  readonly formula: string;
  /** Document number and clause. The wording is never quoted as law: these are default definitions (rule book 13, 7). */
  readonly source: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly validFrom: CivilDate;
  readonly checkpointBasis: CheckpointBasis;
  /** What the figure says at each checkpoint. */
  readonly checkpoints: { readonly half: string; readonly annual: string };
  /** The metric that this is a registered view of. */
  readonly viewOf?: string;
}

export interface Metric extends Formula {
  readonly inputs: Inputs;
  readonly compute: (picture: Picture, scope: Scope) => MetricResult;
}

/** Date of 财预〔2013〕53号, the reference framework that the default definitions follow. */
export const FRAMEWORK_DATE = civilDate('2013-04-21');

/** All that B(t) is made of. */
export const BUDGET_KINDS = ['original', 'carry-over-in', 'added', 'cut', 'transferred-in', 'transferred-out'] as const;

export const isYearEnd = (picture: Pick<Picture, 'year' | 'asOf'>): boolean => picture.asOf === lastDayOf(picture.year);

/** Whether the books may lack what the figure needs: codes on every amount, or the year before. */
export const mayLackData = ({ inputs }: Pick<Metric, 'inputs'>): boolean =>
  inputs.economic !== undefined || inputs.priorYear === true;
