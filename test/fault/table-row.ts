/** Rows of the table of faults, one JSON document a line, for faults that are played without processes of their own. */
import { appendFileSync } from 'node:fs';

export const FINDING_KINDS = ['lost', 'doubled', 'order', 'differing', 'sums'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface TableRow {
  readonly fault: string;
  readonly rounds: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly findings: Readonly<Record<FindingKind, number>>;
  readonly seed: number;
  readonly result: 'held' | 'FAILED';
}

/** Adds a row to the file that the run collects, if it collects one. */
export function writeRow(row: TableRow): void {
  const file = process.env['FAULT_TABLE_FILE'] ?? process.env['TEST_FAULTS_FILE'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** The number for this run, which says `FAULT_ROUNDS` (`few`, `short` or `full`). */
export function roundsOf(counts: { readonly few: number; readonly short: number; readonly full: number }): number {
  const wanted = process.env['FAULT_ROUNDS'];
  return wanted === 'short' || wanted === 'full' ? counts[wanted] : counts.few;
}
