/** What an address may name of a seal that is not there: 404, with what there is. */
import { Problem } from '#platform/problem.js';
import { addressOf, type Place } from './place.js';

export const unknownSeal = (number: string, place: Place, count: number): Problem =>
  new Problem(404, 'UNKNOWN_SEAL', {
    detail:
      count === 0
        ? `No period of unit ${place.unit} and ${place.year} was sealed as known then.`
        : `There is no seal ${number} of unit ${place.unit} and ${place.year} as known then; there are 1 to ${count}. ` +
          `GET ${addressOf(place)}/seals lists them.`,
    seal: number,
    seals: count,
  });

export function unknownReport(
  number: string,
  { kind, scope, reports }: { kind: string; scope: string; reports: readonly { kind: string; scope: string }[] },
): Problem {
  const there = reports.map((report) => `${report.kind}/${report.scope}`);
  return new Problem(404, 'UNKNOWN_REPORT', {
    detail:
      there.length === 0
        ? `Seal ${number} was made before reports were kept: it has none.`
        : `Seal ${number} has no report ${kind}/${scope}; it has ${there.join(', ')}.`,
    reports: there,
  });
}

const PLACE: Place = { unit: 'U0001', year: 2024 };
/** As examples. */
export const UNKNOWN_SEAL = unknownSeal('4', PLACE, 2);
export const UNKNOWN_REPORT = unknownReport('1', {
  kind: 'rates',
  scope: 'part-9-of-9',
  reports: [
    { kind: 'lines', scope: 'all' },
    { kind: 'rates', scope: 'all' },
  ],
});
