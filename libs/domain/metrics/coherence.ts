/**
 * Target coherence: what each ratio target would come to in each scope if the form's own plan were carried out, and which
 * scope the target therefore seems to mean (rule book 1.5; the Suzhou form's ＝38 % fits the general public budget only).
 */
import { type Checkpoint, checkpointDate } from '#domain/calendar.js';
import { type Expenditure, EXPENDITURES, type FundNature } from '#domain/budget/events.js';
import { type Fen, ZERO, fen } from '#domain/money.js';
import { plannedToDate } from '#domain/metrics/planned.js';
import { ALL, type Figure, type Picture, type Planned, type Scope, scopeKey } from '#domain/metrics/quantities.js';
import { type MetricId, metricById } from '#domain/metrics/registry.js';
import type { MetricResult } from '#domain/metrics/result.js';
import type { Comparator, Indicator } from '#domain/performance/events.js';
import { formatPercent } from '#domain/ratio.js';
import { fits, inUnit, targetOf } from '#domain/scoring/verdict.js';

/** A line as the form prints it. `carryOverInFen` is what of it was brought forward, apart from `originalFen`. */
export interface FormLine {
  readonly line: string;
  readonly fund: FundNature;
  readonly expenditure: Expenditure;
  readonly originalFen: Fen;
  readonly halfYearPlanFen?: Fen;
  readonly carryOverInFen?: Fen;
}

/** `fits`: equal to the target after rounding to its printed decimals, whatever the comparator. */
export interface Implied {
  readonly scope: Scope;
  readonly status: MetricResult['status'];
  readonly reason?: string;
  /** Two decimals; absent unless the status is OK. */
  readonly percent?: string;
  readonly fits: boolean;
}

export interface Coherence {
  readonly indicator: string;
  readonly metric: MetricId;
  readonly version: number;
  readonly checkpoint: Checkpoint;
  readonly target: { readonly comparator: Exclude<Comparator, 'word'>; readonly value: string; readonly unit: string };
  readonly implied: readonly Implied[];
  /** Of the indicator, from both checkpoints. */
  readonly proposedScope: Scope;
  readonly basis: 'inferred';
}

const CHECKPOINTS = ['half', 'annual'] as const satisfies readonly Checkpoint[];

/** One entry for each numeric target with a registered metric, half-year before full year. Amounts in fen. */
export function coherence(
  year: number,
  lines: readonly FormLine[],
  indicators: readonly Indicator[],
): readonly Coherence[] {
  const scopes = scopesOf(lines);
  const pictures = { half: carriedOut(year, lines, 'half'), annual: carriedOut(year, lines, 'annual') };
  return indicators.flatMap((indicator) => {
    const metric = indicator.metric === undefined ? undefined : metricById(indicator.metric);
    if (metric === undefined) return [];
    const entries = CHECKPOINTS.flatMap((checkpoint) => {
      const target = targetOf(indicator, checkpoint);
      if (target === undefined) return [];
      const implied = scopes.map((scope): Implied => {
        const result = metric.compute(pictures[checkpoint], scope);
        if (result.status !== 'OK') return { scope, status: result.status, reason: result.reason, fits: false };
        const value = inUnit(result.ratio, target.unit);
        return { scope, status: 'OK', percent: formatPercent(result.ratio), fits: fits(value, target) };
      });
      const { comparator, value, unit } = target;
      return [{ checkpoint, target: { comparator, value, unit }, implied }];
    });
    const proposedScope = propose(entries.map(({ implied }) => implied));
    const { id, version } = metric;
    return entries.map((entry) => ({
      indicator: indicator.indicator,
      metric: id,
      version,
      ...entry,
      proposedScope,
      basis: 'inferred' as const,
    }));
  });
}

/** All, each fund nature that the lines have, basic, project. */
function scopesOf(lines: readonly FormLine[]): readonly Scope[] {
  const funds = [...new Set(lines.map(({ fund }) => fund))].sort();
  return [
    ALL,
    ...funds.map((fund): Scope => ({ funds: [fund], expenditure: 'all' })),
    ...EXPENDITURES.map((expenditure): Scope => ({ funds: 'all', expenditure })),
  ];
}

/** The books if exactly the plan had been paid by the checkpoint and nothing adjusted. */
function carriedOut(year: number, lines: readonly FormLine[], checkpoint: Checkpoint): Picture {
  const asOf = checkpointDate(year, checkpoint);
  const figures: Figure[] = [];
  const planned: Planned[] = [];
  for (const { line, fund, expenditure, originalFen, halfYearPlanFen, carryOverInFen = ZERO } of lines) {
    const of = { line, fund, expenditure };
    const plan = {
      kind: 'approved' as const,
      effectiveDate: asOf,
      ...(halfYearPlanFen === undefined ? {} : { halfYearPlanFen }),
    };
    const toDate = plannedToDate([plan], { year, asOf, currentFen: fen(originalFen + carryOverInFen) });
    planned.push({ ...of, ...toDate });
    figures.push({ ...of, kind: 'original', fen: originalFen, economic: '' });
    figures.push({ ...of, kind: 'carry-over-in', fen: carryOverInFen, economic: '', originYear: year - 1 });
    figures.push({ ...of, kind: 'paid', fen: toDate.fen, economic: '' });
  }
  return { year, asOf, figures, planned };
}

/**
 * The one scope that fits, else all funds. A checkpoint that no scope fits says nothing; one that every scope fits, as a
 * full-year target of ＝100 % does, leaves the decision to the other.
 */
function propose(checkpoints: readonly (readonly Implied[])[]): Scope {
  const fitting = checkpoints.map((implied) => implied.filter((i) => i.fits).map(({ scope }) => scope));
  const [first, ...others] = fitting.filter((scopes) => scopes.length > 0);
  const common = (first ?? []).filter((scope) =>
    others.every((scopes) => scopes.some((other) => scopeKey(other) === scopeKey(scope))),
  );
  const [only, another] = common;
  return only !== undefined && another === undefined ? only : ALL;
}
