/** Stages of monitoring as a query writes them: months 1 to N. */
import { monthOf, type CivilDate } from '#domain/calendar.js';
import { stageEnd } from '#domain/performance/monitoring.js';
import { invalidRequest, type Problem } from '#platform/problem.js';
import type { MomentQuery } from './moment.js';

export const STAGES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'] as const;
export type StageText = (typeof STAGES)[number];

/**
 * The stage that a question is about: the month of the date asked for unless it names one. Throws 400 `AS_OF_NOT_STAGE` for a
 * date in another month than the stage ends in.
 */
export function stageOf(
  { stage, asOf, checkpoint }: Pick<MomentQuery, 'asOf' | 'checkpoint'> & { readonly stage?: StageText },
  { year, asOf: date }: { readonly year: number; readonly asOf: CivilDate },
): number {
  if (stage === undefined) return monthOf(date);
  const isDated = asOf !== undefined || checkpoint !== undefined;
  if (isDated && monthOf(date) !== Number(stage)) throw notThatStage(date, Number(stage), year);
  return Number(stage);
}

const notThatStage = (asOf: CivilDate, stage: number, year: number): Problem =>
  invalidRequest([
    {
      parameter: 'stage',
      code: 'AS_OF_NOT_STAGE',
      message: `the form of stage ${stage} is as of ${stageEnd(year, stage)}, asOf is ${asOf}: give one of them`,
      stageEnd: stageEnd(year, stage),
    },
  ]);
