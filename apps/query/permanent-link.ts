/** What an address names as known, so that it gives the same answer for ever. */
import { parseKnown } from './moment.js';
import type { YearView } from './year-reads.js';

/**
 * The instant of the answer. A question that named a position keeps it: others may have been recorded within the same
 * millisecond, and then no instant says where it lies.
 */
export function knownInLink(asked: string | undefined, { moment }: Pick<YearView, 'moment'>): string {
  const known = asked === undefined ? undefined : parseKnown(asked);
  if (known !== undefined && 'position' in known) return known.position;
  return new Date(known?.instant ?? moment.knownAt).toISOString();
}
