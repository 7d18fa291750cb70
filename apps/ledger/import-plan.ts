/**
 * What an import would book, worked out without booking: the file read, its commands decided one after another on a copy of
 * the books, and everything a person should see before saying yes.
 */
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { BudgetCommand } from '#domain/budget/commands.js';
import type { DirectoryCommand } from '#domain/directory/decide.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import type { ExpectedRevision } from '#event-store/port.js';
import type { BookForm } from './form-commands.js';
import type { Upload } from './upload.js';

/** Rows of the file behind each entry of a command: one for a payment, one for each movement of an adjustment. */
export type EntryRows = readonly (readonly number[])[];

/**
 * One command of an import, with the key that makes it be booked once. `fresh` counts the rows that it adds to the books;
 * rows that are booked already, equal in all they say, it does not touch.
 */
export type Step = {
  readonly key: string;
  readonly entries: EntryRows;
  readonly fresh: number;
  /** The stream's revision that the command was worked out on, where it must not have moved since. */
  readonly ifRevision?: ExpectedRevision;
} & (
  | { readonly on: 'directory'; readonly command: DirectoryCommand }
  | { readonly on: 'budget'; readonly command: BudgetCommand }
  | { readonly on: 'performance'; readonly command: PerformanceCommand }
  | { readonly on: 'form'; readonly command: BookForm }
);

export interface Control {
  readonly check: string;
  readonly name: string;
  /** Yuan. */
  readonly expected: string;
  readonly actual: string | null;
  readonly ok: boolean;
}

export interface Inference {
  readonly what: string;
  readonly value: string;
  readonly why: string;
}

export interface Difference {
  readonly what: string;
  readonly stored: string;
  readonly file: string;
}

export interface ProblemAt {
  readonly at: string;
  readonly code: string;
  readonly message: string;
  readonly [fact: string]: unknown;
}

export interface ImportPlan {
  readonly unit?: string;
  readonly unitName?: string;
  readonly newUnit?: true;
  readonly year?: number;
  /** Streams that were looked at, by the revision they had. */
  readonly revisions: Readonly<Record<string, ExpectedRevision>>;
  readonly rows: readonly object[];
  /** Rows of a CSV without its header; lines of a table. */
  readonly rowCount: number;
  readonly indicatorCount?: number;
  /** Rows that are booked already, equal in all they say. */
  readonly repeats: number;
  readonly controls: readonly Control[];
  readonly notes: readonly ProblemAt[];
  readonly inferences: readonly Inference[];
  readonly differences: readonly Difference[];
  readonly problems: readonly ProblemAt[];
  readonly problemCount: number;
  /** What the file books when nothing of it is booked yet: keys and commands. */
  readonly content: readonly unknown[];
  /** What of it is not booked yet. Empty when there are problems. */
  readonly steps: readonly Step[];
  /** Nothing of the file is left to book: a confirmation of it is a repeat, whatever the books say since. */
  readonly isBooked?: boolean;
}

/** At most this many rows are shown in a preview; `rowCount` has them all. */
export const ROWS_SHOWN = 200;

/** A stream's revision as answers write it. */
export const seen = (revision: number): ExpectedRevision => (revision < 0 ? 'none' : revision);

export const stepKey = ({ sha256 }: Upload, part: string): string => `import:${sha256}:${part}`;

/**
 * Digest (SHA-256, hex) of what a person agrees to: where it is booked, what keeps it from being booked, and every command.
 * Revisions, and how much of it is booked, are left out: an own booking that went half way changes them.
 */
export async function fingerprintOf({ unit, unitName, year, problems, content }: ImportPlan): Promise<string> {
  const kept = problems.map(({ at, code }) => [at, code]);
  const hash = createHash('sha256').update(JSON.stringify([unit, unitName, year, kept]));
  for (const part of content) {
    hash.update('\n').update(JSON.stringify(part));
    // Files are large and others wait for the event loop.
    await turn();
  }
  return hash.digest('hex');
}

export const faultsOf = <Fault extends { readonly code: string }>(
  rejection: Fault | { readonly code: 'SEVERAL_FAULTS'; readonly faults: readonly Fault[] },
): readonly Fault[] => ('faults' in rejection ? rejection.faults : [rejection]);

/**
 * The row of the file that a fault of a command points to; `undefined` for one of the command as a whole. The pointer of a
 * command with a single entry does not name the entry.
 */
export function rowOf(at: string | undefined, entries: EntryRows): number | undefined {
  const [, named, movement = '0'] =
    /^(?:\/(?:payments|adjustments|results)\/(\d+))?(?:\/movements\/(\d+))?/.exec(at ?? '') ?? [];
  const entry = named === undefined && entries.length === 1 ? '0' : named;
  return entry === undefined ? undefined : entries[Number(entry)]?.[Number(movement)];
}
