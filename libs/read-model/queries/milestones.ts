import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { MilestoneKind } from '#read-model/entities/story.js';
import { parameters, rowsOf, type At } from './at.js';
import type { ReadFrom } from './snapshot.js';

export interface MilestoneAsKnown {
  readonly kind: MilestoneKind;
  readonly position: bigint;
  readonly revision: number;
  readonly effectiveDate: CivilDate;
  /** Data of the event. */
  readonly detail: unknown;
}

/** Approval, seals and close of a year in the order recorded, as effective and known. */
export async function milestones(from: ReadFrom, at: At): Promise<readonly MilestoneAsKnown[]> {
  const rows = await rowsOf<{
    kind: MilestoneKind;
    position: string;
    revision: number;
    effective_date: string;
    detail: unknown;
  }>(
    from,
    `SELECT kind, position, revision, effective_date, detail FROM milestone
     WHERE unit = $1 AND year = $2 AND effective_date <= $3 AND position <= $4 ORDER BY position`,
    parameters(at),
  );
  return rows.map(({ position, effective_date, ...row }) => ({
    ...row,
    position: BigInt(position),
    effectiveDate: civilDate(effective_date),
  }));
}
