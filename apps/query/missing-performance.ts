/** What an address may name of a performance table that is not there: 404, with where to find what is. */
import { Problem } from '#platform/problem.js';
import { addressOf, type Place } from './place.js';

export const unknownIndicator = (indicator: string, place: Place): Problem =>
  new Problem(404, 'UNKNOWN_INDICATOR', {
    detail:
      `There is no indicator ${indicator} in the performance table of unit ${place.unit} and ${place.year} then. ` +
      `GET ${addressOf(place)}/targets lists them.`,
    indicator,
  });

export const unknownResult = (resultId: string, place: Place): Problem =>
  new Problem(404, 'UNKNOWN_RESULT', {
    detail:
      `There is no result ${resultId} of unit ${place.unit} and ${place.year} as known then and dated by asOf. ` +
      `GET ${addressOf(place)}/results lists them.`,
    resultId,
  });

/** `list` is where the submissions are listed. */
export const unknownSubmission = (
  { submission, stage }: { readonly submission: number; readonly stage?: number },
  place: Place,
  list: string,
): Problem =>
  new Problem(404, 'UNKNOWN_SUBMISSION', {
    detail:
      `Nothing was submitted as number ${submission}${stage === undefined ? '' : ` of stage ${stage}`} by unit ${place.unit} ` +
      `for ${place.year} as known then. GET ${addressOf(place)}/${list} lists the submissions.`,
    submission,
    ...(stage === undefined ? {} : { stage }),
  });

const PLACE: Place = { unit: 'U0001', year: 2024 };
/** As examples. */
export const UNKNOWN_INDICATOR = unknownIndicator('I99', PLACE);
export const UNKNOWN_RESULT = unknownResult('R-99', PLACE);
export const UNKNOWN_MONITORING = unknownSubmission({ submission: 4, stage: 6 }, PLACE, 'monitoring/submissions');
export const UNKNOWN_EVALUATION = unknownSubmission({ submission: 4 }, PLACE, 'self-evaluation/submissions');
