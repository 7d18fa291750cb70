/** Both forms as they would be now, filled by the domain with what the read models know of the last day that they cover. */
import { lastDayOf } from '#domain/calendar.js';
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import { monitoringForm, stageEnd } from '#domain/performance/monitoring.js';
import type { SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import { selfEvaluation, type SelfEvaluationOf } from '#domain/performance/self-evaluation.js';
import type { LightThresholds } from '#domain/scoring/lights.js';
import type { At } from '#read-model/queries/at.js';
import { performanceStanding } from '#read-model/queries/performance.js';
import { pictureInputs, pictureOf } from '#read-model/queries/picture.js';
import type { Snapshot } from '#read-model/queries/snapshot.js';
import { units } from '#read-model/queries/units.js';
import { lineCourses } from './paced-lines.js';

type OfYear = Omit<At, 'asOf'>;

export interface MonitoringDraft {
  readonly form: MonitoringForm;
  readonly thresholds: LightThresholds;
}

/** As of the last day of the months 1 to `stage`. */
export async function monitoringDraft(opened: Snapshot, of: OfYear, stage: number): Promise<MonitoringDraft> {
  const { unit, year } = of;
  const at: At = { ...of, asOf: stageEnd(year, stage) };
  const standing = await performanceStanding(opened, at);
  const inputs = await pictureInputs(opened, at);
  const courses = new Map([...(await lineCourses(opened, inputs))].map(([line, { course }]) => [line, course]));
  const form = monitoringForm({
    ...{ unit, year, stage, standing, courses },
    unitName: await nameOf(opened, of),
    picture: pictureOf(inputs),
  });
  return { form, thresholds: standing.thresholds };
}

/**
 * As of 31 December. Without a profile by the one chosen for the table, else by that of whole departments. `finished`: as whoever
 * submitted said of the work.
 */
export async function selfEvaluationDraft(
  opened: Snapshot,
  of: OfYear,
  said: Pick<SelfEvaluationOf, 'profile' | 'finished'> = {},
): Promise<SelfEvaluationForm> {
  const { unit, year } = of;
  const at: At = { ...of, asOf: lastDayOf(year) };
  const standing = await performanceStanding(opened, at);
  const picture = pictureOf(await pictureInputs(opened, at));
  const unitName = await nameOf(opened, of);
  return selfEvaluation({ unit, unitName, year, standing, picture, ...said }).form;
}

/** As last named. */
async function nameOf(opened: Snapshot, { unit, knownAt }: OfYear): Promise<string> {
  const known = await units(opened, knownAt === undefined ? {} : { knownAt });
  return known.find((entry) => entry.unit === unit)?.name ?? unit;
}
