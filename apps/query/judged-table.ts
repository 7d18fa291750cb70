/** The performance table of a unit and year with what is known of every indicator, judged against the targets of a checkpoint. */
import type { Checkpoint } from '#domain/calendar.js';
import type { DatedValue } from '#domain/metrics/course.js';
import type { Picture } from '#domain/metrics/quantities.js';
import { nextCheckpoint } from '#domain/metrics/report.js';
import type { Indicator } from '#domain/performance/events.js';
import { foundOf, outcomeOf, type Known, type Outcome } from '#domain/performance/outcome.js';
import type { Standing } from '#domain/performance/standing.js';
import { decimalRatio } from '#domain/ratio.js';
import { indicatorLight, type Light } from '#domain/scoring/light-of.js';
import type { At } from '#read-model/queries/at.js';
import { performanceStanding } from '#read-model/queries/performance.js';
import { pictureInputs, pictureOf, type PictureInputs } from '#read-model/queries/picture.js';
import { reading, type ReadFrom } from '#read-model/queries/snapshot.js';

export interface JudgedIndicator {
  readonly indicator: Indicator;
  readonly outcome: Outcome;
  readonly light: Light;
  /** Values in the target's unit, by date; what formulas work out is known for the date asked for. */
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

/** Without a checkpoint against the targets of the next one from `asOf` on. */
export const judgedTable = (
  from: ReadFrom,
  at: At,
  { checkpoint }: { readonly checkpoint?: Checkpoint | undefined } = {},
): Promise<JudgedTable> =>
  reading(from, async (opened) => {
    const inputs = await pictureInputs(opened, at);
    const picture = pictureOf(inputs);
    const standing = await performanceStanding(opened, at);
    const known = { standing, picture, checkpoint: checkpoint ?? nextCheckpoint(picture) };
    return { ...known, inputs, indicators: standing.indicators.map((indicator) => judged(indicator, known)) };
  });

function judged(indicator: Indicator, known: Known): JudgedIndicator {
  const { standing, picture } = known;
  const { year, asOf } = picture;
  const outcome = outcomeOf(indicator, known);
  const found = foundOf(outcome);
  const inputs = { year, asOf, indicator, ...(found === undefined ? {} : { found }) };
  return { indicator, outcome, light: indicatorLight(inputs, standing.thresholds), done: doneOf(outcome, known) };
}

function doneOf({ indicator, source, exact }: Outcome, { standing, picture: { asOf } }: Known): readonly DatedValue[] {
  if (source.kind !== 'recorded') return exact === undefined ? [] : [{ on: asOf, value: exact }];
  return (standing.results.get(indicator) ?? []).flatMap(({ effectiveDate: on, result: { value } }) =>
    value === undefined ? [] : [{ on, value: decimalRatio(value) }],
  );
}
