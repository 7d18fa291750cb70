/** Which day it was for whom an answer is: reports of a running year go up to it. */
import { shanghaiDate, type CivilDate } from '#domain/calendar.js';
import type { Moment } from './freshness.js';
import type { Sources } from './sources.js';

/** Of an answer for now today in Asia/Shanghai, of one about the past the day of that moment. */
export const todayOf = (
  { knownAt }: Pick<Moment, 'knownAt'>,
  query: { readonly knownAt?: string },
  { clock }: Pick<Sources, 'clock'>,
): CivilDate => shanghaiDate(query.knownAt === undefined ? clock() : Math.min(knownAt, clock()));
