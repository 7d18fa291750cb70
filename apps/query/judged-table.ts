/** The performance table of a unit and year with what is known of every indicator, judged against the targets of a checkpoint. */
import { type Checkpoint, checkpointDate, type CivilDate } from '#domain/calendar.js';
import type { DatedValue } from '#domain/metrics/course.js';
import { ALL, type Picture } from '#domain/metrics/quantities.js';
import { metricById } from '#domain/metrics/registry.js';
import { nextCheckpoint } from '#domain/metrics/report.js';
import type { CheckedPoint, Indicator } from '#domain/performance/events.js';
import type { Standing } from '#domain/performance/standing.js';
import { decimalRatio, formatDecimal, ratio, type Ratio } from '#domain/ratio.js';
import { indicatorLight, type Found, type Light } from '#domain/scoring/light-of.js';
import { gradeOfWord } from '#domain/scoring/qualitative.js';
import { inUnit, judge, judgeValue, targetOf } from '#domain/scoring/verdict.js';
import { performanceStanding } from '#read-model/queries/performance.js';
import { pictureInputs, pictureOf, type PictureInputs } from '#read-model/queries/picture.js';
import type { MomentQuery } from './moment.js';
import type { YearView } from './year-reads.js';

export interface JudgedIndicator {
  readonly indicator: Indicator;
  /** As answers print it; null when there is none. */
  readonly result: string | null;
  readonly points?: readonly CheckedPoint[];
  /** The date that the result holds for. */
  readonly date?: CivilDate;
  readonly from?:
    | { readonly resultId: string }
    | { readonly metric: string; readonly version: number; readonly facts?: readonly string[] };
  readonly verdict: 'met' | 'missed' | 'not-assessed';
  readonly reason?: string;
  readonly distance?: string;
  readonly exceeded?: true;
  readonly violation?: true;
  readonly withinTolerance?: true;
  readonly light: Light;
  /** In the target's unit, by date; what formulas work out is known for the date asked for. */
  readonly done: readonly DatedValue[];
}

export interface JudgedTable {
  readonly checkpoint: Checkpoint;
  readonly standing: Standing;
  readonly inputs: PictureInputs;
  readonly picture: Picture;
  /** In printed order. */
  readonly indicators: readonly JudgedIndicator[];
}

export async function judgedTable(
  { opened, at }: YearView,
  query: Pick<MomentQuery, 'checkpoint'>,
): Promise<JudgedTable> {
  const inputs = await pictureInputs(opened, at);
  const picture = pictureOf(inputs);
  const standing = await performanceStanding(opened, at);
  const checkpoint = query.checkpoint ?? nextCheckpoint(picture);
  const indicators = standing.indicators.map((indicator) => judged(indicator, { standing, picture, checkpoint }));
  return { checkpoint, standing, inputs, picture, indicators };
}

type Of = Pick<JudgedTable, 'standing' | 'picture' | 'checkpoint'>;

function judged(indicator: Indicator, of: Of): JudgedIndicator {
  const metric = indicator.metric === undefined ? undefined : metricById(indicator.metric);
  const { picture, standing, checkpoint } = of;
  const { year, asOf } = picture;
  const at = { asOf, checkpointDate: checkpointDate(year, checkpoint) };
  const target = targetOf(indicator, checkpoint);
  const recorded = standing.results.get(indicator.indicator) ?? [];
  const last = recorded.at(-1);
  const lit = (found?: Found): Light =>
    indicatorLight({ year, asOf, indicator, ...(found === undefined ? {} : { found }) }, standing.thresholds);
  const print = (value: Ratio): string => formatDecimal(value, Math.max(2, indicator.decimals));
  if (metric !== undefined && target !== undefined) {
    const result = metric.compute(picture, indicator.scope ?? ALL);
    const { distance, ...judgement } = judge(result, target, at);
    const value = result.status === 'OK' ? inUnit(result.ratio, target.unit) : undefined;
    return {
      indicator,
      result: value === undefined ? null : print(value),
      ...(value === undefined ? {} : { date: asOf }),
      from: { metric: metric.id, version: metric.version },
      ...judgement,
      ...(distance === undefined ? {} : { distance: distance.text }),
      light: lit({ metric: result }),
      done: value === undefined ? [] : [{ on: asOf, value }],
    };
  }
  if (last === undefined) {
    return { indicator, result: null, verdict: 'not-assessed', reason: 'NO_RESULT', light: lit(), done: [] };
  }
  const told = { indicator, date: last.effectiveDate, from: { resultId: last.resultId } };
  const early = at.asOf < at.checkpointDate;
  const { value: text, points, text: word } = last.result;
  if (text !== undefined && target !== undefined) {
    const value = decimalRatio(text);
    const { distance, verdict, ...more } = judgeValue(value, target);
    const done = recorded.flatMap(({ effectiveDate: on, result }) =>
      result.value === undefined ? [] : [{ on, value: decimalRatio(result.value) }],
    );
    return {
      ...told,
      result: print(value),
      verdict: early ? 'not-assessed' : verdict,
      ...(early ? { reason: 'BEFORE_CHECKPOINT' } : more),
      distance: distance.text,
      light: lit({ value }),
      done,
    };
  }
  const share = points === undefined ? undefined : ratio(points.filter(({ met }) => met).length * 100, points.length);
  const grade = word === undefined ? undefined : gradeOfWord(word, indicator[checkpoint].text);
  const met = share === undefined ? grade === 'reached' : share.numerator === share.denominator * 100n;
  return {
    ...told,
    result: share === undefined ? (word ?? null) : formatDecimal(share, 2),
    ...(points === undefined ? {} : { points }),
    verdict: early ? 'not-assessed' : met ? 'met' : 'missed',
    ...(early ? { reason: 'BEFORE_CHECKPOINT' } : {}),
    light: lit({ grade: met ? 'reached' : (grade ?? 'partly') }),
    done: [],
  };
}
