/**
 * What the result of an indicator is at a date, and what is to be said of it: the one place that knows where a result comes
 * from. Money and base facts are computed, everything else is recorded; forms, reports, lights and scores all ask here.
 */
import { type Checkpoint, type CivilDate, checkpointDate, lastDayOf } from '#domain/calendar.js';
import { factMetricById } from '#domain/metrics/fact-metrics.js';
import { ALL, type Picture, type Scope } from '#domain/metrics/quantities.js';
import { metricById } from '#domain/metrics/registry.js';
import type { MetricResult } from '#domain/metrics/result.js';
import type { Grade, Indicator } from '#domain/performance/events.js';
import type { Standing } from '#domain/performance/standing.js';
import { isQualitative, type FactState, type ResultState } from '#domain/performance/state.js';
import { type Ratio, decimalRatio, formatDecimal, ratio } from '#domain/ratio.js';
import type { Found } from '#domain/scoring/light-of.js';
import { profileById, type ScoringProfile } from '#domain/scoring/profile.js';
import { gradeOfShare, gradeOfWord } from '#domain/scoring/qualitative.js';
import type { Achieved } from '#domain/scoring/score.js';
import { type Judgement, inUnit, judge, judgeValue, targetOf } from '#domain/scoring/verdict.js';

export type OutcomeSource =
  | { readonly kind: 'money'; readonly metric: string; readonly version: number; readonly scope: Scope }
  | {
      readonly kind: 'facts';
      readonly metric: string;
      readonly version: number;
      readonly facts: readonly FactState[];
    }
  | { readonly kind: 'recorded'; readonly result: ResultState }
  | { readonly kind: 'none' };

export type OutcomeReason =
  Exclude<Judgement['reason'], undefined> | 'NO_RESULT' | 'NO_TARGET' | 'UNKNOWN_METRIC' | 'WORD_NOT_UNDERSTOOD';

export interface Outcome {
  readonly indicator: string;
  readonly checkpoint: Checkpoint;
  readonly source: OutcomeSource;
  /** As a form prints it: `"17个"`, `"38.20%"`, `"健全"`, `"3/4"` of a checklist; null when there is no result. */
  readonly printed: string | null;
  /** In the target's unit, with its decimals and two at least where it is computed, as recorded otherwise; null for words. */
  readonly value: string | null;
  /** The same, exact. */
  readonly exact?: Ratio;
  /** The date that the result holds for; of facts the earliest. */
  readonly resultDate?: CivilDate;
  /** The result is from before the date asked for. */
  readonly stale?: true;
  /** Of a computed figure. */
  readonly computed?: MetricResult;
  /** What a word or a checklist says. */
  readonly grade?: Grade;
  readonly verdict: Judgement['verdict'];
  readonly reason?: OutcomeReason;
  /** Signed, in the target's unit. */
  readonly distance?: string;
  readonly exceeded?: true;
  readonly withinTolerance?: true;
  readonly violation?: true;
}

/** What is known at one date: both of it. */
export interface Known {
  readonly standing: Standing;
  readonly picture: Picture;
  readonly checkpoint: Checkpoint;
}

/** The result of one indicator, judged at a checkpoint. Before its date there is a distance but no verdict (design 4). */
export function outcomeOf(indicator: Indicator, known: Known): Outcome {
  const computed = isQualitative(indicator) ? undefined : (ofMoney(indicator, known) ?? ofFacts(indicator, known));
  if (computed !== undefined) return computed;
  const result = known.standing.results.get(indicator.indicator)?.at(-1);
  if (result !== undefined) return ofRecorded(indicator, result, known);
  const missing = isQualitative(indicator) ? undefined : factFigure(indicator, known);
  if (missing !== undefined) return ofFigure(indicator, missing, known);
  const { metric } = indicator;
  const isUnknown = metric !== undefined && metricById(metric) === undefined && !isQualitative(indicator);
  return without(indicator, known, isUnknown ? 'UNKNOWN_METRIC' : 'NO_RESULT');
}

const without = ({ indicator }: Indicator, { checkpoint }: Known, reason: OutcomeReason): Outcome => ({
  indicator,
  checkpoint,
  source: { kind: 'none' },
  printed: null,
  value: null,
  verdict: 'not-assessed',
  reason,
});

interface Figure {
  readonly source: OutcomeSource;
  readonly result: MetricResult;
  readonly date: CivilDate | undefined;
}

/** The figure of the books; a result recorded by hand counts where they lack codes or the year before. */
function ofMoney(indicator: Indicator, known: Known): Outcome | undefined {
  const metric = indicator.metric === undefined ? undefined : metricById(indicator.metric);
  if (metric === undefined) return undefined;
  const scope = indicator.scope ?? ALL;
  const result = metric.compute(known.picture, scope);
  if (lacksData(result) && known.standing.results.has(indicator.indicator)) return undefined;
  const source = { kind: 'money', metric: metric.id, version: metric.version, scope } as const;
  return ofFigure(indicator, { source, result, date: known.picture.asOf }, known);
}

const lacksData = (result: MetricResult): boolean =>
  result.status === 'NOT_COMPUTABLE' && (result.reason === 'NOT_ALL_CODED' || result.reason === 'NO_PRIOR_YEAR');

/** Base facts go before a result recorded by hand; without them that one counts. */
function ofFacts(indicator: Indicator, known: Known): Outcome | undefined {
  const figure = factFigure(indicator, known);
  const lacksFacts = figure?.result.status === 'NOT_COMPUTABLE' && figure.result.reason === 'NO_FACTS';
  return figure === undefined || lacksFacts ? undefined : ofFigure(indicator, figure, known);
}

function factFigure(indicator: Indicator, { standing }: Known): Figure | undefined {
  const metric = indicator.metric === undefined ? undefined : factMetricById(indicator.metric);
  if (metric === undefined) return undefined;
  const { result, used } = metric.compute(standing);
  const source = { kind: 'facts', metric: metric.id, version: metric.version, facts: used } as const;
  return { source, result, date: earliest(used) };
}

const earliest = (facts: readonly FactState[]): CivilDate | undefined =>
  facts.map(({ effectiveDate }) => effectiveDate).sort()[0];

function ofFigure(indicator: Indicator, { source, result, date }: Figure, known: Known): Outcome {
  const { checkpoint, picture } = known;
  const target = targetOf(indicator, checkpoint);
  if (target === undefined) return without(indicator, known, 'NO_TARGET');
  const judged = judge(result, target, atCheckpoint(known));
  const exact = result.status === 'OK' ? inUnit(result.ratio, target.unit) : undefined;
  const value = exact === undefined ? null : formatDecimal(exact, Math.max(2, target.decimals));
  return {
    indicator: indicator.indicator,
    checkpoint,
    source,
    printed: value === null ? null : `${value}${target.unit}`,
    value,
    ...(exact === undefined ? {} : { exact }),
    ...dated(date, picture.asOf),
    computed: result,
    ...told(judged),
  };
}

const atCheckpoint = ({ picture: { year, asOf }, checkpoint }: Known) => ({
  asOf,
  checkpointDate: checkpointDate(year, checkpoint),
});

const dated = (date: CivilDate | undefined, asOf: CivilDate): Pick<Outcome, 'resultDate' | 'stale'> =>
  date === undefined ? {} : { resultDate: date, ...(date < asOf ? { stale: true } : {}) };

const told = ({ verdict, reason, distance, exceeded, withinTolerance, violation }: Judgement) => ({
  verdict,
  ...(reason === undefined ? {} : { reason }),
  ...(distance === undefined ? {} : { distance: distance.text }),
  ...(exceeded ? { exceeded } : {}),
  ...(withinTolerance ? { withinTolerance } : {}),
  ...(violation ? { violation } : {}),
});

function ofRecorded(indicator: Indicator, result: ResultState, known: Known): Outcome {
  const { checkpoint, picture } = known;
  const { value, text, points } = result.result;
  const base = {
    indicator: indicator.indicator,
    checkpoint,
    source: { kind: 'recorded', result },
    ...dated(result.effectiveDate, picture.asOf),
  } as const;
  if (value === undefined) {
    const met = points?.filter((point) => point.met).length;
    const printed = points === undefined ? (text ?? '') : `${met}/${points.length}`;
    return { ...base, printed, value: null, ...judgedWord(indicator, result, known) };
  }
  const target = targetOf(indicator, checkpoint);
  // A target that was a number when this was recorded may be a word since.
  if (target === undefined) {
    return { ...base, printed: value, value, verdict: 'not-assessed', reason: 'NO_TARGET' };
  }
  const exact = decimalRatio(value);
  const judged = isTooEarly(indicator, known) ? TOO_EARLY : told(judgedValue(exact, indicator, known));
  return { ...base, printed: `${value}${target.unit}`, value, exact, ...judged };
}

/** A figure of the year's end says nothing before 31 December, not even how far it is from its target. */
const isTooEarly = ({ checkpointBasis }: Indicator, { picture: { year, asOf } }: Known): boolean =>
  checkpointBasis === 'YEAR_END_ONLY' && asOf < lastDayOf(year);

const TOO_EARLY = { verdict: 'not-assessed', reason: 'YEAR_END_ONLY' } as const;

function judgedValue(value: Ratio, indicator: Indicator, known: Known): Judgement {
  const target = targetOf(indicator, known.checkpoint);
  if (target === undefined) return { verdict: 'not-assessed' };
  const judged = judgeValue(value, target);
  const { asOf, checkpointDate: due } = atCheckpoint(known);
  return asOf < due ? { verdict: 'not-assessed', reason: 'BEFORE_CHECKPOINT', distance: judged.distance } : judged;
}

/** A word meets its target when it says the same or more (健全, 非常健全); 较 or 基本 of it misses it. Rule book 4.3. */
function judgedWord(indicator: Indicator, result: ResultState, known: Known) {
  const grade = gradeOf(indicator, result, known);
  if (grade === undefined) return { verdict: 'not-assessed', reason: 'WORD_NOT_UNDERSTOOD' } as const;
  if (isTooEarly(indicator, known)) return { grade, ...TOO_EARLY };
  const { asOf, checkpointDate: due } = atCheckpoint(known);
  if (asOf < due) return { grade, verdict: 'not-assessed', reason: 'BEFORE_CHECKPOINT' } as const;
  return { grade, verdict: grade === 'reached' ? ('met' as const) : ('missed' as const) };
}

function gradeOf(
  indicator: Indicator,
  { result: { text = '', points } }: ResultState,
  { standing, checkpoint }: Known,
): Grade | undefined {
  if (points === undefined) return gradeOfWord(text, indicator[checkpoint].text);
  if (points.length === 0) return undefined;
  const met = points.filter((point) => point.met).length;
  return gradeOfShare(ratio(met, points.length), profileOf(standing));
}

/** What a table without a profile of its own is scored by. */
export const DEFAULT_PROFILE_ID = 'whole-department';

export function profileOf({ profile }: Pick<Standing, 'profile'>): ScoringProfile {
  const found = profile ?? profileById(DEFAULT_PROFILE_ID);
  if (found === undefined) throw new Error(`there is no profile ${DEFAULT_PROFILE_ID}`);
  return found;
}

/** The outcome as lights read it; `undefined` when nothing was found. */
export function foundOf({ computed, exact, grade }: Outcome): Found | undefined {
  if (computed !== undefined) return { metric: computed };
  if (grade !== undefined) return { grade };
  return exact === undefined ? undefined : { value: exact };
}

/** The outcome as scores read it; `undefined` when nothing was found. */
export function achievedOf({ source, computed }: Outcome): Achieved | undefined {
  if (computed !== undefined) return { metric: computed };
  return source.kind === 'recorded' ? source.result.result : undefined;
}
