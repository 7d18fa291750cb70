/** The table of faults: a row for each, one JSON document a line, and how often a fault is played in this run. */
import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { Sent } from './load.js';

export const FINDING_KINDS = ['lost', 'doubled', 'order', 'differing', 'sums'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** `FAULT_SEED`: of all choices of the clients and of when faults strike. */
export const SEED = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));

export interface TableRow {
  readonly fault: string;
  readonly rounds: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly slowestReadyMs?: number;
  readonly aimMs?: number;
  readonly findings: Readonly<Record<FindingKind, number>>;
  readonly seed: number;
  readonly result: 'held' | 'FAILED';
  /** A figure that is shown and not judged. */
  readonly note?: string;
}

/** Adds a row to the file that the run collects, if it collects one. */
export function writeRow(row: TableRow): void {
  const file = process.env['FAULT_TABLE_FILE'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** The number for this run, which says `FAULT_ROUNDS` (`few`, `short` or `full`). */
export function roundsOf(counts: { readonly few: number; readonly short: number; readonly full: number }): number {
  const wanted = process.env['FAULT_ROUNDS'];
  return wanted === 'short' || wanted === 'full' ? counts[wanted] : counts.few;
}

/** What is known of a fault while its rounds are played; it becomes a row also when one of them fails. */
export class Report {
  played = 0;
  result: TableRow['result'] = 'FAILED';
  note: string | undefined;
  #slowest: number | undefined;
  #findings: TableRow['findings'] = { lost: 0, doubled: 0, order: 0, differing: 0, sums: 0 };

  constructor(
    private readonly fault: string,
    private readonly rounds: number,
    private readonly aimMs: number | undefined,
  ) {}

  readyIn(ms: number | undefined): void {
    if (ms !== undefined) this.#slowest = Math.max(this.#slowest ?? 0, Math.round(ms));
  }

  /** The log is judged as a whole each time: the last judgement holds for all rounds on it. */
  found(findings: Readonly<Record<FindingKind, readonly string[]>>): void {
    const worst = FINDING_KINDS.map((kind) => [kind, Math.max(this.#findings[kind], findings[kind].length)]);
    this.#findings = Object.fromEntries(worst) as TableRow['findings'];
  }

  /** `commands`: all that were sent during the rounds. */
  write(commands: readonly Sent[]): void {
    writeRow({
      fault: this.fault,
      rounds: this.played,
      sent: commands.length,
      acknowledged: commands.filter(({ outcome }) => outcome === 'acknowledged').length,
      refused: commands.filter(({ outcome }) => outcome === 'refused').length,
      ...(this.#slowest === undefined ? {} : { slowestReadyMs: this.#slowest }),
      ...(this.aimMs === undefined ? {} : { aimMs: this.aimMs }),
      findings: this.#findings,
      seed: SEED,
      result: this.result === 'held' && this.played === this.rounds ? 'held' : 'FAILED',
      ...(this.note === undefined ? {} : { note: this.note }),
    });
  }
}
