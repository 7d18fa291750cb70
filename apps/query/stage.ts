/** Stages of monitoring: months 1 to N. */
import { lastDayOfMonth, type CivilDate } from '#domain/calendar.js';

/** As a query writes them. */
export const STAGES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'] as const;
export type StageText = (typeof STAGES)[number];

/** The last day of the months that a stage covers. */
export const stageEnd = (year: number, stage: number): CivilDate => lastDayOfMonth(year, stage);
