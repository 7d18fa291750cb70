/**
 * What an import would book, worked out without booking: the file read, its commands decided one after another on a copy of
 * the books, and everything a person should see before saying yes.
 */
import type { BudgetFault, BudgetRejection } from '#domain/budget/rejections.js';
import type { BudgetCommand } from '#domain/budget/commands.js';
import type { DirectoryCommand } from '#domain/directory/decide.js';
import type { PerformanceCommand } from '#domain/performance/decide.js';
import type { ExpectedRevision } from '#event-store/port.js';
import type { Upload } from './upload.js';

/** One command of an import, with the key that makes it be booked once. `rows` are rows of the file. */
export type Step = { readonly key: string; readonly rows: readonly number[] } & (
  | { readonly on: 'directory'; readonly command: DirectoryCommand }
  | { readonly on: 'budget'; readonly command: BudgetCommand }
  | { readonly on: 'performance'; readonly command: PerformanceCommand }
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
  readonly steps: readonly Step[];
}

/** At most this many rows are shown in a preview; `rowCount` has them all. */
export const ROWS_SHOWN = 200;

/** A stream's revision as answers write it. */
export const seen = (revision: number): ExpectedRevision => (revision < 0 ? 'none' : revision);

export const stepKey = ({ sha256 }: Upload, part: string): string => `import:${sha256}:${part}`;

export const faultsOf = (rejection: BudgetRejection): readonly BudgetFault[] =>
  rejection.code === 'SEVERAL_FAULTS' ? rejection.faults : [rejection];

/** Where a fault of a command lies in the file: the row of the movement or payment that it points to. */
export function rowOf(at: string | undefined, rows: readonly number[]): number | undefined {
  const index = /^\/(?:payments|adjustments)\/(\d+)/.exec(at ?? '')?.[1];
  return rows[index === undefined ? 0 : Number(index)];
}
