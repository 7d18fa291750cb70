/** Why an import is not booked: who asked had not seen what would be booked, or it cannot be booked as it is. */
import { invalidRequest, Problem } from '#platform/problem.js';
import type { ImportPlan } from './import-plan.js';

/** How much of a file is booked, in rows. */
export interface Standing {
  readonly booked: number;
  readonly left: number;
}

/** The fingerprint in `If-Match`. Throws 428 without one and 400 for one that is malformed. */
export function agreedTo(ifMatch: string | undefined): string {
  if (ifMatch === undefined) {
    throw new Problem(428, 'IF_MATCH_REQUIRED', {
      detail: 'Send If-Match with the ETag of the preview that was agreed to.',
    });
  }
  const [, fingerprint] = /^"([0-9a-f]{64})"$/.exec(ifMatch) ?? [];
  if (fingerprint !== undefined) return fingerprint;
  const message = 'If-Match must be the fingerprint of the preview in quotes';
  throw invalidRequest([{ parameter: 'If-Match', code: 'INVALID_VALUE', message }]);
}

/** 404 for an import that this process does not hold: previews live in memory, bookings in the log. */
export const unknownImport = (id: string): Problem =>
  new Problem(404, 'UNKNOWN_IMPORT', {
    detail: 'There is no such import here. Send the file again: what is booked of it is not booked twice.',
    id,
  });

export const running = (): Problem =>
  new Problem(409, 'IMPORT_RUNNING', { detail: 'This import is being booked. GET it to see how far it is.' });

export const previewChanged = (): Problem =>
  new Problem(412, 'IMPORT_PREVIEW_CHANGED', {
    detail: 'If-Match names another preview than the last one of this file. Look at that one, then confirm it.',
  });

/** What a person agreed to is no longer what would be booked. */
export const booksMoved = (plan: ImportPlan, standing: Standing): Problem =>
  new Problem(409, 'IMPORT_PREVIEW_CHANGED', {
    detail: `The books have moved since the preview and it would look different now; ${words(standing)}. Send the file again.`,
    ...factsOf(plan, standing),
  });

export const notConfirmable = (plan: ImportPlan, standing: Standing): Problem =>
  new Problem(422, 'IMPORT_NOT_CONFIRMABLE', {
    detail: `The file has ${plan.problemCount} problems; ${words(standing)}.`,
    ...factsOf(plan, standing),
  });

const words = ({ booked, left }: Standing): string =>
  booked === 0 ? 'nothing of it is booked' : `${booked} of its rows are booked already, ${left} are not`;

const factsOf = ({ problemCount, problems }: ImportPlan, { booked, left }: Standing) => ({
  booked,
  left,
  problemCount,
  faults: problems.map(({ at, ...problem }) => ({ ...problem, pointer: at, place: at })),
});
