/** What a read is about, and how its SQL names it. */
import type { CivilDate } from '#domain/calendar.js';
import { reading, type ReadFrom } from './snapshot.js';

/** One unit and year, as of a date, as known up to a place in the log's order; without one, as known now. */
export interface At {
  readonly unit: string;
  readonly year: number;
  readonly asOf: CivilDate;
  readonly knownAt?: bigint;
}

/** Larger than any position: "as known now". */
export const NOW = 2n ** 63n - 1n;

/** `$1` unit, `$2` year, `$3` asOf, `$4` known-at. */
export const parameters = ({ unit, year, asOf, knownAt = NOW }: At): string[] => [
  unit,
  String(year),
  asOf,
  String(knownAt),
];

export const rowsOf = <Row>(from: ReadFrom, sql: string, values: readonly unknown[]): Promise<Row[]> =>
  reading(from, (snapshot) => snapshot.rows<Row>(sql, values));
